using RxVerify.Implementation.Memory;
using RxVerify.Model.Vocabulary;
using RxVerify.Model.Vocabulary.PagePool;

namespace RxVerify.Implementation.PagePool;

/// <summary>
/// A page pool with everything round it: memory, IOMMU, who holds what, and the processors that let go of it, all of whose state
/// lies in one block. Applies operations; which of them make sense now is told by <see cref="Allows"/>, from the world's own state.
/// </summary>
public abstract unsafe partial class PoolWorld : IWorld<PoolOperation, PoolOutcome>
{
    // A right pool is gone, or waits for what is kept, after a retry that empties the ring and one that finds nothing; a wrong one may go on for ever.
    private const int SettleRetriesMax = 16;

    // The puts have at most three steps to go each, a destruction six, and each round does one at least.
    private const int SettleRoundsMax = (3 * PoolConfiguration.Processors) + 6;

    private protected PoolWorld(PoolConfiguration configuration)
    {
        if (configuration.Fault() is { } fault)
        {
            throw new ArgumentException(fault, nameof(configuration));
        }

        Configuration = configuration;
        Faults = new FaultPlan();
        int granule = Math.Min(configuration.PageBytes, PhysicalMemory.LargestGranule);
        var window = configuration.Syncs ? new DeviceWindow(configuration.SyncOffset, configuration.SyncBytes) : default;
        Memory = new PhysicalMemory(configuration.PagesMax, configuration.PageBytes, granule, Faults, window);
        Iommu = new Iommu(Memory, Faults);
        Holders = new PoolHolders(configuration);
    }

    /// <summary>The constants.</summary>
    public PoolConfiguration Configuration { get; }

    /// <summary>The page frames, each as large as a page of the pool; its ledger of dirty bytes is kept when the pool syncs.</summary>
    public PhysicalMemory Memory { get; }

    /// <summary>The device's view of them.</summary>
    public Iommu Iommu { get; }

    /// <summary>The pool.</summary>
    public abstract Pool Pool { get; }

    /// <summary>All state of the above and below.</summary>
    public StateBlock State { get; private protected set; } = null!;

    /// <summary>What fails in the operation that runs.</summary>
    public FaultPlan Faults { get; }

    /// <summary>What is held outside the pool, oldest first.</summary>
    public ReadOnlySpan<HeldThing> Things => Holders.Things;

    /// <summary>What who destroys the pool does next.</summary>
    public DestroyStep DestroyStep => Pool.DestroyStep;

    /// <summary>Things held, and those that puts under way are not finished with (docs/pool.md, "Things held").</summary>
    public int Load => Holders.Things.Length + Holders.InHand;

    internal PoolHolders Holders { get; }

    /// <summary>The put under way on a processor.</summary>
    public ref readonly PutUnderWay UnderWay(int processor) => ref Holders.Puts[processor];

    /// <summary>First bytes of a page that its holders wrote since it was given out whole.</summary>
    public int Written(int frame) => Holders.Written(frame);

    /// <summary>Back to the start of a run: a pool just created, and nothing held.</summary>
    public void Restart()
    {
        State.Clear();
        Pool.Create();
    }

    /// <summary>Does one allowed operation.</summary>
    public PoolOutcome Apply(PoolOperation operation)
    {
        switch (operation.Kind)
        {
            case PoolOperationKind.Page or PoolOperationKind.Fragment or PoolOperationKind.Any:
                return Take(operation);
            case PoolOperationKind.Foreign:
                return TakeForeign();
            case PoolOperationKind.Settle:
                return new PoolOutcome(Settle(operation.KeepsHeld));
            case PoolOperationKind.Put or PoolOperationKind.Begin or PoolOperationKind.Go or PoolOperationKind.Destroy or PoolOperationKind.Retry:
                long before = Pool.Departures;
                LetGo(operation);
                return new PoolOutcome((int)(Pool.Departures - before));
            default:
                Act(operation);
                return default;
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Memory.Dispose();
        State.Dispose();
        GC.SuppressFinalize(this);
    }

    private PoolOutcome Take(PoolOperation operation)
    {
        Faults.Arm((byte)operation.Fault, operation.SuccessesBeforeFault);
        Pool.FromReserve = operation.FromReserve;
        int length = operation.Kind == PoolOperationKind.Page ? Configuration.PageBytes : operation.Size;
        int frame = TakeFrame(operation.Kind, ref length, out int offset);
        Pool.FromReserve = false;
        Faults.Arm(0, 0);
        if (frame < 0)
        {
            return default;
        }

        // A fragment by the helper is at most half a page and what is behind it, so what is a page long is a page.
        bool isWhole = operation.Kind != PoolOperationKind.Fragment && length == Configuration.PageBytes;
        Holders.Written(frame) = 0;
        return new PoolOutcome(1, Hold(frame, offset, length, isWhole ? ThingKind.Page : ThingKind.Fragment));
    }

    private int TakeFrame(PoolOperationKind kind, ref int length, out int offset)
    {
        int frame;
        offset = 0;
        bool isGiven = kind switch
        {
            PoolOperationKind.Page => (frame = Pool.TakePage()) >= 0,
            PoolOperationKind.Fragment => Pool.TakeFragment(length, out frame, out offset),
            _ => Pool.TakeAny(ref length, out frame, out offset),
        };
        return isGiven ? frame : Pool.None;
    }

    private PoolOutcome TakeForeign()
    {
        int frame = Memory.Allocate((byte)PoolFault.None, maySleep: false);
        return frame < 0 ? default : new PoolOutcome(1, Hold(frame, 0, Configuration.PageBytes, ThingKind.Foreign));
    }

    private Fragment Hold(int frame, int offset, int length, ThingKind kind)
    {
        var page = Memory.PageOf(frame);
        Holders.Add(new HeldThing { Frame = frame, Page = page, Offset = offset, Length = length, Kind = kind });
        Memory.Hold(frame, offset);
        return new Fragment(page, offset, length);
    }

    private void Act(PoolOperation operation)
    {
        switch (operation.Kind)
        {
            case PoolOperationKind.Write:
                Write(Things[operation.Pick], operation.Size);
                break;
            case PoolOperationKind.Reference:
                var referred = Things[operation.Pick];
                Memory.AddReferences(referred.Frame, 1);
                Hold(referred.Frame, referred.Offset, referred.Length, ThingKind.Reference);
                break;
            case PoolOperationKind.Share:
                var shared = Things[operation.Pick];
                Pool.AddReference(shared.Frame);
                Hold(shared.Frame, shared.Offset, shared.Length, shared.Kind);
                break;
            case PoolOperationKind.Move:
                Pool.MoveTo(1 - Pool.Node);
                break;
            case PoolOperationKind.Register:
                Pool.Register();
                break;
            case PoolOperationKind.Create:
                Pool.Create();
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(operation), operation.Kind, "not an operation");
        }
    }

