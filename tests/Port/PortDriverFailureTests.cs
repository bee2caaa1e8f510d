using RxVerify.Implementation.Memory;
using RxVerify.Model.Vocabulary.Mana;
using RxVerify.Model.Vocabulary.Port;

namespace RxVerify.Tests.Port;

/// <summary>Each step that can fail, what is undone then, and where the port is afterwards (docs/port.md, B.6).</summary>
public sealed class PortDriverFailureTests
{
    private const string Attach =
        "InitPort ConfigureVport CreateTransmit SetTransmitCount CreateQueue0 CreateQueue1 SetReceiveCount SetPrograms SteerOn AddFilter AttachDevice";

    private const string QueuesDown = "DestroyQueue0 DestroyQueue1 DestroyTransmit ReleaseVport";

    private static readonly PortConfiguration Small = PortDriverBench.Small with { HasFilter = true };

    /// <summary>A step of Attach, what fails in it, what is undone, and the error.</summary>
    public static TheoryData<string, PortFault, int, string, int> Failures => new()
    {
        { "InitPort", PortFault.Command, 0, "", PortOutcome.Failed },
        { "ConfigureVport", PortFault.Command, 0, "", PortOutcome.Failed },
        { "CreateTransmit", PortFault.Command, 0, "ReleaseVport ", PortOutcome.Failed },
        { "SetTransmitCount", PortFault.Command, 0, "DestroyTransmit ReleaseVport ", PortOutcome.Failed },
        { "CreateQueue0", PortFault.Resource, 0, "DestroyTransmit ReleaseVport ", PortOutcome.OutOfMemory },
        { "CreateQueue0", PortFault.Buffer, 1, "DestroyTransmit ReleaseVport ", PortOutcome.OutOfMemory },
        { "CreateQueue1", PortFault.Resource, 1, "DestroyQueue0 DestroyTransmit ReleaseVport ", PortOutcome.OutOfMemory },
        { "CreateQueue1", PortFault.Resource, 3, "DestroyQueue0 DestroyTransmit ReleaseVport ", PortOutcome.OutOfMemory },
        { "CreateQueue1", PortFault.Resource, 5, "DestroyQueue0 DestroyTransmit ReleaseVport ", PortOutcome.OutOfMemory },
        { "CreateQueue1", PortFault.Resource, 7, "DestroyQueue0 DestroyTransmit ReleaseVport ", PortOutcome.OutOfMemory },
        { "CreateQueue1", PortFault.Buffer, 0, "DestroyQueue0 DestroyTransmit ReleaseVport ", PortOutcome.OutOfMemory },
        { "SetReceiveCount", PortFault.Command, 0, QueuesDown + " ", PortOutcome.Failed },
        { "SteerOn", PortFault.Command, 0, QueuesDown + " ", PortOutcome.Failed },
        { "AddFilter", PortFault.Command, 0, $"SteerOff Fence0 Fence1 {QueuesDown} ", PortOutcome.Failed },
    };

    [Theory]
    [MemberData(nameof(Failures))]
    public void A_change_whose_attach_fails_attaches_with_the_old_parameters(string step, PortFault fault, int after, string undone, int error)
    {
        foreach (var change in PortDriverRequestTests.Changes)
        {
            using var bench = new PortDriverBench(Small);
            bench.Fail(change, step, fault, after);
            Assert.Equal($"{undone}Restore {Attach} FreeList Finish", Rest(bench, error));
            Assert.Equal((PortState.UpWithFragments, true, true, true), bench.Standing);
            Assert.Equal((1500, 2, 2, 0, 0), bench.Parameters);
            Assert.Equal((2, 2, 0, 0), (bench.Memory.LivePages, bench.Memory.Mappings, bench.Driver.Prepared, bench.Driver.ReferencesOf(1)));
            bench.PassesTraffic();
            bench.End();
        }
    }

