using System.Diagnostics.CodeAnalysis;

namespace Stateless;

/// <content>What actions are told.</content>
public partial class StateMachine<TState, TTrigger>
{
    /// <summary>One move of the machine.</summary>
    /// <param name="source">From where.</param>
    /// <param name="destination">To where.</param>
    /// <param name="trigger">Because of what.</param>
    [SuppressMessage("Design", "CA1034:Nested types should not be visible", Justification = "It is nested in the package too.")]
    public class Transition(TState source, TState destination, TTrigger trigger)
    {
        /// <summary>The state that is left.</summary>
        public TState Source { get; } = source;

        /// <summary>The state that is entered.</summary>
        public TState Destination { get; } = destination;

        /// <summary>What was fired.</summary>
        public TTrigger Trigger { get; } = trigger;

        /// <summary>True when the same state is left and entered.</summary>
        public bool IsReentry => EqualityComparer<TState>.Default.Equals(Source, Destination);
    }
}
