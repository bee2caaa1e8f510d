namespace RxVerify.Model.Vocabulary.Mana;

/// <summary>What a device may report beside whole packets. Those that take a buffer take exactly one, the next in posting order.</summary>
public enum ManaLie : byte
{
    /// <summary>A buffer is filled and reported with the type of four coalesced packets, which the driver did not ask for (B.4.3, B.7 #12).</summary>
    Coalesced,

    /// <summary>A buffer is filled and reported with a length of 0 (B.4.3, F-B7).</summary>
    NoLength,

    /// <summary>A buffer is filled and reported with a type that the kernel does not name (B.4.3).</summary>
    UnknownType,

    /// <summary>A buffer is filled to its end and reported with a length that is larger (B.7 #3).</summary>
    TooLong,

    /// <summary>A completion that says it is of a send queue; no buffer comes back (B.4.3).</summary>
    SendQueue,

    /// <summary>A completion with the number of another queue; no buffer comes back (B.4.3).</summary>
    ForeignQueue,
}
