using System.Diagnostics;
using RxVerify.Model.Vocabulary;
using RxVerify.Model.Vocabulary.PagePool;

namespace RxVerify.Model.PagePool;

/// <summary>Things come to be held, and their holders write to them and take more references (docs/pool.md, things held).</summary>
internal static class PoolHolders
{
    /// <summary>Page, Fragment, Any: what the pool gave is held, as the youngest.</summary>
    internal static PoolStep Allocate(PoolModel world, PoolOperation operation)
    {
        var luck = new PoolLuck(operation.Fault, operation.SuccessesBeforeFault, operation.FromReserve, world.PagesBorn);
        var (pool, got) = operation.Kind switch
        {
            PoolOperationKind.Page => PoolAllocation.Page(world.Pool!, ref luck),
            PoolOperationKind.Fragment => PoolAllocation.Fragment(world.Pool!, operation.Size, ref luck),
            PoolOperationKind.Any => PoolAllocation.Any(world.Pool!, operation.Size, ref luck),
            _ => throw new UnreachableException($"{operation.Kind} takes nothing from the pool."),
        };
        world = world with { Pool = pool, PagesBorn = luck.PagesBorn };
        return got is { } thing ? Hold(world, thing) : new PoolStep(world, default);
    }

    /// <summary>A page that no pool knows, as long as a page of this one.</summary>
    internal static PoolStep Foreign(PoolModel world)
    {
        var page = new PageId(world.PagesBorn + 1);
        var thing = new PoolThing(PoolThingKind.Foreign, new Fragment(page, 0, world.Configuration.PageBytes));
        return Hold(world with { PagesBorn = page.Value }, thing);
    }

    /// <summary>A whole page remembers how far it was written; of fragments nobody keeps count (C.7).</summary>
    internal static PoolStep Write(PoolModel world, PoolOperation operation)
    {
        var thing = world.Held[operation.Pick];
        if (thing.Kind is PoolThingKind.Fragment)
        {
            return new PoolStep(world, default);
        }

        var facts = world.Pool!.Pages[thing.Range.Page];
        facts = facts with { Written = Math.Max(facts.Written, operation.Size) };
        return new PoolStep(world with { Pool = world.Pool.With(thing.Range.Page, facts) }, default);
    }

    /// <summary>A page reference on what is held, for the same bytes.</summary>
    internal static PoolStep Reference(PoolModel world, PoolOperation operation)
    {
        var thing = world.Held[operation.Pick];
        return new PoolStep(Referenced(world, thing.Range.Page, change: 1) with { Held = world.Held.Add(thing with { Kind = PoolThingKind.Reference }) }, default);
    }

    /// <summary>A pool reference on what is held, for the same bytes.</summary>
    internal static PoolStep Share(PoolModel world, PoolOperation operation)
    {
        var thing = world.Held[operation.Pick];
        return new PoolStep(world with { Pool = PoolPutting.Share(world.Pool!, thing.Range.Page), Held = world.Held.Add(thing) }, default);
    }

    /// <summary>Page references come or go, on a page of the pool, of no pool, or of one that is gone.</summary>
    internal static PoolModel Referenced(PoolModel world, PageId page, int change) =>
        world.Pool is { } pool ? world with { Pool = PoolPutting.Reference(pool, page, change) } : world;

    private static PoolStep Hold(PoolModel world, PoolThing thing) =>
        new(world with { Held = world.Held.Add(thing) }, new PoolOutcome(Value: 1, thing.Range));
}
