namespace RxVerify.Properties.PagePool;

/// <summary>The claims of the page pool. P1 to P9 are those of facts C.8.</summary>
public static class PoolClaims
{
    /// <summary>C.8 P1.</summary>
    public static readonly Claim Conservation = new("P1", 0,
        "Pages held less pages released are those in cache and ring, the one being cut, and those outside.",
        "the pool is freed while its pages are in use, or never");

    /// <summary>C.8 P2.</summary>
    public static readonly Claim WaitingPagesAreReady = new("P2", 1,
        "A page that waits in cache or ring has one page reference and one pool reference, and the mapping that the pool gave it.",
        "the next user gets a page that somebody else still uses, or that the device cannot reach");

    /// <summary>C.8 P3.</summary>
    public static readonly Claim OneHolderPerByte = new("P3", 2,
        "Memory that the pool gives out is held by nobody else.",
        "the device overwrites a packet that somebody is still reading");

    /// <summary>C.8 P4.</summary>
    public static readonly Claim FragmentsStayInside = new("P4", 3,
        "A fragment lies inside its page and is as long as was asked for.",
        "the device writes beyond its buffer");

    /// <summary>C.8 P5.</summary>
    public static readonly Claim CounterBalances = new("P5", 4,
        "A page's counter is its unused bias plus the references outside, and stays within its type.",
        "the page comes back while a fragment of it is in use, or never");

    /// <summary>C.8 P6.</summary>
    public static readonly Claim PoolOutlivesPages = new("P6", 5,
        "Nobody touches a pool that was freed, and it is not freed while anybody may.",
        "use after free of lock, ring and statistics");

    /// <summary>C.8 P7.</summary>
    public static readonly Claim CacheHasOneContext = new("P7", 6,
        "Only the pool's own context touches its cache, which has no lock.",
        "two processors take the same page");

    /// <summary>C.8 P8.</summary>
    public static readonly Claim DestroyedIsEmpty = new("P8", 7,
        "After its cache was emptied a destroyed pool keeps nothing there, and on 6.12 no page outside is mapped.",
        "the page never leaves, or the device writes through the mapping of a driver that is gone");

    /// <summary>C.8 P9.</summary>
    public static readonly Claim OwnPagesOnly = new("P9", 8,
        "Only pages of the pool are in its cache and ring.",
        "memory of somebody else is given to the device");

    /// <summary>C.7.</summary>
    public static readonly Claim HandedOutClean = new("clean", 9,
        "Memory that a syncing pool gives out has no byte that the processor wrote and the device was not told of.",
        "a cache line written back late overwrites what the device received");

    /// <summary>C.4.2.</summary>
    public static readonly Claim ReserveIsGivenUp = new("reserve", 10,
        "Pages of the emergency reserve do not stay.",
        "the memory that is to free memory is bound in a driver");

    /// <summary>C.5.</summary>
    public static readonly Claim DestructionEnds = new("ends", 11,
        "Once everything is given back a destroyed pool is gone, and one that can never be gone stops looking.",
        "pages, mappings and a work item are left for ever");

    /// <summary>Lifetime of pages.</summary>
    public static readonly Claim PagesAreOwned = new("pages", 12,
        "A page is used only while somebody holds a reference, and freed when the last one is dropped.",
        "use after free");

    /// <summary>Lifetime of mappings.</summary>
    public static readonly Claim MappedWhileInPool = new("mappings", 13,
        "Each mapping is removed once, before its page is freed.",
        "the device writes to memory that belongs to somebody else by now");

    /// <summary>Bounds.</summary>
    public static readonly Claim AccessesAreInside = new("bounds", 14,
        "No access leaves its array or its page.",
        "memory of something else is read or written");

    /// <summary>Conservation of everything.</summary>
    public static readonly Claim NothingLeft = new("leaks", 15,
        "A page that the pool gave up and nobody holds is free, and so is all else when the pool is gone.",
        "memory is lost at each restart of the queue");

    /// <summary>Lockstep.</summary>
    public static readonly Claim Agreement = new("agreement", 16,
        "Model and implementation agree on every page, place, order, offset and count.",
        "one of them is wrong about what the pool does");

    /// <summary>All of them, by number.</summary>
    public static readonly IReadOnlyList<Claim> All =
    [
        Conservation, WaitingPagesAreReady, OneHolderPerByte, FragmentsStayInside, CounterBalances, PoolOutlivesPages, CacheHasOneContext,
        DestroyedIsEmpty, OwnPagesOnly, HandedOutClean, ReserveIsGivenUp, DestructionEnds, PagesAreOwned, MappedWhileInPool, AccessesAreInside,
        NothingLeft, Agreement,
    ];
}
