using RxVerify.Implementation.Mana;
using RxVerify.Implementation.Memory;
using RxVerify.Model.Vocabulary.Mana;

namespace RxVerify.Tests.Mana;

public sealed class GdmaDeviceTests : IDisposable
{
    private readonly DeviceBench _bench = new();

    private GdmaDevice Device => _bench.Device;

    public void Dispose() => _bench.Dispose();

    [Fact]
    public void Entries_are_seen_up_to_the_doorbell_and_no_further()
    {
        _bench.Write(6);
        Assert.Equal(0, Device.Visible);
        _bench.Ring(4);
        Assert.Equal(4, Device.Visible);
        Assert.Equal(_bench.Posted.Take(4).Select(one => one.Address), Visible());

        _bench.Ring(4);
        Assert.Equal(4, Device.Visible);
        _bench.Ring(6);
        Assert.Equal(_bench.Posted.Select(one => one.Address), Visible());
    }

    [Fact]
    public void An_entry_carries_address_key_and_length_and_no_id()
    {
        _bench.Post(1);
        ref readonly var entry = ref Device.VisibleAt(0);
        Assert.Equal((_bench.Posted[0].Address, DeviceBench.Key, (uint)DeviceBench.Length), (entry.Address, entry.MemoryKey, entry.Length));
    }

    [Fact]
    public void Buffers_are_taken_strictly_in_posting_order_over_three_laps_of_a_work_queue_of_four()
    {
        using var bench = new DeviceBench(units: 4, slots: 16);
        bench.Post(4);
        List<ulong> taken = [];
        for (int packet = 0; packet < 12; packet++)
        {
            bench.Device.Receive(60 + packet);
            taken.Add(bench.Device.LogOf(packet).Address);
            bench.Post(1);
        }

        Assert.Equal(bench.Posted.Take(12).Select(one => one.Address), taken);
        Assert.Equal(4, bench.Device.Visible);
        Assert.Equal(0, bench.Device.WrongDoorbells);
    }

    [Fact]
    public void A_full_work_queue_may_be_posted_whole_and_not_one_entry_more()
    {
        _bench.Post(8);
        Assert.Equal((8, 0), (Device.Visible, Device.WrongDoorbells));

        _bench.Post(1);
        Assert.Equal((8, 1), (Device.Visible, Device.WrongDoorbells));

        // One taken: the doorbell that was refused is good now.
        Device.Receive(60);
        _bench.Ring();
        Assert.Equal((8, 1), (Device.Visible, Device.WrongDoorbells));
    }

    [Theory]
    [InlineData(-32)] // a head that moves back
    [InlineData(16)] // half an entry
    [InlineData(8 * 32)] // two are posted, so six are free
    public void A_doorbell_that_cannot_be_is_counted_and_not_obeyed(int bytes)
    {
        _bench.Post(2);
        _bench.RingBeyond(bytes);
        Assert.Equal((2, 1), (Device.Visible, Device.WrongDoorbells));
    }

    [Fact]
    public void A_packet_is_in_its_buffer_and_its_completion_has_exactly_the_bytes_of_the_layout()
    {
        _bench.Post(1);
        Assert.Equal(1, Device.Receive(0x0234));

        // okay 1 and client 1 << 6: 0x41 | hash type TCP over IPv4 = 2 in byte 6, IP and TCP checksums good: bits 25 and 27, 0x0a in byte 7 |
        // length | reserved | hash of packet 1, 2654435761 | three packets without anything | no offset | queue 0x00abcd, lap 1: 1 << 29.
        const string None = "000000000000000000000000";
        const string Expected = "41000000" + "0000020a" + "34020000" + "00000000" + "b179379e" + None + None + None + "00000000" + "cdab0020";
        Assert.Equal(Convert.FromHexString(Expected), _bench.RawAt(0).ToArray());

        _bench.Sync(0, 0x0234);
        Assert.Equal(-1, _bench.FirstDifference(0, 0x0234, number: 1));
        Assert.True(_bench.IsPoisonFrom(0, 0x0234), "nothing is written behind the packet");
    }

