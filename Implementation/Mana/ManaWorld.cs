using RxVerify.Implementation.Memory;
using RxVerify.Implementation.PagePool;
using RxVerify.Model.Vocabulary.Mana;
using RxVerify.Model.Vocabulary.PagePool;

namespace RxVerify.Implementation.Mana;

/// <summary>
/// A MANA receive queue with everything round it: memory, IOMMU, device, pools, stack and XDP, all of whose state lies in one block.
/// Applies operations; which of them make sense now is told by <see cref="Allows"/>, from the world's own state.
/// </summary>
public abstract partial class ManaWorld : IWorld<ManaOperation, ManaOutcome>
{
    // docs/mana.md, "Settle": a poll for what waits, and one for what a small poll left.
    private const int SettlePollsMax = 2;

    // A right pool is gone, or found empty, after a retry that empties the ring and one that finds nothing; a wrong one may go on for ever.
    private const int SettleRetriesMax = 16;

    private const int QueueNumber = 1;

    // There is one program, which a queue built for one runs.
    private const int OnlyProgram = 1;

    // The pool has faults of its own; Page and Mapping are the same in both, an skb's must not be one of them.
    private const byte SkbFault = 0x80 | (byte)ManaFault.Skb;

    private protected ManaWorld(ManaConfiguration configuration, ManaLayout plain, bool takesProgram)
    {
        Configuration = configuration;
        TakesProgram = takesProgram;
        Faults = new FaultPlan();

        // What one allocation of the pool gives is one page here, and what is posted on it alone is one granule.
        int pageBytes = configuration.PageSize << plain.Order;
        int granule = plain.IsFragmented ? configuration.Pool(plain).Aligned(plain.AllocSize) : pageBytes;
        Memory = new PhysicalMemory(
            configuration.PagesMax, pageBytes, Math.Min(granule, PhysicalMemory.LargestGranule), Faults, new DeviceWindow(0, pageBytes));
        Iommu = new Iommu(Memory, Faults);

        // Everything held is an skb or a frame; one skb more is built and freed at once.
        int skbs = configuration.HeldMax + 1;
        Stack = new NetworkStack(Memory, skbs, fragmentsMax: 1, linearSize: 0, Faults, SkbFault);
        Device = new GdmaDevice(Iommu, configuration.QueueSize, configuration.CompletionSlots, QueueNumber);
        Holders = new ManaHolders(skbs, Memory, Iommu, Stack);
        Verdicts = new ManaVerdicts(configuration.CompletionSlots);
        Prepared = new PreparedPages(configuration.QueueSize, Memory, Iommu);
    }

    /// <summary>The constants.</summary>
    public ManaConfiguration Configuration { get; }

    /// <summary>The page frames, each as large as what one allocation of the pool gives.</summary>
    public PhysicalMemory Memory { get; }

    /// <summary>The device's view of them.</summary>
    public Iommu Iommu { get; }

    /// <summary>The device.</summary>
    public GdmaDevice Device { get; }

    /// <summary>The readers.</summary>
    public NetworkStack Stack { get; }

    /// <summary>The driver's queue.</summary>
    public abstract ManaQueue Queue { get; }

    /// <summary>All state of the above and below.</summary>
    public StateBlock State { get; private protected set; } = null!;

    /// <summary>What fails in the operation that runs.</summary>
    public FaultPlan Faults { get; }

    /// <summary>Whether the port can have a program: the layout with one is no refusal (B.4.11).</summary>
    public bool TakesProgram { get; }

    /// <summary>Frames that were redirected and have not come back, oldest first.</summary>
    public ReadOnlySpan<RedirectedFrame> Frames => Holders.Frames.Items;

    /// <summary>Transmissions under way, oldest first.</summary>
    public ReadOnlySpan<Transmission> Transmissions => Holders.Transmissions.Items;

    /// <summary>Pools of queues taken down that wait for their pages.</summary>
    public abstract int WaitingPools { get; }

    /// <summary>Completions written and not consumed.</summary>
    public int Pending => Queue.IsUp ? (int)(Device.Written - Queue.Consumed) : 0;

    /// <summary>What is outside the driver or about to be (docs/mana.md, "Stack").</summary>
    public int Load => Stack.HeldPackets + Holders.Transmissions.Count + Holders.Frames.Count + Pending;

    internal ManaHolders Holders { get; }

    /// <summary>What the program says.</summary>
    private protected ManaVerdicts Verdicts { get; }

