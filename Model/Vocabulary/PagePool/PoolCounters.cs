namespace RxVerify.Model.Vocabulary.PagePool;

/// <summary>The free-running statistics of a page pool, by their meaning; the kernel's name is in each summary (C.6). A new pool begins at 0.</summary>
public record struct PoolCounters
{
    /// <summary>Pages and fragments that came from the cache or from the page being cut (rx_pp_alloc_fast).</summary>
    public long Fast;

    /// <summary>Slow allocations of order 0 that gave a page (rx_pp_alloc_slow).</summary>
    public long Slow;

    /// <summary>Slow allocations of a higher order that gave a page (rx_pp_alloc_slow_ho).</summary>
    public long SlowHighOrder;

    /// <summary>Refills that found the ring empty (rx_pp_alloc_empty).</summary>
    public long Empty;

    /// <summary>Refills that gave a page (rx_pp_alloc_refill).</summary>
    public long Refilled;

    /// <summary>Pages that a refill gave up because they are of another node (rx_pp_alloc_waive).</summary>
    public long Waived;

    /// <summary>Pages put into the cache, and pages that a drain got back (rx_pp_recycle_cached).</summary>
    public long Cached;

    /// <summary>Direct puts that found the cache full (rx_pp_recycle_cache_full).</summary>
    public long CacheFull;

    /// <summary>Pages put into the ring (rx_pp_recycle_ring).</summary>
    public long Ringed;

    /// <summary>Pages given up because the ring was full (rx_pp_recycle_ring_full).</summary>
    public long RingFull;

    /// <summary>Pages given up in a put because somebody else holds them or because they are of the reserve (rx_pp_recycle_released_ref).</summary>
    public long ReleasedReference;

    /// <summary>Pages that ever entered the pool; wraps (pages_state_hold_cnt).</summary>
    public uint Hold;

    /// <summary>Pages that ever left it for good; wraps (pages_state_release_cnt).</summary>
    public uint Release;
}
