using RxVerify.Model.Vocabulary.Dqo;

namespace RxVerify.Tests.Dqo;

/// <summary>
/// Packets of the model: several buffers, failures inside one, late and untrue completions, what the stack is told (A.5.5 to A.5.7).
/// </summary>
public sealed class DqoModelPacketTests
{
    private static readonly DqoConfiguration Small =
        new() { BufferSlots = 8, CompletionSlots = 8, BufferStates = 8, DoorbellBatch = 1, StackCapacity = 64 };

    [Fact]
    public void Each_buffer_of_a_packet_is_filled_as_far_as_leaves_a_byte_for_each_that_follows()
    {
        var run = new DqoModelRun(Small);

        run.Do(DqoOperation.Receive(2050, buffers: 3, pick: 5));

        // 2050 - 2 left for two more = 2048, then 2 - 1 = 1, then 1. Place 5 of 0 … 6 is 5, then 6; then the last place is 4.
        Assert.Equal([(5, 2048, false), (6, 1, false), (4, 1, true)], run.Queue.Completions.Select(c => (c.BufferId, c.Length, c.EndOfPacket)));
        Assert.Equal([0, 1, 2, 3], run.Queue.Visible.ToArray());

        run.Do(DqoOperation.Poll());
        Assert.Equal((2050, 3 * 2048), (run.Model.Held[0].Facts.Length, run.Model.Held[0].Facts.Truesize));
    }

    [Theory]
    [InlineData(1, 2, 1)]
    [InlineData(2, 2, 1)]
    [InlineData(3, 2, 1)]
    public void A_failed_packet_is_dropped_to_its_end_and_the_next_one_is_whole(int damaged, int work, int delivered)
    {
        var run = new DqoModelRun(Small);
        run.Do(DqoOperation.Receive(6000, buffers: 3, damaged: damaged), DqoOperation.Receive(1000));

        // A budget of two is one failure and one packet: what is dropped is free of charge, so all four are consumed.
        Assert.Equal(new DqoOutcome(work, delivered), run.Do(DqoOperation.Poll(budget: 2)));
        Assert.Equal((4, 1, 1), (run.Model.Counters.Completed, run.Model.Counters.DescriptorErrors, run.Model.Counters.Packets));
        Assert.Equal(1000, Assert.Single(run.Model.Held).Facts.Length);
        Assert.False(run.Queue.Dropping);
        Assert.Null(run.Queue.Assembly);
    }

    [Fact]
    public void A_packet_longer_than_its_skb_needs_another_skb_for_each_further_lot()
    {
        var run = new DqoModelRun(Small with { FragmentsMax = 2 });
        run.Do(DqoOperation.Receive(6000, buffers: 3), DqoOperation.Receive(6000, buffers: 3));

        // First packet: skbs 1 and 2. Second: skb 3 holds two fragments, and skb 4 is the one that fails, at the end of the packet.
        Assert.Equal(new DqoOutcome(Value: 2, Delivered: 1), run.Do(DqoOperation.Poll(fault: DqoFault.Skb, after: 3)));
        Assert.Equal(1, run.Model.Counters.SkbFailures);
        Assert.Equal(3, run.Model.Held[0].Fragments.Length);
        Assert.False(run.Queue.Dropping);
    }

    [Fact]
    public void A_completion_that_lands_while_the_driver_looks_at_its_slot_waits_for_the_next_poll()
    {
        var run = new DqoModelRun(Small);
        run.Do(DqoOperation.Receive(1000), DqoOperation.Receive(1001, late: true));
        Assert.Single(run.Queue.LateCompletions);

        // The first packet is consumed; the look at the second slot finds the old generation, and only then the completion lands.
        Assert.Equal(1, run.Do(DqoOperation.Poll()).Value);
        Assert.Equal(1001, Assert.Single(run.Queue.Completions).Length);
        Assert.Equal(1, run.Do(DqoOperation.Poll()).Value);
    }

    [Fact]
    public void A_poll_whose_budget_ends_before_leaves_a_late_completion_late()
    {
        var run = new DqoModelRun(Small);
        run.Do(DqoOperation.Receive(1000), DqoOperation.Receive(1001, late: true));

        Assert.Equal(1, run.Do(DqoOperation.Poll(budget: 1)).Value);
        Assert.Single(run.Queue.LateCompletions);
    }

