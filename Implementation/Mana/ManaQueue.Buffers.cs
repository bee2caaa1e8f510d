using System.Runtime.CompilerServices;
using RxVerify.Implementation.Memory;
using RxVerify.Implementation.PagePool;
using RxVerify.Model.Vocabulary.Mana;
using RxVerify.Model.Vocabulary.PagePool;

namespace RxVerify.Implementation.Mana;

/// <content>Fresh buffers, buffers that are given back, and posting (B.4.1, B.4.2, B.4.4.8).</content>
public sealed unsafe partial class ManaQueue<TRules, TPoolRules>
{
    /// <summary>The kind of failure by which there is no buffer for a slot when the queue is built; beside those of <see cref="ManaFault"/>.</summary>
    internal const byte NoBufferFault = 0x40;

    // gpa_mkey: carried to the device, which does not check it.
    private const uint MemoryKey = 1;

    // What all entries have in common.
    private static readonly ManaWorkQueueEntry Unaddressed = ManaWorkQueueEntry.Post(0, 0, MemoryKey);

    /// <summary>B.4.1: one fresh buffer, mapped, takes a slot; false, and the slot as it was, when there is none.</summary>
    /// <param name="slot">The slot.</param>
    /// <param name="layout">The queue's layout.</param>
    /// <param name="pool">The queue's pool.</param>
    /// <param name="context">Where a page goes back that cannot be mapped.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private bool Refill(SlotBuffer* slot, in ManaLayout layout, Pool<TPoolRules> pool, PutContext context)
    {
        if (!layout.IsFragmented)
        {
            return RefillWhole(slot, layout, pool, context);
        }

        if (!pool.TakeFragment(layout.AllocSize, out int frame, out int offset))
        {
            return false;
        }

        Set(slot, frame, offset, pool.AddressOf(frame) + (ulong)(uint)(offset + TRules.HeadroomInAddress(layout.Headroom)), isFromPool: true);
        return true;
    }

    /// <summary>B.4.1, single-buffer mode: the saved page, else one of the pool, which the driver maps.</summary>
    private bool RefillWhole(SlotBuffer* slot, in ManaLayout layout, Pool<TPoolRules> pool, PutContext context)
    {
        int saved = Header->SavedPlusOne - 1;
        Header->SavedPlusOne = 0;
        bool isFromPool = saved < 0;
        int frame = isFromPool ? pool.TakePage() : saved;
        if (frame < 0)
        {
            return false;
        }

        if (Map(frame, layout, out ulong address))
        {
            Set(slot, frame, 0, address, isFromPool);
            return true;
        }

        if (isFromPool)
        {
            pool.Put(frame, context, 0);
        }
        else
        {
            _memory.Put(frame);
        }

        return false;
    }

    /// <summary>The driver maps a page of its own; the address is behind the headroom.</summary>
    private bool Map(int frame, in ManaLayout layout, out ulong address)
    {
        ulong page = _iommu.Map(frame, (byte)ManaFault.Mapping);
        address = page + (ulong)(uint)TRules.HeadroomInAddress(layout.Headroom);
        return page != Iommu.MappingError;
    }

    /// <summary>Field by field: a copy of what was just put together showed in profiles.</summary>
    private static void Set(SlotBuffer* slot, int frame, int offset, ulong address, bool isFromPool)
    {
        slot->Address = address;
        slot->Frame = frame;
        slot->Offset = offset;
        slot->IsFromPool = isFromPool;
        slot->HasBuffer = true;
    }

    /// <summary>B.4.3.6: the tail moves, and the slot that was completed is posted with what it has now.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void PostAgain(in ManaLayout layout)
    {
        if (TRules.MovesTailFirst)
        {
            MoveTail();
        }

        int slot = Header->NextSlot;
        Post(slot, layout);
        Header->NextSlot = (slot + 1) & (_size - 1);
        if (!TRules.MovesTailFirst)
        {
            MoveTail();
        }
    }

    /// <summary>mana_move_wq_tail: refused, with a warning, when the tail would pass the head.</summary>
    private void MoveTail() => Header->Tail += Header->Tail == Header->Head ? 0u : 1u;

    /// <summary>mana_gd_post_work_request: refused, with a warning, when there is no room.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Post(int slot, in ManaLayout layout)
    {
        var header = Header;
        if (header->Head - header->Tail == (uint)_size)
        {
            return;
        }

        var entry = WorkQueue + (header->Head++ & (uint)(_size - 1));
        *entry = Unaddressed;
        entry->Address = Slots[slot].Address;
        entry->Length = (uint)layout.DataSize;
        header->Counters.Posted++;
    }

    /// <summary>The device may read what was posted.</summary>
    private void Ring() => _device.Doorbell(Header->Head * ManaWorkQueueEntry.Size);

    /// <summary>B.4.4.8: a packet is dropped and its buffer goes back to where it came from.</summary>
    private void Drop(in SlotBuffer buffer, in ManaLayout layout)
    {
        bool isWhole = !layout.IsFragmented;
        Header->Counters.Dropped++;
        if (!TRules.DropsToPool(buffer.IsFromPool))
        {
            if (TRules.SavesDroppedPage(isWhole))
            {
                Header->SavedPlusOne = buffer.Frame + 1;
            }
            else
            {
                _memory.Put(buffer.Frame);
            }
        }
        else if (isWhole || TRules.DropsFragmentAlone)
        {
            LivePool.Put(buffer.Frame, PutContext.Direct, 0, isWhole ? 0 : layout.AllocSize);
        }
        else
        {
            LivePool.PutWhole(buffer.Frame, PutContext.Direct);
        }
    }
}
