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

    private static string Shrink(string steps, Claim claim)
    {
        // The configuration stays: only limit 3 is offered.
        var shrinker = new Shrinker<int, char>(limit => new Counter(limit), new Simpler(least: 3));
        return new string(shrinker.Shrink(new Failure<int, char>(3, [.. steps], new Finding(claim, ""))).Operations);
    }

    /// <summary>"u" unlocks, "l" locks (twice in a row is a mistake), "+" counts while unlocked, "-" does nothing.</summary>
    private sealed class Counter(int limit, Action? restarted = null) : IRun<char>
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

        public bool Allows(char operation) => operation != '+' || _isUnlocked;

        public bool Step(char operation)
        {
            _count += operation == '+' ? 1 : 0;
            Finding = operation == 'l' && _lockedBefore ? new Finding(Other, "") : _count >= limit ? new Finding(Boom, "") : null;
            _lockedBefore = operation == 'l';
            _isUnlocked |= operation == 'u';
            return Finding is null;
        }

        public void Dispose()
        {
        }
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
