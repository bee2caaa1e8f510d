using RxVerify.Model.Vocabulary.Mana;

namespace RxVerify.Tests.Mana;

/// <summary>The queue while packets flow (B.4.1 to B.4.4).</summary>
public sealed class ManaQueueTests
{
    [Fact]
    public void A_new_queue_has_posted_every_slot_in_order_and_two_fragments_share_a_page()
    {
        using var bench = new ManaQueueBench(ManaQueueBench.Fragments);

        // The refill takes two pages together and gives the last one first; 1856 is A64(1500 + 334).
        Assert.Equal([(2, 0, true), (2, 1856, true), (1, 0, true), (1, 1856, true)], Enumerable.Range(0, 4).Select(bench.SlotAt));
        Assert.Equal((4u, 0u, 0, 4), (bench.Queue.Head, bench.Queue.Tail, bench.Queue.NextSlot, bench.Device.Visible));
        Assert.Equal((4L, 0L, 0), (bench.Counters.Posted, bench.Counters.Packets, bench.World.Pending));
        Assert.Equal(2, bench.Memory.Mappings);
        for (int slot = 0; slot < 4; slot++)
        {
            ref readonly var entry = ref bench.Device.VisibleAt(slot);
            Assert.Equal((bench.Queue.SlotAt(slot).Address, 1514u), (entry.Address, entry.Length));
        }
    }

    [Fact]
    public void In_single_buffer_mode_each_slot_has_a_page_that_the_driver_mapped()
    {
        using var bench = new ManaQueueBench(ManaQueueBench.Pages);
        Assert.Equal("2 1 4 3", bench.Slots);
        Assert.Equal((4, 4), (bench.Memory.Mappings, bench.Memory.LivePages));
        Assert.Equal((2062, 4096, 0), (bench.Queue.Layout.DataSize, bench.Queue.Layout.AllocSize, bench.Queue.Layout.Headroom));
        Assert.Equal(0ul, bench.Pool.AddressOf(bench.Queue.SlotAt(0).Frame));
    }

    [Theory]
    [InlineData(1500, 1856)]
    [InlineData(2048, 4096)]
    public void A_packet_is_handed_up_in_its_buffer_whole_and_charged(int mtu, int charged)
    {
        using var bench = new ManaQueueBench(ManaQueueBench.Fragments with { Mtu = mtu });
        int frame = bench.Queue.SlotAt(0).Frame;
        Assert.Equal(1, bench.Apply(ManaOperation.Receive(1500)).Value);
        Assert.Equal(1, bench.World.Pending);
        Assert.Equal(new ManaOutcome(1, 1), bench.Apply(ManaOperation.Poll()));

        Assert.Equal((2, 0, 1500, charged, true), bench.PacketAt(0));
        Assert.True(bench.Holds(frame, 0, 1500, 1));
        ref var skb = ref bench.Stack[bench.Stack.HeldAt(0)];
        Assert.Equal((1, 2654435761u, true), (skb.Serial, skb.Hash, skb.ChecksumUnnecessary));
        Assert.Equal((1L, 1500L, 1L, 5L), (bench.Counters.Packets, bench.Counters.Bytes, bench.Counters.Completed, bench.Counters.Posted));
        Assert.Equal((5u, 1u, 1, 4, 1), (bench.Queue.Head, bench.Queue.Tail, bench.Queue.NextSlot, bench.Device.Visible, bench.World.Load));
        bench.End();
    }

    [Theory]
    [InlineData(ManaTraits.Udp, 2654435761u, true)]
    [InlineData(ManaTraits.NoHash, 0u, true)]
    [InlineData(ManaTraits.IpChecksumBad, 2654435761u, false)]
    [InlineData(ManaTraits.L4ChecksumBad, 2654435761u, false)]
    [InlineData(ManaTraits.Udp | ManaTraits.L4ChecksumBad, 2654435761u, false)]
    [InlineData(ManaTraits.IpUnchecked, 2654435761u, false)]
    [InlineData(ManaTraits.L4Unchecked, 2654435761u, false)]
    public void A_hash_counts_when_it_has_a_type_and_the_stack_checks_again_what_the_device_did_not_find_good(ManaTraits traits, uint hash, bool unnecessary)
    {
        using var bench = new ManaQueueBench(ManaQueueBench.Fragments);
        bench.Apply(ManaOperation.Receive(60, traits: traits), ManaOperation.Poll());

        ref var skb = ref bench.Stack[bench.Stack.HeldAt(0)];
        Assert.Equal((hash, unnecessary), (skb.Hash, skb.ChecksumUnnecessary));
    }

