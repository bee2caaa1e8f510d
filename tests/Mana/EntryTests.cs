using System.Runtime.InteropServices;
using RxVerify.Implementation.Mana;
using RxVerify.Properties;

namespace RxVerify.Tests.Mana;

/// <summary>
/// The layouts of include/net/mana/gdma.h and mana.h. Every number here is written down from there: a field of width w at bit b of
/// its 32-bit unit has, all ones, the value ((1 &lt;&lt; w) - 1) &lt;&lt; b, and units are little-endian.
/// </summary>
public sealed class EntryTests
{
    private delegate void Write<T>(ref T entry, uint value);

    private delegate ulong Read<T>(in T entry);

    /// <summary>A field, its bytes when it alone is all ones, and the first of them.</summary>
    private sealed record Field<T>(string Name, int Width, int At, string Ones, Write<T> Set, Read<T> Get)
        where T : unmanaged;

    // struct gdma_wqe: u32 of reserved 24, last_vbytes 8; u32 of num_sge 8, inline_oob_size_div4 3, client_oob_in_sgl 1, reserved 4,
    // client_data_unit 14, reserved 2. Then 8 bytes inline, and struct gdma_sge: u64 address, u32 mem_key, u32 size.
    private static readonly Field<ManaWorkQueueEntry>[] Work =
    [
        new("last_vbytes", 8, 0, "000000ff", (ref e, v) => e.LastBytes = (int)v, (in e) => (ulong)e.LastBytes),
        new("num_sge", 8, 4, "ff000000", (ref e, v) => e.Segments = (int)v, (in e) => (ulong)e.Segments),
        new("inline_oob_size_div4", 3, 4, "00070000", (ref e, v) => e.InlineQuarters = (int)v, (in e) => (ulong)e.InlineQuarters),
        new("client_oob_in_sgl", 1, 4, "00080000", (ref e, v) => e.ClientDataInSegments = v != 0, (in e) => One(e.ClientDataInSegments)),
        new("client_data_unit", 14, 4, "0000ff3f", (ref e, v) => e.ClientDataUnit = (int)v, (in e) => (ulong)e.ClientDataUnit),
        new("mem_key", 32, 24, "ffffffff", (ref e, v) => e.MemoryKey = v, (in e) => e.MemoryKey),
        new("size", 32, 28, "ffffffff", (ref e, v) => e.Length = v, (in e) => e.Length),
    ];

