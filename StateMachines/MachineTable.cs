using Stateless.Reflection;

namespace RxVerify.StateMachines;

/// <summary>Writes a machine as a table of lines: what a state inherits from its superstates is said in each state.</summary>
internal static class MachineTable
{
    private static readonly string[] Headings = ["state", "trigger", "leads to", "when"];

    public static string Format(StateMachineInfo machine, IReadOnlyList<string> states)
    {
        var rows = new List<string[]> { Headings };
        foreach (string name in states)
        {
            var state = machine.States.Single(state => state.ToString() == name);
            rows.AddRange(RowsOf(state).Select(row => new[] { name, row.Trigger, row.Destination ?? name, row.When }));
        }

        int[] widths = [.. Enumerable.Range(0, Headings.Length).Select(column => rows.Max(row => row[column].Length))];
        return string.Join('\n', rows.Select(row => string.Join("  ", row.Select((cell, column) => cell.PadRight(widths[column]))).TrimEnd()));
    }

    private static IEnumerable<(string Trigger, string? Destination, string When)> RowsOf(StateInfo state) =>
        state.FixedTransitions.Select(move => (Row(move), (string?)move.DestinationState.ToString()))
            .Concat(state.IgnoredTriggers.Select(move => (Row(move), (string?)null)))
            .Select(row => (row.Item1.Trigger, row.Item2, row.Item1.When))
            .Concat(state.Superstate is null ? [] : RowsOf(state.Superstate));

    private static (string Trigger, string When) Row(TransitionInfo move) =>
        (move.Trigger.ToString(), string.Join(" and ", move.GuardConditionsMethodDescriptions.Select(guard => guard.Description)));
}
