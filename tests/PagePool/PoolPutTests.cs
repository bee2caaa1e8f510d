using RxVerify.Model.Vocabulary.PagePool;

namespace RxVerify.Tests.PagePool;

/// <summary>Where a page goes that is put (C.4), and what is synced of it (C.7).</summary>
public sealed class PoolPutTests
{
    private static readonly PoolConfiguration Small = PoolWorldBench.Small;
    private static readonly PoolConfiguration Pages515 = PoolWorldBench.Pages515;

    /// <summary>A ring of four that is cleared by twos.</summary>
    private static readonly PoolConfiguration Lazy = Small with { RingBatch = 2 };

    [Theory]
    [InlineData(PoolEra.Linux612, PutContext.Elsewhere, false)]
    [InlineData(PoolEra.Linux612, PutContext.Local, true)]
    [InlineData(PoolEra.Linux612, PutContext.Direct, true)]
    [InlineData(PoolEra.Linux612, PutContext.DirectInProcess, true)]
    [InlineData(PoolEra.Linux515, PutContext.Elsewhere, false)]
    [InlineData(PoolEra.Linux515, PutContext.Local, false)]
    [InlineData(PoolEra.Linux515, PutContext.Direct, true)]
    [InlineData(PoolEra.Linux515, PutContext.DirectInProcess, false)]
    public void The_cache_is_for_the_pools_own_processor(PoolEra era, PutContext context, bool isCached)
    {
        using var bench = new PoolWorldBench(Pages515 with { Era = era });
        bench.TakePages(2);
        Assert.Equal(0, bench.Apply(PoolOperation.Put(0, context)).Value);
        Assert.Equal(isCached ? ("2", "- - - -") : ("", "2 - - -"), (bench.Cache, bench.Ring));
        Assert.Equal((isCached ? 1 : 0, isCached ? 0 : 1), (bench.Counters.Cached, bench.Counters.Ringed));
        Assert.Equal((2u, 0u), (bench.Counters.Hold, bench.Counters.Release));
    }

    [Theory]
    [InlineData(PoolEra.Linux612, PutContext.Local, "2 1", "- - - -")]
    [InlineData(PoolEra.Linux612, PutContext.Elsewhere, "", "2 1 - -")]
    [InlineData(PoolEra.Linux515, PutContext.Local, "", "2 1 - -")]
    public void Frames_returned_in_bulk_go_where_one_would_but_never_straight_into_the_cache_of_5_15(
        PoolEra era, PutContext context, string cache, string ring)
    {
        using var bench = new PoolWorldBench(Pages515 with { Era = era });
        bench.TakePages(2);
        bench.Apply(PoolOperation.Put(0, context, count: 2));
        Assert.Equal((cache, ring), (bench.Cache, bench.Ring));
    }

    [Fact]
    public void A_full_cache_sends_pages_to_the_ring_and_a_full_ring_to_the_allocator()
    {
        using var bench = new PoolWorldBench(Small with { CacheSize = 2, PoolSize = 2, HeldMax = 16 });
        bench.TakePages(6);

        // 2 1 4 3 6 5: two fit the cache, two the ring, two nothing.
        Assert.Equal(2, bench.Apply(PoolOperation.Put(0, PutContext.Local, count: 6)).Value);
        Assert.Equal(("2 1", "4 3"), (bench.Cache, bench.Ring));
        var counters = bench.Counters;
        Assert.Equal((2L, 4L, 2L, 2L, 2u), (counters.Cached, counters.CacheFull, counters.Ringed, counters.RingFull, counters.Release));
        Assert.Equal((4, 4), (bench.Memory.LivePages, bench.Memory.Mappings));
    }

    [Fact]
    public void A_page_that_somebody_else_holds_leaves_unmapped_and_lives_on()
    {
        using var bench = new PoolWorldBench(Small);
        bench.TakePages(2);
        int frame = bench.FrameAt(0);
        bench.Apply(PoolOperation.Reference());
        Assert.Equal(1, bench.Apply(PoolOperation.Put()).Value);
        Assert.Equal((1L, 1u, 1), (bench.Counters.ReleasedReference, bench.Counters.Release, bench.Memory.References(frame)));
        Assert.Equal((false, false), (bench.Memory.IsMapped(frame), bench.Pool.IsOfPool(frame)));

        // What is left is an ordinary page.
        Assert.Equal(0, bench.Apply(PoolOperation.Put(1)).Value);
        Assert.False(bench.Memory.IsAllocated(frame));
    }

    [Fact]
    public void A_page_whose_reference_was_dropped_first_is_used_again()
    {
        using var bench = new PoolWorldBench(Small);
        bench.TakePages(2);
        bench.Apply(PoolOperation.Reference(), PoolOperation.Put(2), PoolOperation.Put());
        Assert.Equal(("2 - - -", 0L), (bench.Ring, bench.Counters.ReleasedReference));
    }

    [Fact]
    public void A_page_of_the_reserve_is_not_used_again_and_its_mark_is_no_part_of_the_signature()
    {
        using var bench = new PoolWorldBench(Small);
        bench.Apply(PoolOperation.Page(reserve: true));
        Assert.True(bench.Pool.Owns(bench.FrameAt(0)));
        Assert.Equal(1, bench.Apply(PoolOperation.Put()).Value);
        Assert.Equal((1L, 1), (bench.Counters.ReleasedReference, bench.Memory.LivePages));
    }

