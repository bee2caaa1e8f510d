using Stateless.Reflection;

namespace Stateless.Graph;

/// <summary>An arrow of a picture.</summary>
internal sealed record GraphEdge(string Source, string Destination, string Label)
{
    /// <summary>
    /// The arrows of a machine. A dynamic transition has one for each state that it was said to lead to, an ignored trigger one
    /// from its state to itself.
    /// </summary>
    public static IEnumerable<GraphEdge> Of(StateMachineInfo machine)
    {
        foreach (StateInfo state in machine.States)
        {
            foreach (FixedTransitionInfo transition in state.FixedTransitions)
            {
                yield return new GraphEdge(state.ToString(), transition.DestinationState.ToString(), LabelOf(transition));
            }

            foreach (DynamicTransitionInfo transition in state.DynamicTransitions)
            {
                foreach (DynamicStateInfo possible in transition.PossibleDestinationStates ?? [])
                {
                    yield return new GraphEdge(state.ToString(), possible.DestinationState, $"{transition.Trigger} [{possible.Criterion}]");
                }
            }

            foreach (IgnoredTransitionInfo transition in state.IgnoredTriggers)
            {
                yield return new GraphEdge(state.ToString(), state.ToString(), LabelOf(transition));
            }
        }
    }

    private static string LabelOf(TransitionInfo transition) =>
        string.Join(' ', [transition.Trigger.ToString(), .. transition.GuardConditionsMethodDescriptions.Select(guard => $"[{guard.Description}]")]);
}
