namespace RxVerify.Model.Vocabulary.PagePool;

/// <summary>What can happen to a page pool, simplest first: shrinking prefers the earlier kind. docs/pool.md says what each does.</summary>
public enum PoolOperationKind : byte
{
    /// <summary>Driver: takes a whole page (C.2).</summary>
    Page,

    /// <summary>Driver: takes a fragment (C.3).</summary>
    Fragment,

    /// <summary>A holder lets go of one thing it holds, or of several at once, in one go (C.4).</summary>
    Put,

    /// <summary>Driver: takes a fragment or a page, whichever suits the size (C.3, helper).</summary>
    Any,

    /// <summary>A holder writes to what it holds, so that the device has to be told (C.7).</summary>
    Write,

    /// <summary>A holder takes a page reference beside the pool (get_page), which is held like anything else.</summary>
    Reference,

    /// <summary>A holder takes one more pool reference on what it holds (page_pool_ref_page, 6.12).</summary>
    Share,

    /// <summary>A holder has a page that is no pool's, in a packet marked for recycling.</summary>
    Foreign,

    /// <summary>Driver: moves to the other memory node (page_pool_update_nid).</summary>
    Move,

    /// <summary>A second user registers, as the XDP memory model does (user_cnt).</summary>
    Register,

    /// <summary>A processor begins to let go of something and does the first step of it.</summary>
    Begin,

    /// <summary>A processor, or who destroys the pool, does its next step.</summary>
    Go,

    /// <summary>A user destroys the pool; the last one does (C.5).</summary>
    Destroy,

    /// <summary>The delayed work of a destroyed pool looks again (C.5).</summary>
    Retry,

    /// <summary>Environment: what is under way ends, holders let go of everything, and the retries run until nothing changes.</summary>
    Settle,

    /// <summary>Driver: creates a pool, after the one before is gone.</summary>
    Create,
}

/// <summary>The step of an allocation that the environment lets fail, once.</summary>
public enum PoolFault : byte
{
    None,

    /// <summary>The allocator has no page, or no more of those asked for together.</summary>
    Page,

    /// <summary>The page cannot be mapped for the device.</summary>
    Mapping,

    /// <summary>The mapped page cannot be registered in the index of mapped pages (6.12).</summary>
    Index,
}

/// <summary>Where a put runs and what its caller says (C.4).</summary>
public enum PutContext : byte
{
    /// <summary>On another processor.</summary>
    Elsewhere,

    /// <summary>On the pool's processor, in softirq; the caller says nothing, as in the release of a packet.</summary>
    Local,

    /// <summary>On the pool's processor, in softirq, by the driver, which says that this is the pool's context (allow_direct).</summary>
    Direct,

    /// <summary>By the driver, which says so, in process context, such as when a queue is taken down.</summary>
    DirectInProcess,
}

