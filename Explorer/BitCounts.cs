using System.Numerics;
using System.Runtime.CompilerServices;

namespace RxVerify.Explorer;

/// <summary>How often each of a few things happened, which are told as the bits of a word.</summary>
internal static class BitCounts
{
    private const int Max = 64;

    /// <summary>Counts for things with these names, all 0.</summary>
    /// <param name="names">The names.</param>
    /// <param name="what">What they are names of.</param>
    /// <exception cref="ArgumentException">A word has not as many bits.</exception>
    public static long[] For(IReadOnlyList<string> names, string what) =>
        names.Count <= Max ? new long[names.Count] : throw new ArgumentException($"there are {names.Count} {what}; expected at most {Max}", nameof(names));

    /// <summary>One more for each thing whose bit is set.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Add(ulong bits, long[] counts)
    {
        for (; bits != 0; bits &= bits - 1)
        {
            counts[BitOperations.TrailingZeroCount(bits)]++;
        }
    }
}
