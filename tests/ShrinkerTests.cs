using RxVerify.Properties;

namespace RxVerify.Tests;

public class ShrinkerTests
{
    private static readonly Claim Boom = new("boom", 0, "The counter never reaches three after an unlock.", "it explodes");
    private static readonly Claim Other = new("other", 1, "Nobody locks twice.", "it hangs");

    [Fact]
    public void A_long_failure_ends_at_the_only_shortest_story()
    {
        // "u" allows counting, three "+" break the claim: four steps, and their order is fixed but for the counting.
        var shrunk = Shrink("-u--+-+u-l-+u---+--+", Boom);

        Assert.Equal("u+++", shrunk);
    }

    [Fact]
    public void Another_claim_that_breaks_on_the_way_is_not_taken_for_the_same()
    {
        // Without its "u" the run would break the other claim in two steps; that is not the failure that was found.
        var shrunk = Shrink("-lu-+l+-u+++", Boom);

        Assert.Equal("u+++", shrunk);
    }

    [Fact]
    public void Steps_that_are_not_allowed_are_left_out_instead_of_run()
    {
        // "+" before "u" is not allowed: removing the "u" alone must not leave a run with forbidden steps.
        var counter = new Counter(limit: 3);
        var done = new char[8];

        int count = Runs.ReplayAllowed<char>(counter, "+-+u+", done);

        Assert.Equal("-u+", new string(done, 0, count));
    }

    [Fact]
    public void A_simpler_configuration_that_still_fails_is_taken()
    {
        var shrinker = new Shrinker<int, char>(limit => new Counter(limit), new Simpler());

        var shrunk = shrinker.Shrink(new Failure<int, char>(5, [.. "u+++++"], new Finding(Boom, "")));

        // Limit 1 is the simplest: "u+" breaks it.
        Assert.Equal(1, shrunk.Configuration);
        Assert.Equal("u+", new string(shrunk.Operations));
    }