    [Theory]
    [MemberData(nameof(Failures))]
    public void A_change_that_fails_twice_leaves_a_port_that_one_request_mends(string step, PortFault fault, int after, string undone, int error)
    {
        // The first attempt fails in its first step, with another error where that is possible.
        using var bench = new PortDriverBench(Small);
        bench.Fail(PortOperation.Ask(PortRequest.SetProgram), "ConfigureVport");
        bench.GoTo(step);
        bench.Apply(PortOperation.Step(1, fault, after));
        Assert.Equal($"{undone}Finish", Rest(bench, PortOutcome.Failed));
        Assert.True(error < 0, "the second error is not the result");
        Assert.Equal((PortState.DetachedUp, false, true, true), bench.Standing);
        Assert.Equal((1500, 2, 2, 0, 0), bench.Parameters);
        Assert.Equal((0, 0, 0, 0), (bench.Memory.LivePages, bench.Memory.Mappings, bench.Driver.ReferencesOf(1), bench.Driver.UseCount));
        Assert.False(bench.Driver.HasArray || bench.Driver.IsSteering, "all is undone");
        Assert.Equal($"Preallocate Store {Attach} FreeList Finish", bench.Steps(PortOperation.AskForMtu(PortMtu.Largest)));
        Assert.Equal((PortState.UpWithJumbo, true, true, true), bench.Standing);
        bench.PassesTraffic();
        bench.End();
    }

    [Theory]
    [MemberData(nameof(Failures))]
    public void A_resume_that_fails_can_be_followed_by_a_change_or_by_close_and_open(string step, PortFault fault, int after, string undone, int error)
    {
        using var bench = new PortDriverBench(Small);
        bench.Do(PortRequest.Suspend);
        bench.Fail(PortOperation.Ask(PortRequest.Resume), step, fault, after);
        Assert.Equal($"{undone}Finish", Rest(bench, error));
        Assert.Equal((PortState.DetachedUp, false, true, true), bench.Standing);
        Assert.Equal("Finish", bench.Steps(PortOperation.Ask(PortRequest.Close)));
        Assert.Equal((PortState.Down, false, false, true), bench.Standing);

        // It has no array of queues, which Open gives it.
        Assert.False(bench.Driver.HasArray);
        Assert.Equal(0, bench.Do(PortRequest.Open));
        Assert.True(bench.Driver.HasArray);
        bench.PassesTraffic();
        bench.End();
    }

    [Theory]
    [MemberData(nameof(Failures))]
    public void An_open_that_fails_leaves_the_port_down(string step, PortFault fault, int after, string undone, int error)
    {
        if (step == "InitPort")
        {
            return;
        }

        using var bench = new PortDriverBench(Small);
        bench.Do(PortRequest.Close);
        bench.Fail(PortOperation.Ask(PortRequest.Open), step, fault, after);
        Assert.Equal($"{undone}Finish", Rest(bench, error));
        Assert.Equal((PortState.Down, false, false, true), bench.Standing);
        Assert.Equal((0, 0, 0), (bench.Memory.LivePages, bench.Memory.Mappings, bench.Driver.UseCount));
        Assert.Equal(0, bench.Do(PortRequest.Open));
        bench.PassesTraffic();
        bench.End();
    }

    [Theory]
    [InlineData("RemoveFilter", false)]
    [InlineData("SteerOff", true)]
    [InlineData("Fence0", true)]
    [InlineData("Fence1", true)]
    [InlineData("DestroyQueue0", true)]
    [InlineData("DestroyQueue1", true)]
    public void A_device_that_does_not_confirm_is_reset_and_the_request_goes_on(string step, bool isReset)
    {
        using var bench = new PortDriverBench(Small);
        bench.Apply(PortOperation.Receive(1));
        bench.Fail(PortOperation.Ask(PortRequest.SetProgram), step);
        Assert.Equal(isReset, bench.Driver.DeviceAt(1) is null);
        Assert.Equal(isReset, !bench.Driver.IsSteering);
        Assert.Equal(isReset, !bench.World.Allows(PortOperation.Receive(1)));

        // No command is sent to it that could fail, until it is configured anew.
        while (bench.Driver.NextStep != PortStep.DestroyTransmit)
        {
            bench.Apply(PortOperation.Step(1, isReset ? PortFault.Command : PortFault.None));
        }

        Assert.EndsWith("FreeList Finish", Rest(bench, 0), StringComparison.Ordinal);
        bench.PassesTraffic();
        bench.End();
    }

