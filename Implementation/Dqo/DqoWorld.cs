using RxVerify.Implementation.Memory;
using RxVerify.Model.Vocabulary.Dqo;

namespace RxVerify.Implementation.Dqo;

/// <summary>
/// A DQO queue with everything round it: memory, IOMMU, device and stack, all of whose state lies in one block. Applies
/// operations; which of them make sense now is told by <see cref="Allows"/>, from the world's own state.
/// </summary>
public abstract class DqoWorld : IWorld<DqoOperation, DqoOutcome>
{
    // A right driver is settled after a poll each for what waits, for what lands late and for the timer; a wrong one may go on for ever.
    private const int SettlePollsMax = 16;

    private protected DqoWorld(DqoConfiguration configuration)
    {
        if (configuration.Fault() is { } fault)
        {
            throw new ArgumentException(fault, nameof(configuration));
        }

        Configuration = configuration;
        Faults = new FaultPlan();
        Memory = new PhysicalMemory(configuration.PagesMax, configuration.PageSize, configuration.ChunkSize, Faults);
        Iommu = new Iommu(Memory, Faults);
        int skbs = configuration.StackCapacity + configuration.CompletionSlots + 1;
        Stack = new NetworkStack(Memory, skbs, configuration.FragmentsMax, configuration.Copybreak, Faults, (byte)DqoFault.Skb);
        Device = new DqoDevice(configuration, Iommu);
    }

    /// <summary>The constants.</summary>
    public DqoConfiguration Configuration { get; }

    /// <summary>The page frames.</summary>
    public PhysicalMemory Memory { get; }

    /// <summary>The device's view of them.</summary>
    public Iommu Iommu { get; }

    /// <summary>The readers.</summary>
    public NetworkStack Stack { get; }

    /// <summary>The device.</summary>
    public DqoDevice Device { get; }

    /// <summary>The driver's queue.</summary>
    public DqoQueue Queue { get; private protected set; } = null!;

    /// <summary>Told before the driver reads a page's count, with the page's frame: whoever lets go of a packet now does so in between.</summary>
    public Action<int>? BeforeCountRead { get; set; }

    /// <summary>All state of the above.</summary>
    public StateBlock State { get; private protected set; } = null!;

    /// <summary>Completions written and not consumed, late ones included.</summary>
    public int Pending => Queue.IsUp ? (int)(Device.Written - Consumed) : 0;

    /// <summary>Completions the driver has consumed since the queue was created, by its own counter.</summary>
    public long Consumed => Queue.Counters.Completed - CompletedAtCreation;

    /// <summary>What the stack holds or is about to receive, in buffers (docs/dqo.md, "Load").</summary>
    public int Load => Stack.HeldLoad + (Queue.PartialSkb < 0 ? 0 : Stack[Queue.PartialSkb].FragmentsInAll) + Pending;

    internal FaultPlan Faults { get; }

    /// <summary>The driver's completion counter when the queue was last created; it runs on over re-creation.</summary>
    internal abstract ref long CompletedAtCreation { get; }

    /// <summary>Back to the start of a run: a queue created and filled without failure.</summary>
    public void Restart()
    {
        State.Clear();
        Stack.DropsAtOnce = false;
        Create(DqoOperation.Create());
    }

    /// <summary>Whether an operation makes sense now; the table "What is allowed" of docs/dqo.md.</summary>
    public bool Allows(DqoOperation operation) => operation.Kind switch
    {
        DqoOperationKind.Receive or DqoOperationKind.ReceiveLate => Queue.IsUp && AllowsReceive(operation),
        DqoOperationKind.Poll => Queue.IsUp && AllowsPoll(operation),
        DqoOperationKind.Post or DqoOperationKind.Refill => Queue.IsUp && !HasPendingRepeat() && IsPostingFault(operation.Fault),
        DqoOperationKind.Release => operation.Pick < Stack.HeldPackets,
        DqoOperationKind.Clone => operation.Pick < Stack.HeldPackets && AllowsClone(operation.Pick),
        DqoOperationKind.Teardown => Queue.IsUp,
        DqoOperationKind.Create => !Queue.IsUp && AllowsCreate(operation),
        DqoOperationKind.Settle => true,
        DqoOperationKind.Lie => Queue.IsUp && AllowsLie(operation),
        _ => false,
    };

