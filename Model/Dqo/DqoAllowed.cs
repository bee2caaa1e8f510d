using RxVerify.Model.Vocabulary.Dqo;

namespace RxVerify.Model.Dqo;

/// <summary>The table "What is allowed" of docs/dqo.md, row by row.</summary>
internal static class DqoAllowed
{
    private const int BufferIdMax = 65535;
    private const int PacketLengthMax = 16383;

    /// <summary>Whether the operation can happen in this world.</summary>
    internal static bool Allows(DqoModel world, DqoOperation operation) => operation.Kind switch
    {
        DqoOperationKind.Receive or DqoOperationKind.ReceiveLate => world.Queue is { } queue && Receive(world, queue, operation),
        DqoOperationKind.Poll => world.Queue is { } queue && Poll(world, queue, operation),
        DqoOperationKind.Post or DqoOperationKind.Refill => world.Queue is { } queue && Fill(world, queue, operation),
        DqoOperationKind.Release => operation.Pick < world.Held.Length,
        DqoOperationKind.Clone => operation.Pick < world.Held.Length && Clone(world, world.Held[operation.Pick]),
        DqoOperationKind.Teardown => world.Queue is not null,
        DqoOperationKind.Create => world.Queue is null && Create(world.Configuration, operation),
        DqoOperationKind.Settle => true,
        DqoOperationKind.Lie => world.Queue is { } queue && queue.Pending < world.Configuration.CompletionSlots && Lie(world, queue, operation),
        _ => false,
    };

    /// <summary>Row "Receive, ReceiveLate".</summary>
    private static bool Receive(DqoModel world, DqoQueueModel queue, DqoOperation operation) =>
        operation.Count >= 1 && operation.Count <= queue.Visible.Length
        && operation.Pick < queue.Visible.Length
        && operation.Size >= operation.Count && operation.Size <= operation.Count * world.Configuration.ChunkSize
        && operation.DamagedBuffer <= operation.Count
        && Load(world) + operation.Count <= world.Configuration.StackCapacity
        && queue.Pending + operation.Count <= world.Configuration.CompletionSlots;

    /// <summary>Row "Poll": a repeated id must be consumed before the poll posts anything (A-D14).</summary>
    private static bool Poll(DqoModel world, DqoQueueModel queue, DqoOperation operation) =>
        operation.Count >= 1
        && (operation.Fault is DqoFault.Skb
            || IsFillingFault(world.Configuration, operation.Fault)
            || (operation.Fault is DqoFault.CopyPage && world.Configuration.QueuePageList))
        && (operation.Count >= queue.Pending || !IdOnListIsPending(queue));

    /// <summary>Row "Post, Refill".</summary>
    private static bool Fill(DqoModel world, DqoQueueModel queue, DqoOperation operation) =>
        IsFillingFault(world.Configuration, operation.Fault) && !IdOnListIsPending(queue);

    /// <summary>Row "Create".</summary>
    private static bool Create(DqoConfiguration configuration, DqoOperation operation) =>
        operation.Fault is DqoFault.Ring
            ? operation.SuccessesBeforeFault <= (configuration.QueuePageList ? DqoLifecycle.PageListStep : DqoLifecycle.ResourcesStep)
            : IsFillingFault(configuration, operation.Fault);

    /// <summary>No fault, or one of a page for a buffer, which a queue page list does not allocate (A.9.2).</summary>
    private static bool IsFillingFault(DqoConfiguration configuration, DqoFault fault) =>
        fault is DqoFault.None || (fault is DqoFault.Page or DqoFault.Mapping && !configuration.QueuePageList);

    /// <summary>Row "Clone": each page keeps a reference in reserve for every chunk, so a bias never runs dry (A.4.9).</summary>
    private static bool Clone(DqoModel world, DqoPacket packet)
    {
        if (Load(world) + Weight(packet) > world.Configuration.StackCapacity)
        {
            return false;
        }

        foreach (var fragment in packet.Fragments)
        {
            var outstandingAfter = DqoStack.Outstanding(world, fragment.Page) + DqoStack.On(fragment.Page, packet.Fragments);
            if (outstandingAfter + world.Configuration.ChunksPerPage > world.Configuration.BiasLimit)
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Row "Lie", beyond the completion slot that every lie needs.</summary>
    private static bool Lie(DqoModel world, DqoQueueModel queue, DqoOperation operation)
    {
        var chunk = world.Configuration.ChunkSize;
        var picksVisible = operation.Pick < queue.Visible.Length;
        return operation.Lie switch
        {
            DqoLie.UnknownId => queue.Buffers.Length + operation.Pick <= BufferIdMax,
            DqoLie.IdOnList => operation.Pick < queue.Unposted,
            DqoLie.TooLong => picksVisible && operation.Size > chunk && operation.Size <= PacketLengthMax
                && Load(world) < world.Configuration.StackCapacity,
            DqoLie.Swallow => picksVisible && operation.Size >= 1 && operation.Size <= chunk,
            DqoLie.Stale => picksVisible && operation.Size >= 1 && operation.Size <= chunk
                && Load(world) < world.Configuration.StackCapacity,
            _ => false,
        };
    }

    /// <summary>Buffers' worth of packets that the stack holds or is about to receive.</summary>
    private static int Load(DqoModel world)
    {
        var load = 0;
        foreach (var packet in world.Held)
        {
            load += Weight(packet);
        }

        return world.Queue is { } queue ? load + (queue.Assembly?.Fragments.Length ?? 0) + queue.Pending : load;
    }

    /// <summary>What a packet counts: its fragments, or one when it was copied.</summary>
    private static int Weight(DqoPacket packet) => Math.Max(1, packet.Fragments.Length);

    /// <summary>An honest completion names a posted buffer until it is consumed; only the lie names one that is on a list.</summary>
    private static bool IdOnListIsPending(DqoQueueModel queue)
    {
        foreach (var completion in queue.Completions)
        {
            if (completion.BufferId < queue.Buffers.Length && !queue.IsPosted(completion.BufferId))
            {
                return true;
            }
        }

        return false;
    }
}
