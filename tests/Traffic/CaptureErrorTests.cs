using RxVerify.Properties.Traffic;

namespace RxVerify.Tests.Traffic;

/// <summary>Each way in which a capture can be wrong, with the byte and the words that a person gets to see.</summary>
public sealed class CaptureErrorTests
{
    private const int PcapHeaderBytes = 24;
    private const int SectionBytes = 28;
    private const int InterfaceBytes = 32;

    private static readonly byte[] Frame = new byte[60];

    [Fact]
    public void The_message_names_file_byte_finding_and_expectation()
    {
        var error = Refused(Little().Raw("GET / HTTP/1.1"u8));

        Assert.Equal("bad.pcap: byte 0: the bytes 47455420; expected a capture in pcap or pcapng format", error.Message);
        Assert.Equal("bad.pcap", error.File);
        Assert.Equal(0, error.Offset);
        Assert.Equal("the bytes 47455420", error.Found);
        Assert.Equal("a capture in pcap or pcapng format", error.Expected);
    }

    [Fact]
    public void A_file_too_short_for_a_magic_number_says_so()
    {
        Assert.Equal("an empty file", Refused(Little()).Found);
        Assert.Equal("a file of 3 bytes", Refused(Little().Raw(0xD4, 0xC3, 0xB2)).Found);
    }

    [Fact]
    public void A_pcap_header_that_is_cut_off_is_refused_at_the_beginning() =>
        Refused(Little().U32(0xA1B2C3D4).U32(0), at: 0, "the pcap file header is cut off by the end of the file at byte 8", "it to reach byte 24");

    [Theory]
    [InlineData(1, 4)]
    [InlineData(2, 3)]
    [InlineData(3, 0)]
    public void Other_pcap_versions_are_refused(int major, int minor) =>
        Refused(Little().PcapHeader(major: major, minor: minor), at: 0, $"pcap version {major}.{minor}", "version 2.4");

    [Fact]
    public void A_packet_header_that_is_cut_off_is_refused_where_it_begins() =>
        Refused(
            Little().PcapHeader().PcapPacket(0, 0, Frame).Raw(new byte[15]),
            at: PcapHeaderBytes + 16 + Frame.Length,
            "a packet header is cut off by the end of the file at byte 115",
            "it to reach byte 116");

    [Fact]
    public void Packet_bytes_that_are_cut_off_are_refused_where_the_packet_begins() =>
        Refused(
            Little().PcapHeader().PcapPacket(0, 0, new byte[59], original: 60, captured: 60),
            at: PcapHeaderBytes,
            "a packet is cut off by the end of the file at byte 99",
            "it to reach byte 100");

    [Theory]
    [InlineData(65, 1514, "captured length 65", "at most the snap length 64")]
    [InlineData(262_145, 300_000, "captured length 262145", "at most 262144")]
    [InlineData(uint.MaxValue, uint.MaxValue, "captured length 4294967295", "at most 262144")]
    [InlineData(0, 0, "original length 0", "1 to 1073741824")]
    [InlineData(60, 1_073_741_825, "original length 1073741825", "1 to 1073741824")]
    [InlineData(60, 59, "original length 59", "at least the captured length 60")]
    public void Lengths_that_no_capture_has_are_refused_in_both_formats(uint captured, uint original, string found, string expected)
    {
        Refused(Little().PcapHeader(snap: 64).PcapPacket(0, 0, Frame, original, captured), PcapHeaderBytes, found, expected);
        Refused(
            Big().Section().Interface(snap: 64).Enhanced(0, Frame, original: original, captured: captured),
            SectionBytes + InterfaceBytes,
            found,
            expected);
    }

