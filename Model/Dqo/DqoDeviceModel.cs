using System.Collections.Immutable;
using System.Diagnostics;
using System.Runtime.InteropServices;
using RxVerify.Model.Vocabulary.Dqo;

namespace RxVerify.Model.Dqo;

/// <summary>The device, honest and hostile: it uses visible posted buffers and writes completions.</summary>
internal static class DqoDeviceModel
{
    private const uint HashMultiplier = 2654435761;
    private const int SegmentMax = 1448;

    /// <summary>Late completions are in memory from now on, behind what is there.</summary>
    internal static DqoQueueModel Land(DqoQueueModel queue) => queue.LateCompletions.IsEmpty
        ? queue
        : queue with { Completions = queue.Completions.AddRange(queue.LateCompletions), LateCompletions = [] };

    /// <summary>One packet in one or more buffers (docs/dqo.md, Device); a late last completion stays outside memory for now (Late).</summary>
    internal static DqoStep Receive(DqoModel world, DqoOperation operation)
    {
        var queue = Land(world.Queue!);
        var number = world.PacketsReceived + 1;
        var (used, left) = TakeVisible(queue.Visible, operation.Pick, operation.Count);
        var completions = Fill(world.Configuration, operation, number, used);

        queue = operation.Kind is DqoOperationKind.ReceiveLate
            ? queue with { Visible = left, Completions = queue.Completions.AddRange(completions[..^1]), LateCompletions = completions[^1..] }
            : queue with { Visible = left, Completions = queue.Completions.AddRange(completions) };
        return DqoStep.Quiet(world with { Queue = queue, PacketsReceived = number }, operation.Count);
    }

    /// <summary>The buffers at this place, one after the other, or at the last place when it is beyond the end; and what is left.</summary>
    private static (int[] Used, ImmutableArray<int> Left) TakeVisible(ImmutableArray<int> visible, int pick, int count)
    {
        var used = new int[count];
        for (var i = 0; i < count; i++)
        {
            var place = Math.Min(pick, visible.Length - 1);
            used[i] = visible[place];
            visible = visible.RemoveAt(place);
        }

        return (used, visible);
    }

    /// <summary>Each buffer takes as much as leaves one byte for each that follows; only the last completion ends the packet.</summary>
    private static ImmutableArray<DqoCompletion> Fill(DqoConfiguration configuration, DqoOperation operation, int number, int[] buffers)
    {
        var hash = unchecked((uint)number * HashMultiplier);
        var segment = operation.Traits.HasFlag(DqoTraits.Rsc) ? Math.Min((int)operation.Size, SegmentMax) : 0;
        var completions = new DqoCompletion[buffers.Length];
        var bytesLeft = (int)operation.Size;
        for (var i = 0; i < buffers.Length; i++)
        {
            var buffersAfter = buffers.Length - 1 - i;
            var length = Math.Min(configuration.ChunkSize, bytesLeft - buffersAfter);
            completions[i] = new DqoCompletion(
                buffers[i],
                length,
                EndOfPacket: buffersAfter == 0,
                Error: operation.DamagedBuffer == i + 1,
                hash,
                operation.Traits,
                segment);
            bytesLeft -= length;
        }

        return ImmutableCollectionsMarshal.AsImmutableArray(completions);
    }

    /// <summary>A completion that is not true (docs/dqo.md, Lie): plain TCP over IPv4, hash 0, no rx_error.</summary>
    internal static DqoStep Lie(DqoModel world, DqoOperation operation)
    {
        var queue = Land(world.Queue!);
        var pick = operation.Pick;
        var id = operation.Lie switch
        {
            DqoLie.UnknownId => queue.Buffers.Length + pick,
            DqoLie.IdOnList => UnpostedId(queue, pick),
            DqoLie.Swallow => queue.Buffers.Length,
            DqoLie.TooLong or DqoLie.Stale => queue.Visible[pick],
            _ => throw new UnreachableException($"{operation.Lie} is no lie of the alphabet."),
        };
        var usesBuffer = operation.Lie is DqoLie.Swallow or DqoLie.TooLong or DqoLie.Stale;
        queue = queue with
        {
            Visible = usesBuffer ? queue.Visible.RemoveAt(pick) : queue.Visible,
            Completions = queue.Completions.Add(new DqoCompletion(id, operation.Size, operation.EndOfPacket)),
        };
        return DqoStep.Quiet(world with { Queue = queue }, value: 1);
    }

    /// <summary>The buffer id at this place among those not posted, in rising order.</summary>
    private static int UnpostedId(DqoQueueModel queue, int pick)
    {
        for (var id = 0; id < queue.Buffers.Length; id++)
        {
            if (queue.IsPosted(id))
            {
                continue;
            }

            if (pick == 0)
            {
                return id;
            }

            pick--;
        }

        throw new UnreachableException("an allowed IdOnList picks one of the buffers that are not posted.");
    }
}
