using RxVerify.Implementation.Memory;
using RxVerify.Model.Vocabulary.Dqo;

namespace RxVerify.Tests.Dqo;

/// <summary>Packets, what the stack is told of them, completions that fail, and statistics: A.5.4 to A.5.7.</summary>
public sealed class DqoQueuePacketTests
{
    private const int Chunk = 2048;

    private static readonly DqoConfiguration Small = new()
    {
        BufferSlots = 8,
        CompletionSlots = 8,
        BufferStates = 16,
        DoorbellBatch = 1,
        StackCapacity = 64,
    };

    private static readonly DqoConfiguration Wide = Small with { BufferSlots = 64, CompletionSlots = 64, BufferStates = 64 };

    [Theory]
    [InlineData(17, new[] { 17 })]
    [InlineData(18, new[] { 17, 1 })]
    [InlineData(34, new[] { 17, 17 })]
    [InlineData(40, new[] { 17, 17, 6 })]
    [InlineData(60, new[] { 17, 17, 17, 9 })]
    public void An_skb_takes_17_fragments_and_the_rest_hangs_on_the_head_as_siblings(int buffers, int[] fragments)
    {
        using var bench = new WorldBench(Wide);
        bench.Apply(DqoOperation.Receive(buffers, buffers));
        Assert.Equal(new DqoOutcome(Value: 1, Delivered: 1), bench.Apply(DqoOperation.Poll()));

        int head = bench.Stack.HeldAt(0);
        List<int> seen = [bench.Stack[head].Fragments];
        for (int skb = bench.Stack[head].FragList; skb >= 0; skb = bench.Stack[skb].Next)
        {
            // A-D4: siblings, not a chain of chains.
            Assert.Equal(NetworkStack.None, bench.Stack[skb].FragList);
            seen.Add(bench.Stack[skb].Fragments);
        }

        Assert.Equal(fragments, seen);
        Assert.Equal(NetworkStack.None, bench.Stack[head].Next);
        Assert.Equal((buffers, buffers * Chunk, buffers), (bench.Stack[head].Length, bench.Stack[head].Truesize, bench.Stack[head].FragmentsInAll));

        Assert.Equal(buffers, bench.Apply(DqoOperation.Release()).Value);
        Assert.Equal(0, bench.Stack.LiveSkbs);
    }

    [Theory]
    [InlineData(0)] // the fragment skb of the NAPI
    [InlineData(1)] // the first extra one
    [InlineData(2)] // the second
    public void A_long_packet_for_which_an_skb_is_missing_is_dropped_whole(int successes)
    {
        using var bench = new WorldBench(Wide);
        bench.Apply(DqoOperation.Receive(40, buffers: 40));
        Assert.Equal(new DqoOutcome(Value: 1, Delivered: 0), bench.Apply(DqoOperation.Poll(fault: DqoFault.Skb, after: successes)));

        Assert.Equal((1L, 0L, 40L), (bench.Queue.Counters.SkbFailures, bench.Queue.Counters.Packets, bench.Queue.Counters.Completed));
        Assert.Equal((0, false), (bench.Stack.LiveSkbs, bench.Queue.IsDropping));
        Assert.Equal(63, bench.Posted);
    }

