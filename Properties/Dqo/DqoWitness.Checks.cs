using System.Numerics;
using RxVerify.Implementation.Dqo;
using RxVerify.Implementation.Memory;
using RxVerify.Model.Vocabulary.Dqo;

namespace RxVerify.Properties.Dqo;

/// <content>The single claims.</content>
public sealed partial class DqoWitness
{
    private const int None = -1;
    private const int FrameMarks = 64;
    private const ulong EveryFrame = ulong.MaxValue;


    /// <summary>I1: walks the three lists; what is on none must carry its own index.</summary>
    private Finding? WalkLists()
    {
        _usedNow = 0;
        _postedNow = 0;
        if (!_queue.IsUp)
        {
            return null;
        }

        _walkStamp++;
        var states = _queue.States;
        int free = Walk(states, _queue.FreeTop, DqoPlace.Free);
        int recycled = free < 0 ? None : Walk(states, _queue.RecycledHead, DqoPlace.Recycled);
        _usedNow = recycled < 0 ? None : Walk(states, _queue.UsedHead, DqoPlace.Used);
        if (_usedNow < 0)
        {
            return Unwalkable();
        }

        var seenAt = _seenAt;
        var placeOf = _placeOf;
        for (int id = 0; id < seenAt.Length; id++)
        {
            if (seenAt[id] == _walkStamp)
            {
                continue;
            }

            placeOf[id] = DqoPlace.Posted;
            _postedNow++;
            if (states[id].Next != id)
            {
                return Lost(id);
            }
        }

        return null;
    }

    /// <summary>Counts a list and notes its members; -1 when one was seen before or does not exist.</summary>
    private int Walk(ReadOnlySpan<BufferState> states, int head, DqoPlace place)
    {
        var seenAt = _seenAt;
        var placeOf = _placeOf;
        int stamp = _walkStamp;
        int count = 0;
        for (int id = head; id != None; id = states[id].Next)
        {
            if ((uint)id >= (uint)seenAt.Length || seenAt[id] == stamp)
            {
                return None;
            }

            seenAt[id] = stamp;
            placeOf[id] = place;
            count++;
        }

        return count;
    }

    /// <summary>I2, I3, I7: what the device has been given, against memory and stack, as far as it lies on these frames.</summary>
    private Finding? CheckLoans(ulong frames)
    {
        var device = _device;
        int visible = device.Visible;
        int mask = _configuration.BufferSlots - 1;
        int fetched = device.Fetched;
        int unrung = (_queue.BufferTail - fetched) & mask;
        _lentNow = visible + unrung;
        _loanStamp++;
        for (int place = 0; frames != 0 && place < visible; place++)
        {
            if (CheckLoan(in device.VisibleAt(place), frames) is { } broken)
            {
                return broken;
            }
        }

        for (int place = 0; frames != 0 && place < unrung; place++)
        {
            if (CheckLoan(in PostDescriptorAt((fetched + place) & mask), frames) is { } broken)
            {
                return broken;
            }
        }

        return null;
    }

    private unsafe ref readonly PostDescriptor PostDescriptorAt(int slot) => ref _queue.PostRing[slot];

    private Finding? CheckLoan(in PostDescriptor descriptor, ulong frames)
    {
        ulong address = descriptor.Address;
        int frame = Iommu.FrameOf(address);
        if (!IsAmong(frame, frames))
        {
            return null;
        }

        if (!_iommu.IsMapped(address))
        {
            return LentUnmapped(descriptor);
        }

        int offset = (int)(address & ushort.MaxValue);
        if (offset + _chunkSize > _memory.PageSize)
        {
            return LentBeyondPage(descriptor, offset);
        }

        if (_loanAt[frame] == _loanStamp && LentTwice(descriptor, frame) is { } broken)
        {
            return broken;
        }

        _loanAt[frame] = _loanStamp;
        return _memory.HeldOn(frame, offset) > 0 ? LentWhileHeld(descriptor, frame, offset) : null;
    }

