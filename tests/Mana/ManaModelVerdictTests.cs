using RxVerify.Model.Vocabulary;
using RxVerify.Model.Vocabulary.Mana;
using RxVerify.Model.Vocabulary.PagePool;

namespace RxVerify.Tests.Mana;

/// <summary>What becomes of a buffer in the model by verdict, for buffers of the pool and foreign ones (B.4.4, B.4.5, B.5).</summary>
public sealed class ManaModelVerdictTests
{
    private static readonly ManaVerdict[] Drops = [ManaVerdict.Drop, ManaVerdict.Aborted, ManaVerdict.Unknown, ManaVerdict.RedirectFails];

    public static TheoryData<ManaVerdict> Dropping => [.. Drops];

    public static TheoryData<ManaVerdict> BuildingAnSkb => [ManaVerdict.Pass, ManaVerdict.Tx, ManaVerdict.TxFails];

    public static TheoryData<ManaVerdict> All => [.. Enum.GetValues<ManaVerdict>()];

    [Fact]
    public void Passed_it_is_handed_up_from_behind_the_headroom()
    {
        var run = new ManaModelRun(ManaModelRun.Fragments, program: true);
        Assert.Equal(new ManaOutcome(1, 1), run.Deliver());

        var packet = Assert.Single(run.Model.Packets);
        Assert.Equal((new Fragment(new(1), 256, 100), 4096, true), (packet.Range, packet.Truesize, packet.IsRecycled));
        Assert.Equal(new ManaCounters { Packets = 1, Bytes = 100, Completed = 1, Posted = 1 }, run.Counters);
    }

    [Theory]
    [MemberData(nameof(Dropping))]
    public void Dropped_a_page_of_the_pool_is_recycled_directly(ManaVerdict verdict)
    {
        foreach (var era in Enum.GetValues<PoolEra>())
        {
            var run = new ManaModelRun(ManaModelRun.Fragments with { Era = era }, program: true);
            Assert.Equal(new ManaOutcome(1, 0), run.Deliver(verdict: verdict));

            Assert.Equal([1], run.Cache);
            Assert.Equal([5, 2, 3, 4], run.SlotPages);
            Assert.Equal(new ManaCounters { Dropped = 1, XdpDropped = 1, Completed = 1, Posted = 1 }, run.Counters);
        }
    }

    [Theory]
    [MemberData(nameof(Dropping))]
    public void Dropped_a_foreign_page_is_saved_and_the_next_to_be_posted(ManaVerdict verdict)
    {
        var run = new ManaModelRun(ManaModelRun.Fragments, program: true, preallocated: true);
        run.Deliver(verdict: verdict);
        Assert.Equal((4, 5), (run.Queue.Saved.Value, run.Model.PagesBorn));
        Assert.Equal(new ManaCounters { Dropped = 1, XdpDropped = 1, Completed = 1, Posted = 1 }, run.Counters);

        // It takes the next slot, whose foreign page is dropped and saved in its turn: one saved page at most (B.5).
        run.Deliver(verdict: verdict);
        Assert.Equal([5, 4, 2, 1], run.SlotPages);
        Assert.False(run.Queue.Slots[1].IsFromPool);
        Assert.Equal((3, 5), (run.Queue.Saved.Value, run.Model.PagesBorn));
        // All four foreign pages, and the one of the pool.
        Assert.Equal((5, 4), (run.Model.PagesLive, run.Model.Mappings));
    }

    [Fact]
    public void A_saved_page_that_cannot_be_mapped_is_freed()
    {
        var run = new ManaModelRun(ManaModelRun.Fragments, program: true, preallocated: true);
        run.Deliver(verdict: ManaVerdict.Drop);
        run.Do(ManaOperation.Receive(100), ManaOperation.Poll(ManaFault.Mapping));

        Assert.Equal(PageId.None, run.Queue.Saved);
        Assert.Equal([5, 3, 2, 1], run.SlotPages);
        Assert.Equal((4, 0, 2L), (run.Model.PagesLive, run.Model.Packets.Length, run.Counters.Dropped));
    }