    // struct mana_rxcomp_oob: a header of cqe_type 6, client_type 2, vendor_err 24; the flags; four times u32 of pkt_len 16, reserved 16,
    // u32 reserved, u32 pkt_hash; rx_wqe_offset. That is 4 + 4 + 4 * 12 + 4 = 60 bytes. Then u32 of wq_num 24, is_sq 1, reserved 4, owner_bits 3.
    private static readonly Field<ManaCompletion>[] Completion =
    [
        new("cqe_type", 6, 0, "3f000000", (ref c, v) => c.Type = (ManaCompletionType)v, (in c) => (ulong)c.Type),
        new("client_type", 2, 0, "c0000000", (ref c, v) => c.ClientType = (int)v, (in c) => (ulong)c.ClientType),
        new("vendor_err", 24, 0, "00ffffff", (ref c, v) => c.VendorError = (int)v, (in c) => (ulong)c.VendorError),
        new("rx_vlan_id", 12, 4, "ff0f0000", (ref c, v) => c.VlanId = (int)v, (in c) => (ulong)c.VlanId),
        new("rx_vlantag_present", 1, 4, "00100000", (ref c, v) => c.HasVlanTag = v != 0, (in c) => One(c.HasVlanTag)),
        new("rx_outer_iphdr_csum_succeed", 1, 4, "00200000", (ref c, v) => c.OuterIpChecksumGood = v != 0, (in c) => One(c.OuterIpChecksumGood)),
        new("rx_outer_iphdr_csum_fail", 1, 4, "00400000", (ref c, v) => c.OuterIpChecksumBad = v != 0, (in c) => One(c.OuterIpChecksumBad)),
        new("rx_hashtype", 9, 4, "0000ff01", (ref c, v) => c.HashType = (int)v, (in c) => (ulong)c.HashType),
        new("rx_iphdr_csum_succeed", 1, 4, "00000002", (ref c, v) => c.IpChecksumGood = v != 0, (in c) => One(c.IpChecksumGood)),
        new("rx_iphdr_csum_fail", 1, 4, "00000004", (ref c, v) => c.IpChecksumBad = v != 0, (in c) => One(c.IpChecksumBad)),
        new("rx_tcp_csum_succeed", 1, 4, "00000008", (ref c, v) => c.TcpChecksumGood = v != 0, (in c) => One(c.TcpChecksumGood)),
        new("rx_tcp_csum_fail", 1, 4, "00000010", (ref c, v) => c.TcpChecksumBad = v != 0, (in c) => One(c.TcpChecksumBad)),
        new("rx_udp_csum_succeed", 1, 4, "00000020", (ref c, v) => c.UdpChecksumGood = v != 0, (in c) => One(c.UdpChecksumGood)),
        new("rx_udp_csum_fail", 1, 4, "00000040", (ref c, v) => c.UdpChecksumBad = v != 0, (in c) => One(c.UdpChecksumBad)),
        new("ppi[0].pkt_len", 16, 8, "ffff0000", (ref c, v) => c.Length = (int)v, (in c) => (ulong)c.Length),
        new("ppi[0].pkt_hash", 32, 16, "ffffffff", (ref c, v) => c.Hash = v, (in c) => c.Hash),
        new("ppi[1].pkt_len", 16, 20, "ffff0000", (ref c, v) => c.SetLength(1, (int)v), (in c) => (ulong)c.LengthOf(1)),
        new("ppi[1].pkt_hash", 32, 28, "ffffffff", (ref c, v) => c.SetHash(1, v), (in c) => c.HashOf(1)),
        new("ppi[2].pkt_len", 16, 32, "ffff0000", (ref c, v) => c.SetLength(2, (int)v), (in c) => (ulong)c.LengthOf(2)),
        new("ppi[2].pkt_hash", 32, 40, "ffffffff", (ref c, v) => c.SetHash(2, v), (in c) => c.HashOf(2)),
        new("ppi[3].pkt_len", 16, 44, "ffff0000", (ref c, v) => c.SetLength(3, (int)v), (in c) => (ulong)c.LengthOf(3)),
        new("ppi[3].pkt_hash", 32, 52, "ffffffff", (ref c, v) => c.SetHash(3, v), (in c) => c.HashOf(3)),
        new("rx_wqe_offset", 32, 56, "ffffffff", (ref c, v) => c.WorkQueueOffset = v, (in c) => c.WorkQueueOffset),
        new("wq_num", 24, 60, "ffffff00", (ref c, v) => c.Queue = (int)v, (in c) => (ulong)c.Queue),
        new("is_sq", 1, 60, "00000001", (ref c, v) => c.IsSendQueue = v != 0, (in c) => One(c.IsSendQueue)),
        new("owner_bits", 3, 60, "000000e0", (ref c, v) => c.OwnerBits = (int)v, (in c) => (ulong)c.OwnerBits),
    ];

    public static TheoryData<string> WorkNames => [.. Work.Select(one => one.Name)];

    public static TheoryData<string> CompletionNames => [.. Completion.Select(one => one.Name)];

    [Fact]
    public void A_work_queue_entry_has_32_bytes_and_a_completion_64()
    {
        Assert.Equal((32, 32), (ManaWorkQueueEntry.Size, Marshal.SizeOf<ManaWorkQueueEntry>()));
        Assert.Equal((64, 64), (ManaCompletion.Size, Marshal.SizeOf<ManaCompletion>()));
        Assert.Equal((32, 64), (RawOf(default(ManaWorkQueueEntry)).Length, RawOf(default(ManaCompletion)).Length));
    }

