using RxVerify.Implementation.Mana;
using RxVerify.Implementation.Memory;
using RxVerify.Implementation.PagePool;

namespace RxVerify.Properties.Mana;

/// <content>The claims about a state: who has which bytes, where every page is, and what is mapped.</content>
public sealed partial class ManaWitness
{
    private Finding? CheckState()
    {
        bool placesChanged = _mustDecideAll | _image.Look();
        _any = _world.WaitingPools > 0 ? _world.WaitingPoolAt(0) : _queue.Pool;
        return (_queue.IsUp ? (placesChanged || _image.IsMorePosted ? CheckPosted() : null) ?? CheckPairing() : CheckResources())
            ?? (placesChanged ? CheckPlaces() : null);
    }

    /// <summary>The claims about where every page is, which speak of nothing but what <see cref="ManaImage"/> looks at.</summary>
    private Finding? CheckPlaces()
    {
        Array.Clear(_seen);
        SeeHolders();
        return CheckPools() ?? CheckEveryPage() ?? CheckHeldUnmapped();
    }

    private void SeeHolders()
    {
        for (int slot = 0; _queue.IsUp && slot < _world.Configuration.QueueSize; slot++)
        {
            ref readonly var buffer = ref _queue.SlotAt(slot);
            _seen[buffer.Frame].Outside += buffer.HasBuffer ? 1 : 0;
        }

        if (_queue.SavedFrame >= 0)
        {
            _seen[_queue.SavedFrame].Outside++;
        }

        for (int place = 0; place < _world.Stack.HeldPackets; place++)
        {
            _seen[_world.Stack.FragmentsOf(_world.Stack.HeldAt(place))[0].Frame].Outside++;
        }

        foreach (ref readonly var sent in _world.Transmissions)
        {
            _seen[sent.Frame].Outside++;
        }

        foreach (ref readonly var frame in _world.Frames)
        {
            _seen[frame.Frame].Outside++;
        }
    }

    /// <summary>What the device may write: mapped, nobody else's, clean.</summary>
    private Finding? CheckPosted()
    {
        int visible = _device.Visible;
        _postedStamp++;
        for (int place = 0; place < visible; place++)
        {
            ref readonly var entry = ref _device.VisibleAt(place);
            int frame = Iommu.FrameOf(entry.Address);
            int offset = Iommu.OffsetOf(entry.Address);
            var broken = !_world.Iommu.IsMapped(entry.Address) ? PostedUnmapped(place)
                : _memory.HeldOn(frame, offset) > 0 ? PostedWhileHeld(frame, offset)
                : _memory.IsDirty(frame, offset, (int)entry.Length) ? PostedDirty(frame, offset)
                : CheckPostedBefore(place, frame, offset, (int)entry.Length);
            if (broken is not null)
            {
                return broken;
            }
        }

        return null;
    }

    /// <summary>Whether an entry before this one has some of its bytes: those on the same page are linked to each other.</summary>
    private Finding? CheckPostedBefore(int place, int frame, int offset, int length)
    {
        ref var last = ref _postedOn[frame];
        _postedBefore[place] = last.Stamp == _postedStamp ? last.Place : None;
        last = (_postedStamp, place);
        for (int before = _postedBefore[place]; before != None; before = _postedBefore[before])
        {
            ref readonly var other = ref _device.VisibleAt(before);
            int begin = Iommu.OffsetOf(other.Address);
            if (begin < offset + length && offset < begin + (int)other.Length)
            {
                return PostedTwice(frame, begin);
            }
        }

        return null;
    }

