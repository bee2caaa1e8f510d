using System.Collections.Immutable;
using RxVerify.Model.Vocabulary;
using RxVerify.Model.Vocabulary.PagePool;

namespace RxVerify.Model.PagePool;

/// <summary>Who acts step by step: the processors that let go, who destroys the pool, and the environment that lets all of it end.</summary>
internal static class PoolActors
{
    /// <summary>Things are let go, all steps at once.</summary>
    internal static PoolStep Put(PoolModel world, PoolOperation operation)
    {
        var (next, references) = LetGo(world, operation.Pick, operation.Count);
        if (references.IsEmpty)
        {
            return new PoolStep(next, default);
        }

        var pool = PoolPutting.Whole(next.Pool!, references, operation.Context, operation.Size);
        return Counted(world, next with { Pool = pool });
    }

    /// <summary>Things are let go; the processor has done the first step.</summary>
    internal static PoolStep Begin(PoolModel world, PoolOperation operation)
    {
        var (next, references) = LetGo(world, operation.Pick, operation.Count);
        if (references.IsEmpty)
        {
            return new PoolStep(next, default);
        }

        var (pool, put) = PoolPutting.Count(next.Pool!, references, operation.Context, operation.Size);
        return new PoolStep(next with { Pool = pool, Processors = next.Processors.SetItem(operation.Processor, put) }, default);
    }

    /// <summary>The next step of a processor, or of who destroys the pool.</summary>
    internal static PoolStep Go(PoolModel world, int actor)
    {
        if (actor == PoolOperation.Destroyer)
        {
            var (left, step) = PoolDestruction.Next(world.Pool!, world.Destroyer);
            return Counted(world, Ended(world, left, world.Counters) with { Destroyer = step });
        }

        var (pool, put) = PoolPutting.Next(world.Pool!, world.Processors[actor]!);
        return Counted(world, world with { Pool = pool, Processors = world.Processors.SetItem(actor, put) });
    }

    /// <summary>A user destroys the pool, in one go or with the first step.</summary>
    internal static PoolStep Destroy(PoolModel world, PoolOperation operation)
    {
        if (operation.IsStepwise)
        {
            var (pool, step) = PoolDestruction.Leave(world.Pool!);
            return new PoolStep(world with { Pool = pool, Destroyer = step }, default);
        }

        var (left, counters) = PoolDestruction.Destroy(world.Pool!);
        return Counted(world, Ended(world, left, counters));
    }

    /// <summary>The delayed work looks again, in one go or with the first step.</summary>
    internal static PoolStep Retry(PoolModel world, PoolOperation operation)
    {
        if (operation.IsStepwise)
        {
            var (pool, step) = PoolDestruction.LookAgain(world.Pool!);
            return Counted(world, world with { Pool = pool, Destroyer = step });
        }

        var (left, counters) = PoolDestruction.Retry(world.Pool!);
        return Counted(world, Ended(world, left, counters));
    }

    /// <summary>What is under way ends, holders let go, and the delayed work runs until it changes nothing (docs/pool.md, Settle).</summary>
    internal static PoolStep Settle(PoolModel world, PoolOperation operation)
    {
        world = Finished(world);
        while (!operation.KeepsHeld && !world.Held.IsEmpty)
        {
            world = Put(world, PoolOperation.Put()).Next;
        }

        var retries = 0;
        var changed = true;
        while (changed && world.Pool is { RetryScheduled: true } before)
        {
            world = Retry(world, PoolOperation.Retry()).Next;
            retries++;
            // What the ring held was among the pages remembered, so a look that finds any of it changes their number.
            changed = world.Pool?.Inflight != before.Inflight;
        }

        return new PoolStep(world, new PoolOutcome(retries));
    }

    /// <summary>Every actor in turn does all it may, until nobody may do anything.</summary>
    private static PoolModel Finished(PoolModel world)
    {
        var moved = true;
        while (moved)
        {
            moved = false;
            for (var actor = 0; actor <= PoolOperation.Destroyer; actor++)
            {
                while (world.Allows(PoolOperation.Go(actor)))
                {
                    world = Go(world, actor).Next;
                    moved = true;
                }
            }
        }

        return world;
    }

    /// <summary>
    /// These things are held no longer. Page references and foreign pages are done with at once (C.4.1: the signature test finds no
    /// pool); the pages of the others still have their pool reference.
    /// </summary>
    private static (PoolModel Next, ImmutableArray<PageId> References) LetGo(PoolModel world, int pick, int count)
    {
        var references = ImmutableArray.CreateBuilder<PageId>();
        var next = world with { Held = world.Held.RemoveRange(pick, count) };
        for (var place = pick; place < pick + count; place++)
        {
            var thing = world.Held[place];
            if (thing.IsOfPool)
            {
                references.Add(thing.Range.Page);
            }
            else
            {
                next = PoolHolders.Referenced(next, thing.Range.Page, change: -1);
            }
        }

        return (next, references.ToImmutable());
    }

    /// <summary>The world with what is left of its pool; when that is nothing, its statistics stay.</summary>
    private static PoolModel Ended(PoolModel world, PoolState? left, PoolCounters counters) =>
        world with { Pool = left, LastCounters = left is null ? counters : world.LastCounters };

    /// <summary>The step's value is the number of pages that left the pool in it.</summary>
    private static PoolStep Counted(PoolModel before, PoolModel next) =>
        new(next, new PoolOutcome((int)(next.Counters.Release - before.Counters.Release)));
}
