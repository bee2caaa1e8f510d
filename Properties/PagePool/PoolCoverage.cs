using RxVerify.Implementation.PagePool;
using RxVerify.Model.Vocabulary.PagePool;

namespace RxVerify.Properties.PagePool;

/// <summary>Counts operations of the page pool by outcome, and landmarks.</summary>
/// <param name="era">The one kernel whose pool is drawn, and so which rows have to be reached; null for both.</param>
public sealed class PoolCoverage(PoolEra? era) : Coverage
{
    private readonly long[] _counts = new long[Table.Length];
    private PoolCounters _before;
    private bool _wasUp;
    private bool _producerWasInside;
    private int _held;

    private enum Row
    {
        PageGiven, PageNone, FragmentGiven, FragmentNone, FragmentTooLarge, AnyGiven, AnyNone,
        PutOne, PutMany, PutLocal, PutDirect, PutInProcess, Write, Reference, Share, Foreign, Move, Register, Begin, Go, GoDestroyer,
        DestroyOne, DestroyLast, DestroyStepwise, Retry, RetryStepwise, SettleKeeping, Settle, Create,
        Refilled, Waived, SlowHighOrder, PartialBulk, MappingFailed, IndexFailed, DrainReused, DrainForgot, AnyExtended, AnyWhole,
        CacheFull, RingFull, RingFullLazily, Released, ReserveGivenUp, PutAcrossDestroy, ProducerInsideDestroy, GoneWhileHeldForeign, RetriedTwice,
    }

    private static readonly (Row Row, PoolEra? Era, bool IsLandmark, string Name)[] Table =
    [
        (Row.PageGiven, null, false, "page: given"),
        (Row.PageNone, null, false, "page: none"),
        (Row.FragmentGiven, null, false, "fragment: given"),
        (Row.FragmentNone, null, false, "fragment: none"),
        (Row.FragmentTooLarge, null, false, "fragment: larger than a page"),
        (Row.AnyGiven, PoolEra.Linux612, false, "fragment or page: given"),
        (Row.AnyNone, PoolEra.Linux612, false, "fragment or page: none"),
        (Row.PutOne, null, false, "put: one thing"),
        (Row.PutMany, null, false, "put: several things together"),
        (Row.PutLocal, null, false, "put: on the pool's processor"),
        (Row.PutDirect, null, false, "put: in the pool's context"),
        (Row.PutInProcess, null, false, "put: by the driver in process context"),
        (Row.Write, null, false, "write"),
        (Row.Reference, null, false, "page reference"),
        (Row.Share, PoolEra.Linux612, false, "pool reference"),
        (Row.Foreign, null, false, "foreign page"),
        (Row.Move, null, false, "move to the other node"),
        (Row.Register, null, false, "register"),
        (Row.Begin, null, false, "begin a put"),
        (Row.Go, null, false, "a put goes on"),
        (Row.GoDestroyer, null, false, "destruction goes on"),
        (Row.DestroyOne, null, false, "destroy: a user remains"),
        (Row.DestroyLast, null, false, "destroy: the last user"),
        (Row.DestroyStepwise, null, false, "destroy: step by step"),
        (Row.Retry, null, false, "retry"),
        (Row.RetryStepwise, null, false, "retry: step by step"),
        (Row.SettleKeeping, null, false, "settle: holders keep what they hold"),
        (Row.Settle, null, false, "settle: everything is put"),
        (Row.Create, null, false, "create"),
        (Row.Refilled, null, true, "the cache was refilled from the ring"),
        (Row.Waived, null, true, "a refill met a page of another node"),
        (Row.SlowHighOrder, null, true, "a page of a higher order was allocated"),
        (Row.PartialBulk, null, true, "the allocator gave fewer pages than were asked for together"),
        (Row.MappingFailed, null, true, "a page could not be mapped"),
        (Row.IndexFailed, PoolEra.Linux612, true, "a mapped page could not be registered"),
        (Row.DrainReused, null, true, "a drain got its page back"),
        (Row.DrainForgot, null, true, "a drain left its page to the fragments in use"),
        (Row.AnyExtended, PoolEra.Linux612, true, "a fragment got the rest of its page"),
        (Row.AnyWhole, PoolEra.Linux612, true, "a whole page was given where a fragment was too large"),
        (Row.CacheFull, null, true, "a direct put found the cache full"),
        (Row.RingFull, null, true, "a put found the ring full"),
        (Row.RingFullLazily, null, true, "a put found the ring full although the consumer had read places of it"),
        (Row.Released, null, true, "a page was given up because somebody else held it"),
        (Row.ReserveGivenUp, null, true, "a page of the reserve was given up"),
        (Row.PutAcrossDestroy, null, true, "a put was under way while the pool was destroyed"),
        (Row.ProducerInsideDestroy, null, true, "destruction emptied the ring while a producer was inside"),
        (Row.GoneWhileHeldForeign, null, true, "the pool was gone while page references of it were held"),
        (Row.RetriedTwice, null, true, "a destroyed pool looked twice"),
    ];

