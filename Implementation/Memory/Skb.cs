namespace RxVerify.Implementation.Memory;

/// <summary>One fragment of an skb: bytes on a page for which the skb owns one page reference.</summary>
public struct SkbFragment
{
    /// <summary>Page frame.</summary>
    public int Frame;

    /// <summary>First byte on the page.</summary>
    public int Offset;

    /// <summary>Bytes.</summary>
    public int Length;
}

/// <summary>The kernel's socket buffer, as far as a receive path touches it. Index -1 means none.</summary>
public struct Skb
{
    /// <summary>Bytes of the packet; in a head also those of the skbs chained to it.</summary>
    public int Length;

    /// <summary>Memory charged, likewise (truesize).</summary>
    public int Truesize;

    /// <summary>Bytes copied into the linear area.</summary>
    public int LinearLength;

    /// <summary>Fragments in this skb.</summary>
    public int Fragments;

    /// <summary>In a head: fragments of the whole packet.</summary>
    public int FragmentsInAll;

    /// <summary>First skb of the chain that hangs on this one (skb_shinfo frag_list), or -1.</summary>
    public int FragList;

    /// <summary>Next sibling in such a chain, or -1.</summary>
    public int Next;

    /// <summary>Order of delivery of the packet this skb heads, from 1.</summary>
    public int Serial;

    /// <summary>Hash the driver recorded.</summary>
    public uint Hash;

    /// <summary>Bytes a segment of a coalesced packet (gso_size), or 0.</summary>
    public int SegmentSize;

    /// <summary>What the hash covers, a scheme's own enumeration.</summary>
    public byte HashType;

    /// <summary>Whether the stack may skip its checksum (CHECKSUM_UNNECESSARY).</summary>
    public bool ChecksumUnnecessary;

    /// <summary>Whether the skb is in use.</summary>
    public bool IsLive;

    /// <summary>Whether its pages may be a page pool's and are to go back there (pp_recycle).</summary>
    public bool IsForRecycling;
}

/// <summary>Takes what an skb that is marked for recycling had, when it is freed.</summary>
public interface IRecycler
{
    /// <summary>An skb let go of bytes on this page, which belongs to a pool or not (napi_pp_put_page).</summary>
    /// <param name="frame">The page's frame.</param>
    /// <param name="length">Bytes that were charged for it.</param>
    void PutBack(int frame, int length);
}

/// <summary>Told of each packet at the moment it reaches the stack, and of each that is let go.</summary>
public interface IPacketObserver
{
    /// <summary>The packet headed by <paramref name="skb"/> was handed up; it is whole and not yet released.</summary>
    void HandedUp(NetworkStack stack, int skb);

    /// <summary>The packet headed by <paramref name="skb"/> is about to be released; its bytes can still be read.</summary>
    void LettingGo(NetworkStack stack, int skb);

    /// <summary>A reader took references of its own on the packet <paramref name="original"/>, as packet <paramref name="clone"/>.</summary>
    void Cloned(int original, int clone);
}
