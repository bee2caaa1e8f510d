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
        $"buffer {descriptor.BufferId} is posted at byte {offset}, and its chunk of {_configuration.ChunkSize} bytes ends beyond the page of {_memory.PageSize}",
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
        DqoClaims.DeviceStaysInside, $"the device wrote {length} bytes to {_memory.PageOf(frame)} at byte {offset}, where the driver has posted nothing",
        Device($"wrote {length} bytes here"), Driver("has posted nothing here"), new Place(_memory.PageOf(frame), offset, length));

    private Finding? ConsumedTooMuch(long consumed) => Broken(
        DqoClaims.ConsumedOnce, $"{consumed} completions were consumed, {_device.Written - _device.Late} were written",
        Driver($"took {consumed} completions for new ones"), Device($"has written {_device.Written - _device.Late}"));

    private Finding? TakenBackEarly(int id) => Broken(
        DqoClaims.ConsumedOnce, $"the completion of buffer {id} waits, and the driver has taken the buffer back already",
        Driver($"has taken buffer {id} back: {_placeOf[id]}"), Party.Of(Holder.Arrived, $"that returns buffer {id} was not consumed yet"), PageOf(id));

    private Finding? LoansDiffer(int onLoan) => Broken(
        DqoClaims.ConsumedOnce, $"the driver counts {_postedNow} buffers as posted, the device has or has just returned {onLoan}",
        Driver($"counts {_postedNow} buffers as posted"), Device($"has or has just returned {onLoan}"));

    private Finding? BufferRingOverrun(int full, int room) => Broken(
        DqoClaims.SlotsSuffice, $"{_postedNow} buffers are posted; the buffer ring counts {full} and has room for {room}",
        Driver($"has posted {_postedNow} buffers"), new Party("the buffer ring", $"counts {full} and has room for {room}"));

    private Finding? CompletionRingOverrun(int promised) => Broken(
        DqoClaims.SlotsSuffice, $"{_postedNow} buffers are posted; {promised} of {_configuration.CompletionSlots} completion slots are promised",
        Driver($"has posted {_postedNow} buffers"), new Party("the completion ring", $"has {_configuration.CompletionSlots} slots, {promised} of them promised"));

    private Finding? CountIsWrong(int id)
    {
        ref readonly var state = ref _queue.States[id];
        return Broken(
            DqoClaims.ReferencesBalance,
            $"buffer {id}: the count of {_memory.PageOf(state.Frame)} is {_memory.Count(state.Frame)}, the bias {state.Bias}, references outside {_memory.HeldOn(state.Frame)}",
            new Party("the count of the page", $"says {_memory.Count(state.Frame)} references"),
            new Party("driver and readers", $"have {state.Bias} (the bias) and {_memory.HeldOn(state.Frame)}"), Page(state.Frame));
    }

    private Finding? FreeWithPage(int id) => Broken(
        DqoClaims.PagesBounded, $"buffer {id} is free and has {_memory.PageOf(_queue.States[id].Frame)}",
        Driver($"has buffer {id} on its free stack, as one without a page"), new Party($"buffer {id}", "still has the page"), PageOf(id));

    private Finding? MappingsDiffer(int expected) => Broken(
        DqoClaims.PagesBounded, $"{_memory.Mappings} mappings exist, {expected} pages belong to buffer states",
        new Party("the IOMMU", $"has {_memory.Mappings} mappings"), Driver($"has {expected} pages in its buffer states"));

    private Finding? OtherCountIsWrong(int frame, int owned) => Broken(
        DqoClaims.ReferencesBalance, $"the count of {_memory.PageOf(frame)}, which no buffer has, is {_memory.Count(frame)}, and {owned} references are held",
        new Party("the count of the page", $"says {_memory.Count(frame)} references"), new Party("all who hold it", $"have {owned}"), Page(frame));

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
        DqoClaims.CopiesOnlyWhenShort, $"{copies} packets were copied; the used list had {_usedBefore} buffers, {needed} make copying necessary",
        Driver($"copied {copies} packets, as if buffer states were short"), new Party("the used list", $"had {_usedBefore} buffers; {needed} make copying necessary"));

    private Finding? BudgetExceeded(DqoOperation operation, DqoOutcome outcome) => Broken(
        DqoClaims.BudgetIsKept, $"a poll with a budget of {operation.Count} handed up {outcome.Delivered} packets and saw {FailedNow()} completions fail",
        new Party("the kernel", $"gave the poll a budget of {operation.Count}"), Driver($"handed up {outcome.Delivered} packets and saw {FailedNow()} completions fail in it"));

    private Finding? LostSilently(long counted) => Broken(
        DqoClaims.NothingLostSilently, $"{_readers.Lost} packets were consumed and not handed up, {counted} failures were counted for them",
        Driver($"consumed {_readers.Lost} packets without handing them up"), new Party("its statistics", $"count {counted} failures for them"));

    private Finding? Pinned() => Broken(
        DqoClaims.StackCannotPin, $"the stack keeps {_world.Stack.HeldPackets} packets and the device has no buffer left",
        new Party("the readers", $"keep {_world.Stack.HeldPackets} packets"), Device("has no buffer left to fill"));

    private Finding? Stalled() => Broken(
        DqoClaims.Refills, $"the device has {_device.Visible} buffers and nothing will wake the driver; a full doorbell batch is {_configuration.DoorbellBatch}",
        Device($"has {_device.Visible} buffers left, so it will complete no more"), Driver("will not post again before something completes"));

    private Finding? Leaked() => Broken(
        DqoClaims.NothingLeft, $"{_memory.LivePages} pages, {_memory.Mappings} mappings and {_world.Stack.LiveSkbs} skbs are left",
        new Party("driver and readers", "have let go of everything"), new Party("the kernel", $"still has {_memory.LivePages} pages, {_memory.Mappings} mappings and {_world.Stack.LiveSkbs} skbs of theirs"));
}
