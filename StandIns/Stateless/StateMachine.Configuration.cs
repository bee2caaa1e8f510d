using System.Diagnostics.CodeAnalysis;
using Stateless.Reflection;

namespace Stateless;

/// <content>How a state is described.</content>
public partial class StateMachine<TState, TTrigger>
{
    /// <summary>What can be said about one state. Every member returns the same object, so that calls can be chained.</summary>
    [SuppressMessage("Design", "CA1034:Nested types should not be visible", Justification = "It is nested in the package too.")]
    public class StateConfiguration
    {
        private readonly StateRepresentation<TState, TTrigger> _state;

        internal StateConfiguration(StateMachine<TState, TTrigger> machine, StateRepresentation<TState, TTrigger> state)
        {
            Machine = machine;
            _state = state;
        }

        /// <summary>The state that is being described.</summary>
        public TState State => _state.State;

        /// <summary>The machine it belongs to.</summary>
        public StateMachine<TState, TTrigger> Machine { get; }

        /// <summary>The trigger leads to another state.</summary>
        /// <param name="trigger">The trigger.</param>
        /// <param name="destinationState">Another state; for the same one there are <see cref="PermitReentry"/> and <see cref="Ignore"/>.</param>
        /// <returns>This.</returns>
        public StateConfiguration Permit(TTrigger trigger, TState destinationState) => AddFixed(trigger, destinationState, []);

        /// <summary>The trigger leads to another state if the guard agrees.</summary>
        /// <param name="trigger">The trigger.</param>
        /// <param name="destinationState">Another state.</param>
        /// <param name="guard">The guard. Of the guards of one trigger in one state at most one may agree.</param>
        /// <param name="guardDescription">The guard in words, for exceptions and pictures.</param>
        /// <returns>This.</returns>
        public StateConfiguration PermitIf(TTrigger trigger, TState destinationState, Func<bool> guard, string? guardDescription = null) =>
            AddFixed(trigger, destinationState, [Guard.Of(guard, guardDescription)]);

        /// <summary>The trigger leads to another state if all guards agree.</summary>
        /// <param name="trigger">The trigger.</param>
        /// <param name="destinationState">Another state.</param>
        /// <param name="guards">The guards, each with its words.</param>
        /// <returns>This.</returns>
        public StateConfiguration PermitIf(TTrigger trigger, TState destinationState, params Tuple<Func<bool>, string>[] guards) =>
            AddFixed(trigger, destinationState, Guard.Of(guards));

        /// <summary>The trigger leads to a state that is found out when it fires.</summary>
        /// <param name="trigger">The trigger.</param>
        /// <param name="destinationStateSelector">Gives the state.</param>
        /// <param name="destinationStateSelectorDescription">The choice in words, for pictures.</param>
        /// <param name="possibleDestinationStates">The states that can come out of it, for pictures.</param>
        /// <returns>This.</returns>
        public StateConfiguration PermitDynamic(
            TTrigger trigger, Func<TState> destinationStateSelector, string? destinationStateSelectorDescription = null,
            DynamicStateInfos? possibleDestinationStates = null)
        {
            ArgumentNullException.ThrowIfNull(destinationStateSelector);
            return Add(new TriggerBehaviour<TState, TTrigger>(trigger, BehaviourKind.Dynamic, [])
            {
                Destination = destinationStateSelector,
                Selector = new InvocationInfo(destinationStateSelector.Method.Name, destinationStateSelectorDescription),
                PossibleDestinations = possibleDestinationStates,
            });
        }

        /// <summary>The trigger leaves the state and enters it again.</summary>
        /// <param name="trigger">The trigger.</param>
        /// <returns>This.</returns>
        public StateConfiguration PermitReentry(TTrigger trigger) => AddReentry(trigger, []);

        /// <summary>The trigger leaves the state and enters it again if the guard agrees.</summary>
        /// <param name="trigger">The trigger.</param>
        /// <param name="guard">The guard.</param>
        /// <param name="guardDescription">The guard in words.</param>
        /// <returns>This.</returns>
        public StateConfiguration PermitReentryIf(TTrigger trigger, Func<bool> guard, string? guardDescription = null) =>
            AddReentry(trigger, [Guard.Of(guard, guardDescription)]);

        /// <summary>The trigger may come and means nothing.</summary>
        /// <param name="trigger">The trigger.</param>
        /// <returns>This.</returns>
        public StateConfiguration Ignore(TTrigger trigger) => Add(new TriggerBehaviour<TState, TTrigger>(trigger, BehaviourKind.Ignore, []));

        /// <summary>The trigger may come and means nothing if the guard agrees.</summary>
        /// <param name="trigger">The trigger.</param>
        /// <param name="guard">The guard.</param>
        /// <param name="guardDescription">The guard in words.</param>
        /// <returns>This.</returns>
        public StateConfiguration IgnoreIf(TTrigger trigger, Func<bool> guard, string? guardDescription = null) =>
            Add(new TriggerBehaviour<TState, TTrigger>(trigger, BehaviourKind.Ignore, [Guard.Of(guard, guardDescription)]));