    [Fact]
    public void Slots_are_completed_and_posted_again_round_and_round()
    {
        using var bench = new ManaQueueBench(ManaQueueBench.Fragments);
        for (int packet = 1; packet <= 11; packet++)
        {
            Assert.Equal(1, bench.Deliver());
            Assert.Equal((packet % 4, 4), (bench.Queue.NextSlot, bench.Device.Visible));
            Assert.True(bench.Holds(bench.Stack.FragmentsOf(bench.Stack.HeldAt(0))[0].Frame, bench.PacketAt(0).Offset, 100, packet));
            bench.Apply(ManaOperation.Release());
        }

        Assert.Equal((0, 0), (bench.Device.WrongDoorbells, bench.Device.Missed));
        bench.End();
    }

    [Fact]
    public void A_page_comes_back_to_the_pool_with_its_last_fragment()
    {
        using var bench = new ManaQueueBench(ManaQueueBench.Fragments);
        bench.Deliver(2);
        bench.Apply(ManaOperation.Release(1));
        Assert.Equal((0L, 3), (bench.Pool.Counters.Ringed, bench.Pool.Inflight - bench.Pool.Cached));
        bench.Apply(ManaOperation.Release());
        Assert.Equal((1L, 0L), (bench.Pool.Counters.Ringed, bench.Pool.Counters.Cached));
        bench.Deliver(2);
        bench.Apply(ManaOperation.Release(local: true), ManaOperation.Release(local: true));
        Assert.Equal((1L, 1L), (bench.Pool.Counters.Ringed, bench.Pool.Counters.Cached));
        bench.End();
    }

    [Theory]
    [InlineData(1500)]
    [InlineData(2048)]
    public void A_packet_without_a_replacement_for_its_buffer_is_dropped_and_its_buffer_posted_again(int mtu)
    {
        using var bench = new ManaQueueBench(ManaQueueBench.Fragments with { Mtu = mtu, PoolCache = 1, PoolRefill = 1 });
        string slots = bench.Slots;
        int mappings = bench.Memory.Mappings;
        Assert.Equal(0, bench.Deliver(fault: ManaFault.Page));
        Assert.Equal((1L, 0L, 5L), (bench.Counters.Dropped, bench.Counters.Packets, bench.Counters.Posted));
        Assert.Equal((slots, mappings, 1), (bench.Slots, bench.Memory.Mappings, bench.Queue.NextSlot));
        Assert.Equal(1, bench.Deliver());
        bench.End();
    }

    [Fact]
    public void A_buffer_that_cannot_be_mapped_goes_back_to_the_pool_on_the_spot()
    {
        using var bench = new ManaQueueBench(ManaQueueBench.Pages with { PoolRefill = 1 });
        Assert.Equal(0, bench.Deliver(fault: ManaFault.Mapping));
        Assert.Equal((1L, 1L, 1), (bench.Counters.Dropped, bench.Pool.Counters.Cached, bench.Pool.Cached));
        Assert.Equal(4, bench.Memory.Mappings);
        bench.End();
    }

    [Theory]
    [InlineData(1500)]
    [InlineData(2048)]
    public void A_packet_for_which_there_is_no_skb_is_dropped_and_its_buffer_goes_back_directly(int mtu)
    {
        using var bench = new ManaQueueBench(ManaQueueBench.Fragments with { Mtu = mtu });
        Assert.Equal(0, bench.Deliver(2, fault: ManaFault.Skb) - 1);
        Assert.Equal((1L, 1L, 0L), (bench.Counters.Dropped, bench.Counters.Packets, bench.Counters.XdpDropped));

        // In fragment mode the other half of the page is in the packet that follows.
        Assert.Equal(mtu == 1500 ? 0L : 1L, bench.Pool.Counters.Cached);
        bench.Apply(ManaOperation.Release());
        bench.End();
    }

    [Theory]
    [InlineData(ManaLie.Coalesced)]
    [InlineData(ManaLie.NoLength)]
    [InlineData(ManaLie.UnknownType)]
    public void A_completion_that_cannot_be_posts_the_same_buffer_again(ManaLie lie)
    {
        using var bench = new ManaQueueBench(ManaQueueBench.Fragments);
        string slots = bench.Slots;
        Assert.Equal(1, bench.Apply(ManaOperation.Lied(lie)).Value);
        Assert.Equal(new ManaOutcome(1, 0), bench.Apply(ManaOperation.Poll()));
        Assert.Equal((1L, 0L, 5L), (bench.Counters.CompletionErrors, bench.Counters.Dropped, bench.Counters.Posted));
        Assert.Equal((slots, 1, 4), (bench.Slots, bench.Queue.NextSlot, bench.Device.Visible));
        Assert.Equal(1, bench.Deliver());
        bench.End();
    }

