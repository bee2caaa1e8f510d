using RxVerify.Model.Port;
using RxVerify.Model.Vocabulary.Mana;
using RxVerify.Model.Vocabulary.Port;

namespace RxVerify.Tests.Port;

/// <summary>docs/port.md, "Steps", row by row: what each does when it is done and when it fails.</summary>
public sealed class PortModelStepTests
{
    private static readonly PortOperation Step = PortOperation.Step();

    [Fact]
    public void Preallocate_makes_a_page_for_each_slot_of_each_queue_asked_for()
    {
        var run = new PortModelRun();
        run.AskUntil(PortOperation.AskForRing(other: true), PortStep.Preallocate);

        run.Do(Step);
        Assert.Equal((8, 2), (run.Model.Prepared, run.Model.RingSize));
    }

    [Fact]
    public void StopTransmit_remembers_that_the_port_was_up()
    {
        var run = new PortModelRun();
        run.AskUntil(PortOperation.Ask(PortRequest.Suspend), PortStep.StopTransmit);

        run.Do(Step);
        Assert.Equal((false, true, PortState.UpWithFragments), (run.Model.IsUp, run.Model.WasUp, run.Model.State));
    }

    [Theory]
    [InlineData(PortFault.None, false)]
    [InlineData(PortFault.Stuck, true)]
    public void Drain_ends_transmissions_and_resets_the_device_for_one_that_is_stuck(PortFault fault, bool isReset)
    {
        var run = PortModelStarts.From(PortStart.UpWithProgram);
        run.Deliver(verdict: ManaVerdict.Tx);
        run.AskUntil(PortOperation.Ask(PortRequest.Suspend), PortStep.Drain);
        Assert.Single(run.Model.Transmissions);

        run.Do(PortOperation.Step(1, fault));
        Assert.Empty(run.Model.Transmissions);
        Assert.Equal((isReset, !isReset), (run.Model.IsReset, run.Model.IsSteering));
    }

    [Fact]
    public void Where_nothing_is_transmitted_nothing_is_stuck()
    {
        var run = new PortModelRun();
        run.AskUntil(PortOperation.Ask(PortRequest.Suspend), PortStep.Drain);

        run.Do(PortOperation.Step(1, PortFault.Stuck));
        Assert.True(run.Model is { IsReset: false, IsSteering: true });
    }

    [Fact]
    public void Behind_SteerOff_packets_are_in_flight_until_the_queues_fence()
    {
        var run = new PortModelRun();
        run.AskUntil(PortOperation.Ask(PortRequest.Suspend), PortStep.Fence);

        Assert.Equal((false, true, true), (run.Model.IsSteering, run.Model.IsInFlight(0), run.Model.IsInFlight(1)));
        run.Do(PortOperation.Receive(0), PortOperation.Receive(1));
        Assert.Equal(new PortOutcome(0, Delivered: 1, Ended: false), run.Do(Step));
        Assert.Equal((false, true), (run.Model.IsInFlight(0), run.Model.IsInFlight(1)));
        Assert.Equal((0, 1), (run.Queue.Pending, run.Model.Queues[1]!.Pending));
        Assert.False(run.Allows(PortOperation.Receive(0)));
        Assert.True(run.Allows(PortOperation.Receive(1)));
    }

    [Fact]
    public void What_a_fence_polls_sees_the_program_and_a_stopped_transmit_queue()
    {
        var run = PortModelStarts.From(PortStart.UpWithProgram);
        run.AskUntil(PortOperation.Ask(PortRequest.Suspend), PortStep.Fence);
        run.Do(PortOperation.Receive(0, ManaVerdict.Tx), PortOperation.Receive(0, ManaVerdict.Pass));

        Assert.Equal(1, run.Do(Step).Delivered);
        Assert.Empty(run.Model.Transmissions);
        Assert.Equal([1], run.Model.Packets.Select(packet => packet.Program));
    }

