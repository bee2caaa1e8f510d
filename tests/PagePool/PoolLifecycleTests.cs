using RxVerify.Implementation.Memory;
using RxVerify.Implementation.PagePool;
using RxVerify.Model.Vocabulary.PagePool;

namespace RxVerify.Tests.PagePool;

/// <summary>Destroying a pool, waiting for its last pages, and creating the next one (C.5).</summary>
public sealed class PoolLifecycleTests
{
    private static readonly PoolConfiguration Small = PoolWorldBench.Small;

    [Fact]
    public void A_pool_with_nothing_outside_is_gone_at_once()
    {
        using var bench = new PoolWorldBench(Small);
        bench.TakePages(2);
        bench.Apply(PoolOperation.Put(), PoolOperation.Put(0, PutContext.Local));

        // One page in the ring and one in the cache.
        Assert.Equal(2, bench.Apply(PoolOperation.Destroy()).Value);
        Assert.Equal((false, 0, 1, false), (bench.Pool.IsUp, bench.Pool.Users, bench.Pool.Destroys, bench.Pool.HasRetry));
        Assert.Equal((0, 0), (bench.Memory.LivePages, bench.Memory.Mappings));
        Assert.False(bench.World.Allows(PoolOperation.Page()));
    }

    [Theory]
    [InlineData(PoolEra.Linux612, 0)]
    [InlineData(PoolEra.Linux515, 1)]
    public void A_pool_waits_for_a_page_outside_which_the_device_cannot_reach_any_more_since_6_12(PoolEra era, int mappings)
    {
        using var bench = new PoolWorldBench(PoolWorldBench.Pages515 with { Era = era });
        bench.TakePages(1);
        Assert.Equal(1, bench.Apply(PoolOperation.Destroy()).Value);
        Assert.Equal((true, true, mappings), (bench.Pool.IsUp, bench.Pool.HasRetry, bench.Memory.Mappings));

        // Nothing has changed for the first retry; then the page comes back to the ring, and the second finds it there.
        Assert.Equal(0, bench.Apply(PoolOperation.Retry()).Value);
        bench.Apply(PoolOperation.Put());
        Assert.Equal("2 - - -", bench.Ring);
        Assert.Equal(1, bench.Apply(PoolOperation.Retry()).Value);
        Assert.Equal((false, false, 3, 0), (bench.Pool.IsUp, bench.Pool.HasRetry, bench.Pool.Destroys, bench.Memory.LivePages));
    }

    [Fact]
    public void The_current_page_without_fragments_outside_leaves_and_with_them_is_forgotten()
    {
        using var without = new PoolWorldBench(Small);
        without.Cut(100);
        without.Apply(PoolOperation.Put());
        Assert.Equal(2, without.Apply(PoolOperation.Destroy()).Value);
        Assert.False(without.Pool.IsUp);

        using var with = new PoolWorldBench(Small);
        with.Cut(100);
        Assert.Equal(1, with.Apply(PoolOperation.Destroy()).Value);
        Assert.Equal((-1, 1L, 1), (with.Pool.Current, with.Pool.CounterOf(with.FrameAt(0)), with.Pool.Inflight));
    }

    [Fact]
    public void Two_users_destroy_a_pool_when_both_have()
    {
        using var bench = new PoolWorldBench(Small);
        bench.Apply(PoolOperation.Register());
        Assert.False(bench.World.Allows(PoolOperation.Register()));
        bench.TakePages(1);
        Assert.Equal(0, bench.Apply(PoolOperation.Destroy()).Value);
        Assert.Equal((true, 1, 1), (bench.Pool.IsUp, bench.Pool.Users, bench.Pool.Cached));
        Assert.Equal(1, bench.Apply(PoolOperation.Destroy()).Value);
        Assert.Equal((0, true), (bench.Pool.Users, bench.Pool.HasRetry));
    }

