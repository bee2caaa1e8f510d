using RxVerify.Implementation.PagePool;
using RxVerify.Model.Vocabulary.PagePool;
using RxVerify.Properties;

namespace RxVerify.Tests.PagePool;

/// <summary>Operations by chance, and what must hold after each by the pool's own memory.</summary>
internal static class PoolWalk
{
    /// <summary>An operation that may be allowed or not; destroying is rare, so that the pool is mostly up.</summary>
    public static PoolOperation Next(ref Dice dice, PoolWorld world)
    {
        int pick = dice.Below(Math.Max(1, world.Things.Length));
        var fault = dice.Below(8) == 0 ? (PoolFault)dice.Between(1, 3) : PoolFault.None;
        bool reserve = dice.Below(8) == 0;
        int count = dice.Below(3) == 0 ? dice.Between(2, 4) : 1;
        int processor = dice.Below(PoolConfiguration.Processors);
        var context = processor == 0 ? dice.Of(PutContext.Local, PutContext.Direct) : PutContext.Elsewhere;
        return dice.Below(24) switch
        {
            < 3 => PoolOperation.Page(fault, dice.Below(3), reserve),
            < 5 => PoolOperation.Fragment(dice.Between(1, world.Configuration.PageSize / 2), fault, dice.Below(3), reserve),
            5 => PoolOperation.Any(dice.Between(1, world.Configuration.PageSize * 3 / 4), fault, dice.Below(3), reserve),
            < 10 => PoolOperation.Put(pick, (PutContext)dice.Below(4), dice.Below(4) == 0 ? world.Configuration.SyncBytes / 2 : 0, count),
            < 13 => PoolOperation.Begin(processor, pick, context, 0, count),
            < 19 => PoolOperation.Go(dice.Below(PoolConfiguration.Processors + 1)),
            19 => PoolOperation.Write(pick, dice.Between(1, 1500)),
            20 => dice.Below(2) == 0 ? PoolOperation.Reference(pick) : PoolOperation.Share(pick),
            21 => dice.Below(2) == 0 ? PoolOperation.Foreign() : PoolOperation.Move(),
            22 => dice.Below(2) == 0 ? PoolOperation.Retry(dice.Below(2) == 0) : PoolOperation.Create(),
            _ => dice.Below(8) switch
            {
                0 => PoolOperation.Register(),
                < 3 => PoolOperation.Destroy(stepwise: dice.Below(2) == 0),
                3 => PoolOperation.Settle(dice.Below(2) == 0),
                _ => PoolOperation.Put(pick),
            },
        };
    }

    /// <summary>P1, P2 and P10 of the facts, C.8, and that a page that leaves the pool is forgotten by it.</summary>
    public static void Check(PoolWorld world, PoolOperation operation, PoolOutcome outcome)
    {
        HashSet<int> frames = [];
        foreach (int frame in Parked(world.Pool))
        {
            Assert.True(frames.Add(frame), $"{operation}: frame {frame} is in cache or ring twice");
            Assert.Equal(1, world.Memory.References(frame));
            Assert.Equal(world.Configuration.Maps && !IsScrubbed(world), world.Memory.IsMapped(frame));
            Assert.True(world.Configuration.Era == PoolEra.Linux515 || world.Pool.CounterOf(frame) == 1, $"{operation}: a counter is not 1");
            Assert.DoesNotContain(world.Things.ToArray(), thing => thing.IsOfPool && thing.Frame == frame);
        }

        frames.UnionWith(world.Things.ToArray().Where(thing => thing.IsOfPool).Select(thing => thing.Frame));
        frames.UnionWith(InHand(world));
        if (world.Pool.Current >= 0)
        {
            frames.Add(world.Pool.Current);
        }

        Assert.Equal(frames.Count, world.Pool.Inflight);
        Assert.All(frames, frame => Assert.True(world.Pool.Owns(frame)));
        Assert.Equal(frames.Count, Enumerable.Range(0, world.Memory.Frames).Count(world.Pool.IsOfPool));
        if (outcome.Got.Length > 0 && operation.Kind != PoolOperationKind.Foreign)
        {
            Assert.False(world.Memory.IsDirty(world.Things[^1].Frame, outcome.Got.Offset, outcome.Got.Length), $"{operation} gave dirty bytes");
        }
    }

    private static bool IsScrubbed(PoolWorld world) => world.Pool.Destroys > 0 && world.Configuration.Era == PoolEra.Linux612;

    /// <summary>Frames in the cache, and those in the ring that were not read yet.</summary>
    private static IEnumerable<int> Parked(Pool pool)
    {
        for (int place = 0; place < pool.Cached; place++)
        {
            yield return pool.CacheAt(place);
        }

        int slot = pool.RingHead;
        for (int place = 0; place < pool.RingSlots && pool.RingAt(slot) >= 0; place++)
        {
            // From the head on, up to what was read and not cleared.
            if (place > 0 && slot == pool.RingTail)
            {
                yield break;
            }

            yield return pool.RingAt(slot);
            slot = (slot + 1) % pool.RingSlots;
        }
    }

    private static IEnumerable<int> InHand(PoolWorld world)
    {
        for (int processor = 0; processor < PoolConfiguration.Processors; processor++)
        {
            var put = world.UnderWay(processor);
            for (int place = 0; place < put.Count; place++)
            {
                yield return put.Frames[place];
            }
        }
    }
}
