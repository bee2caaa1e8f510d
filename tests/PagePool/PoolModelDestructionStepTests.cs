using RxVerify.Model.PagePool;
using RxVerify.Model.Vocabulary;
using RxVerify.Model.Vocabulary.PagePool;

namespace RxVerify.Tests.PagePool;

/// <summary>The end of the model's pool, step by step, with puts in between (C.5, docs/pool.md).</summary>
public sealed class PoolModelDestructionStepTests
{
    private static readonly PoolOperation Step = PoolOperation.Go(PoolOperation.Destroyer);

    /// <summary>Two pages at a time, so that the first page held is 2 and page 1 waits in the cache.</summary>
    private static readonly PoolConfiguration Small = new() { CacheSize = 4, Refill = 2, PoolSize = 4, HeldMax = 16 };

    [Fact]
    public void The_steps_of_a_destruction_are_these()
    {
        var run = new PoolModelRun(Small);
        // Cut: page 2, of which nothing is outside. Ring: page 1. Cache: page 3. Held: page 4.
        run.Do(PoolOperation.Fragment(1000), PoolOperation.Page(), PoolOperation.Page(), PoolOperation.Put(), PoolOperation.Put());
        Assert.Equal([3], run.Cache);
        Assert.Equal([1], run.Ring);
        Assert.False(run.Allows(Step));

        Assert.Equal(0, run.Do(PoolOperation.Destroy(stepwise: true)).Value);
        Assert.Equal((PoolDestroyerStep.CurrentPage, 0, false), (run.Model.Destroyer, run.Pool.Users, run.Pool.RecyclesDirectly));

        Assert.Equal(1, run.Do(Step).Value);
        Assert.Equal((PoolDestroyerStep.Scrub, null), (run.Model.Destroyer, run.Pool.Current));

        Assert.Equal(1, run.Do(Step).Value);
        Assert.Equal((PoolDestroyerStep.Ring, 1, false, false), (run.Model.Destroyer, run.Pool.DestroyCount, run.Pool.IsMapped, run.Pool.IsSyncing));
        Assert.Empty(run.Cache);
        Assert.Equal([1], run.Ring);

        Assert.Equal(1, run.Do(Step).Value);
        Assert.Equal((PoolDestroyerStep.Inflight, 0), (run.Model.Destroyer, run.Pool.Inflight));

        Assert.Equal(0, run.Do(Step).Value);
        Assert.Equal((PoolDestroyerStep.Lock, 1), (run.Model.Destroyer, run.Pool.Inflight));
        Assert.Equal(0, run.Do(Step).Value);
        Assert.Equal((PoolDestroyerStep.Finish, false), (run.Model.Destroyer, run.Pool.RetryScheduled));
        Assert.Equal(0, run.Do(Step).Value);
        Assert.Equal((PoolDestroyerStep.Idle, true), (run.Model.Destroyer, run.Pool.RetryScheduled));
        Assert.False(run.Allows(Step));
    }

    [Fact]
    public void A_user_that_is_not_the_last_does_one_step()
    {
        var run = new PoolModelRun(Small);
        run.Do(PoolOperation.Register(), PoolOperation.Destroy(stepwise: true));

        Assert.Equal((PoolDestroyerStep.Idle, 1, true), (run.Model.Destroyer, run.Pool.Users, run.Pool.RecyclesDirectly));
    }

    [Fact]
    public void In_the_old_era_pages_stay_mapped_and_are_synced_after_the_scrub()
    {
        var run = new PoolModelRun(Small with { Era = PoolEra.Linux515 });
        run.Do(PoolOperation.Fragment(1000), PoolOperation.Destroy(stepwise: true), Step, Step);

        Assert.Equal((PoolDestroyerStep.Ring, true, true), (run.Model.Destroyer, run.Pool.IsMapped, run.Pool.IsSyncing));
    }

    [Fact]
    public void Destruction_waits_for_a_put_that_has_seen_that_it_may_use_the_cache()
    {
        var run = new PoolModelRun(Small);
        run.Repeat(2, PoolOperation.Page());
        run.Do(PoolOperation.Begin(0, context: PutContext.Local), PoolOperation.Go(0));
        Assert.False(run.Allows(PoolOperation.Destroy()));
        run.Do(PoolOperation.Destroy(stepwise: true));

        Assert.False(run.Allows(Step));
        run.Do(PoolOperation.Go(0));
        Assert.Equal([2], run.Cache);
        // It came in before the scrub, which gives it up.
        run.Do(Step);
        Assert.Equal(1, run.Do(Step).Value);
        Assert.Empty(run.Cache);
    }

    [Fact]
    public void A_put_that_decides_after_direct_recycling_ended_stays_out_of_the_cache()
    {
        var run = new PoolModelRun(Small);
        run.Repeat(2, PoolOperation.Page());
        run.Do(PoolOperation.Begin(0, context: PutContext.Local), PoolOperation.Destroy(stepwise: true), PoolOperation.Go(0));

        Assert.True(run.Allows(Step));
        run.Do(Step, PoolOperation.Go(0), PoolOperation.Go(0));
        Assert.Empty(run.Cache);
        Assert.Equal([2], run.Ring);
    }

    [Fact]
    public void In_the_old_era_no_local_put_is_waited_for()
    {
        var run = new PoolModelRun(Small with { Era = PoolEra.Linux515, Fragments = false });
        run.TakePage();
        run.Do(PoolOperation.Begin(0, context: PutContext.Local), PoolOperation.Go(0));

        Assert.True(run.Allows(PoolOperation.Destroy()));
    }

