using RxVerify.Implementation.Memory;

namespace RxVerify.Properties.Dqo;

/// <summary>What must hold of a DQO queue after every step. I1 to I11 are the invariants of facts A.7.</summary>
public static class DqoClaims
{
    /// <summary>A.7 I1.</summary>
    public static readonly Claim Partition = new("I1", 0,
        "Every buffer state is in exactly one place: free, recycled, used or posted.",
        "a state in two places is given to the device twice, and one in none is lost");

    /// <summary>A.7 I2.</summary>
    public static readonly Claim OneChunkPerPage = new("I2", 1,
        "At most one chunk of a page is on loan to the device.",
        "completions in any order could then hand up a chunk that the last-single rule takes for free");

    /// <summary>A.7 I3.</summary>
    public static readonly Claim PostedIsUnreferenced = new("I3", 2,
        "No packet references a chunk that is posted.",
        "the device overwrites a packet that somebody is still reading");

    /// <summary>A.7 I4.</summary>
    public static readonly Claim ReferencesBalance = new("I4", 3,
        "A page's count is the driver's bias plus the references outside, and the bias is between 1 and its limit.",
        "the page is freed while it is in use, or never");

    /// <summary>A.7 I5.</summary>
    public static readonly Claim CopyAndErrorAreNeutral = new("I5", 4,
        "A completion that hands nothing up leaves offset, bias and last single of its buffer alone and recycles it.",
        "the buffer moves to a chunk about which nothing is known");

    /// <summary>A.7 I6.</summary>
    public static readonly Claim SlotsSuffice = new("I6", 5,
        "Posted buffers fit the buffer ring with one slot empty, and each has a completion slot.",
        "the device overruns the completion ring, or full and empty look the same");

    /// <summary>A.7 I7.</summary>
    public static readonly Claim MappedWhilePosted = new("I7", 6,
        "The page of a posted buffer is mapped for the device.",
        "the device writes to memory that belongs to somebody else by now");

    /// <summary>A.7 I8.</summary>
    public static readonly Claim ConsumedOnce = new("I8", 7,
        "Each completion is consumed once, as the device wrote it: driver and device agree which buffers are posted.",
        "stale completions hand up memory that the device still owns");

    /// <summary>A.7 I9.</summary>
    public static readonly Claim PagesBounded = new("I9", 8,
        "Each mapped page belongs to one buffer state, and a free state has none.",
        "the driver pins more memory than it may, for ever");

    /// <summary>A.7 I10.</summary>
    public static readonly Claim Refills = new("I10", 9,
        "Once failures stop and the stack has let go, the device gets a doorbell batch again, or what the rings can show of one, without outside help.",
        "the queue stalls: nothing completes, so nothing is ever posted again");

    /// <summary>A.7 I11.</summary>
    public static readonly Claim PacketsAreWhole = new("I11", 10,
        "A packet handed up is what the device received between two end-of-packet marks: each byte, in order, once.",
        "the stack gets a packet that nobody sent");

    /// <summary>A damaged packet stays out.</summary>
    public static readonly Claim DamagedStaysOut = new("damaged", 11,
        "A packet that the device reported as damaged, or about whose length or buffer it lied, does not reach the stack.",
        "bytes that the device disowned, or never wrote, are taken for data");

    /// <summary>The content claim.</summary>
    public static readonly Claim BytesAreStable = new("bytes", 12,
        "No byte that a reader holds changes before it lets go.",
        "data is corrupted after it was checked");

    /// <summary>The device's half of the content claim.</summary>
    public static readonly Claim DeviceStaysInside = new("device", 13,
        "The device writes only to mapped, posted chunks.",
        "the device writes to memory it was not given");

    /// <summary>Lifetime of pages.</summary>
    public static readonly Claim PagesAreOwned = new("pages", 14,
        "A page is used, by driver, stack or device, only while somebody holds a reference, and freed when the last one is dropped.",
        "use after free");

    /// <summary>Lifetime of mappings.</summary>
    public static readonly Claim UnmappedOnce = new("mappings", 15,
        "Every mapping is removed once.",
        "a mapping of somebody else's is removed");

