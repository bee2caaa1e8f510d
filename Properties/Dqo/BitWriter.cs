using System.Numerics;
using System.Runtime.CompilerServices;

namespace RxVerify.Properties.Dqo;

/// <summary>Where numbers of few bits go, one after the other.</summary>
internal interface IBitWriter
{
    /// <summary>Writes a number of so many bits; fewer than 64, and nothing at all for 0 bits.</summary>
    void Put(ulong value, int bits);

    /// <summary>Writes the word that is not full.</summary>
    /// <param name="words">Where all of it goes.</param>
    void Finish(Span<ulong> words);
}

/// <summary>Where they come from again.</summary>
internal interface IBitReader
{
    /// <summary>The next number of so many bits, fewer than 64.</summary>
    ulong Take(int bits);
}

/// <summary>Packs numbers into one word, which all of them fit.</summary>
internal struct WordWriter : IBitWriter
{
    private ulong _word;
    private int _filled;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Put(ulong value, int bits)
    {
        _word |= value << _filled;
        _filled += bits;
    }

    /// <inheritdoc/>
    public readonly void Finish(Span<ulong> words) => words[0] = _word;
}

/// <summary>Takes numbers out of one word as <see cref="WordWriter"/> put them in.</summary>
/// <param name="word">The word.</param>
internal struct WordReader(ulong word) : IBitReader
{
    private ulong _rest = word;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ulong Take(int bits)
    {
        ulong value = _rest & ((1ul << bits) - 1);
        _rest >>= bits;
        return value;
    }
}

/// <summary>Packs numbers of few bits into words, one after the other; the last word is written by <see cref="Finish"/>.</summary>
/// <param name="words">Where they go.</param>
internal ref struct BitWriter(Span<ulong> words) : IBitWriter
{
    /// <summary>Bits of a word.</summary>
    public const int WordBits = 64;

    private readonly Span<ulong> _words = words;
    private ulong _word;
    private int _filled;
    private int _next;

    /// <summary>Bits that tell so many values apart.</summary>
    public static int BitsFor(int values) => WordBits - BitOperations.LeadingZeroCount((ulong)(values - 1));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Put(ulong value, int bits)
    {
        value &= (1ul << bits) - 1;
        _word |= value << _filled;
        _filled += bits;
        if (_filled >= WordBits)
        {
            // A shift by 64 would be one by nothing, so a word is given away as soon as it is full.
            _words[_next++] = _word;
            _filled -= WordBits;
            _word = _filled > 0 ? value >> (bits - _filled) : 0;
        }
    }

    /// <summary>Writes the low bits of a signed number.</summary>
    public void Put(long value, int bits) => Put((ulong)value, bits);

    /// <summary>Writes whether something is so.</summary>
    public void Put(bool value) => Put(value ? 1ul : 0, 1);

    /// <summary>Writes the word that is not full, and clears what is left.</summary>
    public readonly void Finish()
    {
        if (_next < _words.Length)
        {
            _words[_next] = _word;
            _words[(_next + 1)..].Clear();
        }
    }

    readonly void IBitWriter.Finish(Span<ulong> words) => Finish();
}

/// <summary>Takes numbers out of words as <see cref="BitWriter"/> put them in.</summary>
/// <param name="words">The words.</param>
internal ref struct BitReader(ReadOnlySpan<ulong> words) : IBitReader
{
    private readonly ReadOnlySpan<ulong> _words = words;
    private int _at;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ulong Take(int bits)
    {
        if (bits == 0)
        {
            return 0;
        }

        int word = _at / BitWriter.WordBits;
        int from = _at % BitWriter.WordBits;
        _at += bits;
        ulong value = _words[word] >> from;
        if (from + bits > BitWriter.WordBits)
        {
            value |= _words[word + 1] << (BitWriter.WordBits - from);
        }

        return value & ((1ul << bits) - 1);
    }
}
