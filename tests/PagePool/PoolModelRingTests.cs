using RxVerify.Model.PagePool;
using RxVerify.Model.Vocabulary.PagePool;

namespace RxVerify.Tests.PagePool;

/// <summary>The model's ring, place by place: where pages come in, where they go out, and when places are emptied (C.1).</summary>
public sealed class PoolModelRingTests
{
    /// <summary>Each allocation takes one page, from the ring or from the allocator, so that the ring is read page by page.</summary>
    private static readonly PoolConfiguration OneByOne = new() { CacheSize = 1, Refill = 1, PoolSize = 32, HeldMax = 64 };

    [Theory]
    [InlineData(15, 16, 1)]
    [InlineData(31, 16, 1)]
    [InlineData(32, 16, 16)]
    [InlineData(1024, 16, 16)]
    [InlineData(4, 2, 2)]
    [InlineData(1, 1, 1)]
    public void Places_are_emptied_together_unless_that_were_more_than_half_the_ring(int slots, int batch, int together)
    {
        var run = new PoolModelRun(OneByOne with { PoolSize = slots, RingBatch = batch });

        Assert.Equal((slots, together), (run.Pool.Ring.Places.Length, run.Pool.Ring.Clears));
    }

    [Fact]
    public void A_ring_of_32_is_full_until_16_pages_were_read()
    {
        var run = Filled(OneByOne, pages: 32);
        Assert.Equal((0, 0, 0), Indices(run));

        // Fifteen pages were read, yet their places are not empty: for the producer the ring is as full as before.
        run.Repeat(15, PoolOperation.Page());
        Assert.Equal((0, 15, 0), Indices(run));
        Assert.True(run.Pool.Ring.IsFull);
        Assert.Equal(1, run.Do(PoolOperation.Put(pick: 0)).Value);
        Assert.Equal((1, 32), (run.Counters.RingFull, run.Counters.Ringed));

        // The sixteenth empties all sixteen places.
        run.TakePage();
        Assert.Equal((0, 16, 16), Indices(run));
        Assert.Equal(16, run.Pool.Ring.Places.Count(page => page.Value == 0));
        Assert.Equal(Enumerable.Range(17, 16), run.Ring);
        run.Repeat(15, PoolOperation.Put());
        Assert.Equal((15, 16, 16), Indices(run));
        Assert.Equal((1, 47), (run.Counters.RingFull, run.Counters.Ringed));
    }

    [Fact]
    public void At_the_end_of_the_array_places_are_emptied_though_they_are_fewer_than_a_batch()
    {
        // 40 places: the reader empties 0 … 15, 16 … 31 and, because the array ends, 32 … 39.
        var run = Filled(OneByOne with { PoolSize = 40 }, pages: 40);
        run.Repeat(39, PoolOperation.Page());
        Assert.Equal((0, 39, 32), Indices(run));
        Assert.Equal(8, run.Pool.Ring.Places.Count(page => page.Value != 0));

        run.TakePage();
        Assert.Equal((0, 0, 0), Indices(run));
        Assert.All(run.Pool.Ring.Places, page => Assert.Equal(0, page.Value));
    }

    [Fact]
    public void A_ring_of_15_has_room_for_each_page_that_was_read()
    {
        var run = Filled(OneByOne with { PoolSize = 15 }, pages: 15);
        Assert.True(run.Pool.Ring.IsFull);

        for (var page = 1; page <= 40; page++)
        {
            run.TakePage();
            Assert.False(run.Pool.Ring.IsFull);
            Assert.Equal(0, run.Do(PoolOperation.Put()).Value);
            Assert.Equal((page % 15, page % 15, page % 15), Indices(run));
        }

        // Fifteen pages went round and round.
        Assert.Equal((0, 15 + 40, 15u), (run.Counters.RingFull, run.Counters.Ringed, run.Counters.Hold));
    }

    [Fact]
    public void A_ring_can_be_full_for_the_producer_and_empty_for_the_consumer()
    {
        // Four places, emptied two by two. Pages 1 … 3 in, 1 … 3 out: place 2 was read and is not empty; page 4 fills place 3, …
        var run = Filled(OneByOne with { PoolSize = 4, RingBatch = 2 }, pages: 3);
        run.Repeat(3, PoolOperation.Page());
        Assert.Equal((3, 3, 2), Indices(run));
        Assert.True(run.Pool.Ring.IsEmpty);

        // … places 0 and 1 take two more, and place 2 none, so three of four places is all there are.
        run.Repeat(3, PoolOperation.Put());
        Assert.Equal((2, 3, 2), Indices(run));
        Assert.True(run.Pool.Ring.IsFull);
        Assert.Equal(3, run.Ring.Length);

        // Reading place 3, the end of the array, empties 2 as well.
        run.TakePage();
        Assert.Equal((2, 0, 0), Indices(run));
        Assert.False(run.Pool.Ring.IsFull);
    }

    [Fact]
    public void A_single_place_that_was_read_stays_full_until_the_batch_is()
    {
        // Eight places, emptied four by four: the producer comes round to places 0 … 2, which were read.
        var run = Filled(OneByOne with { PoolSize = 8, RingBatch = 4 }, pages: 8);
        run.Repeat(3, PoolOperation.Page());
        Assert.Equal(Enumerable.Range(4, 5), run.Ring);

        Assert.Equal(1, run.Do(PoolOperation.Put()).Value);
        run.TakePage();
        Assert.Equal(0, run.Do(PoolOperation.Put()).Value);
        Assert.Equal((1, 4, 4), Indices(run));
    }

    [Fact]
    public void What_is_read_and_still_there_is_not_read_again_when_the_pool_is_destroyed()
    {
        var run = Filled(OneByOne, pages: 32);
        run.Repeat(10, PoolOperation.Page());

        // 22 pages in the ring leave; the ten that were read are outside.
        Assert.Equal(22, run.Do(PoolOperation.Destroy()).Value);
        Assert.Equal((10, true), (run.Pool.Inflight, run.Pool.RetryScheduled));
        Assert.Empty(run.Ring);
    }

    /// <summary>A run in which pages 1, 2, 3 … are in the ring, which was filled from its first place.</summary>
    private static PoolModelRun Filled(PoolConfiguration configuration, int pages)
    {
        var run = new PoolModelRun(configuration);
        run.Repeat(pages, PoolOperation.Page());
        run.Repeat(pages, PoolOperation.Put());
        Assert.Equal(Enumerable.Range(1, pages), run.Ring);
        return run;
    }

    private static (int Producer, int Head, int Tail) Indices(PoolModelRun run)
    {
        PoolRing ring = run.Pool.Ring;
        return (ring.Producer, ring.Head, ring.Tail);
    }
}
