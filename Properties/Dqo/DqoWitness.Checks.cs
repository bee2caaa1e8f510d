using RxVerify.Implementation.Dqo;
using RxVerify.Implementation.Memory;
using RxVerify.Model.Vocabulary.Dqo;

namespace RxVerify.Properties.Dqo;

/// <content>The single claims.</content>
public sealed partial class DqoWitness
{
    private const int None = -1;

    /// <summary>I1: walks the three lists; what is on none must carry its own index.</summary>
    private Finding? WalkLists()
    {
        var queue = _world.Queue;
        if (!queue.IsUp)
        {
            _usedNow = 0;
            return null;
        }

        _stamp++;
        var states = queue.States;
        int free = Walk(states, queue.FreeTop, DqoPlace.Free);
        int recycled = free < 0 ? None : Walk(states, queue.RecycledHead, DqoPlace.Recycled);
        _usedNow = recycled < 0 ? None : Walk(states, queue.UsedHead, DqoPlace.Used);
        if (_usedNow < 0)
        {
            return Broken(DqoClaims.Partition, "a list runs into a buffer state that is already on a list, or out of the array");
        }

        for (int id = 0; id < states.Length; id++)
        {
            if (_seenAt[id] == _stamp)
            {
                continue;
            }

            _placeOf[id] = DqoPlace.Posted;
            if (states[id].Next != id)
            {
                return Broken(DqoClaims.Partition, $"buffer {id} is on no list and not posted");
            }
        }

        return null;
    }

    /// <summary>Counts a list and notes its members; -1 when one was seen before or does not exist.</summary>
    private int Walk(ReadOnlySpan<BufferState> states, int head, DqoPlace place)
    {
        int count = 0;
        for (int id = head; id != None; id = states[id].Next)
        {
            if ((uint)id >= (uint)states.Length || _seenAt[id] == _stamp)
            {
                return None;
            }

            _seenAt[id] = _stamp;
            _placeOf[id] = place;
            count++;
        }

        return count;
    }

    /// <summary>I2, I3, I7, I8: what the device has been given, against memory, stack and the driver's own idea.</summary>
    private Finding? CheckLoans()
    {
        var device = _world.Device;
        var queue = _world.Queue;
        int posted = 0;
        foreach (var place in _placeOf)
        {
            posted += place == DqoPlace.Posted ? 1 : 0;
        }

        for (int place = 0; place < device.Visible; place++)
        {
            if (CheckLoan(device.VisibleAt(place)) is { } broken)
            {
                return broken;
            }
        }

        int unrung = 0;
        int mask = _world.Configuration.BufferSlots - 1;
        for (int slot = device.Fetched; slot != queue.BufferTail; slot = (slot + 1) & mask, unrung++)
        {
            if (CheckLoan(PostDescriptorAt(slot)) is { } broken)
            {
                return broken;
            }
        }

        return CheckConsumption(posted, device.Visible + unrung + device.Swallowed);
    }

    private unsafe PostDescriptor PostDescriptorAt(int slot) => _world.Queue.PostRing[slot];

    private Finding? CheckLoan(PostDescriptor descriptor)
    {
        var memory = _world.Memory;
        int frame = Iommu.FrameOf(descriptor.Address);
        if (!_world.Iommu.IsMapped(descriptor.Address))
        {
            return Broken(DqoClaims.MappedWhilePosted, $"buffer {descriptor.BufferId} is posted at an address that is not mapped");
        }

        int offset = (int)(descriptor.Address & ushort.MaxValue);
        if (offset + _world.Configuration.ChunkSize > memory.PageSize)
        {
            return Broken(DqoClaims.AccessesAreInside,
                $"buffer {descriptor.BufferId} is posted at byte {offset}, and its chunk of {_world.Configuration.ChunkSize} bytes ends beyond the page of {memory.PageSize}");
        }

        if (_loanAt[frame] == _stamp)
        {
            var broken = Broken(DqoClaims.OneChunkPerPage, $"buffer {descriptor.BufferId} is posted on {memory.PageOf(frame)}, of which another chunk is posted");
            if (broken is not null)
            {
                return broken;
            }
        }

        _loanAt[frame] = _stamp;
        return memory.HeldOn(frame, offset) > 0
            ? Broken(DqoClaims.PostedIsUnreferenced,
                $"buffer {descriptor.BufferId} is posted at {memory.PageOf(frame)} byte {offset}, which a packet still references")
            : null;
    }

