using RxVerify.StateMachines;
using RxVerify.StateMachines.Dqo;
using RxVerify.StateMachines.Mana;
using RxVerify.StateMachines.Port;

namespace RxVerify.Tests.StateMachines;

public sealed class DqoQueueMachineTests : MachineContract<DqoQueueState, DqoQueueTrigger>
{
    // 4 states and 5 triggers are 20 pairs, of which the 5 of the diagram are legal.
    protected override int LegalPairs => 5;

    protected override Machine<DqoQueueState, DqoQueueTrigger> Make(Func<DqoQueueState> read, Action<DqoQueueState> write) => new DqoQueueMachine(read, write);
}

public sealed class ManaQueueMachineTests : MachineContract<ManaQueueState, ManaQueueTrigger>
{
    // Begin; nine steps; a failure after each of the nine states of building; two ways to finish; teardown.
    protected override int LegalPairs => 1 + 9 + 9 + 2 + 1;

    protected override Machine<ManaQueueState, ManaQueueTrigger> Make(Func<ManaQueueState> read, Action<ManaQueueState> write) => new ManaQueueMachine(read, write);
}

public sealed class XdpMachineTests : MachineContract<XdpState, XdpTrigger>
{
    // Set where there is none or one, Clear where there is one; each of the three ends in two ways.
    protected override int LegalPairs => 3 + (3 * 2);

    protected override Machine<XdpState, XdpTrigger> Make(Func<XdpState> read, Action<XdpState> write) => new XdpMachine(read, write);

    [Theory]
    [InlineData(XdpState.None, XdpTrigger.Set)]
    [InlineData(XdpState.Attached, XdpTrigger.Set)]
    [InlineData(XdpState.Attached, XdpTrigger.Clear)]
    public void What_failed_leaves_what_was(XdpState before, XdpTrigger change)
    {
        var machine = XdpMachine.Detached(before);

        machine.Fire(change);
        Assert.NotEqual(before, machine.State);
        machine.Fire(XdpTrigger.Failed);

        Assert.Equal(before, machine.State);
    }
}

public sealed class TransitionMachineTests : MachineContract<TransitionState, TransitionTrigger>
{
    // Five ways to begin; three out of each of Preparing and TakingDown; two out of the five stages behind them; one out of the last undoing; one end.
    protected override int LegalPairs => 5 + (2 * 3) + (5 * 2) + 1 + 1;

    protected override Machine<TransitionState, TransitionTrigger> Make(Func<TransitionState> read, Action<TransitionState> write) => new TransitionMachine(read, write);

    [Theory]
    [InlineData("probe, open, resume", "BuildUp Finish End")]
    [InlineData("open that fails", "BuildUp Fail Finish End")]
    [InlineData("close of a port that is detached, remove of one that is down", "Finish End")]
    [InlineData("close, suspend, remove", "TakeDown Finish End")]
    [InlineData("a change while up", "Prepare TakeDown Store BuildUp Finish End")]
    [InlineData("a change while detached", "Prepare Store BuildUp Finish End")]
    [InlineData("a change while down", "Store Finish End")]
    [InlineData("a change that finds no pages", "Prepare Fail")]
    [InlineData("a change that is rolled back", "Prepare TakeDown Store BuildUp Fail RollBack BuildUp Finish End")]
    [InlineData("a change whose second attempt fails too", "Prepare TakeDown Store BuildUp Fail RollBack BuildUp Fail Finish End")]
    [InlineData("reset", "TakeDown BuildUp Finish End")]
    public void Each_request_of_the_tables_goes_its_way_from_idle_to_idle(string request, string way)
    {
        Assert.NotEmpty(request);
        var machine = TransitionMachine.Detached();

        foreach (string trigger in way.Split(' '))
        {
            machine.Fire(Enum.Parse<TransitionTrigger>(trigger));
        }

        Assert.Equal(TransitionState.Idle, machine.State);
    }
}

public sealed class DqoBufferMachineTests : MachineContract<DqoBufferState, DqoBufferTrigger>
{
    // Into Posted from three places; one completion; two places to go after it; giving up; a teardown finds it in four places.
    protected override int LegalPairs => 3 + 1 + 2 + 1 + 4;

    protected override Machine<DqoBufferState, DqoBufferTrigger> Make(Func<DqoBufferState> read, Action<DqoBufferState> write) => new DqoBufferMachine(read, write, () => false);

    [Fact]
    public void Nothing_is_posted_that_somebody_reads()
    {
        foreach (var state in Enum.GetValues<DqoBufferState>())
        {
            var machine = DqoBufferMachine.Detached(state, isRead: true);
            Assert.False(machine.Allows(DqoBufferTrigger.PostFresh));
            Assert.False(machine.Allows(DqoBufferTrigger.PostAgain));
        }
    }
}

public sealed class ManaBufferMachineTests : MachineContract<ManaBufferState, ManaBufferTrigger>
{
    // Out of Free 2, Posted 2, Filled 7, Saved 3, and one out of each of the three places outside.
    protected override int LegalPairs => 2 + 2 + 7 + 3 + 3;

    protected override Machine<ManaBufferState, ManaBufferTrigger> Make(Func<ManaBufferState> read, Action<ManaBufferState> write) => new ManaBufferMachine(read, write);
}
