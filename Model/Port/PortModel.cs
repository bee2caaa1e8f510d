using System.Collections.Immutable;
using System.Diagnostics;
using RxVerify.Model.Mana;
using RxVerify.Model.Vocabulary.Port;

namespace RxVerify.Model.Port;

/// <summary>
/// The whole world of one MANA port: driver, adapter, stack, the core and the RDMA driver, as immutable values. It is the obvious
/// reading of facts B.4.6 to B.4.12 and B.6 with the right rules of docs/port.md.
/// </summary>
/// <remarks>Lists inside it compare by identity, so two worlds are compared field by field. Where there is no port, what is the port's is 0.</remarks>
public sealed record PortModel
{
    /// <summary>The constants of the port.</summary>
    public required PortConfiguration Configuration { get; init; }

    /// <summary>Where the machine is.</summary>
    public PortState State { get; init; }

    /// <summary>Whether packets may be transmitted (port_is_up).</summary>
    public bool IsUp { get; init; }

    /// <summary>Whether it was up when it was detached (port_st_save).</summary>
    public bool WasUp { get; init; }

    /// <summary>Whether the net device is attached.</summary>
    public bool IsPresent { get; init; }

    /// <summary>Bytes of the largest packet behind its Ethernet header.</summary>
    public int Mtu => Parameters.Mtu;

    /// <summary>Buffers of each queue (rx_queue_size).</summary>
    public int RingSize => Parameters.RingSize;

    /// <summary>Queues that the port has or is to have (num_queues).</summary>
    public int QueueCount => Parameters.QueueCount;

    /// <summary>The port's program, 0 for none.</summary>
    public int Program => Parameters.Program;

    /// <summary>The program that the core believes attached, 0 for none.</summary>
    public int CoreProgram { get; init; }

    /// <summary>The number of the last program that somebody asked for.</summary>
    public int ProgramsAsked { get; init; }

    /// <summary>Whether the array of queues is allocated (rxqs).</summary>
    public bool HasArray { get; init; }

    /// <summary>Pages in the list of those allocated before (rxbpre_total).</summary>
    public int Prepared { get; init; }

    /// <summary>Who uses the vport (vport_use_count).</summary>
    public int UseCount { get; init; }

    /// <summary>Whether the RDMA driver has the vport.</summary>
    public bool RdmaHasVport { get; init; }

    /// <summary>Whether the device steers packets to the queues.</summary>
    public bool IsSteering { get; init; }

    /// <summary>Whether the device was reset and not addressed since.</summary>
    public bool IsReset { get; init; }

    /// <summary>Queues that the adapter offers (max_queues).</summary>
    public int Offered { get; init; }

    /// <summary>The queues that are built, by number; null where there is none.</summary>
    public ImmutableArray<PortQueueModel?> Queues { get; init; } = [.. new PortQueueModel?[PortConfiguration.QueuesLimit]];

    /// <summary>The packets that the stack holds, oldest first.</summary>
    public ImmutableArray<PortPacket> Packets { get; init; } = [];

    /// <summary>The packets that were sent back and whose transmission has not completed, oldest first.</summary>
    public ImmutableArray<PortPacket> Transmissions { get; init; } = [];

    /// <summary>The last serial given, to a packet handed up.</summary>
    public int LastSerial { get; init; }

    /// <summary>Packets that the device ever received.</summary>
    public int PacketsReceived { get; init; }

    /// <summary>The request under way, or null.</summary>
    public PortRequest? Request => Task?.Request;

    /// <summary>The step that comes next, None without a request.</summary>
    public PortStep NextStep => Task?.Step ?? PortStep.None;

    /// <summary>The queue of the step that comes next, 0 when it has none.</summary>
    public int NextQueue => Task?.Queue ?? 0;

    /// <summary>What is outside, and completions that may become it (docs/port.md, "What is allowed").</summary>
    public int Load
    {
        get
        {
            int load = Packets.Length + Transmissions.Length;
            foreach (var queue in Queues)
            {
                load += queue?.Pending ?? 0;
            }

            return load;
        }
    }

