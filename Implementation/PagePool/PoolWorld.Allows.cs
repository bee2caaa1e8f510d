using RxVerify.Model.Vocabulary.PagePool;

namespace RxVerify.Implementation.PagePool;

/// <content>The table "What is allowed" of docs/pool.md.</content>
public abstract unsafe partial class PoolWorld
{
    private const int OwnProcessor = 0;

    /// <summary>Whether there is a pool with a user.</summary>
    private bool HasUsers => Pool.IsUp && Pool.Users >= 1;

    /// <summary>Whether no put is under way on the pool's own processor.</summary>
    private bool IsQuiet => IsIdle(OwnProcessor);

    private bool HasRoom => Load < Configuration.HeldMax;

    private bool Is612 => Configuration.Era == PoolEra.Linux612;

    /// <summary>Whether an operation makes sense now; the table "What is allowed" of docs/pool.md.</summary>
    public bool Allows(PoolOperation operation) => operation.Kind switch
    {
        PoolOperationKind.Page => AllowsTaking(operation) && (Is612 || !Configuration.Fragments),
        PoolOperationKind.Fragment => AllowsCutting(operation),
        PoolOperationKind.Any => AllowsCutting(operation) && Is612 && operation.Size <= Configuration.PageBytes,
        PoolOperationKind.Put => AllowsPut(operation) && !Pool.ProducerInside,
        PoolOperationKind.Begin => AllowsBegin(operation),
        PoolOperationKind.Go => AllowsGo(operation.Processor),
        PoolOperationKind.Write => operation.Pick < Things.Length && AllowsWrite(Things[operation.Pick], operation.Size),
        PoolOperationKind.Reference => operation.Pick < Things.Length && HasRoom,
        PoolOperationKind.Share => Is612 && operation.Pick < Things.Length && Things[operation.Pick].IsOfPool && HasRoom,
        PoolOperationKind.Foreign => HasRoom,
        PoolOperationKind.Move => HasUsers && IsQuiet,
        PoolOperationKind.Register => HasUsers && Pool.Users == 1,
        PoolOperationKind.Destroy => AllowsDestroy(operation.IsStepwise),
        PoolOperationKind.Retry => Pool.HasRetry && DestroyStep == DestroyStep.Idle && (operation.IsStepwise || MayDo(DestroyStep.Lock)),
        PoolOperationKind.Create => !Pool.IsUp,
        PoolOperationKind.Settle => true,
        _ => false,
    };

    private bool AllowsTaking(PoolOperation operation) => HasUsers && IsQuiet && HasRoom && operation.Fault switch
    {
        PoolFault.None or PoolFault.Page => true,
        PoolFault.Mapping => Configuration.Maps,
        PoolFault.Index => Configuration.Maps && Is612,
        _ => false,
    };

    /// <summary>The bias of the current page must not run out before the page does, as the kernel's cannot.</summary>
    private bool AllowsCutting(PoolOperation operation) =>
        AllowsTaking(operation)
        && Configuration.Fragments
        && operation.Size >= 1
        && (Pool.CurrentUsers < Configuration.BiasMax - 1 || Pool.CurrentOffset + Configuration.Aligned(operation.Size) > Configuration.PageBytes);

    private bool AllowsPut(PoolOperation operation)
    {
        if (operation.Count is < 1 or > PoolConfiguration.BulkMax || operation.Pick + operation.Count > Things.Length)
        {
            return false;
        }

        var things = Things.Slice(operation.Pick, operation.Count);
        return AllowsContext(operation.Context, things) && AllowsSync(operation.Size, things) && (things.Length == 1 || AreOfPool(things));
    }

    private bool AllowsContext(PutContext context, ReadOnlySpan<HeldThing> things) => context switch
    {
        PutContext.Elsewhere => true,
        PutContext.Local => IsQuiet,
        PutContext.Direct or PutContext.DirectInProcess => IsQuiet && HasUsers && things.Length == 1 && things[0].IsOfPool,
        _ => false,
    };

    private bool AllowsSync(int sync, ReadOnlySpan<HeldThing> things) =>
        sync == 0 || (things.Length == 1 && things[0].Kind == ThingKind.Page && Written(things[0].Frame) <= sync);

    private bool AllowsBegin(PoolOperation operation) => operation.Processor switch
    {
        OwnProcessor => operation.Context is PutContext.Local or PutContext.Direct,
        < PoolConfiguration.Processors => operation.Context == PutContext.Elsewhere && IsIdle(operation.Processor),
        _ => false,
    }
        && AllowsPut(operation);

    private bool AllowsGo(int processor)
    {
        if (processor >= PoolConfiguration.Processors)
        {
            return processor == PoolOperation.Destroyer && MayDo(DestroyStep);
        }

        ref readonly var put = ref UnderWay(processor);
        return put.Step switch
        {
            PutStep.Idle => false,
            PutStep.Publish => !Pool.ProducerInside || !Pool.NeedsRing(put),
            _ => true,
        };
    }

    private bool AllowsWrite(in HeldThing thing, int size) =>
        thing.IsOfPool && size >= 1 && size <= (thing.Kind == ThingKind.Page ? Configuration.SyncBytes : thing.Length);

    private bool AllowsDestroy(bool isStepwise) =>
        HasUsers
        && DestroyStep == DestroyStep.Idle
        && (IsQuiet || UnderWay(OwnProcessor).Context == PutContext.Local)
        && (isStepwise || (MayDo(DestroyStep.Lock) && MayDo(DestroyStep.CurrentPage)));

    private bool MayDo(DestroyStep step)
    {
        ref readonly var own = ref UnderWay(OwnProcessor);
        return Pool.MayDo(step, own.IsDirect && own.Step == PutStep.Publish);
    }

    private bool IsIdle(int processor) => UnderWay(processor).Step == PutStep.Idle;

    private static bool AreOfPool(ReadOnlySpan<HeldThing> things)
    {
        foreach (ref readonly var thing in things)
        {
            if (!thing.IsOfPool)
            {
                return false;
            }
        }

        return true;
    }
}
