using RxVerify.Model.PagePool;
using RxVerify.Model.Vocabulary;
using RxVerify.Model.Vocabulary.PagePool;

namespace RxVerify.Tests.PagePool;

/// <summary>Whole pages from the model's cache, ring and allocator (C.2).</summary>
public sealed class PoolModelAllocationTests
{
    /// <summary>Three pages at a time, a cache of four, a ring of four that is cleared place by place.</summary>
    private static readonly PoolConfiguration Small = new() { CacheSize = 4, Refill = 3, PoolSize = 4, HeldMax = 16 };

    [Fact]
    public void A_pool_begins_with_nothing_in_it()
    {
        var run = new PoolModelRun(Small);

        Assert.Equal((1, 0, 0, 0), (run.Pool.Users, run.Pool.Node, run.Pool.DestroyCount, run.Model.PagesBorn));
        Assert.Empty(run.Cache);
        Assert.Empty(run.Ring);
        Assert.Null(run.Pool.Current);
        Assert.Equal(default, run.Counters);
    }

    [Fact]
    public void The_last_of_the_pages_allocated_together_is_given_out_and_the_others_wait_in_the_cache()
    {
        var run = new PoolModelRun(Small);

        Assert.Equal(new PoolOutcome(1, new Fragment(new PageId(3), 0, 4096)), run.Do(PoolOperation.Page()));
        Assert.Equal([1, 2], run.Cache);
        Assert.Equal(new PoolCounters { Empty = 1, Slow = 1, Hold = 3 }, run.Counters);
        Assert.Equal([2, 1, 6], [run.TakePage(), run.TakePage(), run.TakePage()]);
        // The cache gave two, then it was empty and so was the ring.
        Assert.Equal(new PoolCounters { Fast = 2, Empty = 2, Slow = 2, Hold = 6 }, run.Counters);
    }

    [Fact]
    public void What_came_into_the_cache_last_is_given_out_first()
    {
        var run = new PoolModelRun(Small);
        run.Repeat(3, PoolOperation.Page());

        // Held: 3, 2, 1. Page 3 goes back, then page 1, which is the second of those left.
        run.Do(PoolOperation.Put(0, PutContext.Direct), PoolOperation.Put(1, PutContext.Direct));

        Assert.Equal([3, 1], run.Cache);
        Assert.Equal([1, 3], [run.TakePage(), run.TakePage()]);
    }

    [Theory]
    [InlineData(0, 0, 0)]
    [InlineData(1, 1, 1)]
    [InlineData(2, 2, 2)]
    [InlineData(3, 3, 3)]
    [InlineData(9, 3, 3)]
    public void The_allocator_gives_as_many_pages_as_it_has(int after, int hold, int page)
    {
        var run = new PoolModelRun(Small);

        var outcome = run.Do(PoolOperation.Page(PoolFault.Page, after));

        Assert.Equal((hold == 0 ? 0 : 1, page), (outcome.Value, outcome.Got.Page.Value));
        Assert.Equal(((uint)hold, hold, hold == 0 ? 0 : 1), (run.Counters.Hold, run.Model.PagesBorn, run.Counters.Slow));
        Assert.Equal(Enumerable.Range(1, Math.Max(0, hold - 1)), run.Cache);
    }

    [Theory]
    [InlineData(PoolFault.Mapping)]
    [InlineData(PoolFault.Index)]
    public void A_page_that_cannot_be_mapped_or_registered_is_left_out_and_its_number_is_gone(PoolFault fault)
    {
        var run = new PoolModelRun(Small);

        Assert.Equal(3, run.Do(PoolOperation.Page(fault, after: 1)).Got.Page.Value);
        Assert.Equal([1], run.Cache);
        Assert.Equal((2u, 3), (run.Counters.Hold, run.Model.PagesBorn));

        // The fault strikes once: of pages 4, 5 and 6 the first is left out and the last given.
        run.Do(PoolOperation.Page());
        Assert.Equal(6, run.Do(PoolOperation.Page(fault)).Got.Page.Value);
        Assert.Equal([5], run.Cache);
    }

    [Fact]
    public void Nothing_is_given_when_no_page_could_be_mapped()
    {
        var run = new PoolModelRun(Small with { Refill = 1 });

        Assert.Equal(default, run.Do(PoolOperation.Page(PoolFault.Mapping)));
        Assert.Equal(new PoolCounters { Empty = 1 }, run.Counters);
        Assert.Empty(run.Model.Held);
        Assert.Equal(2, run.TakePage());
    }

    [Fact]
    public void A_refill_takes_from_the_ring_in_order_and_gives_the_last_one_out()
    {
        var run = new PoolModelRun(Small with { Refill = 2 });
        run.Repeat(4, PoolOperation.Page());
        Assert.Equal([2, 1, 4, 3], run.Held);
        run.Repeat(4, PoolOperation.Put());
        Assert.Equal([2, 1, 4, 3], run.Ring);

        // Two pages make a refill; the last in is the first out.
        Assert.Equal(1, run.TakePage());
        Assert.Equal([2], run.Cache);
        Assert.Equal([4, 3], run.Ring);
        // Two slow allocations with an empty ring, one page from the cache after each, and this refill.
        Assert.Equal(new PoolCounters { Fast = 2, Empty = 2, Slow = 2, Refilled = 1, Ringed = 4, Hold = 4 }, run.Counters);
    }

