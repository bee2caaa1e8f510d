using RxVerify.Implementation.Mana;
using RxVerify.Implementation.Memory;
using RxVerify.Implementation.PagePool;
using RxVerify.Implementation.Port;
using RxVerify.Model.Vocabulary.Port;
using RxVerify.Properties;
using RxVerify.Tests.EveryScheme;

namespace RxVerify.Tests.Port;

/// <summary>Each decision of <see cref="IPortRules"/> made wrongly: it is asked for, and whatever it does stays inside the emulation.</summary>
public sealed class PortDriverWrongRulesTests
{
    private static readonly PortConfiguration Small = PortDriverBench.Small with { HasFilter = true };

    public static TheoryData<string> Names => [.. Wrong.Keys];

    private static Dictionary<string, Type> Wrong { get; } = typeof(PortDriverWrongRulesTests)
        .GetNestedTypes(System.Reflection.BindingFlags.NonPublic)
        .Where(type => typeof(IPortRules).IsAssignableFrom(type))
        .ToDictionary(type => type.Name, StringComparer.Ordinal);

    [Fact]
    public void There_is_a_wrong_one_for_each_decision() =>
        Assert.Equal(
            typeof(IPortRules).GetMethods().Select(method => method.Name.Replace("get_", "", StringComparison.Ordinal)).Order(StringComparer.Ordinal),
            Wrong.Keys.Where(name => name != nameof(Published)).Order(StringComparer.Ordinal));

    [Theory]
    [MemberData(nameof(Names))]
    public void A_wrong_decision_shows_and_does_no_harm_to_the_emulation(string name)
    {
        using var right = new PortWorld<RightPortRules, RightManaRules, RightPoolRules>(Small);
        using var wrong = WorldOf(name);
        Assert.True(
            Enumerable.Range(1, 20).Any(seed => Differ(right, wrong, new Dice((ulong)seed))),
            $"{name} makes no difference in what is allowed, returned or remembered");

        // On it goes by its own rules, with all the damage done so far.
        var dice = new Dice(99);
        for (int step = 0; step < 20_000; step++)
        {
            var operation = PortDriverWalk.Next(ref dice, wrong);
            if (wrong.Allows(operation))
            {
                wrong.Apply(operation);
                Assert.InRange(wrong.Load, 0, Small.HeldMax);
            }
        }
    }

    [Fact]
    public void A_program_whose_reference_is_gone_is_trapped_when_it_is_used()
    {
        using var bench = Of<StoresProgramAfterPreparing>();
        Assert.True(bench.Fail(PortOperation.Ask(PortRequest.SetProgram), "Preallocate", PortFault.Page).Ended);
        Assert.Equal((1, 0, 0), (bench.Driver.Program, bench.Driver.CoreProgram, bench.Driver.ReferencesOf(1)));
        bench.Apply(PortOperation.AskForRing(other: true));
        bench.GoTo("SetPrograms");
        bench.Apply(PortOperation.Step(), TrapKind.ProgramIsFreed);
        Assert.Equal("a program was used after it was freed (index 1)", bench.Memory.Trap.ToString());
    }

    [Fact]
    public void A_port_that_cannot_be_attached_is_dead_and_a_second_detach_loses_its_queues()
    {
        using var bench = Of<Published>();
        bench.Fail(PortOperation.AskForRing(other: true), "ConfigureVport");
        bench.Apply(PortOperation.Step(255));
        Assert.Equal((PortState.Dead, false, true, false), bench.Standing);
        Assert.Equal(PortOutcome.NoDevice, bench.Do(PortOperation.AskForRing(other: true)));

        // B.6: attached, with IFF_UP, and without queues.
        Assert.Equal(0, bench.Do(PortRequest.Suspend));
        Assert.Equal(0, bench.Do(PortRequest.Resume));
        Assert.Equal((PortState.UpWithFragments, false, false, true), bench.Standing);
        Assert.Null(bench.Driver.QueueAt(0));
    }

    [Fact]
    public void A_teardown_of_queues_that_are_not_there_is_trapped()
    {
        using var bench = Of<GuardsAbsentQueues>();
        bench.Do(PortRequest.Suspend);
        bench.Apply(PortOperation.Ask(PortRequest.Remove));
        bench.Apply(PortOperation.Step());
        bench.Apply(PortOperation.Step(), TrapKind.ResourceNotHeld);
        Assert.Equal((int)PortResource.Filter, bench.Memory.Trap.Offset);
    }

    [Fact]
    public void A_vport_that_is_not_given_back_is_busy_for_ever()
    {
        using var bench = Of<ReleasesVportAfterTransmitFails>();
        bench.Do(PortRequest.Close);
        bench.Fail(PortOperation.Ask(PortRequest.Open), "CreateTransmit");
        Assert.Equal(PortOutcome.Failed, bench.Apply(PortOperation.Step(255)).Value);
        Assert.Equal((1, PortOutcome.Busy), (bench.Driver.UseCount, bench.Do(PortRequest.Open)));
    }

    [Fact]
    public void A_device_that_did_not_confirm_goes_on_writing_to_buffers_that_are_freed()
    {
        using var bench = Of<ResetsUnresponsiveDevice>();
        bench.Apply(PortOperation.Ask(PortRequest.Suspend));
        bench.GoTo("SteerOff");
        bench.Apply(PortOperation.Step(1, PortFault.Command));
        bench.Apply(PortOperation.Step(2));
        bench.Apply(PortOperation.Step(1, PortFault.Command));
        Assert.Null(bench.Driver.QueueAt(0));
        Assert.True(bench.Driver.IsSteering && bench.Driver.DeviceAt(0) is not null, "the device knows the queue and steers to it");
        bench.Apply(PortOperation.Receive(0), TrapKind.DeviceFault);
    }

