using RxVerify.Implementation.Memory;
using RxVerify.Model.Vocabulary.Mana;

namespace RxVerify.Implementation.Mana;

/// <summary>A received buffer that the program redirected and that has not come back (B.4.5, REDIRECT).</summary>
public struct RedirectedFrame
{
    /// <summary>The page's frame.</summary>
    public int Frame;

    /// <summary>First byte of the packet on its page.</summary>
    public int Offset;

    /// <summary>Bytes of the packet.</summary>
    public int Length;

    /// <summary>Number of the packet that the device put there, 0 for none; kept for the claims.</summary>
    public int Packet;

    /// <summary>Number of the pool that its queue had registered (xdp_mem_info).</summary>
    public int Pool;
}

/// <summary>A received buffer that is being sent back (B.4.5, TX).</summary>
public struct Transmission
{
    /// <summary>Bus address of the packet's first byte, for the device to read.</summary>
    public ulong Address;

    /// <summary>The skb, or -1 when it was freed too early (F-B26).</summary>
    public int Skb;

    /// <summary>The page's frame.</summary>
    public int Frame;

    /// <summary>First byte of the packet on its page.</summary>
    public int Offset;

    /// <summary>Bytes of the packet.</summary>
    public int Length;

    /// <summary>Number of the packet that the device put there, 0 for none; kept for the claims.</summary>
    public int Packet;
}

/// <summary>
/// Where packets go that are not handed up, and the XDP program, which is a decision of the environment: what it says about each
/// completion that was written.
/// </summary>
internal sealed unsafe class ManaHolders(ManaConfiguration configuration, int skbs) : StatePart
{
    private HeldList<RedirectedFrame> _frames;
    private HeldList<Transmission> _transmissions;
    private ManaVerdict* _verdicts;

    /// <summary>Frames that were redirected and have not come back, oldest first.</summary>
    public ref readonly HeldList<RedirectedFrame> Frames => ref _frames;

    /// <summary>Transmissions under way, oldest first.</summary>
    public ref readonly HeldList<Transmission> Transmissions => ref _transmissions;

    /// <summary>What the program says about the packet of a completion, by its number since creation; kept for one lap.</summary>
    public ref ManaVerdict VerdictOf(long sequence) => ref _verdicts[sequence & (configuration.CompletionSlots - 1)];

    /// <inheritdoc/>
    protected internal override void Lay(ref BlockCursor cursor)
    {
        _frames.Lay(ref cursor, skbs);
        _transmissions.Lay(ref cursor, skbs);
        _verdicts = cursor.Take<ManaVerdict>(configuration.CompletionSlots);
    }
}
