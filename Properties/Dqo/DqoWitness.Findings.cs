using RxVerify.Implementation.Dqo;
using RxVerify.Model.Vocabulary.Dqo;

namespace RxVerify.Properties.Dqo;

/// <content>
/// How a broken claim shows, in words. Apart from the checks, which run after every step: a method that builds text prepares
/// for it each time it is entered, whether or not it comes to that.
/// </content>
public sealed partial class DqoWitness
{
    private Finding? Broken(Claim claim, string detail) => _claims.Contains(claim) ? new Finding(claim, detail) : null;

    private Finding? Unwalkable()
    {
        CountPosted();
        return Broken(DqoClaims.Partition, "a list runs into a buffer state that is already on a list, or out of the array");
    }

    private Finding? Lost(int id)
    {
        CountPosted();
        return Broken(DqoClaims.Partition, $"buffer {id} is on no list and not posted");
    }

    /// <summary>When the lists cannot be walked to their ends and the search is after another claim, the last known places count.</summary>
    private void CountPosted() => _postedNow = _placeOf.AsSpan().Count(DqoPlace.Posted);

    private Finding? LentUnmapped(in PostDescriptor descriptor) =>
        Broken(DqoClaims.MappedWhilePosted, $"buffer {descriptor.BufferId} is posted at an address that is not mapped");

    private Finding? LentBeyondPage(in PostDescriptor descriptor, int offset) => Broken(DqoClaims.AccessesAreInside,
        $"buffer {descriptor.BufferId} is posted at byte {offset}, and its chunk of {_configuration.ChunkSize} bytes ends beyond the page of {_memory.PageSize}");

    private Finding? LentTwice(in PostDescriptor descriptor, int frame) => Broken(DqoClaims.OneChunkPerPage,
        $"buffer {descriptor.BufferId} is posted on {_memory.PageOf(frame)}, of which another chunk is posted");

    private Finding? LentWhileHeld(in PostDescriptor descriptor, int frame, int offset) => Broken(DqoClaims.PostedIsUnreferenced,
        $"buffer {descriptor.BufferId} is posted at {_memory.PageOf(frame)} byte {offset}, which a packet still references");

    private Finding? WroteElsewhere(int frame, int offset, int length) => Broken(DqoClaims.DeviceStaysInside,
        $"the device wrote {length} bytes to {_memory.PageOf(frame)} at byte {offset}, where the driver has posted nothing");

    private Finding? ConsumedTooMuch(long consumed) =>
        Broken(DqoClaims.ConsumedOnce, $"{consumed} completions were consumed, {_device.Written - _device.Late} were written");

    private Finding? TakenBackEarly(int id) =>
        Broken(DqoClaims.ConsumedOnce, $"the completion of buffer {id} waits, and the driver has taken the buffer back already");

    private Finding? LoansDiffer(int onLoan) =>
        Broken(DqoClaims.ConsumedOnce, $"the driver counts {_postedNow} buffers as posted, the device has or has just returned {onLoan}");

    private Finding? BufferRingOverrun(int full, int room) =>
        Broken(DqoClaims.SlotsSuffice, $"{_postedNow} buffers are posted; the buffer ring counts {full} and has room for {room}");

    private Finding? CompletionRingOverrun(int promised) => Broken(DqoClaims.SlotsSuffice,
        $"{_postedNow} buffers are posted; {promised} of {_configuration.CompletionSlots} completion slots are promised");

    private Finding? CountIsWrong(int id)
    {
        ref readonly var state = ref _queue.States[id];
        return Broken(DqoClaims.ReferencesBalance,
            $"buffer {id}: the count of {_memory.PageOf(state.Frame)} is {_memory.Count(state.Frame)}, the bias {state.Bias}, references outside {_memory.HeldOn(state.Frame)}");
    }

    private Finding? FreeWithPage(int id) =>
        Broken(DqoClaims.PagesBounded, $"buffer {id} is free and has {_memory.PageOf(_queue.States[id].Frame)}");

    private Finding? MappingsDiffer(int expected) =>
        Broken(DqoClaims.PagesBounded, $"{_memory.Mappings} mappings exist, {expected} pages belong to buffer states");

    private Finding? OtherCountIsWrong(int frame, int owned) => Broken(DqoClaims.ReferencesBalance,
        $"the count of {_memory.PageOf(frame)}, which no buffer has, is {_memory.Count(frame)}, and {owned} references are held");

    private Finding? NotNeutral(int id)
    {
        ref readonly var before = ref _image.StatesBefore[id];
        ref readonly var now = ref _queue.States[id];
        return Broken(DqoClaims.CopyAndErrorAreNeutral,
            $"buffer {id} handed nothing up, and went from offset {before.Offset}, last single {before.LastSingle}, bias {before.Bias} to {now.Offset}, {now.LastSingle}, {now.Bias}, {_placeOf[id]}");
    }

    private Finding? CopiedTooSoon(long copies, int needed) => Broken(DqoClaims.CopiesOnlyWhenShort,
        $"{copies} packets were copied; the used list had {_usedBefore} buffers, {needed} make copying necessary");

    private Finding? BudgetExceeded(DqoOperation operation, DqoOutcome outcome) => Broken(DqoClaims.BudgetIsKept,
        $"a poll with a budget of {operation.Count} handed up {outcome.Delivered} packets and saw {FailedNow()} completions fail");

    private Finding? LostSilently(long counted) => Broken(DqoClaims.NothingLostSilently,
        $"{_readers.Lost} packets were consumed and not handed up, {counted} failures were counted for them");
}
