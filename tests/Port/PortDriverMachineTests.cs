using RxVerify.Implementation.Mana;
using RxVerify.Implementation.Memory;
using RxVerify.Implementation.PagePool;
using RxVerify.Implementation.Port;
using RxVerify.Model.Vocabulary.Port;
using RxVerify.StateMachines.Port;

namespace RxVerify.Tests.Port;

/// <summary>The driver asks its machines: of the stages of a request and of the port's program. What they refuse is trapped.</summary>
public sealed class PortDriverMachineTests
{
    [Theory]
    [InlineData(PortRequest.Close, "TakingDown Finishing Idle")]
    [InlineData(PortRequest.SetProgram, "Preparing TakingDown Storing BuildingUp Finishing Idle")]
    [InlineData(PortRequest.Suspend, "TakingDown Finishing Idle")]
    [InlineData(PortRequest.Reset, "TakingDown BuildingUp Finishing Idle")]
    [InlineData(PortRequest.Remove, "TakingDown Finishing Idle")]
    public void A_request_to_a_port_that_is_up_goes_through_its_stages(PortRequest request, string stages)
    {
        using var bench = new PortDriverBench();
        bench.Apply(PortOperation.Ask(request));
        Assert.Equal(stages, Stages(bench));
        bench.End();
    }

    [Fact]
    public void Requests_to_a_port_without_queues_leave_stages_out()
    {
        using var bench = new PortDriverBench();
        bench.Do(PortRequest.Close);
        Assert.Equal("Storing Finishing Idle", Stages(bench, PortOperation.Ask(PortRequest.SetProgram)));
        Assert.Equal("BuildingUp Finishing Idle", Stages(bench, PortOperation.Ask(PortRequest.Open)));
        bench.Do(PortRequest.Suspend);
        Assert.Equal("BuildingUp Finishing Idle", Stages(bench, PortOperation.Ask(PortRequest.Resume)));
        bench.Do(PortRequest.Close);
        Assert.Equal("Finishing Idle", Stages(bench, PortOperation.Ask(PortRequest.Remove)));
        Assert.Equal("BuildingUp Finishing Idle", Stages(bench, PortOperation.Ask(PortRequest.Probe)));
        bench.End();
    }

    [Fact]
    public void A_change_is_built_up_twice_and_no_third_time()
    {
        using var bench = new PortDriverBench();
        bench.Fail(PortOperation.AskForRing(other: true), "SteerOn");
        Assert.Equal("Undoing RollingBack BuildingUpAgain Finishing Idle", Stages(bench));
        bench.Fail(PortOperation.AskForRing(other: true), "InitPort");
        Assert.Equal(TransitionState.RollingBack, bench.Driver.Stage);
        bench.GoTo("SteerOn");
        Assert.Equal(TransitionState.BuildingUpAgain, bench.Driver.Stage);
        bench.Apply(PortOperation.Step(1, PortFault.Command));
        Assert.Equal("UndoingAgain Finishing Idle", Stages(bench));
        Assert.Equal("Preparing Storing BuildingUp Finishing Idle", Stages(bench, PortOperation.AskForRing(other: true)));
        bench.End();
    }

    [Fact]
    public void A_request_that_finds_no_pages_ends_in_its_first_stage()
    {
        using var bench = new PortDriverBench();
        Assert.True(bench.Fail(PortOperation.Ask(PortRequest.SetProgram), "Preallocate", PortFault.Page).Ended);
        Assert.Equal((TransitionState.Idle, XdpState.None), (bench.Driver.Stage, bench.Driver.ProgramState));
        bench.End();
    }

    [Fact]
    public void A_program_is_attached_replaced_and_taken_away()
    {
        using var bench = new PortDriverBench();
        Assert.Equal((XdpState.Attaching, XdpState.Attached), Change(bench, PortRequest.SetProgram));
        Assert.Equal((XdpState.Replacing, XdpState.Attached), Change(bench, PortRequest.SetProgram));
        bench.Do(PortOperation.AskForRing(other: true));
        Assert.Equal(XdpState.Attached, bench.Driver.ProgramState);
        Assert.Equal((XdpState.Detaching, XdpState.None), Change(bench, PortRequest.ClearProgram));

        // Nothing to do, and refused: neither is a change.
        bench.Do(PortRequest.ClearProgram);
        bench.Do(PortOperation.AskForMtu(PortMtu.TooLarge));
        Assert.Equal(XdpState.None, bench.Driver.ProgramState);
        bench.Do(PortRequest.SetProgram);
        bench.Do(PortRequest.Remove);
        Assert.Equal(XdpState.None, bench.Driver.ProgramState);
        bench.End();
    }