    [Theory]
    [MemberData(nameof(WorkNames))]
    public void A_field_of_a_work_queue_entry_lies_exactly_where_the_layout_puts_it(string name) => AssertPlace(Work, name);

    [Theory]
    [MemberData(nameof(CompletionNames))]
    public void A_field_of_a_completion_lies_exactly_where_the_layout_puts_it(string name) => AssertPlace(Completion, name);

    [Fact]
    public void A_work_queue_entry_has_its_inline_data_in_bytes_8_to_15_and_the_address_in_16_to_23_lowest_first()
    {
        Assert.Equal(At<ManaWorkQueueEntry>(8, "0807060504030201"), RawOf(new ManaWorkQueueEntry { Inline = 0x0102030405060708 }));
        Assert.Equal(At<ManaWorkQueueEntry>(16, "0807060504030201"), RawOf(new ManaWorkQueueEntry { Address = 0x0102030405060708 }));
    }

    [Fact]
    public void A_posted_receive_buffer_has_exactly_the_bytes_of_the_layout()
    {
        // reserved and last_vbytes | one element, 8 / 4 = 2 quarters inline: 0x01 and 0x02 | nothing inline | address | key | 1514 = 0x05ea.
        const string Expected = "00000000" + "01020000" + "0000000000000000" + "0000010000000080" + "44332211" + "ea050000";
        Assert.Equal(Convert.FromHexString(Expected), RawOf(ManaWorkQueueEntry.Post(0x8000_0000_0001_0000, 1514, 0x11223344)));
    }

    [Fact]
    public void No_two_fields_share_a_bit_and_the_rest_is_reserved()
    {
        // gdma_wqe as above, 8 bytes inline and 8 of address left out; then key and size.
        AssertBits(Work, "000000ff" + "ff0fff3f" + "0000000000000000" + "0000000000000000" + "ffffffff" + "ffffffff");

        // The header is full; bits 15 and 31 of the flags are reserved; four packets; the offset; bits 25 to 28 of the last unit are reserved.
        const string Packet = "ffff0000" + "00000000" + "ffffffff";
        AssertBits(Completion, "ffffffff" + "ff7fff7f" + Packet + Packet + Packet + Packet + "ffffffff" + "ffffffe1");
    }

    [Theory]
    [InlineData("cqe_type", 0xc5)]
    [InlineData("rx_vlan_id", 0xf005)]
    [InlineData("rx_hashtype", 0xfe05)]
    [InlineData("ppi[0].pkt_len", 0x10005)]
    [InlineData("wq_num", 0x1000005)]
    [InlineData("owner_bits", 0xd)]
    public void What_does_not_fit_a_field_is_cut_and_spills_nowhere(string name, uint value)
    {
        var field = Completion.Single(one => one.Name == name);
        var cut = default(ManaCompletion);
        var fitting = default(ManaCompletion);
        field.Set(ref cut, value);
        field.Set(ref fitting, 5);
        Assert.Equal(RawOf(fitting), RawOf(cut));
    }

    [Fact]
    public void All_fields_come_back_as_they_were_written_in_whatever_order()
    {
        var dice = new Dice(42);
        for (int round = 0; round < 200; round++)
        {
            AssertComesBack(Work, ref dice);
            AssertComesBack(Completion, ref dice);
        }
    }

