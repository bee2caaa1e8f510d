namespace RxVerify.Implementation.Dqo;

/// <content>Filling the buffer queue (A.5.1, A.5.2).</content>
public sealed unsafe partial class DqoQueue<TRules, TInBetween>
{
    /// <inheritdoc/>
    public override int Refill(int limit)
    {
        var header = Header;
        int full = (header->BufferTail - header->BufferHead) & _bufferMask;
        int available = TRules.UsableSlots(_bufferMask) - full;
        if (TRules.HeedsCompletionSlots)
        {
            available = Math.Min(available, header->FreeCompletionSlots);
        }

        available = Math.Min(available, limit);
        int posted = 0;
        while (posted < available)
        {
            int id = TakePostable();
            if (id == End)
            {
                break;
            }

            Write(id);
            posted++;
        }

        header->Counters.Posted += posted;
        WatchForStarvation();
        return posted;
    }

    /// <summary>A.5.2.2.1: a state whose chunk may be given to the device, or -1.</summary>
    private int TakePostable()
    {
        int id = TakeRecycled();
        if (id != End)
        {
            return id;
        }

        id = PopFree();
        if (id == End || AttachPage(StateAt(id)))
        {
            return id;
        }

        Header->Counters.BufferFailures++;
        PushFree(id);
        return End;
    }

    /// <summary>A.5.1: a state that has a page with a chunk nobody references, or -1.</summary>
    private int TakeRecycled()
    {
        int id = DequeueRecycled();
        if (id != End)
        {
            if (!TRules.KeepsLastSingle)
            {
                StateAt(id)->LastSingle = 0;
            }

            return id;
        }

        return Header->UsedHead == End ? End : TakeUsed();
    }

    /// <summary>A.5.1.3-4: looks at some entries of the used list; gives one up when no state is left to be paired with a fresh page.</summary>
    private int TakeUsed()
    {
        for (int probe = 0; probe < _configuration.UsedProbes; probe++)
        {
            int candidate = DequeueUsed();
            if (TRules.MayLeaveUsedList(Outstanding(StateAt(candidate))))
            {
                return candidate;
            }

            EnqueueUsed(candidate);
        }

        if (Header->FreeTop != End || _configuration.QueuePageList)
        {
            return End;
        }

        int last = DequeueUsed();
        var state = StateAt(last);
        if (TRules.MayLeaveUsedList(Outstanding(state)))
        {
            return last;
        }

        if (TRules.DiscardUnmaps)
        {
            _iommu.Unmap(state->Address);
        }

        if (TRules.DiscardFreesPage)
        {
            DetachPage(state);
        }

        PushFree(last);
        return End;
    }

    /// <summary>A.5.2.2.2-4: one descriptor; the doorbell at each full batch only.</summary>
    private void Write(int id)
    {
        var header = Header;
        var state = StateAt(id);
        var descriptor = PostRing + header->BufferTail;
        descriptor->BufferId = (ushort)id;
        descriptor->Address = state->Address + (ulong)(uint)state->Offset;
        int tail = (header->BufferTail + 1) & _bufferMask;
        header->BufferTail = tail;
        header->FreeCompletionSlots--;
        if ((tail & _batchMask) == 0)
        {
            _device.Doorbell(tail);
        }
    }

    /// <summary>D-6, b65352a1bac6: a device that sees less than a batch may never complete anything, so a timer has to poll.</summary>
    private void WatchForStarvation()
    {
        if (!TRules.RetriesWhenStarved)
        {
            return;
        }

        var header = Header;
        int rung = header->BufferTail & ~_batchMask;
        int visible = (rung - header->BufferHead) & _bufferMask;
        header->TimerArmed = visible <= _batchMask;
        if (header->TimerArmed)
        {
            header->Counters.CriticallyLow++;
        }
    }
}
