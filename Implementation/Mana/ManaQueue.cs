using RxVerify.Implementation.Memory;
using RxVerify.Implementation.PagePool;
using RxVerify.Model.Vocabulary.Mana;

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
    public int Prepared;
    public byte Resources;
    public bool HasProgram;
    public bool IsUp;
}

/// <summary>
/// A MANA receive queue as laid out in memory: what a debugger attached to the driver sees. Reading it changes nothing; the
/// driver's functions are in <see cref="ManaQueue{TRules, TPoolRules}"/>.
/// </summary>
public abstract unsafe class ManaQueue : StatePart
{
    private readonly ManaConfiguration _configuration;
    private readonly ManaLayout _plain;
    private readonly ManaLayout _withProgram;

    private protected ManaQueue(ManaConfiguration configuration, ManaLayout plain, ManaLayout withProgram)
    {
        _configuration = configuration;
        _plain = plain;
        _withProgram = withProgram;
    }

    /// <summary>Whether the queue is built.</summary>
    public bool IsUp => Header->IsUp;

    /// <summary>Whether the queue was built for an XDP program; false when it is down.</summary>
    public bool HasProgram => Header->HasProgram;

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

    /// <summary>Frame of the page that was saved for the next refill (xdp_save_va), or -1.</summary>
    public int SavedFrame => Header->SavedPlusOne - 1;

    /// <summary>The work queue's memory, which the device reads.</summary>
    public ManaWorkQueueEntry* WorkQueue { get; private set; }

    /// <summary>The completion queue's memory, which the device writes.</summary>
    public ManaCompletion* CompletionQueue { get; private set; }

    internal ManaQueueHeader* Header { get; private set; }

    internal SlotBuffer* Slots { get; private set; }

    /// <summary>Pages allocated before the queue that will have them, with their mappings (rxbufs_pre, das_pre).</summary>
    internal SlotBuffer* Prepared { get; private set; }

    /// <summary>The buffer of a slot.</summary>
    public ref readonly SlotBuffer SlotAt(int slot) => ref Slots[slot];

    /// <summary>Whether the queue has something of its own.</summary>
    public bool Has(ManaResource resource) => ((Header->Resources >> (int)resource) & 1) != 0;

    /// <summary>Builds the queue (B.4.6, B.4.8). Returns 0, or -12 when a step failed and all was undone.</summary>
    public abstract int Create(bool hasProgram, bool isPreallocated);

    /// <summary>Takes the queue down (B.4.7). Returns slots that had a buffer.</summary>
    public abstract int Teardown();

    /// <summary>One NAPI poll (B.4.3). Returns completions consumed.</summary>
    public abstract int Poll();

    /// <inheritdoc/>
    protected internal override void Lay(ref BlockCursor cursor)
    {
        Header = cursor.Take<ManaQueueHeader>(1);
        WorkQueue = cursor.Take<ManaWorkQueueEntry>(_configuration.QueueSize);
        CompletionQueue = cursor.Take<ManaCompletion>(_configuration.CompletionSlots);
        Slots = cursor.Take<SlotBuffer>(_configuration.QueueSize);
        Prepared = cursor.Take<SlotBuffer>(_configuration.QueueSize);
    }

    private protected ref readonly ManaLayout LayoutFor(bool hasProgram) => ref hasProgram ? ref _withProgram : ref _plain;
}

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
    private readonly int _size;
    private readonly int _completions;
    private readonly int _pollMax;
    private readonly int _pageBytes;

    /// <summary>A queue that is not built yet, in a world.</summary>
    internal ManaQueue(ManaWorld world, ManaLayout plain, ManaLayout withProgram, ManaPools<TPoolRules> pools)
        : base(world.Configuration, plain, withProgram)
    {
        _pools = pools;
        _memory = world.Memory;
        _iommu = world.Iommu;
        _stack = world.Stack;
        _faults = world.Faults;
        _device = world.Device;
        _holders = world.Holders;
        _size = world.Configuration.QueueSize;
        _completions = world.Configuration.CompletionSlots;
        _pollMax = world.Configuration.PollMax;
        _pageBytes = world.Memory.PageSize;
    }

    /// <inheritdoc/>
    public override Pool? Pool => Header->PoolPlusOne == 0 ? null : LivePool;

    private Pool<TPoolRules> LivePool => _pools[Header->PoolPlusOne - 1];
}