    [Fact]
    public void Packets_are_numbered_and_their_bytes_and_hash_depend_on_the_number()
    {
        _bench.Post(2);
        Assert.Equal((1, 2), (Device.Receive(64), Device.Receive(64)));
        _bench.Sync(0, 64);
        _bench.Sync(1, 64);

        Assert.Equal((-1, -1), (_bench.FirstDifference(0, 64, number: 1), _bench.FirstDifference(1, 64, number: 2)));
        Assert.NotEqual(-1, _bench.FirstDifference(1, 64, number: 1));

        // number * 2654435761 mod 2^32; 2 * 2654435761 - 4294967296 = 1013904226.
        Assert.Equal((2654435761u, 1013904226u), (_bench.Poll().Hash, _bench.Poll().Hash));
    }

    [Fact]
    public void What_the_device_wrote_cannot_be_read_before_it_is_synced_as_behind_a_bounce_buffer()
    {
        _bench.Post(1);
        Device.Receive(1000);
        _bench.Sync(0, 999);
        Assert.NotEqual(-1, _bench.FirstDifference(0, 1000, number: 1));
        Assert.Equal(TrapKind.ReadBeforeSync, _bench.Trapped);
    }

    [Fact]
    public void The_owner_bits_are_those_of_the_lap_over_nine_laps_of_a_queue_of_four()
    {
        using var bench = new DeviceBench(slots: 4);
        List<int> bits = [];
        for (int packet = 0; packet < 36; packet++)
        {
            Assert.Equal(ManaSlot.Empty, bench.Look());
            bench.Post(1);
            bench.Device.Receive(60);
            bits.Add(bench.Poll().OwnerBits);
        }

        // Lap 1 to 9, modulo 8.
        Assert.Equal(Enumerable.Range(0, 36).Select(packet => (1 + (packet / 4)) % 8), bits);
        Assert.Equal(36, bench.Device.Written);
    }

    [Fact]
    public void A_device_that_overtakes_the_driver_is_seen_by_the_owner_bits()
    {
        using var bench = new DeviceBench(slots: 4);
        bench.Post(8);
        for (int packet = 0; packet < 4; packet++)
        {
            bench.Device.Receive(60);
        }

        Assert.Equal(ManaSlot.Ready, bench.Look());
        bench.Device.Receive(60);
        Assert.Equal(ManaSlot.Overflow, bench.Look());
    }

    [Fact]
    public void A_packet_that_does_not_fit_is_cut_at_the_posted_length_and_reported_as_truncated()
    {
        _bench.Post(2);
        Assert.Equal((1, 2), (Device.Receive(DeviceBench.Length), Device.Receive(DeviceBench.Length + 1)));

        Assert.Equal((ManaCompletionType.Okay, DeviceBench.Length), Told(_bench.Poll()));
        Assert.Equal((ManaCompletionType.Truncated, DeviceBench.Length), Told(_bench.Poll()));
        Assert.Equal((2, DeviceBench.Length, true), (Device.LogOf(1).Packet, Device.LogOf(1).Bytes, Device.LogOf(1).ReturnsBuffer));
        Assert.True(_bench.IsPoisonFrom(1, DeviceBench.Length), "nothing is written behind the posted length");
    }

    [Theory]
    [InlineData(ManaLie.Coalesced, 100, ManaCompletionType.Coalesced4, 100, 100)]
    [InlineData(ManaLie.NoLength, 100, ManaCompletionType.Okay, 0, 100)]
    [InlineData(ManaLie.UnknownType, 100, GdmaDevice.UnknownType, 100, 100)]
    [InlineData(ManaLie.TooLong, 65535, ManaCompletionType.Okay, 65535, DeviceBench.Length)]
    public void A_lie_about_a_packet_takes_exactly_the_next_buffer(ManaLie lie, int length, ManaCompletionType type, int reported, int written)
    {
        _bench.Post(2);
        Assert.True(Device.Lie(lie, length));

        Assert.Equal((type, reported), Told(_bench.Poll()));
        Assert.Equal(1, Device.Visible);
        var log = Device.LogOf(0);
        Assert.Equal((_bench.Posted[0].Address, 0, written), (log.Address, log.Packet, log.Bytes));
        Assert.Equal((type, reported), (log.Type, log.Length));
        Assert.True(log.ReturnsBuffer && log.IsOurs);
        Assert.True(_bench.IsPoisonFrom(0, written), "nothing is written behind what the log says");
        Assert.False(_bench.IsPoisonFrom(0, written - 1), "the last byte is written");
        Assert.Equal((0, TrapKind.None), (Device.Packets, _bench.Trapped));
    }