    /// <summary>Bounds.</summary>
    public static readonly Claim AccessesAreInside = new("bounds", 16,
        "No access leaves its array or its page.",
        "memory of something else is read or written");

    /// <summary>Lifetime of skbs.</summary>
    public static readonly Claim SkbsAreOwned = new("skbs", 17,
        "An skb is used only while it is allocated.",
        "use after free of a packet header");

    /// <summary>Syncs.</summary>
    public static readonly Claim ReadAfterSync = new("sync", 18,
        "Bytes the device wrote are read only after they were synced for the processor.",
        "with bounce buffers or cold caches the reader sees old bytes");

    /// <summary>A-D3.</summary>
    public static readonly Claim OwnAddresses = new("addresses", 19,
        "The processor never uses a bus address as its own.",
        "it touches memory that has nothing to do with the buffer");

    /// <summary>A-D6.</summary>
    public static readonly Claim NothingSleeps = new("context", 20,
        "Nothing sleeps in a poll.",
        "the processor schedules away in a context that cannot be left");

    /// <summary>A-D9.</summary>
    public static readonly Claim BudgetIsKept = new("budget", 21,
        "A poll ends after its budget of packets and failed completions.",
        "a flood of damaged completions keeps the processor in one poll");

    /// <summary>Conservation of packets.</summary>
    public static readonly Claim NothingLostSilently = new("losses", 22,
        "Every packet received is handed up or counted as a failure.",
        "packets or buffers vanish and no statistic tells");

    /// <summary>Conservation of everything else.</summary>
    public static readonly Claim NothingLeft = new("leaks", 23,
        "After teardown and the last release no page, mapping or skb is left.",
        "memory is lost at each restart of the queue");

    /// <summary>A.9.3, and I9 for the other mode.</summary>
    public static readonly Claim StackCannotPin = new("pinning", 24,
        "While memory is available the device gets buffers, however many packets the stack keeps.",
        "a reader that hoards packets stops the queue");

    /// <summary>A.9.3.</summary>
    public static readonly Claim CopiesOnlyWhenShort = new("copies", 25,
        "A packet is copied on demand only when too few buffer states are clear of the used list.",
        "each packet costs a page and a copy for ever");

    /// <summary>Lockstep.</summary>
    public static readonly Claim Agreement = new("agreement", 26,
        "Model and implementation agree on every value, place, order, offset, bias, count and packet.",
        "one of them is wrong about what the driver does");

    /// <summary>All of them, by number.</summary>
    public static readonly IReadOnlyList<Claim> All =
    [
        Partition, OneChunkPerPage, PostedIsUnreferenced, ReferencesBalance, CopyAndErrorAreNeutral, SlotsSuffice, MappedWhilePosted,
        ConsumedOnce, PagesBounded, Refills, PacketsAreWhole, DamagedStaysOut, BytesAreStable, DeviceStaysInside, PagesAreOwned,
        UnmappedOnce, AccessesAreInside, SkbsAreOwned, ReadAfterSync, OwnAddresses, NothingSleeps, BudgetIsKept, NothingLostSilently,
        NothingLeft, StackCannotPin, CopiesOnlyWhenShort, Agreement,
    ];

    /// <summary>The claim that a wrong access breaks.</summary>
    public static Claim BrokenBy(TrapKind trap) => trap switch
    {
        TrapKind.UseAfterFree or TrapKind.DoubleFree or TrapKind.FreedWhileHeld or TrapKind.FreedWhileMapped or TrapKind.WriteAfterFree => PagesAreOwned,
        TrapKind.DoubleUnmap => UnmappedOnce,
        TrapKind.OutOfBounds or TrapKind.FragmentOverflow => AccessesAreInside,
        TrapKind.DeviceFault => DeviceStaysInside,
        TrapKind.DeviceWroteHeldBytes => BytesAreStable,
        TrapKind.ReadBeforeSync => ReadAfterSync,
        TrapKind.BusAddressUsedByProcessor => OwnAddresses,
        TrapKind.SleptWhileAtomic => NothingSleeps,
        TrapKind.SkbUseAfterFree => SkbsAreOwned,
        _ => throw new ArgumentOutOfRangeException(nameof(trap), trap, "not a wrong access"),
    };
}
