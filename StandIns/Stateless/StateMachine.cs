using Stateless.Reflection;

namespace Stateless;

/// <summary>A state machine whose states and triggers are values of any type, most often enumerations.</summary>
/// <typeparam name="TState">The states.</typeparam>
/// <typeparam name="TTrigger">What moves the machine.</typeparam>
public partial class StateMachine<TState, TTrigger>
    where TState : notnull
    where TTrigger : notnull
{
    private readonly Dictionary<TState, StateRepresentation<TState, TTrigger>> _states = [];
    private readonly Func<TState> _read;
    private readonly Action<TState> _write;
    private readonly FiringMode _firingMode;
    private readonly TState _initialState;
    private readonly Queue<TTrigger> _waiting = new();
    private bool _firing;
    private Action<TState, TTrigger, ICollection<string>> _unhandled = Refuse;
    private Action<Transition>? _transitioned;
    private Action<Transition>? _completed;

    /// <summary>A machine that keeps its state itself.</summary>
    /// <param name="initialState">Where it starts. Entry actions of this state do not run.</param>
    /// <param name="firingMode">What happens to triggers fired by actions.</param>
    public StateMachine(TState initialState, FiringMode firingMode)
    {
        TState state = initialState;
        _read = () => state;
        _write = next => state = next;
        _initialState = initialState;
        _firingMode = firingMode;
    }

    /// <summary>A machine that keeps its state itself and lets triggers fired by actions wait.</summary>
    /// <param name="initialState">Where it starts. Entry actions of this state do not run.</param>
    public StateMachine(TState initialState)
        : this(initialState, FiringMode.Queued)
    {
    }

    /// <summary>A machine whose state is kept elsewhere.</summary>
    /// <param name="stateAccessor">Reads the state.</param>
    /// <param name="stateMutator">Writes the state.</param>
    /// <param name="firingMode">What happens to triggers fired by actions.</param>
    public StateMachine(Func<TState> stateAccessor, Action<TState> stateMutator, FiringMode firingMode)
    {
        ArgumentNullException.ThrowIfNull(stateAccessor);
        ArgumentNullException.ThrowIfNull(stateMutator);
        _read = stateAccessor;
        _write = stateMutator;
        _initialState = stateAccessor();
        _firingMode = firingMode;
    }

    /// <summary>A machine whose state is kept elsewhere and that lets triggers fired by actions wait.</summary>
    /// <param name="stateAccessor">Reads the state.</param>
    /// <param name="stateMutator">Writes the state.</param>
    public StateMachine(Func<TState> stateAccessor, Action<TState> stateMutator)
        : this(stateAccessor, stateMutator, FiringMode.Queued)
    {
    }

    /// <summary>The current state.</summary>
    public TState State { get => _read(); private set => _write(value); }

    /// <summary>The triggers that would do something, or be ignored, now.</summary>
    public IEnumerable<TTrigger> PermittedTriggers => GetPermittedTriggers();

    /// <summary>The triggers that would do something, or be ignored, now: those of the state and of its superstates whose guards agree.</summary>
    /// <param name="args">For triggers with parameters, which the stand-in does not have.</param>
    /// <returns>Each trigger once.</returns>
    public IEnumerable<TTrigger> GetPermittedTriggers(params object[] args) => Representation(State).PermittedTriggers();

    /// <summary>Begins, or goes on with, the description of a state.</summary>
    /// <param name="state">The state.</param>
    /// <returns>What can be said about the state.</returns>
    public StateConfiguration Configure(TState state) => new(this, Representation(state));

    /// <summary>Would the trigger be handled now?</summary>
    /// <param name="trigger">The trigger.</param>
    /// <returns>True when it is permitted or ignored here.</returns>
    public bool CanFire(TTrigger trigger) => CanFire(trigger, out _);

    /// <summary>Would the trigger be handled now, and if not, because of which guards?</summary>
    /// <param name="trigger">The trigger.</param>
    /// <param name="unmetGuards">The descriptions of the guards that refuse it.</param>
    /// <returns>True when it is permitted or ignored here.</returns>
    public bool CanFire(TTrigger trigger, out ICollection<string> unmetGuards)
    {
        List<string> unmet = [];
        bool found = Representation(State).FindHandler(trigger, unmet) is not null;
        unmetGuards = found ? [] : unmet;
        return found;
    }

    /// <summary>Is this the current state, or one that it is a substate of?</summary>
    /// <param name="state">The state asked about.</param>
    /// <returns>True when the machine is in it.</returns>
    public bool IsInState(TState state) => Representation(State).IsIncludedIn(state);

    /// <summary>Replaces the exception that an unhandled trigger is answered with.</summary>
    /// <param name="unhandledTriggerAction">Gets the state and the trigger.</param>
    public void OnUnhandledTrigger(Action<TState, TTrigger> unhandledTriggerAction)
    {
        ArgumentNullException.ThrowIfNull(unhandledTriggerAction);
        _unhandled = (state, trigger, _) => unhandledTriggerAction(state, trigger);
    }

    /// <summary>Replaces the exception that an unhandled trigger is answered with.</summary>
    /// <param name="unhandledTriggerAction">Gets the state, the trigger and the descriptions of the guards that refused it.</param>
    public void OnUnhandledTrigger(Action<TState, TTrigger, ICollection<string>> unhandledTriggerAction)
    {
        ArgumentNullException.ThrowIfNull(unhandledTriggerAction);
        _unhandled = unhandledTriggerAction;
    }

    /// <summary>Adds an action that runs at every transition: after the exit actions, when the state has changed, before the entry actions.</summary>
    /// <param name="onTransitionAction">The action.</param>
    public void OnTransitioned(Action<Transition> onTransitionAction)
    {
        ArgumentNullException.ThrowIfNull(onTransitionAction);
        _transitioned += onTransitionAction;
    }

    /// <summary>Adds an action that runs at every transition, after the entry actions.</summary>
    /// <param name="onTransitionAction">The action.</param>
    public void OnTransitionCompleted(Action<Transition> onTransitionAction)
    {
        ArgumentNullException.ThrowIfNull(onTransitionAction);
        _completed += onTransitionAction;
    }

    /// <summary>The machine as data, for pictures and for tests.</summary>
    /// <returns>All states with their transitions.</returns>
    public StateMachineInfo GetInfo() => StateMachineInfo.Of(_initialState, _states);

    /// <inheritdoc/>
    public override string ToString() =>
        $"StateMachine {{ State = {State}, PermittedTriggers = {{ {string.Join(", ", GetPermittedTriggers())} }}}}";

    private StateRepresentation<TState, TTrigger> Representation(TState state)
    {
        if (!_states.TryGetValue(state, out StateRepresentation<TState, TTrigger>? found))
        {
            found = new StateRepresentation<TState, TTrigger>(state);
            _states.Add(state, found);
        }

        return found;
    }
}
