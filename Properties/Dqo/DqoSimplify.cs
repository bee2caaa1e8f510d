using RxVerify.Model.Vocabulary.Dqo;

namespace RxVerify.Properties.Dqo;

/// <summary>What makes a DQO story simpler: smaller numbers, fewer traits, a plain queue.</summary>
/// <param name="scope">Which kinds of device are drawn.</param>
public sealed class DqoSimplify(DqoScope scope) : ISimplify<DqoConfiguration, DqoOperation>
{
    /// <inheritdoc/>
    public IEnumerable<DqoOperation> SimplerThan(DqoOperation operation)
    {
        switch (operation.Kind)
        {
            case DqoOperationKind.ReceiveLate:
                yield return operation with { Kind = DqoOperationKind.Receive };
                break;
            case DqoOperationKind.Clone:
                yield return operation with { Kind = DqoOperationKind.Release };
                break;
            case DqoOperationKind.Refill:
                yield return DqoOperation.Post();
                break;
            case DqoOperationKind.Settle:
                yield return DqoOperation.Poll();
                yield return DqoOperation.Poll(dropsAtOnce: true);
                break;
            case DqoOperationKind.Lie:
                yield return DqoOperation.Receive(size: 1);
                yield return DqoOperation.Receive(size: 1, damaged: 1);
                break;
        }

        // A budget is simplest at the kernel's 64; a size is made smaller from above, so that the copybreak is found.
        if (operation.Kind == DqoOperationKind.Poll)
        {
            if (operation.Count != 64)
            {
                yield return operation with { Count = 64 };
            }
        }
        else
        {
            foreach (byte count in Numbers.Below(operation.Count, 1))
            {
                var fewer = operation with { Count = count, Size = (ushort)Math.Max(count, operation.Size * count / operation.Count) };
                yield return fewer.WithDamaged(Math.Min(operation.DamagedBuffer, count));
            }
        }

        foreach (ushort pick in Numbers.Below(operation.Pick, 0))
        {
            yield return operation with { Pick = pick };
        }

        foreach (ushort size in Numbers.Below(operation.Size, Math.Max(1, (int)operation.Count)))
        {
            yield return operation with { Size = size };
        }

        bool isPacket = operation.Kind is DqoOperationKind.Receive or DqoOperationKind.ReceiveLate;
        if (isPacket && operation.DamagedBuffer > 0)
        {
            yield return operation.WithDamaged(0);
            yield return operation.WithDamaged(operation.DamagedBuffer - 1);
        }

        if (!isPacket && operation.Extra > 0)
        {
            yield return operation with { Extra = 0 };
            yield return operation with { Extra = (byte)(operation.Extra - 1) };
        }

        if (isPacket)
        {
            foreach (var trait in Enum.GetValues<DqoTraits>().Where(trait => trait != DqoTraits.None && operation.Traits.HasFlag(trait)))
            {
                yield return operation.WithTraits(operation.Traits & ~trait);
            }
        }
        else if (operation.Kind != DqoOperationKind.Lie)
        {
            for (int bit = 0; bit < 8; bit++)
            {
                if ((operation.Flags >> bit & 1) != 0)
                {
                    yield return operation with { Flags = (byte)(operation.Flags & ~(1 << bit)) };
                }
            }
        }
    }

    /// <inheritdoc/>
    public IEnumerable<DqoConfiguration> SimplerThan(DqoConfiguration configuration) =>
        Candidates(configuration).Where(candidate => candidate.Fault() is null && candidate != configuration);

    /// <inheritdoc/>
    public int Draw(IRun<DqoOperation> run, ulong seed, ReadOnlySpan<DqoOperation> kept, Span<DqoOperation> done)
    {
        int count = Runs.ReplayAllowed(run, kept, done);

        // An honest device makes the better story; where it may lie every fourth run does, for the stories that need it.
        var generator = new DqoGenerator(seed, seed % 4 == 3 ? scope & DqoScope.Hostile : DqoScope.None);
        return count + Fuzz.RunDrawn(run, generator, done.Length - count, done[count..]);
    }

    private static IEnumerable<DqoConfiguration> Candidates(DqoConfiguration larger)
    {
        var plain = new DqoConfiguration();
        yield return larger with { QueuePageList = false, CopyThreshold = plain.CopyThreshold };
        if (larger.PageSize > 4096)
        {
            yield return larger with { PageSize = 4096 };
            yield return larger with { PageSize = larger.PageSize / 4 };
        }

        yield return larger with { ChunkSize = plain.ChunkSize };
        yield return larger with { BiasLimit = plain.BiasLimit };
        if (larger.BiasLimit != plain.BiasLimit)
        {
            yield return larger with { BiasLimit = larger.ChunksPerPage + 1 };
        }

        yield return larger with { UsedProbes = plain.UsedProbes };
        yield return larger with { FragmentsMax = plain.FragmentsMax };
        yield return larger with { Copybreak = plain.Copybreak };
        if (larger.DoorbellBatch > 1)
        {
            yield return larger with { DoorbellBatch = 1 };
            yield return larger with { DoorbellBatch = larger.DoorbellBatch / 2 };
        }

        foreach (int slots in Halves(larger.BufferSlots, 2))
        {
            yield return larger with { BufferSlots = slots, CompletionSlots = Math.Min(larger.CompletionSlots, slots) };
            yield return larger with { BufferSlots = slots };
        }

        if (larger.CompletionSlots > larger.BufferSlots)
        {
            yield return larger with { CompletionSlots = larger.BufferSlots };
        }

        foreach (int states in Numbers.Below(larger.BufferStates, 1))
        {
            yield return larger with { BufferStates = states, CopyThreshold = larger.QueuePageList ? Math.Min(states, larger.CopyThreshold) : larger.CopyThreshold };
        }

        foreach (int capacity in Halves(larger.StackCapacity, 1))
        {
            yield return larger with { StackCapacity = capacity };
        }
    }

    private static IEnumerable<int> Halves(int value, int least)
    {
        for (int smaller = least; smaller < value; smaller *= 2)
        {
            yield return smaller;
        }
    }
}