    /// <inheritdoc/>
    public override IReadOnlyList<CoverageRow> Rows =>
        [.. Table.Where(row => row.Era is null || era is null || row.Era == era).Select(row => new CoverageRow(row.Name, _counts[(int)row.Row], row.IsLandmark))];

    /// <summary>A step is about to be done.</summary>
    internal void BeginStep(PoolWorld world)
    {
        _before = world.Pool.Counters;
        _wasUp = world.Pool.IsUp;
        _producerWasInside = world.Pool.ProducerInside;
        _held = world.Things.Length;
    }

    /// <summary>A step was done and checked.</summary>
    internal void Note(PoolOperation operation, PoolOutcome outcome, PoolRun run)
    {
        Operations++;
        var world = run.World;
        switch (operation.Kind)
        {
            case PoolOperationKind.Page or PoolOperationKind.Fragment or PoolOperationKind.Any:
                NoteTaking(operation, outcome, world);
                break;
            case PoolOperationKind.Put:
                Count(operation.Count > 1 ? Row.PutMany : Row.PutOne);
                Count(Row.PutLocal + (int)operation.Context - 1, operation.Context != PutContext.Elsewhere);
                break;
            case PoolOperationKind.Destroy:
                Count(world.Pool.Users > 0 ? Row.DestroyOne : Row.DestroyLast);
                Count(Row.DestroyStepwise, operation.IsStepwise);
                break;
            case PoolOperationKind.Go:
                Count(operation.Processor == PoolOperation.Destroyer ? Row.GoDestroyer : Row.Go);
                break;
            case PoolOperationKind.Retry:
                Count(operation.IsStepwise ? Row.RetryStepwise : Row.Retry);
                break;
            case PoolOperationKind.Settle:
                Count(operation.KeepsHeld ? Row.SettleKeeping : Row.Settle);
                break;
            default:
                Count(Plain(operation.Kind));
                break;
        }

        if (run.Finding is null && _wasUp && operation.Kind != PoolOperationKind.Create)
        {
            NotePutting(operation, world);
            NoteDestruction(operation, world);
        }
    }

    private static Row Plain(PoolOperationKind kind) => kind switch
    {
        PoolOperationKind.Write => Row.Write,
        PoolOperationKind.Reference => Row.Reference,
        PoolOperationKind.Share => Row.Share,
        PoolOperationKind.Foreign => Row.Foreign,
        PoolOperationKind.Move => Row.Move,
        PoolOperationKind.Register => Row.Register,
        PoolOperationKind.Begin => Row.Begin,
        _ => Row.Create,
    };

    private void Count(Row row, bool condition = true)
    {
        if (condition)
        {
            _counts[(int)row]++;
        }
    }

