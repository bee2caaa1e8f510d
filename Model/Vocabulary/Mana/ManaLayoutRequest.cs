namespace RxVerify.Model.Vocabulary.Mana;

/// <summary>What decides a <see cref="ManaLayout"/>. Production values are the defaults.</summary>
public sealed record ManaLayoutRequest
{
    /// <summary>The smallest MTU, the kernel's ETH_MIN_MTU.</summary>
    public const int MtuMin = 68;

    /// <summary>The largest MTU; the adapter reports its own with 16 bits (gdma_context.adapter_mtu).</summary>
    public const int MtuMax = ushort.MaxValue;

    /// <summary>Fewest buffers of a queue (B.1).</summary>
    public const int QueueSizeMin = 128;

    /// <summary>Most buffers of a queue (B.1).</summary>
    public const int QueueSizeMax = 8192;

    /// <summary>The largest alignment known, the ARCH_DMA_MINALIGN of older arm64 kernels (B.2.1).</summary>
    public const int CacheAlignmentMax = 128;

    /// <summary>Bytes of the largest packet behind its Ethernet header.</summary>
    public int Mtu { get; init; } = 1500;

    /// <summary>Bytes in one page: 4096, 16384 or 65536.</summary>
    public int PageSize { get; init; } = 4096;

    /// <summary>Whether the port has an XDP program.</summary>
    public bool HasProgram { get; init; }

    /// <summary>Whether each buffer has a page for itself however small it is, as before there were fragments and since 2026 by the private flag full-page-rx (B.7 #17).</summary>
    public bool FullPages { get; init; }

    /// <summary>rx_queue_size: buffers of the queue, a power of two, to which mana_set_ringparam rounds (B.1).</summary>
    public int QueueSize { get; init; } = 512;

    /// <summary>dma_get_cache_alignment(), to which the pool rounds each fragment: 1 on x86-64, 128 on older arm64 kernels (B.2.1).</summary>
    public int CacheAlignment { get; init; } = 1;

    /// <summary>Says in one sentence what no port could be asked for, or null when there is an answer, be it a refusal.</summary>
    public string? Fault()
    {
        if (Mtu is < MtuMin or > MtuMax)
        {
            return $"mtu is {Mtu}; expected {MtuMin} to {MtuMax}";
        }

        if (PageSize is not (4096 or 16384 or 65536))
        {
            return $"pageSize is {PageSize}; expected 4096, 16384 or 65536";
        }

        if (!int.IsPow2(QueueSize) || QueueSize is < QueueSizeMin or > QueueSizeMax)
        {
            return $"queueSize is {QueueSize}; expected a power of two from {QueueSizeMin} to {QueueSizeMax}";
        }

        if (!int.IsPow2(CacheAlignment) || CacheAlignment > CacheAlignmentMax)
        {
            return $"cacheAlignment is {CacheAlignment}; expected a power of two from 1 to {CacheAlignmentMax}";
        }

        return null;
    }
}