    [Theory]
    [InlineData(ManaLie.SendQueue, true, DeviceBench.Queue)]
    [InlineData(ManaLie.ForeignQueue, false, DeviceBench.Queue + 1)]
    public void A_completion_of_another_queue_takes_no_buffer(ManaLie lie, bool isSendQueue, int queue)
    {
        _bench.Post(1);
        Assert.True(Device.Lie(lie, 100));

        var completion = _bench.Poll();
        Assert.Equal((isSendQueue, queue), (completion.IsSendQueue, completion.Queue));
        Assert.Equal((ManaCompletionType.Okay, 100), Told(completion));
        Assert.Equal((1, false, false), (Device.Visible, Device.LogOf(0).ReturnsBuffer, Device.LogOf(0).IsOurs));
        Assert.True(_bench.IsPoisonFrom(0, 0), "nothing is written");
    }

    [Fact]
    public void A_fence_takes_no_buffer_and_comes_behind_what_was_received()
    {
        _bench.Post(2);
        Device.Receive(60);
        Device.Fence();

        Assert.Equal((ManaCompletionType.Okay, 60), Told(_bench.Poll()));
        Assert.Equal((ManaCompletionType.Fence, 0), Told(_bench.Poll()));
        Assert.Equal(ManaSlot.Empty, _bench.Look());
        Assert.Equal((1, 1), (Device.Visible, Device.Packets));
        Assert.Equal((ManaCompletionType.Fence, false, true), (Device.LogOf(1).Type, Device.LogOf(1).ReturnsBuffer, Device.LogOf(1).IsOurs));
    }

    [Fact]
    public void What_finds_no_buffer_is_missed_and_nothing_is_reported()
    {
        _bench.Write(1);
        Assert.Equal(0, Device.Receive(60));
        Assert.False(Device.Lie(ManaLie.NoLength, 60));

        Assert.Equal((2, 0L, 0), (Device.Missed, Device.Written, Device.Packets));
        Assert.Equal(ManaSlot.Empty, _bench.Look());
    }

    [Fact]
    public void A_destroyed_work_queue_takes_nothing_and_reports_nothing()
    {
        _bench.Post(3);
        Device.Receive(60);
        Device.Stop();
        byte[] state = _bench.State.Bytes.ToArray();

        Assert.Equal((false, 0), (Device.IsRunning, Device.Visible));
        Assert.Equal(0, Device.Receive(60));
        Assert.False(Device.Lie(ManaLie.UnknownType, 60));
        Assert.False(Device.Lie(ManaLie.SendQueue, 60));
        Device.Fence();
        Device.BeginPacket();
        _bench.Ring(5);
        Assert.Equal(state, _bench.State.Bytes.ToArray());
    }

    [Fact]
    public void A_queue_created_again_begins_at_the_start_of_both_queues_and_goes_on_counting_packets()
    {
        _bench.Post(3);
        Device.Receive(60);
        Device.Lie(ManaLie.NoLength, 60);
        Device.Stop();
        Device.Start();

        Assert.Equal((true, 0, 0L, 1), (Device.IsRunning, Device.Visible, Device.Written, Device.Packets));
        _bench.Ring(1);
        Assert.Equal(_bench.Posted[0].Address, Device.VisibleAt(0).Address);
        Assert.Equal(2, Device.Receive(60));

        // It is packet 2 in the first slot, in lap 1.
        Assert.Equal((1, 1013904226u), (_bench[0].OwnerBits, _bench[0].Hash));
    }

    [Fact]
    public void A_running_device_may_write_to_the_whole_of_the_next_buffer_at_any_moment()
    {
        _bench.Post(2);
        Device.BeginPacket();
        Assert.False(_bench.IsPoisonFrom(0, DeviceBench.Length - 1), "the last byte is written");
        Assert.True(_bench.IsPoisonFrom(0, DeviceBench.Length) && _bench.IsPoisonFrom(1, 0), "and no other");
        Assert.Equal((2, 0L), (Device.Visible, Device.Written));
    }

