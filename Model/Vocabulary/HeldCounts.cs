namespace RxVerify.Model.Vocabulary;

/// <summary>References on the chunks of one page as one number: a count of few bits for each chunk, chunk 0 lowest.</summary>
public static class HeldCounts
{
    /// <summary>Bits of one count.</summary>
    public const int Bits = 4;

    /// <summary>The bits of the lowest count.</summary>
    public const uint Mask = (1u << Bits) - 1;
}
