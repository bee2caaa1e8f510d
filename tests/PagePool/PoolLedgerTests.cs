using RxVerify.Model.PagePool;
using RxVerify.Model.Vocabulary.PagePool;

namespace RxVerify.Tests.PagePool;

/// <summary>The books of a pool, which recordings of a kernel are held against too.</summary>
public sealed class PoolLedgerTests
{
    [Fact]
    public void Inflight_is_a_signed_difference_of_counts_that_wrap()
    {
        var ledger = new PoolLedger(uint.MaxValue, uint.MaxValue - 2, 0);
        Assert.Equal(2, ledger.Inflight);
        Assert.Equal((0u, 3), (ledger.Brought().Hold, ledger.Brought().Inflight));
        Assert.Equal(-1, new PoolLedger(0, uint.MaxValue, 0).Left().Left().Inflight);
    }

    [Theory]
    [InlineData(0, PoolFate.Gone)]
    [InlineData(1, PoolFate.LooksAgain)]
    [InlineData(-1, PoolFate.StopsLooking)]
    public void A_look_decides_what_becomes_of_the_pool(int inflight, PoolFate fate) => Assert.Equal(fate, PoolLedger.FateOf(inflight));

    [Fact]
    public void The_statistics_of_the_model_are_those_of_its_books()
    {
        var run = new PoolModelRun(new PoolConfiguration { Refill = 4, CacheSize = 8 });
        run.TakePage();
        Assert.Equal(new PoolLedger(4, 0, 0), run.Pool.Ledger);

        // Destroyed with one page outside: the three others leave, and it was looked at once.
        run.Do(PoolOperation.Destroy());
        Assert.Equal(new PoolLedger(4, 3, 1), run.Pool.Ledger);
        Assert.Equal((4u, 3u), (run.Counters.Hold, run.Counters.Release));
    }
}
