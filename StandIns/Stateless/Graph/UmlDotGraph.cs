using System.Text;
using Stateless.Reflection;

namespace Stateless.Graph;

/// <summary>Writes a machine in the DOT language of Graphviz.</summary>
public static class UmlDotGraph
{
    /// <summary>Writes a machine in the DOT language of Graphviz.</summary>
    /// <param name="machineInfo">The machine, from GetInfo.</param>
    /// <returns>The graph's text.</returns>
    public static string Format(StateMachineInfo machineInfo)
    {
        ArgumentNullException.ThrowIfNull(machineInfo);
        StringBuilder text = new("digraph {\ncompound=true;\nnode [shape=Mrecord]\nrankdir=\"LR\"\n");
        foreach (StateInfo state in machineInfo.States.Where(state => state.Superstate is null))
        {
            AppendState(text, state);
        }

        foreach (GraphEdge edge in GraphEdge.Of(machineInfo))
        {
            text.Append(Quoted(edge.Source)).Append(" -> ").Append(Quoted(edge.Destination))
                .Append(" [style=\"solid\", label=").Append(Quoted(edge.Label)).Append("];\n");
        }

        return text.Append(" init [label=\"\", shape=point];\n init -> ").Append(Quoted(machineInfo.InitialState.ToString()))
            .Append("[style = \"solid\"]\n}").ToString();
    }

    private static void AppendState(StringBuilder text, StateInfo state)
    {
        bool hasSubstates = state.Substates.Any();
        if (hasSubstates)
        {
            text.Append("subgraph ").Append(Quoted("cluster" + state)).Append(" {\nlabel = ").Append(Quoted(state.ToString())).Append('\n');
        }

        IEnumerable<string> actions = state.EntryActions.Select(action => "entry / " + action.Method.Description)
            .Concat(state.ExitActions.Select(action => "exit / " + action.Description));
        string label = string.Join('|', [state.ToString(), string.Join("\\n", actions)]).TrimEnd('|');
        text.Append(Quoted(state.ToString())).Append(" [label=").Append(Quoted(label)).Append("];\n");
        foreach (StateInfo substate in state.Substates)
        {
            AppendState(text, substate);
        }

        if (hasSubstates)
        {
            text.Append("}\n");
        }
    }

    private static string Quoted(string text) => '"' + text.Replace("\"", "\\\"", StringComparison.Ordinal) + '"';
}
