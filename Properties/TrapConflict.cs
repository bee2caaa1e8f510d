using RxVerify.Explorer;
using RxVerify.Implementation.Mana;
using RxVerify.Implementation.Memory;
using RxVerify.Implementation.Port;
using RxVerify.Model.Vocabulary;
using RxVerify.Model.Vocabulary.Port;
using RxVerify.Properties.Pictures;
using RxVerify.StateMachines.Port;

namespace RxVerify.Properties;

/// <summary>The two parties to a wrong access: the step that did it, and what stood against it.</summary>
internal static class TrapConflict
{
    private const string Step = "this step";

    /// <summary>The parties, and the bytes where the access names a page.</summary>
    public static Conflict Of(Trap trap)
    {
        var (first, second) = Parties(trap);
        return new Conflict(first, second, trap.Page == PageId.None ? null : new Place(trap.Page, trap.Offset, Math.Max(trap.Length, 1)));
    }

    /// <summary>What was caught and where, with the names of what has no place on a page.</summary>
    public static string Detail(Trap trap) => trap.Kind switch
    {
        TrapKind.ResourceNotHeld => $"{trap.What} ({(trap.Offset < (int)PortResource.Structure ? ((ManaResource)trap.Offset).ToString() : ((PortResource)trap.Offset).ToString())})",
        TrapKind.ProgramIsFreed => $"{trap.What} (program {trap.Offset})",
        TrapKind.IllegalTransition => $"{trap.What} ({Trigger(trap.Offset)})",
        _ => trap.ToString(),
    };

    private static string Trigger(int index) =>
        index >= PortDriver.StageTriggers ? ((TransitionTrigger)(index - PortDriver.StageTriggers)).ToString()
        : index >= PortDriver.ProgramTriggers ? ((XdpTrigger)(index - PortDriver.ProgramTriggers)).ToString()
        : ((PortEvent)index).ToString();

    private static (Party First, Party Second) Parties(Trap trap) => trap.Kind switch
    {
        TrapKind.UseAfterFree => (new(Step, "used the page"), Party.Of(Holder.Freed, "has had it back already: it was freed")),
        TrapKind.DoubleFree => (new(Step, "dropped a reference on the page"), Party.Of(Holder.Freed, "has had it back already: no reference was left to drop")),
        TrapKind.FreedWhileHeld => (new(Step, "dropped the last reference, which freed the page"), Party.Of(Holder.Reader, "still holds bytes of it")),
        TrapKind.FreedWhileMapped => (new(Step, "dropped the last reference, which freed the page"), Party.Of(Holder.Device, "can still reach it: its mapping was not removed")),
        TrapKind.WriteAfterFree => (new("somebody", "wrote to the page after it was freed"), Party.Of(Holder.Freed, "had it, and gave it out again in this step")),
        TrapKind.OutOfBounds => (new(Step, $"used index or byte {trap.Offset}"), new("the array or page", "ends before that")),
        TrapKind.DeviceFault => (Party.Of(Holder.Device, "used the address of these bytes"), new("the IOMMU", "has no mapping for it, or no longer")),
        TrapKind.DeviceWroteHeldBytes => (Party.Of(Holder.Device, $"wrote {Quantity.OfBytes(trap.Length)} here"), Party.Of(Holder.Reader, "holds these bytes")),
        TrapKind.DoubleUnmap => (new(Step, "removed the mapping of the page"), new("the IOMMU", "has no such mapping: it was removed before")),
        TrapKind.ReadBeforeSync => (new(Step, $"read {Quantity.OfBytes(trap.Length)} as the processor"), Party.Of(Holder.Device, "wrote them, and nobody synced them for the processor")),
        TrapKind.BusAddressUsedByProcessor => (Party.Of(Holder.Driver, "used the address as its own"), new("the IOMMU", "gave that address to the device alone")),
        TrapKind.SleptWhileAtomic => (Party.Of(Holder.Driver, "asked for memory in a way that may sleep"), new("the kernel", "runs it in a poll, where nothing may sleep")),
        TrapKind.SkbUseAfterFree => (new(Step, $"used skb {trap.Offset}"), new("the stack", "has had it back already: it was freed")),
        TrapKind.FragmentOverflow => (Party.Of(Holder.Driver, "added a fragment to the skb"), new("the skb", "has no room for one more")),
        TrapKind.PoolUseAfterFree => (new(Step, "used the pool that the page came from"), new("that pool", "is gone: it was freed")),
        TrapKind.CounterUnderflow => (new(Step, "took from the page's fragment counter"), new("the counter", "does not have so many references")),
        TrapKind.CacheOverflow => (new(Step, "put the page into the pool's cache"), new("the cache", "is full")),
        TrapKind.ResourceNotHeld => (Party.Of(Holder.Driver, "gave back or used a part of a queue or a port"), new("queue and port", "do not have that part")),
        TrapKind.ProgramIsFreed => (Party.Of(Holder.Driver, $"ran, took or put program {trap.Offset}"), new("the core", "freed it when its last reference was put")),
        TrapKind.IllegalTransition => (Party.Of(Holder.Driver, "did what its state does not permit"), new("the state machine", "refuses the event")),
        _ => throw new ArgumentOutOfRangeException(nameof(trap), trap, "not a wrong access"),
    };
}