    /// <summary>I8: no completion is consumed before it was written, and both sides agree how many buffers are out.</summary>
    private Finding? CheckConsumption()
    {
        if ((_image.StreamChanged || _image.ListsChanged || _mustDecideAll) && CheckStream() is { } broken)
        {
            return broken;
        }

        int onLoan = _lentNow + _returnedNow + _device.Swallowed;
        return _postedNow != onLoan ? LoansDiffer(onLoan) : null;
    }

    /// <summary>I8 for the completions that the driver has not consumed.</summary>
    private Finding? CheckStream()
    {
        long consumed = _world.Consumed;
        long written = _device.Written;
        _returnedNow = 0;
        if (consumed > written - _device.Late)
        {
            return ConsumedTooMuch(consumed);
        }

        for (long sequence = consumed; sequence < written; sequence++)
        {
            ref readonly var completion = ref _device.LogOf(sequence);
            if (!completion.ReturnsBuffer)
            {
                continue;
            }

            _returnedNow++;
            if (_placeOf[completion.BufferId] != DqoPlace.Posted)
            {
                return TakenBackEarly(completion.BufferId);
            }
        }

        return null;
    }

    /// <summary>I6.</summary>
    private Finding? CheckSlots()
    {
        int mask = _configuration.BufferSlots - 1;
        int full = (_queue.BufferTail - _queue.BufferHead) & mask;
        int promised = _configuration.CompletionSlots - _queue.FreeCompletionSlots;
        return _postedNow > mask || _postedNow != full
            ? BufferRingOverrun(full, mask)
            : _queue.FreeCompletionSlots < 0 || _postedNow != promised
                ? CompletionRingOverrun(promised)
                : null;
    }

    /// <summary>I4 and I9 for pages that belong to a state.</summary>
    private Finding? CheckAttachedPages()
    {
        var memory = _memory;
        ulong frames = _pagesInDoubt;
        if (frames == 0)
        {
            return null;
        }

        var states = _queue.States;
        var attachedAt = _attachedAt;
        bool decidesAll = frames == EveryFrame;
        int stamp = decidesAll ? ++_attachStamp : _attachStamp;
        int pagesBefore = _pagesNow;
        int limit = _configuration.BiasLimit;
        int attached = 0;
        int pages = 0;
        _pagesNow = None;
        ulong attachedFrames = 0;
        for (int id = 0; id < states.Length; id++)
        {
            ref readonly var state = ref states[id];
            if (!state.HasPage)
            {
                continue;
            }

            attached++;
            int frame = state.Frame;
            attachedFrames |= 1ul << frame;
            if (!IsAmong(frame, frames))
            {
                continue;
            }

            int count = memory.Count(frame);
            int outside = memory.HeldOn(frame);
            if (attachedAt[frame] != stamp)
            {
                attachedAt[frame] = stamp;
                pages += memory.IsAllocated(frame) ? 1 : 0;
            }

            if (count != unchecked(state.Bias + outside) || state.Bias < 1 || state.Bias > limit)
            {
                return CountIsWrong(id);
            }

            if (_placeOf[id] == DqoPlace.Free && FreeWithPage(id) is { } broken)
            {
                return broken;
            }
        }

        _pagesNow = decidesAll ? pages : pagesBefore;
        _attachedFrames = attachedFrames;

        // A queue page list is mapped as a whole, whether or not a state uses the page yet.
        int expected = _configuration.QueuePageList ? states.Length : attached;
        return memory.Mappings != expected ? MappingsDiffer(expected) : null;
    }

    /// <summary>I4 for pages that no state has: readers own them, and a queue page list those that no state uses yet.</summary>
    private Finding? CheckOtherPages(bool isUp)
    {
        var memory = _memory;
        ulong frames = isUp ? _othersInDoubt : EveryFrame;
        if (frames == 0 || (isUp && memory.LivePages == _pagesNow))
        {
            return null;
        }

        int ofList = isUp && _configuration.QueuePageList ? 1 : 0;
        int used = memory.FramesUsed;
        for (ulong left = frames; left != 0; left &= left - 1)
        {
            for (int frame = BitOperations.TrailingZeroCount(left); frame < used; frame += FrameMarks)
            {
                if (!memory.IsAllocated(frame) || (isUp && _attachedAt[frame] == _attachStamp))
                {
                    continue;
                }

                int owned = memory.HeldOn(frame) + (memory.IsMapped(frame) ? ofList : 0);
                if (memory.Count(frame) != owned)
                {
                    return OtherCountIsWrong(frame, owned);
                }
            }
        }

        return null;
    }

