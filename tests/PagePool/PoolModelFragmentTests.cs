using RxVerify.Model.PagePool;
using RxVerify.Model.Vocabulary;
using RxVerify.Model.Vocabulary.PagePool;

namespace RxVerify.Tests.PagePool;

/// <summary>Fragments of the model: cutting, draining, and the helper that gives whichever suits (C.3).</summary>
public sealed class PoolModelFragmentTests
{
    private static readonly PoolConfiguration Small = new() { CacheSize = 4, Refill = 2, PoolSize = 4, HeldMax = 16 };

    [Theory]
    [InlineData(PoolEra.Linux515)]
    [InlineData(PoolEra.Linux612)]
    public void Fragments_are_cut_one_behind_the_other_until_the_next_does_not_fit(PoolEra era)
    {
        var run = new PoolModelRun(Small with { Era = era });

        Assert.Equal(Piece(2, 0, 1000), run.Do(PoolOperation.Fragment(1000)));
        Assert.Equal(Piece(2, 1000, 1000), run.Do(PoolOperation.Fragment(1000)));
        Assert.Equal(Piece(2, 2000, 2096), run.Do(PoolOperation.Fragment(2096)));
        Assert.Equal(new PoolCut(new PageId(2), 4096, 3), run.Pool.Current);

        // Page 2 is full and its three fragments are held: it is forgotten, and page 1 comes from the cache.
        Assert.Equal(Piece(1, 0, 1), run.Do(PoolOperation.Fragment(1)));
        Assert.Equal(new PoolCut(new PageId(1), 1, 1), run.Pool.Current);
        Assert.Equal(3, run.Facts(2).Outside);
        // Fast: two further fragments of page 2, and page 1 from the cache.
        Assert.Equal(new PoolCounters { Fast = 3, Empty = 1, Slow = 1, Hold = 2 }, run.Counters);
    }

    [Fact]
    public void Rounding_moves_the_next_fragment_and_does_not_lengthen_this_one()
    {
        var run = new PoolModelRun(Small with { Alignment = 128 });

        Assert.Equal(Piece(2, 0, 1000), run.Do(PoolOperation.Fragment(1000)));
        Assert.Equal(Piece(2, 1024, 1), run.Do(PoolOperation.Fragment(1)));
        Assert.Equal(new PoolCut(new PageId(2), 1152, 2), run.Pool.Current);
        // 1152 + 2944 = 4096: it fits; a byte more would be rounded to 3072.
        Assert.Equal(Piece(2, 1152, 2944), run.Do(PoolOperation.Fragment(2944)));
    }

    [Fact]
    public void A_page_of_higher_order_is_cut_as_a_whole()
    {
        var run = new PoolModelRun(Small with { Order = 1 });

        run.Do(PoolOperation.Fragment(5000));
        Assert.Equal(Piece(1, 5000, 3192), run.Do(PoolOperation.Fragment(3192)));
    }

    [Fact]
    public void A_size_above_the_page_gives_nothing_and_changes_nothing()
    {
        var run = new PoolModelRun(Small);
        run.Do(PoolOperation.Fragment(4000));
        var before = run.Model;

        Assert.Equal(default, run.Do(PoolOperation.Fragment(4097)));
        Assert.Equal(before, run.Model);
    }

    [Fact]
    public void A_page_being_cut_stays_when_all_its_fragments_came_back()
    {
        var run = new PoolModelRun(Small);
        run.Do(PoolOperation.Fragment(1000), PoolOperation.Put());

        Assert.Equal((0, 0u), (run.Facts(2).Outside, run.Counters.Release));
        Assert.Empty(run.Ring);
        Assert.Equal(Piece(2, 1000, 1000), run.Do(PoolOperation.Fragment(1000)));
    }

    [Fact]
    public void A_full_page_whose_fragments_came_back_is_cut_again_from_its_first_byte()
    {
        var run = new PoolModelRun(Small);
        run.Do(PoolOperation.Fragment(3000), PoolOperation.Put());

        Assert.Equal(Piece(2, 0, 2000), run.Do(PoolOperation.Fragment(2000)));
        Assert.Equal(new PoolCut(new PageId(2), 2000, 1), run.Pool.Current);
        Assert.Equal(new PoolCounters { Fast = 1, Cached = 1, Empty = 1, Slow = 1, Hold = 2 }, run.Counters);
    }

    [Fact]
    public void A_full_page_that_somebody_else_holds_leaves_the_pool()
    {
        var run = new PoolModelRun(Small);
        run.Do(PoolOperation.Fragment(3000), PoolOperation.Reference(), PoolOperation.Put());

        Assert.Equal(Piece(1, 0, 2000), run.Do(PoolOperation.Fragment(2000)));
        Assert.DoesNotContain(new PageId(2), run.Pool.Pages.Keys);
        // A drain is no put: the page is not counted as one that a put gave up.
        Assert.Equal((1u, 0), (run.Counters.Release, run.Counters.ReleasedReference));
        Assert.Equal([2, 1], run.Held);
    }

    [Fact]
    public void A_full_page_of_the_reserve_leaves_the_pool()
    {
        var run = new PoolModelRun(Small with { Refill = 1 });
        run.Do(PoolOperation.Fragment(3000, reserve: true), PoolOperation.Put());

        Assert.Equal(Piece(2, 0, 2000), run.Do(PoolOperation.Fragment(2000)));
        Assert.Equal((2u, 1u), (run.Counters.Hold, run.Counters.Release));
    }

