namespace RxVerify.Properties.Port;

/// <summary>The claims of the MANA port.</summary>
public static class PortClaims
{
    /// <summary>B.4.10.</summary>
    public static readonly Claim ProgramsAreReferenced = new("ledger", 0,
        "Each program has the references that the port, its queues and the request under way hold, no more and no fewer; one that is freed is not run, taken or put.",
        "a program runs after it was freed, or is never freed");

    /// <summary>B.6, B.7 #1.</summary>
    public static readonly Claim CoreIsRight = new("attached", 1,
        "While no request is under way, the program that the core believes attached is the port's, and that of each queue.",
        "the user is told that packets are filtered, and they are not");

    /// <summary>B.7 #14.</summary>
    public static readonly Claim NothingBypasses = new("bypass", 2,
        "No packet is taken from a queue without the program that the port has.",
        "a packet that the program would have dropped reaches the stack");

    /// <summary>B.6.</summary>
    public static readonly Claim FailureChangesNothing = new("unchanged", 3,
        "After a request that failed or was refused all parameters are as before it, and after one that succeeded that which was asked for is the only one that is not.",
        "what the user asked for is half applied");

    /// <summary>F-B24.</summary>
    public static readonly Claim AttemptIsUndone = new("attempt", 4,
        "When a request has ended, no page is left that was allocated before for its queues.",
        "each attempt costs memory and mappings that nobody gives back");

    /// <summary>B.6, B.7 #7.</summary>
    public static readonly Claim NoPortIsDead = new("alive", 5,
        "A port that lost its queues to a failure is present, so that a request can bring it back.",
        "the network is gone until somebody reloads the driver");

    /// <summary>F-B21.</summary>
    public static readonly Claim UpIsRemembered = new("remembered", 6,
        "A port that was up before it was detached is up after it is attached, however often it was detached.",
        "the machine wakes up without its network");

    /// <summary>B.7 #11.</summary>
    public static readonly Claim MtuIsWithinLimits = new("mtu", 7,
        "The MTU is at most what the adapter takes and, with a program, at most what a page holds beside headroom and shared info.",
        "packets are cut off, or the program's headroom is not there");

    /// <summary>B.7 #9, #10.</summary>
    public static readonly Claim VportHasOneUser = new("vport", 8,
        "The vport's use count is 1 while the port or the RDMA driver has it, else 0; the RDMA driver is not given the vport of a port that is to be up.",
        "the port cannot get its vport back, and stays down");

    /// <summary>B.4.9 to B.4.12.</summary>
    public static readonly Claim RequestsSucceed = new("served", 9,
        "A request that was accepted and in which nothing failed succeeds.",
        "one failure long ago makes every later request fail");

    /// <summary>B.7 #8, D-15.</summary>
    public static readonly Claim StepsHaveWhatTheyUse = new("steps", 10,
        "Each part that was made is undone once, no step uses a part that is not there, and the state machine permits every event.",
        "the kernel follows a pointer to queues that were freed");

    /// <summary>B.7 #15.</summary>
    public static readonly Claim DeviceIsQuiet = new("quiet", 11,
        "The device writes only to buffers that are posted, mapped and nobody else's.",
        "the device writes to memory that belongs to somebody else by now");

    /// <summary>C.8 P5, P6, P9.</summary>
    public static readonly Claim PoolsGetTheirOwn = new("pool", 12,
        "A pool gets back its own pages and no others, each as often as it gave it out, while it exists.",
        "two owners have one page, or a pool is used after it was freed");

    /// <summary>Lifetime and bounds.</summary>
    public static readonly Claim AccessesAreRight = new("accesses", 13,
        "A page, an skb and each of their bytes is used only by who has it, inside its bounds, and read after it was synced.",
        "use after free");

    /// <summary>Refill, for each queue.</summary>
    public static readonly Claim OpenPortReceives = new("receives", 14,
        "Once failures stop, an open port has all its queues, every buffer of them posted, and packets steered to them.",
        "the port says that it is up, and no packet arrives");

    /// <summary>Conservation of everything else.</summary>
    public static readonly Claim NothingLeft = new("leaks", 15,
        "A port without queues, and whose packets are let go, has no page and no mapping; after removal no program and no vport either.",
        "memory is lost with each request");

    /// <summary>Lockstep.</summary>
    public static readonly Claim Agreement = new("agreement", 16,
        "Model and implementation agree on every state, step, parameter, reference, queue, buffer and packet.",
        "one of them is wrong about what the driver does");

    /// <summary>All of them, by number.</summary>
    public static readonly IReadOnlyList<Claim> All =
    [
        ProgramsAreReferenced, CoreIsRight, NothingBypasses, FailureChangesNothing, AttemptIsUndone, NoPortIsDead, UpIsRemembered, MtuIsWithinLimits,
        VportHasOneUser, RequestsSucceed, StepsHaveWhatTheyUse, DeviceIsQuiet, PoolsGetTheirOwn, AccessesAreRight, OpenPortReceives, NothingLeft, Agreement,
    ];
}