    [Fact]
    public void A_pool_is_created_anew_and_what_is_not_the_old_ones_stays()
    {
        using var bench = new PoolWorldBench(Small);
        bench.Apply(PoolOperation.Foreign(), PoolOperation.Page(), PoolOperation.Reference(1), PoolOperation.Put(1), PoolOperation.Move());
        bench.Apply(PoolOperation.Destroy(), PoolOperation.Create());

        Assert.Equal((true, 1, 0, default(PoolCounters)), (bench.Pool.IsUp, bench.Pool.Users, bench.Pool.Node, bench.Counters));
        Assert.Equal("1 3", bench.Held);
        Assert.Equal(5, bench.TakePages(1));
        bench.Apply(PoolOperation.Put(), PoolOperation.Put());
        Assert.Equal((0L, 2), (bench.Counters.Ringed, bench.Memory.LivePages));
    }

    [Theory]
    [InlineData(false, false, 0, "3 - - -")] // nothing to retry
    [InlineData(true, false, 1, "- - - -")] // everything came back, and the first retry finds it
    [InlineData(true, true, 1, "- - - -")] // what is kept does not come back, so the first retry changes nothing
    public void Settling_puts_what_is_held_and_retries_as_long_as_that_helps(bool isDestroyed, bool keepsHeld, int retries, string ring)
    {
        using var bench = new PoolWorldBench(Small with { Refill = 3 });
        bench.TakePages(1);
        if (isDestroyed)
        {
            bench.Apply(PoolOperation.Destroy());
        }

        Assert.Equal(retries, bench.Apply(PoolOperation.Settle(keepsHeld)).Value);
        Assert.Equal((ring, !isDestroyed || keepsHeld), (bench.Ring, bench.Pool.IsUp));
        Assert.Equal(keepsHeld, bench.Pool.HasRetry);
    }

    [Fact]
    public void A_retry_that_finds_less_in_flight_than_was_seen_before_is_followed_by_another()
    {
        using var bench = new PoolWorldBench(Small);
        bench.TakePages(2);
        bench.Apply(PoolOperation.Destroy(), PoolOperation.Reference(), PoolOperation.Put());

        // One of two left since the destroyer looked. The first retry sees that, and the second that nothing has changed.
        Assert.Equal((2, 1), (bench.Pool.InflightSeen, bench.Pool.Inflight));
        Assert.Equal(2, bench.Apply(PoolOperation.Settle(keepsHeld: true)).Value);
        Assert.Equal((1, true, 3), (bench.Pool.InflightSeen, bench.Pool.HasRetry, bench.Pool.Destroys));
    }

    [Fact]
    public void Settling_ends_what_is_under_way_first()
    {
        using var bench = new PoolWorldBench(Small);
        bench.TakePages(4);
        bench.Apply(PoolOperation.Begin(1), PoolOperation.Begin(2), PoolOperation.Go(1), PoolOperation.Go(1), PoolOperation.Destroy(stepwise: true));

        // The puts are done before the destroyer looks into the ring, and then two things are put: one retry.
        Assert.Equal(1, bench.Apply(PoolOperation.Settle()).Value);
        Assert.Equal((false, 0, 0), (bench.Pool.IsUp, bench.World.Load, bench.Memory.LivePages));
    }

    [Fact]
    public void A_pool_freed_with_a_page_outside_is_used_by_the_put_of_it()
    {
        using var bench = new PoolWorldBench(new PoolWorld<FreesAnyway>(Small));
        bench.TakePages(1);
        bench.Apply(PoolOperation.Destroy());
        Assert.False(bench.Pool.IsUp);
        bench.Apply(PoolOperation.Put(), TrapKind.PoolUseAfterFree);
    }

    [Fact]
    public void A_pool_that_was_freed_gives_nothing_and_does_nothing()
    {
        using var bench = new PoolWorldBench(Small);
        bench.Apply(PoolOperation.Destroy());
        bench.Pool.Register();
        Assert.Equal(TrapKind.PoolUseAfterFree, bench.Memory.Trap.Kind);
        Assert.Equal(-1, bench.Pool.TakePage());
        Assert.False(bench.Pool.TakeFragment(1, out _, out _));
        bench.Pool.MoveTo(1);
        bench.Pool.Destroy();
        bench.Pool.Retry();
        Assert.Equal((0, 0, 0, 0), (bench.Pool.Users, bench.Pool.Node, bench.Memory.PagesBorn, bench.Pool.Inflight));
    }

