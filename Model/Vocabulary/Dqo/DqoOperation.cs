namespace RxVerify.Model.Vocabulary.Dqo;

/// <summary>What can happen to a DQO queue, simplest first: shrinking prefers the earlier kind.</summary>
public enum DqoOperationKind : byte
{
    /// <summary>Device: fills visible posted buffers with one packet and completes them.</summary>
    Receive,

    /// <summary>Driver: one NAPI poll, which consumes completions and then fills the buffer queue (A.5.7).</summary>
    Poll,

    /// <summary>Stack: a reader lets go of a packet.</summary>
    Release,

    /// <summary>Driver: posts at most one buffer (A.5.2 with a limit of one).</summary>
    Post,

    /// <summary>Driver: fills the buffer queue (A.5.2).</summary>
    Refill,

    /// <summary>Stack: a second reader takes references of its own on a packet.</summary>
    Clone,

    /// <summary>Device: as Receive, but the last completion lands in memory between the driver's two reads of its descriptor (I8).</summary>
    ReceiveLate,

    /// <summary>Driver: takes the queue down (A.5.8).</summary>
    Teardown,

    /// <summary>Driver: builds the queue and fills it for the first time (A.5.8).</summary>
    Create,

    /// <summary>Environment: failures stop, and the driver runs on what wakes it by itself until nothing changes (I10).</summary>
    Settle,

    /// <summary>Device, hostile: writes a completion that is not true.</summary>
    Lie,
}

/// <summary>The step of an operation that the environment lets fail.</summary>
public enum DqoFault : byte
{
    None,

    /// <summary>The page allocator has no page for a buffer state (A.4.7.1).</summary>
    Page,

    /// <summary>The page cannot be mapped for the device (A.4.7.2).</summary>
    Mapping,

    /// <summary>No skb: for a copied packet, for the first fragment, or for an extra one of a long packet (A.5.4, A.5.5).</summary>
    Skb,

    /// <summary>No page to copy a packet into, only with a queue page list (A.9.3).</summary>
    CopyPage,

    /// <summary>Memory for the queue itself, only in <see cref="DqoOperationKind.Create"/> (A.5.8).</summary>
    Ring,
}

/// <summary>What a hostile device claims.</summary>
public enum DqoLie : byte
{
    /// <summary>A completion for a buffer id that does not exist; no buffer comes back.</summary>
    UnknownId,

    /// <summary>A completion for a buffer that is on one of the driver's lists, such as a repeated completion; no buffer comes back.</summary>
    IdOnList,

    /// <summary>A real completion whose length is larger than the chunk.</summary>
    TooLong,

    /// <summary>A buffer is filled and kept, and the completion names a buffer id that does not exist (A-D8).</summary>
    Swallow,

    /// <summary>A posted buffer is returned unwritten: a repeated completion that arrives after the buffer was posted again (A-D14).</summary>
    Stale,
}

/// <summary>Properties of a received packet that the device reports; each adds one thing to a plain TCP over IPv4 packet.</summary>
[Flags]
public enum DqoTraits : ushort
{
    None = 0,

    /// <summary>UDP instead of TCP.</summary>
    Udp = 1,

    /// <summary>IPv6 instead of IPv4.</summary>
    Ipv6 = 2,

    /// <summary>No transport header was recognised; together with Udp, no IP header either.</summary>
    OtherProtocol = 4,

    /// <summary>Several segments received as one packet (receive segment coalescing).</summary>
    Rsc = 8,

    /// <summary>The device did not process the headers (l3_l4_processed is 0).</summary>
    HeadersUnprocessed = 16,

    /// <summary>The IPv4 header checksum is wrong.</summary>
    IpChecksumError = 32,

    /// <summary>The transport checksum is wrong.</summary>
    L4ChecksumError = 64,

    /// <summary>IPv6 with extension headers (ipv6_ex_add is 1).</summary>
    Ipv6Extension = 128,

    /// <summary>The packet came in a tunnel, and the header checksum of the outer IPv4 header is wrong (csum_external_ip_err).</summary>
    OuterIpChecksumError = 256,
}

