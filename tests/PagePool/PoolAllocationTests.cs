using RxVerify.Implementation.Memory;
using RxVerify.Model.Vocabulary;
using RxVerify.Model.Vocabulary.PagePool;

namespace RxVerify.Tests.PagePool;

/// <summary>Whole pages: cache, ring, allocator (C.2).</summary>
public sealed class PoolAllocationTests
{
    private static readonly PoolConfiguration Small = PoolWorldBench.Small;
    private static readonly PoolConfiguration BulkOfThree = Small with { Refill = 3 };

    [Fact]
    public void An_empty_pool_asks_for_a_refill_of_pages_gives_the_last_and_caches_the_rest()
    {
        using var bench = new PoolWorldBench(BulkOfThree);
        Assert.Equal(new PoolOutcome(1, new Fragment(new PageId(3), 0, 4096)), bench.Apply(PoolOperation.Page()));
        Assert.Equal("1 2", bench.Cache);
        Assert.Equal(new PoolCounters { Empty = 1, Slow = 1, Hold = 3 }, bench.Counters);

        // C.2.1: last in, first out.
        Assert.Equal(2, bench.TakePages(1));
        Assert.Equal(1, bench.TakePages(1));
        Assert.Equal(new PoolCounters { Empty = 1, Slow = 1, Hold = 3, Fast = 2 }, bench.Counters);
        Assert.Equal(3, bench.Memory.Mappings);
    }

    [Theory]
    [InlineData(PoolFault.Page, 0, 0, "", 0)] // none of three: no page
    [InlineData(PoolFault.Page, 1, 1, "", 1)] // one of three is given
    [InlineData(PoolFault.Page, 2, 2, "1", 2)]
    [InlineData(PoolFault.Page, 3, 3, "1 2", 3)] // the fourth, which nobody asks for
    [InlineData(PoolFault.Mapping, 0, 3, "2", 2)] // the first of three is left out
    [InlineData(PoolFault.Mapping, 1, 3, "1", 2)]
    [InlineData(PoolFault.Mapping, 2, 2, "1", 2)] // the third is left out, so the second is the last
    [InlineData(PoolFault.Index, 0, 3, "2", 2)]
    [InlineData(PoolFault.Index, 2, 2, "1", 2)]
    public void A_bulk_allocation_does_with_what_it_gets(PoolFault fault, int after, int given, string cache, int pages)
    {
        using var bench = new PoolWorldBench(BulkOfThree);
        var outcome = bench.Apply(PoolOperation.Page(fault, after));
        Assert.Equal((given > 0 ? 1 : 0, given), (outcome.Value, outcome.Got.Page.Value));
        Assert.Equal(cache, bench.Cache);
        Assert.Equal((pages, pages, (uint)pages), (bench.Memory.LivePages, bench.Memory.Mappings, bench.Counters.Hold));
        Assert.Equal(fault == PoolFault.Page ? Math.Min(after, 3) : 3, bench.Memory.PagesBorn);
        Assert.Equal(given > 0 ? 1 : 0, bench.Counters.Slow);
    }

    [Theory]
    [InlineData(PoolFault.Page, 0)]
    [InlineData(PoolFault.Mapping, 1)]
    [InlineData(PoolFault.Index, 1)]
    public void A_failure_of_the_only_page_leaves_nothing_and_strikes_once(PoolFault fault, int born)
    {
        using var bench = new PoolWorldBench(Small with { Order = 1 });
        Assert.Equal(default, bench.Apply(PoolOperation.Page(fault)));
        Assert.Equal((0, 0, born), (bench.Memory.LivePages, bench.Memory.Mappings, bench.Memory.PagesBorn));
        Assert.Equal(new PoolCounters { Empty = 1 }, bench.Counters);

        Assert.Equal(born + 1, bench.TakePages(1));
    }

    [Theory]
    [InlineData(4096, 1)]
    [InlineData(4096, 2)]
    [InlineData(65536, 2)]
    public void A_page_of_a_higher_order_comes_alone_and_is_as_long_as_its_parts(int pageSize, int order)
    {
        using var bench = new PoolWorldBench(Small with { PageSize = pageSize, Order = order });
        var outcome = bench.Apply(PoolOperation.Page());
        Assert.Equal(new Fragment(new PageId(1), 0, pageSize << order), outcome.Got);
        Assert.Equal(new PoolCounters { Empty = 1, SlowHighOrder = 1, Hold = 1 }, bench.Counters);
        Assert.False(bench.Memory.IsDirty(bench.FrameAt(0), 0, pageSize << order));
    }

