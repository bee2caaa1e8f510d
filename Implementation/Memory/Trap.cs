using RxVerify.Model.Vocabulary;

namespace RxVerify.Implementation.Memory;

/// <summary>An access that real hardware or a kernel debugger would have caught, named at the access.</summary>
public enum TrapKind
{
    None,

    /// <summary>A reference was taken on, or bytes were touched of, a page that nobody owns any more.</summary>
    UseAfterFree,

    /// <summary>A reference was dropped that nobody had.</summary>
    DoubleFree,

    /// <summary>A page was freed although a reader still holds bytes on it.</summary>
    FreedWhileHeld,

    /// <summary>A page was freed although the device can still reach it.</summary>
    FreedWhileMapped,

    /// <summary>The poison of a freed page was overwritten.</summary>
    WriteAfterFree,

    /// <summary>An index or an offset outside its array or page.</summary>
    OutOfBounds,

    /// <summary>The device used an address that is not mapped, or no longer.</summary>
    DeviceFault,

    /// <summary>The device wrote to bytes that a reader holds.</summary>
    DeviceWroteHeldBytes,

    /// <summary>A mapping was removed twice.</summary>
    DoubleUnmap,

    /// <summary>The processor read bytes the device wrote before they were synced for it.</summary>
    ReadBeforeSync,

    /// <summary>The processor used a bus address as if it were its own.</summary>
    BusAddressUsedByProcessor,

    /// <summary>An allocation that may sleep was asked for where sleeping is not allowed.</summary>
    SleptWhileAtomic,

    /// <summary>An skb was used after it was freed.</summary>
    SkbUseAfterFree,

    /// <summary>More fragments were put into an skb than it has room for.</summary>
    FragmentOverflow,

    /// <summary>A page pool was used after it was freed.</summary>
    PoolUseAfterFree,

    /// <summary>The fragment counter of a pool page went below zero.</summary>
    CounterUnderflow,

    /// <summary>A page was put beyond the end of the pool's cache.</summary>
    CacheOverflow,

    /// <summary>Something of a queue's or a port's own was given back, or used, that it does not have.</summary>
    ResourceNotHeld,

    /// <summary>An XDP program was run, referred to or put after its last reference was put.</summary>
    ProgramIsFreed,

    /// <summary>A state machine was told of an event that is not legal in its state.</summary>
    IllegalTransition,
}

/// <summary>The first wrong access of a run: what, and where.</summary>
/// <param name="Kind">What was caught.</param>
/// <param name="Page">The page concerned, or none.</param>
/// <param name="Offset">Byte offset on the page, or the index concerned.</param>
/// <param name="Length">Bytes of the access, or 0.</param>
public readonly record struct Trap(TrapKind Kind, PageId Page, int Offset, int Length)
{
    /// <summary>What was caught, in words.</summary>
    public string What => Words(Kind);

    /// <inheritdoc/>
    public override string ToString()
    {
        string where = Page == PageId.None ? $"index {Offset}" : $"{Page} at byte {Offset}" + (Length > 0 ? $", {Length} {(Length == 1 ? "byte" : "bytes")}" : "");
        return $"{What} ({where})";
    }

    private static string Words(TrapKind kind) => kind switch
    {
        TrapKind.UseAfterFree => "a page was used after it was freed",
        TrapKind.DoubleFree => "a reference was dropped that nobody had",
        TrapKind.FreedWhileHeld => "a page was freed while a reader held bytes on it",
        TrapKind.FreedWhileMapped => "a page was freed while the device could still reach it",
        TrapKind.WriteAfterFree => "a freed page was written to",
        TrapKind.OutOfBounds => "an access went outside its array or page",
        TrapKind.DeviceFault => "the device used an address that is not mapped",
        TrapKind.DeviceWroteHeldBytes => "the device wrote to bytes that a reader holds",
        TrapKind.DoubleUnmap => "a mapping was removed twice",
        TrapKind.ReadBeforeSync => "bytes were read before they were synced for the processor",
        TrapKind.BusAddressUsedByProcessor => "the processor used a bus address as its own",
        TrapKind.SleptWhileAtomic => "an allocation could sleep where sleeping is not allowed",
        TrapKind.SkbUseAfterFree => "an skb was used after it was freed",
        TrapKind.FragmentOverflow => "more fragments than an skb has room for",
        TrapKind.PoolUseAfterFree => "a page pool was used after it was freed",
        TrapKind.CounterUnderflow => "a page's fragment counter went below zero",
        TrapKind.CacheOverflow => "a page was put beyond the end of the pool's cache",
        TrapKind.ResourceNotHeld => "something was given back, or used, that is not there",
        TrapKind.ProgramIsFreed => "a program was used after it was freed",
        TrapKind.IllegalTransition => "a state machine was told of an event that is not legal in its state",
        _ => "nothing was caught",
    };
}