    private void NoteTaking(PoolOperation operation, PoolOutcome outcome, PoolWorld world)
    {
        bool isGiven = outcome.Value > 0;
        var configuration = world.Configuration;
        ref readonly var now = ref world.Pool.Counters;
        Count(operation.Kind switch
        {
            PoolOperationKind.Page => isGiven ? Row.PageGiven : Row.PageNone,
            PoolOperationKind.Fragment => isGiven ? Row.FragmentGiven : operation.Size > configuration.PageBytes ? Row.FragmentTooLarge : Row.FragmentNone,
            _ => isGiven ? Row.AnyGiven : Row.AnyNone,
        });
        long born = now.Hold - _before.Hold;
        bool isSlow = now.Slow > _before.Slow;
        Count(Row.Refilled, now.Refilled > _before.Refilled);
        Count(Row.Waived, now.Waived > _before.Waived);
        Count(Row.SlowHighOrder, now.SlowHighOrder > _before.SlowHighOrder);
        Count(Row.PartialBulk, isSlow && operation.Fault == PoolFault.Page && born < configuration.Refill);
        Count(Row.MappingFailed, operation.Fault == PoolFault.Mapping && isSlow && born < configuration.Refill);
        Count(Row.IndexFailed, operation.Fault == PoolFault.Index && isSlow && born < configuration.Refill);
        bool isDrained = isGiven && operation.Kind != PoolOperationKind.Page && outcome.Got.Offset == 0 && outcome.Got.Length < configuration.PageBytes;
        Count(Row.DrainReused, isDrained && now.Cached > _before.Cached);
        Count(Row.DrainForgot, isDrained && now.Cached == _before.Cached && HasOlderFragment(world));
        if (operation.Kind == PoolOperationKind.Any && isGiven)
        {
            Count(Row.AnyWhole, operation.Size * 2 > configuration.PageBytes);
            Count(Row.AnyExtended, operation.Size * 2 <= configuration.PageBytes && outcome.Got.Length > operation.Size);
        }
    }

    /// <summary>Whether a fragment of a page other than the one being cut is held.</summary>
    private static bool HasOlderFragment(PoolWorld world)
    {
        foreach (ref readonly var thing in world.Things)
        {
            if (thing.Kind == ThingKind.Fragment && thing.Frame != world.Pool.Current)
            {
                return true;
            }
        }

        return false;
    }

    private void NotePutting(PoolOperation operation, PoolWorld world)
    {
        ref readonly var now = ref world.Pool.Counters;
        var pool = world.Pool;
        bool isPut = operation.Kind is PoolOperationKind.Put or PoolOperationKind.Go;
        bool isFull = now.RingFull > _before.RingFull;
        Count(Row.CacheFull, now.CacheFull > _before.CacheFull);
        Count(Row.RingFull, isFull);
        Count(Row.RingFullLazily, isFull && isPut && pool.IsUp && pool.RingHead > pool.RingTail);
        Count(Row.Released, isPut && now.ReleasedReference > _before.ReleasedReference && world.Memory.LivePages > pool.Inflight);
        Count(Row.ReserveGivenUp, isPut && now.ReleasedReference > _before.ReleasedReference && world.Things.Length == 0 && world.Load == 0 && pool.IsUp);
    }

    private void NoteDestruction(PoolOperation operation, PoolWorld world)
    {
        var pool = world.Pool;
        bool isPutUnderWay = world.Load > world.Things.Length;
        bool isDestroyer = operation is { Kind: PoolOperationKind.Go, Processor: PoolOperation.Destroyer };
        Count(Row.PutAcrossDestroy, operation.Kind == PoolOperationKind.Destroy && pool.Users == 0 && isPutUnderWay);
        Count(Row.ProducerInsideDestroy, isDestroyer && _producerWasInside && pool.DestroyStep == DestroyStep.Inflight);
        Count(Row.GoneWhileHeldForeign, !pool.IsUp && _held > 0 && world.Things.Length > 0);
        Count(Row.RetriedTwice, pool.Destroys == 2 && operation.Kind is PoolOperationKind.Retry or PoolOperationKind.Go);
    }
}
