using System.Diagnostics;
using RxVerify.Model.Port;
using RxVerify.Model.Vocabulary.Mana;
using RxVerify.Model.Vocabulary.Port;

namespace RxVerify.Tests.Port;

/// <summary>Packets on the way through a port, the vport's other user, and the table "What is allowed".</summary>
public sealed class PortModelTrafficTests
{
    [Fact]
    public void A_packet_is_received_and_polled_and_its_slot_posted_again()
    {
        var run = new PortModelRun();

        Assert.Equal(new PortOutcome(1, 0, Ended: false), run.Do(PortOperation.Receive(1)));
        Assert.Equal((1, 1, 0), (run.Model.PacketsReceived, run.Model.Queues[1]!.Pending, run.Model.Queues[1]!.NextSlot));
        Assert.Equal(new PortOutcome(1, 1, Ended: false), run.Do(PortOperation.Poll(1)));
        Assert.Equal((0, 2, 1), (run.Model.Queues[1]!.Pending, run.Model.Queues[1]!.Visible, run.Model.Queues[1]!.NextSlot));
        Assert.Equal(new PortPacket(1, Queue: 1, IsForeign: false, Program: 0), Assert.Single(run.Model.Packets));
        Assert.Equal(default, run.Do(PortOperation.Poll(1)));
    }

    [Fact]
    public void Serials_count_over_all_queues_and_holders_let_go_in_any_order()
    {
        var run = new PortModelRun();
        run.Deliver(1);
        run.Deliver(0);
        run.Deliver(1);
        Assert.Equal([(1, 1), (2, 0), (3, 1)], run.Model.Packets.Select(packet => (packet.Serial, packet.Queue)));

        Assert.Equal(default, run.Do(PortOperation.Release(1)));
        Assert.Equal([1, 3], run.Model.Packets.Select(packet => packet.Serial));
        run.Do(PortOperation.Release(1, local: true));
        Assert.Equal([1], run.Model.Packets.Select(packet => packet.Serial));
    }

    [Fact]
    public void Without_a_program_a_verdict_means_nothing()
    {
        var run = new PortModelRun();
        run.Deliver(verdict: ManaVerdict.Drop);
        run.Deliver(verdict: ManaVerdict.Tx);
        Assert.Equal((2, 0), (run.Model.Packets.Length, run.Model.Transmissions.Length));
    }

    [Fact]
    public void A_page_of_the_list_leaves_with_its_packet_and_the_pools_follows()
    {
        var run = PortModelStarts.From(PortStart.UpWithJumbo);
        Assert.Equal([true, true], [.. run.Queue.Foreign]);

        run.Deliver();
        Assert.Equal([false, true], [.. run.Queue.Foreign]);
        Assert.True(Assert.Single(run.Model.Packets).IsForeign);
        run.Deliver();
        run.Deliver();
        Assert.Equal([false, false], [.. run.Queue.Foreign]);
        Assert.Equal([true, true, false], run.Model.Packets.Select(packet => packet.IsForeign));
    }

    [Fact]
    public void A_page_of_the_list_that_is_dropped_is_saved_and_comes_again_with_the_next_packet()
    {
        var run = PortModelStarts.From(PortStart.UpWithProgram);

        Assert.Equal(0, run.Deliver(verdict: ManaVerdict.Drop).Delivered);
        Assert.Equal((true, false, true), (run.Queue.HasSaved, run.Queue.Foreign[0], run.Queue.Foreign[1]));
        // The second slot's page passes, and the saved one takes its place.
        run.Deliver();
        Assert.Equal((false, false, true), (run.Queue.HasSaved, run.Queue.Foreign[0], run.Queue.Foreign[1]));
        // The pool's page in the first slot is dropped: that is not saved.
        run.Deliver(verdict: ManaVerdict.Drop);
        Assert.False(run.Queue.HasSaved);
        // Dropped while one is saved: the saved one is used first, so that at most one is (B.5).
        run.Do(PortOperation.Receive(0, ManaVerdict.Drop), PortOperation.Receive(0, ManaVerdict.Pass), PortOperation.Poll());
        Assert.Equal((false, true, false), (run.Queue.HasSaved, run.Queue.Foreign[0], run.Queue.Foreign[1]));
    }

    [Fact]
    public void What_is_sent_back_is_a_transmission_until_it_completes()
    {
        var run = PortModelStarts.From(PortStart.UpWithProgram);
        run.Deliver(verdict: ManaVerdict.Tx);
        run.Deliver(queue: 1, verdict: ManaVerdict.Tx);
        Assert.Equal([0, 1], run.Model.Transmissions.Select(packet => packet.Queue));

        run.Do(PortOperation.TxComplete());
        Assert.Equal([1], run.Model.Transmissions.Select(packet => packet.Queue));
        Assert.Empty(run.Model.Packets);
    }

    [Fact]
    public void Packets_outlive_the_port_and_transmissions_do_not()
    {
        var run = PortModelStarts.From(PortStart.UpWithProgram);
        run.Deliver(verdict: ManaVerdict.Tx);
        run.Deliver();
        run.ResultOf(PortOperation.Ask(PortRequest.Remove));

        Assert.Empty(run.Model.Transmissions);
        Assert.Equal([1], run.Model.Packets.Select(packet => packet.Serial));
    }

