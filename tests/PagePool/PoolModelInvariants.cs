using RxVerify.Model.PagePool;
using RxVerify.Model.Vocabulary;
using RxVerify.Model.Vocabulary.PagePool;

namespace RxVerify.Tests.PagePool;

/// <summary>What holds in every world of a pool (C.8).</summary>
internal static class PoolModelInvariants
{
    public static void AssertAll(PoolModel world)
    {
        Assert.InRange(world.Load, 0, world.Configuration.HeldMax);
        Assert.InRange(world.Processors.Count(put => put is { HoldsLock: true }), 0, 1);
        AssertSomebodyCanGoOn(world);
        if (world.Pool is { } pool)
        {
            AssertPages(world, pool);
            AssertFragments(world, pool);
            AssertEnd(world, pool);
        }
        else
        {
            // P6: a pool that is gone is nobody's concern any more.
            Assert.All(world.Processors, Assert.Null);
            Assert.DoesNotContain(world.Held, thing => thing.IsOfPool);
            Assert.Equal(PoolDestroyerStep.Idle, world.Destroyer);
            Assert.Equal(world.Counters.Hold, world.Counters.Release);
        }
    }

    /// <summary>After a Settle that keeps nothing, nothing is outside.</summary>
    public static void AssertSettled(PoolModel world)
    {
        Assert.Empty(world.Held);
        Assert.All(world.Processors, Assert.Null);
        Assert.Equal(PoolDestroyerStep.Idle, world.Destroyer);
        if (world.Pool is { } pool)
        {
            Assert.True(pool.IsUp);
            Assert.All(pool.Pages.Values, facts => Assert.Equal((0, 0), (facts.Outside, facts.References)));
            Assert.Equal(pool.Pages.Count, pool.Cache.Length + pool.Ring.Pages.Length + (pool.Current is null ? 0 : 1));
        }
    }

    /// <summary>P1, P2: each page is in one place, and the counts know how many there are.</summary>
    private static void AssertPages(PoolModel world, PoolState pool)
    {
        var inside = pool.Cache.Concat(pool.Ring.Pages).ToList();
        var underWay = world.Processors.SelectMany(put => put is null ? [] : put.Pages).ToList();
        var outside = pool.Pages.Where(page => page.Value.Outside > 0 && page.Key != pool.Current?.Page).Select(page => page.Key);
        List<PageId> places = [.. inside, .. underWay, .. outside];
        if (pool.Current is { } cut)
        {
            places.Add(cut.Page);
        }

        Assert.Equal(places.Count, places.Distinct().Count());
        Assert.Equal(pool.Pages.Keys.Order(ById), places.Order(ById));
        Assert.Equal(pool.Pages.Count, (int)(pool.Counters.Hold - pool.Counters.Release));
        Assert.InRange(pool.Pages.Count, 0, pool.Configuration.PagesMax);
        Assert.InRange(pool.Cache.Length, 0, pool.Configuration.CacheSize);

        bool stayMapped = pool.Configuration.Era == PoolEra.Linux515 || pool.DestroyCount == 0;
        Assert.Equal(pool.Configuration.Maps && stayMapped, pool.IsMapped);
        Assert.All(inside.Concat(underWay), page => Assert.Equal(0, pool.Pages[page].Outside));
        Assert.All(inside, page => Assert.Equal(0, pool.Pages[page].References));
        Assert.All(pool.Ring.Pages, page => Assert.False(pool.Pages[page].FromReserve));
    }

    /// <summary>P3, P4, P5: references are what is held, and fragments neither overlap nor lie behind what was cut.</summary>
    private static void AssertFragments(PoolModel world, PoolState pool)
    {
        foreach (var (page, facts) in pool.Pages)
        {
            var things = world.Held.Where(thing => thing.Range.Page == page).ToList();
            Assert.Equal(things.Count(thing => thing.IsOfPool), facts.Outside);
            Assert.Equal(things.Count(thing => thing.Kind == PoolThingKind.Reference), facts.References);
            int end = pool.Current is { } cut && cut.Page == page ? cut.NextOffset : pool.Configuration.PageBytes;
            int next = 0;
            foreach (var range in things.Where(thing => thing.IsOfPool).Select(thing => thing.Range).Distinct().OrderBy(range => range.Offset))
            {
                Assert.InRange(range.Offset, next, end);
                next = range.Offset + range.Length;
                Assert.InRange(next, range.Offset + 1, end);
            }
        }
    }

    /// <summary>A destroyed pool is on its way out: somebody is at it or will look again.</summary>
    private static void AssertEnd(PoolModel world, PoolState pool)
    {
        bool isAtIt = world.Destroyer != PoolDestroyerStep.Idle;
        Assert.Equal(!pool.IsUp, isAtIt || pool.RetryScheduled);
        Assert.False(isAtIt && pool.RetryScheduled);
        Assert.InRange(pool.Inflight, 0, pool.Configuration.PagesMax);
        if (pool.DestroyCount > 0)
        {
            Assert.Empty(pool.Cache);
            Assert.Null(pool.Current);
        }
    }

    /// <summary>Nobody waits for somebody who waits.</summary>
    private static void AssertSomebodyCanGoOn(PoolModel world)
    {
        if (world.Destroyer != PoolDestroyerStep.Idle || world.Processors.Any(put => put is not null))
        {
            Assert.Contains(Enumerable.Range(0, PoolOperation.Destroyer + 1), actor => world.Allows(PoolOperation.Go(actor)));
        }
    }

    private static readonly Comparer<PageId> ById = Comparer<PageId>.Create((one, other) => one.Value.CompareTo(other.Value));
}
