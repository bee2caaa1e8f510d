using System.Runtime.CompilerServices;

namespace RxVerify.Implementation.Memory;

/// <summary>
/// The device's view of memory: whole pages are mapped (A.1, A.2), each mapping has an address of its own, and every device
/// access is checked against the ledger of what is mapped now, and in which direction.
/// </summary>
public sealed unsafe class Iommu(PhysicalMemory memory, FaultPlan faults)
{
    /// <summary>What <see cref="Map"/> returns when it fails, the kernel's DMA_MAPPING_ERROR.</summary>
    public const ulong MappingError = ulong.MaxValue;

    // A bus address: a mark that no processor address has, the frame's mapping epoch, the frame, the byte in the page.
    private const ulong BusMark = 0x8000_0000_0000_0000;
    private const int EpochShift = 44;

    /// <summary>Logarithm of the bytes of the largest page, four of 64 KiB.</summary>
    internal const int PageShift = 18;

    /// <summary>Who is told of each write of the device before it is done, if anybody.</summary>
    public IDeviceObserver? Observer { get; set; }

    /// <summary>Whether an address is one that only the device can use.</summary>
    public static bool IsBusAddress(ulong address) => (address & BusMark) != 0;

    /// <summary>Maps a page. Returns its bus address, or <see cref="MappingError"/> when the fault strikes.</summary>
    /// <param name="frame">The page's frame.</param>
    /// <param name="fault">The kind of failure that can strike here.</param>
    /// <param name="direction">What the device may do; of a page mapped more than once, what any of the mappings allows.</param>
    /// <param name="skipsSync">Whether who maps will sync the page for the device itself (DMA_ATTR_SKIP_CPU_SYNC).</param>
    public ulong Map(int frame, byte fault, DmaDirection direction = DmaDirection.FromDevice, bool skipsSync = false)
    {
        if (faults.Strikes(fault))
        {
            return MappingError;
        }

        var page = memory.Touch(frame);
        if (!page->IsLive)
        {
            memory.Catch(TrapKind.UseAfterFree, frame, 0, 0);
        }

        // A page that is mapped already gets the same address once more; one that was unmapped in between gets a new one.
        page->MapEpoch += page->Mappings == 0 ? (ushort)1 : (ushort)0;
        page->Direction = page->Mappings == 0 ? direction : page->Direction | direction;
        page->Mappings++;
        memory.CountMapping(1);
        if (!skipsSync)
        {
            memory.MarkClean(frame, 0, memory.PageSize);
        }

        return AddressOf(frame, page->MapEpoch);
    }

    /// <summary>Removes one mapping that <see cref="Map"/> gave; one time too many is a trap.</summary>
    public void Unmap(ulong address)
    {
        int frame = FrameOf(address);
        if (!IsMapped(address))
        {
            memory.Catch(TrapKind.DoubleUnmap, frame, 0, 0);
            return;
        }

        memory.Touch(frame)->Mappings--;
        memory.CountMapping(-1);
    }

    /// <summary>Removes one mapping of bytes that the device wrote, which makes them visible to the processor (dma_unmap_single).</summary>
    /// <param name="address">Address of the first byte.</param>
    /// <param name="length">Bytes.</param>
    public void Unmap(ulong address, int length)
    {
        int offset = OffsetOf(address);
        if (IsMapped(address) && offset < memory.PageSize)
        {
            memory.MarkSynced(FrameOf(address), offset, Math.Min(length, memory.PageSize - offset));
        }

        Unmap(address);
    }

    /// <summary>Makes the device's writes to these bytes visible to the processor (dma_sync_single_range_for_cpu).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void SyncForProcessor(ulong address, int offset, int length)
    {
        int frame = FrameOf(address);
        if (!IsMapped(address) || offset < 0 || offset + length > memory.PageSize)
        {
            memory.Catch(TrapKind.DeviceFault, frame, offset, length);
            return;
        }

        if (length > 0)
        {
            memory.MarkSynced(frame, offset, length);
        }
    }

    /// <summary>Makes the processor's writes to these bytes visible to the device (dma_sync_single_range_for_device).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void SyncForDevice(ulong address, int offset, int length)
    {
        int frame = FrameOf(address);
        if (!IsMapped(address) || offset < 0 || offset + length > memory.PageSize)
        {
            memory.Catch(TrapKind.DeviceFault, frame, offset, length);
            return;
        }

        memory.MarkClean(frame, offset, length);
    }

    /// <summary>Bytes for the device to write; null, with a trap, when it may not reach them or only read them. A write to bytes a reader holds is a trap, and done.</summary>
    public byte* DeviceAccess(ulong address, int length)
    {
        int frame = FrameOf(address);
        int offset = OffsetOf(address);
        if (!IsMapped(address) || !Lets(frame, DmaDirection.FromDevice) || offset + length > memory.PageSize)
        {
            memory.Catch(TrapKind.DeviceFault, frame, offset, length);
            return null;
        }

        if (length > 0 && memory.IsHeld(frame, offset, length))
        {
            memory.Catch(TrapKind.DeviceWroteHeldBytes, frame, offset, length);
        }

        if (length > 0)
        {
            Observer?.Writes(frame, offset, length);
            memory.MarkUnsynced(frame, offset, length);
        }

        return memory.HandOut(frame, offset, length);
    }

    /// <summary>The device reads these bytes, as it does to send them; a trap when it cannot.</summary>
    public void DeviceRead(ulong address, int length)
    {
        int frame = FrameOf(address);
        int offset = OffsetOf(address);
        if (!IsMapped(address) || !Lets(frame, DmaDirection.ToDevice) || offset + length > memory.PageSize)
        {
            memory.Catch(TrapKind.DeviceFault, frame, offset, length);
        }
    }

    /// <summary>Whether the mappings of a page let the device do this.</summary>
    public bool Lets(int frame, DmaDirection direction) => (memory.FrameAt[frame].Direction & direction) == direction;

    /// <summary>Whether the device can reach this address now.</summary>
    public bool IsMapped(ulong address)
    {
        int frame = FrameOf(address);
        if (!IsBusAddress(address) || (uint)frame >= (uint)memory.Frames)
        {
            return false;
        }

        ref var page = ref memory.FrameAt[frame];
        return page.Mappings > 0 && page.MapEpoch == (ushort)(address >> EpochShift);
    }

    /// <summary>The bus address of a frame in its mapping number so and so.</summary>
    internal static ulong AddressOf(int frame, ushort epoch) => BusMark | ((ulong)epoch << EpochShift) | ((ulong)(uint)frame << PageShift);

    /// <summary>The byte on its page that a bus address names.</summary>
    public static int OffsetOf(ulong address) => (int)(address & ((1 << PageShift) - 1));

    /// <summary>The frame behind a bus address, mapped or not.</summary>
    public static int FrameOf(ulong address) => (int)((address >> PageShift) & ((1u << (EpochShift - PageShift)) - 1));
}

/// <summary>Told of each write of the device to memory that it can reach.</summary>
public interface IDeviceObserver
{
    /// <summary>The device is about to write these bytes of a mapped page.</summary>
    void Writes(int frame, int offset, int length);
}
