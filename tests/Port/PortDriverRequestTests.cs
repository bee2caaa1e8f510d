using RxVerify.Model.Vocabulary.Port;

namespace RxVerify.Tests.Port;

/// <summary>The steps of each request when nothing fails, what they leave, and what is refused (docs/port.md, "Requests").</summary>
public sealed class PortDriverRequestTests
{
    internal const string Deallocate =
        "StopTransmit Drain SteerOff Fence0 Fence1 DestroyQueue0 DestroyQueue1 DestroyTransmit ReleaseVport";

    internal const string Allocate =
        "ConfigureVport CreateTransmit SetTransmitCount CreateQueue0 CreateQueue1 SetReceiveCount SetPrograms SteerOn";

    private const string Change = $"Preallocate {Deallocate} DetachDevice Store InitPort {Allocate} AttachDevice FreeList Finish";

    internal static readonly PortOperation[] Changes =
    [
        PortOperation.Ask(PortRequest.SetProgram), PortOperation.AskForMtu(PortMtu.Largest), PortOperation.AskForRing(other: true),
    ];

    public static TheoryData<PortRequest> ChangedByRequest => [.. Changes.Select(change => change.Request)];

    [Fact]
    public void A_run_begins_with_a_port_that_is_up_and_passes_traffic()
    {
        using var bench = new PortDriverBench();
        Assert.Equal((PortState.UpWithFragments, true, false, true), bench.Standing);
        Assert.Equal((1500, 2, 2, 0, 0), bench.Parameters);
        Assert.Equal((1, true, true, 0), (bench.Driver.UseCount, bench.Driver.HasArray, bench.Driver.IsSteering, bench.Driver.Prepared));

        // Two buffers of 1856 bytes on each page of 4096, a page for each queue of two.
        Assert.Equal((2, 2), (bench.Memory.LivePages, bench.Memory.Mappings));
        bench.PassesTraffic();
        bench.End();
    }

    [Theory]
    [MemberData(nameof(ChangedByRequest))]
    public void A_change_of_a_port_that_is_up_takes_it_down_and_builds_it_anew(PortRequest request)
    {
        using var bench = new PortDriverBench();
        Assert.Equal(Change, bench.Steps(Changes.Single(change => change.Request == request)));
        Assert.Equal(
            request switch
            {
                PortRequest.SetProgram => PortState.UpWithProgram,
                PortRequest.ChangeMtu => PortState.UpWithJumbo,
                _ => PortState.UpWithFragments,
            },
            bench.Driver.State);
        Assert.Equal(
            request switch
            {
                PortRequest.SetProgram => (1500, 2, 2, 1, 1),
                PortRequest.ChangeMtu => (2048, 2, 2, 0, 0),
                _ => (1500, 4, 2, 0, 0),
            },
            bench.Parameters);
        bench.PassesTraffic();
        bench.End();
    }

    [Fact]
    public void A_physical_function_removes_its_filter_first_and_adds_it_last()
    {
        using var bench = new PortDriverBench(PortDriverBench.Small with { Queues = 1, HasFilter = true });
        Assert.Equal(
            "Preallocate StopTransmit RemoveFilter Drain SteerOff Fence0 DestroyQueue0 DestroyTransmit ReleaseVport DetachDevice Store "
            + "InitPort ConfigureVport CreateTransmit SetTransmitCount CreateQueue0 SetReceiveCount SetPrograms SteerOn AddFilter AttachDevice FreeList Finish",
            bench.Steps(PortOperation.AskForRing(other: true)));
        bench.PassesTraffic();
        bench.End();
    }

    [Fact]
    public void Fewer_queues_are_built_than_were_taken_down_and_then_more()
    {
        using var bench = new PortDriverBench();
        Assert.Equal(
            $"Preallocate {Deallocate} DetachDevice Store InitPort {Allocate.Replace("CreateQueue1 ", "", StringComparison.Ordinal)} AttachDevice FreeList Finish",
            bench.Steps(PortOperation.AskForQueues(1)));
        Assert.Null(bench.Driver.QueueAt(1));
        Assert.False(bench.World.Allows(PortOperation.Receive(1)) || bench.World.Allows(PortOperation.Poll(1)));
        bench.PassesTraffic();
        Assert.Equal(0, bench.Do(PortOperation.AskForQueues(2)));
        bench.PassesTraffic();
        bench.End();
    }

