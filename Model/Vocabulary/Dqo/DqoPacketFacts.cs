namespace RxVerify.Model.Vocabulary.Dqo;

/// <summary>Where a buffer state is (A.6, I1).</summary>
public enum DqoPlace : byte
{
    /// <summary>On the free stack, without a page.</summary>
    Free,

    /// <summary>Given to the device, and not yet consumed from a completion.</summary>
    Posted,

    /// <summary>On the recycled list: may be posted without a further look.</summary>
    Recycled,

    /// <summary>On the used list: its page may still be referenced by the stack.</summary>
    Used,
}

/// <summary>Which header the hash of a packet covers (A.5.6.1).</summary>
public enum DqoHashType : byte
{
    L2,
    L3,
    L4,
}

/// <summary>What the driver tells the stack about a packet beside its bytes (A.5.6).</summary>
/// <param name="Length">Bytes in all.</param>
/// <param name="Truesize">Bytes of memory charged to the reader: one chunk a fragment, one page for a copy on demand, its length for a copied packet.</param>
/// <param name="Copied">Whether the packet was copied out of its chunk (copybreak) and so has no fragment.</param>
/// <param name="Hash">The hash the device reported.</param>
/// <param name="HashType">What the hash covers.</param>
/// <param name="ChecksumUnnecessary">Whether the stack may skip its own checksum.</param>
/// <param name="SegmentSize">Bytes a segment of a coalesced packet; 0 for one that is not coalesced.</param>
public readonly record struct DqoPacketFacts(
    int Length, int Truesize, bool Copied, uint Hash, DqoHashType HashType, bool ChecksumUnnecessary, int SegmentSize);
