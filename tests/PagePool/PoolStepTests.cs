using RxVerify.Implementation.Memory;
using RxVerify.Implementation.PagePool;
using RxVerify.Model.Vocabulary.PagePool;

namespace RxVerify.Tests.PagePool;

/// <summary>Puts in several steps, and what may come between two of them (docs/pool.md).</summary>
public sealed class PoolStepTests
{
    private static readonly PoolConfiguration Small = PoolWorldBench.Small;
    private static readonly PoolOperation Retire = PoolOperation.Go(PoolOperation.Destroyer);

    [Fact]
    public void A_put_elsewhere_counts_decides_publishes_and_ends()
    {
        using var bench = new PoolWorldBench(Small);
        bench.TakePages(1);
        bench.Apply(PoolOperation.Begin(1));
        Assert.Equal((PutStep.Decide, 1, ""), (bench.World.UnderWay(1).Step, bench.World.Load, bench.Held));
        bench.Apply(PoolOperation.Go(1));
        Assert.Equal((PutStep.Publish, false, "- - - -"), (bench.World.UnderWay(1).Step, bench.World.UnderWay(1).IsDirect, bench.Ring));

        // Produced and not counted: the page can be consumed, and the lock is held.
        bench.Apply(PoolOperation.Go(1));
        Assert.Equal((PutStep.Epilogue, "2 - - -", true), (bench.World.UnderWay(1).Step, bench.Ring, bench.Pool.ProducerInside));
        Assert.Equal((0L, 0), (bench.Counters.Ringed, bench.World.Load));
        bench.Apply(PoolOperation.Go(1));
        Assert.Equal((PutStep.Idle, false, 1L), (bench.World.UnderWay(1).Step, bench.Pool.ProducerInside, bench.Counters.Ringed));
        Assert.False(bench.World.Allows(PoolOperation.Go(1)));
    }

    [Fact]
    public void A_step_that_leaves_nothing_to_do_ends_the_put()
    {
        using var bench = new PoolWorldBench(Small);
        bench.TakePages(1);
        bench.Apply(PoolOperation.Share(), PoolOperation.Begin(1));
        Assert.Equal(PutStep.Idle, bench.World.UnderWay(1).Step);

        bench.Apply(PoolOperation.Reference(), PoolOperation.Begin(1));
        Assert.Equal(1, bench.Apply(PoolOperation.Go(1)).Value);
        Assert.Equal(PutStep.Idle, bench.World.UnderWay(1).Step);

        bench.TakePages(1);
        bench.Apply(PoolOperation.Begin(0, 1, PutContext.Local), PoolOperation.Go(0));
        Assert.True(bench.World.UnderWay(0).IsDirect);
        bench.Apply(PoolOperation.Go(0));
        Assert.Equal((PutStep.Idle, "1"), (bench.World.UnderWay(0).Step, bench.Cache));
    }

    [Fact]
    public void Nothing_is_taken_while_a_put_is_under_way_on_the_pools_processor()
    {
        using var bench = new PoolWorldBench(Small);
        bench.TakePages(2);
        bench.Apply(PoolOperation.Begin(0, 0, PutContext.Direct));
        Assert.False(bench.World.Allows(PoolOperation.Page()));
        Assert.False(bench.World.Allows(PoolOperation.Move()));
        Assert.False(bench.World.Allows(PoolOperation.Put(0, PutContext.Local)));
        Assert.False(bench.World.Allows(PoolOperation.Destroy(stepwise: true)));
        Assert.True(bench.World.Allows(PoolOperation.Put()));
    }

    [Fact]
    public void A_second_producer_waits_outside_and_one_that_needs_no_ring_does_not()
    {
        using var bench = new PoolWorldBench(Small);
        bench.TakePages(3);
        bench.Apply(PoolOperation.Begin(1), PoolOperation.Begin(2), PoolOperation.Begin(0, 0, PutContext.Local));
        bench.Apply(PoolOperation.Go(1), PoolOperation.Go(2), PoolOperation.Go(0), PoolOperation.Go(1));
        Assert.False(bench.World.Allows(PoolOperation.Go(2)));
        Assert.True(bench.World.Allows(PoolOperation.Go(0)));
        bench.Apply(PoolOperation.Go(1));
        Assert.True(bench.World.Allows(PoolOperation.Go(2)));
    }

    [Fact]
    public void A_direct_put_that_finds_the_cache_full_needs_the_ring()
    {
        using var bench = new PoolWorldBench(Small with { CacheSize = 2 });
        bench.TakePages(4);
        bench.Apply(PoolOperation.Begin(1), PoolOperation.Begin(0, 0, PutContext.Local, count: 3), PoolOperation.Go(1), PoolOperation.Go(0), PoolOperation.Go(1));
        Assert.False(bench.World.Allows(PoolOperation.Go(0)));
        bench.Apply(PoolOperation.Go(1), PoolOperation.Go(0), PoolOperation.Go(0));
        Assert.Equal(("1 4", "2 3 - -"), (bench.Cache, bench.Ring));
    }