    /// <summary>B.3: completions carry no id, so the k-th buffer that comes back has to be the k-th slot's.</summary>
    private Finding? CheckPairing()
    {
        int slot = _queue.NextSlot;
        for (long sequence = _queue.Consumed; sequence < _device.Written; sequence++)
        {
            ref readonly var log = ref _device.LogOf(sequence);
            if (log.ReturnsBuffer && _queue.SlotAt(slot).Address != log.Address)
            {
                return Unpaired(slot, log.Address);
            }

            slot = log.ReturnsBuffer ? Next(slot) : slot;
        }

        for (int place = 0; place < _device.Visible; place++)
        {
            if (_queue.SlotAt(slot).Address != _device.VisibleAt(place).Address)
            {
                return Unpaired(slot, _device.VisibleAt(place).Address);
            }

            slot = Next(slot);
        }

        return _device.WrongDoorbells > 0 ? DoorbellRefused() : null;
    }

    private int Next(int slot) => slot + 1 < _world.Configuration.QueueSize ? slot + 1 : 0;

    private Finding? CheckResources()
    {
        for (var resource = ManaResource.Structure; resource <= ManaResource.Napi; resource++)
        {
            if (_queue.Has(resource))
            {
                return ResourceLeft(resource);
            }
        }

        return null;
    }

    /// <summary>P1 over all pools, and that nothing but their own pages is in them.</summary>
    private Finding? CheckPools()
    {
        int held = 0;
        for (int place = 0; place < _world.WaitingPools; place++)
        {
            held += _world.WaitingPoolAt(place).Inflight;
            if (SeePool(_world.WaitingPoolAt(place)) is { } broken)
            {
                return broken;
            }
        }

        if (_queue.Pool is { } pool)
        {
            held += pool.Inflight;
            if (SeePool(pool) is { } broken)
            {
                return broken;
            }
        }

        int found = 0;
        int used = _any is null ? 0 : _memory.FramesUsed;
        for (int frame = 0; frame < used; frame++)
        {
            found += _seen[frame].IsSeen && _any!.IsOfPool(frame) ? 1 : 0;
        }

        return held == found ? null : PagesDoNotBalance(held, found);
    }

    private Finding? SeePool(Pool pool)
    {
        for (int place = 0; place < pool.Cached; place++)
        {
            if (SeeWaiting(pool.CacheAt(place)) is { } broken)
            {
                return broken;
            }
        }

        for (int place = 0; pool.RingPageAt(place) is >= 0 and int frame; place++)
        {
            if (SeeWaiting(frame) is { } broken)
            {
                return broken;
            }
        }

        if (pool.Current >= 0)
        {
            _seen[pool.Current].IsInPool = true;
        }

        return null;
    }

    private Finding? SeeWaiting(int frame)
    {
        ref var seen = ref _seen[frame];
        var broken = seen.IsInPool ? WaitsTwice(frame) : seen.Outside > 0 ? WaitsWhileOutside(frame) : IsOfPool(frame) ? null : ForeignWaits(frame);
        seen.IsInPool = true;
        return broken;
    }

    /// <summary>Each live page is somebody's, and its count is that of its owners: the pool, or the one who has it.</summary>
    private Finding? CheckEveryPage()
    {
        for (int frame = 0; frame < _memory.FramesUsed; frame++)
        {
            bool isAllocated = _memory.IsAllocated(frame);
            if (isAllocated != _seen[frame].IsSeen)
            {
                return isAllocated ? Forgotten(frame) : GoneWhileHeld(frame);
            }

            if (isAllocated && _memory.Count(frame) != 1)
            {
                return CountIsWrong(frame);
            }
        }

        return null;
    }

    /// <summary>B.4.2: what the driver mapped for a packet is unmapped when the packet is handed over.</summary>
    private Finding? CheckHeldUnmapped()
    {
        for (int place = 0; place < _world.Stack.HeldPackets; place++)
        {
            var bytes = _world.Stack.FragmentsOf(_world.Stack.HeldAt(place))[0];
            if (_memory.IsMapped(bytes.Frame) && !IsMappedByPool(bytes.Frame))
            {
                return HeldMapped(bytes.Frame);
            }
        }

        return null;
    }

    private bool IsMappedByPool(int frame) => _any is not null && _any.IsOfPool(frame) && _any.AddressOf(frame) != 0;
}
