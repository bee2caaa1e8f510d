using RxVerify.Explorer;
using RxVerify.Implementation.Mana;
using RxVerify.Implementation.Memory;
using RxVerify.Properties.Pictures;

namespace RxVerify.Properties.Mana;

/// <content>How a broken claim shows, in words. Apart from the checks, which run after every step.</content>
public sealed partial class ManaWitness
{
    private Finding? Broken(Claim claim, string detail, Party first, Party second, Place? place = null) =>
        _claims.Contains(claim) ? new Finding(claim, detail, new Conflict(first, second, place)) : null;

    /// <summary>A wrong access, which ends every run.</summary>
    private static Finding Caught(in Trap trap) => new(BrokenBy(trap.Kind), TrapConflict.Detail(trap), TrapConflict.Of(trap));

    private Place Page(int frame) => new(_memory.PageOf(frame), 0, _memory.PageSize);

    /// <summary>The buffer, which is one granule, in which a byte lies.</summary>
    private Place Buffer(int frame, int offset) =>
        new(_memory.PageOf(frame), offset / _memory.GranuleSize * _memory.GranuleSize, _memory.GranuleSize);

    private static Party Driver(string does) => Party.Of(Holder.Driver, does);

    private static Party Device(string does) => Party.Of(Holder.Device, does);

    private static Party Pool(string does) => Party.Of(Holder.Pool, does);

    /// <summary>Who outside the pools has a page, or bytes of it: looked for only when somebody has.</summary>
    private Party Owner(int frame, string does)
    {
        for (int place = 0; place < _world.Stack.HeldPackets; place++)
        {
            if (_world.Stack.FragmentsOf(_world.Stack.HeldAt(place))[0].Frame == frame)
            {
                return Party.Of(Holder.Reader, does);
            }
        }

        foreach (ref readonly var sent in _world.Transmissions)
        {
            if (sent.Frame == frame)
            {
                return Party.Of(Holder.Transmitter, does);
            }
        }

        foreach (ref readonly var redirected in _world.Frames)
        {
            if (redirected.Frame == frame)
            {
                return Party.Of(Holder.Redirected, does);
            }
        }

        return frame == _queue.SavedFrame ? Driver(does) : new Party("a slot of the queue", does);
    }

    private Finding? NoRoom(int needed, int most) => Broken(
        ManaClaims.AccessesAreInside, $"headroom, packet and shared info take {Quantity.OfBytes(needed)}, and a buffer has {most}",
        new Party("headroom, packet and shared info", $"take {Quantity.OfBytes(needed)}"), Driver($"made buffers of {most}"));

    private Finding? LostSilently(long consumed, long told) => Broken(
        ManaClaims.NothingLostSilently, $"{Quantity.Of(consumed, "completion was", "completions were")} consumed, and {Quantity.Of(told, "is", "are")} accounted for",
        Driver($"consumed {Quantity.Of(consumed, "completion")}"), new Party("its statistics", $"account for {told}"));

    private Finding? NotRefilled() => Broken(
        ManaClaims.Refills, $"of {Quantity.Of(_world.Configuration.QueueSize, "buffer")} {Quantity.Of(_device.Visible, "is", "are")} posted, nothing waits and nothing fails",
        Device($"has {_device.Visible} of {Quantity.Of(_world.Configuration.QueueSize, "buffer")}"), Driver("has nothing to wait for, and does not post the rest"));

    private Finding? SomethingLeft() => Broken(
        ManaClaims.NothingLeft,
        $"the queue is down and nothing is held; {Quantity.Of(_memory.LivePages, "page")}, {Quantity.Of(_memory.Mappings, "mapping")} and {Quantity.Of(_world.WaitingPools, "waiting pool")} are left",
        new Party("driver and readers", "have let go of everything"),
        new Party("the kernel", $"still has {Quantity.Of(_memory.LivePages, "page")}, {Quantity.Of(_memory.Mappings, "mapping")} and {Quantity.Of(_world.WaitingPools, "waiting pool")} of theirs"));

    private Finding? PostedUnmapped(int place)
    {
        ulong address = _device.VisibleAt(place).Address;
        return Broken(
            ManaClaims.MappedWhileNeeded, $"the buffer posted at place {place + 1} is not mapped for the device",
            Device("may write this buffer at any moment"), new Party("the IOMMU", "has no mapping for its address, or no longer"), Buffer(Iommu.FrameOf(address), Iommu.OffsetOf(address)));
    }

    private Finding? PostedWhileHeld(int frame, int offset) => Broken(
        ManaClaims.OneOwner, $"{_memory.PageOf(frame)} byte {offset} is posted, and somebody still has it",
        Device("may write these bytes at any moment: they are posted"), Owner(frame, "still has the same bytes"), Buffer(frame, offset));