    [Fact]
    public void The_stack_gets_the_bytes_that_were_received()
    {
        using var bench = new WorldBench(Small);
        bench.Apply(DqoOperation.Receive(100));
        bench.Apply(DqoOperation.Receive(5000, buffers: 3));
        bench.Apply(DqoOperation.Poll());

        AssertHolds(bench, place: 0, number: 1, [100]);
        AssertHolds(bench, place: 1, number: 2, [2048, 2048, 904]);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void A_packet_with_a_damaged_buffer_is_dropped_to_its_end_and_the_next_one_is_whole(int damaged)
    {
        using var bench = new WorldBench(Small);
        bench.Apply(DqoOperation.Receive(900, buffers: 3, damaged: damaged));
        bench.Apply(DqoOperation.Receive(700));

        // A-D7, A-D9: one for the failed completion and one for the second packet; the rest of the first costs nothing.
        Assert.Equal(new DqoOutcome(Value: 2, Delivered: 1), bench.Apply(DqoOperation.Poll()));
        Assert.Equal((700, 1), (bench.Stack[bench.Stack.HeldAt(0)].Length, bench.Stack.LiveSkbs));
        Assert.Equal((1L, 4L, 7), (bench.Queue.Counters.DescriptorErrors, bench.Queue.Counters.Completed, bench.Posted));
    }

    [Fact]
    public void A_buffer_that_came_back_damaged_is_posted_again_as_it_was()
    {
        using var bench = new WorldBench(Small);
        bench.HandUp();
        var before = bench.Queue.States[0];
        Assert.Equal(Chunk, before.Offset);

        // Posted behind the six others.
        bench.Apply(DqoOperation.Receive(300, pick: 6, damaged: 1));
        bench.Apply(DqoOperation.Poll());
        Assert.Equal((before.Offset, before.Bias, before.LastSingle, before.Frame), StateOf(bench, 0));
        Assert.Equal(before.Address + Chunk, bench.World.Device.VisibleAt(6).Address);
    }

    [Fact]
    public void A_length_above_the_chunk_is_refused()
    {
        using var bench = new WorldBench(Small);
        bench.Apply(DqoOperation.Lied(DqoLie.TooLong, size: Chunk + 1));
        Assert.Equal(new DqoOutcome(Value: 1, Delivered: 0), bench.Apply(DqoOperation.Poll()));
        Assert.Equal((1L, 7), (bench.Queue.Counters.DescriptorErrors, bench.Posted));
    }

    [Theory]
    [InlineData(DqoLie.UnknownId, 0)] // the id one past the last (A-D2)
    [InlineData(DqoLie.UnknownId, 1000)]
    [InlineData(DqoLie.IdOnList, 0)]
    [InlineData(DqoLie.Swallow, 0)]
    public void A_completion_that_returns_no_buffer_returns_no_slot(DqoLie lie, int pick)
    {
        using var bench = new WorldBench(Small);
        int slots = bench.Queue.FreeCompletionSlots;
        bench.Apply(DqoOperation.Lied(lie, pick));
        Assert.Equal(new DqoOutcome(Value: 1, Delivered: 0), bench.Apply(DqoOperation.Poll()));

        // A-D8: nothing came back, so nothing is posted; the completion is consumed all the same.
        Assert.Equal((slots, 0, 7), (bench.Queue.FreeCompletionSlots, bench.Queue.BufferHead, bench.Posted));
        Assert.Equal((1L, 1L, 7L), (bench.Queue.Counters.DescriptorErrors, bench.Queue.Counters.Completed, bench.Queue.Counters.Posted));
    }

    [Theory]
    [InlineData(DqoTraits.Rsc, true, 1448)]
    [InlineData(DqoTraits.Rsc | DqoTraits.Ipv6, true, 1448)]
    [InlineData(DqoTraits.Rsc | DqoTraits.Udp, false, 0)]
    [InlineData(DqoTraits.Rsc | DqoTraits.OtherProtocol, false, 0)]
    [InlineData(DqoTraits.None, true, 0)]
    public void Only_TCP_over_IP_can_be_a_coalesced_packet(DqoTraits traits, bool isHandedUp, int segment)
    {
        using var bench = new WorldBench(Small);
        bench.Apply(DqoOperation.Receive(3000, buffers: 2, traits: traits));
        Assert.Equal(new DqoOutcome(Value: 1, Delivered: isHandedUp ? 1 : 0), bench.Apply(DqoOperation.Poll()));
        Assert.Equal(isHandedUp ? 0 : 1, bench.Queue.Counters.DescriptorErrors);
        Assert.Equal(isHandedUp ? 1 : 0, bench.Stack.LiveSkbs);
        if (isHandedUp)
        {
            Assert.Equal(segment, bench.Stack[bench.Stack.HeldAt(0)].SegmentSize);
        }
    }

    [Theory]
    [InlineData(DqoTraits.None, DqoHashType.L4, true)]
    [InlineData(DqoTraits.Udp | DqoTraits.Ipv6, DqoHashType.L4, true)]
    [InlineData(DqoTraits.OtherProtocol, DqoHashType.L3, false)]
    [InlineData(DqoTraits.OtherProtocol | DqoTraits.Udp, DqoHashType.L2, false)]
    [InlineData(DqoTraits.HeadersUnprocessed, DqoHashType.L4, false)]
    [InlineData(DqoTraits.IpChecksumError, DqoHashType.L4, false)]
    [InlineData(DqoTraits.IpChecksumError | DqoTraits.Ipv6, DqoHashType.L4, true)] // IPv6 has no header checksum
    [InlineData(DqoTraits.OuterIpChecksumError, DqoHashType.L4, false)]
    [InlineData(DqoTraits.OuterIpChecksumError | DqoTraits.Ipv6, DqoHashType.L4, true)] // A.5.6.1 asks for it on IPv4 only
    [InlineData(DqoTraits.L4ChecksumError, DqoHashType.L4, false)]
    [InlineData(DqoTraits.Ipv6Extension | DqoTraits.Ipv6, DqoHashType.L4, false)]
    [InlineData(DqoTraits.Ipv6Extension, DqoHashType.L4, true)] // IPv4 has no extension headers
    public void Hash_and_checksum_follow_what_the_device_says(DqoTraits traits, DqoHashType hash, bool unnecessary)
    {
        using var bench = new WorldBench(Small);
        bench.Apply(DqoOperation.Receive(300, traits: traits));
        bench.Apply(DqoOperation.Poll());
        ref var skb = ref bench.Stack[bench.Stack.HeldAt(0)];

        // Packet 1: 1 * 2654435761.
        Assert.Equal((2654435761u, (byte)hash, unnecessary), (skb.Hash, skb.HashType, skb.ChecksumUnnecessary));
    }

    [Fact]
    public void A_completion_that_lands_between_the_two_reads_of_it_is_left_for_the_next_poll()
    {
        using var bench = new WorldBench(Small);
        bench.Apply(DqoOperation.Receive(300));
        bench.Apply(DqoOperation.Receive(300, late: true));

        // The generation bit was read before the second one landed.
        Assert.Equal(new DqoOutcome(1, 1), bench.Apply(DqoOperation.Poll()));
        Assert.Equal((0, 1), (bench.World.Device.Late, bench.World.Pending));
        Assert.Equal(new DqoOutcome(1, 1), bench.Apply(DqoOperation.Poll()));
    }

    [Fact]
    public void A_completion_stays_late_while_no_poll_looks_at_it()
    {
        using var bench = new WorldBench(Small);
        bench.Apply(DqoOperation.Receive(300));
        bench.Apply(DqoOperation.Receive(300, late: true));
        Assert.Equal(new DqoOutcome(1, 1), bench.Apply(DqoOperation.Poll(budget: 1)));
        Assert.Equal(1, bench.World.Device.Late);
    }

    [Fact]
    public void A_packet_whose_end_is_late_waits_under_assembly()
    {
        using var bench = new WorldBench(Small);
        bench.Apply(DqoOperation.Receive(900, buffers: 3, late: true));
        Assert.Equal(new DqoOutcome(0, 0), bench.Apply(DqoOperation.Poll()));
        Assert.Equal((2, 2L), (bench.Stack[bench.Queue.PartialSkb].FragmentsInAll, bench.Queue.Counters.Completed));

        Assert.Equal(new DqoOutcome(1, 1), bench.Apply(DqoOperation.Poll()));
        Assert.Equal((900, -1), (bench.Stack[bench.Stack.HeldAt(0)].Length, bench.Queue.PartialSkb));
    }

    [Fact]
    public void A_poll_keeps_to_its_budget()
    {
        using var bench = new WorldBench(Small);
        bench.Apply(DqoOperation.Receive(300));
        bench.Apply(DqoOperation.Receive(300, damaged: 1));
        bench.Apply(DqoOperation.Receive(600, buffers: 2));

        Assert.Equal(new DqoOutcome(2, 1), bench.Apply(DqoOperation.Poll(budget: 2)));
        Assert.Equal(2, bench.World.Pending);
        Assert.Equal(new DqoOutcome(1, 1), bench.Apply(DqoOperation.Poll(budget: 2)));
        Assert.Equal(0, bench.World.Pending);
    }

    [Fact]
    public void Twenty_laps_of_the_completion_ring_consume_each_completion_once()
    {
        using var bench = new WorldBench(Small with { CompletionSlots = 4 });
        for (int packet = 1; packet <= 80; packet++)
        {
            bench.HandUp();
            Assert.Equal(new DqoOutcome(0, 0), bench.Apply(DqoOperation.Poll()));
            Assert.Equal(packet, bench.Queue.Counters.Completed);
            bench.Apply(DqoOperation.Release());
        }
    }

    [Fact]
    public void The_statistics_count_what_happened()
    {
        using var bench = new WorldBench(Small);
        bench.Apply(DqoOperation.Receive(300));
        bench.Apply(DqoOperation.Receive(100));
        bench.Apply(DqoOperation.Receive(400, damaged: 1));
        bench.Apply(DqoOperation.Lied(DqoLie.UnknownId));
        Assert.Equal(new DqoOutcome(Value: 4, Delivered: 2), bench.Apply(DqoOperation.Poll()));

        // 7 at first and then the three that came back; the lie brought none.
        var expected = new DqoCounters { Packets = 2, Bytes = 400, Completed = 4, Posted = 7 + 3, Copied = 1, DescriptorErrors = 2 };
        Assert.Equal(expected, bench.Queue.Counters);

        bench.Apply(DqoOperation.Receive(300));
        bench.Apply(DqoOperation.Poll(fault: DqoFault.Skb));
        Assert.Equal(expected with { Completed = 5, Posted = 11, SkbFailures = 1 }, bench.Queue.Counters);
    }

    [Fact]
    public void The_statistics_tell_a_missing_page_from_a_missing_mapping()
    {
        using var bench = new WorldBench(Small with { ChunkSize = 4096 });
        bench.HandUp(fault: DqoFault.Page);
        var expected = new DqoCounters { Packets = 1, Bytes = 300, Completed = 1, Posted = 7, PageFailures = 1, BufferFailures = 1 };
        Assert.Equal(expected, bench.Queue.Counters);

        // The page was born and could not be mapped; then one is.
        int born = bench.Memory.PagesBorn;
        Assert.Equal(0, bench.Apply(DqoOperation.Refill(DqoFault.Mapping)).Value);
        Assert.Equal(expected with { MappingFailures = 1, BufferFailures = 2 }, bench.Queue.Counters);
        Assert.Equal(1, bench.Apply(DqoOperation.Refill()).Value);
        Assert.Equal(expected with { MappingFailures = 1, BufferFailures = 2, Posted = 8 }, bench.Queue.Counters);
        Assert.Equal(born + 2, bench.Memory.PagesBorn);
    }

    private static unsafe void AssertHolds(WorldBench bench, int place, int number, int[] lengths)
    {
        int skb = bench.Stack.HeldAt(place);
        if (bench.Stack[skb].LinearLength > 0)
        {
            Assert.Equal([bench.Stack[skb].LinearLength], lengths);
            Assert.Equal(-1, PacketPattern.FirstDifference(bench.Stack.LinearOf(skb), lengths[0], number, 0));
            return;
        }

        int position = 0;
        Assert.Equal(lengths, bench.Stack.FragmentsOf(skb).ToArray().Select(fragment => fragment.Length));
        foreach (var fragment in bench.Stack.FragmentsOf(skb))
        {
            byte* bytes = bench.Memory.ProcessorAccess(fragment.Frame, fragment.Offset, fragment.Length);
            Assert.Equal(-1, PacketPattern.FirstDifference(bytes, fragment.Length, number, position));
            position += fragment.Length;
        }
    }

    private static (int Offset, int Bias, int LastSingle, int Frame) StateOf(WorldBench bench, int id)
    {
        var state = bench.Queue.States[id];
        return (state.Offset, state.Bias, state.LastSingle, state.Frame);
    }
}