    [Fact]
    public void A_refill_ends_with_the_ring()
    {
        var run = new PoolModelRun(Small);
        run.Repeat(3, PoolOperation.Page());
        run.Repeat(2, PoolOperation.Put());

        Assert.Equal(2, run.TakePage());
        Assert.Equal([3], run.Cache);
        Assert.Empty(run.Ring);
    }

    [Fact]
    public void A_refill_gives_up_one_page_of_another_node_and_stops_there()
    {
        var run = new PoolModelRun(Small);
        run.Repeat(3, PoolOperation.Page());
        run.Do(PoolOperation.Move());
        run.Repeat(3, PoolOperation.Page());
        Assert.Equal([3, 2, 1, 6, 5, 4], run.Held);
        Assert.Equal([0, 1], [run.Facts(3).Node, run.Facts(6).Node]);
        // Into the ring: 6 of this node, 3 of the other, 5 of this.
        run.Do(PoolOperation.Put(3), PoolOperation.Put(0), PoolOperation.Put(2));
        Assert.Equal([6, 3, 5], run.Ring);

        Assert.Equal(6, run.TakePage());
        Assert.Equal([5], run.Ring);
        Assert.Empty(run.Cache);
        Assert.Equal((1, 1, 1u), (run.Counters.Waived, run.Counters.Refilled, run.Counters.Release));
    }

    [Fact]
    public void When_the_refill_gave_nothing_but_a_page_away_the_allocator_is_asked()
    {
        var run = new PoolModelRun(Small);
        run.Repeat(3, PoolOperation.Page());
        run.Do(PoolOperation.Put(), PoolOperation.Put(), PoolOperation.Move());

        Assert.Equal(6, run.TakePage());
        Assert.Equal([2], run.Ring);
        // The ring was empty for the very first page only.
        Assert.Equal(new PoolCounters { Fast = 2, Empty = 1, Slow = 2, Waived = 1, Ringed = 2, Hold = 6, Release = 1 }, run.Counters);
    }

    [Fact]
    public void A_move_gives_up_the_cache_and_nothing_else()
    {
        var run = new PoolModelRun(Small);
        run.TakePage();

        Assert.Equal(default, run.Do(PoolOperation.Move()));
        Assert.Equal(1, run.Pool.Node);
        Assert.Empty(run.Cache);
        Assert.Equal((3u, 2u, 0), (run.Counters.Hold, run.Counters.Release, run.Counters.Waived));

        // Only a refill looks at the node: page 3 comes into the cache and out again.
        run.Do(PoolOperation.Put(context: PutContext.Direct));
        Assert.Equal(3, run.TakePage());
        run.Do(PoolOperation.Move());
        Assert.Equal(0, run.Pool.Node);
    }

    [Fact]
    public void A_higher_order_is_allocated_page_by_page()
    {
        var run = new PoolModelRun(Small with { Order = 1 });

        Assert.Equal(new PoolOutcome(1, new Fragment(new PageId(1), 0, 8192)), run.Do(PoolOperation.Page(PoolFault.Page, after: 1)));
        Assert.Equal(default, run.Do(PoolOperation.Page(PoolFault.Page)));
        Assert.Equal(default, run.Do(PoolOperation.Page(PoolFault.Mapping)));
        Assert.Equal(3, run.TakePage());
        // Page 2 could not be mapped; the ring was empty all four times.
        Assert.Equal(new PoolCounters { Empty = 4, SlowHighOrder = 2, Hold = 2 }, run.Counters);
        Assert.Empty(run.Cache);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_pool_that_maps_gives_mapped_pages(bool maps)
    {
        var run = new PoolModelRun(Small with { Maps = maps, Syncs = false });

        Assert.Equal(new PoolPage(Node: 0, FromReserve: false, Written: 0, Outside: 1, References: 0), run.Facts(run.TakePage()));
        Assert.Equal(maps, run.Pool.IsMapped);
        Assert.Equal(0, run.Facts(1).Outside);
    }

    [Fact]
    public void Pages_of_the_reserve_are_used_once()
    {
        var run = new PoolModelRun(Small);
        run.Do(PoolOperation.Page(reserve: true));
        Assert.All(run.Pool.Pages.Values, facts => Assert.True(facts.FromReserve));

        Assert.Equal(1, run.Do(PoolOperation.Put(context: PutContext.Direct)).Value);
        Assert.Equal((1, 0, 1u), (run.Counters.ReleasedReference, run.Counters.Cached, run.Counters.Release));

        // Those in the cache are of the reserve, too, though this allocation is not.
        Assert.Equal(2, run.TakePage());
        Assert.Equal(1, run.Do(PoolOperation.Put()).Value);
    }
}
