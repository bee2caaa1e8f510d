using RxVerify.Model.PagePool;
using RxVerify.Model.Vocabulary;
using RxVerify.Model.Vocabulary.PagePool;

namespace RxVerify.Tests.PagePool;

/// <summary>What is let go comes back to the model's pool, in one go (C.4).</summary>
public sealed class PoolModelPutTests
{
    /// <summary>Whole pages, one allocated at a time, so that page n is held at place n - 1.</summary>
    private static readonly PoolConfiguration Small =
        new() { CacheSize = 4, Refill = 1, PoolSize = 4, Fragments = false, HeldMax = 16 };

    [Theory]
    [InlineData(PoolEra.Linux515, PutContext.Elsewhere, false)]
    [InlineData(PoolEra.Linux515, PutContext.Local, false)]
    [InlineData(PoolEra.Linux515, PutContext.Direct, true)]
    [InlineData(PoolEra.Linux515, PutContext.DirectInProcess, false)]
    [InlineData(PoolEra.Linux612, PutContext.Elsewhere, false)]
    [InlineData(PoolEra.Linux612, PutContext.Local, true)]
    [InlineData(PoolEra.Linux612, PutContext.Direct, true)]
    [InlineData(PoolEra.Linux612, PutContext.DirectInProcess, true)]
    public void A_page_goes_into_the_cache_where_the_era_believes_that_this_is_the_pools_context(PoolEra era, PutContext context, bool isCached)
    {
        var run = new PoolModelRun(Small with { Era = era });
        run.TakePage();

        Assert.Equal(default, run.Do(PoolOperation.Put(context: context)));
        Assert.Equal(isCached ? [1] : [], run.Cache);
        Assert.Equal(isCached ? [] : [1], run.Ring);
        Assert.Equal((isCached ? 1 : 0, isCached ? 0 : 1), (run.Counters.Cached, run.Counters.Ringed));
    }

    [Fact]
    public void A_direct_put_that_finds_the_cache_full_goes_to_the_ring()
    {
        var run = new PoolModelRun(Small);
        run.Repeat(5, PoolOperation.Page());
        run.Repeat(5, PoolOperation.Put(context: PutContext.Direct));

        Assert.Equal([1, 2, 3, 4], run.Cache);
        Assert.Equal([5], run.Ring);
        Assert.Equal((4, 1, 1), (run.Counters.Cached, run.Counters.CacheFull, run.Counters.Ringed));
    }

    [Fact]
    public void A_page_that_finds_the_ring_full_leaves_the_pool()
    {
        var run = new PoolModelRun(Small);
        run.Repeat(5, PoolOperation.Page());
        run.Repeat(4, PoolOperation.Put());

        Assert.Equal(new PoolOutcome(1), run.Do(PoolOperation.Put()));
        Assert.Equal([1, 2, 3, 4], run.Ring);
        Assert.Equal((4, 1, 1u), (run.Counters.Ringed, run.Counters.RingFull, run.Counters.Release));
        Assert.DoesNotContain(new PageId(5), run.Pool.Pages.Keys);
    }

    [Fact]
    public void A_page_that_somebody_else_holds_leaves_the_pool_and_lives_on()
    {
        var run = new PoolModelRun(Small);
        run.TakePage();
        run.Do(PoolOperation.Reference());
        Assert.Equal((1, 1), (run.Facts(1).Outside, run.Facts(1).References));

        Assert.Equal(1, run.Do(PoolOperation.Put(context: PutContext.Direct)).Value);
        Assert.Equal((1, 1u, 0), (run.Counters.ReleasedReference, run.Counters.Release, run.Counters.Cached));
        Assert.Empty(run.Pool.Pages);
        Assert.Equal([1], run.Held);

        // The holder may take another reference and lets go of both; the pool hears nothing of it.
        var before = run.Pool;
        run.Do(PoolOperation.Reference());
        Assert.Equal(default, run.Do(PoolOperation.Put(count: 1), PoolOperation.Put()));
        Assert.Equal(before, run.Pool);
        Assert.Empty(run.Model.Held);
    }

    [Fact]
    public void A_page_is_used_again_when_the_others_let_go_first()
    {
        var run = new PoolModelRun(Small);
        run.TakePage();
        run.Do(PoolOperation.Reference(), PoolOperation.Put(1), PoolOperation.Put());

        Assert.Equal([1], run.Ring);
        Assert.Equal(0, run.Facts(1).References);
    }

    [Fact]
    public void A_page_reference_has_the_bytes_of_what_it_is_taken_on()
    {
        var run = new PoolModelRun(Small with { Fragments = true });
        run.Do(PoolOperation.Fragment(1000), PoolOperation.Fragment(500), PoolOperation.Reference(1), PoolOperation.Reference(2), PoolOperation.Share(1));

        var range = new Fragment(new PageId(1), 1000, 500);
        Assert.Equal(
            [
                new PoolThing(PoolThingKind.Fragment, range with { Offset = 0, Length = 1000 }), new PoolThing(PoolThingKind.Fragment, range),
                new PoolThing(PoolThingKind.Reference, range), new PoolThing(PoolThingKind.Reference, range), new PoolThing(PoolThingKind.Fragment, range),
            ],
            [.. run.Model.Held]);
        Assert.Equal((3, 2), (run.Facts(1).Outside, run.Facts(1).References));
    }