    [Theory]
    [InlineData(0, ManaSlot.Empty, ManaSlot.Overflow)] // cleared memory looks like the lap before the first; the second lap has seen nobody write
    [InlineData(1, ManaSlot.Ready, ManaSlot.Empty)]
    [InlineData(2, ManaSlot.Overflow, ManaSlot.Ready)]
    [InlineData(3, ManaSlot.Overflow, ManaSlot.Overflow)]
    [InlineData(7, ManaSlot.Overflow, ManaSlot.Overflow)]
    public void The_owner_bits_tell_the_driver_whether_a_slot_is_of_its_lap(int bits, ManaSlot firstLap, ManaSlot secondLap)
    {
        var completion = new ManaCompletion { OwnerBits = bits };

        // A queue of four: the head begins with 4 and its first lap ends with 7.
        Assert.Equal((firstLap, firstLap), (completion.LookAt(4, 4), completion.LookAt(7, 4)));
        Assert.Equal((secondLap, secondLap), (completion.LookAt(8, 4), completion.LookAt(11, 4)));
    }

    [Fact]
    public void The_owner_bits_run_through_eight_laps_and_over_the_end_of_the_counter()
    {
        Assert.Equal([1, 2, 3, 4, 5, 6, 7, 0, 1], Enumerable.Range(1, 9).Select(lap => ManaCompletion.OwnerBitsAt((uint)lap * 4, 4)));

        // The last position of 32 bits is of lap 2^30 - 1, which is 7 modulo 8; the next one is 0.
        Assert.Equal((7, 0), (ManaCompletion.OwnerBitsAt(uint.MaxValue, 4), ManaCompletion.OwnerBitsAt(unchecked(uint.MaxValue + 1), 4)));
        Assert.Equal(ManaSlot.Empty, new ManaCompletion { OwnerBits = 7 }.LookAt(0, 4));
    }

    private static void AssertPlace<T>(Field<T>[] fields, string name)
        where T : unmanaged
    {
        var field = fields.Single(one => one.Name == name);
        var entry = default(T);
        field.Set(ref entry, Ones(field));
        Assert.Equal(At<T>(field.At, field.Ones), RawOf(entry));
        Assert.Equal(Ones(field), field.Get(entry));

        // Clearing it among ones clears nothing else.
        entry = MemoryMarshal.Read<T>(Inverted(RawOf(default(T))));
        field.Set(ref entry, 0);
        Assert.Equal(Inverted(At<T>(field.At, field.Ones)), RawOf(entry));
        Assert.Equal(0UL, field.Get(entry));
    }

    private static void AssertBits<T>(Field<T>[] fields, string expected)
        where T : unmanaged
    {
        var entry = default(T);
        foreach (var field in fields)
        {
            field.Set(ref entry, Ones(field));
        }

        Assert.Equal(Convert.FromHexString(expected), RawOf(entry));
        Assert.Equal(Convert.FromHexString(expected).Sum(one => byte.PopCount(one)), fields.Sum(field => field.Width));
    }

    private static void AssertComesBack<T>(Field<T>[] fields, ref Dice dice)
        where T : unmanaged
    {
        var entry = default(T);
        uint[] values = new uint[fields.Length];
        int first = dice.Below(fields.Length);
        for (int step = 0; step < fields.Length; step++)
        {
            int index = (first + step) % fields.Length;
            values[index] = (uint)dice.Next() & Ones(fields[index]);
            fields[index].Set(ref entry, values[index]);
        }

        Assert.Equal(values.Select(value => (ulong)value), fields.Select(field => field.Get(entry)));
    }

    private static uint Ones<T>(Field<T> field)
        where T : unmanaged => (uint)((1UL << field.Width) - 1);

    private static ulong One(bool value) => value ? 1UL : 0UL;

    private static byte[] At<T>(int offset, string hex)
        where T : unmanaged
    {
        byte[] raw = RawOf(default(T));
        Convert.FromHexString(hex).CopyTo(raw, offset);
        return raw;
    }

    private static byte[] Inverted(byte[] raw) => [.. raw.Select(one => (byte)~one)];

    private static byte[] RawOf<T>(T entry)
        where T : unmanaged => MemoryMarshal.AsBytes(new ReadOnlySpan<T>(in entry)).ToArray();
}