/// <summary>
/// One step of a run: one indivisible act of one actor. Eight bytes, no references, so that a run is a flat array, a hash
/// key and a line of a trace. Every decision of the environment is an argument, so a sequence is deterministic.
/// </summary>
/// <param name="Kind">What happens.</param>
/// <param name="Flags">Fault, context and further decisions; read through the named properties.</param>
/// <param name="Pick">Which one of the things held, oldest first.</param>
/// <param name="Size">Bytes: of a fragment, of a write, or to be synced by a put.</param>
/// <param name="Count">How many things a put takes together.</param>
/// <param name="Extra">The processor, or the successes before a fault.</param>
public readonly record struct PoolOperation(
    PoolOperationKind Kind, byte Flags = 0, ushort Pick = 0, ushort Size = 0, byte Count = 0, byte Extra = 0)
{
    /// <summary><see cref="Processor"/> of a Go that is about who destroys the pool.</summary>
    public const int Destroyer = PoolConfiguration.Processors;

    private const byte LowNibble = 0x0f;
    private const byte ReserveFlag = 0x10;
    private const byte StepwiseFlag = 0x20;
    private const byte KeepsHeldFlag = 0x40;

    /// <summary>Page, Fragment, Any: what fails, once.</summary>
    public PoolFault Fault => (PoolFault)(Flags & LowNibble);

    /// <summary>Page, Fragment, Any: how often the thing that fails succeeds before it does.</summary>
    public int SuccessesBeforeFault => Extra;

    /// <summary>Page, Fragment, Any: whether pages that the allocator gives now are of its emergency reserve (pfmemalloc).</summary>
    public bool FromReserve => (Flags & ReserveFlag) != 0;

    /// <summary>Put, Begin: where it runs and what the caller says.</summary>
    public PutContext Context => (PutContext)(Flags & LowNibble);

    /// <summary>Begin, Go: the processor, or <see cref="Destroyer"/>.</summary>
    public int Processor => Extra;

    /// <summary>Destroy, Retry: whether only the first step is done and Go does the others.</summary>
    public bool IsStepwise => (Flags & StepwiseFlag) != 0;

    /// <summary>Settle: whether holders keep what they hold.</summary>
    public bool KeepsHeld => (Flags & KeepsHeldFlag) != 0;

    /// <summary>The driver takes a whole page.</summary>
    public static PoolOperation Page(PoolFault fault = PoolFault.None, int after = 0, bool reserve = false) =>
        new(PoolOperationKind.Page, Allocation(fault, reserve), Extra: (byte)after);

    /// <summary>The driver takes a fragment of <paramref name="size"/> bytes.</summary>
    public static PoolOperation Fragment(int size, PoolFault fault = PoolFault.None, int after = 0, bool reserve = false) =>
        new(PoolOperationKind.Fragment, Allocation(fault, reserve), Size: (ushort)size, Extra: (byte)after);

    /// <summary>The driver takes at least <paramref name="size"/> bytes, a fragment or a page.</summary>
    public static PoolOperation Any(int size, PoolFault fault = PoolFault.None, int after = 0, bool reserve = false) =>
        new(PoolOperationKind.Any, Allocation(fault, reserve), Size: (ushort)size, Extra: (byte)after);

    /// <summary>A holder lets go.</summary>
    /// <param name="pick">The first thing, among all that is held, oldest first.</param>
    /// <param name="context">Where it runs.</param>
    /// <param name="sync">Bytes that may have been written, to be synced for the device; 0 for the whole page.</param>
    /// <param name="count">How many things, side by side; more than one is the bulk put of XDP frames.</param>
    public static PoolOperation Put(int pick = 0, PutContext context = PutContext.Elsewhere, int sync = 0, int count = 1) =>
        new(PoolOperationKind.Put, (byte)context, (ushort)pick, (ushort)sync, (byte)count);

    /// <summary>A processor begins to let go, and does the first step.</summary>
    /// <param name="processor">0 for the pool's own, in softirq; 1 and 2 for others.</param>
    /// <param name="pick">The first thing, among all that is held, oldest first.</param>
    /// <param name="context">Elsewhere on processors 1 and 2; Local or Direct on processor 0.</param>
    /// <param name="sync">Bytes that may have been written; 0 for the whole page.</param>
    /// <param name="count">How many things, side by side.</param>
    public static PoolOperation Begin(int processor, int pick = 0, PutContext context = PutContext.Elsewhere, int sync = 0, int count = 1) =>
        new(PoolOperationKind.Begin, (byte)context, (ushort)pick, (ushort)sync, (byte)count, (byte)processor);

    /// <summary>A processor, or <see cref="Destroyer"/>, does its next step.</summary>
    public static PoolOperation Go(int processor) => new(PoolOperationKind.Go, Extra: (byte)processor);

    /// <summary>A holder writes to the first <paramref name="size"/> bytes of what it holds.</summary>
    public static PoolOperation Write(int pick, int size) => new(PoolOperationKind.Write, Pick: (ushort)pick, Size: (ushort)size);

    /// <summary>A holder takes a page reference on what it holds.</summary>
    public static PoolOperation Reference(int pick = 0) => new(PoolOperationKind.Reference, Pick: (ushort)pick);

    /// <summary>A holder takes a pool reference on what it holds.</summary>
    public static PoolOperation Share(int pick = 0) => new(PoolOperationKind.Share, Pick: (ushort)pick);

    /// <summary>A page that is no pool's comes to be held.</summary>
    public static PoolOperation Foreign() => new(PoolOperationKind.Foreign);

    /// <summary>The driver moves to the other node.</summary>
    public static PoolOperation Move() => new(PoolOperationKind.Move);

    /// <summary>A second user registers.</summary>
    public static PoolOperation Register() => new(PoolOperationKind.Register);

    /// <summary>A user destroys the pool.</summary>
    public static PoolOperation Destroy(bool stepwise = false) => new(PoolOperationKind.Destroy, stepwise ? StepwiseFlag : (byte)0);

    /// <summary>The delayed work looks again.</summary>
    public static PoolOperation Retry(bool stepwise = false) => new(PoolOperationKind.Retry, stepwise ? StepwiseFlag : (byte)0);

    /// <summary>Everything under way ends, and holders let go unless they keep what they hold.</summary>
    public static PoolOperation Settle(bool keepsHeld = false) => new(PoolOperationKind.Settle, keepsHeld ? KeepsHeldFlag : (byte)0);

    /// <summary>The driver creates a pool.</summary>
    public static PoolOperation Create() => new(PoolOperationKind.Create);

    private static byte Allocation(PoolFault fault, bool reserve) => (byte)((byte)fault | (reserve ? ReserveFlag : 0));
}
