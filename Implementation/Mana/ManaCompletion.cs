using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace RxVerify.Implementation.Mana;

/// <summary>cqe_type of a receive completion (B.1).</summary>
public enum ManaCompletionType : byte
{
    /// <summary>CQE_INVALID.</summary>
    Invalid = 0,

    /// <summary>CQE_RX_OKAY: a packet.</summary>
    Okay = 1,

    /// <summary>CQE_RX_COALESCED_4: up to four packets in one completion.</summary>
    Coalesced4 = 2,

    /// <summary>CQE_RX_OBJECT_FENCE: everything before it has completed.</summary>
    Fence = 3,

    /// <summary>CQE_RX_TRUNCATED: a packet that did not fit its buffer.</summary>
    Truncated = 4,
}

/// <summary>What a completion slot holds for a driver that looks for its next completion.</summary>
public enum ManaSlot
{
    /// <summary>Nothing new: the owner bits are those of the lap before.</summary>
    Empty,

    /// <summary>A completion of this lap.</summary>
    Ready,

    /// <summary>A completion of a later lap: the device has overtaken the driver, and completions are lost.</summary>
    Overflow,
}

/// <summary>
/// What the device writes when it has used a receive buffer: 64 bytes, little-endian (B.1). It is the kernel's struct gdma_cqe with
/// a struct mana_rxcomp_oob in its first 60 bytes. It carries no buffer id (B.3).
/// </summary>
[StructLayout(LayoutKind.Sequential, Size = Size)]
public struct ManaCompletion
{
    /// <summary>Bytes of a completion, GDMA_CQE_SIZE.</summary>
    public const int Size = 64;

    /// <summary>MANA_RXCOMP_OOB_NUM_PPI: packets that one completion can report.</summary>
    public const int PacketsMax = 4;

    /// <summary>The largest value of pkt_len, a field of 16 bits.</summary>
    public const int LengthMax = ushort.MaxValue;

    /// <summary>The largest value of wq_num, a field of 24 bits.</summary>
    public const int QueueMax = (1 << 24) - 1;

    private const int Header = 0;
    private const int Flags = 1;
    private const int FirstPacket = 2;
    private const int PacketUnits = 3;
    private const int HashUnit = 2;
    private const int WorkOffset = 14;
    private const int Info = 15;
    private const int OwnerMask = 7;
    private const int OwnerShift = 29;

    private Units _units;

    /// <summary>cqe_type, six bits.</summary>
    public ManaCompletionType Type
    {
        readonly get => (ManaCompletionType)Bits.Of(_units[Header], 0, 6);
        set => Bits.Set(ref _units[Header], 0, 6, (int)value);
    }

    /// <summary>client_type, two bits; 1 is MANA_CQE_COMPLETION.</summary>
    public int ClientType
    {
        readonly get => Bits.Of(_units[Header], 6, 2);
        set => Bits.Set(ref _units[Header], 6, 2, value);
    }

    /// <summary>vendor_err, 24 bits.</summary>
    public int VendorError
    {
        readonly get => Bits.Of(_units[Header], 8, 24);
        set => Bits.Set(ref _units[Header], 8, 24, value);
    }

    /// <summary>rx_vlan_id, twelve bits.</summary>
    public int VlanId
    {
        readonly get => Bits.Of(_units[Flags], 0, 12);
        set => Bits.Set(ref _units[Flags], 0, 12, value);
    }

    /// <summary>rx_vlantag_present.</summary>
    public bool HasVlanTag
    {
        readonly get => Flag(12);
        set => Flag(12, value);
    }

    /// <summary>rx_outer_iphdr_csum_succeed.</summary>
    public bool OuterIpChecksumGood
    {
        readonly get => Flag(13);
        set => Flag(13, value);
    }

    /// <summary>rx_outer_iphdr_csum_fail.</summary>
    public bool OuterIpChecksumBad
    {
        readonly get => Flag(14);
        set => Flag(14, value);
    }

    /// <summary>rx_hashtype, nine bits: NDIS_HASH_IPV4 is the lowest, then TCP and UDP over it, the three of IPv6, and the three of IPv6 with extensions.</summary>
    public int HashType
    {
        readonly get => Bits.Of(_units[Flags], 16, 9);
        set => Bits.Set(ref _units[Flags], 16, 9, value);
    }

    /// <summary>rx_iphdr_csum_succeed.</summary>
    public bool IpChecksumGood
    {
        readonly get => Flag(25);
        set => Flag(25, value);
    }

    /// <summary>rx_iphdr_csum_fail.</summary>
    public bool IpChecksumBad
    {
        readonly get => Flag(26);
        set => Flag(26, value);
    }

    /// <summary>rx_tcp_csum_succeed.</summary>
    public bool TcpChecksumGood
    {
        readonly get => Flag(27);
        set => Flag(27, value);
    }