    [Theory]
    [InlineData(PortStep.SteerOff, 0)]
    [InlineData(PortStep.Fence, 0)]
    [InlineData(PortStep.Fence, 1)]
    [InlineData(PortStep.DestroyQueue, 0)]
    public void A_device_that_does_not_confirm_is_reset_and_forgets_everything(PortStep step, int queue)
    {
        var run = new PortModelRun();
        run.AskUntil(PortOperation.Ask(PortRequest.Suspend), step, queue);

        run.Do(PortOperation.Step(1, PortFault.Command));
        Assert.Equal((true, false, false, false), (run.Model.IsReset, run.Model.IsSteering, run.Model.IsInFlight(0), run.Model.IsInFlight(1)));
        Assert.Equal(0, run.Model.Queues[1]!.Visible);
        Assert.Equal(step == PortStep.DestroyQueue, run.Model.Queues[0] is null);
        Assert.False(run.Allows(PortOperation.Receive(1)));
    }

    [Fact]
    public void A_fence_that_fails_polls_nothing_and_the_next_one_is_not_sent_so_that_it_polls()
    {
        var run = new PortModelRun();
        run.AskUntil(PortOperation.Ask(PortRequest.Suspend), PortStep.Fence);
        run.Do(PortOperation.Receive(0), PortOperation.Receive(1));

        Assert.Equal(0, run.Do(PortOperation.Step(1, PortFault.Command)).Delivered);
        Assert.Equal((1, 0), (run.Queue.Pending, run.Queue.Visible));
        Assert.Equal(1, run.Do(PortOperation.Step(1, PortFault.Command)).Delivered);
        Assert.Equal(0, run.Model.Queues[1]!.Visible);

        // NAPI is on: what waits in the first queue can still be polled, and its slot is posted to nobody.
        Assert.Equal(new PortOutcome(1, 1, Ended: false), run.Do(PortOperation.Poll(0)));
        Assert.Equal((0, 0, 1), (run.Queue.Pending, run.Queue.Visible, run.Queue.NextSlot));
    }

    [Fact]
    public void DestroyQueue_drops_its_programs_reference_and_loses_what_waits()
    {
        var run = PortModelStarts.From(PortStart.UpWithProgram);
        run.AskUntil(PortOperation.Ask(PortRequest.Suspend), PortStep.Fence);
        run.Do(PortOperation.Receive(0));
        run.Do(PortOperation.Step(1, PortFault.Command));
        run.GoUntil(PortStep.DestroyQueue);
        Assert.Equal((3, 1), (run.Model.ReferencesOf(1), run.Model.Load));

        run.Do(Step);
        Assert.Equal((2, 0), (run.Model.ReferencesOf(1), run.Model.Load));
        Assert.False(run.Allows(PortOperation.Poll(0)));
    }

    [Fact]
    public void DetachDevice_frees_the_array_and_Store_keeps_the_old_program_until_the_end()
    {
        var run = PortModelStarts.From(PortStart.UpWithProgram);
        run.AskUntil(PortOperation.Ask(PortRequest.SetProgram), PortStep.DetachDevice);
        Assert.Equal((0, true), (run.Model.UseCount, run.Model.HasArray));

        run.Do(Step);
        Assert.Equal((PortState.DetachedUp, false, false), (run.Model.State, run.Model.IsPresent, run.Model.HasArray));
        Assert.Equal((1, 1), (run.Model.ReferencesOf(1), run.Model.ReferencesOf(2)));
        run.Do(Step);
        Assert.Equal((2, 1, 1, 1), (run.Model.Program, run.Model.CoreProgram, run.Model.ReferencesOf(1), run.Model.ReferencesOf(2)));
        run.GoUntil(PortStep.Finish);
        Assert.Equal((1, 3, 1), (run.Model.ReferencesOf(1), run.Model.ReferencesOf(2), run.Model.CoreProgram));
        run.Do(Step);
        Assert.Equal((0, 3, 2), (run.Model.ReferencesOf(1), run.Model.ReferencesOf(2), run.Model.CoreProgram));
    }