    [Fact]
    public void A_buffer_that_was_unmapped_is_a_fault_when_the_device_uses_it()
    {
        _bench.Post(1);
        _bench.Iommu.Unmap(_bench.Posted[0].Address);
        Device.BeginPacket();
        Assert.Equal(TrapKind.DeviceFault, _bench.Trapped);
    }

    [Fact]
    public void A_buffer_that_reaches_beyond_its_page_is_a_fault_when_the_device_fills_it()
    {
        var (frame, address) = _bench.MapPage();
        _bench.Write(frame, address + 4096 - 1513);
        _bench.Ring();
        Device.Receive(1513);
        Assert.Equal(TrapKind.None, _bench.Trapped);

        _bench.Write(frame, address + 4096 - 1513);
        _bench.Ring();
        Device.Receive(1514);
        Assert.Equal(TrapKind.DeviceFault, _bench.Trapped);
    }

    [Fact]
    public void A_buffer_that_a_reader_holds_is_caught_when_the_device_writes_to_it()
    {
        _bench.Post(2);
        _bench.Memory.Hold(_bench.Posted[1].Frame, 2048);
        Device.Receive(60);
        Assert.Equal(TrapKind.None, _bench.Trapped);
        Device.Receive(60);
        Assert.Equal(TrapKind.DeviceWroteHeldBytes, _bench.Trapped);
    }

    [Fact]
    public void What_was_done_is_kept_for_one_lap()
    {
        using var bench = new DeviceBench(slots: 4);
        bench.Post(6);
        for (int packet = 0; packet < 6; packet++)
        {
            bench.Device.Receive(100 + packet);
        }

        for (int sequence = 2; sequence < 6; sequence++)
        {
            var log = bench.Device.LogOf(sequence);
            Assert.Equal((sequence + 1, 100 + sequence, bench.Posted[sequence].Address), (log.Packet, log.Bytes, log.Address));
        }
    }

    [Fact]
    public void The_whole_state_of_the_device_is_in_the_block()
    {
        _bench.Post(4);
        Device.Receive(60);
        byte[] snapshot = new byte[_bench.State.Size];
        _bench.State.Save(snapshot);
        Device.Receive(70);
        Device.Fence();
        _bench.RingBeyond(16);
        byte[] after = _bench.State.Bytes.ToArray();
        _bench.State.Restore(snapshot);

        Assert.Equal((3, 1L, 1, 0), (Device.Visible, Device.Written, Device.Packets, Device.WrongDoorbells));
        Device.Receive(70);
        Device.Fence();
        _bench.RingBeyond(16);
        Assert.Equal(after, _bench.State.Bytes.ToArray());
    }

    [Fact]
    public void A_device_that_writes_no_payload_completes_all_the_same()
    {
        Device.WritesPayload = false;
        _bench.Post(1);
        Device.Receive(300);
        Assert.Equal((ManaCompletionType.Okay, 300), Told(_bench.Poll()));
        Assert.True(_bench.IsPoisonFrom(0, 0), "nothing is written");
    }

    [Fact]
    public void A_device_that_writes_no_pattern_is_checked_all_the_same()
    {
        Device.WritesPattern = false;
        _bench.Post(1);
        Device.Receive(300);
        Assert.Equal(int.MaxValue, _bench.FirstDifference(0, 300, number: 1));
        Assert.Equal(TrapKind.ReadBeforeSync, _bench.Trapped);
        Assert.True(_bench.IsPoisonFrom(0, 0), "nothing is written");
    }

    [Theory]
    [InlineData(6, 8, 1)]
    [InlineData(8, 6, 1)]
    [InlineData(8, 8, 1 << 24)]
    public void Queues_that_cannot_be_are_refused_by_name(int units, int slots, int queue)
    {
        var refusal = Assert.Throws<ArgumentException>(() => new GdmaDevice(_bench.Iommu, units, slots, queue));
        Assert.Contains($"work queue {queue} with {units} units and {slots} completions", refusal.Message, StringComparison.Ordinal);
    }

    private static (ManaCompletionType Type, int Length) Told(ManaCompletion completion) => (completion.Type, completion.Length);

    private List<ulong> Visible()
    {
        List<ulong> addresses = [];
        for (int place = 0; place < Device.Visible; place++)
        {
            addresses.Add(Device.VisibleAt(place).Address);
        }

        return addresses;
    }
}
