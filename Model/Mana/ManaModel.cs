using System.Collections.Immutable;
using System.Diagnostics;
using RxVerify.Model.PagePool;
using RxVerify.Model.Vocabulary.Mana;

namespace RxVerify.Model.Mana;

/// <summary>
/// The whole world of one MANA receive queue: driver, device, stack, and the pools of queues that are gone, as immutable values. It is
/// the obvious reading of facts B.2 to B.5 with the right rules of docs/mana.md.
/// </summary>
/// <remarks>Lists inside it compare by identity, so two worlds are compared field by field.</remarks>
public sealed record ManaModel
{
    /// <summary>The constants of the queue.</summary>
    public required ManaConfiguration Configuration { get; init; }

    /// <summary>The queue, or null while it is down.</summary>
    public ManaQueueModel? Queue { get; init; }

    /// <summary>The pools of earlier queues that wait for their pages, oldest first.</summary>
    public ImmutableArray<PoolState> Waiting { get; init; } = [];

    /// <summary>The packets that the stack holds, oldest first.</summary>
    public ImmutableArray<ManaPacket> Packets { get; init; } = [];

    /// <summary>The packets that were sent back and whose transmission has not completed, oldest first.</summary>
    public ImmutableArray<ManaPacket> Transmissions { get; init; } = [];

    /// <summary>The frames that were redirected and have not come back, oldest first.</summary>
    public ImmutableArray<ManaFrame> Frames { get; init; } = [];

    /// <summary>The driver's statistics, which run on over teardown and re-creation.</summary>
    public ManaCounters Counters { get; init; }

    /// <summary>The last page id given.</summary>
    public int PagesBorn { get; init; }

    /// <summary>The last packet number that the device gave.</summary>
    public int PacketsReceived { get; init; }

    /// <summary>The last packet serial given, to a packet handed up.</summary>
    public int LastSerial { get; init; }

    /// <summary>Packets ever handed up: each got a serial, and nothing else does.</summary>
    public long Delivered => LastSerial;

    /// <summary>What is outside, and completions that may become it (docs/mana.md, Stack).</summary>
    public int Load => Packets.Length + Transmissions.Length + Frames.Length + (Queue?.Completions.Length ?? 0);

    /// <summary>Pages that are not back with the allocator: those of all pools, and those that are no pool's.</summary>
    public int PagesLive
    {
        get
        {
            var pages = ForeignPages(Packets) + ForeignPages(Transmissions);
            foreach (var pool in Waiting)
            {
                pages += pool.Pages.Count;
            }

            return Queue is { } queue ? pages + queue.Pool.Pages.Count + queue.ForeignPages : pages;
        }
    }

    /// <summary>Buffers that the driver has mapped, and pages that a pool has (B.2).</summary>
    public int Mappings
    {
        get
        {
            var mapped = 0;
            foreach (var pool in Waiting)
            {
                mapped += pool.MappedPages;
            }

            return Queue is { } queue ? mapped + queue.Pool.MappedPages + queue.DriverMappings : mapped;
        }
    }

    /// <summary>A world in which a queue without a program has just been created, from buffers of its own and without failure.</summary>
    public static ManaModel Start(ManaConfiguration configuration) =>
        ManaLifecycle.Create(new ManaModel { Configuration = configuration }, ManaOperation.Create()).Next;

    /// <summary>Whether the operation can happen now: the table "What is allowed" of docs/mana.md.</summary>
    public bool Allows(ManaOperation operation) => ManaAllowed.Allows(this, operation);

    /// <summary>What the operation does.</summary>
    /// <exception cref="UnreachableException">The operation is not allowed here.</exception>
    public ManaStep After(ManaOperation operation)
    {
        if (!Allows(operation))
        {
            throw new UnreachableException($"{operation} was not allowed here; Allows must be asked first.");
        }

        return operation.Kind switch
        {
            ManaOperationKind.Receive => ManaDeviceModel.Receive(this, operation),
            ManaOperationKind.Lie => ManaDeviceModel.Lie(this, operation),
            ManaOperationKind.Fence => ManaDeviceModel.Fence(this),
            ManaOperationKind.Poll => ManaPolling.Poll(this, operation),
            ManaOperationKind.Release => ManaStack.Release(this, operation),
            ManaOperationKind.TxComplete => ManaStack.TxComplete(this, operation),
            ManaOperationKind.Return => ManaStack.Return(this, operation),
            ManaOperationKind.Write => ManaStep.Quiet(this, value: 0), // Bytes of a page are nobody's decision here.
            ManaOperationKind.Teardown => ManaLifecycle.Teardown(this),
            ManaOperationKind.Create => ManaLifecycle.Create(this, operation),
            ManaOperationKind.Retry => ManaStack.Retry(this, operation.Pick),
            ManaOperationKind.Settle => ManaSettling.Settle(this, operation),
            _ => throw new UnreachableException($"{operation.Kind} is allowed but has no meaning."),
        };
    }

    private static int ForeignPages(ImmutableArray<ManaPacket> packets)
    {
        var pages = 0;
        foreach (var packet in packets)
        {
            pages += packet.IsRecycled ? 0 : 1;
        }

        return pages;
    }
}