    [Fact]
    public void Restore_brings_the_old_program_back_and_the_new_one_is_freed_when_the_request_ends()
    {
        var run = PortModelStarts.From(PortStart.UpWithProgram);
        run.AskUntil(PortOperation.Ask(PortRequest.SetProgram), PortStep.SteerOn);
        run.Do(PortOperation.Step(1, PortFault.Command));
        run.GoUntil(PortStep.Restore);
        Assert.Equal((2, 1, 1), (run.Model.Program, run.Model.ReferencesOf(1), run.Model.ReferencesOf(2)));

        run.Do(Step);
        Assert.Equal((1, 0), (run.Model.Program, run.Model.Prepared));
        run.GoUntil(PortStep.Finish);
        Assert.Equal((3, 1), (run.Model.ReferencesOf(1), run.Model.ReferencesOf(2)));
        Assert.Equal(PortOutcome.Failed, run.Do(Step).Value);
        Assert.Equal((3, 0, 1), (run.Model.ReferencesOf(1), run.Model.ReferencesOf(2), run.Model.CoreProgram));
    }

    [Fact]
    public void ClearProgram_frees_the_program_at_its_end()
    {
        var run = PortModelStarts.From(PortStart.UpWithProgram);
        run.AskUntil(PortOperation.Ask(PortRequest.ClearProgram), PortStep.Finish);
        Assert.Equal((0, 1, 1), (run.Model.Program, run.Model.CoreProgram, run.Model.ReferencesOf(1)));

        run.Do(Step);
        Assert.Equal((0, 0, PortState.UpWithFragments), (run.Model.CoreProgram, run.Model.ReferencesOf(1), run.Model.State));
    }

    [Fact]
    public void InitPort_can_leave_one_queue_which_the_next_one_does_not_make_more()
    {
        var run = new PortModelRun();
        run.AskUntil(PortOperation.AskForMtu(PortMtu.Largest), PortStep.InitPort);
        run.Do(PortOperation.Step(1, PortFault.Shrink));
        Assert.Equal((1, 1, true), (run.Model.QueueCount, run.Model.Offered, run.Model.HasArray));

        // Of four pages in the list, one queue takes two, the last first; the others are freed.
        run.GoUntil(PortStep.FreeList);
        Assert.Equal(2, run.Model.Prepared);
        run.Do(Step, Step);
        Assert.Equal((0, 1), (run.Model.Prepared, run.Model.QueueCount));
        Assert.Equal(PortOutcome.Invalid, run.ResultOf(PortOperation.AskForQueues(2)));

        Assert.Equal(0, run.ResultOf(PortOperation.Ask(PortRequest.Reset)));
        Assert.Equal((1, 2), (run.Model.QueueCount, run.Model.Offered));
        Assert.Equal(0, run.ResultOf(PortOperation.AskForQueues(2)));
    }

    [Theory]
    [InlineData(PortFault.Buffer, 0, 4)]
    [InlineData(PortFault.Buffer, 1, 3)]
    [InlineData(PortFault.Resource, 0, 4)]
    [InlineData(PortFault.Resource, 1, 4)]
    [InlineData(PortFault.Resource, 3, 2)]
    [InlineData(PortFault.Resource, 4, 2)]
    [InlineData(PortFault.Resource, 5, 2)]
    [InlineData(PortFault.Resource, 7, 2)]
    public void What_a_queue_took_of_the_list_before_it_failed_is_gone_and_the_rest_stays(PortFault fault, int after, int left)
    {
        var run = new PortModelRun();
        run.AskUntil(PortOperation.AskForMtu(PortMtu.Largest), PortStep.CreateQueue);
        Assert.Equal(4, run.Model.Prepared);

        run.Do(PortOperation.Step(1, fault, after));
        Assert.Equal((left, PortStep.DestroyTransmit), (run.Model.Prepared, run.Model.NextStep));
        Assert.Null(run.Model.Queues[0]);
    }

