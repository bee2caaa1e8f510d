namespace RxVerify.Model.Vocabulary.Mana;

/// <summary>The free-running statistics of a MANA receive queue, by their meaning; the kernel's name is in each summary. They run on over re-creation.</summary>
public record struct ManaCounters
{
    /// <summary>Packets handed up, sent back or redirected (rx packets).</summary>
    public long Packets;

    /// <summary>Their bytes (rx bytes).</summary>
    public long Bytes;

    /// <summary>Packets dropped: truncated, without a replacement for their buffer, without an skb, or by the program (rx_dropped).</summary>
    public long Dropped;

    /// <summary>Packets dropped by the program, unknown verdicts and failed redirects included (xdp_drop).</summary>
    public long XdpDropped;

    /// <summary>Packets that the program sent back, whether or not the transmit queue took them (xdp_tx).</summary>
    public long XdpTransmitted;

    /// <summary>Packets that the program redirected (xdp_redirect).</summary>
    public long XdpRedirected;

    /// <summary>Of those sent back, packets that the transmit queue refused (tx_dropped).</summary>
    public long TxDropped;

    /// <summary>Completions refused: of other queues, of types that were not asked for, without a length or with one that cannot be.</summary>
    public long CompletionErrors;

    /// <summary>Fences that came by.</summary>
    public long Fences;

    /// <summary>Completions consumed.</summary>
    public long Completed;

    /// <summary>Buffers posted.</summary>
    public long Posted;
}