    [Fact]
    public void Close_and_open_go_half_of_the_way()
    {
        using var bench = new PortDriverBench();
        Assert.Equal($"{Deallocate} Finish", bench.Steps(PortOperation.Ask(PortRequest.Close)));
        Assert.Equal((PortState.Down, false, false, true), bench.Standing);
        Assert.True(bench.Driver.HasArray, "closing keeps the array of queues");
        Assert.Equal("Store Finish", bench.Steps(PortOperation.AskForMtu(PortMtu.Largest)));
        Assert.Equal($"{Allocate} Finish", bench.Steps(PortOperation.Ask(PortRequest.Open)));
        Assert.Equal((PortState.UpWithJumbo, true, false, true), bench.Standing);
        bench.PassesTraffic();
        bench.End();
    }

    [Fact]
    public void Suspend_and_resume_bring_an_open_port_back()
    {
        using var bench = new PortDriverBench();
        bench.Do(PortRequest.SetProgram);
        Assert.Equal($"{Deallocate} DetachDevice Finish", bench.Steps(PortOperation.Ask(PortRequest.Suspend)));
        Assert.Equal((PortState.DetachedUp, false, true, false), bench.Standing);
        Assert.Equal((0, 0, 1), (bench.Memory.LivePages, bench.Memory.Mappings, bench.Driver.ReferencesOf(1)));
        Assert.Equal($"InitPort {Allocate} AttachDevice Finish", bench.Steps(PortOperation.Ask(PortRequest.Resume)));
        Assert.Equal((PortState.UpWithProgram, true, true, true), bench.Standing);
        bench.PassesTraffic();
        bench.End();
    }

    [Fact]
    public void A_port_that_is_down_is_suspended_and_reset_without_queues()
    {
        using var bench = new PortDriverBench();
        bench.Do(PortRequest.Close);
        Assert.Equal("DetachDevice Finish", bench.Steps(PortOperation.Ask(PortRequest.Suspend)));
        Assert.Equal((PortState.DetachedDown, false, false, false), bench.Standing);
        Assert.Equal("InitPort AttachDevice Finish", bench.Steps(PortOperation.Ask(PortRequest.Resume)));
        Assert.Equal("DetachDevice ResetDevice InitPort AttachDevice Finish", bench.Steps(PortOperation.Ask(PortRequest.Reset)));
        Assert.Equal((PortState.Down, false, false, true), bench.Standing);
        bench.End();
    }

    [Fact]
    public void A_second_detach_leaves_alone_what_the_first_one_remembered()
    {
        using var bench = new PortDriverBench();
        bench.Do(PortRequest.Suspend);
        Assert.Equal($"DetachDevice ResetDevice InitPort {Allocate} AttachDevice Finish", bench.Steps(PortOperation.Ask(PortRequest.Reset)));
        Assert.Equal((PortState.UpWithFragments, true, true, true), bench.Standing);
        bench.PassesTraffic();
        bench.End();
    }

    [Fact]
    public void Remove_takes_everything_away_and_probe_makes_a_new_port()
    {
        using var bench = new PortDriverBench();
        bench.Do(PortRequest.SetProgram);
        Assert.Equal($"{Deallocate} Unregister Finish", bench.Steps(PortOperation.Ask(PortRequest.Remove)));
        bench.NothingIsLeft();
        Assert.Equal("AllocatePort InitPort Register Finish", bench.Steps(PortOperation.Ask(PortRequest.Probe)));
        Assert.Equal((PortState.Down, false, false, true), bench.Standing);
        Assert.Equal((1500, 2, 2, 0, 0), bench.Parameters);
        Assert.Equal(0, bench.Do(PortRequest.Open));
        bench.PassesTraffic();
        bench.End();
    }

