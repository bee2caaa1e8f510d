using RxVerify.Model.Vocabulary;
using RxVerify.Model.Vocabulary.PagePool;

namespace RxVerify.Tests.PagePool;

/// <summary>Fragments and the references paid in advance for them (C.3). The bias is 500 on 6.12 and 1000 on 5.15.</summary>
public sealed class PoolFragmentTests
{
    private static readonly PoolConfiguration Small = PoolWorldBench.Small;

    [Fact]
    public void Fragments_lie_side_by_side_on_the_current_page()
    {
        using var bench = new PoolWorldBench(Small);
        Assert.Equal((2, 0), bench.Cut(1000));
        Assert.Equal((2, 1000), bench.Cut(3000));
        Assert.Equal((2, 4000), bench.Cut(96));
        Assert.Equal((4096, 3L, 500L), (bench.Pool.CurrentOffset, bench.Pool.CurrentUsers, bench.Pool.CounterOf(bench.Pool.Current)));

        // One page was taken from the allocator, and two fragments without asking anybody.
        Assert.Equal(new PoolCounters { Empty = 1, Slow = 1, Fast = 2, Hold = 2 }, bench.Counters);
    }

    [Fact]
    public void A_fragment_takes_whole_cache_lines_of_the_machine_and_is_no_longer_for_it()
    {
        using var bench = new PoolWorldBench(Small with { Alignment = 128 });
        Assert.Equal((2, 0), bench.Cut(100));
        Assert.Equal((2, 128), bench.Cut(129));
        Assert.Equal(384, bench.Pool.CurrentOffset);
    }

    [Fact]
    public void A_fragment_larger_than_a_page_changes_nothing()
    {
        using var bench = new PoolWorldBench(Small);
        bench.Cut(100);
        byte[] before = bench.World.State.Bytes.ToArray();
        Assert.Equal(default, bench.Apply(PoolOperation.Fragment(4097)));
        Assert.Equal(before, bench.World.State.Bytes);
    }

    [Fact]
    public void A_full_page_with_fragments_outside_is_forgotten_and_its_counter_says_how_many()
    {
        using var bench = new PoolWorldBench(Small);
        bench.Cut(1000);
        bench.Cut(1000);
        bench.Cut(1000);
        int frame = bench.Pool.Current;
        bench.Apply(PoolOperation.Put());
        Assert.Equal(499, bench.Pool.CounterOf(frame));

        // 499 - (500 - 3) = 2.
        Assert.Equal((1, 0), bench.Cut(2000));
        Assert.Equal(2, bench.Pool.CounterOf(frame));

        // P5: the last of them brings the page back, with a counter of 1.
        bench.Apply(PoolOperation.Put(), PoolOperation.Put());
        Assert.Equal(("2 - - -", 1L), (bench.Ring, bench.Pool.CounterOf(frame)));
    }

    [Theory]
    [InlineData(PoolEra.Linux612, 500)]
    [InlineData(PoolEra.Linux515, 1000)]
    public void A_full_page_whose_fragments_have_all_come_back_is_cut_anew(PoolEra era, long bias)
    {
        using var bench = new PoolWorldBench(Small with { Era = era });
        bench.Cut(2048);
        bench.Cut(2048);
        bench.Apply(PoolOperation.Put(), PoolOperation.Put());
        Assert.Equal(bias - 2, bench.Pool.CounterOf(bench.Pool.Current));

        // C.3.3.3: one Cached and one Fast, after the Fast of the second fragment, and nothing entered or left.
        Assert.Equal((2, 0), bench.Cut(100));
        Assert.Equal((bias, 1L, 100), (bench.Pool.CounterOf(bench.Pool.Current), bench.Pool.CurrentUsers, bench.Pool.CurrentOffset));
        Assert.Equal(new PoolCounters { Empty = 1, Slow = 1, Cached = 1, Fast = 2, Hold = 2 }, bench.Counters);
    }

    [Fact]
    public void A_page_that_is_cut_anew_was_synced_whole()
    {
        using var bench = new PoolWorldBench(Small);
        bench.Cut(2048);
        bench.Cut(2048);
        bench.Apply(PoolOperation.Write(0, 10), PoolOperation.Write(1, 2048));
        bench.Apply(PoolOperation.Put(), PoolOperation.Put());
        Assert.True(bench.Memory.IsDirty(bench.Pool.Current, 4095, 1));
        Assert.Equal((2, 0), bench.Cut(100));
        Assert.False(bench.Memory.IsDirty(bench.FrameAt(0), 0, 4096));
    }

    [Fact]
    public void A_full_page_that_somebody_else_holds_leaves_the_pool()
    {
        using var bench = new PoolWorldBench(Small);
        bench.Cut(4096);
        int frame = bench.FrameAt(0);
        bench.Apply(PoolOperation.Reference(), PoolOperation.Put());
        Assert.Equal((1, 0), bench.Cut(100));

        // C.3.3.4: not a put, so the reference is not counted.
        Assert.Equal((1u, 0L), (bench.Counters.Release, bench.Counters.ReleasedReference));
        Assert.Equal((false, 0UL, true, 1), (bench.Pool.Owns(frame), bench.Pool.AddressOf(frame), bench.Memory.IsAllocated(frame), bench.Memory.References(frame)));
        Assert.False(bench.Memory.IsMapped(frame));
        bench.Apply(PoolOperation.Put());
        Assert.False(bench.Memory.IsAllocated(frame));
    }

