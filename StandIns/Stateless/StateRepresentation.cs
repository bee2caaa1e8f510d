using Stateless.Reflection;

namespace Stateless;

/// <summary>All that was said about one state.</summary>
internal sealed class StateRepresentation<TState, TTrigger>(TState state)
    where TState : notnull
    where TTrigger : notnull
{
    public TState State { get; } = state;

    public StateRepresentation<TState, TTrigger>? Superstate { get; private set; }

    public List<StateRepresentation<TState, TTrigger>> Substates { get; } = [];

    public List<TriggerBehaviour<TState, TTrigger>> Behaviours { get; } = [];

    public List<(Action<StateMachine<TState, TTrigger>.Transition> Run, InvocationInfo Method)> EntryActions { get; } = [];

    public List<(Action<StateMachine<TState, TTrigger>.Transition> Run, InvocationInfo Method)> ExitActions { get; } = [];

    /// <summary>Is this the state, or inside it?</summary>
    public bool IsIncludedIn(TState state) => Is(state) || (Superstate?.IsIncludedIn(state) ?? false);

    /// <summary>Makes this a special case of another state.</summary>
    public void PutInto(StateRepresentation<TState, TTrigger> superstate)
    {
        Superstate?.Substates.Remove(this);
        Superstate = superstate;
        superstate.Substates.Add(this);
    }

    /// <summary>What the trigger does here: the nearest state that permits it decides.</summary>
    /// <param name="trigger">The trigger.</param>
    /// <param name="unmet">Gets the descriptions of the guards that refuse it.</param>
    public TriggerBehaviour<TState, TTrigger>? FindHandler(TTrigger trigger, List<string> unmet)
    {
        TriggerBehaviour<TState, TTrigger>? found = null;
        foreach (TriggerBehaviour<TState, TTrigger> behaviour in Behaviours)
        {
            if (!EqualityComparer<TTrigger>.Default.Equals(behaviour.Trigger, trigger))
            {
                continue;
            }

            if (!behaviour.IsPermitted)
            {
                unmet.AddRange(behaviour.Guards.Where(guard => !guard.Holds()).Select(guard => guard.Method.Description));
                continue;
            }

            if (found is not null)
            {
                throw new InvalidOperationException(
                    $"Trigger '{trigger}' is permitted more than once in state '{State}'; guards have to exclude each other.");
            }

            found = behaviour;
        }

        return found ?? Superstate?.FindHandler(trigger, unmet);
    }

    /// <summary>The triggers that are handled here or by a superstate, each once.</summary>
    public IEnumerable<TTrigger> PermittedTriggers()
    {
        IEnumerable<TTrigger> own = Behaviours.Where(behaviour => behaviour.IsPermitted).Select(behaviour => behaviour.Trigger);
        return own.Concat(Superstate?.PermittedTriggers() ?? []).Distinct().ToArray();
    }

    /// <summary>Runs the entry actions of every state that the transition enters, the outermost first.</summary>
    public void Enter(StateMachine<TState, TTrigger>.Transition transition)
    {
        if (!transition.IsReentry)
        {
            if (Includes(transition.Source))
            {
                return;
            }

            Superstate?.Enter(transition);
        }

        foreach ((Action<StateMachine<TState, TTrigger>.Transition> run, _) in EntryActions)
        {
            run(transition);
        }
    }

    /// <summary>Runs the exit actions of every state that the transition leaves, the innermost first.</summary>
    public void Exit(StateMachine<TState, TTrigger>.Transition transition)
    {
        if (!transition.IsReentry && Includes(transition.Destination))
        {
            return;
        }

        foreach ((Action<StateMachine<TState, TTrigger>.Transition> run, _) in ExitActions)
        {
            run(transition);
        }

        if (!transition.IsReentry)
        {
            Superstate?.Exit(transition);
        }
    }

    private bool Is(TState state) => EqualityComparer<TState>.Default.Equals(State, state);

    private bool Includes(TState state) => Is(state) || Substates.Any(substate => substate.Includes(state));
}