    /// <summary>Pages allocated before the queue that will have them.</summary>
    private protected PreparedPages Prepared { get; }

    /// <summary>Where skbs put what they had, in the operation that runs.</summary>
    private protected abstract PutContext Context { set; }

    /// <summary>A waiting pool, the one that has waited longest first.</summary>
    public abstract Pool WaitingPoolAt(int place);

    /// <summary>A frame that was redirected, by its place in order of arrival.</summary>
    public ref readonly RedirectedFrame FrameAt(int place) => ref Frames[place];

    /// <summary>A transmission under way, by its place in order of arrival.</summary>
    public ref readonly Transmission TransmissionAt(int place) => ref Transmissions[place];

    /// <summary>Back to the start of a run: a queue created without a program, not from pages allocated before, without failure.</summary>
    public void Restart()
    {
        State.Clear();
        Create(ManaOperation.Create());
    }

    /// <summary>Does one allowed operation.</summary>
    public ManaOutcome Apply(ManaOperation operation)
    {
        long delivered = Stack.Delivered;
        int value = operation.Kind switch
        {
            ManaOperationKind.Receive => Receive(operation),
            ManaOperationKind.Poll => Poll(operation.Fault, operation.SuccessesBeforeFault),
            ManaOperationKind.Teardown => Queue.Teardown(),
            ManaOperationKind.Create => Create(operation),
            ManaOperationKind.Retry => Retry(operation.Pick),
            ManaOperationKind.Fence => Fence(),
            ManaOperationKind.Settle => Settle(operation.KeepsHeld),
            ManaOperationKind.Lie => Lie(operation),
            _ => Hold(operation),
        };
        return new ManaOutcome(value, (int)(Stack.Delivered - delivered));
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Memory.Dispose();
        Stack.Dispose();
        State.Dispose();
        GC.SuppressFinalize(this);
    }

    /// <summary>Allocates pages for the queue to come (B.4.8); false, and none, when one cannot be had.</summary>
    private protected abstract bool Prepare(bool hasProgram);

    private protected abstract int Retry(int place);

    private protected abstract bool HasRetry(int place);

    private protected abstract void Return(ReadOnlySpan<RedirectedFrame> frames);

    private int Receive(ManaOperation operation)
    {
        Verdicts[Device.Written] = operation.Verdict;
        return Device.Receive(operation.Size, operation.Traits);
    }

    private int Lie(ManaOperation operation)
    {
        Verdicts[Device.Written] = ManaVerdict.Pass;
        return Device.Lie(operation.Lie, operation.Size) ? 1 : 0;
    }

    private int Fence()
    {
        Verdicts[Device.Written] = ManaVerdict.Pass;
        Device.Fence();
        return 1;
    }

    private int Poll(ManaFault fault, int successes)
    {
        Arm(fault, successes);
        Memory.IsAtomic = true;
        int work = Queue.Poll();
        Memory.IsAtomic = false;
        Faults.Arm(0, 0);
        return work;
    }

    private int Create(ManaOperation operation)
    {
        Arm(operation.Fault, operation.SuccessesBeforeFault);
        int result = operation.IsPreallocated && !Prepare(operation.HasProgram) ? ManaOutcome.OutOfMemory : Queue.Create(operation.HasProgram);
        Queue.Program = Queue.HasProgram ? OnlyProgram : 0;
        Prepared.Free();
        Faults.Arm(0, 0);
        return result;
    }

    private void Arm(ManaFault fault, int successes) => Faults.Arm(fault == ManaFault.Skb ? SkbFault : (byte)fault, successes);

    /// <summary>What those do who hold something. Returns 0.</summary>
    private int Hold(ManaOperation operation)
    {
        Context = operation.IsLocal ? PutContext.Local : PutContext.Elsewhere;
        switch (operation.Kind)
        {
            case ManaOperationKind.Release:
                Stack.Release(operation.Pick);
                break;
            case ManaOperationKind.TxComplete:
                Holders.CompleteTransmission(operation.Pick);
                break;
            case ManaOperationKind.Return:
                Return(operation.Pick, operation.Count);
                break;
            case ManaOperationKind.Write:
                var packet = Stack.FragmentsOf(Stack.HeldAt(operation.Pick))[0];
                Memory.MarkDirty(packet.Frame, packet.Offset, packet.Length);
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(operation), operation.Kind, "not an operation");
        }

