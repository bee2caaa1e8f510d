using RxVerify.Implementation.Mana;
using RxVerify.Implementation.Memory;
using RxVerify.Implementation.PagePool;
using RxVerify.Model.Vocabulary.PagePool;
using RxVerify.Model.Vocabulary.Port;

namespace RxVerify.Implementation.Port;

/// <summary>
/// A MANA port with everything round it: memory, IOMMU, adapter, pools and stack, all of whose state lies in one block. Applies
/// operations; which of them make sense now is told by <see cref="Allows"/>, from the world's own state.
/// </summary>
public abstract partial class PortWorld : IWorld<PortOperation, PortOutcome>
{
    // A change of four queues and a filter that attaches a second time: 1 to prepare, 5 to stop, 8 for queues, 4 to store,
    // 12 to attach, 11 to undo, 1 to restore, 12 to attach, 3 to end: 57.
    private const int StepsMax = 64;

    // Never armed: no skb is refused here.
    private const byte SkbFault = 0x81;

    private protected PortWorld(PortConfiguration configuration, PortShapes shapes)
    {
        Configuration = configuration;
        Shapes = shapes;
        Faults = new FaultPlan();
        Memory = new PhysicalMemory(
            PagesMax(configuration), shapes.PageBytes, Math.Min(shapes.Granule, PhysicalMemory.LargestGranule), Faults, new DeviceWindow(0, shapes.PageBytes));
        Iommu = new Iommu(Memory, Faults);
        Stack = new NetworkStack(Memory, Skbs, fragmentsMax: 1, linearSize: 0, Faults, SkbFault);
        Holders = new ManaHolders(Skbs, Memory, Iommu, Stack);
    }

    /// <summary>The constants.</summary>
    public PortConfiguration Configuration { get; }

    /// <summary>The page frames, each as large as the largest that any pool allocates.</summary>
    public PhysicalMemory Memory { get; }

    /// <summary>The device's view of them.</summary>
    public Iommu Iommu { get; }

    /// <summary>The readers.</summary>
    public NetworkStack Stack { get; }

    /// <summary>The driver and its adapter.</summary>
    public abstract PortDriver Driver { get; }

    /// <summary>All state of the above and below.</summary>
    public StateBlock State { get; private protected set; } = null!;

    /// <summary>What fails in the operation that runs.</summary>
    public FaultPlan Faults { get; }

    /// <summary>Transmissions under way, oldest first.</summary>
    public ReadOnlySpan<Transmission> Transmissions => Holders.Transmissions.Items;

    /// <summary>Packets held, transmissions under way, and completions written and not consumed (docs/port.md, "What is allowed").</summary>
    public int Load
    {
        get
        {
            int load = Stack.HeldPackets + Holders.Transmissions.Count;
            for (int queue = 0; queue < Configuration.Queues; queue++)
            {
                load += Driver.PendingOf(queue);
            }

            return load;
        }
    }

    internal PortShapes Shapes { get; }

    internal ManaHolders Holders { get; }

    /// <summary>Skbs: one for each thing held, and one that is built and freed at once.</summary>
    private protected int Skbs => Configuration.HeldMax + 1;

    /// <summary>Number of the program that saw a packet, by its place in order of arrival; 0 for none.</summary>
    public int ProgramOf(int packet) => Driver.ProgramOfSkb(Stack.HeldAt(packet));

    /// <summary>Number of the program that sent a packet back, by its place in order of arrival.</summary>
    public int ProgramOfTransmission(int transmission) => Driver.ProgramOfSkb(Transmissions[transmission].Skb);

    /// <summary>Back to the start of a run: a port probed and opened without failure, without a program.</summary>
    public void Restart()
    {
        State.Clear();
        Request(PortRequest.Probe);
        Request(PortRequest.Open);
    }

    /// <summary>Does one allowed operation.</summary>
    public PortOutcome Apply(PortOperation operation)
    {
        long delivered = Stack.Delivered;
        bool isEnded = false;
        int value = operation.Kind switch
        {
            PortOperationKind.Receive => Receive(operation),
            PortOperationKind.Poll => Driver.Poll(operation.Pick),
            PortOperationKind.Release or PortOperationKind.TxComplete => Hold(operation),
            PortOperationKind.Request => Driver.Ask(operation, out isEnded),
            PortOperationKind.Step => Step(operation, out isEnded),
            PortOperationKind.TakeVport => Driver.TakeVport(),
            PortOperationKind.GiveVport => GiveVport(),
            PortOperationKind.Settle => Settle(operation.KeepsHeld, out isEnded),
            _ => throw new ArgumentOutOfRangeException(nameof(operation), operation.Kind, "not an operation"),
        };
        Driver.LookAtWaitingPools();
        return new PortOutcome(value, (int)(Stack.Delivered - delivered), isEnded);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Memory.Dispose();
        Stack.Dispose();
        State.Dispose();
        GC.SuppressFinalize(this);
    }

