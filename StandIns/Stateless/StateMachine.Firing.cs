namespace Stateless;

/// <content>How a trigger is handled.</content>
public partial class StateMachine<TState, TTrigger>
{
    /// <summary>Moves the machine.</summary>
    /// <param name="trigger">What happened.</param>
    /// <exception cref="InvalidOperationException">The trigger is neither permitted nor ignored here, and nobody said otherwise with
    /// <see cref="OnUnhandledTrigger(Action{TState, TTrigger})"/>; or more than one transition is permitted.</exception>
    public void Fire(TTrigger trigger)
    {
        if (_firingMode == FiringMode.Immediate)
        {
            FireOne(trigger);
            return;
        }

        _waiting.Enqueue(trigger);
        if (_firing)
        {
            return;
        }

        try
        {
            _firing = true;
            while (_waiting.TryDequeue(out TTrigger? next))
            {
                FireOne(next);
            }
        }
        finally
        {
            _firing = false;
        }
    }

    private static void Refuse(TState state, TTrigger trigger, ICollection<string> unmetGuards)
    {
        string reason = unmetGuards.Count == 0
            ? "no transition is configured for it; Ignore it if that is intended"
            : $"its guards refuse it: {string.Join(", ", unmetGuards)}";
        throw new InvalidOperationException($"Trigger '{trigger}' cannot be fired in state '{state}': {reason}.");
    }

    private void FireOne(TTrigger trigger)
    {
        TState source = State;
        StateRepresentation<TState, TTrigger> here = Representation(source);
        List<string> unmet = [];
        TriggerBehaviour<TState, TTrigger>? behaviour = here.FindHandler(trigger, unmet);
        switch (behaviour?.Kind)
        {
            case null:
                _unhandled(source, trigger, unmet);
                break;
            case BehaviourKind.Ignore:
                break;
            case BehaviourKind.Internal:
                behaviour.Action!(new Transition(source, source, trigger));
                break;
            case BehaviourKind.Fixed when EqualityComparer<TState>.Default.Equals(source, behaviour.Destination()):
                // A superstate's transition to the substate that the machine is in: it is there already.
                break;
            case BehaviourKind.Reentry:
                Reenter(here, new Transition(source, behaviour.Destination(), trigger));
                break;
            default:
                Move(here, new Transition(source, behaviour.Destination(), trigger));
                break;
        }
    }

    private void Move(StateRepresentation<TState, TTrigger> source, Transition transition)
    {
        source.Exit(transition);
        State = transition.Destination;
        _transitioned?.Invoke(transition);
        Representation(transition.Destination).Enter(transition);
        _completed?.Invoke(transition);
    }

    private void Reenter(StateRepresentation<TState, TTrigger> source, Transition transition)
    {
        source.Exit(transition);
        StateRepresentation<TState, TTrigger> destination = Representation(transition.Destination);
        if (!transition.IsReentry)
        {
            // The reentry was configured on a superstate: from the substate the machine leaves that one too, and enters it again.
            transition = new Transition(transition.Destination, transition.Destination, transition.Trigger);
            destination.Exit(transition);
        }

        State = transition.Destination;
        _transitioned?.Invoke(transition);
        destination.Enter(transition);
        _completed?.Invoke(transition);
    }
}
