using RxVerify.Properties.Traffic;

namespace RxVerify.Tests.Traffic;

public sealed class ClassicCaptureTests
{
    private static readonly byte[] Frame = Frames.Ethernet(Frames.IPv4(Frames.Udp));

    [Theory]
    [InlineData(false, 0xA1B2C3D4, 1000)]
    [InlineData(true, 0xA1B2C3D4, 1000)]
    [InlineData(false, 0xA1B23C4D, 1)]
    [InlineData(true, 0xA1B23C4D, 1)]
    public void Both_byte_orders_and_both_resolutions_give_the_same_packets(bool isBigEndian, uint magic, long nanosecondsPerFraction)
    {
        using var stream = new CaptureBytes(isBigEndian)
            .PcapHeader(magic)
            .PcapPacket(1_700_000_000, 900_000, Frame)
            .PcapPacket(1_700_000_001, 100_007, Frame, original: 1514)
            .ToStream();

        var udp = new PacketProtocol(NetworkProtocol.IPv4, TransportProtocol.Udp);
        Assert.Equal(
            [
                new CapturedPacket(0, Frame.Length, Frame.Length, udp),

                // One second later by the whole, 799,993 fractions earlier by the rest.
                new CapturedPacket(1_000_000_000 - (799_993 * nanosecondsPerFraction), 1514, Frame.Length, udp),
            ],
            CaptureReader.Read(stream, "both"));
    }

    [Fact]
    public void A_header_without_packets_is_an_empty_sequence()
    {
        using var stream = new CaptureBytes(isBigEndian: false).PcapHeader().ToStream();
        Assert.Empty(CaptureReader.Read(stream, "empty"));
    }

    [Fact]
    public void Time_never_runs_backwards()
    {
        using var stream = new CaptureBytes(isBigEndian: false).PcapHeader()
            .PcapPacket(10, 500, Frame)
            .PcapPacket(9, 0, Frame)       // before the first packet
            .PcapPacket(10, 700, Frame)
            .PcapPacket(10, 600, Frame)    // before the third
            .PcapPacket(10, 701, Frame)
            .ToStream();

        Assert.Equal([0L, 0, 200_000, 200_000, 201_000], CaptureReader.Read(stream, "clock set back").Select(packet => packet.Nanoseconds));
    }

    [Fact]
    public void A_snap_length_of_zero_is_no_limit_and_checksum_bits_are_not_part_of_the_link_type()
    {
        // Link type 1, and in the top bits: frames end in a checksum of 4 bytes.
        using var stream = new CaptureBytes(isBigEndian: false).PcapHeader(snap: 0, linkType: 0x4400_0001).PcapPacket(0, 0, Frame).ToStream();
        Assert.Equal(NetworkProtocol.IPv4, Assert.Single(CaptureReader.Read(stream, "no snap length")).Protocol.Network);
    }

    [Fact]
    public void A_packet_without_captured_bytes_still_has_its_length()
    {
        using var stream = new CaptureBytes(isBigEndian: false).PcapHeader().PcapPacket(0, 0, [], original: 9000).ToStream();
        Assert.Equal(new CapturedPacket(0, 9000, 0, PacketProtocol.Other), Assert.Single(CaptureReader.Read(stream, "lengths only")));
    }

    [Fact]
    public void Packets_longer_than_the_window_are_passed_over_in_pieces()
    {
        const int Longest = 256 * 1024;
        using var stream = new CaptureBytes(isBigEndian: false).PcapHeader(snap: Longest)
            .PcapPacket(0, 0, [.. Frame, .. new byte[Longest - Frame.Length]])
            .PcapPacket(1, 0, Frame)
            .ToStream();

        Assert.Equal([Longest, Frame.Length], CaptureReader.Read(stream, "long").Select(packet => packet.CapturedLength));
    }

    [Fact]
    public void A_stream_that_gives_one_byte_at_a_time_reads_like_a_file()
    {
        using var whole = new CaptureBytes(isBigEndian: true).PcapHeader().PcapPacket(3, 1, Frame).PcapPacket(4, 2, Frame).ToStream();
        using var trickle = new TricklingStream(whole.ToArray());

        Assert.Equal(CaptureReader.Read(whole, "whole"), CaptureReader.Read(trickle, "trickle"));
    }

    [Fact]
    public void Nothing_is_allocated_per_packet()
    {
        using var few = Many(packets: 10);
        using var many = Many(packets: 10_000);
        _ = AllocatedBy(few);
        few.Position = 0;

        // The smallest object has 24 bytes: one for each of the 9,990 packets more would be 239,760. What the runtime allocates
        // for itself meanwhile is far less.
        Assert.InRange(AllocatedBy(many) - AllocatedBy(few), long.MinValue, (9_990 * 24) - 1);
    }

    private static MemoryStream Many(int packets)
    {
        var capture = new CaptureBytes(isBigEndian: false).PcapHeader();
        for (var i = 0; i < packets; i++)
        {
            capture.PcapPacket((uint)i, 0, Frame);
        }

        return capture.ToStream();
    }

    private static long AllocatedBy(Stream stream)
    {
        var before = GC.GetAllocatedBytesForCurrentThread();
        foreach (var packet in CaptureReader.Read(stream, "many"))
        {
            Assert.True(packet.OriginalLength > 0);
        }

        return GC.GetAllocatedBytesForCurrentThread() - before;
    }

    /// <summary>A pipe at its slowest.</summary>
    private sealed class TricklingStream(byte[] bytes) : MemoryStream(bytes)
    {
        public override int Read(Span<byte> buffer) => base.Read(buffer[..Math.Min(1, buffer.Length)]);
    }
}
