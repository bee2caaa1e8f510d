using System.Runtime.CompilerServices;
using RxVerify.Model.Vocabulary.PagePool;

namespace RxVerify.Implementation.PagePool;

/// <summary>What a put does next (docs/pool.md, "A put, step by step").</summary>
public enum PutStep : byte
{
    /// <summary>Nothing: no put is under way.</summary>
    Idle,

    /// <summary>Whether each page may be used again, and where it is to go.</summary>
    Decide,

    /// <summary>Into the cache, or into the ring.</summary>
    Publish,

    /// <summary>Counts what went into the ring, gives back the lock, gives up what found no place.</summary>
    Epilogue,
}

/// <summary>Frames of the pages that a put has in hand.</summary>
[InlineArray(PoolConfiguration.BulkMax)]
public struct PutFrames
{
    private int _first;
}

/// <summary>A put between two of its steps: what the processor that runs it has in its registers. All zero when there is none.</summary>
public struct PutUnderWay
{
    /// <summary>Frames of the pages in hand, <see cref="Count"/> of them.</summary>
    public PutFrames Frames;

    /// <summary>Number of the pool the pages belong to, which need not exist any more (page-&gt;pp).</summary>
    public int Pool;

    /// <summary>Bytes that the caller wants synced for the device, 0 for all.</summary>
    public int Sync;

    /// <summary>Bytes of the thing put last; only a wrong rule looks at it.</summary>
    public int Length;

    /// <summary>Things of the pool that were put together.</summary>
    public byte Things;

    /// <summary>Pages in hand: not in cache or ring, and in the pool.</summary>
    public byte Count;

    /// <summary>Pages produced into the ring and not counted yet.</summary>
    public byte Produced;

    /// <summary>Where it runs and what its caller said.</summary>
    public PutContext Context;

    /// <summary>What it does next.</summary>
    public PutStep Step;

    /// <summary>Whether the pages go into the cache, as far as it has room; decided once for all.</summary>
    public bool IsDirect;

    /// <summary>Whether it holds the producer's lock.</summary>
    public bool HoldsLock;
}