    [Theory]
    [InlineData(PortFault.Buffer, 2)]
    [InlineData(PortFault.Resource, 2)]
    [InlineData(PortFault.Resource, 6)]
    [InlineData(PortFault.Resource, 8)]
    [InlineData(PortFault.Command, 0)]
    [InlineData(PortFault.Shrink, 0)]
    public void A_fault_that_cannot_strike_a_new_queue_is_none(PortFault fault, int after)
    {
        var run = new PortModelRun();
        run.AskUntil(PortOperation.AskForMtu(PortMtu.Largest), PortStep.CreateQueue);

        run.Do(PortOperation.Step(1, fault, after));
        Assert.Equal((PortStep.CreateQueue, 1, 2), (run.Model.NextStep, run.Model.NextQueue, run.Model.Prepared));
        Assert.Equal([true, true], [.. run.Queue.Foreign]);
    }

    [Fact]
    public void A_queue_of_a_new_port_has_buffers_of_the_pool_and_so_has_the_second_attempt()
    {
        var run = PortModelStarts.From(PortStart.SuspendedUp);
        run.Ask(PortRequest.Resume);
        run.GoUntil(PortStep.SetReceiveCount);
        Assert.Equal([false, false], [.. run.Queue.Foreign]);

        run = new PortModelRun();
        run.ResultOf(PortOperation.AskForRing(other: true), new PortFailure(PortStep.CreateQueue, PortFault.Buffer, Queue: 1, After: 3));
        Assert.All(run.Model.Queues[..2], queue => Assert.Equal([false, false], [.. queue!.Foreign]));
    }

    [Fact]
    public void Queues_have_the_program_before_anything_is_steered_to_them()
    {
        var run = PortModelStarts.From(PortStart.UpWithProgram);
        run.AskUntil(PortOperation.AskForRing(other: true), PortStep.SetPrograms);
        Assert.All(run.Model.Queues[..2], queue => Assert.Equal((0, true), (queue!.Program, queue.HasProgramLayout)));
        Assert.Equal(1, run.Model.ReferencesOf(1));
        Assert.False(run.Allows(PortOperation.Receive()));

        run.Do(Step);
        Assert.Equal((3, false), (run.Model.ReferencesOf(1), run.Model.IsInFlight(0)));
        run.Do(Step);
        Assert.Equal((true, true), (run.Model.IsSteering, run.Model.IsInFlight(1)));
        Assert.True(run.Allows(PortOperation.Receive(1, ManaVerdict.Tx)));

        // It is not up before the net device is attached, so nothing is sent back yet.
        run.Deliver(1, ManaVerdict.Tx);
        Assert.Empty(run.Model.Transmissions);
        run.Do(Step);
        Assert.Equal((true, true, PortState.UpWithProgram), (run.Model.IsUp, run.Model.IsPresent, run.Model.State));
        run.Deliver(1, ManaVerdict.Tx);
        Assert.Equal(new PortPacket(0, Queue: 1, IsForeign: true, Program: 1), Assert.Single(run.Model.Transmissions));
    }

    [Fact]
    public void Unregister_takes_what_others_have_of_the_port()
    {
        var run = PortModelStarts.From(PortStart.Down);
        Assert.Equal(0, run.ResultOf(PortOperation.Ask(PortRequest.SetProgram)));
        run.Do(PortOperation.TakeVport());
        Assert.Equal((1, 1, 1), (run.Model.UseCount, run.Model.CoreProgram, run.Model.ReferencesOf(1)));

        run.AskUntil(PortOperation.Ask(PortRequest.Remove), PortStep.Finish);
        Assert.Equal((PortState.Absent, 0, false, 0, 0), (run.Model.State, run.Model.UseCount, run.Model.RdmaHasVport, run.Model.CoreProgram, run.Model.ReferencesOf(1)));
    }

    [Fact]
    public void A_second_detach_leaves_alone_what_the_first_one_remembered()
    {
        // F-B21: published, the port came back without queues.
        var run = PortModelStarts.From(PortStart.FailedUp);
        Assert.Equal(0, run.ResultOf(PortOperation.Ask(PortRequest.Suspend)));
        Assert.Equal((PortState.DetachedUp, true, false), (run.Model.State, run.Model.WasUp, run.Model.IsPresent));
        Assert.Equal(0, run.ResultOf(PortOperation.Ask(PortRequest.Resume)));
        Assert.Equal(1, run.Deliver().Delivered);
    }
}
