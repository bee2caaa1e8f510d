using RxVerify.Model.Vocabulary.Mana;

namespace RxVerify.Properties.Mana;

/// <summary>What makes a story of the MANA queue simpler: plain packets, fewer decisions, a plain queue.</summary>
public sealed class ManaSimplify : ISimplify<ManaConfiguration, ManaOperation>
{
    /// <inheritdoc/>
    public IEnumerable<ManaOperation> SimplerThan(ManaOperation operation)
    {
        switch (operation.Kind)
        {
            case ManaOperationKind.Settle:
                yield return ManaOperation.Poll();
                yield return ManaOperation.Release();
                yield return ManaOperation.Return();
                yield return ManaOperation.TxComplete();
                yield return ManaOperation.Retry();
                break;
            case ManaOperationKind.Lie:
                yield return ManaOperation.Receive(1);
                yield return ManaOperation.Fence();
                break;
            case ManaOperationKind.Fence:
                yield return ManaOperation.Receive(1);
                break;
        }

        if (operation.Kind is ManaOperationKind.Receive or ManaOperationKind.Lie)
        {
            for (byte lower = 0; lower < operation.Flags; lower++)
            {
                yield return operation with { Flags = lower };
            }

            for (int trait = 1; trait < (int)ManaTraits.All; trait <<= 1)
            {
                if ((operation.Extra & trait) != 0)
                {
                    yield return operation with { Extra = (byte)(operation.Extra & ~trait) };
                }
            }
        }
        else
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

        foreach (int size in Numbers.Below(operation.Size, 1))
        {
            yield return operation with { Size = (ushort)size };
        }

        foreach (int count in Numbers.Below(operation.Count, 1))
        {
            yield return operation with { Count = (byte)count };
        }

        foreach (int extra in Numbers.Below(operation.Extra, 0))
        {
            yield return operation with { Extra = (byte)extra };
        }
    }

    /// <inheritdoc/>
    public IEnumerable<ManaConfiguration> SimplerThan(ManaConfiguration configuration) =>
        Candidates(configuration).Where(candidate => candidate.Fault() is null && candidate != configuration);

    /// <inheritdoc/>
    public int Draw(IRun<ManaOperation> run, ulong seed, ReadOnlySpan<ManaOperation> kept, Span<ManaOperation> done)
    {
        int count = Runs.ReplayAllowed(run, kept, done);
        return count + Fuzz.RunDrawn(run, new ManaGenerator(seed, lies: seed % 4 == 3), done.Length - count, done[count..]);
    }

    private static IEnumerable<ManaConfiguration> Candidates(ManaConfiguration larger)
    {
        var plain = new ManaConfiguration();
        yield return larger with { Mtu = plain.Mtu, PageSize = plain.PageSize };
        yield return larger with { Mtu = plain.Mtu };
        yield return larger with { PageSize = plain.PageSize };
        yield return larger with { Era = plain.Era };
        yield return larger with { PollMax = plain.PollMax };
        yield return larger with { CacheAlignment = 1 };
        yield return larger with { FullPages = false };
        for (int queue = 2; queue < larger.QueueSize; queue *= 2)
        {
            yield return larger with { QueueSize = queue, CompletionSlots = queue };
        }

        for (int slots = larger.QueueSize; slots < larger.CompletionSlots; slots *= 2)
        {
            yield return larger with { CompletionSlots = slots };
        }

        foreach (int cache in Numbers.Below(larger.PoolCache, 1))
        {
            yield return larger with { PoolCache = cache, PoolRefill = Math.Min(cache, larger.PoolRefill) };
        }

        foreach (int refill in Numbers.Below(larger.PoolRefill, 1))
        {
            yield return larger with { PoolRefill = refill };
        }

        foreach (int held in Numbers.Below(larger.HeldMax, 1))
        {
            yield return larger with { HeldMax = held };
        }
    }
}
