namespace RxVerify.Model.Vocabulary.Mana;

/// <summary>What can happen to a MANA receive queue, simplest first: shrinking prefers the earlier kind. docs/mana.md says what each does.</summary>
public enum ManaOperationKind : byte
{
    /// <summary>Device: fills the next posted buffer with a packet and completes it.</summary>
    Receive,

    /// <summary>Driver: one NAPI poll (B.4.3).</summary>
    Poll,

    /// <summary>Stack: a reader lets go of a packet.</summary>
    Release,

    /// <summary>A transmission of a received buffer completes (B.4.5, TX).</summary>
    TxComplete,

    /// <summary>Redirected frames come back (B.4.5, REDIRECT).</summary>
    Return,

    /// <summary>Stack: a reader writes to its packet.</summary>
    Write,

    /// <summary>Driver: takes the queue down (B.4.7).</summary>
    Teardown,

    /// <summary>Driver: builds a queue (B.4.6), perhaps from buffers allocated before (B.4.8).</summary>
    Create,

    /// <summary>The delayed work of a pool that waits for its pages looks again (C.5).</summary>
    Retry,

    /// <summary>Device: a fence, which takes no buffer.</summary>
    Fence,

    /// <summary>Environment: failures stop, the driver polls, holders let go, pools look again.</summary>
    Settle,

    /// <summary>Device: a completion that was not asked for or is not true.</summary>
    Lie,
}

/// <summary>The step of an operation that the environment lets fail, once.</summary>
public enum ManaFault : byte
{
    None,

    /// <summary>The page allocator has no page: for the pool, or for a buffer allocated before.</summary>
    Page,

    /// <summary>A buffer cannot be mapped by the driver, or a page by the pool.</summary>
    Mapping,

    /// <summary>No skb can be built (B.4.4.5).</summary>
    Skb,

    /// <summary>Create: a step that makes something of the queue's own (docs/mana.md, Create).</summary>
    Resource,
}

/// <summary>What the XDP program, where there is one, says about a packet, and what becomes of that (B.4.5).</summary>
public enum ManaVerdict : byte
{
    /// <summary>XDP_PASS.</summary>
    Pass,

    /// <summary>XDP_DROP.</summary>
    Drop,

    /// <summary>XDP_TX, and the transmit queue takes it.</summary>
    Tx,

    /// <summary>XDP_REDIRECT, and the target takes it.</summary>
    Redirect,

    /// <summary>XDP_REDIRECT, and the target refuses it.</summary>
    RedirectFails,

    /// <summary>XDP_ABORTED.</summary>
    Aborted,

    /// <summary>A number that is no verdict.</summary>
    Unknown,

    /// <summary>XDP_TX, and the transmit queue refuses it.</summary>
    TxFails,
}

/// <summary>What the device says about a packet that it received well, apart from its length (B.1: struct mana_rxcomp_oob); none: TCP over IPv4 with a hash, all checksums good.</summary>
[Flags]
public enum ManaTraits : byte
{
    None = 0,

    /// <summary>UDP instead of TCP: hash type and transport checksum are reported in the bits for UDP.</summary>
    Udp = 1,

    /// <summary>No hash: rx_hashtype is 0, and pkt_hash means nothing.</summary>
    NoHash = 2,

    /// <summary>The checksum of the IP header is wrong (rx_iphdr_csum_fail).</summary>
    IpChecksumBad = 4,

    /// <summary>The transport checksum is wrong (rx_tcp_csum_fail, rx_udp_csum_fail).</summary>
    L4ChecksumBad = 8,

    /// <summary>The device did not look at the IP header's checksum: it reports neither good nor bad.</summary>
    IpUnchecked = 16,

    /// <summary>The device did not look at the transport checksum.</summary>
    L4Unchecked = 32,

    /// <summary>All of them.</summary>
    All = 63,
}

