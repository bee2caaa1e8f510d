using RxVerify.StateMachines;

namespace RxVerify.Tests.StateMachines;

/// <summary>What every machine without guards promises; the tests of one machine are this class and what only it promises.</summary>
/// <typeparam name="TState">Its states.</typeparam>
/// <typeparam name="TTrigger">Its triggers.</typeparam>
public abstract class MachineContract<TState, TTrigger>
    where TState : struct, Enum
    where TTrigger : struct, Enum
{
    [Fact]
    public Task Every_pair_of_state_and_trigger_is_decided_and_the_legal_ones_are_these()
    {
        var lines = Pairs().Select(pair => $"{pair.State,-12} {pair.Trigger,-16} {Decision(pair.State, pair.Trigger)}");
        return Verify(string.Join("\n", lines));
    }

    [Fact]
    public void What_is_not_configured_is_refused_by_name_and_changes_nothing()
    {
        int refused = 0;
        foreach (var (state, trigger) in Pairs().Where(pair => !At(pair.State).Allows(pair.Trigger)))
        {
            var now = state;
            int writes = 0;
            var machine = Make(() => now, next => { now = next; writes++; });

            var refusal = Assert.Throws<InvalidOperationException>(() => machine.Fire(trigger));

            Assert.Contains($"{trigger} is not legal while the ", refusal.Message, StringComparison.Ordinal);
            Assert.Contains($" is {state}", refusal.Message, StringComparison.Ordinal);
            Assert.EndsWith("; legal: " + LegalIn(state), refusal.Message, StringComparison.Ordinal);
            Assert.Equal(state, now);
            Assert.Equal(0, writes);
            refused++;
        }

        Assert.Equal(Pairs().Count() - LegalPairs, refused);
    }

    [Fact]
    public void Reading_and_drawing_a_machine_runs_no_effect()
    {
        foreach (var state in At(default).States)
        {
            var now = state;
            int writes = 0;
            var machine = Make(() => now, _ => writes++);

            foreach (var trigger in Enum.GetValues<TTrigger>())
            {
                machine.Allows(trigger);
            }

            Assert.StartsWith("stateDiagram-v2", machine.Mermaid(), StringComparison.Ordinal);
            Assert.StartsWith("digraph {", machine.Dot(), StringComparison.Ordinal);
            Assert.NotEmpty(machine.Table());
            Assert.Equal(0, writes);
        }
    }

    [Fact]
    public void The_table_and_the_diagram_show_every_legal_move_and_no_other()
    {
        var machine = At(default);
        string[] table = machine.Table().Split('\n');
        var arrows = ArrowsOf(machine.Mermaid());

        foreach (var (state, trigger) in Pairs().Where(pair => At(pair.State).Allows(pair.Trigger)))
        {
            var next = NextOf(state, trigger);
            Assert.Contains(table, line => $"{Words(line)} ".StartsWith($"{state} {trigger} {next} ", StringComparison.Ordinal));
            Assert.Contains(arrows, arrow => arrow == $"{state} --> {next} : {trigger}");
        }

        // One line of headings.
        Assert.Equal(LegalPairs + 1, table.Length);
        Assert.Equal(LegalPairs, arrows.Count);
    }

    [Fact]
    public void Firing_what_is_legal_allocates_nothing()
    {
        foreach (var (state, trigger) in Pairs().Where(pair => At(pair.State).Allows(pair.Trigger)))
        {
            var now = state;
            var machine = Make(() => now, next => now = next);
            machine.Fire(trigger);
            now = state;

            long before = GC.GetAllocatedBytesForCurrentThread();
            machine.Fire(trigger);

            Assert.Equal((state, trigger, 0), (state, trigger, GC.GetAllocatedBytesForCurrentThread() - before));
        }
    }

    /// <summary>How many pairs are legal.</summary>
    protected abstract int LegalPairs { get; }

    /// <summary>The machine on a state that is stored here.</summary>
    protected abstract Machine<TState, TTrigger> Make(Func<TState> read, Action<TState> write);

    private Machine<TState, TTrigger> At(TState state) => Make(() => state, next => state = next);

    private string Decision(TState state, TTrigger trigger) => At(state).Allows(trigger) ? $"-> {NextOf(state, trigger)}" : "refused";

    private TState NextOf(TState state, TTrigger trigger)
    {
        var now = state;
        Make(() => now, next => now = next).Fire(trigger);
        return now;
    }

    /// <summary>One for each trigger: an arrow of the diagram has all that lead from one state to another.</summary>
    private static List<string> ArrowsOf(string diagram) =>
    [
        .. diagram.Split('\n').Select(line => line.Trim().Split(" : ")).Where(arrow => arrow.Length == 2)
            .SelectMany(arrow => arrow[1].Split(" [")[0].Split(", ").Select(trigger => $"{arrow[0]} : {trigger}")),
    ];

    private static string Words(string line) => string.Join(' ', line.Split(' ', StringSplitOptions.RemoveEmptyEntries));

    private string LegalIn(TState state)
    {
        string[] legal = [.. Enum.GetValues<TTrigger>().Where(At(state).Allows).Select(trigger => trigger.ToString())];
        return legal.Length == 0 ? "nothing" : string.Join(", ", legal);
    }

    private IEnumerable<(TState State, TTrigger Trigger)> Pairs() =>
        At(default).States.SelectMany(state => Enum.GetValues<TTrigger>().Select(trigger => (state, trigger)));
}
