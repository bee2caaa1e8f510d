using RxVerify.Model.Vocabulary.PagePool;

namespace RxVerify.Properties.PagePool;

/// <content>The claims about a state: where every page is, who holds it, and what the pool keeps in it.</content>
public sealed partial class PoolWitness
{
    private Finding? CheckState()
    {
        Array.Clear(_seen);
        SeeHolders();
        if (!_pool.IsUp)
        {
            return CheckGone() ?? CheckEveryPage();
        }

        return CheckUsers() ?? SeeWaiting() ?? CheckConservation() ?? CheckEveryPage() ?? CheckDestroyed();
    }

    private void SeeHolders()
    {
        foreach (ref readonly var thing in _world.Things)
        {
            ref var seen = ref _seen[thing.Frame];
            seen.Outside += thing.IsOfPool ? 1 : 0;
            seen.References += thing.IsOfPool ? 0 : 1;
        }

        for (int processor = 0; processor < PoolConfiguration.Processors; processor++)
        {
            ref readonly var put = ref _world.UnderWay(processor);
            for (int place = 0; place < put.Count; place++)
            {
                _seen[put.Frames[place]].InHand++;
            }
        }
    }

    /// <summary>P6, its second half: a pool that has a user is not on its way out.</summary>
    private Finding? CheckUsers() => _users > 0 && _pool.Users == 0 ? DestroyedWhileUsed() : null;

    /// <summary>P6, its second half: a pool that is gone has no user and no page outside.</summary>
    private Finding? CheckGone()
    {
        if (_users > 0)
        {
            return DestroyedWhileUsed();
        }

        for (int frame = 0; frame < _memory.FramesUsed; frame++)
        {
            if (_seen[frame].IsOfPool)
            {
                return FreedWithPageOutside(frame);
            }
        }

        return _memory.Mappings == 0 ? null : MappingsLeft();
    }

    /// <summary>The pages in cache and ring: P9, P3 and the reserve.</summary>
    private Finding? SeeWaiting()
    {
        Finding? broken = null;
        for (int place = 0; place < _pool.Cached && broken is null; place++)
        {
            broken = SeeWaiting(_pool.CacheAt(place), "cache");
        }

        for (int place = 0; broken is null && _pool.RingPageAt(place) is >= 0 and int frame; place++)
        {
            broken = SeeWaiting(frame, "ring");
        }

        if (_pool.Current >= 0)
        {
            _seen[_pool.Current].IsCurrent = true;
        }

        return broken;
    }

    private Finding? SeeWaiting(int frame, string place)
    {
        ref var seen = ref _seen[frame];
        seen.Waiting++;
        ref readonly var past = ref PastOf(frame);
        return past.IsForeign ? ForeignWaits(frame, place)
            : seen.Outside + seen.References > 0 || seen.Waiting > 1 ? WaitsWhileHeld(frame, place)
            : past.WasGivenOut && _pool.IsOfReserve(frame) ? ReserveWaits(frame, place)
            : null;
    }

    /// <summary>P1.</summary>
    private Finding? CheckConservation()
    {
        _pages = 0;
        for (int frame = 0; frame < _memory.FramesUsed; frame++)
        {
            _pages += _seen[frame].IsOfPool ? 1 : 0;
        }

        return _pool.Inflight == _pages ? null : PagesDoNotBalance();
    }

    /// <summary>P2 and P5, and that every live page is somebody's.</summary>
    private Finding? CheckEveryPage()
    {
        for (int frame = 0; frame < _memory.FramesUsed; frame++)
        {
            ref readonly var seen = ref _seen[frame];
            if (!seen.IsSeen)
            {
                if (_memory.IsAllocated(frame))
                {
                    return Forgotten(frame);
                }

                continue;
            }

            int count = (seen.IsOfPool ? 1 : 0) + seen.References;
            var broken = (_memory.Count(frame) == count ? null : CountIsWrong(frame, count))
                ?? (seen.Waiting > 0 ? CheckWaiting(frame) : null)
                ?? (seen.IsOfPool && _pool.IsUp ? CheckCounter(frame, seen) : null);
            if (broken is not null)
            {
                return broken;
            }
        }

        return null;
    }

    private Finding? CheckWaiting(int frame)
    {
        bool shouldBeMapped = _configuration.Maps && (_configuration.Era == PoolEra.Linux515 || _pool.Destroys == 0);
        return _configuration.Era == PoolEra.Linux612 && _pool.CounterOf(frame) != 1 ? WaitsWithCounter(frame)
            : shouldBeMapped && !_memory.IsMapped(frame) ? WaitsUnmapped(frame)
            : null;
    }

    private Finding? CheckCounter(int frame, in Sighting seen)
    {
        bool hasCounter = _configuration.Era == PoolEra.Linux612 || _configuration.Fragments;
        long counter = _pool.CounterOf(frame);
        if (!hasCounter || (seen.Outside == 0 && !seen.IsCurrent))
        {
            return null;
        }

        ref readonly var past = ref PastOf(frame);
        long unused = seen.IsCurrent ? past.Bias - past.Cut : 0;
        return unused < 0 || counter != unused + seen.Outside || counter > _configuration.CounterMax ? CounterIsWrong(frame, unused, seen.Outside) : null;
    }

    /// <summary>P8.</summary>
    private Finding? CheckDestroyed()
    {
        if (_pool.Destroys == 0)
        {
            return null;
        }

        if (_pool.Cached > 0)
        {
            return CacheOfDestroyed();
        }

        for (int frame = 0; _configuration.Era == PoolEra.Linux612 && frame < _memory.FramesUsed; frame++)
        {
            if (_seen[frame].Outside > 0 && _memory.IsMapped(frame))
            {
                return OutsideMapped(frame);
            }
        }

        return null;
    }
}