    [Fact]
    public void A_queue_reported_as_created_is_missed_by_the_next_step()
    {
        using var bench = Of<ReportsLateFailure>();
        bench.Fail(PortOperation.Ask(PortRequest.SetProgram), "CreateQueue1", PortFault.Resource, 5);
        bench.GoTo("SetPrograms");
        bench.Apply(PortOperation.Step(), TrapKind.ResourceNotHeld);
        Assert.Equal((int)PortResource.Queue + 1, bench.Memory.Trap.Offset);
    }

    [Fact]
    public void The_trap_of_an_event_that_is_not_legal_says_so()
    {
        using var bench = new PortDriverBench();
        bench.Memory.Catch(TrapKind.IllegalTransition, -1, (int)PortEvent.Opened, 0);
        Assert.Equal("a state machine was told of an event that is not legal in its state (index 2)", bench.Memory.Trap.ToString());
    }

    [Fact]
    public void Wrong_queues_and_pools_do_no_harm_to_the_emulation_either()
    {
        using var world = new PortWorld<ResetsUnresponsiveDevice, WrongQueue, WrongPool>(Small);
        var dice = new Dice(99);
        for (int step = 0; step < 20_000; step++)
        {
            var operation = PortDriverWalk.Next(ref dice, world);
            if (world.Allows(operation))
            {
                world.Apply(operation);
                Assert.InRange(world.Load, 0, Small.HeldMax);
            }
        }

        Assert.NotEqual(TrapKind.None, world.Memory.Trap.Kind);
    }

    private static PortDriverBench Of<TRules>()
        where TRules : struct, IPortRules =>
        new(new PortWorld<TRules, RightManaRules, RightPoolRules>(Small));

    private static PortWorld WorldOf(string name) =>
        (PortWorld)Activator.CreateInstance(
            typeof(PortWorld<,,>).MakeGenericType(Wrong[name], typeof(RightManaRules), typeof(RightPoolRules)), Small)!;

    /// <summary>Whether the same operations make two worlds different before 2000 of them are done.</summary>
    private static bool Differ(PortWorld right, PortWorld wrong, Dice dice) => Worlds.Differ(right, wrong, () => PortDriverWalk.Next(ref dice, right), 2_000);

    private readonly struct WrongQueue : IManaRules
    {
        static bool IManaRules.KeepsUntilTransmitted => false;

        static bool IManaRules.UndoesWhatWasDone => false;

        static bool IManaRules.GivesBuffersBackFirst => false;

        static bool IManaRules.KeepsBufferWithoutReplacement => false;

        static bool IManaRules.ReturnsToPoolAtTeardown(bool isWholePage, bool isFromPool) => isWholePage;

        static bool IManaRules.MarksForRecycling(bool isFromPool) => true;
    }

    private readonly struct WrongPool : IPoolRules
    {
        static bool IPoolRules.MayBeFreed(int inflight) => inflight <= 1;

        static bool IPoolRules.LooksAgain(int inflight) => true;

        static bool IPoolRules.HeedsFragments => false;

        static bool IPoolRules.IsSigned(ulong word, ulong signature) => true;
    }

    private readonly struct Published : IPortRules
    {
        static bool IPortRules.AttachesAgain => false;

        static bool IPortRules.StaysPresent => false;

        static bool IPortRules.RemembersFirstDetach => false;
    }

    private readonly struct StoresProgramAfterPreparing : IPortRules
    {
        static bool IPortRules.StoresProgramAfterPreparing => false;
    }

    private readonly struct PutsOldProgramLast : IPortRules
    {
        static bool IPortRules.PutsOldProgramLast => false;
    }

    private readonly struct RestoresParameters : IPortRules
    {
        static bool IPortRules.RestoresParameters => false;
    }

    private readonly struct AttachesAgain : IPortRules
    {
        static bool IPortRules.AttachesAgain => false;
    }

    private readonly struct StaysPresent : IPortRules
    {
        static bool IPortRules.StaysPresent => false;
    }

    private readonly struct RemembersFirstDetach : IPortRules
    {
        static bool IPortRules.RemembersFirstDetach => false;
    }

    private readonly struct GuardsAbsentQueues : IPortRules
    {
        static bool IPortRules.GuardsAbsentQueues => false;
    }

    private readonly struct ReleasesVportAfterTransmitFails : IPortRules
    {
        static bool IPortRules.ReleasesVportAfterTransmitFails => false;
    }

    private readonly struct FreesLeftovers : IPortRules
    {
        static bool IPortRules.FreesLeftovers => false;
    }

    private readonly struct KeepsVport : IPortRules
    {
        static bool IPortRules.KeepsVport => false;
    }

    private readonly struct LimitsMtuByAdapter : IPortRules
    {
        static bool IPortRules.LimitsMtuByAdapter => false;
    }

    private readonly struct SetsProgramsBeforeSteering : IPortRules
    {
        static bool IPortRules.SetsProgramsBeforeSteering => false;
    }

    private readonly struct KeepsProgramsUntilDestroyed : IPortRules
    {
        static bool IPortRules.KeepsProgramsUntilDestroyed => false;
    }

    private readonly struct ResetsUnresponsiveDevice : IPortRules
    {
        static bool IPortRules.ResetsUnresponsiveDevice => false;
    }

    private readonly struct ReportsLateFailure : IPortRules
    {
        static bool IPortRules.ReportsLateFailure => false;
    }
}