    [Fact]
    public void A_length_above_the_data_size_is_refused_and_one_that_is_the_data_size_is_not()
    {
        using var bench = new ManaQueueBench(ManaQueueBench.Fragments);
        Assert.False(bench.World.Allows(ManaOperation.Lied(ManaLie.TooLong, 1514)));
        bench.Apply(ManaOperation.Lied(ManaLie.TooLong, 1515), ManaOperation.Receive(1514), ManaOperation.Poll());
        Assert.Equal((1L, 1L, 1514L), (bench.Counters.CompletionErrors, bench.Counters.Packets, bench.Counters.Bytes));
        bench.End();
    }

    [Fact]
    public void A_truncated_packet_is_dropped_and_its_buffer_posted_again()
    {
        using var bench = new ManaQueueBench(ManaQueueBench.Fragments);
        Assert.Equal(0, bench.Deliver(size: 1515));
        Assert.Equal((1L, 0L, 1), (bench.Counters.Dropped, bench.Counters.CompletionErrors, bench.Queue.NextSlot));
        bench.End();
    }

    [Theory]
    [InlineData(ManaLie.SendQueue)]
    [InlineData(ManaLie.ForeignQueue)]
    public void A_completion_of_another_queue_is_counted_and_the_batch_goes_on(ManaLie lie)
    {
        using var bench = new ManaQueueBench(ManaQueueBench.Fragments);
        bench.Apply(ManaOperation.Lied(lie), ManaOperation.Receive(100));
        Assert.Equal(new ManaOutcome(2, 1), bench.Apply(ManaOperation.Poll()));
        Assert.Equal((1L, 1L, 1, 2L), (bench.Counters.CompletionErrors, bench.Counters.Packets, bench.Queue.NextSlot, bench.Counters.Completed));
        bench.End();
    }

    [Fact]
    public void A_fence_takes_no_buffer()
    {
        using var bench = new ManaQueueBench(ManaQueueBench.Fragments);
        Assert.Equal(1, bench.Apply(ManaOperation.Fence()).Value);
        Assert.Equal(1, bench.Apply(ManaOperation.Poll()).Value);
        Assert.Equal((1L, 4L, 0), (bench.Counters.Fences, bench.Counters.Posted, bench.Queue.NextSlot));
        bench.End();
    }

    [Fact]
    public void A_poll_handles_no_more_than_its_share()
    {
        using var bench = new ManaQueueBench(ManaQueueBench.Fragments with { PollMax = 2 });
        Assert.Equal(2, bench.Deliver(3));
        Assert.Equal((1, 3), (bench.World.Pending, bench.Device.Visible));
        Assert.Equal(1, bench.Apply(ManaOperation.Poll()).Value);
        Assert.Equal(0, bench.Apply(ManaOperation.Poll()).Value);
        bench.End();
    }

    [Fact]
    public void The_completion_queue_goes_round_and_its_owner_bits_with_it()
    {
        using var bench = new ManaQueueBench(ManaQueueBench.Fragments with { QueueSize = 2, CompletionSlots = 2 });

        // Eight values of three bits, each for a lap of two, and once more round.
        for (int packet = 0; packet < 2 * 8 * 2; packet++)
        {
            Assert.Equal(1, bench.Deliver());
            bench.Apply(ManaOperation.Release());
        }

        Assert.Equal(32, bench.Queue.Consumed);
        bench.End();
    }

    [Fact]
    public void What_a_reader_writes_is_clean_before_the_device_has_it_again()
    {
        using var bench = new ManaQueueBench(ManaQueueBench.Fragments);
        bench.Deliver(2);
        bench.Apply(ManaOperation.Write(), ManaOperation.Write(1));
        int frame = bench.Stack.FragmentsOf(bench.Stack.HeldAt(0))[0].Frame;
        Assert.True(bench.Memory.IsDirty(frame, 0, 100));
        bench.Apply(ManaOperation.Release(), ManaOperation.Release());
        Assert.False(bench.Memory.IsDirty(frame, 0, 4096));
        bench.End();
    }

    [Fact]
    public void The_shared_info_is_the_last_320_bytes_of_the_fragment()
    {
        using var bench = new ManaQueueBench(ManaQueueBench.Fragments);
        int frame = bench.Queue.SlotAt(1).Frame;
        bench.Deliver(2);
        Assert.True(bench.Memory.IsDirty(frame, 1536, 1) && bench.Memory.IsDirty(frame, 1855, 1) && bench.Memory.IsDirty(frame, 3711, 1));
        Assert.False(bench.Memory.IsDirty(frame, 1856, 1536) || bench.Memory.IsDirty(frame, 3712, 384) || bench.Memory.IsDirty(frame, 0, 1536));
        bench.End();
    }
}