    [Fact]
    public void A_full_page_of_the_reserve_leaves_the_pool()
    {
        using var bench = new PoolWorldBench(Small with { Refill = 1 });
        bench.Apply(PoolOperation.Fragment(4096, reserve: true));
        int frame = bench.FrameAt(0);
        Assert.True(bench.Pool.IsOfReserve(frame));
        bench.Apply(PoolOperation.Put());
        Assert.Equal((2, 0), bench.Cut(100));
        Assert.Equal((1u, false, false), (bench.Counters.Release, bench.Memory.IsAllocated(frame), bench.Pool.IsOfReserve(bench.FrameAt(0))));
    }

    [Fact]
    public void A_failed_allocation_forgets_the_page_that_was_drained()
    {
        using var bench = new PoolWorldBench(Small with { Refill = 1 });
        bench.Cut(3000);
        int frame = bench.Pool.Current;
        Assert.Equal(default, bench.Apply(PoolOperation.Fragment(3000, PoolFault.Page)));
        Assert.Equal((-1, 0, 0L), (bench.Pool.Current, bench.Pool.CurrentOffset, bench.Pool.CurrentUsers));
        Assert.Equal(1, bench.Pool.CounterOf(frame));
    }

    [Fact]
    public void A_size_of_more_than_half_a_page_gets_a_page_of_its_own()
    {
        using var bench = new PoolWorldBench(Small);
        bench.Cut(100);
        Assert.Equal(new Fragment(new PageId(1), 0, 4096), bench.Apply(PoolOperation.Any(2049)).Got);
        Assert.Equal((100, 2), (bench.Pool.CurrentOffset, bench.Memory.PageOf(bench.Pool.Current).Value));
        Assert.Equal(1, bench.Pool.CounterOf(bench.FrameAt(1)));
    }

    [Fact]
    public void A_rest_too_small_for_another_one_belongs_to_the_fragment_before_it()
    {
        using var bench = new PoolWorldBench(Small with { Alignment = 128 });
        Assert.Equal(new Fragment(new PageId(2), 0, 1500), bench.Apply(PoolOperation.Any(1500)).Got);

        // 1500 is taken as 1536. The rest is 4096 - 3072 = 1024, less than the 1500 asked for.
        Assert.Equal(new Fragment(new PageId(2), 1536, 4096 - 1536), bench.Apply(PoolOperation.Any(1500)).Got);
        Assert.Equal(4096, bench.Pool.CurrentOffset);
    }

    [Fact]
    public void A_rest_that_is_just_large_enough_stays()
    {
        using var bench = new PoolWorldBench(Small);
        bench.Apply(PoolOperation.Any(1024), PoolOperation.Any(1024), PoolOperation.Any(1024));
        Assert.Equal(3072, bench.Pool.CurrentOffset);
        Assert.Equal(new Fragment(new PageId(2), 3072, 1024), bench.Apply(PoolOperation.Any(1024)).Got);
    }

    [Fact]
    public void A_small_bias_is_not_cut_to_its_end_while_the_page_has_room()
    {
        // CounterMax 40, bias 20: 19 fragments of one byte, and then only one for which the page has no room.
        using var bench = new PoolWorldBench(Small with { CounterMax = 40, HeldMax = 8 });
        for (int cut = 0; cut < 19; cut++)
        {
            bench.Cut(1);
            bench.Apply(PoolOperation.Put());
        }

        Assert.False(bench.World.Allows(PoolOperation.Fragment(1)));
        Assert.False(bench.World.Allows(PoolOperation.Any(4096 - 19)));
        Assert.True(bench.World.Allows(PoolOperation.Fragment(4096 - 18)));
        Assert.True(bench.World.Allows(PoolOperation.Page()));
    }

    [Fact]
    public void A_shared_fragment_comes_back_when_both_have_let_go()
    {
        using var bench = new PoolWorldBench(Small);
        bench.Cut(4096);
        bench.Apply(PoolOperation.Share());
        int frame = bench.FrameAt(1);
        bench.Cut(100);

        // 500 + 1 - (500 - 1) = 2.
        Assert.Equal(2, bench.Pool.CounterOf(frame));
        bench.Apply(PoolOperation.Put());
        Assert.Equal(("- - - -", 1L), (bench.Ring, bench.Pool.CounterOf(frame)));
        bench.Apply(PoolOperation.Put());
        Assert.Equal("2 - - -", bench.Ring);
    }

    [Fact]
    public void On_5_15_the_last_put_leaves_the_counter_as_it_is()
    {
        using var bench = new PoolWorldBench(PoolWorldBench.Fragments515);
        bench.Cut(4096);
        int frame = bench.FrameAt(0);
        bench.Cut(100);
        bench.Apply(PoolOperation.Put());

        // The kernel sees that the counter is the one it would take off, and saves itself the subtraction.
        Assert.Equal(("2 - - -", 1L), (bench.Ring, bench.Pool.CounterOf(frame)));
    }
}
