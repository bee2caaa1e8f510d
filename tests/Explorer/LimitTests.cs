using RxVerify.Explorer;
using RxVerify.Model.Dqo;
using RxVerify.Properties.Dqo;

namespace RxVerify.Tests.Explorer;

public class LimitTests
{
    private static readonly ExploreOrder[] Complete = [ExploreOrder.Breadth, ExploreOrder.Depth];

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void A_limit_that_is_reached_when_nothing_is_left_makes_no_walk_less_than_complete(int threads)
    {
        using var stop = new CancellationTokenSource();

        // 3, 2, 1 and 0: after the third step 0 is known and not yet expanded; when the walk is stopped it is.
        var known = BreadthFirst.Explore(() => new Countdown(3), new ExploreOptions { Threads = threads, StatesMax = 4 });
        var expanded = BreadthFirst.Explore(() => new Countdown(3, stop), new ExploreOptions { Threads = threads }, stop.Token);

        Assert.True(stop.IsCancellationRequested);
        Assert.Equal((ExploreOutcome.NotExhaustive, 4, "state limit of 4"), (known.Outcome, known.States, known.EndedBy));
        Assert.Equal((ExploreOutcome.Held, 4, null), (expanded.Outcome, expanded.States, expanded.EndedBy));
    }

    [Fact]
    public void More_kinds_of_operations_than_a_word_has_bits_are_refused_in_each_order()
    {
        foreach (var order in Enum.GetValues<ExploreOrder>())
        {
            var options = new ExploreOptions { Order = order, Walks = 1 };
            var refused = Assert.Throws<ArgumentException>(() => InOrder.Explore(() => new Countdown(3, kinds: 65), options));

            Assert.Contains("65 kinds of operations; expected at most 64", refused.Message, StringComparison.Ordinal);
            Assert.Equal(3, InOrder.Explore(() => new Countdown(3, kinds: 64), options).Transitions);
        }
    }

    [Fact]
    public void A_memory_limit_is_kept_while_the_table_doubles()
    {
        foreach (var order in Complete)
        {
            // Two chunks of the log have 1.5 MiB, the table of 2^17 slots 1 MiB, the next one 2 MiB: together more than 4.
            var options = new ExploreOptions { Order = order, BytesMax = 4 << 20 };
            var walk = DqoDriver.Right.ExploreCore(DqoCoreConfiguration.Parse("3 2 3 3 5 4 1"), DqoSymmetry.None, refines: false, options);

            Assert.Equal(ExploreOutcome.NotExhaustive, walk.Outcome);
            Assert.Contains("memory limit", walk.EndedBy, StringComparison.Ordinal);
            Assert.InRange(walk.PeakBytes, 2 << 20, 4 << 20);
        }
    }

    [Fact]
    public void Where_memory_has_no_room_for_more_outcomes_the_walk_goes_on_without_them()
    {
        // A table of 2^16 slots, a first chunk of 2^16 keys of a word and parents, and 2^11 outcomes of two words, whose next table would be twice as large.
        const int Bytes = (8 << 16) + (12 << 16) + (16 << 11);
        var core = DqoCoreConfiguration.Parse("3 2 3 3 1 3 0");

        var walk = DqoDriver.Right.ExploreCore(core, DqoSymmetry.None, refines: false, new ExploreOptions { BytesMax = Bytes + (32 << 11), StatesMax = 20_000 });

        Assert.StartsWith("state limit", walk.EndedBy, StringComparison.Ordinal);
        Assert.InRange(walk.States, 20_000, 30_000);
        Assert.Equal(Bytes, walk.PeakBytes);
    }
}
