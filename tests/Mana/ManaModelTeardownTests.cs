using RxVerify.Model.Vocabulary.Mana;
using RxVerify.Model.Vocabulary.PagePool;

namespace RxVerify.Tests.Mana;

/// <summary>How the model's driver takes a queue down with buffers of the four kinds of B.5, what waits then, and what comes back to whom.</summary>
public sealed class ManaModelTeardownTests
{
    private static readonly ManaConfiguration Fragments = ManaModelRun.Fragments;

    public static TheoryData<ManaConfiguration, bool, bool> Kinds => new()
    {
        { ManaModelRun.Pages, false, false },
        { ManaModelRun.Pages, false, true },
        { ManaModelRun.Fragments, true, false },
        { ManaModelRun.Fragments, true, true },
        { ManaModelRun.Fragments, false, false },
        { ManaModelRun.Fragments, false, true },
    };

    [Theory]
    [MemberData(nameof(Kinds))]
    public void With_nothing_outside_nothing_is_left(ManaConfiguration configuration, bool program, bool preallocated)
    {
        foreach (var era in Enum.GetValues<PoolEra>())
        {
            var run = new ManaModelRun(configuration with { Era = era }, program, preallocated);
            // A completion that nobody consumed is forgotten.
            run.Do(ManaOperation.Receive(100));
            Assert.Equal(new ManaOutcome(4, 0), run.Do(ManaOperation.Teardown()));

            Assert.Null(run.Model.Queue);
            Assert.Empty(run.Model.Waiting);
            Assert.Equal((0, 0, 0), (run.Model.PagesLive, run.Model.Mappings, run.Model.Load));
        }
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void What_the_stack_holds_stays_until_it_lets_go(ManaConfiguration configuration, bool program, bool preallocated)
    {
        var run = new ManaModelRun(configuration, program, preallocated);
        run.Deliver();
        run.Do(ManaOperation.Teardown());

        // The pool waits for its page; a page that was allocated before needs no pool.
        Assert.Equal(preallocated ? 0 : 1, run.Model.Waiting.Length);
        Assert.Equal((1, 0), (run.Model.PagesLive, run.Model.Mappings));
        run.Do(ManaOperation.Release());
        Assert.Equal(preallocated ? 0 : 1, run.Model.PagesLive);
        if (!preallocated)
        {
            Assert.Equal(1, run.Do(ManaOperation.Retry()).Value);
        }

        Assert.Equal((0, 0), (run.Model.PagesLive, run.Model.Waiting.Length));
    }

    [Fact]
    public void A_saved_page_is_freed()
    {
        var run = new ManaModelRun(Fragments, program: true, preallocated: true);
        run.Deliver(verdict: ManaVerdict.Drop);
        Assert.Equal(4, run.Queue.Saved.Value);

        Assert.Equal(4, run.Do(ManaOperation.Teardown()).Value);
        Assert.Equal((0, 0), (run.Model.PagesLive, run.Model.Waiting.Length));
    }

    [Theory]
    [InlineData(PoolEra.Linux515, 1)]
    [InlineData(PoolEra.Linux612, 0)]
    public void A_pool_that_maps_its_pages_and_waits_for_one_leaves_it_mapped_or_not(PoolEra era, int mapped)
    {
        var run = new ManaModelRun(Fragments with { Era = era });
        run.Deliver();
        run.Do(ManaOperation.Teardown());

        // Page 1 is outside in a packet; its other fragment was in a slot.
        var pool = Assert.Single(run.Model.Waiting);
        Assert.Equal([1], ManaModelRun.Numbers(pool.Pages.Keys));
        Assert.Equal((1, 0, 1), (pool.Inflight, pool.Users, pool.Pages[new(1)].Outside));
        Assert.Equal(mapped, run.Model.Mappings);
    }

    [Theory]
    [InlineData(PoolEra.Linux515, 3, 0)]
    [InlineData(PoolEra.Linux612, 0, 3)]
    public void Fragments_go_back_directly_where_process_context_may(PoolEra era, int ringed, int cached)
    {
        // A packet on page 1 keeps the pool, so that its statistics can be read.
        var run = new ManaModelRun(Fragments with { Era = era, QueueSize = 8 });
        Assert.Equal([1, 1, 2, 2, 3, 3, 4, 4], run.SlotPages);
        run.Deliver();
        run.Do(ManaOperation.Teardown());

        // The last fragments of pages 2, 3 and 4 were in slots; page 5 was being cut and leaves with the pool.
        var counters = Assert.Single(run.Model.Waiting).Counters;
        Assert.Equal((ringed, cached, 5u, 4u), (counters.Ringed, counters.Cached, counters.Hold, counters.Release));
    }

    [Fact]
    public void Whole_pages_go_back_through_the_ring()
    {
        var run = new ManaModelRun(ManaModelRun.Pages);
        run.Deliver();
        run.Do(ManaOperation.Teardown());

        var counters = Assert.Single(run.Model.Waiting).Counters;
        Assert.Equal((4, 0, 5u, 4u), (counters.Ringed, counters.Cached, counters.Hold, counters.Release));
    }

    [Fact]
    public void A_new_queue_has_a_new_pool_while_the_old_one_waits()
    {
        var run = new ManaModelRun(Fragments);
        run.Deliver();
        run.Do(ManaOperation.Teardown(), ManaOperation.Create());
        Assert.Equal([4, 4, 5, 5], run.SlotPages);
        run.Deliver();
        Assert.Equal([1, 4], run.PacketPages);

        // The packet of the old queue comes back to the old pool, though it is let go on the processor of the new one.
        run.Do(ManaOperation.Release(0, local: true));
        Assert.Empty(run.Cache);
        Assert.Equal([1], ManaModelRun.Numbers(run.Model.Waiting[0].Ring.Pages));
        Assert.Equal(1, run.Do(ManaOperation.Retry()).Value);
        Assert.Empty(run.Model.Waiting);
    }

    [Fact]
    public void Pools_wait_in_the_order_in_which_they_were_destroyed()
    {
        var run = new ManaModelRun(Fragments);
        run.Deliver();
        run.Do(ManaOperation.Teardown(), ManaOperation.Create());
        run.Deliver();
        run.Do(ManaOperation.Teardown());
        Assert.Equal([1, 4], run.Model.Waiting.Select(pool => Assert.Single(pool.Pages.Keys).Value));

        Assert.Equal(0, run.Do(ManaOperation.Retry(1)).Value);
        run.Do(ManaOperation.Release());
        Assert.Equal(1, run.Do(ManaOperation.Retry(0)).Value);
        Assert.Equal(4, Assert.Single(Assert.Single(run.Model.Waiting).Pages.Keys).Value);
        Assert.Equal((1, 2), (run.Model.Waiting[0].Inflight, run.Model.Waiting[0].DestroyCount));
    }

    [Fact]
    public void A_queue_can_change_its_mode_and_packets_of_the_other_do_not_mind()
    {
        var run = new ManaModelRun(Fragments);
        run.Deliver(packets: 2);
        run.Do(ManaOperation.Teardown(), ManaOperation.Create(program: true));
        run.Deliver(verdict: ManaVerdict.Redirect);
        run.Deliver();
        Assert.Equal((0, 256), (run.Model.Packets[0].Range.Offset, run.Model.Packets[2].Range.Offset));

        run.Do(ManaOperation.Release(), ManaOperation.Release(), ManaOperation.Release(), ManaOperation.Return());
        Assert.Equal([1], ManaModelRun.Numbers(run.Model.Waiting[0].Ring.Pages));
        Assert.Equal(2, run.Pool.Ring.Pages.Length);
    }
}