        /// <summary>The trigger may come and means nothing if all guards agree.</summary>
        /// <param name="trigger">The trigger.</param>
        /// <param name="guards">The guards, each with its words.</param>
        /// <returns>This.</returns>
        public StateConfiguration IgnoreIf(TTrigger trigger, params Tuple<Func<bool>, string>[] guards) =>
            Add(new TriggerBehaviour<TState, TTrigger>(trigger, BehaviourKind.Ignore, Guard.Of(guards)));

        /// <summary>The trigger runs an action; the state is neither left nor entered.</summary>
        /// <param name="trigger">The trigger.</param>
        /// <param name="internalAction">The action.</param>
        /// <returns>This.</returns>
        public StateConfiguration InternalTransition(TTrigger trigger, Action internalAction)
        {
            ArgumentNullException.ThrowIfNull(internalAction);
            return InternalTransition(trigger, _ => internalAction());
        }

        /// <summary>The trigger runs an action; the state is neither left nor entered.</summary>
        /// <param name="trigger">The trigger.</param>
        /// <param name="internalAction">The action.</param>
        /// <returns>This.</returns>
        public StateConfiguration InternalTransition(TTrigger trigger, Action<Transition> internalAction)
        {
            ArgumentNullException.ThrowIfNull(internalAction);
            TState here = State;
            return Add(new TriggerBehaviour<TState, TTrigger>(trigger, BehaviourKind.Internal, [])
            {
                Action = internalAction,
                Destination = () => here,
            });
        }

        /// <summary>Adds an action that runs whenever the state is entered from outside.</summary>
        /// <param name="entryAction">The action.</param>
        /// <param name="entryActionDescription">The action in words, for pictures.</param>
        /// <returns>This.</returns>
        public StateConfiguration OnEntry(Action entryAction, string? entryActionDescription = null)
        {
            ArgumentNullException.ThrowIfNull(entryAction);
            _state.EntryActions.Add((_ => entryAction(), new InvocationInfo(entryAction.Method.Name, entryActionDescription)));
            return this;
        }

        /// <summary>Adds an action that runs whenever the state is entered from outside.</summary>
        /// <param name="entryAction">The action.</param>
        /// <param name="entryActionDescription">The action in words, for pictures.</param>
        /// <returns>This.</returns>
        public StateConfiguration OnEntry(Action<Transition> entryAction, string? entryActionDescription = null)
        {
            ArgumentNullException.ThrowIfNull(entryAction);
            _state.EntryActions.Add((entryAction, new InvocationInfo(entryAction.Method.Name, entryActionDescription)));
            return this;
        }

        /// <summary>Adds an action that runs whenever the state is left for outside.</summary>
        /// <param name="exitAction">The action.</param>
        /// <param name="exitActionDescription">The action in words, for pictures.</param>
        /// <returns>This.</returns>
        public StateConfiguration OnExit(Action exitAction, string? exitActionDescription = null)
        {
            ArgumentNullException.ThrowIfNull(exitAction);
            _state.ExitActions.Add((_ => exitAction(), new InvocationInfo(exitAction.Method.Name, exitActionDescription)));
            return this;
        }

        /// <summary>Adds an action that runs whenever the state is left for outside.</summary>
        /// <param name="exitAction">The action.</param>
        /// <param name="exitActionDescription">The action in words, for pictures.</param>
        /// <returns>This.</returns>
        public StateConfiguration OnExit(Action<Transition> exitAction, string? exitActionDescription = null)
        {
            ArgumentNullException.ThrowIfNull(exitAction);
            _state.ExitActions.Add((exitAction, new InvocationInfo(exitAction.Method.Name, exitActionDescription)));
            return this;
        }

        /// <summary>The state is a special case of another one and inherits its triggers.</summary>
        /// <param name="superstate">The other one.</param>
        /// <returns>This.</returns>
        public StateConfiguration SubstateOf(TState superstate)
        {
            StateRepresentation<TState, TTrigger> super = Machine.Representation(superstate);
            if (super.IsIncludedIn(State))
            {
                throw new ArgumentException(
                    $"State '{State}' cannot be a substate of '{superstate}': that one is '{State}' or inside it.", nameof(superstate));
            }

            _state.PutInto(super);
            return this;
        }

        private StateConfiguration AddFixed(TTrigger trigger, TState destination, Guard[] guards)
        {
            if (EqualityComparer<TState>.Default.Equals(State, destination))
            {
                throw new ArgumentException(
                    $"Permit does not lead from state '{State}' to itself: PermitReentry enters it again, Ignore stays in it.", nameof(destination));
            }

            return Add(new TriggerBehaviour<TState, TTrigger>(trigger, BehaviourKind.Fixed, guards) { Destination = () => destination });
        }

        private StateConfiguration AddReentry(TTrigger trigger, Guard[] guards)
        {
            TState here = State;
            return Add(new TriggerBehaviour<TState, TTrigger>(trigger, BehaviourKind.Reentry, guards) { Destination = () => here });
        }

        private StateConfiguration Add(TriggerBehaviour<TState, TTrigger> behaviour)
        {
            _state.Behaviours.Add(behaviour);
            return this;
        }
    }
}
