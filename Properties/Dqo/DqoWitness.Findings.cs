using RxVerify.Explorer;
using RxVerify.Implementation.Dqo;
using RxVerify.Implementation.Memory;
using RxVerify.Model.Vocabulary.Dqo;
using RxVerify.Properties.Pictures;

namespace RxVerify.Properties.Dqo;

/// <content>
/// How a broken claim shows, in words. Apart from the checks, which run after every step: a method that builds text prepares
/// for it each time it is entered, whether or not it comes to that.
/// </content>
public sealed partial class DqoWitness
{
    private Finding? Broken(Claim claim, string detail, Party first, Party second, Place? place = null) =>
        _claims.Contains(claim) ? new Finding(claim, detail, new Conflict(first, second, place)) : null;

    /// <summary>A wrong access, which ends every run.</summary>
    private static Finding Caught(in Trap trap) => new(DqoClaims.BrokenBy(trap.Kind), trap.ToString(), TrapConflict.Of(trap));

    private Place Page(int frame) => new(_memory.PageOf(frame), 0, _memory.PageSize);

    private Place Chunk(int frame, int offset) => new(_memory.PageOf(frame), offset, _chunkSize);

    private Place? PageOf(int id) => _queue.States[id].HasPage ? Page(_queue.States[id].Frame) : null;

    private static Party Driver(string does) => Party.Of(Holder.Driver, does);

    private static Party Device(string does) => Party.Of(Holder.Device, does);

    private Finding? Unwalkable()
    {
        CountPosted();
        return Broken(
            DqoClaims.Partition, "a list runs into a buffer state that is already on a list, or out of the array",
            new Party("one list of the driver", "leads to a buffer state"), new Party("another list, or the end of the array", "has that place"));
    }

    private Finding? Lost(int id)
    {
        CountPosted();
        return Broken(
            DqoClaims.Partition, $"buffer {id} is on no list and not posted",
            new Party("the driver's lists", $"do not have buffer {id}"), Device("was not given it either"), PageOf(id));
    }

    /// <summary>When the lists cannot be walked to their ends and the search is after another claim, the last known places count.</summary>
    private void CountPosted() => _postedNow = _placeOf.AsSpan().Count(DqoPlace.Posted);

    private Finding? LentUnmapped(in PostDescriptor descriptor) => Broken(
        DqoClaims.MappedWhilePosted, $"buffer {descriptor.BufferId} is posted at an address that is not mapped",
        Device($"may write buffer {descriptor.BufferId} at any moment"), new Party("the IOMMU", "has no mapping for its address, or no longer"),
        Chunk(Iommu.FrameOf(descriptor.Address), Iommu.OffsetOf(descriptor.Address)));

    private Finding? LentBeyondPage(in PostDescriptor descriptor, int offset) => Broken(
        DqoClaims.AccessesAreInside,
        $"buffer {descriptor.BufferId} is posted at byte {offset}, and its chunk of {Quantity.OfBytes(_configuration.ChunkSize)} ends beyond the page of {_memory.PageSize}",
        Device($"may write buffer {descriptor.BufferId}, bytes {offset} to {offset + _chunkSize - 1}"), new Party("somebody else", $"owns what lies after byte {_memory.PageSize - 1}"),
        Chunk(Iommu.FrameOf(descriptor.Address), offset));

    private Finding? LentTwice(in PostDescriptor descriptor, int frame) => Broken(
        DqoClaims.OneChunkPerPage, $"buffer {descriptor.BufferId} is posted on {_memory.PageOf(frame)}, of which another chunk is posted",
        Device($"was given buffer {descriptor.BufferId} on this page"), Device("has another chunk of the same page already"), Page(frame));

    private Finding? LentWhileHeld(in PostDescriptor descriptor, int frame, int offset) => Broken(
        DqoClaims.PostedIsUnreferenced, $"buffer {descriptor.BufferId} is posted at {_memory.PageOf(frame)} byte {offset}, which a packet still references",
        Device($"may write these bytes at any moment: buffer {descriptor.BufferId} is posted there"), Party.Of(Holder.Reader, "still reads a packet in the same bytes"),
        Chunk(frame, offset));

