namespace Stateless.Reflection;

/// <summary>A trigger as data.</summary>
public class TriggerInfo
{
    internal TriggerInfo(object underlyingTrigger)
    {
        UnderlyingTrigger = underlyingTrigger;
    }

    /// <summary>The trigger's value.</summary>
    public object UnderlyingTrigger { get; }

    /// <inheritdoc/>
    public override string ToString() => UnderlyingTrigger.ToString() ?? "";
}

/// <summary>What a trigger does in a state, as data.</summary>
public abstract class TransitionInfo
{
    private protected TransitionInfo(object trigger, InvocationInfo[] guards)
    {
        Trigger = new TriggerInfo(trigger);
        GuardConditionsMethodDescriptions = guards;
    }

    /// <summary>The trigger.</summary>
    public TriggerInfo Trigger { get; }

    /// <summary>The guards, none for a transition without condition.</summary>
    public IEnumerable<InvocationInfo> GuardConditionsMethodDescriptions { get; }

    /// <summary>True when the state is neither left nor entered.</summary>
    public bool IsInternalTransition { get; private protected init; }
}

/// <summary>A transition whose destination is known beforehand: of Permit, PermitReentry and InternalTransition.</summary>
public class FixedTransitionInfo : TransitionInfo
{
    internal FixedTransitionInfo(object trigger, InvocationInfo[] guards, StateInfo destination, bool isInternal)
        : base(trigger, guards)
    {
        DestinationState = destination;
        IsInternalTransition = isInternal;
    }

    /// <summary>Where it leads.</summary>
    public StateInfo DestinationState { get; }
}

/// <summary>A transition whose destination is found out when the trigger fires.</summary>
public class DynamicTransitionInfo : TransitionInfo
{
    internal DynamicTransitionInfo(object trigger, InvocationInfo selector, DynamicStateInfos? possibleDestinations)
        : base(trigger, [])
    {
        DestinationStateSelectorDescription = selector;
        PossibleDestinationStates = possibleDestinations;
    }

    /// <summary>What finds it out.</summary>
    public InvocationInfo DestinationStateSelectorDescription { get; }

    /// <summary>The states that can come out of it, if that was said.</summary>
    public DynamicStateInfos? PossibleDestinationStates { get; }
}

/// <summary>A trigger that means nothing in a state.</summary>
public class IgnoredTransitionInfo : TransitionInfo
{
    internal IgnoredTransitionInfo(object trigger, InvocationInfo[] guards)
        : base(trigger, guards)
    {
    }
}

/// <summary>One state that a dynamic transition can lead to.</summary>
/// <param name="destinationState">The state.</param>
/// <param name="criterion">When, in words.</param>
public class DynamicStateInfo(string destinationState, string criterion)
{
    /// <summary>The state.</summary>
    public string DestinationState { get; set; } = destinationState;

    /// <summary>When, in words.</summary>
    public string Criterion { get; set; } = criterion;
}

/// <summary>The states that a dynamic transition can lead to.</summary>
public class DynamicStateInfos : List<DynamicStateInfo>
{
    /// <summary>Adds a state.</summary>
    /// <param name="destinationState">The state.</param>
    /// <param name="criterion">When, in words.</param>
    public void Add(string destinationState, string criterion) => Add(new DynamicStateInfo(destinationState, criterion));

    /// <summary>Adds a state.</summary>
    /// <typeparam name="TState">The states of the machine.</typeparam>
    /// <param name="destinationState">The state.</param>
    /// <param name="criterion">When, in words.</param>
    public void Add<TState>(TState destinationState, string criterion) => Add(destinationState?.ToString() ?? "", criterion);
}
