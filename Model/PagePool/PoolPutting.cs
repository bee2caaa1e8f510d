using System.Collections.Immutable;
using System.Diagnostics;
using RxVerify.Model.Vocabulary;
using RxVerify.Model.Vocabulary.PagePool;

namespace RxVerify.Model.PagePool;

/// <summary>What a put under way does next (docs/pool.md, a put step by step).</summary>
public enum PoolPutStep : byte
{
    /// <summary>Looks which pages can be used again, syncs those, and gives up the others.</summary>
    Decide,

    /// <summary>Puts the pages into cache or ring.</summary>
    Publish,

    /// <summary>Still inside the producer's lock: counts, gives the lock back, gives up the pages that found no place.</summary>
    Epilogue,
}

/// <summary>A put under way: pages of which nothing is outside any more and that are in no place of the pool yet.</summary>
public sealed record PoolPut
{
    /// <summary>What it does next.</summary>
    public PoolPutStep Step { get; init; } = PoolPutStep.Decide;

    /// <summary>Where it runs and what its caller said.</summary>
    public required PutContext Context { get; init; }

    /// <summary>Bytes to be synced for the device; 0 for the whole page.</summary>
    public required int Sync { get; init; }

    /// <summary>The pages it carries, in order; before the epilogue those that found no place.</summary>
    public required ImmutableArray<PageId> Pages { get; init; }

    /// <summary>After it has decided: whether the pages go into the cache.</summary>
    public bool IsDirect { get; init; }

    /// <summary>Before the epilogue: the pages it put into the ring.</summary>
    public int Produced { get; init; }

    /// <summary>Whether it is inside the producer's lock.</summary>
    public bool HoldsLock => Step == PoolPutStep.Epilogue;

    /// <summary>Whether it will touch the cache, having looked already whether it may (D-41).</summary>
    public bool IsBoundForCache => Step == PoolPutStep.Publish && IsDirect;
}

/// <summary>Holders give references on the pages of a pool back, and take more of them (C.4).</summary>
internal static class PoolPutting
{
    /// <summary>All steps at once.</summary>
    internal static PoolState Whole(PoolState pool, ImmutableArray<PageId> references, PutContext context, int sync)
    {
        (pool, var put) = Count(pool, references, context, sync);
        while (put is not null)
        {
            (pool, put) = Next(pool, put);
        }

        return pool;
    }

    /// <summary>The first step (C.4.1): each is one pool reference less; a page goes on when it was the last and the page is not being cut.</summary>
    internal static (PoolState Pool, PoolPut? Put) Count(PoolState pool, ImmutableArray<PageId> references, PutContext context, int sync)
    {
        ImmutableArray<PageId> last = [];
        foreach (var page in references)
        {
            var facts = pool.Pages[page];
            pool = pool.With(page, facts with { Outside = facts.Outside - 1 });
            if (facts.Outside == 1 && pool.Current?.Page != page)
            {
                last = last.Add(page);
            }
        }

        return (pool, last.IsEmpty ? null : new PoolPut { Context = context, Sync = sync, Pages = last });
    }

    /// <summary>The step after the first one that this put is at, and what is left to do.</summary>
    internal static (PoolState Pool, PoolPut? Put) Next(PoolState pool, PoolPut put) => put.Step switch
    {
        PoolPutStep.Decide => Decide(pool, put),
        PoolPutStep.Publish => Publish(pool, put),
        PoolPutStep.Epilogue => (Epilogue(pool, put), null),
        _ => throw new UnreachableException($"{put.Step} is no step of a put."),
    };

    /// <summary>Whether the next step takes the producer's lock: pages for which the cache has no room go to the ring.</summary>
    internal static bool TakesLock(PoolState pool, PoolPut put) =>
        put.Step == PoolPutStep.Publish && put.Pages.Length > (put.IsDirect ? Room(pool) : 0);

    /// <summary>A holder takes one more pool reference (page_pool_ref_page).</summary>
    internal static PoolState Share(PoolState pool, PageId page)
    {
        var facts = pool.Pages[page];
        return pool.With(page, facts with { Outside = facts.Outside + 1 });
    }

    /// <summary>Page references on a page come or go (get_page, put_page); of a page that left the pool, or never was in it, it knows nothing.</summary>
    internal static PoolState Reference(PoolState pool, PageId page, int change) => pool.Pages.TryGetValue(page, out var facts)
        ? pool.With(page, facts with { References = facts.References + change })
        : pool;

    /// <summary>The second step (C.4.2): pages that somebody else holds, and those of the reserve, leave; for the others the place is chosen.</summary>
    private static (PoolState Pool, PoolPut? Put) Decide(PoolState pool, PoolPut put)
    {
        var recyclable = put.Pages;
        foreach (var page in put.Pages)
        {
            if (!pool.Pages[page].IsRecyclable)
            {
                recyclable = recyclable.Remove(page);
                pool = pool.Without(page);
                pool = pool with { Counters = pool.Counters with { ReleasedReference = pool.Counters.ReleasedReference + 1 } };
            }
        }

        return (pool, recyclable.IsEmpty ? null : put with { Step = PoolPutStep.Publish, Pages = recyclable, IsDirect = GoesDirect(pool, put.Context) });
    }

    /// <summary>5.15 believes the caller in softirq only; 6.12 believes the caller, and knows the pool's processor itself (C.4.2).</summary>
    private static bool GoesDirect(PoolState pool, PutContext context) => context switch
    {
        PutContext.Direct => true,
        PutContext.DirectInProcess => pool.Configuration.Era == PoolEra.Linux612,
        PutContext.Local => pool.RecyclesDirectly,
        _ => false,
    };

    /// <summary>The third step: into the cache while it has room and the put is direct, all others into the ring while it has (C.4.2).</summary>
    private static (PoolState Pool, PoolPut? Put) Publish(PoolState pool, PoolPut put)
    {
        var rest = put.Pages;
        if (put.IsDirect)
        {
            var cached = Math.Min(rest.Length, Room(pool));
            var counters = pool.Counters;
            counters.Cached += cached;
            counters.CacheFull += rest.Length - cached;
            pool = pool with { Cache = pool.Cache.AddRange(rest.AsSpan(0, cached)), Counters = counters };
            rest = rest.RemoveRange(0, cached);
        }

        if (rest.IsEmpty)
        {
            return (pool, null);
        }

        var produced = 0;
        while (produced < rest.Length && !pool.Ring.IsFull)
        {
            pool = pool with { Ring = pool.Ring.Produced(rest[produced]) };
            produced++;
        }

        return (pool, put with { Step = PoolPutStep.Epilogue, Pages = rest.RemoveRange(0, produced), Produced = produced });
    }

    /// <summary>The last step: what went into the ring is counted, what found no place leaves the pool (C.4.2).</summary>
    private static PoolState Epilogue(PoolState pool, PoolPut put)
    {
        var counters = pool.Counters;
        counters.Ringed += put.Produced;
        counters.RingFull += put.Pages.Length;
        pool = pool with { Counters = counters };
        foreach (var page in put.Pages)
        {
            pool = pool.Without(page);
        }

        return pool;
    }

    private static int Room(PoolState pool) => pool.Configuration.CacheSize - pool.Cache.Length;
}
