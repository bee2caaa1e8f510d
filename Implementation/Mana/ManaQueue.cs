using RxVerify.Implementation.Memory;
using RxVerify.Implementation.PagePool;
using RxVerify.Model.Vocabulary.Mana;
using RxVerify.StateMachines.Mana;

namespace RxVerify.Implementation.Mana;

/// <summary>The driver's record of one receive buffer (struct mana_recv_buf_oob, B.3).</summary>
public struct SlotBuffer
{
    /// <summary>Bus address that is posted, behind the headroom (sgl[0].address).</summary>
    public ulong Address;

    /// <summary>The page's frame (buf_va).</summary>
    public int Frame;

    /// <summary>First byte of the buffer on its page, before the headroom.</summary>
    public int Offset;

    /// <summary>Whether it is the pool's (from_pool); else a page allocated before or saved.</summary>
    public bool IsFromPool;

    /// <summary>Whether the slot has a buffer at all.</summary>
    public bool HasBuffer;
}

/// <summary>What a queue has of its own, each made by one step of its creation (B.4.6) and undone once (B.4.7).</summary>
public enum ManaResource : byte
{
    /// <summary>The structure with its slots (struct mana_rxq).</summary>
    Structure,

    /// <summary>Memory of the work queue.</summary>
    WorkQueue,

    /// <summary>The completion queue.</summary>
    CompletionQueue,

    /// <summary>The WQ object, by which the device knows the queue.</summary>
    WorkQueueObject,

    /// <summary>The registration with XDP, the pool's second user.</summary>
    XdpRegistration,

    /// <summary>The NAPI.</summary>
    Napi,
}

/// <summary>The queue's variables. What may be none is stored plus one, so that a cleared block means none.</summary>
internal struct ManaQueueHeader
{
    public ManaCounters Counters;
    public uint Head;
    public uint Tail;
    public uint CompletionHead;
    public int NextSlot;
    public int SavedPlusOne;
    public int PoolPlusOne;
    public int Program;
    public byte Resources;
    public bool HasProgram;
    public ManaQueueState State;
}

/// <summary>
/// A MANA receive queue as laid out in memory: what a debugger attached to the driver sees. Reading it changes nothing; the
/// driver's functions are in <see cref="ManaQueue{TRules, TPoolRules}"/>.
/// </summary>
public abstract unsafe class ManaQueue : StatePart
{
    private readonly ManaConfiguration _configuration;
    private readonly ManaConfiguration _room;
    private readonly ManaLayout _plain;
    private readonly ManaLayout _withProgram;

    private protected ManaQueue(ManaQueueShape shape)
    {
        _configuration = shape.Configuration;
        _room = shape.Room;
        _plain = shape.Plain;
        _withProgram = shape.WithProgram;
    }

    /// <summary>Whether the queue is built.</summary>
    public bool IsUp => Header->State == ManaQueueState.Up;

    /// <summary>Whether the queue was built for an XDP program; false when it is down.</summary>
    public bool HasProgram => Header->HasProgram;

    /// <summary>Number of the program that the queue runs, 0 for none; it need not have one that was built for one (B.4.9).</summary>
    public int Program
    {
        get => Header->Program;
        set => Header->Program = value;
    }

    /// <summary>How its buffers lie in memory; without a queue, that of a queue without a program.</summary>
    public ref readonly ManaLayout Layout => ref LayoutFor(Header->HasProgram);

    /// <summary>The statistics.</summary>
    public ref readonly ManaCounters Counters => ref Header->Counters;

    /// <summary>The pool of the queue, or null when it is down.</summary>
    public abstract Pool? Pool { get; }

    /// <summary>The slot to be completed, and posted again, next (buf_index).</summary>
    public int NextSlot => Header->NextSlot;

    /// <summary>Where the next entry is written, in basic units since creation.</summary>
    public uint Head => Header->Head;

    /// <summary>The oldest entry that was not completed, in basic units since creation.</summary>
    public uint Tail => Header->Tail;

    /// <summary>Completions consumed since creation: in a poll, the number of the one being handled.</summary>
    public long Consumed => IsUp ? Header->CompletionHead - (uint)_configuration.CompletionSlots : 0;

    /// <summary>Completions that its completion queue has room for.</summary>
    public int CompletionSlots => _configuration.CompletionSlots;

    /// <summary>Frame of the page that was saved for the next refill (xdp_save_va), or -1.</summary>
    public int SavedFrame => Header->SavedPlusOne - 1;

    /// <summary>The work queue's memory, which the device reads.</summary>
    public ManaWorkQueueEntry* WorkQueue { get; private set; }

    /// <summary>The completion queue's memory, which the device writes.</summary>
    public ManaCompletion* CompletionQueue { get; private set; }

    internal ManaQueueHeader* Header { get; private set; }

    internal SlotBuffer* Slots { get; private set; }

    /// <summary>The buffer of a slot.</summary>
    public ref readonly SlotBuffer SlotAt(int slot) => ref Slots[slot];

    /// <summary>The buffers of all slots.</summary>
    public ReadOnlySpan<SlotBuffer> AllSlots => new(Slots, _configuration.QueueSize);

    /// <summary>Whether the queue has something of its own.</summary>
    public bool Has(ManaResource resource) => ((Header->Resources >> (int)resource) & 1) != 0;