    [Theory]
    [InlineData(PortStart.Down, 0)]
    [InlineData(PortStart.UpWithFragments, PortOutcome.Busy)]
    [InlineData(PortStart.FailedUp, PortOutcome.Busy)]
    [InlineData(PortStart.SuspendedUp, PortOutcome.Busy)]
    [InlineData(PortStart.SuspendedDown, PortOutcome.Busy)]
    public void The_RDMA_driver_has_the_vport_of_a_port_that_is_to_stay_down(PortStart start, int expected)
    {
        var run = PortModelStarts.From(start);
        Assert.Equal(expected, run.Do(PortOperation.TakeVport()).Value);
        Assert.Equal(expected == 0, run.Model.RdmaHasVport);
    }

    [Fact]
    public void Nobody_takes_the_vport_while_a_request_is_under_way()
    {
        var run = PortModelStarts.From(PortStart.Down);
        run.Ask(PortRequest.Open);

        Assert.Equal(new PortOutcome(PortOutcome.Busy, 0, Ended: false), run.Do(PortOperation.TakeVport()));
        // ConfigureVport, CreateTransmit, SetTransmitCount, two queues, SetReceiveCount, SetPrograms, SteerOn, Finish.
        Assert.Equal(9, run.Do(PortOperation.Settle()).Value);
    }

    [Fact]
    public void A_packet_needs_a_queue_that_it_is_steered_to_a_buffer_and_room()
    {
        var run = new PortModelRun();
        Assert.False(run.Allows(PortOperation.Receive(2)));
        Assert.False(run.Allows(PortOperation.Receive(9)));
        Assert.False(run.Allows(PortOperation.Receive(0, ManaVerdict.Redirect)));
        run.Do(PortOperation.Receive(0), PortOperation.Receive(0));
        Assert.False(run.Allows(PortOperation.Receive(0)));
        run.Do(PortOperation.Receive(1), PortOperation.Receive(1));
        run.Do(PortOperation.Poll(0));
        // Two are held and two wait: four is the most.
        Assert.False(run.Allows(PortOperation.Receive(0)));
        run.Do(PortOperation.Release());
        Assert.True(run.Allows(PortOperation.Receive(0)));
    }

    [Fact]
    public void A_completion_is_kept_free_for_the_fence()
    {
        // Eight buffers and room for eight completions, of which seven can be packets.
        var run = new PortModelRun(PortModelRun.TwoQueues with { RingSize = 8, OtherRingSize = 4, HeldMax = 7 });
        Assert.Equal(8, run.Queue.CompletionSlots);
        for (int packet = 0; packet < 7; packet++)
        {
            Assert.True(run.Allows(PortOperation.Receive()));
            run.Do(PortOperation.Receive());
        }

        Assert.Equal(1, run.Queue.Visible);
        Assert.False(run.Allows(PortOperation.Receive()));
    }

    [Fact]
    public void What_is_not_there_cannot_be_done()
    {
        var run = new PortModelRun();
        foreach (var operation in (PortOperation[])
            [
                PortOperation.Poll(2), PortOperation.Poll(4), PortOperation.Release(), PortOperation.TxComplete(), PortOperation.Step(), PortOperation.GiveVport(),
                PortOperation.AskForQueues(6), PortOperation.AskForMtu((PortMtu)3), PortOperation.Ask((PortRequest)12), PortOperation.Ask(PortRequest.Open) with { Argument = 1 },
                new PortOperation(PortOperationKind.Request, (byte)PortRequest.ChangeRing, Argument: 2), new PortOperation((PortOperationKind)9),
            ])
        {
            Assert.False(run.Allows(operation), operation.ToString());
            Assert.Throws<UnreachableException>(() => run.Model.After(operation));
        }

        Assert.False(PortModelStarts.From(PortStart.Absent).Allows(PortOperation.TakeVport()));
    }

    [Theory]
    [InlineData(PortFault.None, 0, true)]
    [InlineData(PortFault.None, 1, false)]
    [InlineData(PortFault.Command, 1, false)]
    [InlineData(PortFault.Page, 3, true)]
    [InlineData(PortFault.Mapping, 3, true)]
    [InlineData(PortFault.Buffer, 3, true)]
    [InlineData(PortFault.Resource, 3, true)]
    [InlineData(PortFault.Shrink, 1, false)]
    [InlineData(PortFault.Stuck, 1, false)]
    [InlineData((PortFault)8, 0, false)]
    public void A_step_counts_successes_only_where_a_fault_does(PortFault fault, int after, bool expected)
    {
        var run = new PortModelRun();
        Assert.False(run.Allows(PortOperation.Step(1, fault, after)));
        run.Ask(PortRequest.Reset);
        Assert.Equal(expected, run.Allows(PortOperation.Step(1, fault, after)));
        Assert.False(run.Allows(PortOperation.Step(0, fault, after)));
    }

    [Fact]
    public void Settle_ends_the_request_and_polls_and_lets_go()
    {
        var run = PortModelStarts.From(PortStart.UpWithProgram);
        run.Deliver(verdict: ManaVerdict.Tx);
        run.Do(PortOperation.Receive(0), PortOperation.Receive(1));

        // Two polls, and nobody lets go.
        Assert.Equal(new PortOutcome(2, 2, Ended: false), run.Do(PortOperation.Settle(keepsHeld: true)));
        Assert.Equal((2, 1), (run.Model.Packets.Length, run.Model.Transmissions.Length));

        // Close has ten steps with two queues: nine of Deallocate, and Finish. Its fences poll what waits.
        run.Do(PortOperation.Receive(0));
        run.Ask(PortRequest.Close);
        Assert.Equal(new PortOutcome(10, 1, Ended: true), run.Do(PortOperation.Settle()));
        Assert.Equal((0, PortState.Down), (run.Model.Load, run.Model.State));
        Assert.Equal(default, run.Do(PortOperation.Settle()));
    }
}