    [Fact]
    public void A_fence_takes_what_waits_and_without_one_it_is_lost_with_its_queue()
    {
        using var bench = new PortDriverBench(Small);
        bench.Apply(PortOperation.Receive(0));
        bench.Apply(PortOperation.Receive(1));
        bench.Apply(PortOperation.AskForRing(other: true));
        bench.GoTo("Fence0");
        Assert.Equal(1, bench.Apply(PortOperation.Step()).Delivered);
        Assert.Equal((1, 1), (bench.Driver.QueueAt(0)!.Counters.Fences, bench.Driver.PendingOf(1)));
        Assert.Equal(0, bench.Apply(PortOperation.Step(1, PortFault.Command)).Delivered);
        Assert.Equal(1, bench.Driver.PendingOf(1));
        Assert.Equal(0, bench.Apply(PortOperation.Step(255)).Delivered);
        Assert.Equal((0, 1), (bench.Driver.PendingOf(1), bench.World.Load));
        bench.End();
    }

    [Fact]
    public void Packets_in_flight_arrive_until_their_queue_is_fenced()
    {
        using var bench = new PortDriverBench();
        bench.Apply(PortOperation.Ask(PortRequest.Close));
        bench.GoTo("Fence0");
        bench.Apply(PortOperation.Receive(0));
        Assert.Equal(1, bench.Apply(PortOperation.Step()).Delivered);
        Assert.False(bench.World.Allows(PortOperation.Receive(0)));
        bench.Apply(PortOperation.Receive(1));
        bench.Apply(PortOperation.Step(255));
        bench.End();
    }

    [Theory]
    [InlineData(PortFault.Page, 0)]
    [InlineData(PortFault.Page, 3)]
    [InlineData(PortFault.Mapping, 0)]
    [InlineData(PortFault.Mapping, 3)]
    public void A_failed_preallocation_ends_the_request_with_nothing_changed(PortFault fault, int after)
    {
        // Two queues of two buffers: four pages and four mappings.
        using var bench = new PortDriverBench(Small);
        var ended = bench.Fail(PortOperation.Ask(PortRequest.SetProgram), "Preallocate", fault, after);
        Assert.Equal(new PortOutcome(PortOutcome.OutOfMemory, 0, true), ended);
        Assert.Equal((PortState.UpWithFragments, true, false, true), bench.Standing);
        Assert.Equal((1500, 2, 2, 0, 0), bench.Parameters);
        Assert.Equal((2, 2, 0, 0), (bench.Memory.LivePages, bench.Memory.Mappings, bench.Driver.Prepared, bench.Driver.ReferencesOf(1)));
        bench.PassesTraffic();
        bench.End();
    }

    [Theory]
    [InlineData("Preallocate", PortFault.Page, 4)]
    [InlineData("Preallocate", PortFault.Buffer, 0)]
    [InlineData("CreateQueue0", PortFault.Page, 0)]
    [InlineData("CreateQueue0", PortFault.Buffer, 2)]
    [InlineData("CreateQueue0", PortFault.Resource, 6)]
    [InlineData("CreateQueue0", PortFault.Command, 0)]
    [InlineData("Drain", PortFault.Stuck, 0)]
    [InlineData("InitPort", PortFault.Stuck, 0)]
    public void A_failure_that_cannot_strike_is_none(string step, PortFault fault, int after)
    {
        using var bench = new PortDriverBench(Small);
        bench.Fail(PortOperation.Ask(PortRequest.SetProgram), step, fault, after);
        Assert.False(bench.Driver.IsUp && step == "Drain");
        Assert.EndsWith("AttachDevice FreeList Finish", Rest(bench, 0), StringComparison.Ordinal);
        Assert.Equal((1500, 2, 2, 1, 1), bench.Parameters);
        bench.End();
    }

