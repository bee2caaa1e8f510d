using RxVerify.Model.Mana;
using RxVerify.Model.Vocabulary;
using RxVerify.Model.Vocabulary.Mana;
using RxVerify.Model.Vocabulary.PagePool;

namespace RxVerify.Tests.Mana;

/// <summary>What the model's driver does with one completion, step by step (docs/mana.md, Driver), and what the device writes.</summary>
public sealed class ManaModelCompletionTests
{
    // Number * 2654435761 modulo 2^32 (docs/mana.md, Device): 2 * 2654435761 - 2^32 = 1013904226.
    private const uint Hash1 = 2654435761;
    private const uint Hash2 = 1013904226;

    [Fact]
    public void A_packet_in_a_fragment_is_handed_up_as_the_device_wrote_it()
    {
        var run = new ManaModelRun(ManaModelRun.Fragments);
        Assert.Equal([(1, 0), (1, 1856), (2, 0), (2, 1856)], run.Slots);

        Assert.Equal(new ManaOutcome(1, 0), run.Do(ManaOperation.Receive(1514)));
        Assert.Equal(new ManaOutcome(2, 0), run.Do(ManaOperation.Receive(60)));
        Assert.Equal(new ManaOutcome(2, 2), run.Do(ManaOperation.Poll()));

        ManaPacket[] expected =
        [
            new(1, 1, new Fragment(new(1), 0, 1514), 1856, IsRecycled: true, Hash1, ChecksumUnnecessary: true),
            new(2, 2, new Fragment(new(1), 1856, 60), 1856, IsRecycled: true, Hash2, ChecksumUnnecessary: true),
        ];
        Assert.Equal(expected, run.Model.Packets);
        Assert.Equal(expected, run.Last.HandedUp);
        Assert.Equal((2, 2L), (run.Model.LastSerial, run.Model.Delivered));
        // Page 2 is full, so the fresh buffers are on page 3.
        Assert.Equal([(3, 0), (3, 1856), (2, 0), (2, 1856)], run.Slots);
        Assert.Equal(new ManaCounters { Packets = 2, Bytes = 1574, Completed = 2, Posted = 6 }, run.Counters);
    }

    [Theory]
    [InlineData(ManaTraits.Udp, Hash1, true)]
    [InlineData(ManaTraits.NoHash, 0u, true)]
    [InlineData(ManaTraits.IpChecksumBad, Hash1, false)]
    [InlineData(ManaTraits.L4ChecksumBad, Hash1, false)]
    [InlineData(ManaTraits.IpUnchecked, Hash1, false)]
    [InlineData(ManaTraits.L4Unchecked | ManaTraits.Udp | ManaTraits.NoHash, 0u, false)]
    public void A_packet_has_the_hash_that_was_reported_and_is_not_checked_again_when_both_checksums_are_good(ManaTraits traits, uint hash, bool unnecessary)
    {
        var run = new ManaModelRun(ManaModelRun.Fragments);
        run.Do(ManaOperation.Receive(60, traits: traits), ManaOperation.Poll());

        var packet = Assert.Single(run.Model.Packets);
        Assert.Equal((hash, unnecessary), (packet.Hash, packet.ChecksumUnnecessary));
    }

    [Fact]
    public void A_packet_on_a_page_of_the_pool_is_charged_all_of_it()
    {
        var run = new ManaModelRun(ManaModelRun.Pages);
        run.Deliver(size: 2062);

        Assert.Equal(new ManaPacket(1, 1, new Fragment(new(1), 0, 2062), 4096, IsRecycled: true, Hash1, ChecksumUnnecessary: true), Assert.Single(run.Model.Packets));
        Assert.Equal([5, 2, 3, 4], run.SlotPages);
    }

    [Fact]
    public void A_packet_on_a_page_of_a_higher_order_is_charged_all_of_it()
    {
        // B.2.1: MTU 4000 without a program takes two pages together, and 4352 bytes of them.
        var run = new ManaModelRun(ManaModelRun.Pages with { Mtu = 4000 });
        run.Deliver(size: 4014);

        Assert.Equal((8192, 4014), (run.Model.Packets[0].Truesize, run.Model.Packets[0].Range.Length));
    }

    [Theory]
    [InlineData(1500, 1514, true)]
    [InlineData(1500, 1514, false)]
    [InlineData(2048, 2062, false)]
    public void A_packet_on_a_page_allocated_before_is_charged_all_of_it_and_not_recycled(int mtu, int size, bool program)
    {
        var run = new ManaModelRun(ManaModelRun.Fragments with { Mtu = mtu }, program, preallocated: true);
        Assert.Equal([4, 3, 2, 1], run.SlotPages);
        run.Deliver(size: size);

        // B.7 #5: also where fragments are charged 1856.
        var range = new Fragment(new(4), program ? 256 : 0, size);
        Assert.Equal(new ManaPacket(1, 1, range, 4096, IsRecycled: false, Hash1, ChecksumUnnecessary: true), Assert.Single(run.Model.Packets));
        Assert.Equal(new ManaBuffer(new(5), 0, IsFromPool: true), run.Queue.Slots[0]);
    }

