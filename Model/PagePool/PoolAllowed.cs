using RxVerify.Model.Vocabulary.PagePool;

namespace RxVerify.Model.PagePool;

/// <summary>The table "What is allowed" of docs/pool.md, row by row.</summary>
internal static class PoolAllowed
{
    /// <summary>Whether the operation can happen in this world.</summary>
    internal static bool Allows(PoolModel world, PoolOperation operation) => operation.Kind switch
    {
        PoolOperationKind.Page => IsQuietAndUp(world) && HasRoom(world) && Page(world.Configuration, operation),
        PoolOperationKind.Fragment => IsQuietAndUp(world) && HasRoom(world) && Fragment(world.Pool!, operation),
        PoolOperationKind.Any => IsQuietAndUp(world) && HasRoom(world) && Any(world.Pool!, operation),
        PoolOperationKind.Put => Put(world, operation) && !HoldsLock(world),
        PoolOperationKind.Begin => Begin(world, operation),
        PoolOperationKind.Go => operation.Processor == PoolOperation.Destroyer ? Destroyer(world) : Processor(world, operation.Processor),
        PoolOperationKind.Write => Write(world, operation),
        PoolOperationKind.Reference => IsHeld(world, operation) && HasRoom(world),
        PoolOperationKind.Share => world.Configuration.Era == PoolEra.Linux612
            && IsHeld(world, operation) && world.Held[operation.Pick].IsOfPool && HasRoom(world),
        PoolOperationKind.Foreign => HasRoom(world),
        PoolOperationKind.Move => IsQuietAndUp(world),
        PoolOperationKind.Register => world.Pool is { Users: 1 },
        PoolOperationKind.Destroy => world.Pool is { IsUp: true } && world.Destroyer == PoolDestroyerStep.Idle && Destroy(world, operation),
        PoolOperationKind.Retry => world.Pool is { RetryScheduled: true } && world.Destroyer == PoolDestroyerStep.Idle
            && (operation.IsStepwise || !HoldsLock(world)),
        PoolOperationKind.Create => world.Pool is null,
        PoolOperationKind.Settle => true,
        _ => false,
    };

    /// <summary>Row "Page": a pool of 5.15 that gives fragments gives nothing else.</summary>
    private static bool Page(PoolConfiguration configuration, PoolOperation operation) =>
        !(configuration.Era == PoolEra.Linux515 && configuration.Fragments) && IsFault(configuration, operation.Fault);

    /// <summary>Row "Fragment": the bias of the page being cut outlasts what is cut from it.</summary>
    private static bool Fragment(PoolState pool, PoolOperation operation) =>
        pool.Configuration.Fragments && operation.Size >= 1 && IsFault(pool.Configuration, operation.Fault)
        && !(PoolAllocation.FitsCurrent(pool, operation.Size) && pool.Current!.Value.Fragments + 1 >= pool.Configuration.BiasMax);

    /// <summary>Row "Any".</summary>
    private static bool Any(PoolState pool, PoolOperation operation)
    {
        var configuration = pool.Configuration;
        if (configuration.Era != PoolEra.Linux612 || operation.Size > configuration.PageBytes)
        {
            return false;
        }

        return PoolAllocation.IsWhole(configuration, operation.Size)
            ? configuration.Fragments && IsFault(configuration, operation.Fault)
            : Fragment(pool, operation);
    }

    /// <summary>Row "(all three)".</summary>
    private static bool IsFault(PoolConfiguration configuration, PoolFault fault) => fault switch
    {
        PoolFault.None or PoolFault.Page => true,
        PoolFault.Mapping => configuration.Maps,
        PoolFault.Index => configuration.Maps && configuration.Era == PoolEra.Linux612,
        _ => false,
    };

    /// <summary>Row "Put", but for the lock.</summary>
    private static bool Put(PoolModel world, PoolOperation operation)
    {
        if (operation.Count is < 1 or > PoolConfiguration.BulkMax || operation.Pick + operation.Count > world.Held.Length)
        {
            return false;
        }

        if (operation.Count > 1)
        {
            return operation.Size == 0
                && operation.Context is PutContext.Elsewhere or PutContext.Local
                && IsContext(world, operation)
                && IsAllOfPool(world, operation);
        }

        return IsContext(world, operation) && (operation.Size == 0 || IsPageWrittenUpTo(world, operation));
    }

