using RxVerify.Model.Vocabulary.PagePool;

namespace RxVerify.Model.Vocabulary.Mana;

/// <summary>
/// The constants of one MANA receive queue, of its page pool and of the environment round them. Production values are the defaults;
/// small values make wrap-around and drains reachable (facts B.1).
/// </summary>
public sealed record ManaConfiguration
{
    /// <summary>Pools that can be alive at once: that of the queue and one that waits for its pages, or two that wait.</summary>
    public const int PoolsMax = 2;

    /// <summary>The kernel whose page pool it is.</summary>
    public PoolEra Era { get; init; } = PoolEra.Linux612;

    /// <summary>Bytes of the largest packet behind its Ethernet header.</summary>
    public int Mtu { get; init; } = 1500;

    /// <summary>Bytes in one page: 4096, 16384 or 65536.</summary>
    public int PageSize { get; init; } = 4096;

    /// <summary>Whether each buffer has a page for itself however small it is (B.7 #17: full-page-rx).</summary>
    public bool FullPages { get; init; }

    /// <summary>Buffers of the queue, a power of two (B.1: rx_queue_size).</summary>
    public int QueueSize { get; init; } = 512;

    /// <summary>Completions that the completion queue has room for, a power of two (B.4.6: one for each buffer).</summary>
    public int CompletionSlots { get; init; } = 512;

    /// <summary>Completions that one poll handles at most (B.1: CQE_POLLING_BUFFER).</summary>
    public int PollMax { get; init; } = 512;

    /// <summary>What fragment sizes are rounded up to (B.2.1: dma_get_cache_alignment).</summary>
    public int CacheAlignment { get; init; } = 1;

    /// <summary>Places of the pool's allocation cache (C.1).</summary>
    public int PoolCache { get; init; } = 128;

    /// <summary>Pages of one refill and of one bulk allocation (C.1).</summary>
    public int PoolRefill { get; init; } = 64;

    /// <summary>Packets, frames and transmissions outside and completions waiting, at most, together. It bounds the environment, not the driver.</summary>
    public int HeldMax { get; init; } = 1024;

    /// <summary>Pages that can be live at once, however many each of the pools and the stack have: in caches and rings, being cut, in slots, pre-allocated, saved and held.</summary>
    public int PagesMax => (PoolsMax * (PoolCache + QueueSize + 2)) + (2 * QueueSize) + HeldMax + 2;

    /// <summary>What decides the layout of the queue.</summary>
    /// <param name="hasProgram">Whether the port has an XDP program.</param>
    public ManaLayoutRequest Request(bool hasProgram) =>
        new() { Mtu = Mtu, PageSize = PageSize, HasProgram = hasProgram, FullPages = FullPages, QueueSize = QueueSize, CacheAlignment = CacheAlignment };

    /// <summary>The pool that a queue with this layout creates (B.2, mana_create_page_pool).</summary>
    /// <param name="layout">The layout.</param>
    public PoolConfiguration Pool(ManaLayout layout) => new()
    {
        Era = Era,
        PageSize = PageSize,
        Order = layout.Order,
        CacheSize = PoolCache,
        Refill = PoolRefill,
        PoolSize = layout.PoolSize,
        Fragments = layout.Fragments > 1,
        Maps = layout.Fragments > 1,
        Syncs = layout.Fragments > 1,
        Alignment = CacheAlignment,
        HeldMax = QueueSize + HeldMax + 1,
    };

    /// <summary>Says in one sentence what is wrong with these constants, or null when a queue can be built from them.</summary>
    public string? Fault()
    {
        if (!int.IsPow2(QueueSize) || QueueSize is < 2 or > ManaLayoutRequest.QueueSizeMax)
        {
            return $"queueSize is {QueueSize}; expected a power of two from 2 to {ManaLayoutRequest.QueueSizeMax}";
        }

        // The queue may be smaller than a port can be asked for; all else is the port's.
        if ((Request(hasProgram: false) with { QueueSize = Math.Max(QueueSize, ManaLayoutRequest.QueueSizeMin) }).Fault() is { } fault)
        {
            return fault;
        }

        if (!int.IsPow2(CompletionSlots) || CompletionSlots < QueueSize || CompletionSlots > 65536)
        {
            return $"completionSlots is {CompletionSlots}; expected a power of two from {QueueSize}, one for each buffer, to 65536";
        }

        if (PollMax < 1)
        {
            return $"pollMax is {PollMax}; expected at least 1";
        }

        if (PoolCache is < 1 or > 128)
        {
            return $"poolCache is {PoolCache}; expected 1 to 128";
        }

        if (PoolRefill < 1 || PoolRefill > PoolCache)
        {
            return $"poolRefill is {PoolRefill}; expected 1 to {PoolCache}, the places of the cache";
        }

        if (HeldMax is < 1 or > 100_000)
        {
            return $"heldMax is {HeldMax}; expected 1 to 100000";
        }

        return null;
    }
}
