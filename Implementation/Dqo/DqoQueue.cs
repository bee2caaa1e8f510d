using System.Runtime.CompilerServices;
using RxVerify.Implementation.Memory;
using RxVerify.Model.Vocabulary.Dqo;
using RxVerify.StateMachines.Dqo;

namespace RxVerify.Implementation.Dqo;

/// <summary>The driver's record of one buffer (gve_rx_buf_state_dqo with its slot page info, A.1).</summary>
public struct BufferState
{
    /// <summary>Bus address of the page's start; the whole page stays mapped while it belongs to this state.</summary>
    public ulong Address;

    /// <summary>Frame of the page (page), meaningful while <see cref="HasPage"/>.</summary>
    public int Frame;

    /// <summary>Byte offset of the chunk that is, or will next be, given to the device (page_offset).</summary>
    public int Offset;

    /// <summary>Page references the driver has paid in advance and still owns (pagecnt_bias).</summary>
    public int Bias;

    /// <summary>Offset of the chunk handed up when it was the only referenced one (last_single_ref_offset).</summary>
    public int LastSingle;

    /// <summary>Link and tag at once: own index = allocated, else the next state of the list, -1 = end (next).</summary>
    public short Next;

    /// <summary>Whether a page is attached (page != NULL).</summary>
    public bool HasPage;
}

/// <summary>The queue's registers and list heads. Links are stored as the kernel has them; -1 is none.</summary>
internal struct QueueHeader
{
    public DqoCounters Counters;
    public int BufferHead;
    public int BufferTail;
    public int CompletionHead;
    public int FreeCompletionSlots;
    public int OldGeneration;
    public int UsedCount;
    public int SkbHead;
    public int SkbTail;
    public int UnreplenishedPlusOne;
    public int UnclassifiedPlusOne;
    public int PagesOfListTaken;
    public int LastFrame;
    public short FreeTop;
    public short RecycledHead;
    public short RecycledTail;
    public short UsedHead;
    public short UsedTail;
    public DqoQueueState State;
    public bool IsDropping;
    public bool TimerArmed;
}

/// <summary>One page of a queue page list (A.9.2), mapped for as long as the queue exists.</summary>
internal struct ListedPage
{
    public ulong Address;
    public int Frame;
}

/// <summary>
/// A DQO receive queue as laid out in memory: what a debugger attached to the driver sees. Reading it changes nothing; the
/// driver's functions are in <see cref="DqoQueue{TRules, TInBetween}"/>.
/// </summary>
public abstract unsafe class DqoQueue : StatePart
{
    private readonly DqoConfiguration _configuration;

    private protected DqoQueue(DqoConfiguration configuration) => _configuration = configuration;

    /// <summary>Whether the queue is built.</summary>
    public bool IsUp => Header->State == DqoQueueState.Up;

    /// <summary>The statistics.</summary>
    public ref readonly DqoCounters Counters => ref Header->Counters;

    /// <summary>Whether the queue drops until the end of a packet.</summary>
    public bool IsDropping => Header->IsDropping;

    /// <summary>Whether the starvation timer will wake the queue (D-6).</summary>
    public bool TimerArmed => Header->TimerArmed;

    /// <summary>Head of the packet under assembly, or -1.</summary>
    public int PartialSkb => IsUp ? Header->SkbHead : NetworkStack.None;

    /// <summary>Producer index of the buffer queue.</summary>
    public int BufferTail => Header->BufferTail;

    /// <summary>Consumer index of the buffer queue.</summary>
    public int BufferHead => Header->BufferHead;

    /// <summary>Completion slots not promised to posted buffers.</summary>
    public int FreeCompletionSlots => Header->FreeCompletionSlots;

    /// <summary>The driver's count of states on the used list (A.9.3).</summary>
    public int UsedCount => Header->UsedCount;

    /// <summary>First state of the free stack, or -1.</summary>
    public int FreeTop => Header->FreeTop;

    /// <summary>First state of the recycled list, or -1.</summary>
    public int RecycledHead => Header->RecycledHead;

    /// <summary>First state of the used list, or -1.</summary>
    public int UsedHead => Header->UsedHead;

    /// <summary>Last state of the recycled list, or -1.</summary>
    public int RecycledTail => Header->RecycledTail;

    /// <summary>Last state of the used list, or -1.</summary>
    public int UsedTail => Header->UsedTail;

    /// <summary>Consumer index of the completion queue.</summary>
    public int CompletionHead => Header->CompletionHead;

    /// <summary>The generation of completions consumed already.</summary>
    public int OldGeneration => Header->OldGeneration;

    /// <summary>Last skb of the packet under assembly, or -1.</summary>
    public int PartialTail => IsUp ? Header->SkbTail : NetworkStack.None;