    /// <summary>What the port has of what a user can change.</summary>
    internal PortParameters Parameters { get; init; }

    /// <summary>The request under way and how far it is, or null.</summary>
    internal PortTask? Task { get; init; }

    /// <summary>The queues to which a packet may still be in flight, a bit each.</summary>
    internal int InFlight { get; init; }

    /// <summary>A world in which the port was probed and opened without failure.</summary>
    /// <param name="configuration">The constants of the port.</param>
    public static PortModel Start(PortConfiguration configuration)
    {
        var world = new PortModel { Configuration = configuration };
        foreach (var request in (PortRequest[])[PortRequest.Probe, PortRequest.Open])
        {
            world = world.After(PortOperation.Ask(request)).Next.After(PortOperation.Settle()).Next;
        }

        return world;
    }

    /// <summary>Whether a packet may be on its way to the queue.</summary>
    /// <param name="queue">Its number.</param>
    public bool IsInFlight(int queue) => (InFlight & (1 << queue)) != 0;

    /// <summary>References to a program that are somebody's: the port's, the request's, the queues' (B.4.10).</summary>
    /// <param name="program">Its number, from 1.</param>
    public int ReferencesOf(int program)
    {
        int references = Program == program ? 1 : 0;
        if (Task?.HeldProgram(Program) == program)
        {
            references++;
        }

        foreach (var queue in Queues)
        {
            references += queue?.Program == program ? 1 : 0;
        }

        return references;
    }

    /// <summary>Whether the operation can happen now: the table "What is allowed" of docs/port.md.</summary>
    /// <param name="operation">What would happen.</param>
    public bool Allows(PortOperation operation) => PortAllowed.Allows(this, operation);

    /// <summary>What the operation does.</summary>
    /// <param name="operation">What happens.</param>
    /// <exception cref="UnreachableException">The operation is not allowed here.</exception>
    public PortModelStep After(PortOperation operation)
    {
        if (!Allows(operation))
        {
            throw new UnreachableException($"{operation} was not allowed here; Allows must be asked first.");
        }

        return operation.Kind switch
        {
            PortOperationKind.Receive => PortTraffic.Receive(this, operation),
            PortOperationKind.Poll => PortTraffic.Poll(this, operation.Pick),
            PortOperationKind.Release => PortModelStep.Quiet(this with { Packets = Packets.RemoveAt(operation.Pick) }),
            PortOperationKind.TxComplete => PortModelStep.Quiet(this with { Transmissions = Transmissions.RemoveAt(operation.Pick) }),
            PortOperationKind.Request => PortRequests.Begin(this, operation),
            PortOperationKind.Step => PortRequests.Go(this, operation),
            PortOperationKind.TakeVport => PortVport.Take(this),
            PortOperationKind.GiveVport => PortModelStep.Quiet(PortVport.GivenBack(this)),
            PortOperationKind.Settle => PortSettling.Settle(this, operation.KeepsHeld),
            _ => throw new UnreachableException($"{operation.Kind} is allowed but has no meaning."),
        };
    }

    /// <summary>The machine moves.</summary>
    /// <param name="happened">At this event.</param>
    internal PortModel Moved(PortEvent happened)
    {
        var up = happened is PortEvent.Opened or PortEvent.Attached ? UpState() : default;
        var next = PortTable.Next(State, happened, up) ?? throw new UnreachableException($"{happened} happened in {State}.");
        return next == State ? this : this with { State = next };
    }

    /// <summary>The way of being up that the layout gives.</summary>
    private PortState UpState()
    {
        if (ManaLayouts.Of(Configuration.Request(Mtu, RingSize, Program != 0)).Layout.IsFragmented)
        {
            return PortState.UpWithFragments;
        }

        return Program != 0 ? PortState.UpWithProgram : PortState.UpWithJumbo;
    }
}