/// <summary>
/// One step of a run: one indivisible act of one actor. Eight bytes, no references, so that a run is a flat array, a hash
/// key and a line of a trace. Every decision of the environment is an argument, so a sequence is deterministic.
/// </summary>
/// <param name="Kind">What happens.</param>
/// <param name="Flags">Verdict, fault, kind of lie and further decisions; read through the named properties.</param>
/// <param name="Pick">Which one of the packets, transmissions, frames or waiting pools, oldest first.</param>
/// <param name="Size">Bytes of a packet, or as reported by a lie.</param>
/// <param name="Count">How many frames come back together.</param>
/// <param name="Extra">The successes before a fault, or the traits of a packet.</param>
public readonly record struct ManaOperation(
    ManaOperationKind Kind, byte Flags = 0, ushort Pick = 0, ushort Size = 0, byte Count = 0, byte Extra = 0)
{
    private const byte LowNibble = 0x0f;
    private const byte ProgramFlag = 0x10;
    private const byte PreallocatedFlag = 0x20;
    private const byte LocalFlag = 0x40;
    private const byte KeepsHeldFlag = 0x80;

    /// <summary>Receive: what the program says about the packet.</summary>
    public ManaVerdict Verdict => (ManaVerdict)(Flags & LowNibble);

    /// <summary>Receive: what the device says about the packet.</summary>
    public ManaTraits Traits => (ManaTraits)Extra & ManaTraits.All;

    /// <summary>Poll, Create: what fails, once.</summary>
    public ManaFault Fault => (ManaFault)(Flags & LowNibble);

    /// <summary>Poll, Create: how often the thing that fails succeeds before it does.</summary>
    public int SuccessesBeforeFault => Extra;

    /// <summary>Lie: what is reported.</summary>
    public ManaLie Lie => (ManaLie)(Flags & LowNibble);

    /// <summary>Create: whether the port has an XDP program.</summary>
    public bool HasProgram => (Flags & ProgramFlag) != 0;

    /// <summary>Create: whether the buffers were allocated before (B.4.8).</summary>
    public bool IsPreallocated => (Flags & PreallocatedFlag) != 0;

    /// <summary>Release, TxComplete: whether it runs on the queue's processor, in softirq.</summary>
    public bool IsLocal => (Flags & LocalFlag) != 0;

    /// <summary>Settle: whether holders keep what they hold.</summary>
    public bool KeepsHeld => (Flags & KeepsHeldFlag) != 0;

    /// <summary>The device receives a packet of <paramref name="size"/> bytes.</summary>
    public static ManaOperation Receive(int size, ManaVerdict verdict = ManaVerdict.Pass, ManaTraits traits = ManaTraits.None) =>
        new(ManaOperationKind.Receive, (byte)verdict, Size: (ushort)size, Extra: (byte)traits);

    /// <summary>One NAPI poll.</summary>
    public static ManaOperation Poll(ManaFault fault = ManaFault.None, int after = 0) => new(ManaOperationKind.Poll, (byte)fault, Extra: (byte)after);

    /// <summary>A reader lets go of the packet at this place among those held.</summary>
    public static ManaOperation Release(int packet = 0, bool local = false) => new(ManaOperationKind.Release, local ? LocalFlag : (byte)0, (ushort)packet);

    /// <summary>The transmission at this place among those under way completes.</summary>
    public static ManaOperation TxComplete(int transmission = 0, bool local = false) =>
        new(ManaOperationKind.TxComplete, local ? LocalFlag : (byte)0, (ushort)transmission);

    /// <summary>Frames come back, <paramref name="count"/> of them side by side.</summary>
    public static ManaOperation Return(int frame = 0, int count = 1) => new(ManaOperationKind.Return, Pick: (ushort)frame, Count: (byte)count);

    /// <summary>A reader writes to the packet at this place among those held.</summary>
    public static ManaOperation Write(int packet = 0) => new(ManaOperationKind.Write, Pick: (ushort)packet);

    /// <summary>The driver takes the queue down.</summary>
    public static ManaOperation Teardown() => new(ManaOperationKind.Teardown);

    /// <summary>The driver builds a queue.</summary>
    public static ManaOperation Create(bool program = false, bool preallocated = false, ManaFault fault = ManaFault.None, int after = 0) =>
        new(ManaOperationKind.Create, (byte)((byte)fault | (program ? ProgramFlag : 0) | (preallocated ? PreallocatedFlag : 0)), Extra: (byte)after);

    /// <summary>The delayed work of the pool at this place among those that wait looks again.</summary>
    public static ManaOperation Retry(int pool = 0) => new(ManaOperationKind.Retry, Pick: (ushort)pool);

    /// <summary>A fence goes through the queue.</summary>
    public static ManaOperation Fence() => new(ManaOperationKind.Fence);

    /// <summary>Failures stop and everything runs; holders let go unless they keep what they hold.</summary>
    public static ManaOperation Settle(bool keepsHeld = false) => new(ManaOperationKind.Settle, keepsHeld ? KeepsHeldFlag : (byte)0);

    /// <summary>The device writes a completion that was not asked for or is not true.</summary>
    public static ManaOperation Lied(ManaLie lie, int size = 64) => new(ManaOperationKind.Lie, (byte)lie, Size: (ushort)size);
}
