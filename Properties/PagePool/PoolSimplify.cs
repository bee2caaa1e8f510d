using RxVerify.Model.Vocabulary.PagePool;

namespace RxVerify.Properties.PagePool;

/// <summary>What makes a story of the page pool simpler: whole steps, smaller numbers, a plain pool.</summary>
public sealed class PoolSimplify : ISimplify<PoolConfiguration, PoolOperation>
{
    /// <inheritdoc/>
    public IEnumerable<PoolOperation> SimplerThan(PoolOperation operation)
    {
        switch (operation.Kind)
        {
            case PoolOperationKind.Begin:
                yield return PoolOperation.Put(operation.Pick, operation.Context, operation.Size, operation.Count);
                break;
            case PoolOperationKind.Any:
                yield return operation with { Kind = PoolOperationKind.Page, Size = 0 };
                yield return operation with { Kind = PoolOperationKind.Fragment };
                break;
            case PoolOperationKind.Fragment:
                yield return operation with { Kind = PoolOperationKind.Page, Size = 0 };
                break;
            case PoolOperationKind.Destroy or PoolOperationKind.Retry when operation.IsStepwise:
                yield return operation with { Flags = 0 };
                break;
            case PoolOperationKind.Settle:
                yield return PoolOperation.Put();
                yield return PoolOperation.Retry();
                for (int processor = 0; processor <= PoolOperation.Destroyer; processor++)
                {
                    yield return PoolOperation.Go(processor);
                }

                break;
        }

        if (operation.Kind is PoolOperationKind.Put or PoolOperationKind.Begin)
        {
            for (var context = PutContext.Elsewhere; context < operation.Context; context++)
            {
                yield return operation with { Flags = (byte)context };
            }

            foreach (int count in Numbers.Below(operation.Count, 1))
            {
                yield return operation with { Count = (byte)count };
            }
        }
        else if (operation.Flags != 0)
        {
            for (int bit = 0; bit < 8; bit++)
            {
                if (((operation.Flags >> bit) & 1) != 0)
                {
                    yield return operation with { Flags = (byte)(operation.Flags & ~(1 << bit)) };
                }
            }
        }

        foreach (int pick in Numbers.Below(operation.Pick, 0))
        {
            yield return operation with { Pick = (ushort)pick };
        }

        foreach (int size in Numbers.Below(operation.Size, operation.Kind is PoolOperationKind.Put or PoolOperationKind.Begin ? 0 : 1))
        {
            yield return operation with { Size = (ushort)size };
        }

        foreach (int extra in Numbers.Below(operation.Extra, 0))
        {
            yield return operation with { Extra = (byte)extra };
        }
    }

    /// <inheritdoc/>
    public IEnumerable<PoolConfiguration> SimplerThan(PoolConfiguration configuration) =>
        Candidates(configuration).Where(candidate => candidate.Fault() is null && candidate != configuration);

    /// <inheritdoc/>
    public int Draw(IRun<PoolOperation> run, ulong seed, ReadOnlySpan<PoolOperation> kept, Span<PoolOperation> done)
    {
        int count = Runs.ReplayAllowed(run, kept, done);
        return count + Fuzz.RunDrawn(run, new PoolGenerator(seed), done.Length - count, done[count..]);
    }

    private static IEnumerable<PoolConfiguration> Candidates(PoolConfiguration larger)
    {
        var plain = new PoolConfiguration();
        yield return larger with { Era = plain.Era };
        yield return larger with { PageSize = plain.PageSize };
        yield return larger with { Order = 0 };
        yield return larger with { CounterMax = plain.CounterMax };
        yield return larger with { SyncLength = 0, SyncOffset = 0 };
        yield return larger with { Alignment = 1 };
        yield return larger with { RingBatch = plain.RingBatch };
        yield return larger with { Fragments = plain.Fragments, SyncLength = 0, SyncOffset = 0 };
        yield return larger with { Maps = plain.Maps, Syncs = plain.Syncs };
        yield return larger with { Maps = plain.Maps };
        foreach (int cache in Numbers.Below(larger.CacheSize, 1))
        {
            yield return larger with { CacheSize = cache, Refill = Math.Min(cache, larger.Refill) };
        }

        foreach (int refill in Numbers.Below(larger.Refill, 1))
        {
            yield return larger with { Refill = refill };
        }

        foreach (int size in Numbers.Below(larger.PoolSize, 1))
        {
            yield return larger with { PoolSize = size };
        }

        foreach (int held in Numbers.Below(larger.HeldMax, 1))
        {
            yield return larger with { HeldMax = held };
            yield return larger with { HeldMax = held, CounterMax = Math.Min(larger.CounterMax, 8 + (4L * held)) };
        }
    }
}
