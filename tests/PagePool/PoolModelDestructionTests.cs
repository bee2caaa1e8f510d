using RxVerify.Model.PagePool;
using RxVerify.Model.Vocabulary;
using RxVerify.Model.Vocabulary.PagePool;

namespace RxVerify.Tests.PagePool;

/// <summary>The end of the model's pool, in one go: users, cache, ring, current page, pages outside, retries, and a new pool (C.5).</summary>
public sealed class PoolModelDestructionTests
{
    private static readonly PoolConfiguration Small = new() { CacheSize = 4, Refill = 2, PoolSize = 4, HeldMax = 16 };

    [Fact]
    public void A_pool_with_nothing_outside_is_gone_at_once_and_its_statistics_stay()
    {
        var run = new PoolModelRun(Small);
        run.Do(PoolOperation.Page(), PoolOperation.Put());

        // Page 1 in the cache, page 2 in the ring.
        Assert.Equal(new PoolOutcome(2), run.Do(PoolOperation.Destroy()));
        Assert.Null(run.Model.Pool);
        Assert.Equal(new PoolCounters { Empty = 1, Slow = 1, Ringed = 1, Hold = 2, Release = 2 }, run.Counters);
        Assert.Equal(PoolDestroyerStep.Idle, run.Model.Destroyer);
    }

    [Fact]
    public void The_last_user_destroys_the_pool()
    {
        var run = new PoolModelRun(Small);
        run.Do(PoolOperation.Register(), PoolOperation.Page());
        Assert.False(run.Allows(PoolOperation.Register()));

        Assert.Equal(default, run.Do(PoolOperation.Destroy()));
        Assert.Equal((1, 0, true), (run.Pool.Users, run.Pool.DestroyCount, run.Pool.RecyclesDirectly));
        Assert.Equal([1], run.Cache);
        Assert.Equal(1, run.TakePage());

        run.Do(PoolOperation.Put(), PoolOperation.Put(), PoolOperation.Destroy());
        Assert.Null(run.Model.Pool);
    }

    [Theory]
    [InlineData(PoolEra.Linux515, true)]
    [InlineData(PoolEra.Linux612, false)]
    public void A_pool_with_pages_outside_waits_for_them_mapped_or_not(PoolEra era, bool staysMapped)
    {
        var run = new PoolModelRun(Small with { Era = era, Fragments = false });
        run.Repeat(2, PoolOperation.Page());

        Assert.Equal(0, run.Do(PoolOperation.Destroy()).Value);
        Assert.Equal((0, 2, 1, true), (run.Pool.Users, run.Pool.Inflight, run.Pool.DestroyCount, run.Pool.RetryScheduled));
        Assert.Equal((staysMapped, staysMapped), (run.Pool.IsMapped, run.Pool.IsSyncing));

        // Page 2 comes back into the ring, where the next look finds it; then page 1.
        run.Do(PoolOperation.Put());
        Assert.Equal([2], run.Ring);
        Assert.Equal(1, run.Do(PoolOperation.Retry()).Value);
        Assert.Equal((1, 2, true), (run.Pool.Inflight, run.Pool.DestroyCount, run.Pool.RetryScheduled));
        run.Do(PoolOperation.Put());
        Assert.Equal(1, run.Do(PoolOperation.Retry()).Value);
        Assert.Null(run.Model.Pool);
    }

    [Fact]
    public void A_destroyed_pool_gives_nothing_and_takes_back_through_the_ring_only()
    {
        var run = new PoolModelRun(Small);
        run.Do(PoolOperation.Page(), PoolOperation.Page(), PoolOperation.Destroy());

        Assert.All(
            [
                PoolOperation.Page(), PoolOperation.Fragment(1), PoolOperation.Any(1), PoolOperation.Move(), PoolOperation.Register(), PoolOperation.Destroy(),
                PoolOperation.Create(), PoolOperation.Put(context: PutContext.Direct), PoolOperation.Put(context: PutContext.DirectInProcess),
            ],
            operation => Assert.False(run.Allows(operation)));
        Assert.False(run.Pool.RecyclesDirectly);
        run.Do(PoolOperation.Put(context: PutContext.Local));
        Assert.Empty(run.Cache);
        Assert.Equal([2], run.Ring);
        Assert.True(run.Allows(PoolOperation.Share()));
        Assert.True(run.Allows(PoolOperation.Write(0, 1)));
    }

    [Fact]
    public void The_page_being_cut_leaves_when_none_of_its_fragments_is_outside()
    {
        var run = new PoolModelRun(Small with { Refill = 1 });
        run.Do(PoolOperation.Fragment(1000), PoolOperation.Put());

        Assert.Equal(1, run.Do(PoolOperation.Destroy()).Value);
        Assert.Null(run.Model.Pool);
    }

    [Theory]
    [InlineData(PoolEra.Linux515)]
    [InlineData(PoolEra.Linux612)]
    public void The_fragments_of_the_page_being_cut_outlive_the_pools_use_of_it(PoolEra era)
    {
        var run = new PoolModelRun(Small with { Era = era });
        run.Do(PoolOperation.Fragment(1000), PoolOperation.Fragment(1000));

        // Page 1 leaves from the cache, page 2 is outside.
        Assert.Equal(1, run.Do(PoolOperation.Destroy()).Value);
        Assert.Null(run.Pool.Current);
        Assert.Equal((1, 2), (run.Pool.Inflight, run.Facts(2).Outside));
        run.Do(PoolOperation.Put());
        Assert.Empty(run.Ring);
        run.Do(PoolOperation.Put());
        Assert.Equal([2], run.Ring);
        run.Do(PoolOperation.Retry());
        Assert.Null(run.Model.Pool);
    }