    /// <summary>Does one allowed operation.</summary>
    public DqoOutcome Apply(DqoOperation operation)
    {
        long delivered = Stack.Delivered;
        int value = operation.Kind switch
        {
            DqoOperationKind.Receive => Receive(operation, late: false),
            DqoOperationKind.ReceiveLate => Receive(operation, late: true),
            DqoOperationKind.Poll => Poll(operation, operation.Count),
            DqoOperationKind.Release => Stack.Release(operation.Pick),
            DqoOperationKind.Post => Refill(operation, 1),
            DqoOperationKind.Refill => Refill(operation, int.MaxValue),
            DqoOperationKind.Clone => Stack.Clone(operation.Pick),
            DqoOperationKind.Teardown => Queue.Teardown(operation.AdminFails),
            DqoOperationKind.Create => Create(operation),
            DqoOperationKind.Settle => Settle(operation.KeepsPackets),
            DqoOperationKind.Lie => Lie(operation),
            _ => throw new ArgumentOutOfRangeException(nameof(operation), operation.Kind, "not an operation"),
        };
        return new DqoOutcome(value, (int)(Stack.Delivered - delivered));
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Memory.Dispose();
        Stack.Dispose();
        State.Dispose();
        GC.SuppressFinalize(this);
    }

    private int Receive(DqoOperation operation, bool late) =>
        Device.Receive(operation.Size, operation.Count, operation.Pick, operation.DamagedBuffer, operation.Traits, late);

    private int Poll(DqoOperation operation, int budget)
    {
        Stack.DropsAtOnce = operation.DropsAtOnce;
        BeginAtomic(operation);
        int work = Queue.Poll(budget);
        EndAtomic();
        Stack.DropsAtOnce = false;
        return work;
    }

    private int Refill(DqoOperation operation, int limit)
    {
        BeginAtomic(operation);
        int posted = Queue.Refill(limit);
        EndAtomic();
        return posted;
    }

    private int Create(DqoOperation operation)
    {
        Faults.Arm((byte)operation.Fault, operation.SuccessesBeforeFault);
        CompletedAtCreation = Queue.Counters.Completed;
        int posted = Queue.Create();
        Faults.Arm(0, 0);
        return posted;
    }

    private void BeginAtomic(DqoOperation operation)
    {
        Faults.Arm((byte)operation.Fault, operation.SuccessesBeforeFault);
        Memory.IsAtomic = true;
    }

    private void EndAtomic()
    {
        Memory.IsAtomic = false;
        Faults.Arm(0, 0);
    }

    private int Settle(bool keepsPackets)
    {
        while (!keepsPackets && Stack.HeldPackets > 0)
        {
            Stack.Release(0);
        }

        var poll = DqoOperation.Poll(dropsAtOnce: !keepsPackets);
        int polls = 0;
        for (bool moved = true; moved && polls < SettlePollsMax && Queue.IsUp && (Pending > 0 || Queue.TimerArmed); polls++)
        {
            int late = Device.Late;
            var before = (Queue.Counters.Completed, Queue.Counters.Posted);
            Poll(poll, Configuration.CompletionSlots);
            moved = late > 0 || before != (Queue.Counters.Completed, Queue.Counters.Posted);
        }

        return polls;
    }

    private int Lie(DqoOperation operation)
    {
        int id = operation.Lie switch
        {
            DqoLie.UnknownId => Configuration.BufferStates + operation.Pick,
            DqoLie.IdOnList => UnpostedId(operation.Pick),
            _ => Configuration.BufferStates,
        };
        Device.Lie(operation.Lie, operation.Pick, id, operation.Size, operation.EndOfPacket);
        return 1;
    }

    private bool AllowsReceive(DqoOperation operation) =>
        operation.Count >= 1
        && operation.Count <= Device.Visible
        && operation.Pick < Device.Visible
        && operation.Size >= operation.Count
        && operation.Size <= operation.Count * Configuration.ChunkSize
        && operation.DamagedBuffer <= operation.Count
        && Load + operation.Count <= Configuration.StackCapacity
        && Pending + operation.Count <= Configuration.CompletionSlots;

    private bool AllowsPoll(DqoOperation operation) =>
        operation.Count >= 1
        && (operation.Fault == DqoFault.Skb
            || (operation.Fault == DqoFault.CopyPage && Configuration.QueuePageList)
            || IsPostingFault(operation.Fault))
        && (operation.Count >= Pending || !HasPendingRepeat());

    private bool AllowsCreate(DqoOperation operation) =>
        operation.Fault == DqoFault.Ring
            ? operation.SuccessesBeforeFault <= (Configuration.QueuePageList ? 4 : 3)
            : IsPostingFault(operation.Fault);

