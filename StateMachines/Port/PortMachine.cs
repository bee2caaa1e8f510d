using RxVerify.Model.Vocabulary.Port;
using Row = Stateless.StateMachine<RxVerify.StateMachines.Port.PortMachineState, RxVerify.StateMachines.Port.PortTrigger>.StateConfiguration;

namespace RxVerify.StateMachines.Port;

/// <summary>What the guards of a port's machine ask for.</summary>
/// <param name="IsPresent">Whether the net device is attached.</param>
/// <param name="IsBusy">Whether a request is under way (RTNL is held).</param>
/// <param name="HasProgram">Whether the port has a program.</param>
/// <param name="Up">The Up that the layout gives to queues built now.</param>
public readonly record struct PortFacts(bool IsPresent, bool IsBusy, bool HasProgram, PortState Up);

/// <summary>
/// What may happen to a port, and what it becomes (docs/port.md, "States"). A request that is accepted moves nothing; the events
/// of its steps do.
/// </summary>
public sealed class PortMachine : Machine<PortMachineState, PortTrigger>
{
    private const int Requests = (int)PortTrigger.Probed;
    private const int Ups = 3;
    private const int Flags = 8;

    private static readonly PortMachineState[] Places =
        [.. Enum.GetValues<PortMachineState>().Where(state => state is not (PortMachineState.Up or PortMachineState.Detached))];

    private static readonly MoveTable<PortMachineState, PortTrigger> Asked =
        new(Flags * (Ups + 1), (number, read, write) => new PortMachine(read, write, () => FactsOf(number)));

    private readonly Func<PortFacts> _facts;
    private readonly Tuple<Func<bool>, string> _isIdle;
    private readonly Tuple<Func<bool>, string> _isPresent;

    /// <summary>A machine whose state is stored elsewhere, so that it is part of a snapshot.</summary>
    public PortMachine(Func<PortState> read, Action<PortState> write, Func<PortFacts> facts)
        : this(() => (PortMachineState)read(), state => write((PortState)state), facts)
    {
    }

    private PortMachine(Func<PortMachineState> read, Action<PortMachineState> write, Func<PortFacts> facts)
        : base("port", read, write)
    {
        _facts = facts;
        _isIdle = Guard("no request is under way", now => !now.IsBusy);
        _isPresent = Guard("the net device is present", now => now.IsPresent);
        var isAbsent = Guard("the net device is not present", now => !now.IsPresent);
        var maySleep = Tuple.Create<Func<bool>, string>(
            () => facts().IsPresent || read() == PortMachineState.Dead, "the net device is present or the port is dead");
        var isAlive = Tuple.Create<Func<bool>, string>(() => read() != PortMachineState.Dead, "the port is not dead");

        Configure(PortMachineState.Absent)
            .IgnoreIf(PortTrigger.Probe, _isIdle)
            .Permit(PortTrigger.Probed, PortMachineState.Down)
            .Ignore(PortTrigger.ProbeFailed);

        AcceptsChanges(Configure(PortMachineState.Down))
            .IgnoreIf(PortTrigger.Open, _isPresent, _isIdle)
            .IgnoreIf(PortTrigger.Suspend, _isPresent, _isIdle)
            .Permit(PortTrigger.Detached, PortMachineState.DetachedDown)
            .Permit(PortTrigger.Removed, PortMachineState.Absent)
            .Ignore(PortTrigger.OpenFailed);
        BecomesUp(PortMachineState.Down, PortTrigger.Opened);

        AcceptsChanges(Configure(PortMachineState.Up))
            .IgnoreIf(PortTrigger.Close, _isPresent, _isIdle)
            .IgnoreIf(PortTrigger.Suspend, _isPresent, _isIdle)
            .Permit(PortTrigger.Closed, PortMachineState.Down)
            .Permit(PortTrigger.Detached, PortMachineState.DetachedUp)
            .Permit(PortTrigger.Removed, PortMachineState.Absent)
            .Ignore(PortTrigger.Preallocated)
            .Ignore(PortTrigger.PreallocationFailed);
        Configure(PortMachineState.UpWithFragments).SubstateOf(PortMachineState.Up);
        Configure(PortMachineState.UpWithProgram).SubstateOf(PortMachineState.Up);
        Configure(PortMachineState.UpWithJumbo).SubstateOf(PortMachineState.Up);

        // The first detach's memory counts: another one stays.
        AcceptsChanges(Configure(PortMachineState.Detached))
            .IgnoreIf(PortTrigger.Suspend, maySleep, _isIdle)
            .IgnoreIf(PortTrigger.Resume, isAbsent, _isIdle)
            .Permit(PortTrigger.Removed, PortMachineState.Absent)
            .Ignore(PortTrigger.Detached)
            .Ignore(PortTrigger.AttachFailed);
        Configure(PortMachineState.DetachedDown).SubstateOf(PortMachineState.Detached)
            .Permit(PortTrigger.Attached, PortMachineState.Down);
        Configure(PortMachineState.DetachedUp).SubstateOf(PortMachineState.Detached)
            .IgnoreIf(PortTrigger.Close, _isPresent, isAlive, _isIdle)
            .Permit(PortTrigger.Closed, PortMachineState.Down)
            .Permit(PortTrigger.GaveUp, PortMachineState.Dead)
            .Ignore(PortTrigger.Preallocated)
            .Ignore(PortTrigger.PreallocationFailed);
        BecomesUp(PortMachineState.DetachedUp, PortTrigger.Attached);

        // Whatever is done to it, something may bring it back again: until that has failed it is detached like any other.
        Configure(PortMachineState.Dead).SubstateOf(PortMachineState.DetachedUp)
            .Permit(PortTrigger.Detached, PortMachineState.DetachedUp)
            .Permit(PortTrigger.Preallocated, PortMachineState.DetachedUp)
            .Permit(PortTrigger.PreallocationFailed, PortMachineState.DetachedUp)
            .Permit(PortTrigger.AttachFailed, PortMachineState.DetachedUp);
    }

