using System.Runtime.InteropServices;
using RxVerify.Implementation.Dqo;
using RxVerify.Properties;

namespace RxVerify.Tests.Dqo;

/// <summary>
/// The layouts of A.3. Every number here is written down from that table: a field of width w at bit b of its unit has, all
/// ones, the value ((1 &lt;&lt; w) - 1) &lt;&lt; b, and units are little-endian.
/// </summary>
public sealed class DescriptorTests
{
    private const int Bytes = 32;

    private delegate void Write(ref CompletionDescriptor descriptor, uint value);

    private delegate ulong Read(in CompletionDescriptor descriptor);

    /// <summary>A field, its bytes when it alone is all ones, and the first of them.</summary>
    private sealed record Field(string Name, int Width, int At, string Ones, Write Set, Read Get);

    private static readonly Field[] Fields =
    [
        new("rxdid", 4, 0, "0f", (ref d, v) => d.DescriptorId = (byte)v, (in d) => d.DescriptorId),
        new("loopback", 1, 1, "01", (ref d, v) => d.Loopback = v != 0, (in d) => One(d.Loopback)),
        new("ipv6_ex_add", 1, 1, "02", (ref d, v) => d.Ipv6Extension = v != 0, (in d) => One(d.Ipv6Extension)),
        new("rx_error", 1, 1, "04", (ref d, v) => d.Error = v != 0, (in d) => One(d.Error)),
        new("packet_type", 10, 2, "ff03", (ref d, v) => d.PacketType = (int)v, (in d) => (ulong)d.PacketType),
        new("ip_hdr_err", 1, 2, "0004", (ref d, v) => d.IpHeaderError = v != 0, (in d) => One(d.IpHeaderError)),
        new("udp_len_err", 1, 2, "0008", (ref d, v) => d.UdpLengthError = v != 0, (in d) => One(d.UdpLengthError)),
        new("raw_cs_invalid", 1, 2, "0010", (ref d, v) => d.RawChecksumInvalid = v != 0, (in d) => One(d.RawChecksumInvalid)),
        new("packet_len", 14, 4, "ff3f", (ref d, v) => d.Length = (int)v, (in d) => (ulong)d.Length),
        new("generation", 1, 4, "0040", (ref d, v) => d.Generation = (int)v, (in d) => (ulong)d.Generation),
        new("buffer_queue_id", 1, 4, "0080", (ref d, v) => d.BufferQueue = (int)v, (in d) => (ulong)d.BufferQueue),
        new("header_len", 10, 6, "ff03", (ref d, v) => d.HeaderLength = (int)v, (in d) => (ulong)d.HeaderLength),
        new("rsc", 1, 6, "0004", (ref d, v) => d.Coalesced = v != 0, (in d) => One(d.Coalesced)),
        new("split_header", 1, 6, "0008", (ref d, v) => d.SplitHeader = v != 0, (in d) => One(d.SplitHeader)),
        new("descriptor_done", 1, 8, "01", (ref d, v) => d.Done = v != 0, (in d) => One(d.Done)),
        new("end_of_packet", 1, 8, "02", (ref d, v) => d.EndOfPacket = v != 0, (in d) => One(d.EndOfPacket)),
        new("header_buffer_overflow", 1, 8, "04", (ref d, v) => d.HeaderOverflow = v != 0, (in d) => One(d.HeaderOverflow)),
        new("l3_l4_processed", 1, 8, "08", (ref d, v) => d.HeadersProcessed = v != 0, (in d) => One(d.HeadersProcessed)),
        new("csum_ip_err", 1, 8, "10", (ref d, v) => d.IpChecksumError = v != 0, (in d) => One(d.IpChecksumError)),
        new("csum_l4_err", 1, 8, "20", (ref d, v) => d.L4ChecksumError = v != 0, (in d) => One(d.L4ChecksumError)),
        new("csum_external_ip_err", 1, 8, "40", (ref d, v) => d.OuterIpChecksumError = v != 0, (in d) => One(d.OuterIpChecksumError)),
        new("csum_external_udp_err", 1, 8, "80", (ref d, v) => d.OuterUdpChecksumError = v != 0, (in d) => One(d.OuterUdpChecksumError)),
        new("status_error1", 8, 9, "ff", (ref d, v) => d.StatusError1 = (byte)v, (in d) => d.StatusError1),
        new("buf_id", 16, 12, "ffff", (ref d, v) => d.BufferId = (ushort)v, (in d) => d.BufferId),
        new("rsc_seg_len", 16, 14, "ffff", (ref d, v) => d.SegmentLength = (ushort)v, (in d) => d.SegmentLength),
        new("hash", 32, 16, "ffffffff", (ref d, v) => d.Hash = v, (in d) => d.Hash),
    ];

    public static TheoryData<string> Names => [.. Fields.Select(one => one.Name)];

    [Fact]
    public void Both_descriptors_have_32_bytes()
    {
        Assert.Equal(Bytes, Marshal.SizeOf<PostDescriptor>());
        Assert.Equal(Bytes, Marshal.SizeOf<CompletionDescriptor>());
        Assert.Equal((Bytes, Bytes), (PostDescriptor.Size, CompletionDescriptor.Size));
        Assert.Equal((Bytes, Bytes), (RawOf(default(PostDescriptor)).Length, RawOf(default(CompletionDescriptor)).Length));
    }