    [Fact]
    public void A_page_that_left_uncounted_is_waited_for_for_ever()
    {
        using var bench = new PoolWorldBench(new PoolWorld<LosesCount>(Small with { Refill = 1 }));
        bench.TakePages(1);
        bench.Apply(PoolOperation.Reference(), PoolOperation.Put(), PoolOperation.Destroy(), PoolOperation.Settle());
        Assert.Equal((true, true, 1, 0), (bench.Pool.IsUp, bench.Pool.HasRetry, bench.Pool.Inflight, bench.Memory.LivePages));
    }

    [Fact]
    public void A_pool_that_more_left_than_entered_is_neither_freed_nor_looked_at_again()
    {
        using var bench = new PoolWorldBench(new PoolWorld<PutsEachFragment>(Small with { Refill = 1 }));
        bench.Cut(2048);
        bench.Cut(2048);
        bench.Apply(PoolOperation.Put(), PoolOperation.Put());
        Assert.Equal("1 1 - -", bench.Ring);

        // D-42: the page leaves twice, which is one time more than it entered.
        bench.Apply(PoolOperation.Destroy(), TrapKind.DoubleFree);
        Assert.Equal((true, false, -1), (bench.Pool.IsUp, bench.Pool.HasRetry, bench.Pool.Inflight));
    }

    [Fact]
    public void A_cache_of_one_page_too_many_is_caught_and_nothing_is_overwritten()
    {
        using var bench = new PoolWorldBench(new PoolWorld<CacheOfOneMore>(Small with { CacheSize = 2 }));
        bench.TakePages(3);
        bench.Apply(PoolOperation.Put(0, PutContext.Local));
        bench.Apply(PoolOperation.Put(0, PutContext.Local), TrapKind.CacheOverflow);
        Assert.Equal(("3 2", "- - - -"), (bench.Cache, bench.Ring));
    }

    [Fact]
    public void A_counter_below_zero_is_caught()
    {
        using var bench = new PoolWorldBench(new PoolWorld<DrainsTwoMore>(Small));
        bench.Cut(4096);
        int frame = bench.FrameAt(0);

        // 500 - (500 - 1 + 2) = -1, with one fragment outside.
        bench.Apply(PoolOperation.Fragment(100), TrapKind.CounterUnderflow);
        Assert.Equal(-1, bench.Pool.CounterOf(frame));
    }

    [Fact]
    public void A_full_bias_leaves_no_room_for_another_reference()
    {
        using var bench = new PoolWorldBench(new PoolWorld<FullBias>(Small));
        bench.Cut(100);
        Assert.Equal(1000, bench.Pool.CounterOf(bench.FrameAt(0)));
        bench.Apply(PoolOperation.Share(), TrapKind.CounterUnderflow);
        Assert.Equal(-1001, bench.Pool.CounterOf(bench.FrameAt(0)));
    }

    private readonly struct FreesAnyway : IPoolRules
    {
        public static bool MayBeFreed(int inflight) => true;
    }

    private readonly struct LosesCount : IPoolRules
    {
        public static bool CountsRelease => false;
    }

    private readonly struct PutsEachFragment : IPoolRules
    {
        public static bool HeedsFragments => false;
    }

    private readonly struct CacheOfOneMore : IPoolRules
    {
        public static bool CacheHasRoom(int count, int size) => count <= size;
    }

    private readonly struct DrainsTwoMore : IPoolRules
    {
        public static long ReferencesToDrain(long bias, long users) => bias - users + 2;
    }

    private readonly struct FullBias : IPoolRules
    {
        public static bool HalvesBias => false;
    }
}