        return 0;
    }

    private void Return(int place, int count)
    {
        Return(Frames.Slice(place, count));
        Holders.Frames.Remove(place, count);
    }

    /// <summary>docs/mana.md, "Settle": polls, holders, waiting pools. Returns polls and retries.</summary>
    private int Settle(bool keepsHeld)
    {
        int steps = 0;
        for (; steps < SettlePollsMax && Pending > 0; steps++)
        {
            Poll(ManaFault.None, 0);
        }

        if (!keepsHeld)
        {
            LetAllGo();
        }

        for (int place = 0; place < WaitingPools;)
        {
            int waiting = WaitingPools;
            int left = 1;
            for (int retry = 0; left > 0 && waiting == WaitingPools && HasRetry(place) && retry < SettleRetriesMax; retry++)
            {
                left = Retry(place);
                steps++;
            }

            place += waiting == WaitingPools ? 1 : 0;
        }

        return steps;
    }

    private void LetAllGo()
    {
        Context = PutContext.Elsewhere;
        while (Holders.Transmissions.Count > 0)
        {
            Holders.CompleteTransmission(0);
        }

        while (Holders.Frames.Count > 0)
        {
            Return(0, 1);
        }

        while (Stack.HeldPackets > 0)
        {
            Stack.Release(0);
        }
    }
}

/// <summary>A world whose driver and pool follow the given rules.</summary>
/// <typeparam name="TRules">The decisions, right or planted.</typeparam>
/// <typeparam name="TPoolRules">The pool's decisions, right or planted.</typeparam>
public sealed unsafe class ManaWorld<TRules, TPoolRules> : ManaWorld
    where TRules : struct, IManaRules
    where TPoolRules : struct, IPoolRules
{
    private readonly ManaPools<TPoolRules> _pools;
    private readonly ManaQueue<TRules, TPoolRules> _queue;

    /// <summary>A world at the start of a run.</summary>
    public ManaWorld(ManaConfiguration configuration)
        : base(configuration, LayoutOf(configuration, false).Layout, !LayoutOf(configuration, true).IsRefused)
    {
        var plain = LayoutOf(configuration, false).Layout;
        var withProgram = LayoutOf(configuration, true);
        PoolConfiguration[] kinds = withProgram.IsRefused ? [configuration.Pool(plain)] : [configuration.Pool(plain), configuration.Pool(withProgram.Layout)];
        _pools = new ManaPools<TPoolRules>(kinds, ManaConfiguration.PoolsMax, Memory, Iommu, Faults);
        _queue = new ManaQueue<TRules, TPoolRules>(
            new ManaSurroundings<TPoolRules>(Memory, Iommu, Stack, Faults, _pools, Holders, Prepared),
            new ManaQueueShape(configuration, configuration, plain, withProgram.Layout, PlainPool: 0, ProgramPool: 1),
            Device,
            Verdicts);
        Stack.Recycler = _pools;
        State = new StateBlock(Memory, Stack, Device, _pools, _queue, Prepared, Holders, Verdicts);
        Device.Connect(_queue.WorkQueue, _queue.CompletionQueue);
        Restart();
    }

    /// <inheritdoc/>
    public override ManaQueue Queue => _queue;

    /// <inheritdoc/>
    public override int WaitingPools => _pools.Waiting;

    /// <inheritdoc/>
    private protected override PutContext Context
    {
        set => _pools.Context = value;
    }

    /// <inheritdoc/>
    public override Pool WaitingPoolAt(int place) => _pools.WaitingAt(place);

    /// <inheritdoc/>
    private protected override bool Prepare(bool hasProgram) => Prepared.Allocate<TRules>(Configuration.QueueSize, _queue.LayoutFor(hasProgram));

    /// <inheritdoc/>
    private protected override int Retry(int place) => _pools.Retry(place);

    /// <inheritdoc/>
    private protected override bool HasRetry(int place) => _pools.WaitingAt(place).HasRetry;

    /// <inheritdoc/>
    private protected override void Return(ReadOnlySpan<RedirectedFrame> frames) => _pools.Return(frames);

    private static ManaLayoutAnswer LayoutOf(ManaConfiguration configuration, bool hasProgram) =>
        configuration.Fault() is { } fault
            ? throw new ArgumentException(fault, nameof(configuration))
            : ManaBuffers.LayoutOf<TRules>(configuration.Request(hasProgram));
}
