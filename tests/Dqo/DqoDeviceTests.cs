using RxVerify.Implementation.Memory;
using RxVerify.Model.Vocabulary.Dqo;

namespace RxVerify.Tests.Dqo;

public sealed class DqoDeviceTests : IDisposable
{
    private const int Chunk = 2048;
    private readonly DeviceBench _bench = new();

    public void Dispose() => _bench.Dispose();

    [Fact]
    public void Descriptors_are_seen_up_to_the_doorbell_and_no_further()
    {
        for (ushort id = 0; id < 6; id++)
        {
            _bench.Write(id);
        }

        Assert.Equal((0, 0), (_bench.Device.Visible, _bench.Device.Fetched));
        _bench.Device.Doorbell(4);
        Assert.Equal((4, 4), (_bench.Device.Visible, _bench.Device.Fetched));
        Assert.Equal([0, 1, 2, 3], Visible());

        _bench.Device.Doorbell(4);
        Assert.Equal(4, _bench.Device.Visible);
        _bench.Device.Doorbell(6);
        Assert.Equal([0, 1, 2, 3, 4, 5], Visible());
    }

    [Fact]
    public void The_doorbell_wraps_with_the_ring()
    {
        using var bench = new DeviceBench(bufferSlots: 4);
        bench.Post(0, 1, 2);
        bench.Receive(1);
        bench.Receive(1);

        // Tail 3 and two more: slots 3 and 0, so the doorbell says 1.
        bench.Post(3, 4);
        Assert.Equal(1, bench.Device.Fetched);
        Assert.Equal([2, 3, 4], Visible(bench));
    }

    [Fact]
    public void Buffers_can_be_completed_in_any_order()
    {
        _bench.Post(10, 11, 12, 13);
        _bench.Receive(1, pick: 2);
        Assert.Equal([10, 11, 13], Visible());
        _bench.Receive(1, pick: 0);
        _bench.Receive(1, pick: 1);
        _bench.Receive(1);

        Assert.Equal([12, 10, 13, 11], Ids(4));
        Assert.Equal(0, _bench.Device.Visible);
    }

    [Fact]
    public void A_packet_takes_its_buffers_from_one_place_on_and_then_from_the_last()
    {
        _bench.Post(0, 1, 2, 3, 4);

        // From place 3: 3, then what is at place 3 now (4), then the last of 0, 1, 2.
        _bench.Receive(3, buffers: 3, pick: 3);
        Assert.Equal([3, 4, 2], Ids(3));
        Assert.Equal([0, 1], Visible());
    }

    [Fact]
    public void The_generation_bit_alternates_over_three_laps_of_a_ring_of_four()
    {
        using var bench = new DeviceBench(bufferSlots: 4, completionSlots: 4);
        List<int> generations = [];
        for (ushort packet = 0; packet < 12; packet++)
        {
            bench.Post(packet);
            bench.Receive(1);
            generations.Add(bench[packet % 4].Generation);
        }

        // A.5.7: 1 in the first lap, 0 in the second, and so on; the ring begins as zeros.
        Assert.Equal([1, 1, 1, 1, 0, 0, 0, 0, 1, 1, 1, 1], generations);
        Assert.Equal(12, bench.Device.Written);
    }

    [Fact]
    public void What_was_written_is_kept_for_one_lap()
    {
        using var bench = new DeviceBench(bufferSlots: 4, completionSlots: 4);
        for (ushort packet = 0; packet < 6; packet++)
        {
            bench.Post(packet);
            bench.Receive(100 + packet);
        }

        for (int sequence = 2; sequence < 6; sequence++)
        {
            var written = bench.Device.LogOf(sequence);
            Assert.Equal((sequence + 1, 100 + sequence, sequence), (written.Packet, written.Length, written.BufferId));
        }
    }

    [Theory]
    [InlineData(6144, 3, 2048, 2048, 2048)] // full
    [InlineData(4097, 3, 2048, 2048, 1)]
    [InlineData(2050, 3, 2048, 1, 1)] // one byte is kept back for each buffer that follows
    [InlineData(2049, 3, 2047, 1, 1)]
    [InlineData(3, 3, 1, 1, 1)]
    public void A_packet_fills_each_buffer_as_far_as_leaves_a_byte_for_each_that_follows(int size, int buffers, params int[] lengths)
    {
        _bench.Post(0, 1, 2, 3);
        _bench.Receive(size, buffers);

        int position = 0;
        for (int buffer = 0; buffer < buffers; buffer++)
        {
            Assert.Equal(lengths[buffer], _bench[buffer].Length);
            Assert.Equal(buffer == buffers - 1, _bench[buffer].EndOfPacket);
            Assert.Equal(-1, _bench.FirstDifference(buffer, lengths[buffer], number: 1, position));
            position += lengths[buffer];
        }

        Assert.Equal(size, position);
        Assert.Equal(TrapKind.None, _bench.Memory.Trap.Kind);
    }

