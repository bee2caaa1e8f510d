using RxVerify.Properties.Traffic;

namespace RxVerify.Tests.Traffic;

public sealed class BlockCaptureTests
{
    private static readonly byte[] Frame = Frames.Ethernet(Frames.IPv6(Frames.Tcp));
    private static readonly PacketProtocol Tcp6 = new(NetworkProtocol.IPv6, TransportProtocol.Tcp);

    public static TheoryData<bool, byte, ulong, long> Resolutions()
    {
        var data = new TheoryData<bool, byte, ulong, long>();
        foreach (var isBigEndian in new[] { false, true })
        {
            data.Add(isBigEndian, 0, 3, 3_000_000_000);                                  // seconds
            data.Add(isBigEndian, 3, 3, 3_000_000);                                      // milliseconds
            data.Add(isBigEndian, 6, 3, 3_000);
            data.Add(isBigEndian, 9, 3, 3);
            data.Add(isBigEndian, 12, 2_999, 2);                                         // picoseconds, cut to whole nanoseconds
            data.Add(isBigEndian, 28, 9_999_999_999_999_999_999, 0);                     // 10^19 - 1 ticks of 10^-28 s, just under 1 ns
            data.Add(isBigEndian, 127, ulong.MaxValue, 0);                               // 10^-127 s
            data.Add(isBigEndian, 0x80, 3, 3_000_000_000);                               // 2^0 s
            data.Add(isBigEndian, 0x80 | 10, 1024, 1_000_000_000);                       // 2^-10 s
            data.Add(isBigEndian, 0x80 | 20, 1, 953);                                    // 10^9 / 2^20 = 953.67
            data.Add(isBigEndian, 0x80 | 32, 1UL << 31, 500_000_000);                    // NTP's fractions
            data.Add(isBigEndian, 0xFF, ulong.MaxValue, 0);                              // 2^-127 s
        }

        return data;
    }

    [Theory]
    [MemberData(nameof(Resolutions))]
    public void A_tick_is_worth_what_its_interface_says(bool isBigEndian, byte resolution, ulong ticks, long nanoseconds)
    {
        using var stream = new CaptureBytes(isBigEndian).Section().Interface(resolution: resolution)
            .Enhanced(0, Frame)
            .Enhanced(ticks, Frame)
            .ToStream();

        Assert.Equal([0, nanoseconds], CaptureReader.Read(stream, "ticks").Select(packet => packet.Nanoseconds));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Every_kind_of_packet_block_is_read_and_other_blocks_are_passed_over(bool isBigEndian)
    {
        var capture = new CaptureBytes(isBigEndian).Section().Interface(snap: 60);
        var unknown = capture.Body().Raw(new byte[70_000]).ToArray();
        using var stream = capture
            .Block(5, new byte[12])                            // interface statistics
            .Enhanced(1_000_000, Frame, original: 1514)
            .Block(0x0BAD, unknown)                            // a custom block longer than the window
            .Obsolete(1_000_002, Frame)
            .Simple([.. Frame, .. new byte[60 - Frame.Length]], original: 9000)
            .Block(4, [0, 0, 0, 0])                            // name resolution
            .Enhanced(1_000_005, Frame)
            .ToStream();

        Assert.Equal(
            [
                new CapturedPacket(0, 1514, Frame.Length, Tcp6),
                new CapturedPacket(2_000, Frame.Length, Frame.Length, Tcp6),
                new CapturedPacket(2_000, 9000, 60, Tcp6),     // no time of its own; cut at the snap length of interface 0
                new CapturedPacket(5_000, Frame.Length, Frame.Length, Tcp6),
            ],
            CaptureReader.Read(stream, "kinds"));
    }

    [Fact]
    public void Sections_of_different_machines_follow_each_other_and_number_their_own_interfaces()
    {
        var little = new CaptureBytes(isBigEndian: false).Section().Interface(linkType: 1).Interface(linkType: 101, resolution: 9)
            .Enhanced(5_000_000_000, Frames.IPv4(Frames.Udp), number: 1);
        var big = new CaptureBytes(isBigEndian: true).Section(minor: 2).Interface(linkType: 101, resolution: 3)
            .Enhanced(5_001, Frames.IPv4(Frames.Tcp));
        using var stream = new CaptureBytes(isBigEndian: false).Raw(little.ToArray()).Raw(big.ToArray()).Raw(little.ToArray()).ToStream();

        Assert.Equal(
            [(0L, TransportProtocol.Udp), (1_000_000, TransportProtocol.Tcp), (1_000_000, TransportProtocol.Udp)],
            CaptureReader.Read(stream, "sections").Select(packet => (packet.Nanoseconds, packet.Protocol.Transport)));
    }

    [Theory]
    [InlineData(100, 100_000_000_000)]
    [InlineData(-100, 0)]
    public void The_offset_of_an_interface_moves_its_packets(long offsetSeconds, long nanoseconds)
    {
        using var stream = new CaptureBytes(isBigEndian: true).Section().Interface().Interface(offsetSeconds: offsetSeconds)
            .Enhanced(7, Frame, number: 0)
            .Enhanced(7, Frame, number: 1)
            .ToStream();

        Assert.Equal([0, nanoseconds], CaptureReader.Read(stream, "offset").Select(packet => packet.Nanoseconds));
    }

    [Fact]
    public void Options_after_the_captured_bytes_and_after_the_end_of_options_are_passed_over()
    {
        var capture = new CaptureBytes(isBigEndian: false).Section();
        var description = capture.Body().U16(101).U16(0).U32(0).U32(0).U16(9).U16(1).Raw(0, 0, 0, 0).ToArray();
        var packet = capture.Body().U32(0).U32(0).U32(3).U32(1).U32(40).Raw(0x60, 0, 0, 0).U16(2).U16(4).U32(1).U32(0).ToArray();
        using var stream = capture.Block(1, description).Enhanced(0, [0x60]).Block(6, packet).ToStream();

        // The resolution stands after the end of the options, so ticks are microseconds.
        Assert.Equal([0L, 3_000], CaptureReader.Read(stream, "options").Select(one => one.Nanoseconds));
    }

    [Fact]
    public void A_section_without_packets_is_an_empty_sequence()
    {
        using var stream = new CaptureBytes(isBigEndian: true).Section().Interface().ToStream();
        Assert.Empty(CaptureReader.Read(stream, "empty"));
    }

    [Fact]
    public void Only_simple_packets_all_arrive_at_once()
    {
        using var stream = new CaptureBytes(isBigEndian: false).Section().Interface().Simple(Frame).Simple(Frame).ToStream();
        Assert.Equal([0L, 0], CaptureReader.Read(stream, "untimed").Select(packet => packet.Nanoseconds));
    }
}