    [Fact]
    public void What_found_no_place_is_in_hand_until_the_lock_is_given_back()
    {
        using var bench = new PoolWorldBench(Small with { PoolSize = 2 });
        bench.TakePages(4);
        bench.Apply(PoolOperation.Begin(1, count: 4), PoolOperation.Go(1), PoolOperation.Go(1));
        Assert.Equal((2, 2, 2), (bench.World.UnderWay(1).Count, bench.World.UnderWay(1).Produced, bench.World.Load));
        Assert.Equal(2, bench.Apply(PoolOperation.Go(1)).Value);
        Assert.Equal((2L, 2L, 0), (bench.Counters.RingFull, bench.Counters.Ringed, bench.World.Load));
    }

    [Fact]
    public void A_destroyer_that_finds_nothing_in_flight_waits_for_who_published_the_last_page()
    {
        using var bench = LastPagePublished(new PoolWorld<RightPoolRules>(Small));
        Assert.Equal(DestroyStep.Lock, bench.World.DestroyStep);
        Assert.False(bench.World.Allows(Retire));
        bench.Apply(PoolOperation.Go(1), Retire, Retire);
        Assert.Equal((false, 0), (bench.Pool.IsUp, bench.Memory.LivePages));
    }

    [Fact]
    public void A_destroyer_that_does_not_wait_frees_the_pool_under_the_producer()
    {
        using var bench = LastPagePublished(new PoolWorld<HurriesPastProducers>(Small));
        bench.Apply(Retire, Retire);
        Assert.False(bench.Pool.IsUp);
        bench.Apply(PoolOperation.Go(1), TrapKind.PoolUseAfterFree);
        Assert.Equal(PutStep.Idle, bench.World.UnderWay(1).Step);
    }

    [Fact]
    public void A_bulk_put_that_counts_after_its_lock_touches_a_pool_that_is_gone()
    {
        using var bench = LastPagePublished(new PoolWorld<CountsBulkLate>(Small), count: 2);
        bench.Apply(Retire, Retire);
        bench.Apply(PoolOperation.Go(1), TrapKind.PoolUseAfterFree);
    }

    [Fact]
    public void Destruction_waits_for_a_put_that_has_decided_to_go_into_the_cache()
    {
        using var bench = new PoolWorldBench(Small);
        bench.TakePages(1);
        bench.Apply(PoolOperation.Begin(0, 0, PutContext.Local), PoolOperation.Go(0), PoolOperation.Destroy(stepwise: true));
        Assert.False(bench.World.Allows(Retire));
        Assert.False(bench.Pool.RecyclesDirectly);
        bench.Apply(PoolOperation.Go(0));
        Assert.Equal("1 2", bench.Cache);
        bench.Apply(Retire, Retire);
        Assert.Equal((0, 2u), (bench.Pool.Cached, bench.Counters.Release));
    }

    [Fact]
    public void A_put_that_decides_after_the_destruction_began_stays_away_from_the_cache()
    {
        using var bench = new PoolWorldBench(Small);
        bench.TakePages(1);
        bench.Apply(PoolOperation.Begin(0, 0, PutContext.Local), PoolOperation.Destroy(stepwise: true), PoolOperation.Go(0), Retire);
        Assert.Equal((PutStep.Publish, false), (bench.World.UnderWay(0).Step, bench.World.UnderWay(0).IsDirect));
    }

    [Fact]
    public void A_put_that_decides_after_the_scrub_syncs_nothing_because_nothing_is_mapped()
    {
        using var bench = new PoolWorldBench(Small);
        bench.TakePages(1);
        int frame = bench.FrameAt(0);
        bench.Apply(PoolOperation.Write(0, 10), PoolOperation.Destroy(stepwise: true), Retire, Retire);
        Assert.Equal((0UL, false), (bench.Pool.AddressOf(frame), bench.Pool.SyncsForDevice));
        bench.Apply(PoolOperation.Begin(1), PoolOperation.Go(1), PoolOperation.Go(1), PoolOperation.Go(1));
        Assert.Equal("2 - - -", bench.Ring);

        // It came into the ring before the destroyer looked there.
        Assert.Equal(1, bench.Apply(Retire).Value);
        bench.Apply(Retire, Retire, Retire);
        Assert.False(bench.Pool.IsUp);
    }

    [Fact]
    public void A_scrub_unmaps_the_pages_of_the_ring_before_they_leave()
    {
        using var bench = new PoolWorldBench(Small);
        bench.TakePages(2);
        bench.Apply(PoolOperation.Put(), PoolOperation.Destroy(stepwise: true), Retire, Retire);
        Assert.Equal(("2 - - -", 0, 2), (bench.Ring, bench.Memory.Mappings, bench.Memory.LivePages));
    }

    /// <summary>All pages of the pool on the way into the ring, and the destroyer has counted what is in flight: nothing.</summary>
    private static PoolWorldBench LastPagePublished(PoolWorld world, int count = 1)
    {
        var bench = new PoolWorldBench(world);
        bench.TakePages(2);
        bench.Apply(PoolOperation.Put(0, PutContext.Local));
        if (count == 2)
        {
            bench.TakePages(1);
        }

        bench.Apply(PoolOperation.Begin(1, count: count), PoolOperation.Go(1), PoolOperation.Go(1));
        bench.Apply(PoolOperation.Destroy(stepwise: true), Retire, Retire, Retire, Retire);
        Assert.Equal(0, bench.Pool.Inflight);
        return bench;
    }

    private readonly struct HurriesPastProducers : IPoolRules
    {
        public static bool WaitsForProducers => false;
    }

    private readonly struct CountsBulkLate : IPoolRules
    {
        public static bool CountsBulkUnderLock => false;
    }
}
