using System.Collections.Immutable;
using System.Diagnostics;
using RxVerify.Model.Vocabulary.Dqo;

namespace RxVerify.Model.Dqo;

/// <summary>
/// The whole world of one DQO queue: driver, device, stack and environment, as immutable values. It is the obvious
/// reading of facts A.4 to A.9 with the right rules of docs/dqo.md: lists of ids in order, and outstanding references
/// counted where they are, in packets.
/// </summary>
/// <remarks>Lists inside it compare by identity, so two worlds are compared field by field.</remarks>
public sealed record DqoModel
{
    /// <summary>The constants of the queue.</summary>
    public required DqoConfiguration Configuration { get; init; }

    /// <summary>The queue, or null while it is down.</summary>
    public DqoQueueModel? Queue { get; init; }

    /// <summary>The packets that the stack holds, oldest first.</summary>
    public ImmutableArray<DqoPacket> Held { get; init; } = [];

    /// <summary>The driver's statistics, which run on over teardown and re-creation.</summary>
    public DqoCounters Counters { get; init; }

    /// <summary>The last page id given.</summary>
    public int PagesBorn { get; init; }

    /// <summary>The last packet number that the device gave.</summary>
    public int PacketsReceived { get; init; }

    /// <summary>Packets ever handed up.</summary>
    public long Delivered { get; init; }

    /// <summary>The last packet serial given, to a packet handed up or to a clone.</summary>
    public int LastSerial { get; init; }

    /// <summary>A world in which the queue has just been created and filled without failure.</summary>
    public static DqoModel Start(DqoConfiguration configuration) =>
        DqoLifecycle.Create(new DqoModel { Configuration = configuration }, DqoOperation.Create()).Next;

    /// <summary>Whether the operation can happen now: the table "What is allowed" of docs/dqo.md.</summary>
    public bool Allows(DqoOperation operation) => DqoAllowed.Allows(this, operation);

    /// <summary>What the operation does.</summary>
    /// <exception cref="UnreachableException">The operation is not allowed here.</exception>
    public DqoStep After(DqoOperation operation)
    {
        if (!Allows(operation))
        {
            throw new UnreachableException($"{operation} was not allowed here; Allows must be asked first.");
        }

        return operation.Kind switch
        {
            DqoOperationKind.Receive or DqoOperationKind.ReceiveLate => DqoDeviceModel.Receive(this, operation),
            DqoOperationKind.Lie => DqoDeviceModel.Lie(this, operation),
            DqoOperationKind.Poll => DqoPolling.Poll(this, operation),
            DqoOperationKind.Settle => DqoPolling.Settle(this, operation),
            DqoOperationKind.Post => DqoFilling.Fill(this, limit: 1, operation),
            DqoOperationKind.Refill => DqoFilling.Fill(this, limit: int.MaxValue, operation),
            DqoOperationKind.Release => DqoStack.Release(this, operation),
            DqoOperationKind.Clone => DqoStack.Clone(this, operation),
            DqoOperationKind.Teardown => DqoLifecycle.Teardown(this),
            DqoOperationKind.Create => DqoLifecycle.Create(this, operation),
            _ => throw new UnreachableException($"{operation.Kind} is allowed but has no meaning."),
        };
    }
}
