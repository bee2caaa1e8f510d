namespace Stateless.Reflection;

/// <summary>A state as data.</summary>
public class StateInfo
{
    internal StateInfo(object underlyingState)
    {
        UnderlyingState = underlyingState;
    }

    /// <summary>The state's value.</summary>
    public object UnderlyingState { get; }

    /// <summary>The state that it is a special case of.</summary>
    public StateInfo? Superstate { get; internal set; }

    /// <summary>Its own special cases.</summary>
    public IEnumerable<StateInfo> Substates { get; internal set; } = [];

    /// <summary>What runs when it is entered.</summary>
    public IEnumerable<ActionInfo> EntryActions { get; internal set; } = [];

    /// <summary>What runs when it is left.</summary>
    public IEnumerable<InvocationInfo> ExitActions { get; internal set; } = [];

    /// <summary>Transitions whose destination is known beforehand.</summary>
    public IEnumerable<FixedTransitionInfo> FixedTransitions { get; internal set; } = [];

    /// <summary>Transitions whose destination is found out when the trigger fires.</summary>
    public IEnumerable<DynamicTransitionInfo> DynamicTransitions { get; internal set; } = [];

    /// <summary>Triggers that mean nothing here.</summary>
    public IEnumerable<IgnoredTransitionInfo> IgnoredTriggers { get; internal set; } = [];

    /// <summary>Fixed and dynamic transitions.</summary>
    public IEnumerable<TransitionInfo> Transitions => FixedTransitions.Concat<TransitionInfo>(DynamicTransitions);

    /// <inheritdoc/>
    public override string ToString() => UnderlyingState.ToString() ?? "";
}

/// <summary>A machine as data.</summary>
public class StateMachineInfo
{
    private StateMachineInfo(IEnumerable<StateInfo> states, Type stateType, Type triggerType, StateInfo initialState)
    {
        States = states;
        StateType = stateType;
        TriggerType = triggerType;
        InitialState = initialState;
    }

    /// <summary>Where the machine starts.</summary>
    public StateInfo InitialState { get; }

    /// <summary>All states: the described ones and those that are only led to.</summary>
    public IEnumerable<StateInfo> States { get; }

    /// <summary>The type of the states.</summary>
    public Type StateType { get; }

    /// <summary>The type of the triggers.</summary>
    public Type TriggerType { get; }

    internal static StateMachineInfo Of<TState, TTrigger>(TState initial, IReadOnlyDictionary<TState, StateRepresentation<TState, TTrigger>> states)
        where TState : notnull
        where TTrigger : notnull
    {
        Dictionary<TState, StateInfo> infos = [];
        StateInfo InfoOf(TState state)
        {
            if (!infos.TryGetValue(state, out StateInfo? info))
            {
                info = new StateInfo(state);
                infos.Add(state, info);
            }

            return info;
        }

        foreach (StateRepresentation<TState, TTrigger> state in states.Values)
        {
            StateInfo info = InfoOf(state.State);
            info.Superstate = state.Superstate is null ? null : InfoOf(state.Superstate.State);
            info.Substates = state.Substates.Select(substate => InfoOf(substate.State)).ToArray();
            info.EntryActions = state.EntryActions.Select(action => new ActionInfo(action.Method)).ToArray();
            info.ExitActions = state.ExitActions.Select(action => action.Method).ToArray();
            info.FixedTransitions = state.Behaviours
                .Where(behaviour => behaviour.Kind is BehaviourKind.Fixed or BehaviourKind.Reentry or BehaviourKind.Internal)
                .Select(b => new FixedTransitionInfo(b.Trigger, Methods(b.Guards), InfoOf(b.Destination()), b.Kind == BehaviourKind.Internal))
                .ToArray();
            info.DynamicTransitions = state.Behaviours
                .Where(behaviour => behaviour.Kind == BehaviourKind.Dynamic)
                .Select(behaviour => new DynamicTransitionInfo(behaviour.Trigger, behaviour.Selector!, behaviour.PossibleDestinations))
                .ToArray();
            info.IgnoredTriggers = state.Behaviours
                .Where(behaviour => behaviour.Kind == BehaviourKind.Ignore)
                .Select(behaviour => new IgnoredTransitionInfo(behaviour.Trigger, Methods(behaviour.Guards)))
                .ToArray();
        }

        StateInfo start = InfoOf(initial);
        return new StateMachineInfo(infos.Values.ToArray(), typeof(TState), typeof(TTrigger), start);
    }

    private static InvocationInfo[] Methods(IReadOnlyList<Guard> guards) => [.. guards.Select(guard => guard.Method)];
}
