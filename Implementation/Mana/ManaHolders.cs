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

/// <summary>Where packets go that are not handed up, of all queues that share it.</summary>
/// <param name="places">Frames, and transmissions, that there is room for.</param>
/// <param name="memory">The page frames.</param>
/// <param name="iommu">The device's view of them.</param>
/// <param name="stack">Where the skbs are.</param>
internal sealed class ManaHolders(int places, PhysicalMemory memory, Iommu iommu, NetworkStack stack) : StatePart
{
    private HeldList<RedirectedFrame> _frames;
    private HeldList<Transmission> _transmissions;

    /// <summary>Frames that were redirected and have not come back, oldest first.</summary>
    public ref readonly HeldList<RedirectedFrame> Frames => ref _frames;

    /// <summary>Transmissions under way, oldest first.</summary>
    public ref readonly HeldList<Transmission> Transmissions => ref _transmissions;

    /// <summary>The device has read the packet; its mapping for that goes, and the skb with it.</summary>
    public void CompleteTransmission(int place)
    {
        var sent = _transmissions.Items[place];
        _transmissions.Remove(place, 1);
        iommu.DeviceRead(sent.Address, sent.Length);
        iommu.Unmap(sent.Address);
        if (sent.Skb == NetworkStack.None)
        {
            memory.LetGo(sent.Frame, sent.Offset);
        }
        else
        {
            stack.Free(sent.Skb);
        }
    }

    /// <inheritdoc/>
    protected internal override void Lay(ref BlockCursor cursor)
    {
        _frames.Lay(ref cursor, places);
        _transmissions.Lay(ref cursor, places);
    }
}

/// <summary>The XDP program, which is a decision of the environment: what it says about each completion that was written to a queue.</summary>
/// <param name="slots">Completions that the queue has room for, a power of two.</param>
internal sealed unsafe class ManaVerdicts(int slots) : StatePart
{
    private ManaVerdict* _verdicts;

    /// <summary>What the program says about the packet of a completion, by its number since creation; kept for one lap.</summary>
    public ref ManaVerdict this[long sequence] => ref _verdicts[sequence & (slots - 1)];

    /// <inheritdoc/>
    protected internal override void Lay(ref BlockCursor cursor) => _verdicts = cursor.Take<ManaVerdict>(slots);
}