/// <summary>
/// One step of a run: one indivisible act of one actor. Eight bytes, no references, so that a run is a flat array, a hash
/// key and a line of a trace. Every decision of the environment is an argument, so a sequence is deterministic.
/// </summary>
/// <param name="Kind">What happens.</param>
/// <param name="Flags">Traits of a packet, fault of a driver step, or kind of lie; read through the named properties.</param>
/// <param name="Pick">Which one: an index among visible posted buffers or held packets, or a buffer id.</param>
/// <param name="Size">Bytes: of a packet in all, or as reported by a lie.</param>
/// <param name="Count">How many: buffers of a packet, or the budget of a poll.</param>
/// <param name="Extra">The damaged buffer of a packet (from 1) with the ninth trait, or the successes before a fault.</param>
public readonly record struct DqoOperation(
    DqoOperationKind Kind, byte Flags = 0, ushort Pick = 0, ushort Size = 0, byte Count = 0, byte Extra = 0)
{
    private const byte DropsAtOnceFlag = 0x10;
    private const byte AdminFailsFlag = 0x20;
    private const byte KeepsPacketsFlag = 0x40;
    private const byte EndOfPacketFlag = 0x80;
    private const byte LowNibble = 0x0f;

    // The ninth trait has the highest bit of Extra, so a packet's damaged buffer is one of the first 127.
    private const byte DamagedBufferMask = 0x7f;
    private const int NinthTraitShift = 1;

    /// <summary>Receive: what the device reports about the packet.</summary>
    public DqoTraits Traits => (DqoTraits)(Flags | (Extra & ~DamagedBufferMask) << NinthTraitShift);

    /// <summary>Receive: the buffer, counted from 1, whose completion carries rx_error; 0 for none.</summary>
    public int DamagedBuffer => Extra & DamagedBufferMask;

    /// <summary>Driver steps: what fails, once.</summary>
    public DqoFault Fault => (DqoFault)(Flags & LowNibble);

    /// <summary>Driver steps: how often the thing that fails succeeds before it does.</summary>
    public int SuccessesBeforeFault => Extra;

    /// <summary>Poll: whether the stack drops each packet at the moment it is handed up.</summary>
    public bool DropsAtOnce => (Flags & DropsAtOnceFlag) != 0;

    /// <summary>Teardown: whether the device refuses to destroy the queue and is reset instead (A.5.8).</summary>
    public bool AdminFails => (Flags & AdminFailsFlag) != 0;

    /// <summary>Settle: whether the stack keeps every packet; otherwise it first lets go of all.</summary>
    public bool KeepsPackets => (Flags & KeepsPacketsFlag) != 0;

    /// <summary>Lie: what is claimed.</summary>
    public DqoLie Lie => (DqoLie)(Flags & LowNibble);

    /// <summary>Lie: whether the completion ends a packet.</summary>
    public bool EndOfPacket => (Flags & EndOfPacketFlag) != 0;

    /// <summary>The device completes one packet of <paramref name="size"/> bytes in <paramref name="buffers"/> buffers.</summary>
    /// <param name="size">Bytes of the packet. Each buffer is filled as far as leaves one byte for each that follows.</param>
    /// <param name="buffers">Buffers used.</param>
    /// <param name="pick">
    /// Index among the visible posted buffers (in posting order) of the first one used. Each further one is at the same
    /// index of what is left, or at its last place when that is beyond the end.
    /// </param>
    /// <param name="damaged">The buffer, from 1 to 127, whose completion carries rx_error; 0 for none.</param>
    /// <param name="traits">What the device reports.</param>
    /// <param name="late">Whether the last completion lands between the driver's two reads of its descriptor.</param>
    public static DqoOperation Receive(
        int size, int buffers = 1, int pick = 0, int damaged = 0, DqoTraits traits = DqoTraits.None, bool late = false) =>
        new(late ? DqoOperationKind.ReceiveLate : DqoOperationKind.Receive, (byte)traits, (ushort)pick, (ushort)size, (byte)buffers,
            (byte)(damaged | ((int)(traits & DqoTraits.OuterIpChecksumError) >> NinthTraitShift)));

    /// <summary>The same packet with another damaged buffer, or none.</summary>
    public DqoOperation WithDamaged(int damaged) => this with { Extra = (byte)((Extra & ~DamagedBufferMask) | damaged) };

    /// <summary>The same packet with other traits.</summary>
    public DqoOperation WithTraits(DqoTraits traits) => Receive(Size, Count, Pick, DamagedBuffer, traits, Kind == DqoOperationKind.ReceiveLate);

    /// <summary>One NAPI poll with a budget of packets.</summary>
    public static DqoOperation Poll(int budget = 64, DqoFault fault = DqoFault.None, int after = 0, bool dropsAtOnce = false) =>
        new(DqoOperationKind.Poll, (byte)((byte)fault | (dropsAtOnce ? DropsAtOnceFlag : 0)), Count: (byte)budget, Extra: (byte)after);

    /// <summary>A reader lets go of the packet at this place among those held, in the order in which they were handed up.</summary>
    public static DqoOperation Release(int packet = 0) => new(DqoOperationKind.Release, Pick: (ushort)packet);

    /// <summary>The driver posts at most one buffer.</summary>
    public static DqoOperation Post(DqoFault fault = DqoFault.None) => new(DqoOperationKind.Post, (byte)fault);

    /// <summary>The driver fills the buffer queue.</summary>
    public static DqoOperation Refill(DqoFault fault = DqoFault.None, int after = 0) =>
        new(DqoOperationKind.Refill, (byte)fault, Extra: (byte)after);

    /// <summary>A second reader takes references of its own on a held packet.</summary>
    public static DqoOperation Cloned(int packet = 0) => new(DqoOperationKind.Clone, Pick: (ushort)packet);

    /// <summary>The driver takes the queue down.</summary>
    public static DqoOperation Teardown(bool adminFails = false) =>
        new(DqoOperationKind.Teardown, adminFails ? AdminFailsFlag : (byte)0);

    /// <summary>The driver builds the queue and fills it.</summary>
    public static DqoOperation Create(DqoFault fault = DqoFault.None, int after = 0) =>
        new(DqoOperationKind.Create, (byte)fault, Extra: (byte)after);

    /// <summary>Failures stop and the driver runs by itself; the stack first lets go of everything, or keeps it.</summary>
    public static DqoOperation Settle(bool keepsPackets = false) =>
        new(DqoOperationKind.Settle, keepsPackets ? KeepsPacketsFlag : (byte)0);

    /// <summary>The device writes a completion that is not true.</summary>
    /// <param name="lie">What it claims.</param>
    /// <param name="pick">
    /// UnknownId: how far the id lies beyond the first that does not exist. IdOnList: index among the buffer ids that are on a
    /// list, in rising order. TooLong, Swallow, Stale: index among the visible posted buffers; Swallow names the first id that does not exist.
    /// </param>
    /// <param name="size">Length reported, in bytes (14 bits).</param>
    /// <param name="endOfPacket">Whether the completion ends a packet.</param>
    public static DqoOperation Lied(DqoLie lie, int pick = 0, int size = 1, bool endOfPacket = true) =>
        new(DqoOperationKind.Lie, (byte)((byte)lie | (endOfPacket ? EndOfPacketFlag : 0)), (ushort)pick, (ushort)size);
}