    private static bool IsAmong(int frame, ulong frames) => ((frames >> frame) & 1) != 0;

    /// <summary>I5: a buffer whose completion was consumed without a reference given is unchanged, and recycled or posted again.</summary>
    private Finding? CheckNeutrality()
    {
        var states = _queue.States;
        var befores = _image.StatesBefore;
        int holdsBefore = _image.HoldsBefore;
        for (int id = 0; id < befores.Length; id++)
        {
            ref readonly var before = ref befores[id];
            ref readonly var now = ref states[id];
            bool wasPosted = before.Next == id && before.HasPage;
            if (!wasPosted || _memory.LastHold(before.Frame) > holdsBefore)
            {
                continue;
            }

            bool isUnchanged = now.Offset == before.Offset && now.LastSingle == before.LastSingle && now.Bias == before.Bias;
            if (!isUnchanged || _placeOf[id] is DqoPlace.Used or DqoPlace.Free)
            {
                return NotNeutral(id);
            }
        }

        return null;
    }

    /// <summary>A.9.3: the used list can have grown by each completion of the poll, not more.</summary>
    private Finding? CheckCopies()
    {
        ref readonly var counters = ref _queue.Counters;
        long copies = counters.CopiedOnDemand - _countersBefore.CopiedOnDemand;
        long completed = counters.Completed - _countersBefore.Completed;
        int needed = _configuration.BufferStates - _configuration.CopyThreshold;
        return copies > 0 && _usedBefore + completed < needed ? CopiedTooSoon(copies, needed) : null;
    }

    private Finding? CheckBudget(DqoOperation operation, DqoOutcome outcome) =>
        FailedNow() + outcome.Delivered > operation.Count ? BudgetExceeded(operation, outcome) : null;

    /// <summary>What failed in this step: as the device knows, or, where memory was missing, as the driver counted.</summary>
    private long FailedNow() => Math.Max(_readers.DamagedConsumed, CountedNow());

    /// <summary>Failures that the driver counted in this step.</summary>
    private long CountedNow()
    {
        ref readonly var counters = ref _queue.Counters;
        return counters.SkbFailures + counters.DescriptorErrors - _countersBefore.SkbFailures - _countersBefore.DescriptorErrors;
    }

    /// <summary>
    /// A packet lost in this step needs a failure counted in this step, so that a surplus of earlier ones cannot stand for it. One
    /// that failed before its last completion was consumed brings its failure along: nothing of it is under assembly any more.
    /// </summary>
    private Finding? CheckLosses()
    {
        long counted = _failureCarried + CountedNow();
        int lost = _readers.Lost;
        bool hasFailed = _readers.IsInPacket && _queue.PartialSkb < 0;
        _failureCarried = hasFailed && counted > lost ? 1 : 0;
        return lost > counted ? LostSilently(counted) : null;
    }

    /// <summary>I10 after the stack let go; A.9.3 while it keeps everything.</summary>
    private Finding? CheckRefill(DqoOperation operation)
    {
        // A device that keeps buffers for itself (A-D8), or never ends a packet, has broken the premise that it goes on completing.
        if (_device.Swallowed > 0 || _queue.PartialSkb >= 0)
        {
            return null;
        }

        if (operation.KeepsPackets)
        {
            return _device.Visible < 1
                ? Pinned()
                : null;
        }

        // Up to one descriptor less than a batch can wait behind the doorbell.
        int expected = Math.Min(_configuration.DoorbellBatch, _configuration.PostedMax - _configuration.DoorbellBatch + 1);
        return _device.Visible < expected
            ? Stalled()
            : null;
    }

    private Finding? CheckLeaks()
    {
        var stack = _world.Stack;
        return stack.HeldPackets == 0 && (_memory.LivePages > 0 || _memory.Mappings > 0 || stack.LiveSkbs > 0)
            ? Leaked()
            : null;
    }
}