    [Fact]
    public void A_packet_writes_no_byte_beyond_its_length()
    {
        _bench.Post(0);
        _bench.Receive(100);
        Assert.Equal(-1, _bench.PageOf(0)[100..].IndexOfAnyExcept(PhysicalMemory.Poison));
    }

    [Fact]
    public void Packets_are_numbered_and_their_bytes_and_hash_depend_on_the_number()
    {
        _bench.Post(0, 1);
        _bench.Receive(64);
        _bench.Receive(64, late: true);
        _bench.Device.LandLate();

        Assert.Equal(-1, _bench.FirstDifference(0, 64, number: 1, position: 0));
        Assert.Equal(-1, _bench.FirstDifference(1, 64, number: 2, position: 0));

        // docs/dqo.md: number * 2654435761 mod 2^32; 2 * 2654435761 - 4294967296 = 1013904226.
        Assert.Equal((2654435761u, 1013904226u), (_bench[0].Hash, _bench[1].Hash));
        Assert.Equal(2, _bench.Device.Packets);
    }

    [Fact]
    public void The_last_completion_of_a_late_packet_is_not_in_memory_until_it_lands()
    {
        _bench.Post(10, 11, 12, 13);
        _bench.Receive(2, buffers: 2, late: true);
        Assert.Equal([1, 0, 0, 0], Generations(4));
        Assert.Equal((1, 2L), (_bench.Device.Late, _bench.Device.Written));

        // The second packet makes the first one land, and is late itself.
        _bench.Receive(1, late: true);
        Assert.Equal([1, 1, 0, 0], Generations(4));
        _bench.Device.LandLate();
        Assert.Equal([1, 1, 1, 0], Generations(4));
        Assert.Equal([10, 11, 12], Ids(3));
        Assert.Equal(0, _bench.Device.Late);
    }

    [Fact]
    public void A_late_completion_lands_when_the_driver_looks_at_its_slot_and_at_no_other()
    {
        _bench.Post(10, 11, 12);
        _bench.Receive(2, buffers: 2, late: true);
        _bench.Device.LookedAt(0);
        _bench.Device.LookedAt(2);
        Assert.Equal([1, 0, 0], Generations(3));
        _bench.Device.LookedAt(1);
        Assert.Equal([1, 1, 0], Generations(3));
    }

    [Fact]
    public void A_late_completion_that_crosses_the_end_of_the_ring_lands_in_its_own_lap()
    {
        using var bench = new DeviceBench(bufferSlots: 8, completionSlots: 4);
        bench.Post(0, 1, 2, 3, 4, 5);
        bench.Receive(3, buffers: 3);
        bench.Receive(2, buffers: 2, late: true);
        bench.Device.LandLate();

        // Number 3 is the last of lap one (generation 1), number 4 the first of lap two (generation 0).
        Assert.Equal((3, 1), (bench[3].BufferId, bench[3].Generation));
        Assert.Equal((4, 0), (bench[0].BufferId, bench[0].Generation));
    }

    [Fact]
    public void A_plain_completion_has_exactly_the_bytes_of_the_layout()
    {
        _bench.Post(0x0102);
        _bench.Receive(0x0234);

        // rxdid 1 | no status | type TCP over IPv4 = 1 * 3 + 1 = 4 | length 0x234 and generation (bit 14) | header length 54 |
        // done, end of packet, headers processed = 1 + 2 + 8 | 0 | reserved | id | no segment length | hash of packet 1.
        const string Expected = "01" + "00" + "0400" + "3442" + "3600" + "0b" + "00" + "0000" + "0201" + "0000" + "b179379e" + "000000000000000000000000";
        Assert.Equal(Convert.FromHexString(Expected), _bench.RawAt(0).ToArray());
    }

