using RxVerify.Model.Vocabulary.Mana;

namespace RxVerify.Tests.Mana;

/// <summary>The program's verdicts, on pages of the pool and on foreign ones (B.4.4, B.4.5).</summary>
public sealed class ManaQueueVerdictTests
{
    private static readonly ManaConfiguration Small = ManaQueueBench.Fragments;

    public static TheoryData<ManaVerdict, bool> Dropping
    {
        get
        {
            var data = new TheoryData<ManaVerdict, bool>();
            foreach (var verdict in new[] { ManaVerdict.Drop, ManaVerdict.Aborted, ManaVerdict.Unknown, ManaVerdict.RedirectFails })
            {
                data.Add(verdict, false);
                data.Add(verdict, true);
            }

            return data;
        }
    }

    [Fact]
    public void A_program_gets_a_page_and_a_headroom_for_each_buffer()
    {
        using var bench = ManaQueueBench.WithProgram(Small);
        Assert.Equal((true, 256, 4096, 1), (bench.Queue.HasProgram, bench.Queue.Layout.Headroom, bench.Queue.Layout.AllocSize, bench.Queue.Layout.Fragments));
        ref readonly var slot = ref bench.Queue.SlotAt(0);
        Assert.Equal((256ul, 0), (slot.Address & 4095, slot.Offset));
        Assert.Equal(1, bench.Deliver());
        Assert.Equal((256, 100, 4096, true), (bench.PacketAt(0).Offset, bench.PacketAt(0).Length, bench.PacketAt(0).Charged, bench.PacketAt(0).IsForRecycling));
        Assert.True(bench.Holds(bench.Stack.FragmentsOf(bench.Stack.HeldAt(0))[0].Frame, 256, 100, 1));
        bench.End();
    }

    [Fact]
    public void A_queue_without_a_program_asks_for_no_verdict()
    {
        using var bench = new ManaQueueBench(Small);
        Assert.Equal(1, bench.Deliver(verdict: ManaVerdict.Drop));
        Assert.Equal(0L, bench.Counters.XdpDropped);
        bench.End();
    }

    [Theory]
    [MemberData(nameof(Dropping))]
    public void What_is_dropped_goes_into_the_cache_or_is_saved_and_is_used_next(ManaVerdict verdict, bool preallocated)
    {
        using var bench = ManaQueueBench.WithProgram(Small, preallocated);
        var dropped = bench.SlotAt(0);
        Assert.Equal(!preallocated, dropped.IsFromPool);
        long cached = bench.Pool.Counters.Cached;
        Assert.Equal(0, bench.Deliver(verdict: verdict));
        Assert.Equal((1L, 1L, 0L, 0L), (bench.Counters.XdpDropped, bench.Counters.Dropped, bench.Counters.Packets, bench.Counters.XdpRedirected));
        Assert.Equal(preallocated ? 0 : 1, bench.Pool.Counters.Cached - cached);
        Assert.Equal(preallocated ? dropped.Page : 0, bench.Memory.PageOf(bench.Queue.SavedFrame).Value);

        bench.Deliver();
        Assert.Equal(dropped, bench.SlotAt(1));
        Assert.Equal(-1, bench.Queue.SavedFrame);
        bench.End();
    }

