using Stateless;
using Stateless.Graph;
using Stateless.Reflection;

namespace RxVerify.StateMachines;

/// <summary>One thing that a trigger does in a state.</summary>
internal readonly record struct MachineRow(string State, string Trigger, string Destination, string When);

/// <summary>A machine state by state: what a state inherits from its superstates is said in each.</summary>
internal sealed class MachineRows
{
    private static readonly MachineRow Headings = new("state", "trigger", "leads to", "when");

    private readonly string _initial;
    private readonly MachineRow[] _rows;

    /// <summary>Reads a machine.</summary>
    /// <param name="machine">The machine as data.</param>
    /// <param name="states">Its states without those that only group, in the order in which they are told.</param>
    public MachineRows(StateMachineInfo machine, IEnumerable<string> states)
    {
        _initial = machine.InitialState.ToString();
        _rows = [.. states.SelectMany(name => RowsOf(name, machine.States.Single(state => state.ToString() == name), []))];
    }

    /// <summary>One line for each row, below headings.</summary>
    public string Table()
    {
        MachineRow[] rows = [Headings, .. _rows];
        int state = rows.Max(row => row.State.Length);
        int trigger = rows.Max(row => row.Trigger.Length);
        int destination = rows.Max(row => row.Destination.Length);
        return string.Join('\n', rows.Select(row =>
            $"{row.State.PadRight(state)}  {row.Trigger.PadRight(trigger)}  {row.Destination.PadRight(destination)}  {row.When}".TrimEnd()));
    }

    /// <summary>
    /// A Mermaid diagram. It is flat, since Mermaid draws no arrow from inside one composite state to inside another, and has one
    /// arrow for all that leads to the same state for the same reason.
    /// </summary>
    public string Mermaid()
    {
        StateMachine<string, string> flat = new(_initial);
        foreach (var arrow in _rows.GroupBy(row => row with { Trigger = "" }))
        {
            var (state, _, destination, when) = arrow.Key;
            string triggers = string.Join(", ", arrow.Select(row => row.Trigger));
            var from = flat.Configure(state);
            _ = (state == destination, when.Length > 0) switch
            {
                (true, false) => from.Ignore(triggers),
                (true, true) => from.IgnoreIf(triggers, static () => true, when),
                (false, false) => from.Permit(triggers, destination),
                (false, true) => from.PermitIf(triggers, destination, static () => true, when),
            };
        }

        return MermaidGraph.Format(flat.GetInfo());
    }

    /// <summary>What a state handles itself hides what its superstates would do.</summary>
    private static IEnumerable<MachineRow> RowsOf(string name, StateInfo state, HashSet<string> hidden)
    {
        MachineRow[] own =
        [
            .. state.FixedTransitions.Select(move => Row(name, move, move.DestinationState.ToString())),
            .. state.IgnoredTriggers.Select(move => Row(name, move, name)),
        ];
        var shown = own.Where(row => !hidden.Contains(row.Trigger)).ToList();
        hidden.UnionWith(own.Select(row => row.Trigger));
        return state.Superstate is null ? shown : shown.Concat(RowsOf(name, state.Superstate, hidden));
    }

    private static MachineRow Row(string name, TransitionInfo move, string destination) =>
        new(name, move.Trigger.ToString(), destination, string.Join(" and ", move.GuardConditionsMethodDescriptions.Select(guard => guard.Description)));
}
