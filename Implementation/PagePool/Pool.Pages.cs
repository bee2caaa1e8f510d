using RxVerify.Implementation.Memory;
using RxVerify.Model.Vocabulary.PagePool;

namespace RxVerify.Implementation.PagePool;

/// <content>Pages that enter and leave the pool, their mappings and their fragment counters (C.2.4-5, C.4, C.5, C.7).</content>
public sealed unsafe partial class Pool<TRules>
{
    /// <inheritdoc/>
    public override void AddReference(int frame)
    {
        // The counter wraps as a long does, at whatever the configuration has for its largest value (D-32).
        var page = Pages + frame;
        page->Counter = page->Counter == Configuration.CounterMax ? -Configuration.CounterMax - 1 : page->Counter + 1;
        CatchNegative(frame, page->Counter);
    }

    /// <summary>C.2.4: a page from the allocator becomes the pool's. False when it cannot be mapped, and is given back.</summary>
    private bool Enter(int frame)
    {
        var header = Header;
        var page = Pages + frame;
        header->Counters.Hold += TRules.CountsHoldAfterMapping ? 0u : 1u;
        *page = default;
        if (Configuration.Maps && !Map(frame, page))
        {
            _memory.Put(frame);
            return false;
        }

        page->Word = FromReserve ? Signature | ReserveMark : Signature;
        page->Pool = header->Existing;
        page->Node = header->Node;
        page->Counter = _is612 ? 1 : 0;
        header->Counters.Hold += TRules.CountsHoldAfterMapping ? 1u : 0u;
        return true;
    }

    /// <summary>C.2.5: maps a page, registers it, and makes it clean for the device.</summary>
    private bool Map(int frame, PoolPage* page)
    {
        ulong address = _iommu.Map(frame, (byte)PoolFault.Mapping, skipsSync: true);
        if (address == Iommu.MappingError)
        {
            return false;
        }

        if (_is612 && _faults.Strikes((byte)PoolFault.Index))
        {
            if (TRules.UnmapsUnregistered)
            {
                _iommu.Unmap(address);
            }

            return false;
        }

        page->Address = address;
        if (TRules.SyncsNewPage)
        {
            SyncForDevice(frame, _syncBytes);
        }

        return true;
    }

    /// <summary>C.5: a page leaves for good. Who else holds a page reference keeps it alive. After the count the pool may be gone.</summary>
    private void Leave(int frame)
    {
        Unmap(frame);
        Pages[frame] = default;
        Header->Counters.Release += TRules.CountsRelease ? 1u : 0u;
        Departures++;
        if (TRules.DropsReleasedPage)
        {
            _memory.Put(frame);
        }
    }

    /// <summary>C.5: unmaps a page unless that was done already.</summary>
    private void Unmap(int frame)
    {
        var page = Pages + frame;
        if (page->Address != 0)
        {
            _iommu.Unmap(page->Address);
            page->Address = 0;
        }
    }

    /// <summary>C.7: what the processor may have written reaches memory before the device may use the page.</summary>
    private void SyncForDevice(int frame, int bytes)
    {
        if (Header->Syncs)
        {
            _iommu.SyncForDevice(Pages[frame].Address, Configuration.SyncOffset, bytes);
        }
    }

    /// <summary>C.4.2: whether a page nobody uses any more may be used again.</summary>
    private bool IsRecyclable(int frame) =>
        TRules.IsUnshared(_memory.References(frame)) && !(TRules.GivesUpReserve && IsOfReserve(frame));

    /// <summary>C.4: takes references off a page's counter. Returns how many are left; 0 means these were the last.</summary>
    private long DropReferences(int frame, long count)
    {
        var page = Pages + frame;
        if (page->Counter == count)
        {
            // The kernel's short cut: nobody else can change the counter now. 5.15 leaves it as it is.
            page->Counter = !_is612 ? count : TRules.RestoresCounter ? 1 : 0;
            return 0;
        }

        long left = unchecked(page->Counter - count);
        page->Counter = left;
        CatchNegative(frame, left);
        return left;
    }

    private void CatchNegative(int frame, long counter)
    {
        if (counter < 0)
        {
            _memory.Catch(TrapKind.CounterUnderflow, frame, 0, 0);
        }
    }
}