    [Fact]
    public void A_post_descriptor_has_the_buffer_id_in_its_first_two_bytes() =>
        Assert.Equal(At(0, "ffff"), RawOf(new PostDescriptor { BufferId = 0xffff }));

    [Fact]
    public void A_post_descriptor_has_the_address_in_bytes_8_to_15_lowest_first() =>
        Assert.Equal(At(8, "0807060504030201"), RawOf(new PostDescriptor { Address = 0x0102030405060708 }));

    [Fact]
    public void A_post_descriptor_has_the_header_address_in_bytes_16_to_23_lowest_first() =>
        Assert.Equal(At(16, "0807060504030201"), RawOf(new PostDescriptor { HeaderAddress = 0x0102030405060708 }));

    [Theory]
    [MemberData(nameof(Names))]
    public void A_field_of_a_completion_lies_exactly_where_the_layout_puts_it(string name)
    {
        var field = Named(name);
        var descriptor = default(CompletionDescriptor);
        field.Set(ref descriptor, Ones(field));
        Assert.Equal(At(field.At, field.Ones), RawOf(descriptor));
        Assert.Equal(Ones(field), field.Get(descriptor));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Clearing_a_field_of_a_completion_clears_nothing_else(string name)
    {
        var field = Named(name);
        var descriptor = MemoryMarshal.Read<CompletionDescriptor>(Inverted(new byte[Bytes]));
        field.Set(ref descriptor, 0);
        Assert.Equal(Inverted(At(field.At, field.Ones)), RawOf(descriptor));
        Assert.Equal(0UL, field.Get(descriptor));
    }

    [Theory]
    [InlineData("rxdid", 0xf5)]
    [InlineData("packet_type", 0xfc05)]
    [InlineData("packet_len", 0xc005)]
    [InlineData("generation", 2)]
    [InlineData("buffer_queue_id", 2)]
    [InlineData("header_len", 0xfc05)]
    public void What_does_not_fit_a_field_is_cut_and_spills_nowhere(string name, uint value)
    {
        var field = Named(name);
        var descriptor = default(CompletionDescriptor);
        field.Set(ref descriptor, value);
        Assert.Equal(value & Ones(field), field.Get(descriptor));
        var expected = default(CompletionDescriptor);
        field.Set(ref expected, value & Ones(field));
        Assert.Equal(RawOf(expected), RawOf(descriptor));
    }

    [Fact]
    public void No_two_fields_share_a_bit_and_the_rest_is_reserved()
    {
        var descriptor = default(CompletionDescriptor);
        foreach (var field in Fields)
        {
            field.Set(ref descriptor, Ones(field));
        }

        // A.3, unit by unit: rxdid; three flags; u16 of 10 + 3 bits; u16 full; u16 of 10 + 2 bits; byte 8 and 9 full; 10-11 reserved;
        // buf_id; rsc_seg_len; hash; 20-31 reserved.
        const string Expected = "0f07" + "ff1f" + "ffff" + "ff0f" + "ffff" + "0000" + "ffff" + "ffff" + "ffffffff" + "000000000000000000000000";
        Assert.Equal(Convert.FromHexString(Expected), RawOf(descriptor));
        Assert.Equal(CountBits(Convert.FromHexString(Expected)), Fields.Sum(field => field.Width));
    }

    [Fact]
    public void All_fields_come_back_as_they_were_written_in_whatever_order()
    {
        var dice = new Dice(42);
        for (int round = 0; round < 200; round++)
        {
            var descriptor = default(CompletionDescriptor);
            uint[] values = [.. Fields.Select(field => (uint)dice.Next() & Ones(field))];
            foreach (int index in Shuffled(Fields.Length, ref dice))
            {
                Fields[index].Set(ref descriptor, values[index]);
            }

            Assert.Equal(values.Select(value => (ulong)value), Fields.Select(field => field.Get(descriptor)));
            Assert.Equal(RawOf(descriptor), RawOf(MemoryMarshal.Read<CompletionDescriptor>(RawOf(descriptor))));
        }
    }

    [Fact]
    public void The_largest_length_is_what_14_bits_hold() => Assert.Equal(16383, CompletionDescriptor.LengthMax);

    private static Field Named(string name) => Fields.Single(field => field.Name == name);

    private static uint Ones(Field field) => (uint)((1UL << field.Width) - 1);

    private static ulong One(bool value) => value ? 1UL : 0UL;

    private static byte[] At(int offset, string hex)
    {
        byte[] raw = new byte[Bytes];
        Convert.FromHexString(hex).CopyTo(raw, offset);
        return raw;
    }

    private static byte[] Inverted(byte[] raw) => [.. raw.Select(one => (byte)~one)];

    private static byte[] RawOf<T>(T descriptor)
        where T : unmanaged => MemoryMarshal.AsBytes(new ReadOnlySpan<T>(in descriptor)).ToArray();

    private static int CountBits(byte[] raw) => raw.Sum(one => byte.PopCount(one));

    private static int[] Shuffled(int count, ref Dice dice)
    {
        int[] order = [.. Enumerable.Range(0, count)];
        for (int last = count - 1; last > 0; last--)
        {
            int other = dice.Below(last + 1);
            (order[last], order[other]) = (order[other], order[last]);
        }

        return order;
    }
}