    /// <summary>I8: no completion is consumed before it was written, and both sides agree how many buffers are out.</summary>
    private Finding? CheckConsumption(int posted, int onLoan)
    {
        var device = _world.Device;
        if (_world.Consumed > device.Written - device.Late)
        {
            return Broken(DqoClaims.ConsumedOnce, $"{_world.Consumed} completions were consumed, {device.Written - device.Late} were written");
        }

        for (long sequence = _world.Consumed; sequence < device.Written; sequence++)
        {
            ref readonly var written = ref device.LogOf(sequence);
            if (!written.ReturnsBuffer)
            {
                continue;
            }

            onLoan++;
            if (_placeOf[written.BufferId] != DqoPlace.Posted)
            {
                return Broken(DqoClaims.ConsumedOnce, $"the completion of buffer {written.BufferId} waits, and the driver has taken the buffer back already");
            }
        }

        return posted != onLoan
            ? Broken(DqoClaims.ConsumedOnce, $"the driver counts {posted} buffers as posted, the device has or has just returned {onLoan}")
            : null;
    }

    /// <summary>I6.</summary>
    private Finding? CheckSlots()
    {
        var queue = _world.Queue;
        int mask = _world.Configuration.BufferSlots - 1;
        int posted = 0;
        foreach (var place in _placeOf)
        {
            posted += place == DqoPlace.Posted ? 1 : 0;
        }

        int full = (queue.BufferTail - queue.BufferHead) & mask;
        int promised = _world.Configuration.CompletionSlots - queue.FreeCompletionSlots;
        return posted > mask || posted != full
            ? Broken(DqoClaims.SlotsSuffice, $"{posted} buffers are posted; the buffer ring counts {full} and has room for {mask}")
            : queue.FreeCompletionSlots < 0 || posted != promised
                ? Broken(DqoClaims.SlotsSuffice, $"{posted} buffers are posted; {promised} of {_world.Configuration.CompletionSlots} completion slots are promised")
                : null;
    }

    /// <summary>I4 and I9 for pages that belong to a state.</summary>
    private Finding? CheckAttachedPages()
    {
        var memory = _world.Memory;
        var states = _world.Queue.States;
        int attached = 0;
        for (int id = 0; id < states.Length; id++)
        {
            ref readonly var state = ref states[id];
            if (!state.HasPage)
            {
                continue;
            }

            attached++;
            _attachedAt[state.Frame] = _stamp;
            int outside = memory.HeldOn(state.Frame);
            int count = memory.References(state.Frame);
            if (count != unchecked(state.Bias + outside) || state.Bias < 1 || state.Bias > _world.Configuration.BiasLimit)
            {
                return Broken(DqoClaims.ReferencesBalance, $"buffer {id}: the count of {memory.PageOf(state.Frame)} is {count}, the bias {state.Bias}, references outside {outside}");
            }

            if (_placeOf[id] == DqoPlace.Free && Broken(DqoClaims.PagesBounded, $"buffer {id} is free and has {memory.PageOf(state.Frame)}") is { } broken)
            {
                return broken;
            }
        }

        // A queue page list is mapped as a whole, whether or not a state uses the page yet.
        int expected = _world.Configuration.QueuePageList ? states.Length : attached;
        return memory.Mappings != expected
            ? Broken(DqoClaims.PagesBounded, $"{memory.Mappings} mappings exist, {expected} pages belong to buffer states")
            : null;
    }

    /// <summary>I4 for pages that no state has: readers own them, and a queue page list those that no state uses yet.</summary>
    private Finding? CheckOtherPages(bool isUp)
    {
        var memory = _world.Memory;
        int ofList = isUp && _world.Configuration.QueuePageList ? 1 : 0;
        for (int frame = 0; frame < memory.FramesUsed; frame++)
        {
            if (!memory.IsAllocated(frame) || (isUp && _attachedAt[frame] == _stamp))
            {
                continue;
            }

            int count = memory.References(frame);
            int owned = memory.HeldOn(frame) + (memory.IsMapped(frame) ? ofList : 0);
            if (count != owned)
            {
                return Broken(DqoClaims.ReferencesBalance, $"the count of {memory.PageOf(frame)}, which no buffer has, is {count}, and {owned} references are held");
            }
        }

        return null;
    }