    [Fact]
    public void A_refill_takes_from_the_ring_what_a_refill_is_and_leaves_the_rest_there()
    {
        using var bench = new PoolWorldBench(Small);

        // Bulks of two: 2 1 4 3.
        bench.TakePages(3);
        bench.Apply(PoolOperation.Put(), PoolOperation.Put(), PoolOperation.Put());
        Assert.Equal("2 1 4 -", bench.Ring);
        bench.TakePages(1);

        // Page 3 was in the cache. Then 2 and 1 come from the ring, and the one that came last is given.
        Assert.Equal("3", bench.Held);
        Assert.Equal(1, bench.TakePages(1));
        Assert.Equal(("2", "- - 4 -"), (bench.Cache, bench.Ring));
        Assert.Equal(1, bench.Counters.Refilled);

        // The ring gives one page only.
        bench.TakePages(2);
        Assert.Equal(("3 1 2 4", "- - - -", 2L), (bench.Held, bench.Ring, bench.Counters.Refilled));
        Assert.Equal((4, 2L), (bench.Pool.Inflight, bench.Counters.Slow));
    }

    [Fact]
    public void A_refill_gives_up_one_page_of_another_node_and_stops()
    {
        using var bench = new PoolWorldBench(Small);
        bench.TakePages(4);
        bench.Apply(PoolOperation.Put(), PoolOperation.Put(), PoolOperation.Move());
        Assert.Equal("2 1 - -", bench.Ring);

        // Page 2 leaves, page 1 stays where it is, and two new pages are of the node.
        var got = bench.Apply(PoolOperation.Page()).Got;
        Assert.Equal((6, "5", "- 1 - -"), (got.Page.Value, bench.Cache, bench.Ring));
        Assert.Equal((1L, 0L, 1u), (bench.Counters.Waived, bench.Counters.Refilled, bench.Counters.Release));
        Assert.Equal((1, 1, 0), (bench.Pool.Node, bench.Pool.NodeOf(bench.FrameAt(2)), bench.Pool.NodeOf(bench.FrameAt(0))));
        Assert.Equal(5, bench.Memory.LivePages);
    }

    [Fact]
    public void A_refill_that_stops_at_another_node_gives_what_it_has_so_far()
    {
        using var bench = new PoolWorldBench(Small);
        bench.TakePages(4);
        bench.Apply(PoolOperation.Move(), PoolOperation.Page(), PoolOperation.Page());

        // Held: 2 1 4 3 of node 0, and 6 5 of node 1. The ring: 6 2 1.
        bench.Apply(PoolOperation.Put(4), PoolOperation.Put(0), PoolOperation.Put(0));
        Assert.Equal("6 2 1 -", bench.Ring);
        Assert.Equal(6, bench.TakePages(1));
        Assert.Equal(("- - 1 -", 1L, 1L), (bench.Ring, bench.Counters.Waived, bench.Counters.Refilled));
    }

    [Theory]
    [InlineData(PoolEra.Linux612)]
    [InlineData(PoolEra.Linux515)]
    public void A_move_to_another_node_empties_the_cache_and_leaves_the_ring_to_the_next_refill(PoolEra era)
    {
        using var bench = new PoolWorldBench(PoolWorldBench.Pages515 with { Era = era });
        bench.TakePages(3);
        bench.Apply(PoolOperation.Put());
        Assert.Equal(("3", "2 - - -"), (bench.Cache, bench.Ring));
        Assert.Equal(0, bench.Apply(PoolOperation.Move()).Value);
        Assert.Equal(("", "2 - - -", 1u, 0L), (bench.Cache, bench.Ring, bench.Counters.Release, bench.Counters.Waived));
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(256, 1024)]
    public void A_new_page_is_clean_where_the_device_may_write(int offset, int length)
    {
        using var bench = new PoolWorldBench(Small with { Fragments = false, SyncOffset = offset, SyncLength = length });
        bench.TakePages(2);
        Assert.Equal((false, false), (bench.Memory.IsDirty(bench.FrameAt(0), 0, 4096), bench.Memory.IsDirty(bench.FrameAt(1), 0, 4096)));
    }

    [Fact]
    public void A_pool_that_does_not_map_gives_pages_without_an_address()
    {
        using var bench = new PoolWorldBench(Small with { Maps = false, Syncs = false });
        bench.TakePages(1);
        Assert.Equal((0UL, 0), (bench.Pool.AddressOf(bench.FrameAt(0)), bench.Memory.Mappings));
        Assert.False(bench.World.Allows(PoolOperation.Page(PoolFault.Mapping)));
    }

    [Fact]
    public void The_address_of_a_page_is_where_the_device_finds_it()
    {
        using var bench = new PoolWorldBench(Small);
        bench.TakePages(2);
        int frame = bench.FrameAt(1);
        Assert.True(bench.World.Iommu.IsMapped(bench.Pool.AddressOf(frame)));
        Assert.Equal(frame, Iommu.FrameOf(bench.Pool.AddressOf(frame)));
    }
}