    [Fact]
    public void The_failure_is_in_the_last_of_several_steps_and_in_none_when_the_request_ends_before()
    {
        using var bench = new PortDriverBench();
        bench.Apply(PortOperation.Ask(PortRequest.Close));
        Assert.Equal(new PortOutcome(0, 0, false), bench.Apply(PortOperation.Step(3, PortFault.Command)));
        Assert.Null(bench.Driver.DeviceAt(0));
        Assert.Equal(new PortOutcome(0, 0, true), bench.Apply(PortOperation.Step(200, PortFault.Command)));
        bench.Apply(PortOperation.Ask(PortRequest.Open));
        Assert.Equal(new PortOutcome(0, 0, true), bench.Apply(PortOperation.Step(200, PortFault.Command)));
        bench.PassesTraffic();
        bench.End();
    }

    [Fact]
    public void A_transmission_that_is_stuck_is_freed_after_a_reset()
    {
        using var bench = new PortDriverBench();
        bench.Do(PortRequest.SetProgram);
        bench.Deliver(ManaVerdict.Tx);
        Assert.Equal((2, 1, 1), (bench.World.Transmissions.Length, bench.World.ProgramOfTransmission(0), bench.World.ProgramOfTransmission(1)));
        bench.Fail(PortOperation.Ask(PortRequest.Close), "Drain", PortFault.Stuck);
        Assert.Equal(0, bench.World.Transmissions.Length);
        Assert.Null(bench.Driver.DeviceAt(0));
        Assert.EndsWith("Finish", Rest(bench, 0), StringComparison.Ordinal);
        bench.End();
    }

    [Fact]
    public void A_packet_that_is_to_be_sent_back_while_the_port_is_not_up_is_dropped()
    {
        using var bench = new PortDriverBench();
        bench.Do(PortRequest.SetProgram);
        bench.Apply(PortOperation.Receive(0, ManaVerdict.Tx));
        bench.Apply(PortOperation.Ask(PortRequest.Close));
        bench.Apply(PortOperation.Step());
        bench.Apply(PortOperation.Poll(0));
        Assert.Equal((0, 1, 1), (bench.World.Transmissions.Length, bench.Driver.QueueAt(0)!.Counters.TxDropped, bench.Driver.QueueAt(0)!.Counters.XdpTransmitted));
        bench.End();
    }

    [Fact]
    public void An_adapter_with_one_queue_to_give_leaves_the_port_with_one()
    {
        using var bench = new PortDriverBench();
        Assert.Equal(new PortOutcome(0, 0, false), bench.Fail(PortOperation.AskForRing(other: true), "InitPort", PortFault.Shrink));
        Assert.EndsWith("CreateQueue0 SetReceiveCount SetPrograms SteerOn AttachDevice FreeList Finish", Rest(bench, 0), StringComparison.Ordinal);

        // Eight pages were allocated before, four of them for the queue that is not there.
        Assert.Equal((1, 1, 0, 4), (bench.Driver.QueueCount, bench.Driver.Offered, bench.Driver.Prepared, bench.Memory.LivePages));
        Assert.Equal(PortOutcome.Invalid, bench.Do(PortOperation.AskForQueues(2)));
        bench.PassesTraffic();
        bench.Do(PortRequest.Suspend);
        bench.Do(PortRequest.Resume);
        Assert.Equal((1, 2), (bench.Driver.QueueCount, bench.Driver.Offered));
        Assert.Equal(0, bench.Do(PortOperation.AskForQueues(2)));
        bench.End();
    }