    private Finding? WroteElsewhere(int frame, int offset, int length) => Broken(
        DqoClaims.DeviceStaysInside, $"the device wrote {Quantity.OfBytes(length)} to {_memory.PageOf(frame)} at byte {offset}, where the driver has posted nothing",
        Device($"wrote {Quantity.OfBytes(length)} here"), Driver("has posted nothing here"), new Place(_memory.PageOf(frame), offset, length));

    private Finding? ConsumedTooMuch(long consumed) => Broken(
        DqoClaims.ConsumedOnce, $"{Quantity.Of(consumed, "completion was", "completions were")} consumed, and the device wrote {_device.Written - _device.Late}",
        Driver($"took {Quantity.Of(consumed, "completion")} for new ones"), Device($"has written {_device.Written - _device.Late}"));

    private Finding? TakenBackEarly(int id) => Broken(
        DqoClaims.ConsumedOnce, $"the completion of buffer {id} waits, and the driver has taken the buffer back already",
        Driver($"has taken buffer {id} back: {_placeOf[id]}"), Party.Of(Holder.Arrived, $"that returns buffer {id} was not consumed yet"), PageOf(id));

    private Finding? LoansDiffer(int onLoan) => Broken(
        DqoClaims.ConsumedOnce, $"the driver counts {Quantity.Of(_postedNow, "buffer")} as posted, the device has or has just returned {onLoan}",
        Driver($"counts {Quantity.Of(_postedNow, "buffer")} as posted"), Device($"has or has just returned {onLoan}"));

    private Finding? BufferRingOverrun(int full, int room) => Broken(
        DqoClaims.SlotsSuffice, $"{Quantity.Of(_postedNow, "buffer is", "buffers are")} posted; the buffer ring counts {full} and has room for {room}",
        Driver($"has posted {Quantity.Of(_postedNow, "buffer")}"), new Party("the buffer ring", $"counts {full} and has room for {room}"));

    private Finding? CompletionRingOverrun(int promised) => Broken(
        DqoClaims.SlotsSuffice, $"{Quantity.Of(_postedNow, "buffer is", "buffers are")} posted; of {Quantity.Of(_configuration.CompletionSlots, "completion slot")} {Quantity.Of(promised, "is", "are")} promised",
        Driver($"has posted {Quantity.Of(_postedNow, "buffer")}"), new Party("the completion ring", $"has {Quantity.Of(_configuration.CompletionSlots, "slot")}, {promised} of them promised"));

    private Finding? CountIsWrong(int id)
    {
        ref readonly var state = ref _queue.States[id];
        return Broken(
            DqoClaims.ReferencesBalance,
            $"buffer {id}: the count of {_memory.PageOf(state.Frame)} is {_memory.Count(state.Frame)}, the bias {state.Bias}, references outside {_memory.HeldOn(state.Frame)}",
            new Party("the count of the page", $"says {Quantity.Of(_memory.Count(state.Frame), "reference")}"),
            new Party("driver and readers", $"have {state.Bias} (the bias) and {_memory.HeldOn(state.Frame)}"), Page(state.Frame));
    }

    private Finding? FreeWithPage(int id) => Broken(
        DqoClaims.PagesBounded, $"buffer {id} is free and has {_memory.PageOf(_queue.States[id].Frame)}",
        Driver($"has buffer {id} on its free stack, as one without a page"), new Party($"buffer {id}", "still has the page"), PageOf(id));

    private Finding? MappingsDiffer(int expected) => Broken(
        DqoClaims.PagesBounded, $"{Quantity.Of(_memory.Mappings, "mapping exists", "mappings exist")}, {Quantity.Of(expected, "page belongs", "pages belong")} to buffer states",
        new Party("the IOMMU", $"has {Quantity.Of(_memory.Mappings, "mapping")}"), Driver($"has {Quantity.Of(expected, "page")} in its buffer states"));

