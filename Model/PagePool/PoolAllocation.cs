using RxVerify.Model.Vocabulary;
using RxVerify.Model.Vocabulary.PagePool;

namespace RxVerify.Model.PagePool;

/// <summary>A driver takes memory from a pool (C.2, C.3): null when there is none.</summary>
internal static class PoolAllocation
{
    /// <summary>A whole page (C.2).</summary>
    internal static (PoolState Pool, PoolThing? Got) Page(PoolState pool, ref PoolLuck luck)
    {
        (pool, var page) = Take(pool, ref luck);
        return page == PageId.None
            ? (pool, null)
            : (pool, new PoolThing(PoolThingKind.Page, new Fragment(page, 0, pool.Configuration.PageBytes)));
    }

    /// <summary>A fragment of this many bytes; the next one begins behind the rounded size (C.3).</summary>
    internal static (PoolState Pool, PoolThing? Got) Fragment(PoolState pool, int size, ref PoolLuck luck)
    {
        if (size > pool.Configuration.PageBytes)
        {
            return (pool, null);
        }

        var step = pool.Configuration.Aligned(size);
        if (pool.Current is { } cut)
        {
            return FitsCurrent(pool, size) ? Cut(pool, cut, step, size) : Drain(pool, cut.Page, step, size, ref luck);
        }

        return Begin(pool, step, size, ref luck);
    }

    /// <summary>
    /// Whichever suits the size: a page when two of them would not fit one, otherwise a fragment, to which the end of the page is
    /// added when no other of its size fits there (C.3, helper).
    /// </summary>
    internal static (PoolState Pool, PoolThing? Got) Any(PoolState pool, int size, ref PoolLuck luck)
    {
        if (IsWhole(pool.Configuration, size))
        {
            return Page(pool, ref luck);
        }

        (pool, var got) = Fragment(pool, size, ref luck);
        var end = pool.Configuration.PageBytes;
        if (got is not { } thing || pool.Current is not { } cut || end - cut.NextOffset >= size)
        {
            return (pool, got);
        }

        thing = thing with { Range = thing.Range with { Length = end - thing.Range.Offset } };
        return (pool with { Current = cut with { NextOffset = end } }, thing);
    }

    /// <summary>Whether Any gives a whole page for this size (C.3, helper).</summary>
    internal static bool IsWhole(PoolConfiguration configuration, int size) => 2 * size > configuration.PageBytes;

    /// <summary>Whether a fragment of this size would come from the page being cut (C.3.3).</summary>
    internal static bool FitsCurrent(PoolState pool, int size) =>
        pool.Current is { } cut && cut.NextOffset + pool.Configuration.Aligned(size) <= pool.Configuration.PageBytes;

    /// <summary>One more fragment of the page being cut (C.3.6).</summary>
    private static (PoolState Pool, PoolThing? Got) Cut(PoolState pool, PoolCut cut, int step, int size)
    {
        var facts = pool.Pages[cut.Page];
        pool = pool with
        {
            Pages = pool.Pages.SetItem(cut.Page, facts with { Outside = facts.Outside + 1 }),
            Current = cut with { NextOffset = cut.NextOffset + step, Fragments = cut.Fragments + 1 },
            Counters = pool.Counters with { Fast = pool.Counters.Fast + 1 },
        };
        return (pool, Piece(cut.Page, cut.NextOffset, size));
    }

    /// <summary>The page being cut is full (C.3.3): its holders have it from now on, or it is cut anew, or it leaves the pool.</summary>
    private static (PoolState Pool, PoolThing? Got) Drain(PoolState pool, PageId page, int step, int size, ref PoolLuck luck)
    {
        var facts = pool.Pages[page];
        if (facts.Outside > 0)
        {
            return Begin(pool, step, size, ref luck);
        }

        if (!facts.IsRecyclable)
        {
            return Begin(pool.Without(page), step, size, ref luck);
        }

        var counters = pool.Counters;
        counters.Cached++;
        counters.Fast++;
        return First(pool.With(page, GivenOut(pool, page)) with { Counters = counters }, page, step, size);
    }

    /// <summary>A page is taken to be cut; without one there is none being cut (C.3.4).</summary>
    private static (PoolState Pool, PoolThing? Got) Begin(PoolState pool, int step, int size, ref PoolLuck luck)
    {
        (pool, var page) = Take(pool, ref luck);
        return page == PageId.None ? (pool with { Current = null }, null) : First(pool, page, step, size);
    }

