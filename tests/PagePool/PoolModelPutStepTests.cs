using RxVerify.Model.PagePool;
using RxVerify.Model.Vocabulary.PagePool;

namespace RxVerify.Tests.PagePool;

/// <summary>Puts under way in the model, step by step, and what happens between the steps (C.4, docs/pool.md).</summary>
public sealed class PoolModelPutStepTests
{
    /// <summary>Whole pages, one allocated at a time, so that page n is held at place n - 1.</summary>
    private static readonly PoolConfiguration Small =
        new() { CacheSize = 2, Refill = 1, PoolSize = 2, Fragments = false, HeldMax = 16 };

    [Fact]
    public void A_put_counts_decides_publishes_and_then_counts_what_it_published()
    {
        var run = new PoolModelRun(Small);
        run.TakePage();

        Assert.Equal(default, run.Do(PoolOperation.Begin(1)));
        Assert.Equal((PoolPutStep.Decide, 1), (Put(run, 1).Step, run.Model.Load));
        Assert.Equal((0, 0), (run.Facts(1).Outside, run.Model.Held.Length));

        Assert.Equal(default, run.Do(PoolOperation.Go(1)));
        Assert.Equal((PoolPutStep.Publish, false), (Put(run, 1).Step, Put(run, 1).IsDirect));
        Assert.Empty(run.Ring);

        Assert.Equal(default, run.Do(PoolOperation.Go(1)));
        Assert.Equal((PoolPutStep.Epilogue, 1, 0), (Put(run, 1).Step, Put(run, 1).Produced, run.Counters.Ringed));
        Assert.Equal([1], run.Ring);
        Assert.True(Put(run, 1).HoldsLock);
        // The page is in its place: the put carries it no more.
        Assert.Equal(0, run.Model.Load);

        Assert.Equal(default, run.Do(PoolOperation.Go(1)));
        Assert.Null(run.Model.Processors[1]);
        Assert.Equal(1, run.Counters.Ringed);
    }

    [Fact]
    public void Pages_without_a_place_leave_in_the_last_step()
    {
        var run = new PoolModelRun(Small);
        run.Repeat(5, PoolOperation.Page());
        run.Do(PoolOperation.Begin(2, pick: 1, count: 4), PoolOperation.Go(2), PoolOperation.Go(2));

        Assert.Equal([2, 3], run.Ring);
        Assert.Equal([4, 5], Put(run, 2).Pages.Select(page => page.Value));
        Assert.Equal(3, run.Model.Load);
        Assert.Equal((0, 0, 0u), (run.Counters.Ringed, run.Counters.RingFull, run.Counters.Release));

        Assert.Equal(2, run.Do(PoolOperation.Go(2)).Value);
        Assert.Equal((2, 2, 2u), (run.Counters.Ringed, run.Counters.RingFull, run.Counters.Release));
        Assert.Equal(1, run.Model.Load);
    }

    [Fact]
    public void A_put_that_carries_nothing_is_done()
    {
        var run = new PoolModelRun(Small with { Fragments = true });
        run.Do(PoolOperation.Fragment(1000), PoolOperation.Foreign(), PoolOperation.Page(), PoolOperation.Reference(2), PoolOperation.Reference());

        // A fragment of the page being cut, a foreign page, a page reference.
        run.Do(PoolOperation.Begin(1), PoolOperation.Begin(1), PoolOperation.Begin(1, pick: 2));
        Assert.All(run.Model.Processors, Assert.Null);

        // The page itself is still held by the other reference: it leaves as soon as that is seen.
        Assert.Equal(1, run.Do(PoolOperation.Begin(1), PoolOperation.Go(1)).Value);
        Assert.All(run.Model.Processors, Assert.Null);
        Assert.Equal(1, run.Counters.ReleasedReference);
    }

    [Fact]
    public void A_direct_put_that_fits_the_cache_needs_no_lock_and_has_no_last_step()
    {
        var run = new PoolModelRun(Small);
        run.Repeat(2, PoolOperation.Page());
        run.Do(PoolOperation.Begin(1, pick: 1), PoolOperation.Go(1), PoolOperation.Go(1));
        run.Do(PoolOperation.Begin(0, context: PutContext.Direct), PoolOperation.Go(0));
        Assert.True(Put(run, 0).IsBoundForCache);

        run.Do(PoolOperation.Go(0));
        Assert.Null(run.Model.Processors[0]);
        Assert.Equal([1], run.Cache);
        Assert.True(Put(run, 1).HoldsLock);
    }