    [Fact]
    public void The_last_fragment_of_a_forgotten_page_brings_it_back()
    {
        var run = new PoolModelRun(Small);
        run.Do(PoolOperation.Fragment(2000), PoolOperation.Fragment(2000), PoolOperation.Fragment(2000));
        Assert.Equal([2, 2, 1], run.Held);

        run.Do(PoolOperation.Put());
        Assert.Empty(run.Ring);
        run.Do(PoolOperation.Put());
        Assert.Equal([2], run.Ring);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Without_memory_the_full_page_is_forgotten_whether_it_is_in_use_or_leaves(bool isHeld)
    {
        var run = new PoolModelRun(Small with { Refill = 1 });
        run.Do(PoolOperation.Fragment(3000, reserve: true));
        if (!isHeld)
        {
            run.Do(PoolOperation.Put());
        }

        Assert.Equal(default, run.Do(PoolOperation.Fragment(2000, PoolFault.Page)));
        Assert.Null(run.Pool.Current);
        Assert.Equal(isHeld ? 0u : 1u, run.Counters.Release);
        Assert.Equal(Piece(2, 0, 2000), run.Do(PoolOperation.Fragment(2000)));
    }

    [Fact]
    public void A_page_that_is_drained_and_cut_again_needs_no_memory()
    {
        var run = new PoolModelRun(Small with { Refill = 1 });
        run.Do(PoolOperation.Fragment(3000), PoolOperation.Put());

        Assert.Equal(1, run.Do(PoolOperation.Fragment(3000, PoolFault.Page)).Value);
    }

    [Fact]
    public void A_whole_page_is_taken_beside_the_page_being_cut()
    {
        var run = new PoolModelRun(Small);
        run.Do(PoolOperation.Fragment(1000));

        Assert.Equal(1, run.TakePage());
        Assert.Equal(new PoolCut(new PageId(2), 1000, 1), run.Pool.Current);
        Assert.Equal([PoolThingKind.Fragment, PoolThingKind.Page], run.Model.Held.Select(thing => thing.Kind));
    }

    [Fact]
    public void Of_more_than_half_a_page_any_gives_all()
    {
        var run = new PoolModelRun(Small);

        Assert.Equal(Piece(2, 0, 4096), run.Do(PoolOperation.Any(2049)));
        Assert.Equal(PoolThingKind.Page, run.Model.Held[0].Kind);
        Assert.Null(run.Pool.Current);
        Assert.Equal(Piece(1, 0, 2048), run.Do(PoolOperation.Any(2048)));
        Assert.Equal(PoolThingKind.Fragment, run.Model.Held[1].Kind);
    }

    [Theory]
    [InlineData(1, 1500, 2596)]
    [InlineData(128, 1536, 2560)]
    public void Any_adds_the_end_of_the_page_where_no_other_of_its_size_fits(int alignment, int offset, int length)
    {
        var run = new PoolModelRun(Small with { Alignment = alignment });

        // Behind the first there is room for one more; behind the second, up to 3000 or 3072, there is not.
        Assert.Equal(Piece(2, 0, 1500), run.Do(PoolOperation.Any(1500)));
        Assert.Equal(Piece(2, offset, length), run.Do(PoolOperation.Any(1500)));
        Assert.Equal(new PoolCut(new PageId(2), 4096, 2), run.Pool.Current);
        Assert.Equal(Piece(1, 0, 1500), run.Do(PoolOperation.Any(1500)));
    }

    [Fact]
    public void Any_that_fills_the_page_exactly_is_not_lengthened()
    {
        var run = new PoolModelRun(Small);
        run.Do(PoolOperation.Any(2048));

        Assert.Equal(Piece(2, 2048, 2048), run.Do(PoolOperation.Any(2048)));
        Assert.Equal(4096, run.Pool.Current!.Value.NextOffset);
    }

    [Fact]
    public void Any_leaves_room_that_is_just_enough_for_another()
    {
        var run = new PoolModelRun(Small);
        run.Do(PoolOperation.Any(1024), PoolOperation.Any(1024));

        // 4096 - 3072 = 1024: not smaller than the size asked for.
        Assert.Equal(Piece(2, 2048, 1024), run.Do(PoolOperation.Any(1024)));
        Assert.Equal(3072, run.Pool.Current!.Value.NextOffset);
    }

    [Theory]
    [InlineData(100)]
    [InlineData(4000)]
    public void Any_without_memory_gives_nothing(int size)
    {
        var run = new PoolModelRun(Small);

        Assert.Equal(default, run.Do(PoolOperation.Any(size, PoolFault.Page)));
        Assert.Empty(run.Model.Held);
        Assert.Null(run.Pool.Current);
    }

    [Fact]
    public void A_small_bias_is_never_used_up()
    {
        // The bias is 72 / 2 = 36; one of it must be left when all fragments have come back.
        var run = new PoolModelRun(Small with { CounterMax = 72 });
        for (var cut = 1; cut <= 35; cut++)
        {
            run.Do(PoolOperation.Fragment(1), PoolOperation.Put());
        }

        Assert.Equal(35, run.Pool.Current!.Value.Fragments);
        Assert.False(run.Allows(PoolOperation.Fragment(1)));
        Assert.False(run.Allows(PoolOperation.Any(1)));
        Assert.True(run.Allows(PoolOperation.Any(4096)));
        // One that does not fit drains the page and begins anew.
        Assert.Equal(Piece(2, 0, 4090), run.Do(PoolOperation.Fragment(4090)));
        Assert.Equal(1, run.Pool.Current!.Value.Fragments);
    }

    private static PoolOutcome Piece(int page, int offset, int length) => new(1, new Fragment(new PageId(page), offset, length));
}