    [Fact]
    public void A_slot_is_posted_again_at_once_and_the_next_one_is_completed()
    {
        var run = new ManaModelRun(ManaModelRun.Fragments);
        run.Do(ManaOperation.Receive(100), ManaOperation.Receive(100), ManaOperation.Receive(100));
        Assert.Equal([3], run.Visible);
        Assert.Equal([0, 1, 2], run.Queue.Completions.Select(completion => completion.Slot));

        run.Do(ManaOperation.Poll());
        Assert.Equal(3, run.Queue.NextSlot);
        Assert.Equal([3, 0, 1, 2], run.Visible);
        Assert.Empty(run.Queue.Completions);

        run.Deliver(2);
        Assert.Equal(1, run.Queue.NextSlot);
        Assert.Equal(9, run.Counters.Posted);
    }

    [Fact]
    public void A_poll_handles_so_many_completions_and_no_more()
    {
        var run = new ManaModelRun(ManaModelRun.Fragments with { PollMax = 2 });
        run.Do(ManaOperation.Receive(1), ManaOperation.Receive(2), ManaOperation.Receive(3));

        Assert.Equal(new ManaOutcome(2, 2), run.Do(ManaOperation.Poll()));
        Assert.Equal(3, Assert.Single(run.Queue.Completions).Number);
        Assert.Equal(new ManaOutcome(1, 1), run.Do(ManaOperation.Poll()));
        Assert.Equal(new ManaOutcome(0, 0), run.Do(ManaOperation.Poll()));
        Assert.Equal([1, 2, 3], run.Model.Packets.Select(packet => packet.Range.Length));
    }

    [Theory]
    [InlineData(ManaLie.SendQueue)]
    [InlineData(ManaLie.ForeignQueue)]
    public void A_completion_of_another_queue_is_an_error_and_nothing_else(ManaLie lie)
    {
        var run = new ManaModelRun(ManaModelRun.Fragments);
        Assert.Equal(1, run.Do(ManaOperation.Lied(lie)).Value);
        run.Do(ManaOperation.Receive(100));

        // B.4.3: as published, the packet behind it would be lost.
        Assert.Equal(new ManaOutcome(2, 1), run.Do(ManaOperation.Poll()));
        Assert.Equal(1, run.Queue.NextSlot);
        Assert.Equal(new ManaCounters { CompletionErrors = 1, Completed = 2, Packets = 1, Bytes = 100, Posted = 5 }, run.Counters);
    }

    [Fact]
    public void A_fence_is_counted_and_nothing_else()
    {
        var run = new ManaModelRun(ManaModelRun.Pages);
        Assert.Equal(1, run.Do(ManaOperation.Fence()).Value);

        Assert.Equal(new ManaOutcome(1, 0), run.Do(ManaOperation.Poll()));
        Assert.Equal(new ManaCounters { Fences = 1, Completed = 1, Posted = 4 }, run.Counters);
        Assert.Equal([0, 1, 2, 3], run.Visible);
    }

    [Theory]
    [InlineData(ManaLie.Coalesced, 64)]
    [InlineData(ManaLie.UnknownType, 64)]
    [InlineData(ManaLie.NoLength, 64)]
    [InlineData(ManaLie.TooLong, 1515)]
    public void A_completion_that_cannot_be_is_an_error_and_its_buffer_is_posted_again(ManaLie lie, int size)
    {
        var run = new ManaModelRun(ManaModelRun.Fragments);
        Assert.Equal(1, run.Do(ManaOperation.Lied(lie, size)).Value);
        Assert.Equal([1, 2, 3], run.Visible);
        run.Do(ManaOperation.Receive(100), ManaOperation.Poll());

        Assert.Equal(new ManaCounters { CompletionErrors = 1, Completed = 2, Packets = 1, Bytes = 100, Posted = 6 }, run.Counters);
        // The lie's buffer stayed where it was, and the packet came from the slot behind it.
        Assert.Equal([(1, 0), (3, 0), (2, 0), (2, 1856)], run.Slots);
        Assert.Equal(new Fragment(new(1), 1856, 100), run.Model.Packets[0].Range);
        Assert.Equal((1, 1), (run.Model.PacketsReceived, run.Model.Packets[0].Number));
    }

