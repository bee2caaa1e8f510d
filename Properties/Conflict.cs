using RxVerify.Model.Vocabulary;
using RxVerify.Properties.Pictures;

namespace RxVerify.Properties;

/// <summary>Some bytes of a page.</summary>
/// <param name="Page">The page.</param>
/// <param name="Offset">First byte on the page.</param>
/// <param name="Length">Bytes.</param>
public sealed record Place(PageId Page, int Offset, int Length)
{
    /// <inheritdoc/>
    public override string ToString() => $"{Page} bytes {Offset} to {Offset + Length - 1}";
}

/// <summary>One of two that cannot both be right.</summary>
/// <param name="Who">Who it is, as the beginning of a sentence.</param>
/// <param name="Does">The rest of the sentence.</param>
public sealed record Party(string Who, string Does)
{
    /// <summary>As what it has the bytes in question, where a picture shows that; null otherwise.</summary>
    public Holder? Holder { get; private init; }

    /// <summary>Name of the list or fact of the scene in which it shows; null where it shows in bytes, or nowhere.</summary>
    public string? Row { get; init; }

    /// <summary>A party that a picture shows as a holder of the bytes in question.</summary>
    public static Party Of(Holder holder, string does) => new(Holders.Name(holder), does) { Holder = holder };
}

/// <summary>What a claim that broke comes down to: two parties, and the bytes that they are at odds about, if it is about bytes.</summary>
/// <param name="First">Who did the wrong thing, or found it done.</param>
/// <param name="Second">Who is harmed, or says otherwise.</param>
/// <param name="Place">The bytes; null when it is about something else.</param>
public sealed record Conflict(Party First, Party Second, Place? Place = null);
