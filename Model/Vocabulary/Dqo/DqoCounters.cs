namespace RxVerify.Model.Vocabulary.Dqo;

/// <summary>The free-running statistics of a DQO queue, by their meaning; the kernel's name is in each summary (A.1).</summary>
public record struct DqoCounters
{
    /// <summary>Packets handed up (rpackets).</summary>
    public long Packets;

    /// <summary>Bytes handed up (rbytes).</summary>
    public long Bytes;

    /// <summary>Completions consumed (cnt).</summary>
    public long Completed;

    /// <summary>Buffers posted (fill_cnt).</summary>
    public long Posted;

    /// <summary>Packets copied because they were short (rx_copybreak_pkt, and rx_copied_pkt with it).</summary>
    public long Copied;

    /// <summary>Packets dropped for want of an skb or of a page to copy into (rx_skb_alloc_fail).</summary>
    public long SkbFailures;

    /// <summary>Fillings that stopped for want of a mapped page (rx_buf_alloc_fail).</summary>
    public long BufferFailures;

    /// <summary>Completions or packets refused (rx_desc_err_dropped_pkt).</summary>
    public long DescriptorErrors;

    /// <summary>Pages the allocator did not have (page_alloc_fail).</summary>
    public long PageFailures;

    /// <summary>Pages that could not be mapped (dma_mapping_error).</summary>
    public long MappingFailures;

    /// <summary>Pages allocated to copy a packet into, with a queue page list (rx_frag_alloc_cnt, and rx_frag_copy_cnt with it).</summary>
    public long CopiedOnDemand;

    /// <summary>Fillings that left the device less than one doorbell batch and armed the timer (rx_critical_low_bufs, D-6).</summary>
    public long CriticallyLow;
}
