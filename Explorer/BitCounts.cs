using System.Numerics;
using System.Runtime.CompilerServices;

namespace RxVerify.Explorer;

/// <summary>How often each of a few things happened, which are told as the bits of a word.</summary>
internal static class BitCounts
{
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
