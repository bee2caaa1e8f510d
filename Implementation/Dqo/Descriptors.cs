using System.Runtime.InteropServices;

namespace RxVerify.Implementation.Dqo;

/// <summary>What the driver writes to post a buffer: 32 bytes, little-endian (A.3).</summary>
[StructLayout(LayoutKind.Explicit, Size = Size)]
public struct PostDescriptor
{
    /// <summary>Bytes of a descriptor.</summary>
    public const int Size = 32;

    /// <summary>Index of the buffer state.</summary>
    [FieldOffset(0)]
    public ushort BufferId;

    /// <summary>Bus address of the chunk.</summary>
    [FieldOffset(8)]
    public ulong Address;

    /// <summary>Bus address of the header buffer; only used with header split.</summary>
    [FieldOffset(16)]
    public ulong HeaderAddress;
}

/// <summary>What the device writes when it gives a buffer back: 32 bytes, little-endian (A.3).</summary>
[StructLayout(LayoutKind.Explicit, Size = Size)]
public struct CompletionDescriptor
{
    /// <summary>Bytes of a descriptor.</summary>
    public const int Size = 32;

    /// <summary>The largest value of packet_len, a field of 14 bits.</summary>
    public const int LengthMax = (1 << LengthBits) - 1;

    private const int LengthBits = 14;
    private const int GenerationBit = 14;
    private const int QueueBit = 15;
    private const int PacketTypeBits = 10;
    private const int HeaderLengthBits = 10;

    [FieldOffset(0)]
    private byte _id;

    [FieldOffset(1)]
    private byte _status;

    [FieldOffset(2)]
    private ushort _type;

    [FieldOffset(4)]
    private ushort _length;

    [FieldOffset(6)]
    private ushort _header;

    [FieldOffset(8)]
    private byte _end;

    [FieldOffset(9)]
    private byte _statusError1;

    /// <summary>Index of the buffer state that comes back.</summary>
    [FieldOffset(12)]
    public ushort BufferId;

    /// <summary>rsc_seg_len of a coalesced packet, else raw_cs: the two share these bytes.</summary>
    [FieldOffset(14)]
    public ushort SegmentLength;

    /// <summary>Hash over the packet's headers.</summary>
    [FieldOffset(16)]
    public uint Hash;

    /// <summary>rxdid, four bits; a device writes 1.</summary>
    public byte DescriptorId
    {
        readonly get => (byte)(_id & 0xf);
        set => _id = (byte)((_id & 0xf0) | (value & 0xf));
    }

    /// <summary>The packet was looped back.</summary>
    public bool Loopback
    {
        readonly get => Bit(_status, 0);
        set => _status = WithBit(_status, 0, value);
    }

    /// <summary>ipv6_ex_add: IPv6 with extension headers.</summary>
    public bool Ipv6Extension
    {
        readonly get => Bit(_status, 1);
        set => _status = WithBit(_status, 1, value);
    }

    /// <summary>rx_error: the buffer's bytes are not to be used.</summary>
    public bool Error
    {
        readonly get => Bit(_status, 2);
        set => _status = WithBit(_status, 2, value);
    }

    /// <summary>Index into the table of packet types, ten bits.</summary>
    public int PacketType
    {
        readonly get => _type & ((1 << PacketTypeBits) - 1);
        set => _type = WithField(_type, 0, PacketTypeBits, value);
    }

    /// <summary>ip_hdr_err.</summary>
    public bool IpHeaderError
    {
        readonly get => Bit(_type, 10);
        set => _type = WithField(_type, 10, 1, value ? 1 : 0);
    }

    /// <summary>udp_len_err.</summary>
    public bool UdpLengthError
    {
        readonly get => Bit(_type, 11);
        set => _type = WithField(_type, 11, 1, value ? 1 : 0);
    }

    /// <summary>raw_cs_invalid.</summary>
    public bool RawChecksumInvalid
    {
        readonly get => Bit(_type, 12);
        set => _type = WithField(_type, 12, 1, value ? 1 : 0);
    }

    /// <summary>packet_len: bytes in this buffer, fourteen bits.</summary>
    public int Length
    {
        readonly get => _length & LengthMax;
        set => _length = WithField(_length, 0, LengthBits, value);
    }

    /// <summary>The generation bit: 1 in the device's first lap, 0 in the second, and so on (A.5.7).</summary>
    public int Generation
    {
        readonly get => (_length >> GenerationBit) & 1;
        set => _length = WithField(_length, GenerationBit, 1, value);
    }

    /// <summary>buffer_queue_id, one bit.</summary>
    public int BufferQueue
    {
        readonly get => _length >> QueueBit;
        set => _length = WithField(_length, QueueBit, 1, value);
    }

    /// <summary>header_len, ten bits; the 2021 driver does not read it.</summary>
    public int HeaderLength
    {
        readonly get => _header & ((1 << HeaderLengthBits) - 1);
        set => _header = WithField(_header, 0, HeaderLengthBits, value);
    }

    /// <summary>rsc: several segments were coalesced.</summary>
    public bool Coalesced
    {
        readonly get => Bit(_header, 10);
        set => _header = WithField(_header, 10, 1, value ? 1 : 0);
    }

    /// <summary>split_header.</summary>
    public bool SplitHeader
    {
        readonly get => Bit(_header, 11);
        set => _header = WithField(_header, 11, 1, value ? 1 : 0);
    }

    /// <summary>descriptor_done; the driver decides by the generation alone.</summary>
    public bool Done
    {
        readonly get => Bit(_end, 0);
        set => _end = WithBit(_end, 0, value);
    }

    /// <summary>end_of_packet.</summary>
    public bool EndOfPacket
    {
        readonly get => Bit(_end, 1);
        set => _end = WithBit(_end, 1, value);
    }

    /// <summary>header_buffer_overflow.</summary>
    public bool HeaderOverflow
    {
        readonly get => Bit(_end, 2);
        set => _end = WithBit(_end, 2, value);
    }

    /// <summary>l3_l4_processed: the device looked at the headers.</summary>
    public bool HeadersProcessed
    {
        readonly get => Bit(_end, 3);
        set => _end = WithBit(_end, 3, value);
    }

    /// <summary>csum_ip_err.</summary>
    public bool IpChecksumError
    {
        readonly get => Bit(_end, 4);
        set => _end = WithBit(_end, 4, value);
    }

    /// <summary>csum_l4_err.</summary>
    public bool L4ChecksumError
    {
        readonly get => Bit(_end, 5);
        set => _end = WithBit(_end, 5, value);
    }

    /// <summary>csum_external_ip_err.</summary>
    public bool OuterIpChecksumError
    {
        readonly get => Bit(_end, 6);
        set => _end = WithBit(_end, 6, value);
    }

    /// <summary>csum_external_udp_err.</summary>
    public bool OuterUdpChecksumError
    {
        readonly get => Bit(_end, 7);
        set => _end = WithBit(_end, 7, value);
    }

    /// <summary>status_error1, eight bits.</summary>
    public byte StatusError1
    {
        readonly get => _statusError1;
        set => _statusError1 = value;
    }

    private static bool Bit(int unit, int bit) => ((unit >> bit) & 1) != 0;

    private static byte WithBit(byte unit, int bit, bool value) => (byte)((unit & ~(1 << bit)) | ((value ? 1 : 0) << bit));

    private static ushort WithField(ushort unit, int bit, int width, int value)
    {
        int mask = ((1 << width) - 1) << bit;
        return (ushort)((unit & ~mask) | ((value << bit) & mask));
    }
}
