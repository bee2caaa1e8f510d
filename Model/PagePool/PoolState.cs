using System.Collections.Immutable;
using RxVerify.Model.Vocabulary;
using RxVerify.Model.Vocabulary.PagePool;

namespace RxVerify.Model.PagePool;

/// <summary>A page of a pool: from the moment it was brought in until it leaves for good (C.1).</summary>
/// <param name="Node">The memory node it lies on, 0 or 1.</param>
/// <param name="FromReserve">Whether it is of the allocator's emergency reserve (pfmemalloc), so that it is used only once.</param>
/// <param name="Written">Of a whole page: how many bytes, from the first that the device writes, a holder has written since it was given out (C.7).</param>
/// <param name="Outside">Pool references held outside: the fragments cut from it and the whole pages, each once for every holder.</param>
/// <param name="References">Page references that holders took beside the pool (get_page).</param>
public readonly record struct PoolPage(int Node, bool FromReserve, int Written, int Outside, int References)
{
    /// <summary>Whether the pool may use it again once nothing of it is outside (C.4.2): nobody else holds it, and it is not of the reserve.</summary>
    public bool IsRecyclable => References == 0 && !FromReserve;
}

/// <summary>The page that fragments are being cut from (C.3).</summary>
/// <param name="Page">The page (frag_page).</param>
/// <param name="NextOffset">First byte that is not given out (frag_offset).</param>
/// <param name="Fragments">Fragments cut from it since it was begun (frag_users).</param>
public readonly record struct PoolCut(PageId Page, int NextOffset, int Fragments);

/// <summary>
/// A page pool as it is between two steps (C.1). Which of its pages are outside is told by the references that are held on them;
/// there is no bias: a page goes on when the last of those is gone and it is not being cut.
/// </summary>
/// <remarks>It knows neither its holders nor the processors, so that a driver's model can have it inside a queue.</remarks>
public sealed record PoolState
{
    /// <summary>The constants of the pool.</summary>
    public required PoolConfiguration Configuration { get; init; }

    /// <summary>Users that have not destroyed it (user_cnt).</summary>
    public int Users { get; init; } = 1;

    /// <summary>Pages that came in, pages that left, and how often it was scrubbed since it is destroyed.</summary>
    public PoolLedger Ledger { get; init; }

    /// <summary>How often it was scrubbed: 0 until it is destroyed (destroy_cnt).</summary>
    public int DestroyCount => Ledger.Looks;

    /// <summary>Whether the delayed work will look again (C.5.4).</summary>
    public bool RetryScheduled { get; init; }

    /// <summary>The pages inside and outside, as the last look of a destroyed pool remembers them; 0 before the first (C.5.2).</summary>
    public int Inflight { get; init; }

    /// <summary>The memory node it takes pages from, 0 or 1.</summary>
    public int Node { get; init; }

    /// <summary>Whether it knows its own processor, so that a put there goes into the cache though its caller does not ask for it (6.12, C.4.2).</summary>
    public required bool RecyclesDirectly { get; init; }

    /// <summary>Whether the device can reach its pages: all of them or none, since the scrub that ends it finds every one (C.2.4, C.5.1).</summary>
    public required bool IsMapped { get; init; }

    /// <summary>Pages that the device can reach.</summary>
    public int MappedPages => IsMapped ? Pages.Count : 0;

    /// <summary>Whether it still tells the device what was written (C.7).</summary>
    public required bool IsSyncing { get; init; }

    /// <summary>The pages that are given out first, the last one before the others (C.2.1).</summary>
    public ImmutableArray<PageId> Cache { get; init; } = [];

    /// <summary>The pages that came back from elsewhere, and those for which the cache had no room (C.4.2).</summary>
    public required PoolRing Ring { get; init; }

    /// <summary>The page being cut, or null.</summary>
    public PoolCut? Current { get; init; }

    /// <summary>All pages of the pool, inside and outside.</summary>
    public ImmutableDictionary<PageId, PoolPage> Pages { get; init; } = ImmutableDictionary<PageId, PoolPage>.Empty;

    /// <summary>The statistics since it was created; what came in and what left is the ledger's.</summary>
    public PoolCounters Counters
    {
        get => field with { Hold = Ledger.Hold, Release = Ledger.Release };
        init;
    }

    /// <summary>Whether it can be allocated from: somebody uses it.</summary>
    public bool IsUp => Users > 0;

    /// <summary>A pool just created: one user, nothing in it.</summary>
    internal static PoolState Created(PoolConfiguration configuration) => new()
    {
        Configuration = configuration,
        RecyclesDirectly = configuration.Era == PoolEra.Linux612,
        IsMapped = configuration.Maps,
        IsSyncing = configuration.Syncs,
        Ring = PoolRing.Empty(configuration.RingSlots, configuration.RingClears),
    };

    /// <summary>The pool with other facts about one of its pages.</summary>
    internal PoolState With(PageId page, PoolPage facts) => this with { Pages = Pages.SetItem(page, facts) };

    /// <summary>The pool with a page that has just entered it, and is counted (C.2.4).</summary>
    internal PoolState Brought(PageId page, PoolPage facts) => this with
    {
        Pages = Pages.Add(page, facts),
        Ledger = Ledger.Brought(),
    };

    /// <summary>The pool without this page, which leaves it for good: unmapped, counted, and free once no page reference is held on it (C.5).</summary>
    internal PoolState Without(PageId page) => this with
    {
        Pages = Pages.Remove(page),
        Ledger = Ledger.Left(),
    };

    /// <summary>The pool after every page of the cache has left it, the last in first (C.5.1).</summary>
    internal PoolState WithoutCache()
    {
        var pool = this;
        for (var place = Cache.Length - 1; place >= 0; place--)
        {
            pool = pool.Without(Cache[place]);
        }

        return pool with { Cache = [] };
    }

    /// <summary>A second user, as the XDP memory model is (user_cnt).</summary>
    internal PoolState Registered() => this with { Users = Users + 1 };

    /// <summary>
    /// The pool after the driver moved to the other node (page_pool_update_nid): the cache is given up, since only a refill looks at
    /// the node of a page.
    /// </summary>
    internal PoolState Moved() => WithoutCache() with { Node = 1 - Node };
}