    /// <summary>Pages that can be live at once: before the queues, and for each queue in slots, cache, ring, being cut and saved; and those held.</summary>
    private static int PagesMax(PortConfiguration configuration)
    {
        int ring = configuration.RingSizeMax;
        int cache = configuration.Queue(configuration.Mtu, ring).PoolCache;
        return (configuration.Queues * (ring + ring + cache + ring + 1 + 2)) + configuration.HeldMax + 2;
    }

    private int Receive(PortOperation operation)
    {
        Driver.Receive(operation.Pick, operation.Verdict);
        return 1;
    }

    private int GiveVport()
    {
        Driver.GiveVport();
        return 0;
    }

    private int Hold(PortOperation operation)
    {
        Driver.Context = operation.IsLocal ? PutContext.Local : PutContext.Elsewhere;
        if (operation.Kind == PortOperationKind.Release)
        {
            Stack.Release(operation.Pick);
        }
        else
        {
            Holders.CompleteTransmission(operation.Pick);
        }

        return 0;
    }

    /// <summary>The steps asked for, the last with its failure, or as many as there are. Returns the result of a request that ended.</summary>
    private int Step(PortOperation operation, out bool isEnded)
    {
        int result = 0;
        for (int left = operation.Count; left > 0 && Driver.Request is not null; left--)
        {
            result = Driver.Step(left == 1 ? operation.Fault : PortFault.None, operation.SuccessesBeforeFault);
        }

        isEnded = Driver.Request is null;
        return result;
    }

    /// <summary>docs/port.md, "Settle". Returns steps and polls.</summary>
    private int Settle(bool keepsHeld, out bool isEnded)
    {
        isEnded = Driver.Request is not null;
        int work = 0;
        for (; Driver.Request is not null && work < StepsMax; work++)
        {
            Driver.Step(PortFault.None, 0);
        }

        for (int queue = 0; queue < Configuration.Queues; queue++)
        {
            // A poll takes all that waits: it handles more completions than can wait.
            if (Driver.PendingOf(queue) > 0)
            {
                Driver.Poll(queue);
                work++;
            }
        }

        if (!keepsHeld)
        {
            LetAllGo();
        }

        return work;
    }

    private void LetAllGo()
    {
        Driver.Context = PutContext.Elsewhere;
        while (Holders.Transmissions.Count > 0)
        {
            Holders.CompleteTransmission(0);
        }

        while (Stack.HeldPackets > 0)
        {
            Stack.Release(0);
        }
    }

    private void Request(PortRequest request)
    {
        Driver.Ask(PortOperation.Ask(request), out _);
        for (int steps = 0; Driver.Request is not null && steps < StepsMax; steps++)
        {
            Driver.Step(PortFault.None, 0);
        }
    }
}

/// <summary>A world whose driver, queues and pools follow the given rules.</summary>
/// <typeparam name="TRules">The control path's decisions, right or planted.</typeparam>
/// <typeparam name="TManaRules">The queue's decisions, right or planted.</typeparam>
/// <typeparam name="TPoolRules">The pool's decisions, right or planted.</typeparam>
public sealed class PortWorld<TRules, TManaRules, TPoolRules> : PortWorld
    where TRules : struct, IPortRules
    where TManaRules : struct, IManaRules
    where TPoolRules : struct, IPoolRules
{
    private readonly PortDriver<TRules, TManaRules, TPoolRules> _driver;

    /// <summary>A world at the start of a run.</summary>
    public PortWorld(PortConfiguration configuration)
        : base(configuration, PortShapes.Of<TManaRules>(configuration))
    {
        // A pool lives for a queue, or waits for a page that somebody holds.
        var pools = new ManaPools<TPoolRules>(Shapes.Pools, configuration.Queues + configuration.HeldMax, Memory, Iommu, Faults);
        var prepared = new PreparedPages(configuration.Queues * configuration.RingSizeMax, Memory, Iommu);
        _driver = new PortDriver<TRules, TManaRules, TPoolRules>(
            configuration, Shapes, new ManaSurroundings<TPoolRules>(Memory, Iommu, Stack, Faults, pools, Holders, prepared), Skbs);
        Stack.Recycler = pools;
        State = new StateBlock(Memory, Stack, pools, prepared, Holders, _driver);
        _driver.Connect();
        Restart();
    }

    /// <inheritdoc/>
    public override PortDriver Driver => _driver;
}