    [Fact]
    public void The_page_being_cut_leaves_also_when_somebody_else_holds_it()
    {
        var run = new PoolModelRun(Small with { Refill = 1 });
        run.Do(PoolOperation.Fragment(1000), PoolOperation.Reference(), PoolOperation.Put());

        Assert.Equal(1, run.Do(PoolOperation.Destroy()).Value);
        Assert.Null(run.Model.Pool);
        Assert.Equal([1], run.Held);
        Assert.Equal(0, run.Counters.ReleasedReference);
    }

    [Fact]
    public void A_new_pool_begins_at_nothing_and_what_is_still_held_stays()
    {
        var run = new PoolModelRun(Small);
        run.Do(PoolOperation.Foreign(), PoolOperation.Page(), PoolOperation.Reference(1), PoolOperation.Move(), PoolOperation.Put(1));
        Assert.False(run.Allows(PoolOperation.Create()));
        run.Do(PoolOperation.Destroy());
        Assert.Equal([1, 3], run.Held);

        Assert.Equal(default, run.Do(PoolOperation.Create()));
        Assert.Equal((1, 0, default(PoolCounters)), (run.Pool.Users, run.Pool.Node, run.Counters));
        Assert.Equal([1, 3], run.Held);
        // The foreign page was 1, the old pool had 2 and 3.
        Assert.Equal(5, run.TakePage());
        run.Do(PoolOperation.Put(), PoolOperation.Put());
        Assert.Equal([5], run.Held);
    }

    [Fact]
    public void Holders_without_a_pool_go_on_without_it()
    {
        var run = new PoolModelRun(Small);
        run.Do(PoolOperation.Destroy(), PoolOperation.Foreign(), PoolOperation.Reference());

        Assert.Equal(default, run.Do(PoolOperation.Put(context: PutContext.Local), PoolOperation.Begin(1)));
        Assert.Empty(run.Model.Held);
        Assert.False(run.Allows(PoolOperation.Page()));
        Assert.False(run.Allows(PoolOperation.Retry()));
        Assert.Equal(0, run.Do(PoolOperation.Settle()).Value);
    }

    [Fact]
    public void Settling_lets_go_of_everything_and_looks_until_the_pool_is_gone()
    {
        var run = new PoolModelRun(Small);
        run.Do(PoolOperation.Page(), PoolOperation.Fragment(1000), PoolOperation.Reference(), PoolOperation.Foreign(), PoolOperation.Destroy());

        Assert.Equal(new PoolOutcome(1), run.Do(PoolOperation.Settle()));
        Assert.Null(run.Model.Pool);
        Assert.Empty(run.Model.Held);
        // Page 2 left when its pool reference was given back, since it had another holder; page 1, which was cut, from the ring.
        Assert.Equal((2u, 2u), (run.Counters.Hold, run.Counters.Release));
    }

    [Fact]
    public void Settling_looks_again_as_long_as_a_look_changed_something()
    {
        var run = new PoolModelRun(Small with { Refill = 1 });
        run.Repeat(3, PoolOperation.Page());
        run.Do(PoolOperation.Destroy(), PoolOperation.Put());
        Assert.Equal(3, run.Pool.Inflight);

        // The first look finds page 1 in the ring and remembers two outside; the second changes nothing.
        Assert.Equal(2, run.Do(PoolOperation.Settle(keepsHeld: true)).Value);
        Assert.Equal((2, 3, true), (run.Pool.Inflight, run.Pool.DestroyCount, run.Pool.RetryScheduled));
        Assert.Equal([2, 3], run.Held);
        Assert.Equal(1, run.Do(PoolOperation.Settle(keepsHeld: true)).Value);
    }

    [Fact]
    public void A_page_that_left_since_the_last_look_is_a_change_to_the_next()
    {
        var run = new PoolModelRun(Small with { Refill = 1 });
        run.Repeat(2, PoolOperation.Page());
        run.Do(PoolOperation.Destroy(), PoolOperation.Reference(), PoolOperation.Put());

        // Page 1 left in the put; the look remembers one instead of two, the next look still one.
        Assert.Equal(2, run.Do(PoolOperation.Settle(keepsHeld: true)).Value);
    }

    [Fact]
    public void Settling_a_pool_in_use_only_lets_go()
    {
        var run = new PoolModelRun(Small);
        run.Do(PoolOperation.Page(), PoolOperation.Page(), PoolOperation.Begin(1), PoolOperation.Go(1), PoolOperation.Go(1));

        Assert.Equal(default, run.Do(PoolOperation.Settle()));
        // The put under way ended first, so its page is the first in the ring.
        Assert.Equal([2, 1], run.Ring);
        Assert.All(run.Model.Processors, Assert.Null);
        Assert.Equal((2, 1), (run.Counters.Ringed, run.Pool.Users));
    }

    [Fact]
    public void What_is_left_of_a_destroyed_pool_is_what_is_outside()
    {
        var run = new PoolModelRun(Small with { Refill = 4 });
        run.Do(PoolOperation.Page(), PoolOperation.Destroy());

        Assert.Equal([new PageId(4)], run.Pool.Pages.Keys);
        Assert.Equal((4u, 3u), (run.Counters.Hold, run.Counters.Release));
    }
}