    /// <summary>I5: a buffer whose completion was consumed without a reference given is unchanged, and recycled or posted again.</summary>
    private Finding? CheckNeutrality()
    {
        var states = _world.Queue.States;
        for (int id = 0; id < states.Length; id++)
        {
            ref readonly var before = ref _before[id];
            ref readonly var now = ref states[id];
            bool wasPosted = before.Next == id && before.HasPage;
            if (!wasPosted || _world.Memory.HoldsEver(before.Frame) != _holdsBefore[id])
            {
                continue;
            }

            bool isUnchanged = now.Offset == before.Offset && now.LastSingle == before.LastSingle && now.Bias == before.Bias;
            if (!isUnchanged || _placeOf[id] is DqoPlace.Used or DqoPlace.Free)
            {
                return Broken(DqoClaims.CopyAndErrorAreNeutral,
                    $"buffer {id} handed nothing up, and went from offset {before.Offset}, last single {before.LastSingle}, bias {before.Bias} to {now.Offset}, {now.LastSingle}, {now.Bias}, {_placeOf[id]}");
            }
        }

        return null;
    }

    /// <summary>A.9.3: the used list can have grown by each completion of the poll, not more.</summary>
    private Finding? CheckCopies()
    {
        ref readonly var counters = ref _world.Queue.Counters;
        long copies = counters.CopiedOnDemand - _countersBefore.CopiedOnDemand;
        long completed = counters.Completed - _countersBefore.Completed;
        int needed = _world.Configuration.BufferStates - _world.Configuration.CopyThreshold;
        return copies > 0 && _usedBefore + completed < needed
            ? Broken(DqoClaims.CopiesOnlyWhenShort, $"{copies} packets were copied; the used list had {_usedBefore} buffers, {needed} make copying necessary")
            : null;
    }

    private Finding? CheckBudget(DqoOperation operation, DqoOutcome outcome) =>
        _readers.DamagedConsumed + outcome.Delivered > operation.Count
            ? Broken(DqoClaims.BudgetIsKept,
                $"a poll with a budget of {operation.Count} handed up {outcome.Delivered} packets and consumed {_readers.DamagedConsumed} damaged completions")
            : null;

    private Finding? CheckLosses()
    {
        ref readonly var counters = ref _world.Queue.Counters;
        long counted = counters.SkbFailures + counters.DescriptorErrors;
        return _readers.Lost > counted
            ? Broken(DqoClaims.NothingLostSilently, $"{_readers.Lost} packets were received and not handed up, {counted} failures were counted")
            : null;
    }

    /// <summary>I10 after the stack let go; A.9.3 while it keeps everything.</summary>
    private Finding? CheckRefill(DqoOperation operation)
    {
        var configuration = _world.Configuration;
        int visible = _world.Device.Visible;

        // A device that keeps buffers for itself (A-D8), or never ends a packet, has broken the premise that it goes on completing.
        if (_world.Device.Swallowed > 0 || _world.Queue.PartialSkb >= 0)
        {
            return null;
        }

        if (operation.KeepsPackets)
        {
            return visible < 1
                ? Broken(DqoClaims.StackCannotPin, $"the stack keeps {_world.Stack.HeldPackets} packets and the device has no buffer left")
                : null;
        }

        // Up to one descriptor less than a batch can wait behind the doorbell.
        int expected = Math.Min(configuration.DoorbellBatch, configuration.PostedMax - configuration.DoorbellBatch + 1);
        return visible < expected
            ? Broken(DqoClaims.Refills, $"the device has {visible} buffers and nothing will wake the driver; a full doorbell batch is {configuration.DoorbellBatch}")
            : null;
    }

    private Finding? CheckLeaks()
    {
        var memory = _world.Memory;
        var stack = _world.Stack;
        return stack.HeldPackets == 0 && (memory.LivePages > 0 || memory.Mappings > 0 || stack.LiveSkbs > 0)
            ? Broken(DqoClaims.NothingLeft, $"{memory.LivePages} pages, {memory.Mappings} mappings and {stack.LiveSkbs} skbs are left")
            : null;
    }
}
