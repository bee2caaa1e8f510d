using RxVerify.Explorer;
using RxVerify.Tests.House;

namespace RxVerify.Tests.Explorer;

public class EngineTests
{
    // 2^3 tables where nobody eats, and where one of three eats the next thinks and the one before may hold a fork: 8 + 3 x 2.
    // Round tables: 4 necklaces of two colours, and 2.
    [Theory]
    [InlineData(false, 14)]
    [InlineData(true, 6)]
    public void Three_philosophers_have_the_states_that_a_hand_counts(bool turns, int states)
    {
        var walk = BreadthFirst.Explore(() => new Philosophers(3, turns, mayRest: true), new ExploreOptions());

        Assert.Equal(ExploreOutcome.Held, walk.Outcome);
        Assert.Equal(states, walk.States);
        Assert.Equal(states, walk.StatesAtDepth.Sum());
        Assert.Equal(walk.Transitions, walk.Kinds.Sum(kind => kind.Taken));
        Assert.All(walk.Kinds, kind => Assert.Equal(states, kind.Enabled + kind.Refused));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void When_each_takes_the_left_fork_nothing_can_happen_any_more_and_the_story_is_the_shortest(bool turns)
    {
        var walk = BreadthFirst.Explore(() => new Philosophers(4, turns), new ExploreOptions());

        Assert.Equal((ExploreOutcome.Broke, Problem.Deadlock), (walk.Outcome, walk.Problem?.Claim));
        Assert.Equal(4, walk.Story.Count);
        Assert.Equal(4, walk.StoryNames.Distinct(StringComparer.Ordinal).Count(name => name.EndsWith("take left", StringComparison.Ordinal)));
    }

    [Fact]
    public void The_states_modulo_a_symmetry_are_the_orbits_that_brute_force_counts()
    {
        for (int seats = 2; seats <= 6; seats++)
        {
            var tables = new HashSet<string>(StringComparer.Ordinal);
            foreach (string table in Tables(seats))
            {
                tables.Add(Enumerable.Range(0, seats).Select(turn => table[turn..] + table[..turn]).Min(StringComparer.Ordinal)!);
            }

            var walk = BreadthFirst.Explore(() => new Philosophers(seats, turns: true, mayRest: true), new ExploreOptions());

            Assert.Equal(tables.Count, walk.States);
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(4)]
    public void Threads_fingerprints_and_snapshots_change_no_count(int threads)
    {
        var keys = BreadthFirst.Explore(() => new Philosophers(9, turns: false, mayRest: true), new ExploreOptions());
        var same = BreadthFirst.Explore(() => new Philosophers(9, turns: false, mayRest: true), new ExploreOptions { Threads = threads, Fingerprints = true });

        Assert.Equal(keys.StatesAtDepth, same.StatesAtDepth);
        Assert.Equal(keys.Kinds, same.Kinds);
        Assert.Equal(0, keys.MissProbability);
        // A key of one word is mixed without loss. Birthday bound of a million 64-bit hashes: 10^12 / 2^65.
        Assert.Equal(0, same.MissProbability);
        Assert.Equal(2.7e-8, Fingerprint.MissProbability(1_000_000), 1e-9);
    }

    [Fact]
    public void A_limit_ends_a_walk_as_not_exhaustive_whatever_it_found()
    {
        foreach (var options in (ExploreOptions[])[new() { StatesMax = 10 }, new() { DepthMax = 2 }, new() { BytesMax = 1 }, new() { TimeMax = TimeSpan.Zero }])
        {
            var walk = BreadthFirst.Explore(() => new Philosophers(9, turns: false, mayRest: true), options);

            Assert.Equal(ExploreOutcome.NotExhaustive, walk.Outcome);
            Assert.Contains("limit", walk.EndedBy, StringComparison.Ordinal);
            Assert.False(walk.IsExhaustive);
        }
    }

    [Fact]
    public void A_walk_that_is_stopped_says_so_and_keeps_what_it_knows()
    {
        using var stop = new CancellationTokenSource();
        stop.Cancel();

        var walk = BreadthFirst.Explore(() => new Philosophers(9, turns: false, mayRest: true), new ExploreOptions(), stop.Token);

        Assert.Equal((ExploreOutcome.NotExhaustive, "stopped"), (walk.Outcome, walk.EndedBy));
        Assert.True(walk.States > 0);
    }

    [Theory]
    [InlineData(-1, 1)]
    [InlineData(2, 1)]
    [InlineData(2, 2)]
    public void A_key_that_would_look_like_no_state_is_refused_at_the_start_and_on_the_way(int from, int threads)
    {
        foreach (bool fingerprints in (bool[])[false, true])
        {
            var options = new ExploreOptions { Threads = threads, Fingerprints = fingerprints };
            var refused = Assert.Throws<InvalidOperationException>(() => BreadthFirst.Explore(() => new Countdown(from, to: -1), options));

            Assert.Contains("a state's key is one word of all ones; expected any other", refused.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void What_never_happens_is_named_and_no_complete_walk_passes_without_it()
    {
        // Alone at the table, one's own left fork is the right one as well: nobody ever eats.
        var walk = BreadthFirst.Explore(() => new Philosophers(1, turns: false, mayRest: true), new ExploreOptions());

        Assert.Equal(ExploreOutcome.NeverTaken, walk.Outcome);
        Assert.Equal("take right, put both", string.Join(", ", walk.Never));
    }

    // Levels 0 to 3; from 3 it can only be drained or leak away.
    [Fact]
    public void A_tank_that_can_always_be_filled_recovers_and_never_stalls()
    {
        var walk = Pumped(new Pump(top: 3, hasJug: true));

        Assert.Equal(ExploreOutcome.Held, walk.Outcome);
        Assert.Equal(4, walk.States);
    }

    [Fact]
    public void A_walk_that_is_stopped_while_it_looks_at_what_happens_in_the_end_says_so_wherever_it_was()
    {
        int all = 0;
        Assert.Equal(ExploreOutcome.Held, Pumped(new Pump(top: 3, hasJug: true, asked: () => all++)).Outcome);

        // Of levels 0 to 3 three can be filled, three drained and three leak, and a jug is for each of the four: 13 steps. The search for
        // recovery asks about each once to count it and once to list it; what is asked besides is of the search for stalls.
        Assert.True(all > 2 * 13);
        for (int last = 1; last <= all; last++)
        {
            using var stop = new CancellationTokenSource();
            int asked = 0;
            var pump = new Pump(top: 3, hasJug: true, asked: () => StopAt(last, ++asked, stop));

            var walk = BreadthFirst.Explore(() => pump.New(), new ExploreOptions { KeepsGraph = true }, stop.Token);

            // What nobody asks about any more cannot be stopped.
            Assert.Equal((last, 4), (asked, walk.States));
            Assert.Equal(
                last < all ? (ExploreOutcome.NotExhaustive, "stopped; every state was expanded, what happens in the end was not") : (ExploreOutcome.Held, null),
                (walk.Outcome, walk.EndedBy));
        }

        static void StopAt(int last, int asked, CancellationTokenSource stop)
        {
            if (asked == last)
            {
                stop.Cancel();
            }
        }
    }

    [Fact]
    public void A_state_from_which_good_is_out_of_reach_is_found_with_the_shortest_way_there()
    {
        var walk = Pumped(new Pump(top: 3, hasJug: true, hasSink: true));

        Assert.Equal((ExploreOutcome.Broke, Problem.Recovery), (walk.Outcome, walk.Problem?.Claim));
        Assert.Equal(["fill", "leak"], walk.StoryNames);
    }

    // Filling at level 2 leads round a circle. Somebody may come with a jug, so recovery holds; nobody has to.
    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void A_loop_that_fairness_does_not_leave_is_found_as_stem_and_loop(int circle)
    {
        var walk = Pumped(new Pump(top: 4, stuck: 2, circle, hasJug: true));

        Assert.Equal((ExploreOutcome.Broke, Problem.Stall), (walk.Outcome, walk.Problem?.Claim));
        Assert.Equal(circle, walk.LoopLength);
        Assert.Equal(["fill", "fill", .. Enumerable.Repeat("fill", circle)], walk.StoryNames);
    }

    [Fact]
    public void A_stall_is_told_with_steps_that_have_to_happen_even_where_another_leads_to_the_same_state_first()
    {
        var walk = Pumped(new Pump(top: 4, stuck: 2, hasJug: true, hasSpoon: true));

        Assert.Equal((Problem.Stall, 1), (walk.Problem?.Claim, walk.LoopLength));
        Assert.Equal(["fill", "fill", "fill"], walk.StoryNames);
    }

    [Fact]
    public void The_example_in_the_documentation_is_the_one_that_is_tested()
    {
        string code = File.ReadAllText(Path.Combine(SourceTree.Root, "tests", "Explorer", "Philosophers.cs"));
        string example = code[code.IndexOf("/// <summary>Dining", StringComparison.Ordinal)..].TrimEnd();

        Assert.Contains(example, File.ReadAllText(Path.Combine(SourceTree.Root, "docs", "explorer.md")), StringComparison.Ordinal);
    }

    private static Exploration Pumped(Pump pump) => BreadthFirst.Explore(() => pump.New(), new ExploreOptions { KeepsGraph = true });

    /// <summary>All reachable tables, by a search of its own.</summary>
    private static HashSet<string> Tables(int seats)
    {
        var found = new HashSet<string>(StringComparer.Ordinal) { new('0', seats) };
        var open = new Queue<string>(found);
        while (open.TryDequeue(out string? table))
        {
            for (int who = 0; who < seats; who++)
            {
                char left = table[(who + seats - 1) % seats];
                char right = table[(who + 1) % seats];
                bool moves = table[who] switch { '0' => left != '2', '1' => right == '0', _ => true };
                char next = (char)('0' + ((table[who] - '0' + 1) % 3));
                string after = table[..who] + next + table[(who + 1)..];
                if (moves && found.Add(after))
                {
                    open.Enqueue(after);
                }
            }
        }

        return found;
    }
}