    /// <inheritdoc/>
    public override IReadOnlyList<PortMachineState> States => Places;

    private protected override MoveTable<PortMachineState, PortTrigger> Moves => Asked;

    private protected override int Case => NumberOf(_facts());

    /// <summary>Whether a request would be accepted now. Asking changes nothing.</summary>
    public bool Allows(PortRequest request) => Allows(TriggerOf(request));

    /// <summary>Whether an event may happen now. Asking changes nothing.</summary>
    public bool Allows(PortEvent happened) => Allows(TriggerOf(happened));

    /// <summary>Why a request would be refused now; null when it would be accepted. Asking changes nothing.</summary>
    public string? Refusal(PortRequest request) => Allows(request) ? null : WhyNot(TriggerOf(request));

    /// <summary>A request is accepted; the state stays.</summary>
    /// <exception cref="InvalidOperationException">The request is not legal now; nothing was changed.</exception>
    public void Fire(PortRequest request) => Fire(TriggerOf(request));

    /// <summary>Moves on.</summary>
    /// <exception cref="InvalidOperationException">The event is not legal now; nothing was changed.</exception>
    public void Fire(PortEvent happened) => Fire(TriggerOf(happened));

    /// <summary>The machine's name for a request.</summary>
    public static PortTrigger TriggerOf(PortRequest request) => (PortTrigger)request;

    /// <summary>The machine's name for an event.</summary>
    public static PortTrigger TriggerOf(PortEvent happened) => (PortTrigger)(Requests + (int)happened);

    /// <summary>A machine of its own, for reading and drawing.</summary>
    public static PortMachine Detached(PortState state = PortState.Absent, PortFacts facts = default) => new(() => state, next => state = next, () => facts);

    /// <summary>The five changes, and what every port takes that there is.</summary>
    private Row AcceptsChanges(Row row) => row
        .IgnoreIf(PortTrigger.SetProgram, _isPresent, _isIdle)
        .IgnoreIf(PortTrigger.ClearProgram, _isPresent, _isIdle)
        .IgnoreIf(PortTrigger.ChangeMtu, _isPresent, _isIdle)
        .IgnoreIf(PortTrigger.ChangeRing, _isPresent, _isIdle)
        .IgnoreIf(PortTrigger.ChangeChannels, _isPresent, _isIdle)
        .IgnoreIf(PortTrigger.Reset, _isIdle)
        .IgnoreIf(PortTrigger.Remove, _isIdle);

    private void BecomesUp(PortMachineState state, PortTrigger trigger) => Configure(state)
        .PermitIf(trigger, PortMachineState.UpWithFragments, Guard("the layout gives fragments", now => now.Up == PortState.UpWithFragments))
        .PermitIf(
            trigger, PortMachineState.UpWithProgram,
            Guard("the layout gives a page to each buffer", now => now.Up == PortState.UpWithProgram), Guard("there is a program", now => now.HasProgram))
        .PermitIf(
            trigger, PortMachineState.UpWithJumbo,
            Guard("the layout gives an allocation to each buffer", now => now.Up == PortState.UpWithJumbo), Guard("there is no program", now => !now.HasProgram));

    private Tuple<Func<bool>, string> Guard(string needed, Func<PortFacts, bool> holds) => Tuple.Create<Func<bool>, string>(() => holds(_facts()), needed);

    private static int NumberOf(PortFacts facts) =>
        (facts.IsPresent ? 1 : 0) | (facts.IsBusy ? 2 : 0) | (facts.HasProgram ? 4 : 0)
        | (Flags * (facts.Up is >= PortState.UpWithFragments and <= PortState.UpWithJumbo ? facts.Up - PortState.UpWithFragments : Ups));

    private static PortFacts FactsOf(int number) => new(
        (number & 1) != 0, (number & 2) != 0, (number & 4) != 0,
        number / Flags == Ups ? PortState.Absent : (PortState)((int)PortState.UpWithFragments + (number / Flags)));
}