    [Fact]
    public void A_packet_whose_last_completion_is_late_stays_under_assembly()
    {
        var run = new DqoModelRun(Small);
        run.Do(DqoOperation.Receive(2, buffers: 2, late: true), DqoOperation.Poll());

        Assert.NotNull(run.Queue.Assembly);
        Assert.Equal(new DqoOutcome(Value: 1, Delivered: 1), run.Do(DqoOperation.Poll()));
        Assert.Null(run.Queue.Assembly);
    }

    [Fact]
    public void Late_completions_land_before_anything_else_the_device_writes()
    {
        var run = new DqoModelRun(Small);
        run.Do(DqoOperation.Receive(1001, late: true), DqoOperation.Receive(1002), DqoOperation.Receive(1003, late: true));
        run.Do(DqoOperation.Receive(1004, late: true));

        Assert.Equal([1001, 1002, 1003], run.Queue.Completions.Select(completion => completion.Length));
        Assert.Equal([1004], run.Queue.LateCompletions.Select(completion => completion.Length));
    }

    [Theory]
    [InlineData(DqoLie.UnknownId, 65535 - 8)]
    [InlineData(DqoLie.IdOnList, 0)]
    public void A_completion_without_a_buffer_returns_no_slot(DqoLie lie, int pick)
    {
        var run = new DqoModelRun(Small);
        run.Do(DqoOperation.Lied(lie, pick));

        Assert.Equal(new DqoOutcome(Value: 1, Delivered: 0), run.Do(DqoOperation.Poll()));
        Assert.Equal((1, 1), (run.Model.Counters.Completed, run.Model.Counters.DescriptorErrors));
        Assert.Equal((7, 7), (run.Queue.Posted, run.Queue.Visible.Length));
    }

    [Fact]
    public void Nothing_is_posted_while_a_repeated_id_waits()
    {
        var run = new DqoModelRun(Small);
        run.Do(DqoOperation.Receive(1000), DqoOperation.Lied(DqoLie.IdOnList));

        Assert.False(run.Model.Allows(DqoOperation.Post()));
        Assert.False(run.Model.Allows(DqoOperation.Refill()));
        Assert.False(run.Model.Allows(DqoOperation.Poll(budget: 1)));
        Assert.True(run.Model.Allows(DqoOperation.Poll(budget: 2)));
    }

    [Fact]
    public void A_swallowed_buffer_stays_posted_for_ever()
    {
        var run = new DqoModelRun(Small);
        run.Do(DqoOperation.Lied(DqoLie.Swallow, pick: 2), DqoOperation.Settle());

        Assert.Equal([0, 1, 3, 4, 5, 6], run.Queue.Visible.ToArray());
        Assert.Equal(DqoPlace.Posted, run.Queue.Buffers[2].Place);
        Assert.Equal(7, run.Queue.Posted);
    }

    [Fact]
    public void A_length_above_the_chunk_is_refused_and_the_buffer_comes_back()
    {
        var run = new DqoModelRun(Small);
        var before = run.Queue.Buffers[0];
        run.Do(DqoOperation.Lied(DqoLie.TooLong, size: 2049), DqoOperation.Poll());

        Assert.Equal(before, run.Queue.Buffers[0]);
        Assert.Equal(1, run.Model.Counters.DescriptorErrors);
        Assert.Equal([1, 2, 3, 4, 5, 6, 0], run.Queue.Visible.ToArray());
    }

    [Fact]
    public void A_stale_completion_is_believed()
    {
        var run = new DqoModelRun(Small);
        run.Do(DqoOperation.Lied(DqoLie.Stale, size: 700), DqoOperation.Poll());

        Assert.Equal(new DqoPacketFacts(700, 2048, Copied: false, 0, DqoHashType.L4, ChecksumUnnecessary: true, 0), run.Model.Held[0].Facts);
        Assert.Equal(0, run.Model.PacketsReceived);
    }