    [Theory]
    [InlineData(false, 1)]
    [InlineData(true, 4)]
    public void Sent_back_it_is_the_transmit_queues_until_it_was_sent(bool preallocated, int page)
    {
        var run = new ManaModelRun(ManaModelRun.Fragments, program: true, preallocated);
        Assert.Equal(new ManaOutcome(1, 0), run.Deliver(verdict: ManaVerdict.Tx));

        var sent = Assert.Single(run.Model.Transmissions);
        Assert.Equal((0, 1, new Fragment(new(page), 256, 100), 4096, !preallocated), (sent.Serial, sent.Number, sent.Range, sent.Truesize, sent.IsRecycled));
        Assert.Equal(new ManaCounters { Packets = 1, Bytes = 100, XdpTransmitted = 1, Completed = 1, Posted = 1 }, run.Counters);
        Assert.Equal((0, 1, 5), (run.Model.LastSerial, run.Model.Load, run.Model.PagesLive));
    }

    [Theory]
    [InlineData(PoolEra.Linux515)]
    [InlineData(PoolEra.Linux612)]
    public void Refused_by_the_transmit_queue_a_page_of_the_pool_goes_back_as_the_processor_is(PoolEra era)
    {
        var run = new ManaModelRun(ManaModelRun.Fragments with { Era = era }, program: true);
        Assert.Equal(new ManaOutcome(1, 0), run.Deliver(verdict: ManaVerdict.TxFails));

        Assert.Equal(era == PoolEra.Linux612 ? [1] : [], run.Cache);
        Assert.Equal(era == PoolEra.Linux612 ? [] : [1], run.Ring);
        Assert.Equal(new ManaCounters { Packets = 1, Bytes = 100, XdpTransmitted = 1, TxDropped = 1, Completed = 1, Posted = 1 }, run.Counters);
    }

    [Fact]
    public void Refused_by_the_transmit_queue_a_foreign_page_is_freed()
    {
        var run = new ManaModelRun(ManaModelRun.Fragments, program: true, preallocated: true);
        run.Deliver(verdict: ManaVerdict.TxFails);

        Assert.Equal((4, 0, PageId.None), (run.Model.PagesLive, run.Model.Load, run.Queue.Saved));
        Assert.Equal([5, 3, 2, 1], run.SlotPages);
        Assert.Equal(new ManaCounters { Packets = 1, Bytes = 100, XdpTransmitted = 1, TxDropped = 1, Completed = 1, Posted = 1 }, run.Counters);
    }

    [Fact]
    public void Redirected_a_page_of_the_pool_becomes_the_frame()
    {
        var run = new ManaModelRun(ManaModelRun.Fragments, program: true);
        Assert.Equal(new ManaOutcome(1, 0), run.Deliver(verdict: ManaVerdict.Redirect));

        Assert.Equal((1, new Fragment(new(1), 256, 100)), (run.Model.Frames[0].Number, run.Model.Frames[0].Range));
        Assert.Equal(new ManaCounters { Packets = 1, Bytes = 100, XdpRedirected = 1, Completed = 1, Posted = 1 }, run.Counters);
    }

    [Fact]
    public void Redirected_from_a_foreign_page_the_packet_is_copied_to_a_page_of_the_pool()
    {
        var run = new ManaModelRun(ManaModelRun.Fragments, program: true, preallocated: true);
        run.Deliver(verdict: ManaVerdict.Redirect);

        // Page 5 took the slot, page 6 is the copy (B.7 #13).
        Assert.Equal(new Fragment(new(6), 256, 100), Assert.Single(run.Model.Frames).Range);
        Assert.Equal((4, 6), (run.Queue.Saved.Value, run.Model.PagesLive));
        Assert.Equal(new ManaCounters { Packets = 1, Bytes = 100, XdpRedirected = 1, Completed = 1, Posted = 1 }, run.Counters);
    }

    [Fact]
    public void Redirected_from_a_foreign_page_without_a_page_for_the_copy_the_packet_is_dropped()
    {
        var run = new ManaModelRun(ManaModelRun.Fragments, program: true, preallocated: true);
        run.Do(ManaOperation.Receive(100, ManaVerdict.Redirect));

        // The first page of this poll is the fresh buffer, the second would be the copy.
        Assert.Equal(1, run.Do(ManaOperation.Poll(ManaFault.Page, after: 1)).Value);
        Assert.Empty(run.Model.Frames);
        Assert.Equal((4, 5, 5), (run.Queue.Saved.Value, run.Model.PagesLive, run.SlotPages[0]));
        Assert.Equal(new ManaCounters { Dropped = 1, XdpDropped = 1, Completed = 1, Posted = 1 }, run.Counters);
    }

