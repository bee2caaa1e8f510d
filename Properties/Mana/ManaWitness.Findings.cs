using RxVerify.Implementation.Mana;

namespace RxVerify.Properties.Mana;

/// <content>How a broken claim shows, in words. Apart from the checks, which run after every step.</content>
public sealed partial class ManaWitness
{
    private Finding? Broken(Claim claim, string detail) => _claims.Contains(claim) ? new Finding(claim, detail) : null;

    private Finding? NoRoom(int needed, int most) => Broken(ManaClaims.AccessesAreInside,
        $"headroom, packet and shared info take {needed} bytes, and a buffer has {most}");

    private Finding? LostSilently(long consumed, long told) => Broken(ManaClaims.NothingLostSilently,
        $"{consumed} completions were consumed, and {told} are accounted for");

    private Finding? NotRefilled() => Broken(ManaClaims.Refills,
        $"{_device.Visible} of {_world.Configuration.QueueSize} buffers are posted, nothing waits and nothing fails");

    private Finding? SomethingLeft() => Broken(ManaClaims.NothingLeft,
        $"the queue is down and nothing is held; {_memory.LivePages} pages, {_memory.Mappings} mappings and {_world.WaitingPools} waiting pools are left");

    private Finding? PostedUnmapped(int place) =>
        Broken(ManaClaims.MappedWhileNeeded, $"the buffer posted at place {place + 1} is not mapped for the device");

    private Finding? PostedWhileHeld(int frame, int offset) =>
        Broken(ManaClaims.OneOwner, $"{_memory.PageOf(frame)} byte {offset} is posted, and somebody still has it");

    private Finding? PostedTwice(int frame, int offset) =>
        Broken(ManaClaims.OneOwner, $"{_memory.PageOf(frame)} byte {offset} is posted twice");

    private Finding? PostedDirty(int frame, int offset) =>
        Broken(ManaClaims.PostedClean, $"{_memory.PageOf(frame)} byte {offset} is posted, and the processor wrote there without a sync for the device");

    private Finding? Unpaired(int slot, ulong address) => Broken(ManaClaims.SlotsArePaired,
        $"the driver takes slot {slot} for a buffer that the device has at {_memory.PageOf(Implementation.Memory.Iommu.FrameOf(address))} byte {Implementation.Memory.Iommu.OffsetOf(address)}");

    private Finding? DoorbellRefused() => Broken(ManaClaims.SlotsArePaired, $"{_device.WrongDoorbells} doorbells said what cannot be");

    private Finding? ResourceLeft(ManaResource resource) => Broken(ManaClaims.UndoneOnce, $"there is no queue, and its {resource} is still there");

    private Finding? PagesDoNotBalance(int held, int found) =>
        Broken(ManaClaims.Conservation, $"the pools count {held} pages, and {found} of theirs are in them or outside");

    private Finding? WaitsTwice(int frame) => Broken(ManaClaims.PoolsGetTheirOwn, $"{_memory.PageOf(frame)} waits in a pool twice");

    private Finding? WaitsWhileOutside(int frame) =>
        Broken(ManaClaims.OneOwner, $"{_memory.PageOf(frame)} waits in a pool while {_seen[frame].Outside} have it");

    private Finding? ForeignWaits(int frame) => Broken(ManaClaims.PoolsGetTheirOwn, $"{_memory.PageOf(frame)}, which is no pool's, waits in one");

    private Finding? Forgotten(int frame) => Broken(ManaClaims.NothingLeft, $"{_memory.PageOf(frame)} has {_memory.Count(frame)} references, and nobody has it");

    private Finding? GoneWhileHeld(int frame) => Broken(ManaClaims.PagesAreOwned, $"a page that {_seen[frame].Outside} have is gone");

    private Finding? CountIsWrong(int frame) => Broken(ManaClaims.PagesAreOwned, $"{_memory.PageOf(frame)} has {_memory.Count(frame)} references, and has one owner");

    private Finding? HeldMapped(int frame) => Broken(ManaClaims.MappedWhileNeeded, $"{_memory.PageOf(frame)} was handed over, and the driver's mapping of it is left");
}