    private bool AllowsLie(DqoOperation operation)
    {
        if (Pending >= Configuration.CompletionSlots)
        {
            return false;
        }

        bool fitsChunk = operation.Size >= 1 && operation.Size <= Configuration.ChunkSize;
        return operation.Lie switch
        {
            DqoLie.UnknownId => Configuration.BufferStates + operation.Pick <= ushort.MaxValue,
            DqoLie.IdOnList => UnpostedId(operation.Pick) >= 0,
            DqoLie.TooLong => operation.Pick < Device.Visible
                && operation.Size > Configuration.ChunkSize
                && operation.Size <= CompletionDescriptor.LengthMax
                && Load < Configuration.StackCapacity,
            DqoLie.Swallow => operation.Pick < Device.Visible && fitsChunk,
            DqoLie.Stale => operation.Pick < Device.Visible && fitsChunk && Load < Configuration.StackCapacity,
            _ => false,
        };
    }

    /// <summary>A clone must leave the bias of each of its pages room for the chunks still to be handed up.</summary>
    private bool AllowsClone(int place)
    {
        int head = Stack.HeldAt(place);
        if (Load + Math.Max(1, Stack[head].FragmentsInAll) > Configuration.StackCapacity)
        {
            return false;
        }

        // The most a page can carry: every reference the stack has room for. Most limits are far above.
        if (Configuration.BiasLimit - Configuration.ChunksPerPage >= 2 * Configuration.StackCapacity)
        {
            return true;
        }

        for (int skb = head; skb >= 0; skb = Stack.NextPart(head, skb))
        {
            foreach (ref readonly var fragment in Stack.FragmentsOf(skb))
            {
                if (Memory.HeldOn(fragment.Frame) + FragmentsOn(head, fragment.Frame) + Configuration.ChunksPerPage > Configuration.BiasLimit)
                {
                    return false;
                }
            }
        }

        return true;
    }

    private int FragmentsOn(int head, int frame)
    {
        int count = 0;
        for (int skb = head; skb >= 0; skb = Stack.NextPart(head, skb))
        {
            foreach (ref readonly var fragment in Stack.FragmentsOf(skb))
            {
                count += fragment.Frame == frame ? 1 : 0;
            }
        }

        return count;
    }

    private bool IsPostingFault(DqoFault fault) =>
        fault == DqoFault.None || (fault is DqoFault.Page or DqoFault.Mapping && !Configuration.QueuePageList);

    /// <summary>Whether a completion waits that names a buffer which was not posted (A-D14: posting it now would make the lie true).</summary>
    private bool HasPendingRepeat()
    {
        for (long sequence = Device.Written - Pending; sequence < Device.Written; sequence++)
        {
            ref readonly var written = ref Device.LogOf(sequence);
            if (!written.ReturnsBuffer && written.BufferId < Configuration.BufferStates)
            {
                return true;
            }
        }

        return false;
    }

    private int UnpostedId(int pick)
    {
        var states = Queue.States;
        for (int id = 0; id < states.Length; id++)
        {
            if (states[id].Next != id && pick-- == 0)
            {
                return id;
            }
        }

        return -1;
    }
}

/// <summary>A world whose driver follows the given rules.</summary>
/// <typeparam name="TRules">The decisions, right or planted.</typeparam>
public sealed unsafe class DqoWorld<TRules> : DqoWorld
    where TRules : struct, IDqoRules
{
    private readonly Extra _extra = new();

    /// <summary>A world at the start of a run.</summary>
    public DqoWorld(DqoConfiguration configuration)
        : base(configuration)
    {
        Queue = new DqoQueue<TRules, OthersInBetween>(configuration, Memory, Iommu, Stack, Faults, Device, new OthersInBetween(this));
        State = new StateBlock(Memory, Stack, Device, Queue, _extra);
        Device.Connect(Queue.PostRing, Queue.CompletionRing);
        Restart();
    }

    internal override ref long CompletedAtCreation => ref *_extra.CompletedAtCreation;

    /// <summary>The device, and other processors, act while the driver runs.</summary>
    private readonly struct OthersInBetween(DqoWorld world) : IInBetween
    {
        private readonly DqoDevice _device = world.Device;

        public void BetweenDescriptorReads(int slot) => _device.LookedAt(slot);

        public void BeforeCountRead(int frame) => world.BeforeCountRead?.Invoke(frame);

        public void DuringTeardown() => _device.BeginPacket();
    }

    private sealed class Extra : StatePart
    {
        public long* CompletedAtCreation { get; private set; }

        protected internal override void Lay(ref BlockCursor cursor) => CompletedAtCreation = cursor.Take<long>(1);
    }
}
