using System.Runtime.InteropServices;

namespace RxVerify.Implementation.Mana;

/// <summary>
/// What the driver writes to post a receive buffer: one basic unit of 32 bytes, little-endian (B.1). It is the kernel's struct
/// gdma_wqe of 8 bytes, 8 bytes inline for the client, and one struct gdma_sge of 16.
/// </summary>
[StructLayout(LayoutKind.Explicit, Size = Size)]
public struct ManaWorkQueueEntry
{
    /// <summary>Bytes of an entry, GDMA_WQE_BU_SIZE: the unit in which a work queue's head and tail count.</summary>
    public const int Size = 32;

    private const int InlineBytes = 8;

    [FieldOffset(0)]
    private uint _head;

    [FieldOffset(4)]
    private uint _flags;

    /// <summary>The client's inline data, INLINE_OOB_SMALL_SIZE; a receive queue has none and the driver leaves what was there.</summary>
    [FieldOffset(8)]
    public ulong Inline;

    /// <summary>gdma_sge.address: bus address of the buffer.</summary>
    [FieldOffset(16)]
    public ulong Address;

    /// <summary>gdma_sge.mem_key: the key of the memory region, gpa_mkey.</summary>
    [FieldOffset(24)]
    public uint MemoryKey;

    /// <summary>gdma_sge.size: bytes that the device may write, the layout's data size.</summary>
    [FieldOffset(28)]
    public uint Length;

    /// <summary>last_vbytes, eight bits; used with <see cref="ClientDataInSegments"/> only.</summary>
    public int LastBytes
    {
        readonly get => Bits.Of(_head, 24, 8);
        set => Bits.Set(ref _head, 24, 8, value);
    }

    /// <summary>num_sge, eight bits: scatter-gather elements, 1 for a receive buffer (B.1).</summary>
    public int Segments
    {
        readonly get => Bits.Of(_flags, 0, 8);
        set => Bits.Set(ref _flags, 0, 8, value);
    }

    /// <summary>inline_oob_size_div4, three bits: the client's inline data in units of four bytes.</summary>
    public int InlineQuarters
    {
        readonly get => Bits.Of(_flags, 8, 3);
        set => Bits.Set(ref _flags, 8, 3, value);
    }

    /// <summary>client_oob_in_sgl: the client's data is in the first element.</summary>
    public bool ClientDataInSegments
    {
        readonly get => Bits.Of(_flags, 11, 1) != 0;
        set => Bits.Set(ref _flags, 11, 1, value ? 1 : 0);
    }

    /// <summary>client_data_unit, fourteen bits; send queues only.</summary>
    public int ClientDataUnit
    {
        readonly get => Bits.Of(_flags, 16, 14);
        set => Bits.Set(ref _flags, 16, 14, value);
    }

    /// <summary>The entry for one receive buffer as mana_gd_post_work_request writes it.</summary>
    /// <param name="address">Bus address.</param>
    /// <param name="length">Bytes that the device may write.</param>
    /// <param name="memoryKey">Key of the memory region.</param>
    public static ManaWorkQueueEntry Post(ulong address, int length, uint memoryKey) => new()
    {
        Segments = 1,
        InlineQuarters = InlineBytes / sizeof(uint),
        Address = address,
        Length = (uint)length,
        MemoryKey = memoryKey,
    };
}
