namespace RxVerify.Model.PagePool;

/// <summary>What becomes of a destroyed pool after a look at it (C.5.4).</summary>
public enum PoolFate
{
    /// <summary>No page was left: it is freed.</summary>
    Gone,

    /// <summary>Pages are outside: the delayed work looks again.</summary>
    LooksAgain,

    /// <summary>More pages left than came in, which no waiting mends: nobody looks again (D-42).</summary>
    StopsLooking,
}

/// <summary>
/// The books of one pool: how many pages came in, how many left for good, and how often it was looked at since it is destroyed. A
/// recording of a kernel tells no more than this of a pool, so it is held against the same books as the implementation.
/// </summary>
/// <param name="Hold">Pages that ever came in; wraps (pages_state_hold_cnt).</param>
/// <param name="Release">Pages that ever left for good; wraps (pages_state_release_cnt).</param>
/// <param name="Looks">Looks at the destroyed pool (destroy_cnt).</param>
public readonly record struct PoolLedger(uint Hold, uint Release, int Looks)
{
    /// <summary>Pages inside and outside now: a signed difference, since both counts wrap (C.1).</summary>
    public int Inflight => (int)(Hold - Release);

    /// <summary>One page more came in (C.2.4).</summary>
    public PoolLedger Brought() => this with { Hold = Hold + 1 };

    /// <summary>One page more left for good (C.5).</summary>
    public PoolLedger Left() => this with { Release = Release + 1 };

    /// <summary>The destroyed pool was scrubbed once more (C.5.1).</summary>
    public PoolLedger Looked() => this with { Looks = Looks + 1 };

    /// <summary>What follows from the pages that a look found inside and outside (C.5.4).</summary>
    public static PoolFate FateOf(int inflight) => inflight switch
    {
        0 => PoolFate.Gone,
        > 0 => PoolFate.LooksAgain,
        _ => PoolFate.StopsLooking,
    };
}
