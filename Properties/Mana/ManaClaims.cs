namespace RxVerify.Properties.Mana;

/// <summary>The claims of the MANA receive queue.</summary>
public static class ManaClaims
{
    /// <summary>One owner per range (C.8 P3, B.5).</summary>
    public static readonly Claim OneOwner = new("owner", 0,
        "A buffer that the device may write is posted once, and nobody else has any of its bytes.",
        "the device overwrites a packet that somebody is still reading, or one that it has just received");

    /// <summary>B.3: pairing by counting.</summary>
    public static readonly Claim SlotsArePaired = new("pairing", 1,
        "The slots in the order in which the driver will complete them are the buffers in the order in which the device fills them.",
        "from then on every packet is read from a wrong buffer, which the device may still own");

    /// <summary>Refill.</summary>
    public static readonly Claim Refills = new("refill", 2,
        "Once failures stop and what waits is polled, every slot is posted again.",
        "the queue runs dry: nothing completes, so nothing is ever posted again");

    /// <summary>B.7 #2.</summary>
    public static readonly Claim ReadAfterSync = new("sync", 3,
        "Bytes the device wrote are read only after they were synced for the processor.",
        "with bounce buffers or cold caches the reader sees old bytes");

    /// <summary>C.7.</summary>
    public static readonly Claim PostedClean = new("clean", 4,
        "A posted buffer has no byte that the processor wrote and the device was not told of.",
        "a cache line written back late overwrites what the device received");

    /// <summary>B.7 #4, #5.</summary>
    public static readonly Claim ChargesWhatIsHeld = new("charge", 5,
        "A packet charges its reader for all the memory that it keeps from being used again.",
        "a socket's limit lets it pin many times the memory it is allowed");

    /// <summary>Content.</summary>
    public static readonly Claim PacketsAreWhole = new("whole", 6,
        "A packet that leaves the driver, up, back or aside, is what the device received in the completion it was taken from.",
        "the stack gets a packet that nobody sent");

    /// <summary>Content, later.</summary>
    public static readonly Claim BytesAreStable = new("bytes", 7,
        "No byte that a reader holds changes before it lets go, unless it changes it itself.",
        "data is corrupted after it was checked");

    /// <summary>A damaged packet stays out.</summary>
    public static readonly Claim DamagedStaysOut = new("damaged", 8,
        "What the device did not report as a whole packet that fits its buffer does not leave the driver.",
        "bytes that nobody received are taken for data");

    /// <summary>Conservation of packets.</summary>
    public static readonly Claim NothingLostSilently = new("losses", 9,
        "Every completion consumed is a packet that left, a fence, or counted as dropped or wrong.",
        "packets vanish and no statistic tells");

    /// <summary>C.8 P1, for all pools.</summary>
    public static readonly Claim Conservation = new("P1", 10,
        "Pages that the pools hold are those in their caches and rings, the ones being cut, and those in slots and outside.",
        "a pool is freed while its pages are in use, or never");

    /// <summary>C.8 P5, P6, P9.</summary>
    public static readonly Claim PoolsGetTheirOwn = new("pool", 11,
        "A pool gets back its own pages and no others, each as often as it gave it out, while it exists.",
        "two owners have one page, or a pool is used after it was freed");

    /// <summary>B.2, B.5.</summary>
    public static readonly Claim MappedWhileNeeded = new("mappings", 12,
        "What is posted is mapped for the device; each mapping is removed once, when its buffer is handed over, and before its page is freed.",
        "the device writes to memory that belongs to somebody else by now");

    /// <summary>Lifetime of pages.</summary>
    public static readonly Claim PagesAreOwned = new("pages", 13,
        "A page is used only while somebody holds a reference, and freed when the last one is dropped.",
        "use after free");

    /// <summary>Bounds.</summary>
    public static readonly Claim AccessesAreInside = new("bounds", 14,
        "No access leaves its array, its page or its buffer: packet, headroom and the skb's own data have room in it.",
        "memory of something else is read or written");

    /// <summary>B.7 #8.</summary>
    public static readonly Claim UndoneOnce = new("resources", 15,
        "Each part of a queue that was made is undone once, and nothing else is.",
        "a completion queue is freed twice");

    /// <summary>Conservation of everything else.</summary>
    public static readonly Claim NothingLeft = new("leaks", 16,
        "Every page is somebody's; after teardown and the last release none is left, nor a mapping, nor a pool.",
        "memory is lost with each packet or each restart of the queue");

    /// <summary>skbs.</summary>
    public static readonly Claim SkbsAreOwned = new("skbs", 17,
        "An skb is used only while it is allocated, and freed by who has it.",
        "use after free of a packet header");

    /// <summary>Lockstep.</summary>
    public static readonly Claim Agreement = new("agreement", 18,
        "Model and implementation agree on every buffer, slot, page, packet, place and count.",
        "one of them is wrong about what the driver does");

    /// <summary>All of them, by number.</summary>
    public static readonly IReadOnlyList<Claim> All =
    [
        OneOwner, SlotsArePaired, Refills, ReadAfterSync, PostedClean, ChargesWhatIsHeld, PacketsAreWhole, BytesAreStable, DamagedStaysOut,
        NothingLostSilently, Conservation, PoolsGetTheirOwn, MappedWhileNeeded, PagesAreOwned, AccessesAreInside, UndoneOnce, NothingLeft,
        SkbsAreOwned, Agreement,
    ];
}
