using RxVerify.Model.PagePool;

namespace RxVerify.Properties.Recordings;

/// <summary>The tracepoints of the page pool (C.6).</summary>
public enum RecordedKind
{
    /// <summary>A page comes in (page_pool_state_hold).</summary>
    Hold,

    /// <summary>A page leaves for good (page_pool_state_release).</summary>
    Release,

    /// <summary>A destroyed pool counts what is left (page_pool_release).</summary>
    Look,

    /// <summary>A pool moves to another memory node (page_pool_update_nid).</summary>
    Move,
}

/// <summary>One event of a pool as a printer wrote it (C.6). It points into the line and is valid as long as that.</summary>
internal ref struct RecordedEvent
{
    /// <summary>Which tracepoint it is.</summary>
    public RecordedKind Kind;

    /// <summary>The bytes of the name of the task that ran.</summary>
    public ReadOnlySpan<byte> Task;

    /// <summary>The number of the task that ran.</summary>
    public int Process;

    /// <summary>The processor it ran on.</summary>
    public int Processor;

    /// <summary>When, in nanoseconds of the recording's clock.</summary>
    public long Time;

    /// <summary>The pool: its address, or what the kernel prints in its place.</summary>
    public ulong Pool;

    /// <summary>The page's descriptor, likewise (page or netmem).</summary>
    public ulong Page;

    /// <summary>The page's frame number; 0 for memory that is no page of the host.</summary>
    public ulong Frame;

    /// <summary>Whether it is memory of a device instead of a page (is_net_iov).</summary>
    public bool IsDeviceMemory;

    /// <summary>The count that a page event prints: hold or release.</summary>
    public uint Count;

    /// <summary>The inflight that a look prints.</summary>
    public int Inflight;

    /// <summary>The counts that a look prints: hold, release, and cnt.</summary>
    public PoolLedger Ledger;

    /// <summary>What tells pages apart: frame numbers, since printed addresses are hashed to 32 bits and can be alike; the address where there is no frame.</summary>
    public readonly ulong Identity => IsDeviceMemory ? (Page << 1) | 1 : Frame << 1;
}