    [Fact]
    public void A_saved_page_that_cannot_be_mapped_is_freed()
    {
        using var bench = ManaQueueBench.WithProgram(Small, preallocated: true);
        bench.Deliver(verdict: ManaVerdict.Drop);
        int live = bench.Memory.LivePages;
        Assert.Equal(0, bench.Deliver(fault: ManaFault.Mapping));
        Assert.Equal((-1, live - 1, 2L), (bench.Queue.SavedFrame, bench.Memory.LivePages, bench.Counters.Dropped));
        bench.End();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_packet_sent_back_is_mapped_until_the_device_has_read_it(bool preallocated)
    {
        using var bench = ManaQueueBench.WithProgram(Small, preallocated);
        int frame = bench.Queue.SlotAt(0).Frame;
        Assert.Equal(0, bench.Deliver(verdict: ManaVerdict.Tx));
        var sent = bench.World.TransmissionAt(0);
        Assert.Equal((frame, 256, 100, 1), (sent.Frame, sent.Offset, sent.Length, sent.Packet));
        Assert.Equal((5, 1), (bench.Memory.Mappings, bench.World.Load));
        Assert.Equal((1L, 100L, 1L), (bench.Counters.Packets, bench.Counters.Bytes, bench.Counters.XdpTransmitted));
        Assert.True(bench.Holds(frame, 256, 100, 1));

        int live = bench.Memory.LivePages;
        bench.Apply(ManaOperation.TxComplete());
        Assert.Equal((4, 0, live - (preallocated ? 1 : 0)), (bench.Memory.Mappings, bench.World.Load, bench.Memory.LivePages));
        Assert.Equal(preallocated ? 0L : 1L, bench.Pool.Counters.Ringed);
        bench.End();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_transmission_that_is_refused_is_freed_in_the_poll(bool preallocated)
    {
        using var bench = ManaQueueBench.WithProgram(Small, preallocated);
        int live = bench.Memory.LivePages;
        Assert.Equal(0, bench.Deliver(verdict: ManaVerdict.TxFails));
        Assert.Equal((1L, 1L, 1L, 0L), (bench.Counters.TxDropped, bench.Counters.Packets, bench.Counters.XdpTransmitted, bench.Counters.Dropped));
        Assert.Equal((0, 0), (bench.World.Transmissions.Length, bench.Stack.LiveSkbs));

        // The pool gave two pages at the refill; a foreign page is gone, the pool's is in its cache.
        Assert.Equal(preallocated ? (0L, live + 1) : (1L, live + 2), (bench.Pool.Counters.Cached, bench.Memory.LivePages));
        bench.End();
    }

    [Fact]
    public void A_redirected_page_of_the_pool_is_the_frame()
    {
        using var bench = ManaQueueBench.WithProgram(Small);
        int frame = bench.Queue.SlotAt(0).Frame;
        Assert.Equal(0, bench.Deliver(verdict: ManaVerdict.Redirect));
        var redirected = bench.World.FrameAt(0);
        Assert.Equal((frame, 256, 100, 1), (redirected.Frame, redirected.Offset, redirected.Length, redirected.Packet));
        Assert.Equal((1L, 1L, 100L), (bench.Counters.XdpRedirected, bench.Counters.Packets, bench.Counters.Bytes));
        Assert.Equal(1, bench.World.Load);
        bench.Apply(ManaOperation.Return());
        Assert.Equal((0, 1L), (bench.World.Load, bench.Pool.Counters.Ringed));
        bench.End();
    }

    [Fact]
    public void A_packet_on_a_foreign_page_is_copied_to_one_of_the_pool_and_the_foreign_one_saved()
    {
        using var bench = ManaQueueBench.WithProgram(Small, preallocated: true);
        int foreign = bench.Queue.SlotAt(0).Frame;
        bench.Deliver(verdict: ManaVerdict.Redirect);
        var redirected = bench.World.FrameAt(0);
        Assert.NotEqual(foreign, redirected.Frame);
        Assert.True(bench.Pool.Owns(redirected.Frame));
        Assert.True(bench.Holds(redirected.Frame, 256, 100, 1));
        Assert.Equal((foreign, 1L, 0L), (bench.Queue.SavedFrame, bench.Counters.XdpRedirected, bench.Counters.XdpDropped));
        bench.Apply(ManaOperation.Return());
        bench.End();
    }

    [Fact]
    public void A_packet_that_finds_no_page_to_be_copied_to_is_dropped()
    {
        using var bench = ManaQueueBench.WithProgram(Small with { PoolRefill = 1 }, preallocated: true);
        int foreign = bench.Queue.SlotAt(0).Frame;
        bench.Apply(ManaOperation.Receive(100, ManaVerdict.Redirect), ManaOperation.Poll(ManaFault.Page, after: 1));
        Assert.Equal((foreign, 0L, 1L, 1L), (bench.Queue.SavedFrame, bench.Counters.XdpRedirected, bench.Counters.XdpDropped, bench.Counters.Dropped));
        bench.End();
    }

    [Fact]
    public void Frames_come_back_together_as_many_as_a_bulk_has_room_for()
    {
        using var bench = ManaQueueBench.WithProgram(new ManaConfiguration { HeldMax = 64 });
        bench.Deliver(18, verdict: ManaVerdict.Redirect);
        Assert.False(bench.World.Allows(ManaOperation.Return(1, 17)));
        bench.Apply(ManaOperation.Return(1, 16));
        Assert.Equal((2, 16L), (bench.World.Frames.Length, bench.Pool.Counters.Ringed));
        Assert.Equal([1, 18], bench.World.Frames.ToArray().Select(frame => frame.Packet));
        bench.End();
    }

    [Fact]
    public void Frames_of_two_queues_that_come_back_together_go_to_two_pools()
    {
        using var bench = ManaQueueBench.WithProgram(Small);
        bench.Deliver(2, verdict: ManaVerdict.Redirect);
        bench.Apply(ManaOperation.Teardown(), ManaOperation.Create(program: true));
        bench.Deliver(verdict: ManaVerdict.Redirect);
        var waiting = bench.World.WaitingPoolAt(0);
        bench.Apply(ManaOperation.Return(0, 3));

        // Four were put there by the teardown, one for each slot.
        Assert.Equal((4L + 2, 1L), (waiting.Counters.Ringed, bench.Pool.Counters.Ringed));
        bench.End();
    }

    [Theory]
    [InlineData(1500, true)]
    [InlineData(2048, false)]
    public void A_packet_on_a_foreign_page_charges_all_of_it_and_is_not_recycled(int mtu, bool fragments)
    {
        using var bench = ManaQueueBench.Preallocated(Small with { Mtu = mtu });
        Assert.Equal((fragments, 4), (bench.Queue.Layout.IsFragmented, bench.Memory.Mappings));
        int page = bench.PageAt(0);
        Assert.Equal(1, bench.Deliver());
        Assert.Equal((page, 0, 100, 4096, false), bench.PacketAt(0));
        int live = bench.Memory.LivePages;
        bench.Apply(ManaOperation.Release());
        Assert.Equal(live - 1, bench.Memory.LivePages);
        bench.End();
    }

    [Fact]
    public void In_fragment_mode_a_dropped_foreign_page_is_freed()
    {
        using var bench = ManaQueueBench.Preallocated(Small);
        int live = bench.Memory.LivePages;
        Assert.Equal(0, bench.Deliver(fault: ManaFault.Skb));

        // One left, and two came with the refill for the fresh fragment.
        Assert.Equal((live + 1, -1), (bench.Memory.LivePages, bench.Queue.SavedFrame));
        Assert.Equal(3 + 2, bench.Memory.Mappings);
        bench.End();
    }
}
