using RxVerify.Implementation.Memory;
using RxVerify.Model.Vocabulary.Mana;

namespace RxVerify.Implementation.Mana;

/// <summary>Pages allocated before the queues that will have them, with their mappings (rxbufs_pre, das_pre; B.4.8). The last one is taken first.</summary>
/// <param name="places">Pages that there is room for.</param>
/// <param name="memory">Where they come from.</param>
/// <param name="iommu">The device's view of them.</param>
internal sealed unsafe class PreparedPages(int places, PhysicalMemory memory, Iommu iommu) : StatePart
{
    private Header* _header;
    private SlotBuffer* _pages;

    /// <summary>Pages that no slot has yet.</summary>
    public int Count => _header->Count;

    /// <summary>Allocates and maps pages one after the other; false, and all given back, when one cannot be had. A list that was there is forgotten, with its pages.</summary>
    /// <typeparam name="TRules">The right rules, or a defect's.</typeparam>
    /// <param name="count">Pages, of which there is room for.</param>
    /// <param name="layout">The layout of the queues.</param>
    public bool Allocate<TRules>(int count, in ManaLayout layout)
        where TRules : struct, IManaRules
    {
        *_header = new Header { DataSize = layout.DataSize, AllocSize = layout.AllocSize, Headroom = layout.Headroom };
        while (_header->Count < count)
        {
            int frame = memory.Allocate((byte)ManaFault.Page, maySleep: true);
            ulong page = frame < 0 ? Iommu.MappingError : iommu.Map(frame, (byte)ManaFault.Mapping);
            if (page == Iommu.MappingError)
            {
                if (frame >= 0)
                {
                    memory.Put(frame);
                }

                Free();
                return false;
            }

            _pages[_header->Count++] = new SlotBuffer
            {
                Address = page + (ulong)(uint)TRules.HeadroomInAddress(layout.Headroom),
                Frame = frame,
                HasBuffer = true,
            };
        }

        return true;
    }

    /// <summary>The page allocated last takes a slot; false when pages were allocated for another layout, as the kernel compares them (mana_get_rxbuf_pre).</summary>
    public bool Take(SlotBuffer* slot, in ManaLayout layout)
    {
        var header = _header;
        if (header->DataSize != layout.DataSize || header->AllocSize != layout.AllocSize || header->Headroom != layout.Headroom)
        {
            return false;
        }

        var last = _pages + --header->Count;
        *slot = *last;
        *last = default;
        return true;
    }

    /// <summary>What is left is unmapped and freed, the last first (mana_pre_dealloc_rxbufs).</summary>
    public void Free()
    {
        while (_header->Count > 0)
        {
            var last = _pages + --_header->Count;
            iommu.Unmap(last->Address, _header->DataSize);
            memory.Put(last->Frame);
            *last = default;
        }

        *_header = default;
    }

    /// <inheritdoc/>
    protected internal override void Lay(ref BlockCursor cursor)
    {
        _header = cursor.Take<Header>(1);
        _pages = cursor.Take<SlotBuffer>(places);
    }

    private struct Header
    {
        public int Count;
        public int DataSize;
        public int AllocSize;
        public int Headroom;
    }
}
