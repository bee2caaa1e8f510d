using RxVerify.Model.Mana;
using RxVerify.Model.PagePool;
using RxVerify.Model.Vocabulary;

namespace RxVerify.Tests.Mana;

/// <summary>What holds in every world of a MANA queue.</summary>
internal static class ManaModelInvariants
{
    public static void AssertAll(ManaModel world)
    {
        Assert.InRange(world.Load, 0, world.Configuration.HeldMax);
        Assert.InRange(world.PagesLive, 0, world.Configuration.PagesMax);
        Assert.InRange(world.Waiting.Length + (world.Queue is null ? 0 : 1), 0, 2);
        AssertCounters(world);
        if (world.Queue is { } queue)
        {
            AssertQueue(world, queue);
            AssertPool(world, queue.Pool);
            Assert.Equal((2, 0), (queue.Pool.Users, queue.Pool.DestroyCount));
        }

        foreach (var pool in world.Waiting)
        {
            AssertPool(world, pool);
            Assert.Equal((0, true), (pool.Users, pool.RetryScheduled));
            Assert.Empty(pool.Cache);
            Assert.Null(pool.Current);
        }

        AssertForeignPages(world);
        AssertRanges(world);
    }

    /// <summary>After a Settle that keeps nothing, nothing is outside but what is posted.</summary>
    public static void AssertSettled(ManaModel world)
    {
        Assert.Equal(0, world.Load);
        Assert.Empty(world.Waiting);
        if (world.Queue is { } queue)
        {
            Assert.Equal(world.Configuration.QueueSize, queue.Visible.Length);
            Assert.Equal(queue.Slots.Count(buffer => buffer.IsFromPool), queue.Pool.Pages.Values.Sum(page => page.Outside));
        }
        else
        {
            Assert.Equal((0, 0), (world.PagesLive, world.Mappings));
        }
    }

    /// <summary>Every completion consumed ends in exactly one way, and so does every packet that is counted as one.</summary>
    private static void AssertCounters(ManaModel world)
    {
        var counters = world.Counters;
        Assert.Equal(counters.Completed, counters.Packets + counters.Dropped + counters.CompletionErrors + counters.Fences);
        Assert.Equal(counters.Packets, world.Delivered + counters.XdpTransmitted + counters.XdpRedirected);
        Assert.InRange(counters.XdpDropped, 0, counters.Dropped);
        Assert.InRange(counters.TxDropped, 0, counters.XdpTransmitted);
    }

    /// <summary>All slots are posted or completed, in one order that begins with the slot that the driver takes next (B.3).</summary>
    private static void AssertQueue(ManaModel world, ManaQueueModel queue)
    {
        int size = world.Configuration.QueueSize;
        Assert.Equal(size, queue.Slots.Length);
        Assert.InRange(queue.Completions.Length, 0, world.Configuration.CompletionSlots);
        var completed = queue.Completions.Where(completion => completion.Slot is not null).Select(completion => completion.Slot!.Value);
        Assert.Equal(Enumerable.Range(queue.NextSlot, size).Select(slot => slot % size), completed.Concat(queue.Visible));
        Assert.True(!queue.HasProgram || !queue.Layout.IsFragmented);
        if (queue.Layout.IsFragmented)
        {
            // B.7 #6: nobody would ever look for it.
            Assert.Equal(PageId.None, queue.Saved);
        }
    }

    /// <summary>C.8 P1, P3: each page of a pool is in one place, and outside as often as somebody holds it.</summary>
    private static void AssertPool(ManaModel world, PoolState pool)
    {
        var inside = pool.Cache.Concat(pool.Ring.Pages).Concat(pool.Current is { } cut ? [cut.Page] : []).ToList();
        var outside = pool.Pages.Where(page => page.Value.Outside > 0 && page.Key != pool.Current?.Page).Select(page => page.Key);
        var places = inside.Concat(outside).Select(page => page.Value).Order().ToList();
        Assert.Equal(places.Distinct(), places);
        Assert.Equal(pool.Pages.Keys.Select(page => page.Value).Order(), places);
        Assert.Equal(pool.Pages.Count, (int)(pool.Counters.Hold - pool.Counters.Release));
        var holders = PoolHolders(world).ToLookup(range => range.Page);
        Assert.All(pool.Pages, page => Assert.Equal(holders[page.Key].Count(), page.Value.Outside));
        Assert.All(pool.Pages.Values, page => Assert.Equal(0, page.References));
    }

    /// <summary>P9: what is no pool's is in one place and in no pool, and what is a pool's is in one.</summary>
    private static void AssertForeignPages(ManaModel world)
    {
        var pools = world.Waiting.Concat(world.Queue is { } queue ? [queue.Pool] : []).ToList();
        var foreign = ForeignHolders(world).Select(range => range.Page).ToList();
        Assert.Equal(foreign.Distinct(), foreign);
        Assert.All(foreign, page => Assert.DoesNotContain(pools, pool => pool.Pages.ContainsKey(page)));
        Assert.All(PoolHolders(world), range => Assert.Single(pools, pool => pool.Pages.ContainsKey(range.Page)));
        Assert.Equal(pools.Sum(pool => pool.Pages.Count) + foreign.Count, world.PagesLive);
        Assert.All(pools.SelectMany(pool => pool.Pages.Keys).Concat(foreign), page => Assert.InRange(page.Value, 1, world.PagesBorn));
    }

    /// <summary>P3, P4: what the device may write and what somebody reads neither overlap nor leave their page.</summary>
    private static void AssertRanges(ManaModel world)
    {
        foreach (var page in PoolHolders(world).Concat(ForeignHolders(world)).GroupBy(range => range.Page))
        {
            int next = 0;
            foreach (var range in page.OrderBy(range => range.Offset))
            {
                Assert.True(range.Offset >= next, $"{range} begins before {next}");
                next = range.Offset + range.Length;
            }

            Assert.InRange(next, 0, world.Configuration.PageSize << 2);
        }
    }

    private static IEnumerable<Fragment> PoolHolders(ManaModel world) =>
        Skbs(world, recycled: true).Concat(world.Frames.Select(frame => frame.Range)).Concat(Buffers(world, fromPool: true));

    private static IEnumerable<Fragment> ForeignHolders(ManaModel world)
    {
        var held = Skbs(world, recycled: false).Concat(Buffers(world, fromPool: false));
        return world.Queue is { } queue && queue.Saved != PageId.None ? held.Append(new Fragment(queue.Saved, 0, 0)) : held;
    }

    private static IEnumerable<Fragment> Skbs(ManaModel world, bool recycled) =>
        world.Packets.Concat(world.Transmissions).Where(packet => packet.IsRecycled == recycled).Select(packet => packet.Range);

    private static IEnumerable<Fragment> Buffers(ManaModel world, bool fromPool) => world.Queue is not { } queue
        ? []
        : queue.Slots.Where(buffer => buffer.IsFromPool == fromPool)
            .Select(buffer => new Fragment(buffer.Page, buffer.Offset, queue.Layout.Headroom + queue.Layout.DataSize));
}
