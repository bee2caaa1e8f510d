using RxVerify.Model.Vocabulary.Mana;
using RxVerify.Model.Vocabulary.PagePool;

namespace RxVerify.Model.Mana;

/// <summary>The table "What is allowed" of docs/mana.md, row by row.</summary>
internal static class ManaAllowed
{
    /// <summary>Whether the operation can happen in this world.</summary>
    internal static bool Allows(ManaModel world, ManaOperation operation) => operation.Kind switch
    {
        ManaOperationKind.Receive => world.Queue is { } queue && HasRoom(world, queue) && Receive(queue, operation),
        ManaOperationKind.Lie => world.Queue is { } queue && HasRoom(world, queue) && Lie(queue, operation),
        ManaOperationKind.Fence => world.Queue is { } queue && HasRoom(world, queue),
        ManaOperationKind.Poll => world.Queue is { } queue && Poll(queue, operation.Fault),
        ManaOperationKind.Release or ManaOperationKind.Write => operation.Pick < world.Packets.Length,
        ManaOperationKind.TxComplete => operation.Pick < world.Transmissions.Length,
        ManaOperationKind.Return => Return(world, operation),
        ManaOperationKind.Teardown => world.Queue is not null,
        ManaOperationKind.Create => world.Queue is null && Create(world, operation),
        ManaOperationKind.Retry => operation.Pick < world.Waiting.Length,
        ManaOperationKind.Settle => true,
        _ => false,
    };

    /// <summary>Row "Receive", beyond the room that its completion needs.</summary>
    private static bool Receive(ManaQueueModel queue, ManaOperation operation) =>
        operation.Size >= 1 && operation.Verdict <= ManaVerdict.TxFails && !queue.Visible.IsEmpty;

    /// <summary>Row "Lie", beyond the room that its completion needs.</summary>
    private static bool Lie(ManaQueueModel queue, ManaOperation operation)
    {
        if (operation.Lie > ManaLie.ForeignQueue || (queue.Visible.IsEmpty && ManaDeviceModel.TakesBuffer(operation.Lie)))
        {
            return false;
        }

        return operation.Lie == ManaLie.TooLong
            ? operation.Size > queue.Layout.DataSize
            : operation.Size >= 1 && operation.Size <= queue.Layout.DataSize;
    }

    /// <summary>Row "Poll": the driver maps fresh buffers in single-buffer mode only.</summary>
    private static bool Poll(ManaQueueModel queue, ManaFault fault) =>
        fault is ManaFault.None or ManaFault.Page or ManaFault.Skb || (fault is ManaFault.Mapping && !queue.Layout.IsFragmented);

    /// <summary>Row "Return": as many as the kernel collects for one bulk put.</summary>
    private static bool Return(ManaModel world, ManaOperation operation) =>
        operation.Count is >= 1 and <= PoolConfiguration.BulkMax && operation.Pick + operation.Count <= world.Frames.Length;

    /// <summary>Row "Create", of a queue that is down.</summary>
    private static bool Create(ManaModel world, ManaOperation operation) =>
        world.Waiting.Length < ManaConfiguration.PoolsMax
        && !ManaLayouts.Of(world.Configuration.Request(operation.HasProgram)).IsRefused
        && (operation.Fault is ManaFault.None or ManaFault.Page or ManaFault.Mapping
            || (operation.Fault is ManaFault.Resource && IsResource(operation.SuccessesBeforeFault)));

    /// <summary>The steps of Create that make something of the queue's own.</summary>
    private static bool IsResource(int step) =>
        step is ManaLifecycle.StructureStep or ManaLifecycle.PoolStep or ManaLifecycle.WorkQueueStep or ManaLifecycle.CompletionQueueStep
            or ManaLifecycle.ObjectStep or ManaLifecycle.RegistrationStep;

    /// <summary>Room for one more completion, and for the packet that it may become.</summary>
    private static bool HasRoom(ManaModel world, ManaQueueModel queue) =>
        queue.Completions.Length < world.Configuration.CompletionSlots && world.Load < world.Configuration.HeldMax;
}