    private Finding? OtherCountIsWrong(int frame, int owned) => Broken(
        DqoClaims.ReferencesBalance, $"the count of {_memory.PageOf(frame)}, which no buffer has, is {_memory.Count(frame)}, and {Quantity.Of(owned, "reference is", "references are")} held",
        new Party("the count of the page", $"says {Quantity.Of(_memory.Count(frame), "reference")}"), new Party("all who hold it", $"have {owned}"), Page(frame));

    private Finding? NotNeutral(int id)
    {
        ref readonly var before = ref _image.StatesBefore[id];
        ref readonly var now = ref _queue.States[id];
        return Broken(
            DqoClaims.CopyAndErrorAreNeutral,
            $"buffer {id} handed nothing up, and went from offset {before.Offset}, last single {before.LastSingle}, bias {before.Bias} to {now.Offset}, {now.LastSingle}, {now.Bias}, {_placeOf[id]}",
            Driver($"moved buffer {id} on, as if a reader had got its bytes"), new Party("the stack", "got nothing of it"), PageOf(id));
    }

    private Finding? CopiedTooSoon(long copies, int needed) => Broken(
        DqoClaims.CopiesOnlyWhenShort, $"{Quantity.Of(copies, "packet was", "packets were")} copied; the used list had {Quantity.Of(_usedBefore, "buffer")}, {Quantity.Of(needed, "makes", "make")} copying necessary",
        Driver($"copied {Quantity.Of(copies, "packet")}, as if buffer states were short"), new Party("the used list", $"had {Quantity.Of(_usedBefore, "buffer")}; {Quantity.Of(needed, "makes", "make")} copying necessary"));

    private Finding? BudgetExceeded(DqoOperation operation, DqoOutcome outcome) => Broken(
        DqoClaims.BudgetIsKept, $"a poll with a budget of {operation.Count} handed up {Quantity.Of(outcome.Delivered, "packet")} and saw {Quantity.Of(FailedNow(), "completion")} fail",
        new Party("the kernel", $"gave the poll a budget of {operation.Count}"), Driver($"handed up {Quantity.Of(outcome.Delivered, "packet")} and saw {Quantity.Of(FailedNow(), "completion")} fail in it"));

    private Finding? LostSilently(long counted) => Broken(
        DqoClaims.NothingLostSilently, $"{Quantity.Of(_readers.Lost, "packet was", "packets were")} consumed and not handed up, {Quantity.Of(counted, "failure was", "failures were")} counted for that",
        Driver($"consumed {Quantity.Of(_readers.Lost, "packet")} without handing them up"), new Party("its statistics", $"count {Quantity.Of(counted, "failure")} for that"));

    private Finding? Pinned() => Broken(
        DqoClaims.StackCannotPin, $"the stack keeps {Quantity.Of(_world.Stack.HeldPackets, "packet")} and the device has no buffer left",
        new Party("the readers", $"keep {Quantity.Of(_world.Stack.HeldPackets, "packet")}"), Device("has no buffer left to fill"));

    private Finding? Stalled() => Broken(
        DqoClaims.Refills, $"the device has {Quantity.Of(_device.Visible, "buffer")} and nothing will wake the driver; a full doorbell batch is {_configuration.DoorbellBatch}",
        Device($"has {Quantity.Of(_device.Visible, "buffer")} left, so it will complete no more"), Driver("will not post again before something completes"));

    private Finding? Leaked() => Broken(
        DqoClaims.NothingLeft, $"{Quantity.Of(_memory.LivePages, "page")}, {Quantity.Of(_memory.Mappings, "mapping")} and {Quantity.Of(_world.Stack.LiveSkbs, "skb")} are left",
        new Party("driver and readers", "have let go of everything"), new Party("the kernel", $"still has {Quantity.Of(_memory.LivePages, "page")}, {Quantity.Of(_memory.Mappings, "mapping")} and {Quantity.Of(_world.Stack.LiveSkbs, "skb")} of theirs"));
}