    [Fact]
    public void A_refused_completion_that_does_not_end_a_packet_drops_the_packet_behind_it()
    {
        var run = new DqoModelRun(Small);
        run.Do(DqoOperation.Lied(DqoLie.UnknownId, endOfPacket: false), DqoOperation.Receive(1000), DqoOperation.Receive(1001));

        Assert.Equal(new DqoOutcome(Value: 2, Delivered: 1), run.Do(DqoOperation.Poll()));
        Assert.Equal(1001, Assert.Single(run.Model.Held).Facts.Length);
    }

    [Theory]
    [InlineData(DqoTraits.Rsc, 1000, 1000)]
    [InlineData(DqoTraits.Rsc | DqoTraits.Ipv6, 3000, 1448)]
    [InlineData(DqoTraits.None, 3000, 0)]
    public void A_coalesced_tcp_packet_says_its_segment_size(DqoTraits traits, int size, int segment)
    {
        var run = new DqoModelRun(Small);
        run.Do(DqoOperation.Receive(size, buffers: 2, traits: traits), DqoOperation.Poll());

        Assert.Equal(segment, run.Model.Held[0].Facts.SegmentSize);
    }

    [Theory]
    [InlineData(DqoTraits.Rsc | DqoTraits.Udp)]
    [InlineData(DqoTraits.Rsc | DqoTraits.OtherProtocol)]
    public void A_coalesced_packet_that_is_not_tcp_is_freed_and_costs_budget(DqoTraits traits)
    {
        var run = new DqoModelRun(Small);
        run.Do(DqoOperation.Receive(1000, traits: traits));

        Assert.Equal(new DqoOutcome(Value: 1, Delivered: 0), run.Do(DqoOperation.Poll()));
        Assert.Empty(run.Model.Held);
        Assert.Equal((1, 0), (run.Model.Counters.DescriptorErrors, run.Model.Counters.Packets));
        Assert.False(run.Queue.Dropping);
    }

    [Theory]
    [InlineData(DqoTraits.None, DqoHashType.L4, true)]
    [InlineData(DqoTraits.Udp, DqoHashType.L4, true)]
    [InlineData(DqoTraits.OtherProtocol, DqoHashType.L3, false)]
    [InlineData(DqoTraits.OtherProtocol | DqoTraits.Udp, DqoHashType.L2, false)]
    [InlineData(DqoTraits.HeadersUnprocessed, DqoHashType.L4, false)]
    [InlineData(DqoTraits.L4ChecksumError, DqoHashType.L4, false)]
    [InlineData(DqoTraits.IpChecksumError, DqoHashType.L4, false)]
    [InlineData(DqoTraits.IpChecksumError | DqoTraits.Ipv6, DqoHashType.L4, true)]
    [InlineData(DqoTraits.OuterIpChecksumError, DqoHashType.L4, false)]
    [InlineData(DqoTraits.OuterIpChecksumError | DqoTraits.Ipv6, DqoHashType.L4, true)]
    [InlineData(DqoTraits.Ipv6Extension, DqoHashType.L4, true)]
    [InlineData(DqoTraits.Ipv6Extension | DqoTraits.Ipv6, DqoHashType.L4, false)]
    public void The_stack_is_told_what_the_hash_covers_and_whether_to_trust_the_checksum(DqoTraits traits, DqoHashType hashType, bool unnecessary)
    {
        var run = new DqoModelRun(Small);
        run.Do(DqoOperation.Receive(1000, traits: traits), DqoOperation.Poll());

        var facts = run.Model.Held[0].Facts;
        Assert.Equal((hashType, unnecessary), (facts.HashType, facts.ChecksumUnnecessary));
        Assert.Equal(2654435761u, facts.Hash);
    }

    [Fact]
    public void A_packet_dropped_at_once_counts_as_handed_up_and_holds_nothing()
    {
        var run = new DqoModelRun(Small);
        run.Do(DqoOperation.Receive(1000));
        var step = run.Model.After(DqoOperation.Poll(dropsAtOnce: true));

        Assert.Equal(1, Assert.Single(step.Delivered).Serial);
        Assert.Empty(step.Next.Held);
        Assert.Equal((1, 1), (step.Next.Delivered, step.Next.Counters.Packets));
    }
}