    /// <summary>The first fragment of a page (C.3.5).</summary>
    private static (PoolState Pool, PoolThing? Got) First(PoolState pool, PageId page, int step, int size) =>
        (pool with { Current = new PoolCut(page, step, Fragments: 1) }, Piece(page, 0, size));

    private static PoolThing Piece(PageId page, int offset, int size) => new(PoolThingKind.Fragment, new Fragment(page, offset, size));

    /// <summary>A page from the cache, else from the ring, else from the allocator, with one pool reference outside (C.2.1 to C.2.4).</summary>
    private static (PoolState Pool, PageId Page) Take(PoolState pool, ref PoolLuck luck)
    {
        if (!pool.Cache.IsEmpty)
        {
            return Pop(pool, pool.Counters with { Fast = pool.Counters.Fast + 1 });
        }

        pool = Refill(pool);
        if (!pool.Cache.IsEmpty)
        {
            return Pop(pool, pool.Counters with { Refilled = pool.Counters.Refilled + 1 });
        }

        return pool.Configuration.Order == 0 ? Bulk(pool, ref luck) : HighOrder(pool, ref luck);
    }

    /// <summary>Fills the empty cache from the ring, until it has enough, the ring is empty, or a page of another node was given up (C.2.2, C.2.3).</summary>
    private static PoolState Refill(PoolState pool)
    {
        var counters = pool.Counters;
        if (pool.Ring.IsEmpty)
        {
            counters.Empty++;
            return pool with { Counters = counters };
        }

        while (!pool.Ring.IsEmpty && pool.Cache.Length < pool.Configuration.Refill)
        {
            var page = pool.Ring.Places[pool.Ring.Head];
            pool = pool with { Ring = pool.Ring.Consumed() };
            if (pool.Pages[page].Node != pool.Node)
            {
                counters.Waived++;
                return (pool with { Counters = counters }).Without(page);
            }

            pool = pool with { Cache = pool.Cache.Add(page) };
        }

        return pool;
    }

    /// <summary>The slow path of order 0 (C.2.4): some pages together; the last good one is given, the others stay in the cache.</summary>
    private static (PoolState Pool, PageId Page) Bulk(PoolState pool, ref PoolLuck luck)
    {
        var given = luck.Given(pool.Configuration.Refill);
        for (var number = 0; number < given; number++)
        {
            (pool, var page) = Born(pool, ref luck);
            if (page != PageId.None)
            {
                pool = pool with { Cache = pool.Cache.Add(page) };
            }
        }

        return pool.Cache.IsEmpty
            ? (pool, PageId.None)
            : Pop(pool, pool.Counters with { Slow = pool.Counters.Slow + 1 });
    }

    /// <summary>The slow path of a higher order (C.2.4): one page.</summary>
    private static (PoolState Pool, PageId Page) HighOrder(PoolState pool, ref PoolLuck luck)
    {
        if (luck.Given(1) == 0)
        {
            return (pool, PageId.None);
        }

        (pool, var page) = Born(pool, ref luck);
        return page == PageId.None
            ? (pool, page)
            : (pool.With(page, GivenOut(pool, page)) with { Counters = pool.Counters with { SlowHighOrder = pool.Counters.SlowHighOrder + 1 } }, page);
    }

    /// <summary>A page that the allocator gave is mapped, where the pool does that, and enters the pool, or is given back; it was born in either case (C.2.4, C.2.5).</summary>
    private static (PoolState Pool, PageId Page) Born(PoolState pool, ref PoolLuck luck)
    {
        var page = luck.Birth();
        if (pool.Configuration.Maps && luck.Spoils())
        {
            return (pool, PageId.None);
        }

        var facts = new PoolPage(pool.Node, luck.FromReserve, Written: 0, Outside: 0, References: 0);
        return (pool.Brought(page, facts), page);
    }

    /// <summary>The last page of the cache is given out (C.2.1), and counted.</summary>
    private static (PoolState Pool, PageId Page) Pop(PoolState pool, PoolCounters counters)
    {
        var page = pool.Cache[^1];
        pool = pool with
        {
            Cache = pool.Cache.RemoveAt(pool.Cache.Length - 1),
            Pages = pool.Pages.SetItem(page, GivenOut(pool, page)),
            Counters = counters,
        };
        return (pool, page);
    }

    /// <summary>The page as it begins to be outside: one pool reference, nothing written.</summary>
    private static PoolPage GivenOut(PoolState pool, PageId page) => pool.Pages[page] with { Written = 0, Outside = 1 };
}