    [Fact]
    public void A_failure_that_does_not_repeat_is_reported_as_such()
    {
        var shrinker = new Shrinker<int, char>(limit => new Counter(limit), new Simpler());

        var problem = Assert.Throws<InvalidOperationException>(() => shrinker.Shrink(new Failure<int, char>(3, [.. "---"], new Finding(Boom, "once"))));

        Assert.Contains("did not repeat", problem.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(5)]
    [InlineData(12)]
    public void A_search_that_is_stopped_returns_the_shortest_failure_so_far(int runs)
    {
        const string Found = "-u--+-+u---u+---+--";
        using var stop = new CancellationTokenSource();
        int begun = 0;
        var shrinker = new Shrinker<int, char>(limit => new Counter(limit, () => StopAfter(runs)), new Simpler(least: 3));

        var shrunk = shrinker.Shrink(new Failure<int, char>(3, [.. Found], new Finding(Boom, "")), stop.Token);

        // The first replay shows that the failure repeats and is always done; none is begun after the stop.
        Assert.Equal(runs + 1, begun);
        Assert.InRange(shrunk.Operations.Length, 5, Found.Length);
        Assert.IsType<Verdict.Broke>(Runs.Replay<char>(new Counter(3), shrunk.Operations));

        void StopAfter(int runs)
        {
            if (begun++ == runs)
            {
                stop.Cancel();
            }
        }
    }

    [Fact]
    public void A_minimum_that_nothing_leaves_by_chance_is_left_by_a_look_through_all_shorter_runs_which_ends_with_the_proof()
    {
        // "t" counts three at once: no step of "u+++" can be left out, and "u+" and "ut" are not among them. One step breaks nothing.
        var asked = new List<int>();
        var shrunk = Shrink("u--++-+", Boom, stepsMax =>
        {
            asked.Add(stepsMax);
            return stepsMax >= 2 ? new ShortRuns<char>([.. "ut"], null) : new ShortRuns<char>(null, new ProvenShortest(4, stepsMax, "u, l, + and t"));
        });

        Assert.Equal("ut", new string(shrunk.Operations));
        Assert.Equal([3, 1], asked);
        Assert.Equal("proven shortest by 4 states to depth 1 of u, l, + and t", shrunk.Proof?.ToString());
    }

    [Fact]
    public void Where_there_are_too_many_runs_to_look_through_a_simpler_configuration_on_which_others_fail_is_taken()
    {
        // On 1 nothing counts but "t", so "u+++" does not fail there; nobody can look through the runs on 3.
        var shrinker = new Shrinker<int, char>(limit => new Counter(limit, without: limit == 1 ? '+' : '-'), new Simpler(), new Look(LookThrough));

        var shrunk = shrinker.Shrink(new Failure<int, char>(3, [.. "u--++-+"], new Finding(Boom, "")));

        Assert.Equal(1, shrunk.Configuration);
        Assert.Equal("ut", new string(shrunk.Operations));
        Assert.Equal(1, shrunk.Proof?.Depth);

        static ShortRuns<char>? LookThrough(int limit, int stepsMax) =>
            limit > 1 ? null : stepsMax >= 2 ? new ShortRuns<char>([.. "ut"], null) : new ShortRuns<char>(null, new ProvenShortest(4, stepsMax, "u, l and t"));
    }

    [Fact]
    public void A_story_that_is_proven_shortest_is_left_for_a_shorter_one_on_another_configuration_which_need_not_be_simpler()
    {
        // Only limit 3 is offered as simpler; two "+" are enough for limit 2.
        var asked = new List<(int Limit, int StepsMax)>();
        var shrunk = Shrink("u--++-+", Boom, stepsMax => new ShortRuns<char>(null, new ProvenShortest(4, stepsMax, "u, l and +")), (limit, stepsMax) =>
        {
            asked.Add((limit, stepsMax));
            return new RunElsewhere<int, char>(2, [.. "u++"]);
        });

        Assert.Equal(2, shrunk.Configuration);
        Assert.Equal("u++", new string(shrunk.Operations));
        Assert.Equal(2, shrunk.Proof?.Depth);

        // Fewer than the four steps that are left of it on 3, and once.
        Assert.Equal([(3, 3)], asked);
    }

    [Fact]
    public void Where_nothing_is_proven_a_run_elsewhere_may_be_as_long()
    {
        int asked = 0;
        var shrunk = Shrink("u--++-+", Boom, _ => null, (_, stepsMax) =>
        {
            asked = stepsMax;
            return null;
        });

        Assert.Equal("u+++", new string(shrunk.Operations));
        Assert.Equal(4, asked);
    }

    [Fact]
    public void A_shorter_run_elsewhere_is_not_taken_on_trust()
    {
        // "ll" breaks the other claim, and "u+" none.
        Assert.Equal("u+++", Untrusted("ll"));
        Assert.Equal("u+++", Untrusted("u+"));

        static string Untrusted(string offered) =>
            new(Shrink("u--++-+", Boom, _ => null, (_, _) => new RunElsewhere<int, char>(2, [.. offered])).Operations);
    }

    [Fact]
    public void A_shorter_run_is_not_taken_on_trust()
    {
        // "ll" breaks the other claim, and "u+" none.
        Assert.Equal("u+++", Untrusted("ll"));
        Assert.Equal("u+++", Untrusted("u+"));

        static string Untrusted(string offered)
        {
            var shrunk = Shrink("u--++-+", Boom, _ => new ShortRuns<char>([.. offered], null));
            Assert.Null(shrunk.Proof);
            return new string(shrunk.Operations);
        }
    }

    [Fact]
    public void Where_nobody_can_look_through_all_runs_nothing_is_proven()
    {
        Assert.Null(Shrink("u--++-+", Boom, _ => null).Proof);
    }

    private static Failure<int, char> Shrink(
        string steps, Claim claim, Func<int, ShortRuns<char>?> lookThrough, Func<int, int, RunElsewhere<int, char>?>? elsewhere = null) =>
        new Shrinker<int, char>(limit => new Counter(limit), new Simpler(least: 3), new Look((_, stepsMax) => lookThrough(stepsMax), elsewhere))
            .Shrink(new Failure<int, char>(3, [.. steps], new Finding(claim, "")));

    private static string Shrink(string steps, Claim claim)
    {
        // The configuration stays: only limit 3 is offered.
        var shrinker = new Shrinker<int, char>(limit => new Counter(limit), new Simpler(least: 3));
        return new string(shrinker.Shrink(new Failure<int, char>(3, [.. steps], new Finding(claim, ""))).Operations);
    }

    /// <summary>"u" unlocks, "l" locks (twice in a row is a mistake), "+" counts while unlocked and "t" three at once, "-" does nothing.</summary>
    private sealed class Counter(int limit, Action? restarted = null, char without = '-') : IRun<char>
    {
        private int _count;
        private bool _isUnlocked;
        private bool _lockedBefore;

        public Finding? Finding { get; private set; }

        public void Restart()
        {
            restarted?.Invoke();
            _count = 0;
            _isUnlocked = _lockedBefore = false;
            Finding = null;
        }

        public bool Allows(char operation) => operation is not ('+' or 't') || _isUnlocked;

        public bool Step(char operation)
        {
            _count += operation == without ? 0 : operation == '+' ? 1 : operation == 't' ? 3 : 0;
            Finding = operation == 'l' && _lockedBefore ? new Finding(Other, "") : _count >= limit ? new Finding(Boom, "") : null;
            _lockedBefore = operation == 'l';
            _isUnlocked |= operation == 'u';
            return Finding is null;
        }

        public void Dispose()
        {
        }
    }

    /// <summary>Sees every claim, and answers as told, by limit and steps.</summary>
    private sealed class Look(Func<int, int, ShortRuns<char>?> answer, Func<int, int, RunElsewhere<int, char>?>? elsewhere = null) : ILookThrough<int, char>
    {
        public bool CanSee(int configuration, Claim claim) => true;

        public ShortRuns<char>? Runs(int configuration, Claim claim, int stepsMax, CancellationToken cancellation = default) => answer(configuration, stepsMax);

        public RunElsewhere<int, char>? Elsewhere(int configuration, Claim claim, int stepsMax, CancellationToken cancellation = default) =>
            elsewhere?.Invoke(configuration, stepsMax);
    }

    private sealed class Simpler(int least = 1) : ISimplify<int, char>
    {
        public IEnumerable<char> SimplerThan(char operation) => operation == '-' ? [] : ['-'];

        public IEnumerable<int> SimplerThan(int configuration) => configuration > least ? [least] : [];

        public int Draw(IRun<char> run, ulong seed, ReadOnlySpan<char> kept, Span<char> done)
        {
            run.Restart();
            return 0;
        }
    }
}
