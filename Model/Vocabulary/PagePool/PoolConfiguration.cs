namespace RxVerify.Model.Vocabulary.PagePool;

/// <summary>
/// The constants of one page pool and of the environment round it. Production values are the defaults; small values make
/// overflow of cache and ring, drains and retries reachable (facts C.1).
/// </summary>
public sealed record PoolConfiguration
{
    /// <summary>The most pages a put in several steps can carry at once.</summary>
    public const int BulkMax = 16;

    /// <summary>Processors on which a put may be under way: the pool's own, number 0, and two others.</summary>
    public const int Processors = 3;

    /// <summary>The kernel whose pool it is.</summary>
    public PoolEra Era { get; init; } = PoolEra.Linux612;

    /// <summary>Bytes of an order-0 page: 4096, 16384 or 65536.</summary>
    public int PageSize { get; init; } = 4096;

    /// <summary>Logarithm of the order-0 pages that one pool page consists of: 0 to 2.</summary>
    public int Order { get; init; }

    /// <summary>Places of the allocation cache (C.1: PP_ALLOC_CACHE_SIZE).</summary>
    public int CacheSize { get; init; } = 128;

    /// <summary>Pages that one refill takes from the ring and one slow allocation of order 0 from the allocator (C.1: PP_ALLOC_CACHE_REFILL).</summary>
    public int Refill { get; init; } = 64;

    /// <summary>Places asked for the ring, 0 for the usual 1024 (C.1: pool_size).</summary>
    public int PoolSize { get; init; } = 1024;

    /// <summary>Places that the ring's consumer clears together; 1 where that would be more than half the ring (C.1: 16, two cache lines of pointers).</summary>
    public int RingBatch { get; init; } = 16;

    /// <summary>The largest value of a page's fragment counter (C.1: LONG_MAX); the bias follows from it.</summary>
    public long CounterMax { get; init; } = long.MaxValue;

    /// <summary>Whether the driver asks for fragments; on 5.15 then for nothing else (PP_FLAG_PAGE_FRAG).</summary>
    public bool Fragments { get; init; } = true;

    /// <summary>Whether the pool maps its pages for the device (PP_FLAG_DMA_MAP).</summary>
    public bool Maps { get; init; } = true;

    /// <summary>Whether the pool syncs its pages for the device (PP_FLAG_DMA_SYNC_DEV).</summary>
    public bool Syncs { get; init; } = true;

    /// <summary>Most bytes that the device writes to a page, from <see cref="SyncOffset"/>; 0 for the whole page (max_len).</summary>
    public int SyncLength { get; init; }

    /// <summary>First byte that the device writes (offset).</summary>
    public int SyncOffset { get; init; }

    /// <summary>What fragment sizes are rounded up to (C.3.2: dma_get_cache_alignment; 1 on x86-64, 128 on older arm64).</summary>
    public int Alignment { get; init; } = 1;

    /// <summary>Most that may be held outside the pool: fragments, whole pages, foreign pages and references. It bounds the environment, not the pool.</summary>
    public int HeldMax { get; init; } = 1024;

    /// <summary>Bytes of a pool page.</summary>
    public int PageBytes => PageSize << Order;

    /// <summary>Places of the ring (C.1: 1024 when none are asked for; the newest tree gives 16384 at most).</summary>
    public int RingSlots => PoolSize == 0 ? 1024 : Era == PoolEra.Linux612 ? Math.Min(PoolSize, 16384) : PoolSize;

    /// <summary>Places the ring's consumer clears together (C.1).</summary>
    public int RingClears => RingBatch > RingSlots / 2 ? 1 : RingBatch;

    /// <summary>References the pool pays in advance for a page cut into fragments (C.1: BIAS_MAX).</summary>
    public long BiasMax => Era == PoolEra.Linux612 ? CounterMax >> 1 : CounterMax;

    /// <summary>Bytes that a sync of everything covers, from <see cref="SyncOffset"/>.</summary>
    public int SyncBytes => SyncLength == 0 ? PageBytes - SyncOffset : SyncLength;

    /// <summary>Pages that can be live at once: in cache and ring, the one being cut, and one for each thing held.</summary>
    public int PagesMax => CacheSize + RingSlots + 1 + HeldMax;

    /// <summary>A fragment's size as it is taken from the page (C.3.2).</summary>
    public int Aligned(int size) => (size + Alignment - 1) / Alignment * Alignment;

    /// <summary>Says in one sentence what is wrong with these constants, or null when a pool can be created from them (C.1).</summary>
    public string? Fault()
    {
        if (PageSize is not (4096 or 16384 or 65536))
        {
            return $"pageSize is {PageSize}; expected 4096, 16384 or 65536";
        }

        if (Order is < 0 or > 2)
        {
            return $"order is {Order}; expected 0 to 2";
        }

        if (CacheSize is < 1 or > 128)
        {
            return $"cacheSize is {CacheSize}; expected 1 to 128";
        }

        if (Refill < 1 || Refill > CacheSize)
        {
            return $"refill is {Refill}; expected 1 to {CacheSize}, the places of the cache";
        }

        if (PoolSize is < 0 or > 32768)
        {
            return $"poolSize is {PoolSize}; expected 0 to 32768 (the kernel refuses more with -E2BIG)";
        }

        if (RingBatch < 1)
        {
            return $"ringBatch is {RingBatch}; expected at least 1";
        }

        if (HeldMax is < 1 or > 100_000)
        {
            return $"heldMax is {HeldMax}; expected 1 to 100000";
        }

        if (CounterMax < 8 + (4L * HeldMax))
        {
            return $"counterMax is {CounterMax}; expected at least {8 + (4L * HeldMax)}, so that half of it outlasts everything held";
        }

        if (Syncs && !Maps)
        {
            return "syncs is true without maps; a pool that does not map its pages cannot sync them (-EINVAL)";
        }

        if (SyncOffset < 0 || SyncLength < 0 || SyncOffset + SyncLength > PageBytes || (SyncLength == 0 && SyncOffset != 0))
        {
            return $"syncOffset {SyncOffset} and syncLength {SyncLength} leave the page; expected a part of its {PageBytes} bytes, or 0 and 0 for all";
        }

        if (Fragments && SyncBytes != PageBytes)
        {
            return "fragments is true and syncLength is not the whole page; the last put does not know which other parts were written (C.7)";
        }

        if (!int.IsPow2(Alignment) || Alignment > 256)
        {
            return $"alignment is {Alignment}; expected a power of two up to 256";
        }

        return null;
    }
}
