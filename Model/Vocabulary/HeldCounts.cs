namespace RxVerify.Model.Vocabulary;

/// <summary>References on the chunks of one page as one number: a count of few bits for each chunk, chunk 0 lowest.</summary>
public static class HeldCounts
{
    /// <summary>Bits of one count.</summary>
    public const int Bits = 4;

    /// <summary>The bits of the lowest count.</summary>
    public const uint Mask = (1u << Bits) - 1;

    // Every second count of eight, and a one for each of the four pairs of them.
    private const uint EverySecond = 0x0F0F0F0F;
    private const uint OneEach = 0x01010101;

    /// <summary>The references on all chunks; all counts are added at once, as bytes.</summary>
    public static int Sum(uint counts) =>
        (int)((((counts & EverySecond) + ((counts >> Bits) & EverySecond)) * OneEach) >> 24);
}