    [Theory]
    [InlineData(5000, 0xa8, 0x05)] // 1448 = 0x05a8
    [InlineData(1000, 0xe8, 0x03)] // the packet is shorter than a segment: 0x03e8
    public void A_coalesced_packet_reports_the_flag_and_its_segment_length_in_each_completion(int size, byte low, byte high)
    {
        _bench.Post(0, 1, 2, 3);
        int buffers = (size + Chunk - 1) / Chunk;
        _bench.Receive(size, buffers, traits: DqoTraits.Rsc);
        for (int buffer = 0; buffer < buffers; buffer++)
        {
            // rsc is bit 10 of the u16 at 6, so bit 2 of byte 7; rsc_seg_len is the u16 at 14.
            Assert.Equal(0x04, _bench.RawAt(buffer)[7] & 0x04);
            Assert.Equal([low, high], _bench.RawAt(buffer)[14..16].ToArray());
        }
    }

    [Theory]
    [InlineData(20, 20)]
    [InlineData(54, 54)]
    [InlineData(3000, 54)]
    public void The_header_length_is_in_the_first_completion_only_and_never_more_than_was_received(int size, byte expected)
    {
        _bench.Post(0, 1, 2);
        _bench.Receive(size, buffers: 2);
        int first = Math.Min(size - 1, expected);
        Assert.Equal([(byte)first, 0], _bench.RawAt(0)[6..8].ToArray());
        Assert.Equal([0, 0], _bench.RawAt(1)[6..8].ToArray());
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void The_error_bit_is_set_for_the_damaged_buffer_only(int damaged)
    {
        _bench.Post(0, 1, 2);
        _bench.Receive(300, buffers: 3, damaged: damaged);
        for (int buffer = 1; buffer <= 3; buffer++)
        {
            // rx_error is bit 2 of byte 1.
            Assert.Equal(buffer == damaged ? 0x04 : 0x00, _bench.RawAt(buffer - 1)[1]);
            Assert.Equal(buffer == damaged, _bench.Device.LogOf(buffer - 1).IsDamaged);
        }
    }

    [Theory]
    [InlineData(DqoTraits.None, 0x0b, 0x00, 4)]
    [InlineData(DqoTraits.Udp, 0x0b, 0x00, 5)]
    [InlineData(DqoTraits.Ipv6, 0x0b, 0x00, 7)]
    [InlineData(DqoTraits.Ipv6 | DqoTraits.Udp, 0x0b, 0x00, 8)]
    [InlineData(DqoTraits.OtherProtocol, 0x0b, 0x00, 3)]
    [InlineData(DqoTraits.OtherProtocol | DqoTraits.Udp, 0x0b, 0x00, 0)]
    [InlineData(DqoTraits.HeadersUnprocessed, 0x03, 0x00, 4)]
    [InlineData(DqoTraits.IpChecksumError, 0x1b, 0x00, 4)]
    [InlineData(DqoTraits.L4ChecksumError, 0x2b, 0x00, 4)]
    [InlineData(DqoTraits.OuterIpChecksumError, 0x4b, 0x00, 4)]
    [InlineData(DqoTraits.Ipv6Extension, 0x0b, 0x02, 4)]
    public void What_the_device_says_of_a_packet_is_in_the_raw_bytes(DqoTraits traits, byte end, byte status, byte type)
    {
        _bench.Post(0);
        _bench.Receive(300, traits: traits);
        Assert.Equal((status, type, end), (_bench.RawAt(0)[1], _bench.RawAt(0)[2], _bench.RawAt(0)[8]));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public void A_length_that_is_a_lie_overruns_neither_its_chunk_nor_its_page(int chunk)
    {
        _bench.Write(0, chunk);
        _bench.Device.Doorbell(_bench.Tail);
        _bench.Device.Lie(DqoLie.TooLong, pick: 0, id: 0, size: 16383, endOfPacket: true);

        Assert.Equal(16383, _bench[0].Length);
        var page = _bench.PageOf(0);
        var other = page.Slice((1 - chunk) * Chunk, Chunk);
        Assert.Equal(-1, other.IndexOfAnyExcept(PhysicalMemory.Poison));
        Assert.NotEqual(-1, page.Slice(chunk * Chunk, Chunk).IndexOfAnyExcept(PhysicalMemory.Poison));
        Assert.Equal(TrapKind.None, _bench.Memory.Trap.Kind);
    }

    [Fact]
    public void A_completion_for_an_id_it_made_up_takes_no_buffer()
    {
        _bench.Post(0, 1);
        _bench.Device.Lie(DqoLie.UnknownId, pick: 0, id: 100, size: 7, endOfPacket: false);

        Assert.Equal(2, _bench.Device.Visible);
        Assert.Equal((100, 7, false), (_bench[0].BufferId, _bench[0].Length, _bench[0].EndOfPacket));
        Assert.False(_bench.Device.LogOf(0).ReturnsBuffer);
    }

    [Fact]
    public void A_swallowed_buffer_is_filled_and_kept_and_another_id_is_named()
    {
        _bench.Post(5, 6);
        _bench.Device.Lie(DqoLie.Swallow, pick: 1, id: 100, size: 9, endOfPacket: true);

        Assert.Equal([5], Visible());
        Assert.Equal(1, _bench.Device.Swallowed);
        Assert.Equal(100, _bench[0].BufferId);
        Assert.Equal(-1, _bench.FirstDifference(6, 9, number: 0, position: 0));
    }

    [Fact]
    public void A_stale_completion_returns_a_buffer_that_nobody_wrote_to()
    {
        _bench.Post(5);
        _bench.Device.Lie(DqoLie.Stale, pick: 0, id: 100, size: 9, endOfPacket: true);

        Assert.Equal((5, 9), (_bench[0].BufferId, _bench[0].Length));
        Assert.Equal(-1, _bench.PageOf(5).IndexOfAnyExcept(PhysicalMemory.Poison));
        Assert.True(_bench.Device.LogOf(0).IsUnwritten);
    }

    [Fact]
    public void A_stopped_device_does_nothing()
    {
        _bench.Post(0, 1, 2);
        _bench.Receive(300);
        _bench.Receive(300, late: true);
        _bench.Device.Stop();
        byte[] memory = _bench.PageOf(2).ToArray();
        byte[] ring = Ring();

        Assert.Equal((false, 0, 0), (_bench.Device.IsRunning, _bench.Device.Visible, _bench.Device.Late));
        _bench.Device.BeginPacket();
        _bench.Device.LandLate();
        Assert.Equal(memory, _bench.PageOf(2).ToArray());
        Assert.Equal(ring, Ring());
        Assert.Equal(TrapKind.None, _bench.Memory.Trap.Kind);
    }

    [Fact]
    public void A_running_device_may_write_to_a_visible_buffer_at_any_moment()
    {
        _bench.Post(0);
        _bench.Device.BeginPacket();
        Assert.NotEqual(-1, _bench.PageOf(0).IndexOfAnyExcept(PhysicalMemory.Poison));
        Assert.Equal((1, 0L), (_bench.Device.Visible, _bench.Device.Written));
    }

    [Fact]
    public void A_reset_stops_the_device_and_is_counted_over_the_next_start()
    {
        _bench.Post(0);
        _bench.Receive(1);
        _bench.Device.Reset();
        Assert.Equal((false, 1), (_bench.Device.IsRunning, _bench.Device.Resets));

        _bench.Device.Start();
        Assert.Equal((true, 1, 1, 0L), (_bench.Device.IsRunning, _bench.Device.Resets, _bench.Device.Packets, _bench.Device.Written));
    }

    [Fact]
    public void A_device_that_writes_no_payload_completes_all_the_same()
    {
        _bench.Device.WritesPayload = false;
        _bench.Post(0);
        _bench.Receive(300);
        Assert.Equal((300, 1), (_bench[0].Length, _bench[0].Generation));
        Assert.Equal(-1, _bench.PageOf(0).IndexOfAnyExcept(PhysicalMemory.Poison));
    }

    private byte[] Ring() => [.. _bench.RawAt(0), .. _bench.RawAt(1), .. _bench.RawAt(2)];

    private int[] Visible() => Visible(_bench);

    private static int[] Visible(DeviceBench bench)
    {
        int[] ids = new int[bench.Device.Visible];
        for (int place = 0; place < ids.Length; place++)
        {
            ids[place] = bench.Device.VisibleAt(place).BufferId;
        }

        return ids;
    }

    private int[] Ids(int count) => [.. Enumerable.Range(0, count).Select(slot => (int)_bench[slot].BufferId)];

    private int[] Generations(int count) => [.. Enumerable.Range(0, count).Select(slot => _bench[slot].Generation)];
}
