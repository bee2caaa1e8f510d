namespace RxVerify.Properties.Recordings;

/// <summary>What a recording of a kernel is held against: the law of the page pool as far as its tracepoints show it (C.6).</summary>
public static class RecordingClaims
{
    /// <summary>C.2.4.</summary>
    public static readonly Claim Hold = new("hold", 0,
        "Each page that comes in counts one more than the page before, the first one 1.",
        "two contexts allocate from one pool, and its books never balance again");

    /// <summary>C.8 P3.</summary>
    public static readonly Claim Once = new("once", 1,
        "A page that comes in is held by no pool.",
        "two pools give the same memory to two devices");

    /// <summary>C.8 P9.</summary>
    public static readonly Claim Owner = new("owner", 2,
        "A page that leaves a pool was held by that pool.",
        "a page is freed that somebody else uses");

    /// <summary>C.5.</summary>
    public static readonly Claim Release = new("release", 3,
        "The pages that left are counted from 1 on, each number once, in whatever order the processors print them.",
        "a page is counted twice or not at all, and the pool is freed too early or never");

    /// <summary>C.8 P1.</summary>
    public static readonly Claim Inflight = new("inflight", 4,
        "What a destroyed pool prints as inflight is hold less release, as its pages counted them, and never negative.",
        "the pool is freed while its pages are in use, or never");

    /// <summary>C.5.4.</summary>
    public static readonly Claim Looks = new("looks", 5,
        "Each look at a destroyed pool counts one more than the look before, the first one 1.",
        "two work items destroy one pool");

    /// <summary>C.8 P6.</summary>
    public static readonly Claim End = new("end", 6,
        "No page comes into a destroyed pool, and after inflight=0 nothing more is heard of it.",
        "use after free of the pool");

    /// <summary>C.1, C.5.4: the kernel itself complains after its warning period.</summary>
    public static readonly Claim Return = new("return", 7,
        "A destroyed pool has all its pages back within 60 seconds.",
        "pages, mappings and the device's reference are left until somebody lets go, perhaps for ever");

    /// <summary>A property of the recording, without which nothing about order can be believed.</summary>
    public static readonly Claim Order = new("order", 8,
        "On one processor time does not run back.",
        "lines were moved, so what came before what is not known");

    /// <summary>All of them, by number.</summary>
    public static readonly IReadOnlyList<Claim> All = [Hold, Once, Owner, Release, Inflight, Looks, End, Return, Order];
}