    private void Write(in HeldThing thing, int size)
    {
        if (thing.Kind == ThingKind.Fragment)
        {
            Memory.MarkDirty(thing.Frame, thing.Offset, size);
            return;
        }

        Memory.MarkDirty(thing.Frame, Configuration.SyncOffset, size);
        Holders.Written(thing.Frame) = Math.Max(Holders.Written(thing.Frame), size);
    }

    private void LetGo(PoolOperation operation)
    {
        switch (operation.Kind)
        {
            case PoolOperationKind.Put:
                Put(operation);
                break;
            case PoolOperationKind.Begin:
                Count(operation, ref Holders.Puts[operation.Processor]);
                break;
            case PoolOperationKind.Go when operation.Processor == PoolOperation.Destroyer:
                Pool.GoDestroy();
                break;
            case PoolOperationKind.Go:
                Pool.Go(ref Holders.Puts[operation.Processor]);
                break;
            case PoolOperationKind.Destroy when operation.IsStepwise:
                Pool.BeginDestroy();
                break;
            case PoolOperationKind.Destroy:
                Pool.Destroy();
                break;
            case PoolOperationKind.Retry when operation.IsStepwise:
                Pool.BeginRetry();
                break;
            default:
                Pool.Retry();
                break;
        }
    }

    private void Put(PoolOperation operation)
    {
        PutUnderWay put = default;
        Count(operation, ref put);
        while (put.Step != PutStep.Idle)
        {
            Pool.Go(ref put);
        }
    }

    /// <summary>First step of a put: holders let go; what the pool has to decide about is noted in <paramref name="put"/>.</summary>
    private void Count(PoolOperation operation, ref PutUnderWay put)
    {
        // The driver knows whose its pages are; everybody else looks at the signature.
        bool isDriver = operation.Context is PutContext.Direct or PutContext.DirectInProcess;
        foreach (ref readonly var thing in Things.Slice(operation.Pick, operation.Count))
        {
            Memory.LetGo(thing.Frame, thing.Offset);
            if (thing.Kind != ThingKind.Reference && (isDriver || Pool.Owns(thing.Frame)))
            {
                Pool.Count(ref put, thing.Frame, operation.Context, operation.Size, thing.Length);
            }
            else
            {
                Memory.Put(thing.Frame);
            }
        }

        Holders.Remove(operation.Pick, operation.Count);
        if (put.Step == PutStep.Idle)
        {
            put = default;
        }
    }

    private int Settle(bool keepsHeld)
    {
        bool moved = true;
        for (int round = 0; moved && round < SettleRoundsMax; round++)
        {
            moved = FinishSteps();
        }

        while (!keepsHeld && Things.Length > 0)
        {
            Put(PoolOperation.Put());
        }

        int retries = 0;
        for (bool changed = true; changed && Pool.HasRetry && retries < SettleRetriesMax; retries++)
        {
            int inflight = Pool.InflightSeen;
            bool hadRing = Pool.RingAt(Pool.RingHead) >= 0;
            Pool.Retry();
            changed = hadRing || Pool.InflightSeen != inflight;
        }

        return retries;
    }

    /// <summary>Each processor in turn does all the steps it may, and then who destroys the pool. Whether there were any.</summary>
    private bool FinishSteps()
    {
        bool moved = false;
        for (int processor = 0; processor <= PoolOperation.Destroyer; processor++)
        {
            for (var step = PoolOperation.Go(processor); Allows(step); moved = true)
            {
                LetGo(step);
            }
        }

        return moved;
    }
}

/// <summary>A world whose pool follows the given rules.</summary>
/// <typeparam name="TRules">The decisions, right or planted.</typeparam>
public sealed class PoolWorld<TRules> : PoolWorld
    where TRules : struct, IPoolRules
{
    private readonly Pool<TRules> _pool;

    /// <summary>A world at the start of a run.</summary>
    public PoolWorld(PoolConfiguration configuration)
        : base(configuration)
    {
        var pages = new PoolPages(Memory.Frames);
        _pool = new Pool<TRules>(configuration, Memory, Iommu, Faults, pages);
        State = new StateBlock(Memory, pages, _pool, Holders);
        Restart();
    }

    /// <inheritdoc/>
    public override Pool Pool => _pool;
}