    /// <summary>Who says that this is the pool's context has something of the pool, and a pool; what runs on its processor finds that idle.</summary>
    private static bool IsContext(PoolModel world, PoolOperation operation) => operation.Context switch
    {
        PutContext.Elsewhere => true,
        PutContext.Local => IsQuiet(world),
        PutContext.Direct or PutContext.DirectInProcess => IsQuietAndUp(world) && world.Held[operation.Pick].IsOfPool,
        _ => false,
    };

    private static bool IsAllOfPool(PoolModel world, PoolOperation operation)
    {
        for (var place = operation.Pick; place < operation.Pick + operation.Count; place++)
        {
            if (!world.Held[place].IsOfPool)
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Only of a whole page is known which bytes were written (C.7).</summary>
    private static bool IsPageWrittenUpTo(PoolModel world, PoolOperation operation)
    {
        var thing = world.Held[operation.Pick];
        return thing.Kind == PoolThingKind.Page && world.Pool!.Pages[thing.Range.Page].Written <= operation.Size;
    }

    /// <summary>Row "Begin".</summary>
    private static bool Begin(PoolModel world, PoolOperation operation) =>
        operation.Processor < PoolConfiguration.Processors
        && world.Processors[operation.Processor] is null
        && (operation.Processor == 0 ? operation.Context is PutContext.Local or PutContext.Direct : operation.Context is PutContext.Elsewhere)
        && Put(world, operation);

    /// <summary>Row "Go", of a processor: whoever is inside the lock needs no other.</summary>
    private static bool Processor(PoolModel world, int processor) =>
        processor < PoolConfiguration.Processors
        && world.Processors[processor] is { } put
        && !(PoolPutting.TakesLock(world.Pool!, put) && HoldsLock(world));

    /// <summary>Row "Go", of who destroys the pool.</summary>
    private static bool Destroyer(PoolModel world) => world.Destroyer switch
    {
        PoolDestroyerStep.Idle => false,
        PoolDestroyerStep.CurrentPage => IsGraceOver(world),
        PoolDestroyerStep.Lock => !HoldsLock(world),
        _ => true,
    };

    /// <summary>Row "Destroy", once there is somebody to do it: nobody on the pool's processor says that this is the pool's context.</summary>
    private static bool Destroy(PoolModel world, PoolOperation operation) =>
        world.Processors[0] is null or { Context: PutContext.Local }
        && (operation.IsStepwise || (!HoldsLock(world) && IsGraceOver(world)));

    /// <summary>Row "Write".</summary>
    private static bool Write(PoolModel world, PoolOperation operation)
    {
        if (!IsHeld(world, operation) || operation.Size < 1)
        {
            return false;
        }

        var thing = world.Held[operation.Pick];
        return thing.Kind switch
        {
            PoolThingKind.Page => operation.Size <= world.Configuration.SyncBytes,
            PoolThingKind.Fragment => operation.Size <= thing.Range.Length,
            _ => false,
        };
    }

    private static bool IsHeld(PoolModel world, PoolOperation operation) => operation.Pick < world.Held.Length;

    private static bool HasRoom(PoolModel world) => world.Load < world.Configuration.HeldMax;

    private static bool IsQuiet(PoolModel world) => world.Processors[0] is null;

    private static bool IsQuietAndUp(PoolModel world) => world.Pool is { IsUp: true } && IsQuiet(world);

    /// <summary>Whether a put under way is inside the producer's lock.</summary>
    private static bool HoldsLock(PoolModel world)
    {
        foreach (var put in world.Processors)
        {
            if (put is { HoldsLock: true })
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Whether no put is about to go into the cache because of what it saw before (D-41); only the pool's processor can be.</summary>
    private static bool IsGraceOver(PoolModel world) => world.Processors[0] is not { IsBoundForCache: true };
}