    [Fact]
    public void Each_holder_of_a_shared_page_has_to_let_go()
    {
        var run = new PoolModelRun(Small);
        run.TakePage();
        run.Do(PoolOperation.Share(), PoolOperation.Share(), PoolOperation.Put(1), PoolOperation.Put(1));
        Assert.Empty(run.Ring);

        run.Do(PoolOperation.Put());
        Assert.Equal([1], run.Ring);
    }

    [Fact]
    public void A_foreign_page_comes_and_goes_without_the_pool()
    {
        var run = new PoolModelRun(Small with { Order = 1 });
        var before = run.Pool;

        Assert.Equal(new PoolOutcome(1, new Fragment(new PageId(1), 0, 8192)), run.Do(PoolOperation.Foreign()));
        run.Do(PoolOperation.Reference());
        Assert.Equal(default, run.Do(PoolOperation.Put(context: PutContext.Local), PoolOperation.Put()));
        Assert.Equal(before, run.Pool);
        // Its number is taken all the same.
        Assert.Equal(2, run.TakePage());
    }

    [Fact]
    public void What_is_put_together_fills_the_ring_and_the_rest_leaves()
    {
        var run = new PoolModelRun(Small);
        run.Repeat(7, PoolOperation.Page());

        Assert.Equal(2, run.Do(PoolOperation.Put(pick: 1, count: 6)).Value);
        Assert.Equal([2, 3, 4, 5], run.Ring);
        Assert.Equal([1], run.Held);
        Assert.Equal((4, 2, 2u), (run.Counters.Ringed, run.Counters.RingFull, run.Counters.Release));
    }

    [Theory]
    [InlineData(PoolEra.Linux515, 0, 4, 0)]
    [InlineData(PoolEra.Linux612, 4, 2, 2)]
    public void What_is_put_together_on_the_pools_processor_fills_the_cache_first_where_the_pool_knows_it(PoolEra era, int cached, int ringed, int full)
    {
        var run = new PoolModelRun(Small with { Era = era });
        run.Repeat(6, PoolOperation.Page());

        run.Do(PoolOperation.Put(context: PutContext.Local, count: 6));
        Assert.Equal(Enumerable.Range(1, cached), run.Cache);
        Assert.Equal(Enumerable.Range(cached + 1, ringed), run.Ring);
        Assert.Equal((cached, full, ringed), (run.Counters.Cached, run.Counters.CacheFull, run.Counters.Ringed));
    }

    [Fact]
    public void Pages_that_cannot_be_used_again_leave_out_of_the_middle_of_those_put_together()
    {
        var run = new PoolModelRun(Small);
        run.Do(PoolOperation.Page(), PoolOperation.Page(reserve: true), PoolOperation.Page(), PoolOperation.Page());
        run.Do(PoolOperation.Reference(3));

        Assert.Equal(2, run.Do(PoolOperation.Put(count: 4)).Value);
        Assert.Equal([1, 3], run.Ring);
        Assert.Equal(2, run.Counters.ReleasedReference);
    }

    [Fact]
    public void Fragments_of_one_page_put_together_bring_it_back_once()
    {
        var run = new PoolModelRun(Small with { Fragments = true });
        run.Do(PoolOperation.Fragment(2000), PoolOperation.Fragment(2000), PoolOperation.Fragment(2000), PoolOperation.Fragment(2000));

        // Pages 1, 1, 2, 2; page 2 is still being cut.
        run.Do(PoolOperation.Put(count: 4));
        Assert.Equal([1], run.Ring);
        Assert.Equal((0, 2), (run.Facts(2).Outside, run.Pool.Current!.Value.Page.Value));
    }

    [Fact]
    public void A_whole_page_remembers_the_longest_write_until_it_is_given_out_again()
    {
        var run = new PoolModelRun(Small with { SyncOffset = 64, SyncLength = 1500 });
        run.TakePage();
        run.Do(PoolOperation.Share(), PoolOperation.Write(0, 1000), PoolOperation.Write(1, 300));
        Assert.Equal(1000, run.Facts(1).Written);

        // Only as much as the device writes can be written, and a put says at least what was.
        Assert.True(run.Allows(PoolOperation.Write(0, 1500)));
        Assert.False(run.Allows(PoolOperation.Write(0, 1501)));
        Assert.False(run.Allows(PoolOperation.Put(sync: 999)));
        Assert.True(run.Allows(PoolOperation.Put(sync: 1000)));
        run.Do(PoolOperation.Put(sync: 1000), PoolOperation.Put(sync: 1000, context: PutContext.Direct));

        Assert.Equal(1, run.TakePage());
        Assert.Equal(0, run.Facts(1).Written);
        Assert.True(run.Allows(PoolOperation.Put(sync: 1)));
    }

    [Fact]
    public void Of_a_fragment_nobody_knows_how_much_was_written()
    {
        var run = new PoolModelRun(Small with { Fragments = true });
        run.Do(PoolOperation.Fragment(4096), PoolOperation.Write(0, 4096));

        Assert.Equal(0, run.Facts(1).Written);
        Assert.False(run.Allows(PoolOperation.Put(sync: 4096)));
        Assert.True(run.Allows(PoolOperation.Put()));
    }
}