    [Theory]
    [InlineData("AllocatePort")]
    [InlineData("InitPort")]
    [InlineData("Register")]
    public void A_probe_that_fails_leaves_nothing(string step)
    {
        using var bench = new PortDriverBench();
        bench.Do(PortRequest.Remove);
        bench.Fail(PortOperation.Ask(PortRequest.Probe), step);
        Assert.Equal("Finish", Rest(bench, PortOutcome.Failed));
        bench.NothingIsLeft();
        Assert.Equal(0, bench.Do(PortRequest.Probe));
        Assert.Equal(0, bench.Do(PortRequest.Open));
        bench.PassesTraffic();
        bench.End();
    }

    [Fact]
    public void The_rdma_driver_has_the_vport_only_of_a_port_that_is_down()
    {
        using var bench = new PortDriverBench();
        Assert.Equal(PortOutcome.Busy, bench.Apply(PortOperation.TakeVport()).Value);
        bench.Do(PortRequest.Suspend);
        Assert.Equal((PortOutcome.Busy, 0), (bench.Apply(PortOperation.TakeVport()).Value, bench.Driver.UseCount));
        bench.Do(PortRequest.Resume);
        bench.Do(PortRequest.Close);
        Assert.Equal((0, 1), (bench.Apply(PortOperation.TakeVport()).Value, bench.Driver.UseCount));
        Assert.Equal(PortOutcome.Busy, bench.Do(PortRequest.Open));
        bench.Apply(PortOperation.GiveVport());
        Assert.Equal(0, bench.Do(PortRequest.Open));
        bench.Do(PortRequest.Close);
        bench.Apply(PortOperation.TakeVport());
        bench.Do(PortRequest.Remove);
        Assert.False(bench.Driver.RdmaHasVport);
        bench.NothingIsLeft();
    }

    [Fact]
    public void A_device_that_was_reset_is_sent_commands_again_by_the_next_attach()
    {
        using var bench = new PortDriverBench();
        bench.Do(PortRequest.Reset);
        bench.Apply(PortOperation.Ask(PortRequest.Close));
        bench.GoTo("SteerOff");
        Assert.NotNull(bench.Driver.DeviceAt(0));
        bench.Apply(PortOperation.Step(1, PortFault.Command));

        // The command was sent, so it could fail, and the device was reset once more.
        Assert.Null(bench.Driver.DeviceAt(0));
        bench.Apply(PortOperation.Settle());
        bench.End();
    }

    [Fact]
    public void A_packet_tells_which_program_saw_it()
    {
        using var bench = new PortDriverBench();
        bench.Deliver();
        bench.Do(PortRequest.SetProgram);
        bench.Deliver();
        Assert.Equal([0, 0, 1, 1], Enumerable.Range(0, 4).Select(bench.World.ProgramOf));
        Assert.Equal(TrapKind.None, bench.Memory.Trap.Kind);
        bench.End();
    }

    [Fact]
    public void Pools_wait_for_their_pages_and_go_by_themselves()
    {
        using var bench = new PortDriverBench();
        bench.Deliver();
        bench.Do(PortOperation.AskForRing(other: true));
        Assert.Equal(2, bench.Driver.WaitingPools);
        Assert.Equal(1, bench.Driver.WaitingPoolAt(0).Inflight);
        bench.Apply(PortOperation.Release());
        Assert.Equal(1, bench.Driver.WaitingPools);
        bench.Apply(PortOperation.Release());
        Assert.Equal(0, bench.Driver.WaitingPools);
        bench.End();
    }

    /// <summary>The rest of the steps, the last of which gives this result.</summary>
    private static string Rest(PortDriverBench bench, int result)
    {
        string rest = "";
        while (bench.Driver.NextStep != PortStep.Finish)
        {
            rest += $"{bench.NextStep} ";
            bench.Apply(PortOperation.Step());
        }

        Assert.Equal(new PortOutcome(result, 0, true), bench.Apply(PortOperation.Step()));
        return rest + "Finish";
    }
}
