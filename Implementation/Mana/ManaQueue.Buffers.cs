using System.Runtime.CompilerServices;
using RxVerify.Implementation.Memory;
using RxVerify.Model.Vocabulary.Mana;
using RxVerify.Model.Vocabulary.PagePool;

namespace RxVerify.Implementation.Mana;

/// <content>Fresh buffers, buffers that are given back, and posting (B.4.1, B.4.2, B.4.4.8).</content>
public sealed unsafe partial class ManaQueue<TRules, TPoolRules>
{
    // gpa_mkey: carried to the device, which does not check it.
    private const uint MemoryKey = 1;

    /// <summary>B.4.1: one fresh buffer, mapped; false when there is none.</summary>
    /// <param name="fresh">The buffer.</param>
    /// <param name="context">Where a page goes back that cannot be mapped.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private bool TakeFresh(out SlotBuffer fresh, PutContext context)
    {
        ref readonly var layout = ref Layout;
        if (!layout.IsFragmented)
        {
            return TakeWhole(layout, out fresh, context);
        }

        fresh = new SlotBuffer { IsFromPool = true, HasBuffer = true };
        if (!LivePool.TakeFragment(layout.AllocSize, out fresh.Frame, out fresh.Offset))
        {
            return false;
        }

        fresh.Address = LivePool.AddressOf(fresh.Frame) + (ulong)(uint)(fresh.Offset + TRules.HeadroomInAddress(layout.Headroom));
        return true;
    }

    /// <summary>B.4.1, single-buffer mode: the saved page, else one of the pool, which the driver maps.</summary>
    private bool TakeWhole(in ManaLayout layout, out SlotBuffer fresh, PutContext context)
    {
        var header = Header;
        int saved = header->SavedPlusOne - 1;
        header->SavedPlusOne = 0;
        fresh = new SlotBuffer { IsFromPool = saved < 0, HasBuffer = true, Frame = saved < 0 ? LivePool.TakePage() : saved };
        if (fresh.Frame < 0)
        {
            return false;
        }

        if (Map(ref fresh, layout))
        {
            return true;
        }

        if (fresh.IsFromPool)
        {
            LivePool.Put(fresh.Frame, context, 0);
        }
        else
        {
            _memory.Put(fresh.Frame);
        }

        return false;
    }

    /// <summary>The driver maps a buffer of its own, from behind the headroom.</summary>
    private bool Map(ref SlotBuffer buffer, in ManaLayout layout)
    {
        ulong page = _iommu.Map(buffer.Frame, (byte)ManaFault.Mapping);
        buffer.Address = page + (ulong)(uint)TRules.HeadroomInAddress(layout.Headroom);
        return page != Iommu.MappingError;
    }

    /// <summary>B.4.3.6: the tail moves, and the slot that was completed is posted with what it has now.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void PostAgain()
    {
        if (TRules.MovesTailFirst)
        {
            MoveTail();
        }

        Post(Header->NextSlot);
        Header->NextSlot = (Header->NextSlot + 1) & (_size - 1);
        if (!TRules.MovesTailFirst)
        {
            MoveTail();
        }
    }

    /// <summary>mana_move_wq_tail: refused, with a warning, when the tail would pass the head.</summary>
    private void MoveTail() => Header->Tail += Header->Tail == Header->Head ? 0u : 1u;

    /// <summary>mana_gd_post_work_request: refused, with a warning, when there is no room.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Post(int slot)
    {
        var header = Header;
        if (header->Head - header->Tail == (uint)_size)
        {
            return;
        }

        WorkQueue[header->Head & (uint)(_size - 1)] = ManaWorkQueueEntry.Post(Slots[slot].Address, Layout.DataSize, MemoryKey);
        header->Head++;
        header->Counters.Posted++;
    }

    /// <summary>The device may read what was posted.</summary>
    private void Ring() => _device.Doorbell(Header->Head * ManaWorkQueueEntry.Size);

    /// <summary>B.4.4.8: a packet is dropped and its buffer goes back to where it came from.</summary>
    private void Drop(in SlotBuffer buffer)
    {
        ref readonly var layout = ref Layout;
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