    [Fact]
    public void Nobody_destroys_the_pool_while_its_processor_says_that_this_is_the_pools_context()
    {
        var run = new PoolModelRun(Small);
        run.TakePage();
        run.Do(PoolOperation.Begin(0, context: PutContext.Direct));

        Assert.False(run.Allows(PoolOperation.Destroy(stepwise: true)));
        run.Do(PoolOperation.Go(0), PoolOperation.Go(0));
        Assert.True(run.Allows(PoolOperation.Destroy(stepwise: true)));
    }

    [Fact]
    public void The_pool_outlives_the_producer_that_published_its_last_page()
    {
        var run = new PoolModelRun(Small);
        run.TakePage();
        run.Do(PoolOperation.Begin(1), PoolOperation.Go(1), PoolOperation.Go(1));
        Assert.False(run.Allows(PoolOperation.Destroy()));
        run.Do(PoolOperation.Destroy(stepwise: true), Step, Step, Step, Step);

        // Both pages have left, so nothing is in flight; but the producer is still inside.
        Assert.Equal((PoolDestroyerStep.Lock, 0), (run.Model.Destroyer, run.Pool.Inflight));
        Assert.False(run.Allows(Step));
        run.Do(PoolOperation.Go(1), Step, Step);
        Assert.Null(run.Model.Pool);
        Assert.Equal(1, run.Counters.Ringed);
    }

    [Fact]
    public void A_page_published_behind_the_scrub_is_found_by_the_next_look()
    {
        var run = new PoolModelRun(Small);
        run.TakePage();
        run.Do(PoolOperation.Begin(1), PoolOperation.Go(1), PoolOperation.Destroy(stepwise: true), Step, Step, Step);
        run.Do(PoolOperation.Go(1), PoolOperation.Go(1), Step, Step, Step);

        Assert.Equal((1, true), (run.Pool.Inflight, run.Pool.RetryScheduled));
        Assert.Equal([2], run.Ring);
        Assert.Equal(1, run.Do(PoolOperation.Retry()).Value);
        Assert.Null(run.Model.Pool);
    }

    [Fact]
    public void A_page_that_leaves_after_the_count_is_missed_until_the_next_look()
    {
        var run = new PoolModelRun(Small);
        run.Do(PoolOperation.Page(), PoolOperation.Reference(), PoolOperation.Destroy(stepwise: true), Step, Step, Step, Step);
        Assert.Equal(1, run.Do(PoolOperation.Put()).Value);
        run.Do(Step, Step);

        Assert.Equal((1, true), (run.Pool.Inflight, run.Pool.RetryScheduled));
        Assert.Equal(run.Counters.Hold, run.Counters.Release);
        run.Do(PoolOperation.Retry());
        Assert.Null(run.Model.Pool);
    }

    [Fact]
    public void A_page_under_way_when_its_pool_is_scrubbed_is_not_mapped_any_more()
    {
        var run = new PoolModelRun(Small);
        run.TakePage();
        run.Do(PoolOperation.Begin(1), PoolOperation.Destroy(stepwise: true), Step, Step);

        Assert.Equal([new PageId(2)], run.Pool.Pages.Keys);
        Assert.False(run.Pool.IsMapped);
    }

    [Fact]
    public void A_retry_begins_with_the_scrub_and_schedules_the_next_at_its_end()
    {
        var run = new PoolModelRun(Small);
        run.Do(PoolOperation.Page(), PoolOperation.Destroy());

        Assert.Equal(0, run.Do(PoolOperation.Retry(stepwise: true)).Value);
        Assert.Equal((PoolDestroyerStep.Ring, 2, false), (run.Model.Destroyer, run.Pool.DestroyCount, run.Pool.RetryScheduled));
        Assert.False(run.Allows(PoolOperation.Retry()));
        run.Do(Step, Step, Step, Step);
        Assert.Equal((PoolDestroyerStep.Idle, true), (run.Model.Destroyer, run.Pool.RetryScheduled));
    }

    [Fact]
    public void A_retry_in_one_go_waits_for_the_lock()
    {
        var run = new PoolModelRun(Small);
        run.Do(PoolOperation.Page(), PoolOperation.Destroy(), PoolOperation.Begin(1), PoolOperation.Go(1), PoolOperation.Go(1));

        Assert.False(run.Allows(PoolOperation.Retry()));
        Assert.True(run.Allows(PoolOperation.Retry(stepwise: true)));
        run.Do(PoolOperation.Go(1), PoolOperation.Retry());
        Assert.Null(run.Model.Pool);
    }

    [Fact]
    public void Settling_ends_puts_and_destruction_that_wait_for_each_other()
    {
        var run = new PoolModelRun(Small);
        run.Repeat(3, PoolOperation.Page());
        // Processor 1 is inside the lock, processor 0 will go into the cache, processor 2 waits for the lock, and the destroyer for processor 0.
        run.Do(PoolOperation.Begin(1), PoolOperation.Go(1), PoolOperation.Go(1));
        run.Do(PoolOperation.Begin(0, context: PutContext.Local), PoolOperation.Go(0));
        run.Do(PoolOperation.Begin(2), PoolOperation.Go(2), PoolOperation.Destroy(stepwise: true));
        Assert.False(run.Allows(PoolOperation.Go(2)));
        Assert.False(run.Allows(Step));

        // Nothing is outside, so the destruction itself frees the pool.
        Assert.Equal(0, run.Do(PoolOperation.Settle()).Value);
        Assert.Null(run.Model.Pool);
        Assert.Equal((4u, 4u, 1, 2), (run.Counters.Hold, run.Counters.Release, run.Counters.Cached, run.Counters.Ringed));
    }
}
