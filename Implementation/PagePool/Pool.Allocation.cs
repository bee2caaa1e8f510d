using RxVerify.Model.Vocabulary.PagePool;

namespace RxVerify.Implementation.PagePool;

/// <content>Taking whole pages (C.2) and fragments (C.3).</content>
public sealed unsafe partial class Pool<TRules>
{
    /// <inheritdoc/>
    public override int TakePage()
    {
        var header = Header;
        if (!CanTouch(header->Existing, None))
        {
            return None;
        }

        // Fast path: the page put last is the one most likely to be in the processor's cache.
        if (header->Cached > 0)
        {
            header->Counters.Fast++;
            return Pop();
        }

        int frame = Refill();
        return frame >= 0 ? frame : Configuration.Order > 0 ? AllocateOne() : AllocateMany();
    }

    /// <inheritdoc/>
    public override bool TakeFragment(int size, out int frame, out int offset)
    {
        var header = Header;
        frame = None;
        offset = 0;
        if (size > _pageBytes || !CanTouch(header->Existing, None))
        {
            return false;
        }

        int taken = (size + _alignmentMask) & ~_alignmentMask;
        frame = Current;
        if (frame >= 0 && header->CurrentOffset + taken <= _pageBytes)
        {
            // Fast path: what is left of the current page suffices.
            offset = header->CurrentOffset;
            header->CurrentOffset += taken;
            header->CurrentUsers++;
            header->Counters.Fast++;
            return true;
        }

        bool isDrained = frame >= 0 && Drain(frame);
        frame = isDrained ? frame : TakePage();
        if (frame < 0)
        {
            ForgetCurrent();
            return false;
        }

        // C.3.5: cut anew.
        header->CurrentUsers = isDrained && !TRules.CountsFragmentsAnew ? header->CurrentUsers + 1 : 1;
        header->CurrentPlusOne = frame + 1;
        header->CurrentOffset = taken;
        if (!isDrained || TRules.SetsCounterOfDrainedPage)
        {
            Pages[frame].Counter = _bias;
        }

        return true;
    }

    /// <inheritdoc/>
    public override bool TakeAny(ref int size, out int frame, out int offset)
    {
        if (2 * size > _pageBytes)
        {
            size = _pageBytes;
            offset = 0;
            frame = TakePage();
            return frame >= 0;
        }

        if (!TakeFragment(size, out frame, out offset))
        {
            return false;
        }

        // A rest that is too small for another such fragment belongs to this one, so that its truesize is honest.
        if (Header->CurrentOffset + size > _pageBytes)
        {
            size = _pageBytes - offset;
            Header->CurrentOffset = _pageBytes;
        }

        return true;
    }

    /// <summary>C.2.2-3: takes what the ring has into the cache, and one of that; -1 when the ring gave nothing.</summary>
    private int Refill()
    {
        var header = Header;
        if (IsRingEmpty)
        {
            header->Counters.Empty++;
            return None;
        }

        for (int place = 0; place < RingSlots && header->Cached < Configuration.Refill; place++)
        {
            int frame = Consume();
            if (frame < 0)
            {
                break;
            }

            if (Pages[frame].Node == header->Node)
            {
                Push(frame);
                continue;
            }

            Leave(frame);
            header->Counters.Waived++;
            if (TRules.StopsAtOtherNode)
            {
                break;
            }
        }

        if (header->Cached == 0)
        {
            return None;
        }

        header->Counters.Refilled++;
        return Pop();
    }

    /// <summary>C.2.4, slow path of order 0: many pages in one go, one of which is given and the others cached.</summary>
    private int AllocateMany()
    {
        // The allocator fills the empty cache from its start; pages that enter move down to where those left out were.
        int given = 0;
        for (int frame; given < Configuration.Refill && (frame = Allocate()) >= 0; given++)
        {
            Cache[given] = frame;
        }

        for (int place = 0; place < given; place++)
        {
            int frame = Cache[place];
            if (Enter(frame))
            {
                Push(frame);
            }
        }

        if (Header->Cached == 0)
        {
            return None;
        }

        Header->Counters.Slow++;
        return Pop();
    }

    /// <summary>C.2.4, slow path of a higher order: one compound page.</summary>
    private int AllocateOne()
    {
        int frame = Allocate();
        if (frame < 0 || !Enter(frame))
        {
            return None;
        }

        Header->Counters.SlowHighOrder++;
        return frame;
    }

    private int Allocate() => _memory.Allocate((byte)PoolFault.Page, maySleep: false);

    /// <summary>C.3.3: the current page is full and loses what is left of its bias. Whether it may be cut anew.</summary>
    private bool Drain(int frame)
    {
        var header = Header;
        if (DropReferences(frame, TRules.ReferencesToDrain(_bias, header->CurrentUsers)) != 0)
        {
            return !TRules.ForgetsFullPage;
        }

        if (!IsRecyclable(frame))
        {
            Leave(frame);
            return false;
        }

        if (TRules.SyncsDrainedPage)
        {
            SyncForDevice(frame, _syncBytes);
        }

        header->Counters.Cached++;
        header->Counters.Fast++;
        return true;
    }

    private void ForgetCurrent()
    {
        var header = Header;
        header->CurrentPlusOne = 0;
        header->CurrentOffset = 0;
        header->CurrentUsers = 0;
    }
}
