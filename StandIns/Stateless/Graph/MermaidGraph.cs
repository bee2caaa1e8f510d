using System.Text;
using Stateless.Reflection;

namespace Stateless.Graph;

/// <summary>Direction of a Mermaid picture.</summary>
public enum MermaidGraphDirection
{
    /// <summary>From top to bottom.</summary>
    TopToBottom,

    /// <summary>From bottom to top.</summary>
    BottomToTop,

    /// <summary>From left to right.</summary>
    LeftToRight,

    /// <summary>From right to left.</summary>
    RightToLeft,
}

/// <summary>Writes a machine as a Mermaid state diagram.</summary>
public static class MermaidGraph
{
    /// <summary>Writes a machine as a Mermaid state diagram.</summary>
    /// <param name="machineInfo">The machine, from GetInfo.</param>
    /// <param name="direction">The direction of the picture; null leaves it to Mermaid.</param>
    /// <returns>The diagram's text.</returns>
    public static string Format(StateMachineInfo machineInfo, MermaidGraphDirection? direction = null)
    {
        ArgumentNullException.ThrowIfNull(machineInfo);
        StringBuilder text = new("stateDiagram-v2");
        if (direction is { } wanted)
        {
            text.Append("\n\tdirection ").Append(wanted switch
            {
                MermaidGraphDirection.BottomToTop => "BT",
                MermaidGraphDirection.LeftToRight => "LR",
                MermaidGraphDirection.RightToLeft => "RL",
                _ => "TB",
            });
        }

        foreach (StateInfo state in machineInfo.States.Where(state => state.Superstate is null && state.Substates.Any()))
        {
            AppendGroup(text, state, depth: 1);
        }

        foreach (GraphEdge edge in GraphEdge.Of(machineInfo))
        {
            text.Append("\n\t").Append(Name(edge.Source)).Append(" --> ").Append(Name(edge.Destination)).Append(" : ").Append(edge.Label);
        }

        return text.Append("\n[*] --> ").Append(Name(machineInfo.InitialState.ToString())).ToString();
    }

    private static void AppendGroup(StringBuilder text, StateInfo state, int depth)
    {
        string indent = "\n" + new string('\t', depth);
        text.Append(indent).Append("state ").Append(Name(state.ToString())).Append(" {");
        foreach (StateInfo substate in state.Substates)
        {
            if (substate.Substates.Any())
            {
                AppendGroup(text, substate, depth + 1);
            }
            else
            {
                text.Append(indent).Append('\t').Append(Name(substate.ToString()));
            }
        }

        text.Append(indent).Append('}');
    }

    // Mermaid's state names end at the first blank.
    private static string Name(string state) => state.Replace(' ', '_');
}
