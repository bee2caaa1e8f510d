namespace RxVerify.Properties.Dqo;

/// <summary>Packs numbers of few bits into words, one after the other.</summary>
/// <param name="words">Where they go; all zero.</param>
internal ref struct BitWriter(Span<ulong> words)
{
    private const int WordBits = 64;
    private readonly Span<ulong> _words = words;
    private int _at;

    /// <summary>Bits that tell so many values apart.</summary>
    public static int BitsFor(int values) => WordBits - System.Numerics.BitOperations.LeadingZeroCount((ulong)(values - 1));

    /// <summary>Writes the low bits of a number.</summary>
    public void Put(long value, int bits)
    {
        ulong low = (ulong)value & (ulong.MaxValue >> (WordBits - bits));
        int word = _at / WordBits;
        int shift = _at % WordBits;
        _words[word] |= low << shift;
        if (shift + bits > WordBits)
        {
            _words[word + 1] |= low >> (WordBits - shift);
        }

        _at += bits;
    }

    /// <summary>Writes whether something is so.</summary>
    public void Put(bool value) => Put(value ? 1 : 0, 1);
}