    [Theory]
    [InlineData(PortRequest.SetProgram, "Preallocate", PortFault.Page)]
    [InlineData(PortRequest.SetProgram, "SteerOn", PortFault.Command)]
    [InlineData(PortRequest.ClearProgram, "Preallocate", PortFault.Page)]
    [InlineData(PortRequest.ClearProgram, "SteerOn", PortFault.Command)]
    public void A_change_of_the_program_that_fails_leaves_the_one_there_was(PortRequest change, string step, PortFault fault)
    {
        using var bench = new PortDriverBench();
        bench.Do(PortRequest.SetProgram);
        bench.Fail(PortOperation.Ask(change), step, fault);
        bench.Apply(PortOperation.Settle());
        Assert.Equal((XdpState.Attached, 1, 1), (bench.Driver.ProgramState, bench.Driver.Program, bench.Driver.CoreProgram));
        bench.End();
    }

    [Fact]
    public void A_program_that_nobody_attached_cannot_be_taken_away()
    {
        using var bench = new PortDriverBench(new PortWorld<StoresFirst, RightManaRules, RightPoolRules>(PortDriverBench.Small));
        bench.Fail(PortOperation.Ask(PortRequest.SetProgram), "Preallocate", PortFault.Page);
        Assert.Equal((1, XdpState.None), (bench.Driver.Program, bench.Driver.ProgramState));

        // 32 and up are the triggers of the program's machine: Set, Clear.
        bench.Apply(PortOperation.Ask(PortRequest.ClearProgram), TrapKind.IllegalTransition);
        Assert.Equal((33, XdpState.None), (bench.Memory.Trap.Offset, bench.Driver.ProgramState));
        Assert.Equal(PortRequest.ClearProgram, bench.Driver.Request);
    }

    [Fact]
    public void As_was_published_a_change_ends_where_it_is_rolled_back()
    {
        using var bench = new PortDriverBench(new PortWorld<AttachesOnce, RightManaRules, RightPoolRules>(PortDriverBench.Small));
        bench.Fail(PortOperation.AskForRing(other: true), "SteerOn");
        Assert.Equal("Undoing RollingBack Finishing Idle", Stages(bench));
    }

    [Fact]
    public void Asking_the_machines_allocates_nothing()
    {
        using var bench = new PortDriverBench();
        PortOperation[] round =
        [
            PortOperation.Ask(PortRequest.SetProgram), PortOperation.Step(255), PortOperation.AskForRing(other: true), PortOperation.Step(16),
            PortOperation.Step(1, PortFault.Command), PortOperation.Step(255), PortOperation.Ask(PortRequest.ClearProgram), PortOperation.Step(255),
            PortOperation.Ask(PortRequest.Reset), PortOperation.Step(255), PortOperation.Settle(),
        ];
        Apply(bench.World, round);
        long before = GC.GetAllocatedBytesForCurrentThread();
        Apply(bench.World, round);
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
        Assert.Equal(TrapKind.None, bench.Memory.Trap.Kind);
        bench.End();
    }

    private static void Apply(PortWorld world, PortOperation[] operations)
    {
        foreach (var operation in operations)
        {
            world.Apply(operation);
        }
    }

    /// <summary>What the program's machine has after the request began, and after it ended.</summary>
    private static (XdpState Begun, XdpState Ended) Change(PortDriverBench bench, PortRequest request)
    {
        bench.Apply(PortOperation.Ask(request));
        var begun = bench.Driver.ProgramState;
        bench.Apply(PortOperation.Settle());
        return (begun, bench.Driver.ProgramState);
    }

    private static string Stages(PortDriverBench bench, PortOperation request)
    {
        bench.Apply(request);
        return Stages(bench);
    }

    /// <summary>The stages of the request under way, from the one it is in to its end.</summary>
    private static string Stages(PortDriverBench bench)
    {
        List<TransitionState> stages = [bench.Driver.Stage];
        while (bench.Driver.Request is not null)
        {
            bench.Apply(PortOperation.Step());
            if (bench.Driver.Stage != stages[^1])
            {
                stages.Add(bench.Driver.Stage);
            }
        }

        return string.Join(' ', stages);
    }

    private readonly struct StoresFirst : IPortRules
    {
        static bool IPortRules.StoresProgramAfterPreparing => false;
    }

    private readonly struct AttachesOnce : IPortRules
    {
        static bool IPortRules.AttachesAgain => false;
    }
}
