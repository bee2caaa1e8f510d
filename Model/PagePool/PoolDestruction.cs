using System.Diagnostics;
using RxVerify.Model.Vocabulary.PagePool;

namespace RxVerify.Model.PagePool;

/// <summary>What who destroys a pool does next (docs/pool.md, destruction step by step).</summary>
public enum PoolDestroyerStep : byte
{
    /// <summary>Nothing: no destruction is under way.</summary>
    Idle,

    /// <summary>Gives up the page being cut.</summary>
    CurrentPage,

    /// <summary>Gives up the cache, stops syncing and unmaps, all that the first time only.</summary>
    Scrub,

    /// <summary>Gives up what is in the ring.</summary>
    Ring,

    /// <summary>Counts the pages that are left.</summary>
    Inflight,

    /// <summary>Waits until no producer is inside.</summary>
    Lock,

    /// <summary>Frees the pool, or has the delayed work look again.</summary>
    Finish,
}

/// <summary>The end of a pool (C.5).</summary>
internal static class PoolDestruction
{
    /// <summary>A user destroys the pool, all steps at once: the pool, or null when it is gone, and its last statistics.</summary>
    internal static (PoolState? Pool, PoolCounters Counters) Destroy(PoolState pool)
    {
        (pool, var step) = Leave(pool);
        return Whole(pool, step);
    }

    /// <summary>The delayed work looks again, all steps at once.</summary>
    internal static (PoolState? Pool, PoolCounters Counters) Retry(PoolState pool)
    {
        (pool, var step) = LookAgain(pool);
        return Whole(pool, step);
    }

    /// <summary>The first step of Destroy: one user less; the last one ends direct recycling and goes on (D-39).</summary>
    internal static (PoolState Pool, PoolDestroyerStep Next) Leave(PoolState pool)
    {
        pool = pool with { Users = pool.Users - 1 };
        return pool.IsUp ? (pool, PoolDestroyerStep.Idle) : (pool with { RecyclesDirectly = false }, PoolDestroyerStep.CurrentPage);
    }

    /// <summary>The first step of Retry: the delayed work has begun, so it is not scheduled any more, and it scrubs again.</summary>
    internal static (PoolState Pool, PoolDestroyerStep Next) LookAgain(PoolState pool) =>
        (Scrub(pool with { RetryScheduled = false }), PoolDestroyerStep.Ring);

    /// <summary>One further step; no pool when that freed it.</summary>
    internal static (PoolState? Pool, PoolDestroyerStep Next) Next(PoolState pool, PoolDestroyerStep step) => step switch
    {
        PoolDestroyerStep.CurrentPage => (WithoutCurrent(pool), PoolDestroyerStep.Scrub),
        PoolDestroyerStep.Scrub => (Scrub(pool), PoolDestroyerStep.Ring),
        PoolDestroyerStep.Ring => (WithoutRing(pool), PoolDestroyerStep.Inflight),
        PoolDestroyerStep.Inflight => (pool with { Inflight = pool.Ledger.Inflight }, PoolDestroyerStep.Lock),
        PoolDestroyerStep.Lock => (pool, PoolDestroyerStep.Finish),
        PoolDestroyerStep.Finish => (Finish(pool), PoolDestroyerStep.Idle),
        _ => throw new UnreachableException($"{step} is no step of a destruction under way."),
    };

    private static (PoolState? Pool, PoolCounters Counters) Whole(PoolState pool, PoolDestroyerStep step)
    {
        var counters = pool.Counters;
        PoolState? left = pool;
        while (step != PoolDestroyerStep.Idle)
        {
            (left, step) = Next(left!, step);
            counters = left?.Counters ?? counters;
        }

        return (left, counters);
    }

    /// <summary>The page being cut is forgotten; it leaves the pool unless fragments of it are outside (C.5).</summary>
    private static PoolState WithoutCurrent(PoolState pool)
    {
        if (pool.Current is not { } cut)
        {
            return pool;
        }

        pool = pool with { Current = null };
        return pool.Pages[cut.Page].Outside > 0 ? pool : pool.Without(cut.Page);
    }

    /// <summary>The first time the cache is given up, and on 6.12 no page that is left stays mapped, nor is synced (C.5.1).</summary>
    private static PoolState Scrub(PoolState pool)
    {
        if (pool.DestroyCount == 0)
        {
            pool = pool.WithoutCache();
            if (pool.Configuration.Era == PoolEra.Linux612)
            {
                // The index holds every mapped page, also those in the ring and those of a put under way (D-29).
                pool = pool with { IsMapped = false, IsSyncing = false };
            }
        }

        return pool with { Ledger = pool.Ledger.Looked() };
    }

    private static PoolState WithoutRing(PoolState pool)
    {
        while (!pool.Ring.IsEmpty)
        {
            var page = pool.Ring.Places[pool.Ring.Head];
            pool = (pool with { Ring = pool.Ring.Consumed() }).Without(page);
        }

        return pool;
    }

    /// <summary>Nothing was left: the pool is freed. A negative number would be a mistake that no waiting mends (C.5.4, D-42).</summary>
    private static PoolState? Finish(PoolState pool)
    {
        var fate = PoolLedger.FateOf(pool.Inflight);
        return fate == PoolFate.Gone ? null : pool with { RetryScheduled = fate == PoolFate.LooksAgain };
    }
}
