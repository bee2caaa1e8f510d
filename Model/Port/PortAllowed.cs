using RxVerify.Model.Vocabulary.Mana;
using RxVerify.Model.Vocabulary.Port;

namespace RxVerify.Model.Port;

/// <summary>The table "What is allowed" of docs/port.md, row by row.</summary>
internal static class PortAllowed
{
    /// <summary>Whether the operation can happen in this world.</summary>
    internal static bool Allows(PortModel world, PortOperation operation) => operation.Kind switch
    {
        PortOperationKind.Receive => QueueOf(world, operation) is { } queue && Receive(world, queue, operation),
        PortOperationKind.Poll => QueueOf(world, operation) is not null,
        PortOperationKind.Release => operation.Pick < world.Packets.Length,
        PortOperationKind.TxComplete => operation.Pick < world.Transmissions.Length,
        PortOperationKind.Request => world.Task is null && operation.Request <= PortRequest.Probe && operation.Argument <= LastArgument(operation.Request),
        PortOperationKind.Step => world.Task is not null && Step(operation),
        PortOperationKind.TakeVport => world.State != PortState.Absent && !world.RdmaHasVport,
        PortOperationKind.GiveVport => world.RdmaHasVport,
        PortOperationKind.Settle => true,
        _ => false,
    };

    private static PortQueueModel? QueueOf(PortModel world, PortOperation operation) =>
        operation.Pick < PortConfiguration.QueuesLimit ? world.Queues[operation.Pick] : null;

    /// <summary>Row "Receive", of a queue that is built; one completion is kept free for a fence.</summary>
    private static bool Receive(PortModel world, PortQueueModel queue, PortOperation operation) =>
        queue.Visible > 0
        && world.IsInFlight(operation.Pick)
        && queue.Pending < queue.CompletionSlots - 1
        && world.Load < world.Configuration.HeldMax
        && operation.Verdict is ManaVerdict.Pass or ManaVerdict.Drop or ManaVerdict.Tx;

    /// <summary>Row "Request": the largest argument.</summary>
    private static int LastArgument(PortRequest request) => request switch
    {
        PortRequest.ChangeMtu => (int)PortMtu.TooLarge,
        PortRequest.ChangeRing => 1,
        PortRequest.ChangeChannels => PortConfiguration.QueuesLimit + 1,
        _ => 0,
    };

    /// <summary>Row "Step", with a request under way.</summary>
    private static bool Step(PortOperation operation) =>
        operation.Count >= 1
        && operation.Fault <= PortFault.Stuck
        && (operation.Extra == 0 || operation.Fault is PortFault.Page or PortFault.Mapping or PortFault.Buffer or PortFault.Resource);
}