    /// <summary>The state whose bias has run out and is to be replenished later, or -1; the right rules never leave one (F-A26).</summary>
    public int Unreplenished => Header->UnreplenishedPlusOne - 1;

    /// <summary>Frame of the page attached last; the right rules never look at it (F-A23).</summary>
    public int LastFrame => Header->LastFrame;

    /// <summary>Frame of the page that the next state without one will get from the queue page list (A.9.2), or -1: all are taken, or there is no list.</summary>
    public int NextListedFrame => _configuration.QueuePageList && Header->PagesOfListTaken < _configuration.BufferStates ? PageList[Header->PagesOfListTaken].Frame : -1;

    /// <summary>The buffer states.</summary>
    public ReadOnlySpan<BufferState> States
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => new(StateArray, _configuration.BufferStates);
    }

    /// <summary>The buffer queue's ring.</summary>
    public PostDescriptor* PostRing { get; private set; }

    /// <summary>The completion queue's ring.</summary>
    public CompletionDescriptor* CompletionRing { get; private set; }

    internal QueueHeader* Header { get; private set; }

    internal BufferState* StateArray { get; private set; }

    internal ListedPage* PageList { get; private set; }

    /// <summary>Builds the queue and fills it (A.5.8, A.5.2.4). Returns buffers posted, or -12 when memory for the queue is missing.</summary>
    public abstract int Create();

    /// <summary>Takes the queue down (A.5.8). Returns buffer states that had a page.</summary>
    /// <param name="adminFails">Whether the device refuses the command and is reset instead.</param>
    public abstract int Teardown(bool adminFails);

    /// <summary>Fills the buffer queue with at most <paramref name="limit"/> buffers (A.5.2). Returns how many.</summary>
    public abstract int Refill(int limit);

    /// <summary>The first half of a poll: consumes completions up to a budget (A.5.7.1). Returns the work done.</summary>
    public abstract int Consume(int budget);

    /// <summary>Consumes completions, up to a budget, and fills the buffer queue (A.5.7). Returns the work done.</summary>
    public abstract int Poll(int budget);

    /// <inheritdoc/>
    protected internal override void Lay(ref BlockCursor cursor)
    {
        Header = cursor.Take<QueueHeader>(1);
        PostRing = cursor.Take<PostDescriptor>(_configuration.BufferSlots);
        CompletionRing = cursor.Take<CompletionDescriptor>(_configuration.CompletionSlots);

        // One more than there are: reading past the end is caught, and must not read another part's memory.
        StateArray = cursor.Take<BufferState>(_configuration.BufferStates + 1);
        PageList = cursor.Take<ListedPage>(_configuration.QueuePageList ? _configuration.BufferStates : 0);
    }
}

/// <summary>
/// The driver of a DQO receive queue: gve_rx_dqo.c as functions of the same steps, on buffer states linked by index, real
/// descriptor rings and page references paid in advance. Allocates nothing while packets flow.
/// </summary>
/// <typeparam name="TRules">The decisions, right or planted.</typeparam>
/// <typeparam name="TInBetween">Who may act while the driver runs.</typeparam>
public sealed unsafe partial class DqoQueue<TRules, TInBetween> : DqoQueue
    where TRules : struct, IDqoRules
    where TInBetween : struct, IInBetween
{
    private readonly DqoConfiguration _configuration;
    private readonly PhysicalMemory _memory;
    private readonly Iommu _iommu;
    private readonly NetworkStack _stack;
    private readonly FaultPlan _faults;
    private readonly DqoDevice _device;
    private readonly TInBetween _inBetween;
    private readonly DqoQueueMachine _machine;
    private readonly int _states;
    private readonly int _bufferMask;
    private readonly int _completionMask;
    private readonly int _chunkSize;
    private readonly int _pageSize;
    private readonly int _copybreak;
    private readonly int _batchMask;
    private readonly bool _hasPageList;

    /// <summary>A queue that is not built yet.</summary>
    public DqoQueue(
        DqoConfiguration configuration, PhysicalMemory memory, Iommu iommu, NetworkStack stack, FaultPlan faults, DqoDevice device, TInBetween inBetween)
        : base(configuration)
    {
        _configuration = configuration;
        _memory = memory;
        _iommu = iommu;
        _stack = stack;
        _faults = faults;
        _device = device;
        _inBetween = inBetween;
        _machine = new DqoQueueMachine(() => Header == null ? DqoQueueState.Down : Header->State, state => Header->State = state);
        _states = configuration.BufferStates;
        _bufferMask = configuration.BufferSlots - 1;
        _completionMask = configuration.CompletionSlots - 1;
        _chunkSize = configuration.ChunkSize;
        _pageSize = configuration.PageSize;
        _copybreak = configuration.Copybreak;
        _batchMask = configuration.DoorbellBatch - 1;
        _hasPageList = configuration.QueuePageList;
    }
}