    [Fact]
    public void A_length_is_refused_before_memory_is_taken_for_it()
    {
        var before = GC.GetAllocatedBytesForCurrentThread();
        Refused(Little().PcapHeader(snap: uint.MaxValue).PcapPacket(0, 0, Frame, uint.MaxValue, uint.MaxValue));
        Refused(Little().Section().Block(0x0BAD, [], length: 0xFFFF_FFFC));

        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1_000_000);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(8)]
    [InlineData(13)]
    [InlineData(0xFFFF_FFFF)]
    public void A_block_length_that_cannot_be_is_refused_where_the_block_begins(uint length) =>
        Refused(Big().Section().Block(5, new byte[12], length), SectionBytes, $"block length {length}", "a multiple of 4 from 12");

    [Fact]
    public void A_block_whose_two_lengths_differ_is_refused() =>
        Refused(
            Big().Section().Interface().Enhanced(0, Frame).Block(5, new byte[12], trailer: 28),
            at: SectionBytes + InterfaceBytes + 32 + Frame.Length,
            "block length 28 at the end of the block",
            "24 as at its beginning");

    [Theory]
    [InlineData(0x0A0D0D0A, 28, "a section header")]
    [InlineData(1, 20, "an interface description")]
    [InlineData(2, 32, "a packet block")]
    [InlineData(3, 16, "a simple packet block")]
    [InlineData(6, 32, "an enhanced packet block")]
    public void A_block_too_small_for_its_kind_is_refused(uint type, int needed, string what)
    {
        var body = Little().U32(0x1A2B3C4D).Raw(new byte[16]).ToArray();
        Refused(
            Little().Section().Interface().Block(type, body[..(needed - 16)]),
            SectionBytes + InterfaceBytes,
            $"block length {needed - 4}",
            $"at least {needed} for {what}");
    }

    [Fact]
    public void A_block_too_small_for_its_packet_is_refused()
    {
        const int At = SectionBytes + InterfaceBytes;
        Refused(Little().Section().Interface().Enhanced(0, new byte[4], original: 5, captured: 5),
            At, "block length 36", "at least 40 for an enhanced packet block with 5 captured bytes");
        Refused(Little().Section().Interface().Simple(new byte[4], original: 5),
            At, "block length 20", "at least 24 for a simple packet block with 5 captured bytes");
    }

    [Fact]
    public void A_block_that_is_cut_off_is_refused_where_it_begins()
    {
        Refused(Little().Section().U32(6), SectionBytes, "a block header is cut off by the end of the file at byte 32", "it to reach byte 36");
        Refused(Little().Section().U32(5).U32(24), SectionBytes, "a block is cut off by the end of the file at byte 36", "it to reach byte 48");
    }

    [Fact]
    public void A_packet_of_an_interface_that_was_not_described_is_refused()
    {
        const string Expected = "one of those described before it in its section, 1 interface";
        Refused(Little().Section().Interface().Enhanced(0, Frame, number: 1), SectionBytes + InterfaceBytes, "interface 1", Expected);
        Refused(Little().Section().Interface().Obsolete(0, Frame, number: 65_535), SectionBytes + InterfaceBytes, "interface 65535", Expected);
        Refused(
            Little().Section().Interface().Section().Simple(Frame),
            (2 * SectionBytes) + InterfaceBytes,
            "interface 0",
            "one of those described before it in its section, 0 interfaces");
    }

    [Fact]
    public void A_section_cannot_describe_interfaces_without_end()
    {
        var capture = Little().Section();
        for (var i = 0; i <= 65_536; i++)
        {
            capture.Block(1, new byte[8]);
        }

        Refused(capture, SectionBytes + (20 * 65_536), "interface 65536 of one section", "at most 65536 interfaces");
    }

    [Fact]
    public void A_section_of_another_byte_order_magic_or_version_is_refused()
    {
        Refused(Little().Section(magic: 0x1A2B3C4E), at: 0, "byte-order magic 0x1A2B3C4E", "0x1A2B3C4D in either order");
        Refused(Big().Section().Section(major: 2), SectionBytes, "pcapng version 2.0", "version 1.0");
        Refused(Big().Section(minor: 1), at: 0, "pcapng version 1.1", "version 1.0");
    }

    [Fact]
    public void An_option_that_leaves_its_block_or_has_another_length_is_refused_where_it_begins()
    {
        const int At = SectionBytes + 16;
        var tooLong = Little().U16(1).U16(0).U32(0).U16(2).U16(5).U32(0).ToArray();
        Refused(Little().Section().Block(1, tooLong), At, "option 2 of 5 bytes", "at most the 4 bytes left of its block");

        var resolution = Little().U16(1).U16(0).U32(0).U16(9).U16(2).U32(0).ToArray();
        Refused(Little().Section().Block(1, resolution), At, "option if_tsresol of 2 bytes", "1");

        var offset = Little().U16(1).U16(0).U32(0).U16(14).U16(4).U32(0).ToArray();
        Refused(Little().Section().Block(1, offset), At, "option if_tsoffset of 4 bytes", "8");
    }

    [Fact]
    public void A_time_stamp_centuries_after_the_first_is_refused() =>
        Refused(
            Little().Section().Interface(resolution: 0).Enhanced(0, Frame).Enhanced(ulong.MaxValue, Frame),
            at: SectionBytes + 40 + 32 + Frame.Length,
            "a time stamp more than 292 years after the first",
            "one that 63 bits of nanoseconds can tell");

    [Fact]
    public void Packets_before_the_damage_are_delivered()
    {
        using var stream = Little().PcapHeader().PcapPacket(0, 0, Frame).PcapPacket(1, 0, Frame).Raw(1).ToStream();
        var seen = 0;
        Assert.Throws<CaptureFormatException>(() =>
        {
            foreach (var packet in CaptureReader.Read(stream, "bad.pcap"))
            {
                Assert.Equal(Frame.Length, packet.OriginalLength);
                seen++;
            }
        });
        Assert.Equal(2, seen);
    }

    [Fact]
    public void A_missing_file_is_reported_when_it_is_opened_and_missing_arguments_at_once()
    {
        Assert.Throws<FileNotFoundException>(() => CaptureReader.Read("no-such-file.pcap").Count());
        Assert.Throws<ArgumentException>(() => CaptureReader.Read(""));
        Assert.Throws<ArgumentNullException>(() => CaptureReader.Read(null!, "nothing"));
    }

    private static CaptureBytes Little() => new(isBigEndian: false);

    private static CaptureBytes Big() => new(isBigEndian: true);

    private static CaptureFormatException Refused(CaptureBytes capture)
    {
        using var stream = capture.ToStream();
        return Assert.Throws<CaptureFormatException>(() => CaptureReader.Read(stream, "bad.pcap").Count());
    }

    private static void Refused(CaptureBytes capture, long at, string found, string expected)
    {
        var error = Refused(capture);
        Assert.Equal((at, found, expected), (error.Offset, error.Found, error.Expected));
    }
}