    [Theory]
    [InlineData(1500, 1515)]
    [InlineData(2048, 65535)]
    public void A_packet_that_does_not_fit_is_dropped_and_its_buffer_is_posted_again(int mtu, int size)
    {
        var run = new ManaModelRun(ManaModelRun.Fragments with { Mtu = mtu });
        var before = run.Slots;
        Assert.Equal(1, run.Do(ManaOperation.Receive(size)).Value);
        Assert.Equal((ManaReport.Truncated, mtu + 14), (run.Queue.Completions[0].Report, run.Queue.Completions[0].Length));

        Assert.Equal(new ManaOutcome(1, 0), run.Do(ManaOperation.Poll()));
        Assert.Equal(before, run.Slots);
        Assert.Equal(new ManaCounters { Dropped = 1, Completed = 1, Posted = 5 }, run.Counters);
        Assert.Equal([1, 2, 3, 0], run.Visible);
    }

    [Theory]
    [InlineData(1500, ManaFault.Page)]
    [InlineData(2048, ManaFault.Page)]
    [InlineData(2048, ManaFault.Mapping)]
    public void Without_a_fresh_buffer_the_packet_is_dropped_and_its_buffer_is_posted_again(int mtu, ManaFault fault)
    {
        var run = new ManaModelRun(ManaModelRun.Fragments with { Mtu = mtu });
        var before = run.Slots;
        int mapped = run.Model.Mappings;
        run.Do(ManaOperation.Receive(100), ManaOperation.Receive(200));

        // It fails once, so the second packet gets a buffer.
        Assert.Equal(new ManaOutcome(2, 1), run.Do(ManaOperation.Poll(fault)));
        Assert.Equal(before[0], run.Slots[0]);
        Assert.Equal(2, run.Model.Packets[0].Number);
        Assert.Equal(new ManaCounters { Dropped = 1, Completed = 2, Packets = 1, Bytes = 200, Posted = 6 }, run.Counters);
        Assert.Equal(mtu == 1500 ? 3 : mapped, run.Model.Mappings);
    }

    [Theory]
    [InlineData(PoolEra.Linux515)]
    [InlineData(PoolEra.Linux612)]
    public void A_page_of_the_pool_that_cannot_be_mapped_goes_back_as_the_processor_is(PoolEra era)
    {
        var run = new ManaModelRun(ManaModelRun.Pages with { Era = era });
        run.Do(ManaOperation.Receive(100), ManaOperation.Poll(ManaFault.Mapping));

        // B.4.1: not direct; 6.12 sees that it is the pool's own processor.
        Assert.Equal(era == PoolEra.Linux612 ? [5] : [], run.Cache);
        Assert.Equal(era == PoolEra.Linux612 ? [] : [5], run.Ring);
        Assert.Equal([1, 2, 3, 4], run.SlotPages);
    }

    [Fact]
    public void A_fault_strikes_after_so_many_successes()
    {
        var run = new ManaModelRun(ManaModelRun.Pages);
        run.Do(ManaOperation.Receive(100), ManaOperation.Receive(200), ManaOperation.Receive(300));
        run.Do(ManaOperation.Poll(ManaFault.Page, after: 1));

        Assert.Equal([1, 3], run.Model.Packets.Select(packet => packet.Number));
        Assert.Equal([5, 2, 6, 4], run.SlotPages);

        // The cache has a page, so the allocator is not asked.
        run.Do(ManaOperation.Release(local: true), ManaOperation.Receive(400), ManaOperation.Poll(ManaFault.Page));
        Assert.Equal([3, 4], run.Model.Packets.Select(packet => packet.Number));
    }

    [Fact]
    public void Several_pages_together_come_from_the_allocator_as_far_as_it_gives_them()
    {
        var run = new ManaModelRun(ManaModelRun.Pages with { PoolRefill = 4 });
        Assert.Equal([4, 3, 2, 1], run.SlotPages);
        run.Do(ManaOperation.Receive(100), ManaOperation.Receive(200), ManaOperation.Poll(ManaFault.Page, after: 1));

        // The first refill gives one of four pages, the second all.
        Assert.Equal([5, 9, 2, 1], run.SlotPages);
        Assert.Equal([6, 7, 8], run.Cache);
        Assert.Equal(9, run.Model.PagesBorn);
    }

    [Fact]
    public void Fragments_are_cut_at_the_alignment_of_the_cache()
    {
        // B.2.1: 1856 bytes are 1920 on older arm64 kernels, of which a page of 4096 has room for two.
        var run = new ManaModelRun(ManaModelRun.Fragments with { CacheAlignment = 128 });
        Assert.Equal([(1, 0), (1, 1920), (2, 0), (2, 1920)], run.Slots);
        run.Deliver();
        Assert.Equal(1856, run.Model.Packets[0].Truesize);
    }
}