    [Fact]
    public void A_program_is_referred_to_by_the_port_and_by_each_queue()
    {
        using var bench = new PortDriverBench();
        bench.Apply(PortOperation.Ask(PortRequest.SetProgram));
        Assert.Equal((1, 1), (bench.Driver.ProgramsAsked, bench.Driver.ReferencesOf(1)));
        bench.GoTo("SetPrograms");
        bench.Apply(PortOperation.Step());
        Assert.Equal((3, 1, 1), (bench.Driver.ReferencesOf(1), bench.Driver.ProgramOf(0), bench.Driver.ProgramOf(1)));
        bench.Apply(PortOperation.Step(255));

        // The second one: the first is kept until it is attached, and then it is free.
        bench.Apply(PortOperation.Ask(PortRequest.SetProgram));
        bench.GoTo("Finish");
        Assert.Equal((1, 3, 0), (bench.Driver.ReferencesOf(1), bench.Driver.ReferencesOf(2), bench.Driver.CoreProgram - 1));
        bench.Apply(PortOperation.Step());
        Assert.Equal((0, 3, 2), (bench.Driver.ReferencesOf(1), bench.Driver.ReferencesOf(2), bench.Driver.CoreProgram));
        Assert.Equal(0, bench.Do(PortRequest.ClearProgram));
        Assert.Equal((0, 0, PortState.UpWithFragments), (bench.Driver.ReferencesOf(2), bench.Driver.Program, bench.Driver.State));
        bench.End();
    }

    [Fact]
    public void Nothing_is_asked_of_a_port_that_is_not_there_but_to_be_probed()
    {
        using var bench = new PortDriverBench();
        Assert.Equal(PortOutcome.Invalid, bench.Do(PortRequest.Probe));
        bench.Do(PortRequest.Remove);
        foreach (var request in Enum.GetValues<PortRequest>().Where(request => request != PortRequest.Probe))
        {
            Assert.Equal(new PortOutcome(PortOutcome.NoDevice, 0, true), bench.Apply(PortOperation.Ask(request)));
        }

        bench.NothingIsLeft();
    }

    [Fact]
    public void A_net_device_that_is_detached_takes_no_request_of_its_user()
    {
        using var bench = new PortDriverBench();
        bench.Do(PortRequest.Suspend);
        foreach (var request in Enum.GetValues<PortRequest>().Where(request => request <= PortRequest.ChangeChannels))
        {
            Assert.Equal(PortOutcome.NoDevice, bench.Do(request));
        }

        Assert.Equal(PortOutcome.Invalid, bench.Do(PortRequest.Suspend));
        Assert.Equal(0, bench.Driver.ReferencesOf(1));
        bench.End();
    }

    [Fact]
    public void What_the_state_cannot_do_is_refused()
    {
        using var bench = new PortDriverBench();
        Assert.Equal(PortOutcome.Invalid, bench.Do(PortRequest.Open));
        Assert.Equal(PortOutcome.Invalid, bench.Do(PortRequest.Resume));
        bench.Do(PortRequest.Close);
        Assert.Equal(PortOutcome.Invalid, bench.Do(PortRequest.Close));
        bench.End();
    }

    [Fact]
    public void Values_out_of_range_are_refused_and_values_that_there_are_end_at_once()
    {
        using var bench = new PortDriverBench();
        Assert.Equal(PortOutcome.Invalid, bench.Do(PortOperation.AskForMtu(PortMtu.TooLarge)));
        Assert.Equal(PortOutcome.Invalid, bench.Do(PortOperation.AskForQueues(0)));
        Assert.Equal(PortOutcome.Invalid, bench.Do(PortOperation.AskForQueues(3)));
        foreach (var nothing in (PortOperation[])[PortOperation.AskForMtu(PortMtu.Standard), PortOperation.AskForRing(false), PortOperation.AskForQueues(2), PortOperation.Ask(PortRequest.ClearProgram)])
        {
            Assert.Equal(new PortOutcome(0, 0, true), bench.Apply(nothing));
        }

        bench.End();
    }

    [Fact]
    public void A_program_and_an_mtu_have_to_go_together()
    {
        // 4096 - 14 - 320 - 256 = 3506 bytes are left for the packet.
        using var bench = new PortDriverBench(PortDriverBench.Small with { MtuMax = 3507 });
        bench.Do(PortOperation.AskForMtu(PortMtu.Largest));
        Assert.Equal(PortOutcome.NotSupported, bench.Do(PortRequest.SetProgram));
        Assert.Equal((1, 0), (bench.Driver.ProgramsAsked, bench.Driver.ReferencesOf(1)));
        bench.Do(PortOperation.AskForMtu(PortMtu.Standard));
        Assert.Equal(0, bench.Do(PortRequest.SetProgram));
        Assert.Equal(PortOutcome.Invalid, bench.Do(PortOperation.AskForMtu(PortMtu.Largest)));
        bench.End();
    }
}
