using RxVerify.Model.Dqo;
using RxVerify.Properties.Dqo;

namespace RxVerify.Tests.Explorer;

public class DqoAgainstExplorerTests
{
    [Fact]
    public void The_generator_reaches_every_state_and_transition_of_the_core_within_its_default_budget()
    {
        var result = Visit("2 2 2 2 5 4 0", seed: 1);

        // facts/model_checking.md, section 2.
        Assert.Null(result.Problem);
        Assert.Equal((4_068, 4_068), (result.States, result.Together.States));
        Assert.Equal(result.Transitions, result.Together.Transitions);
        Assert.Equal(Pairs("2 2 2 2 5 4 0"), result.Transitions);
        Assert.InRange(result.AllStatesAfter!.Value, 1, DqoAgainstExplorer.DefaultOperations);
        Assert.Empty(result.Nearest);
    }

    // After a whole poll nothing is recycled that could be posted: a completion at a time is as far as it can be seen, and the
    // readers never get in between.
    [Fact]
    public void Whole_polls_alone_never_see_what_lies_between_their_halves()
    {
        var result = Visit("1 2 1 2 5 3 0", seed: 1);

        Assert.Equal((45, 45), (result.States, result.Together.States));
        Assert.True(result.ByWay[0].States < 45);
        Assert.Equal(result.Together.Operations, result.ByWay.Sum(way => way.Operations));
    }

    [Fact]
    public void What_a_short_run_never_visited_is_told_with_a_shortest_way_there()
    {
        var result = Visit("2 2 2 2 5 4 0", seed: 2, operations: 200);

        Assert.Equal(3, result.Nearest.Count);
        Assert.Null(result.AllStatesAfter);
        Assert.Equal(result.Nearest.OrderBy(state => state.Story.Count), result.Nearest);
        foreach (var unvisited in result.Nearest)
        {
            var state = new DqoCoreState(result.Core);
            for (int id = 0; id < result.Core.States; id++)
            {
                state.Append(DqoCoreList.Free, id);
            }

            int[] steps = new int[DqoCoreModel.StepsMax(result.Core)];
            foreach (string told in unvisited.Story)
            {
                int count = DqoCoreModel.Possible(state, steps);
                DqoCoreModel.Apply(state, DqoCoreStep.Of(steps[..count].Single(step => DqoCoreStep.Of(step).ToString() == told)));
            }

            Assert.Equal(unvisited.State, state.ToString());
        }
    }

    [Fact]
    public void The_same_seed_visits_the_same()
    {
        var first = Visit("2 2 2 2 5 3 0", seed: 7, operations: 20_000);
        var second = Visit("2 2 2 2 5 3 0", seed: 7, operations: 20_000);

        Assert.Equal(first.ByWay, second.ByWay);
        Assert.Equal(first.Together, second.Together);
    }

    [Fact]
    public void Readers_that_clone_are_followed_too()
    {
        var result = Visit("1 2 1 3 5 5 1", seed: 1, operations: 300_000);

        Assert.Null(result.Problem);
        Assert.True(result.Together.States > result.States / 2);
    }

    [Fact]
    public void A_core_that_no_ring_can_match_is_refused() =>
        Assert.Contains("expected R to be that", Assert.Throws<ArgumentException>(() => Visit("6 1 5 2 5 3 0", seed: 1)).Message, StringComparison.Ordinal);

    /// <summary>Pairs of states that a step of the core model joins, by a search that shares nothing with the explorer.</summary>
    private static int Pairs(string text)
    {
        var core = DqoCoreConfiguration.Parse(text);
        var start = new DqoCoreState(core);
        for (int id = 0; id < core.States; id++)
        {
            start.Append(DqoCoreList.Free, id);
        }

        var pairs = new HashSet<(string, string)>();
        var known = new HashSet<string>(StringComparer.Ordinal) { start.ToString() };
        var open = new Queue<DqoCoreState>([start]);
        int[] steps = new int[DqoCoreModel.StepsMax(core)];
        while (open.TryDequeue(out var state))
        {
            int count = DqoCoreModel.Possible(state, steps);
            foreach (int step in steps[..count])
            {
                var next = new DqoCoreState(core);
                next.CopyFrom(state);
                DqoCoreModel.Apply(next, DqoCoreStep.Of(step));
                pairs.Add((state.ToString(), next.ToString()));
                if (known.Add(next.ToString()))
                {
                    open.Enqueue(next);
                }
            }
        }

        return pairs.Count;
    }

    private static DqoAgainstExplorerResult Visit(string core, ulong seed, long operations = DqoAgainstExplorer.DefaultOperations)
    {
        using var visitor = new DqoAgainstExplorer(DqoCoreConfiguration.Parse(core));
        return visitor.Run(seed, operations);
    }
}