    /// <summary>How buffers lie in memory in a queue that is built for a program, or without one.</summary>
    public ref readonly ManaLayout LayoutFor(bool hasProgram) => ref hasProgram ? ref _withProgram : ref _plain;

    /// <summary>Builds the queue (B.4.6), of pages allocated before while there are any. Returns 0, or -12 when a step failed and all was undone.</summary>
    public abstract int Create(bool hasProgram);

    /// <summary>Takes the queue down (B.4.7). Returns slots that had a buffer.</summary>
    /// <param name="deviceConfirms">Whether the command by which the device forgets the queue succeeds.</param>
    public abstract int Teardown(bool deviceConfirms = true);

    /// <summary>One NAPI poll (B.4.3). Returns completions consumed.</summary>
    public abstract int Poll();

    /// <inheritdoc/>
    protected internal override void Lay(ref BlockCursor cursor)
    {
        Header = cursor.Take<ManaQueueHeader>(1);
        WorkQueue = cursor.Take<ManaWorkQueueEntry>(_room.QueueSize);
        CompletionQueue = cursor.Take<ManaCompletion>(_room.CompletionSlots);
        Slots = cursor.Take<SlotBuffer>(_room.QueueSize);
    }
}

/// <summary>Size and layout of a queue. They are constants, so that the packet path need not look for them.</summary>
/// <param name="Configuration">The queue's constants.</param>
/// <param name="Room">Those of the largest queue that lies in the same memory.</param>
/// <param name="Plain">The layout without a program.</param>
/// <param name="WithProgram">The layout with one; all zero where the port refuses it.</param>
/// <param name="PlainPool">Which kind of pool goes with the one.</param>
/// <param name="ProgramPool">Which kind of pool goes with the other.</param>
internal sealed record ManaQueueShape(
    ManaConfiguration Configuration, ManaConfiguration Room, ManaLayout Plain, ManaLayout WithProgram, int PlainPool, int ProgramPool);

/// <summary>What queues share.</summary>
/// <typeparam name="TPoolRules">The pool's decisions, right or planted.</typeparam>
/// <param name="Memory">The page frames.</param>
/// <param name="Iommu">The device's view of them.</param>
/// <param name="Stack">The readers.</param>
/// <param name="Faults">What fails.</param>
/// <param name="Pools">The queues' pools.</param>
/// <param name="Holders">Where packets go that are not handed up.</param>
/// <param name="Prepared">Pages allocated before.</param>
internal sealed record ManaSurroundings<TPoolRules>(
    PhysicalMemory Memory,
    Iommu Iommu,
    NetworkStack Stack,
    FaultPlan Faults,
    ManaPools<TPoolRules> Pools,
    ManaHolders Holders,
    PreparedPages Prepared)
    where TPoolRules : struct, IPoolRules;

/// <summary>
/// The driver of a MANA receive queue: mana_en.c as functions of the same steps, on slots that are completed in the order in which
/// they were posted, with buffers from a page pool. Allocates nothing while packets flow.
/// </summary>
/// <typeparam name="TRules">The decisions, right or planted.</typeparam>
/// <typeparam name="TPoolRules">The pool's decisions, right or planted.</typeparam>
public sealed unsafe partial class ManaQueue<TRules, TPoolRules> : ManaQueue
    where TRules : struct, IManaRules
    where TPoolRules : struct, IPoolRules
{
    private readonly ManaPools<TPoolRules> _pools;
    private readonly PhysicalMemory _memory;
    private readonly Iommu _iommu;
    private readonly NetworkStack _stack;
    private readonly FaultPlan _faults;
    private readonly GdmaDevice _device;
    private readonly ManaHolders _holders;
    private readonly ManaVerdicts _verdicts;
    private readonly PreparedPages _prepared;
    private readonly int _plainPool;
    private readonly int _programPool;
    private readonly ManaQueueMachine _machine;
    private readonly int _size;
    private readonly int _completions;
    private readonly int _pollMax;
    private readonly int _pageBytes;

    /// <summary>A queue that is not built yet.</summary>
    /// <param name="around">What it shares with others.</param>
    /// <param name="shape">Its size and layout.</param>
    /// <param name="device">Its queue of the device.</param>
    /// <param name="verdicts">What its program says.</param>
    internal ManaQueue(ManaSurroundings<TPoolRules> around, ManaQueueShape shape, GdmaDevice device, ManaVerdicts verdicts)
        : base(shape)
    {
        _pools = around.Pools;
        _memory = around.Memory;
        _iommu = around.Iommu;
        _stack = around.Stack;
        _faults = around.Faults;
        _holders = around.Holders;
        _prepared = around.Prepared;
        _device = device;
        _verdicts = verdicts;
        _plainPool = shape.PlainPool;
        _programPool = shape.ProgramPool;
        _size = shape.Configuration.QueueSize;
        _completions = shape.Configuration.CompletionSlots;
        _pollMax = shape.Configuration.PollMax;
        _pageBytes = shape.Configuration.PageSize;
        _machine = new ManaQueueMachine(() => Header == null ? ManaQueueState.Down : Header->State, state => Header->State = state);
    }

    /// <inheritdoc/>
    public override Pool? Pool => Header->PoolPlusOne == 0 ? null : LivePool;

    private Pool<TPoolRules> LivePool => _pools[Header->PoolPlusOne - 1];
}