    [Fact]
    public void A_foreign_page_in_a_packet_marked_for_recycling_is_put_as_any_page()
    {
        using var bench = new PoolWorldBench(Small);
        Assert.Equal(1, bench.Apply(PoolOperation.Foreign()).Value);
        Assert.False(bench.Pool.Owns(bench.FrameAt(0)));
        Assert.Equal(0, bench.Apply(PoolOperation.Put()).Value);
        Assert.Equal((default, 0), (bench.Counters, bench.Memory.LivePages));
    }

    [Theory]
    [InlineData(PoolEra.Linux612)]
    [InlineData(PoolEra.Linux515)]
    public void A_page_is_synced_as_far_as_the_caller_says_it_was_written(PoolEra era)
    {
        using var bench = new PoolWorldBench(Pages515 with { Era = era, SyncOffset = 256, SyncLength = 2048 });
        bench.TakePages(2);
        bench.Apply(PoolOperation.Write(0, 100), PoolOperation.Write(0, 60));
        int frame = bench.FrameAt(0);
        Assert.Equal(100, bench.World.Written(frame));
        Assert.True(bench.Memory.IsDirty(frame, 355, 1));
        Assert.False(bench.Memory.IsDirty(frame, 356, 1));

        Assert.False(bench.World.Allows(PoolOperation.Put(sync: 99)));
        bench.Apply(PoolOperation.Put(sync: 100));
        Assert.Equal("2 - - -", bench.Ring);
        Assert.False(bench.Memory.IsDirty(frame, 0, 4096));
    }

    [Fact]
    public void A_sync_of_more_than_the_device_may_write_ends_there()
    {
        using var bench = new PoolWorldBench(Pages515 with { SyncOffset = 256, SyncLength = 2048 });
        bench.TakePages(1);
        int frame = bench.FrameAt(0);
        bench.Apply(PoolOperation.Write(0, 2048), PoolOperation.Put(sync: 60_000));
        Assert.False(bench.Memory.IsDirty(frame, 0, 4096));
    }

    [Fact]
    public void A_page_given_out_again_was_written_by_nobody()
    {
        using var bench = new PoolWorldBench(Small);
        bench.TakePages(1);
        int frame = bench.FrameAt(0);
        bench.Apply(PoolOperation.Write(0, 700), PoolOperation.Put(0, PutContext.Local));
        bench.TakePages(1);
        Assert.Equal((frame, 0), (bench.FrameAt(0), bench.World.Written(frame)));
    }

    [Fact]
    public void A_shared_page_is_synced_for_what_both_wrote()
    {
        using var bench = new PoolWorldBench(Small);
        bench.TakePages(1);
        int frame = bench.FrameAt(0);
        bench.Apply(PoolOperation.Share(), PoolOperation.Write(0, 700), PoolOperation.Put());
        Assert.True(bench.Memory.IsDirty(frame, 0, 1));
        Assert.False(bench.World.Allows(PoolOperation.Put(sync: 699)));
        bench.Apply(PoolOperation.Put(sync: 700));
        Assert.False(bench.Memory.IsDirty(frame, 0, 4096));
    }

    [Fact]
    public void A_ring_that_is_cleared_in_batches_is_full_for_the_producer_while_the_consumer_has_begun_it()
    {
        using var bench = new PoolWorldBench(Lazy with { Refill = 1 });
        Assert.Equal(2, Lazy.RingClears);
        bench.TakePages(6);
        bench.Apply(PoolOperation.Put(0, count: 4));
        Assert.Equal("1 2 3 4", bench.Ring);

        // Read and not cleared: the head has moved, the tail has not.
        Assert.Equal(1, bench.TakePages(1));
        Assert.Equal(("1 2 3 4", 0, 1, 0), (bench.Ring, bench.Pool.RingProducer, bench.Pool.RingHead, bench.Pool.RingTail));
        Assert.Equal(1, bench.Apply(PoolOperation.Put()).Value);
        Assert.Equal(1, bench.Counters.RingFull);

        // The second read clears both, and a page fits again.
        Assert.Equal(2, bench.TakePages(1));
        Assert.Equal(("- - 3 4", 2, 2), (bench.Ring, bench.Pool.RingHead, bench.Pool.RingTail));
        Assert.Equal(0, bench.Apply(PoolOperation.Put()).Value);
        Assert.Equal(("6 - 3 4", 1), (bench.Ring, bench.Pool.RingProducer));
    }

    [Fact]
    public void The_end_of_the_ring_ends_a_batch()
    {
        using var bench = new PoolWorldBench(Small with { Refill = 1, PoolSize = 5, RingBatch = 2 });
        bench.TakePages(5);
        bench.Apply(PoolOperation.Put(0, count: 5));
        bench.TakePages(4);
        Assert.Equal(("- - - - 5", 4, 4), (bench.Ring, bench.Pool.RingHead, bench.Pool.RingTail));
        bench.TakePages(1);
        Assert.Equal(("- - - - -", 0, 0), (bench.Ring, bench.Pool.RingHead, bench.Pool.RingTail));
    }

    [Fact]
    public void A_ring_of_production_size_lags_up_to_fifteen_places_behind()
    {
        using var bench = new PoolWorldBench(new PoolConfiguration { Refill = 1, PoolSize = 32, HeldMax = 64 });
        bench.TakePages(32);
        bench.Apply(PoolOperation.Put(0, count: 16), PoolOperation.Put(0, count: 16));
        bench.TakePages(15);

        // C.1: batches of 16, so after 15 reads there is no room yet, and after 16 there is.
        Assert.Equal(1, bench.Apply(PoolOperation.Put()).Value);
        bench.TakePages(1);
        Assert.Equal(0, bench.Apply(PoolOperation.Put()).Value);
    }
}