    [Theory]
    [MemberData(nameof(BuildingAnSkb))]
    public void Without_an_skb_the_packet_is_dropped_but_not_by_the_program(ManaVerdict verdict)
    {
        var ofPool = new ManaModelRun(ManaModelRun.Fragments, program: true);
        ofPool.Do(ManaOperation.Receive(100, verdict), ManaOperation.Poll(ManaFault.Skb));
        Assert.Equal(new ManaCounters { Dropped = 1, Completed = 1, Posted = 1 }, ofPool.Counters);
        Assert.Equal([1], ofPool.Cache);
        Assert.Equal(0, ofPool.Model.Load);

        var foreign = new ManaModelRun(ManaModelRun.Fragments, program: true, preallocated: true);
        foreign.Do(ManaOperation.Receive(100, verdict), ManaOperation.Poll(ManaFault.Skb));
        Assert.Equal(new ManaCounters { Dropped = 1, Completed = 1, Posted = 1 }, foreign.Counters);
        Assert.Equal((4, 0), (foreign.Queue.Saved.Value, foreign.Model.Load));
    }

    [Fact]
    public void Without_an_skb_a_fragment_gives_one_reference_back()
    {
        var run = new ManaModelRun(ManaModelRun.Fragments);
        run.Do(ManaOperation.Receive(100), ManaOperation.Receive(200), ManaOperation.Poll(ManaFault.Skb));

        Assert.Equal(2, Assert.Single(run.Model.Packets).Number);
        Assert.Equal(1, run.Pool.Pages[new(1)].Outside);
        Assert.Empty(run.Cache);

        // The other reference is the last one.
        run.Do(ManaOperation.Release(local: true));
        Assert.Equal([1], run.Cache);
    }

    [Fact]
    public void Without_an_skb_a_foreign_page_in_fragment_mode_is_freed_since_nobody_would_look_for_it()
    {
        var run = new ManaModelRun(ManaModelRun.Fragments, program: false, preallocated: true);
        run.Do(ManaOperation.Receive(100), ManaOperation.Poll(ManaFault.Skb));

        // B.7 #6. Left: pages 1 to 3, and page 5 of the pool.
        Assert.Equal((PageId.None, 4), (run.Queue.Saved, run.Model.PagesLive));
        Assert.Equal(1, run.Counters.Dropped);
    }

    [Fact]
    public void Without_an_skb_and_without_a_program_a_foreign_page_is_saved_where_buffers_are_pages()
    {
        var run = new ManaModelRun(ManaModelRun.Pages, program: false, preallocated: true);
        run.Do(ManaOperation.Receive(100), ManaOperation.Receive(200), ManaOperation.Poll(ManaFault.Skb));

        // Page 4 was saved by the first and posted again by the second, in the second slot.
        Assert.Equal([5, 4, 2, 1], run.SlotPages);
        Assert.Equal([3], run.PacketPages);
        Assert.Equal(PageId.None, run.Queue.Saved);
    }

    [Theory]
    [MemberData(nameof(All))]
    public void Without_a_program_nobody_asks_for_a_verdict(ManaVerdict verdict)
    {
        foreach (int mtu in (int[])[1500, 2048])
        {
            foreach (bool preallocated in (bool[])[false, true])
            {
                var run = new ManaModelRun(ManaModelRun.Fragments with { Mtu = mtu }, program: false, preallocated);
                Assert.Equal(new ManaOutcome(1, 1), run.Deliver(verdict: verdict));
                Assert.Equal(new ManaCounters { Packets = 1, Bytes = 100, Completed = 1, Posted = 1 }, run.Counters);
            }
        }
    }

    [Theory]
    [MemberData(nameof(All))]
    public void A_packet_that_has_no_fresh_buffer_is_not_shown_to_the_program(ManaVerdict verdict)
    {
        var run = new ManaModelRun(ManaModelRun.Fragments, program: true, preallocated: true);
        run.Do(ManaOperation.Receive(100, verdict), ManaOperation.Poll(ManaFault.Page));

        Assert.Equal(new ManaCounters { Dropped = 1, Completed = 1, Posted = 1 }, run.Counters);
        Assert.Equal([4, 3, 2, 1], run.SlotPages);
        Assert.Equal(0, run.Model.Load);
    }
}