    private Finding? PostedTwice(int frame, int offset) => Broken(
        ManaClaims.OneOwner, $"{_memory.PageOf(frame)} byte {offset} is posted twice",
        Device("was given these bytes as one buffer"), Device("was given them as another one too"), Buffer(frame, offset));

    private Finding? PostedDirty(int frame, int offset) => Broken(
        ManaClaims.PostedClean, $"{_memory.PageOf(frame)} byte {offset} is posted, and the processor wrote there without a sync for the device",
        Device("may write these bytes at any moment: they are posted"), new Party("the processor", "wrote there, and nobody synced that for the device"), Buffer(frame, offset));

    private Finding? Unpaired(int slot, ulong address) => Broken(
        ManaClaims.SlotsArePaired, $"the driver takes slot {slot} for a buffer that the device has at {_memory.PageOf(Iommu.FrameOf(address))} byte {Iommu.OffsetOf(address)}",
        Driver($"expects the next buffer to be that of slot {slot}: {(_queue.SlotAt(slot).HasBuffer ? $"{_memory.PageOf(_queue.SlotAt(slot).Frame)} byte {_queue.SlotAt(slot).Offset}" : "none")}"),
        Device("fills this buffer next, in the order in which it was given them"), Buffer(Iommu.FrameOf(address), Iommu.OffsetOf(address)));

    private Finding? DoorbellRefused() => Broken(
        ManaClaims.SlotsArePaired, $"{Quantity.Of(_device.WrongDoorbells, "doorbell")} said what cannot be",
        Driver($"rang {Quantity.Of(_device.WrongDoorbells, "doorbell")} with a number that cannot be"), Device("knows how many buffers there are room for"));

    private Finding? ResourceLeft(ManaResource resource) => Broken(
        ManaClaims.UndoneOnce, $"there is no queue, and its {resource} is still there",
        Driver("undid the queue"), new Party($"its {resource}", "is still there"));

    private Finding? PagesDoNotBalance(int held, int found) => Broken(
        ManaClaims.Conservation, $"the pools count {Quantity.Of(held, "page")}, and {Quantity.Of(found, "of theirs is", "of theirs are")} in them or outside",
        Pool($"counts, with other pools, {Quantity.Of(held, "page")} held and not released"), new Party("their pages", $"inside and outside are {found}"));

    private Finding? WaitsTwice(int frame) => Broken(
        ManaClaims.PoolsGetTheirOwn, $"{_memory.PageOf(frame)} waits in a pool twice",
        Pool("keeps the page, to give it out next"), Pool("keeps it in a second place too"), Page(frame));

    private Finding? WaitsWhileOutside(int frame) => Broken(
        ManaClaims.OneOwner, $"{_memory.PageOf(frame)} waits in a pool while {Quantity.Of(_seen[frame].Outside, "has", "have")} it",
        Pool("keeps the page, to give it out next"), Owner(frame, "still has the page"), Page(frame));

    private Finding? ForeignWaits(int frame) => Broken(
        ManaClaims.PoolsGetTheirOwn, $"{_memory.PageOf(frame)}, which is no pool's, waits in one",
        Pool("keeps the page, to give it out next"), new Party("somebody else", "owns it: it never came from a pool"), Page(frame));

    private Finding? Forgotten(int frame) => Broken(
        ManaClaims.NothingLeft, $"{_memory.PageOf(frame)} has {Quantity.Of(_memory.Count(frame), "reference")}, and nobody has it",
        new Party("the count of the page", $"says {Quantity.Of(_memory.Count(frame), "reference")}"), Party.Of(Holder.Nobody, "has it any more"), Page(frame));

    private Finding? GoneWhileHeld(int frame) => Broken(
        ManaClaims.PagesAreOwned, $"a page that {Quantity.Of(_seen[frame].Outside, "has", "have")} is gone",
        Party.Of(Holder.Freed, "has the page back: it was freed"), Owner(frame, "still has it"), Page(frame));

    private Finding? CountIsWrong(int frame) => Broken(
        ManaClaims.PagesAreOwned, $"{_memory.PageOf(frame)} has {Quantity.Of(_memory.Count(frame), "reference")}, and has one owner",
        new Party("the count of the page", $"says {Quantity.Of(_memory.Count(frame), "reference")}"), new Party("its owners", "are one"), Page(frame));

    private Finding? HeldMapped(int frame) => Broken(
        ManaClaims.MappedWhileNeeded, $"{_memory.PageOf(frame)} was handed over, and the driver's mapping of it is left",
        Party.Of(Holder.Reader, "was handed the page"), new Party("the device (NIC)", "can still write it: the driver's mapping is left"), Page(frame));
}