    [Fact]
    public void Only_one_put_is_inside_the_producers_lock()
    {
        var run = new PoolModelRun(Small);
        run.Repeat(4, PoolOperation.Page());
        run.Do(PoolOperation.Begin(1), PoolOperation.Go(1), PoolOperation.Begin(2), PoolOperation.Go(2));
        Assert.True(run.Allows(PoolOperation.Put()));
        Assert.True(run.Allows(PoolOperation.Go(2)));
        run.Do(PoolOperation.Go(1));

        // Others may begin and decide, but neither publish nor put in one go.
        Assert.False(run.Allows(PoolOperation.Put()));
        Assert.False(run.Allows(PoolOperation.Put(context: PutContext.Direct)));
        Assert.False(run.Allows(PoolOperation.Go(2)));
        run.Do(PoolOperation.Begin(0, context: PutContext.Local), PoolOperation.Go(0));
        Assert.True(run.Allows(PoolOperation.Go(0)));

        run.Do(PoolOperation.Go(1));
        Assert.True(run.Allows(PoolOperation.Go(2)));
    }

    [Fact]
    public void Pages_for_which_the_cache_has_no_room_need_the_lock()
    {
        var run = new PoolModelRun(Small);
        run.Repeat(4, PoolOperation.Page());
        run.Do(PoolOperation.Begin(1), PoolOperation.Go(1), PoolOperation.Go(1));
        // Three pages on the pool's processor, two places in the cache.
        run.Do(PoolOperation.Begin(0, context: PutContext.Local, count: 3), PoolOperation.Go(0));
        Assert.False(run.Allows(PoolOperation.Go(0)));

        run.Do(PoolOperation.Go(1), PoolOperation.Go(0));
        Assert.Equal([2, 3], run.Cache);
        Assert.Equal([1, 4], run.Ring);
        Assert.Equal((2, 1, 1), (run.Counters.Cached, run.Counters.CacheFull, run.Counters.Ringed));
        run.Do(PoolOperation.Go(0));
        Assert.Equal(2, run.Counters.Ringed);
    }

    [Fact]
    public void A_published_page_can_be_given_out_before_it_is_counted()
    {
        var run = new PoolModelRun(Small);
        run.TakePage();
        run.Do(PoolOperation.Begin(1), PoolOperation.Go(1), PoolOperation.Go(1));

        Assert.Equal(1, run.TakePage());
        Assert.Equal((1, 0), (run.Counters.Refilled, run.Counters.Ringed));
        run.Do(PoolOperation.Go(1));
        Assert.Equal((1, 1), (run.Facts(1).Outside, run.Counters.Ringed));
    }

    [Fact]
    public void The_pools_processor_does_one_thing_at_a_time()
    {
        var run = new PoolModelRun(Small with { Fragments = true });
        run.Repeat(2, PoolOperation.Page());
        run.Do(PoolOperation.Begin(0, context: PutContext.Local));

        Assert.All(
            [
                PoolOperation.Page(), PoolOperation.Fragment(1), PoolOperation.Any(1), PoolOperation.Move(),
                PoolOperation.Put(context: PutContext.Local), PoolOperation.Put(context: PutContext.Direct), PoolOperation.Put(context: PutContext.DirectInProcess),
                PoolOperation.Begin(0, context: PutContext.Local),
            ],
            operation => Assert.False(run.Allows(operation)));
        Assert.True(run.Allows(PoolOperation.Put()));
        Assert.True(run.Allows(PoolOperation.Register()));
    }

    [Fact]
    public void A_reference_that_is_taken_before_the_decision_is_seen_by_it()
    {
        var run = new PoolModelRun(Small);
        run.TakePage();
        run.Do(PoolOperation.Reference(), PoolOperation.Begin(1), PoolOperation.Reference());
        Assert.Equal(2, run.Facts(1).References);

        Assert.Equal(1, run.Do(PoolOperation.Go(1)).Value);
        Assert.Equal([1, 1], run.Held);
    }

    [Theory]
    [InlineData(0, PutContext.Elsewhere, false)]
    [InlineData(0, PutContext.Local, true)]
    [InlineData(0, PutContext.Direct, true)]
    [InlineData(0, PutContext.DirectInProcess, false)]
    [InlineData(1, PutContext.Elsewhere, true)]
    [InlineData(2, PutContext.Elsewhere, true)]
    [InlineData(1, PutContext.Local, false)]
    [InlineData(2, PutContext.Direct, false)]
    [InlineData(3, PutContext.Elsewhere, false)]
    public void A_put_begins_where_its_context_says(int processor, PutContext context, bool isAllowed)
    {
        var run = new PoolModelRun(Small);
        run.TakePage();

        Assert.Equal(isAllowed, run.Allows(PoolOperation.Begin(processor, context: context)));
        Assert.False(run.Allows(PoolOperation.Go(processor)));
    }

    private static PoolPut Put(PoolModelRun run, int processor) => run.Model.Processors[processor]!;
}
