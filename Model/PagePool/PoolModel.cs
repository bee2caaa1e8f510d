using System.Collections.Immutable;
using System.Diagnostics;
using RxVerify.Model.Vocabulary.PagePool;

namespace RxVerify.Model.PagePool;

/// <summary>
/// The whole world of one page pool: pool, holders, puts under way on the processors, and who destroys it, as immutable values. It is
/// the obvious reading of facts C.1 to C.7 with the right rules of docs/pool.md.
/// </summary>
/// <remarks>Lists inside it compare by identity, so two worlds are compared field by field.</remarks>
public sealed record PoolModel
{
    /// <summary>The constants of the pool.</summary>
    public required PoolConfiguration Configuration { get; init; }

    /// <summary>The pool, or null when it is gone.</summary>
    public PoolState? Pool { get; init; }

    /// <summary>The things held outside, oldest first.</summary>
    public ImmutableArray<PoolThing> Held { get; init; } = [];

    /// <summary>The put under way on each processor, or null where there is none.</summary>
    public ImmutableArray<PoolPut?> Processors { get; init; } = [.. new PoolPut?[PoolConfiguration.Processors]];

    /// <summary>What who destroys the pool does next.</summary>
    public PoolDestroyerStep Destroyer { get; init; }

    /// <summary>The last page id given.</summary>
    public int PagesBorn { get; init; }

    /// <summary>The statistics of the last pool that is gone.</summary>
    public PoolCounters LastCounters { get; init; }

    /// <summary>The statistics of the pool, or of the last one while there is none.</summary>
    public PoolCounters Counters => Pool?.Counters ?? LastCounters;

    /// <summary>Things held, and pages that puts under way carry.</summary>
    public int Load
    {
        get
        {
            var load = Held.Length;
            foreach (var put in Processors)
            {
                load += put?.Pages.Length ?? 0;
            }

            return load;
        }
    }

    /// <summary>A world in which a pool has just been created.</summary>
    public static PoolModel Start(PoolConfiguration configuration) =>
        new() { Configuration = configuration, Pool = PoolState.Created(configuration) };

    /// <summary>Whether the operation can happen now: the table "What is allowed" of docs/pool.md.</summary>
    public bool Allows(PoolOperation operation) => PoolAllowed.Allows(this, operation);

    /// <summary>What the operation does.</summary>
    /// <exception cref="UnreachableException">The operation is not allowed here.</exception>
    public PoolStep After(PoolOperation operation)
    {
        if (!Allows(operation))
        {
            throw new UnreachableException($"{operation} was not allowed here; Allows must be asked first.");
        }

        return operation.Kind switch
        {
            PoolOperationKind.Page or PoolOperationKind.Fragment or PoolOperationKind.Any => PoolHolders.Allocate(this, operation),
            PoolOperationKind.Write => PoolHolders.Write(this, operation),
            PoolOperationKind.Reference => PoolHolders.Reference(this, operation),
            PoolOperationKind.Share => PoolHolders.Share(this, operation),
            PoolOperationKind.Foreign => PoolHolders.Foreign(this),
            PoolOperationKind.Move => new PoolStep(this with { Pool = Pool!.Moved() }, default),
            PoolOperationKind.Register => new PoolStep(this with { Pool = Pool!.Registered() }, default),
            PoolOperationKind.Create => new PoolStep(this with { Pool = PoolState.Created(Configuration) }, default),
            PoolOperationKind.Put => PoolActors.Put(this, operation),
            PoolOperationKind.Begin => PoolActors.Begin(this, operation),
            PoolOperationKind.Go => PoolActors.Go(this, operation.Processor),
            PoolOperationKind.Destroy => PoolActors.Destroy(this, operation),
            PoolOperationKind.Retry => PoolActors.Retry(this, operation),
            PoolOperationKind.Settle => PoolActors.Settle(this, operation),
            _ => throw new UnreachableException($"{operation.Kind} is allowed but has no meaning."),
        };
    }
}