    /// <summary>rx_tcp_csum_fail.</summary>
    public bool TcpChecksumBad
    {
        readonly get => Flag(28);
        set => Flag(28, value);
    }

    /// <summary>rx_udp_csum_succeed.</summary>
    public bool UdpChecksumGood
    {
        readonly get => Flag(29);
        set => Flag(29, value);
    }

    /// <summary>rx_udp_csum_fail.</summary>
    public bool UdpChecksumBad
    {
        readonly get => Flag(30);
        set => Flag(30, value);
    }

    /// <summary>ppi[0].pkt_len, sixteen bits: bytes of the packet, of the only one unless several were coalesced.</summary>
    public int Length
    {
        readonly get => LengthOf(0);
        set => SetLength(0, value);
    }

    /// <summary>ppi[0].pkt_hash.</summary>
    public uint Hash
    {
        readonly get => HashOf(0);
        set => SetHash(0, value);
    }

    /// <summary>rx_wqe_offset, which the driver does not read.</summary>
    public uint WorkQueueOffset
    {
        readonly get => _units[WorkOffset];
        set => _units[WorkOffset] = value;
    }

    /// <summary>wq_num, 24 bits: the work queue that this is about.</summary>
    public int Queue
    {
        readonly get => Bits.Of(_units[Info], 0, 24);
        set => Bits.Set(ref _units[Info], 0, 24, value);
    }

    /// <summary>is_sq: the work queue is a send queue.</summary>
    public bool IsSendQueue
    {
        readonly get => Bits.Of(_units[Info], 24, 1) != 0;
        set => Bits.Set(ref _units[Info], 24, 1, value ? 1 : 0);
    }

    /// <summary>owner_bits, three bits: the lap in which this was written.</summary>
    public int OwnerBits
    {
        readonly get => Bits.Of(_units[Info], OwnerShift, 3);
        set => Bits.Set(ref _units[Info], OwnerShift, 3, value);
    }

    /// <summary>ppi[packet].pkt_len, sixteen bits.</summary>
    public readonly int LengthOf(int packet) => Bits.Of(_units[FirstPacket + (packet * PacketUnits)], 0, 16);

    /// <summary>Sets ppi[packet].pkt_len.</summary>
    public void SetLength(int packet, int length) => Bits.Set(ref _units[FirstPacket + (packet * PacketUnits)], 0, 16, length);

    /// <summary>ppi[packet].pkt_hash.</summary>
    public readonly uint HashOf(int packet) => _units[FirstPacket + (packet * PacketUnits) + HashUnit];

    /// <summary>Sets ppi[packet].pkt_hash.</summary>
    public void SetHash(int packet, uint hash) => _units[FirstPacket + (packet * PacketUnits) + HashUnit] = hash;

    /// <summary>
    /// The owner bits of a position in a completion queue. Positions run on over laps and begin with <paramref name="slots"/>, so that
    /// the first lap is lap 1 and cleared memory looks like the lap before it (INITIALIZED_OWNER_BIT).
    /// </summary>
    /// <param name="position">The driver's head, or where the device writes.</param>
    /// <param name="slots">Completions that the queue has room for, a power of two.</param>
    public static int OwnerBitsAt(uint position, int slots) => (int)(position >> BitOperations.Log2((uint)slots)) & OwnerMask;

    /// <summary>What mana_gd_read_cqe decides of this slot for a driver whose head is <paramref name="head"/>.</summary>
    public readonly ManaSlot LookAt(uint head, int slots)
    {
        int bits = OwnerBits;
        if (bits == OwnerBitsAt(head, slots))
        {
            return ManaSlot.Ready;
        }

        return bits == OwnerBitsAt(head - (uint)slots, slots) ? ManaSlot.Empty : ManaSlot.Overflow;
    }

    /// <summary>
    /// Becomes a completion like another, whose fields named here are 0, with these. What is changed is read from the other: to read
    /// it from here, just written, showed in profiles.
    /// </summary>
    internal void Complete(in ManaCompletion like, ManaCompletionType type, int length, uint hash, int ownerBits)
    {
        this = like;
        _units[Header] = like._units[Header] | (uint)type;
        _units[FirstPacket] = like._units[FirstPacket] | (uint)(length & LengthMax);
        _units[FirstPacket + HashUnit] = hash;
        _units[Info] = like._units[Info] | ((uint)ownerBits << OwnerShift);
    }

    private readonly bool Flag(int bit) => Bits.Of(_units[Flags], bit, 1) != 0;

    private void Flag(int bit, bool value) => Bits.Set(ref _units[Flags], bit, 1, value ? 1 : 0);

    /// <summary>The 32-bit units that all fields are counted in.</summary>
    [InlineArray(Size / sizeof(uint))]
    private struct Units
    {
        private uint _first;
    }
}
