using System.Runtime.CompilerServices;

namespace RxVerify.Explorer;

/// <summary>Our own mixing of words, for tables: the runtime's hashes differ from run to run. One word is mixed without loss.</summary>
internal static class Mixing
{
    /// <summary>Mixes what was mixed so far, and one more word into it.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong Step(ulong mixed, ulong word = 0) => (mixed ^ (mixed >> 32) ^ word) * 0xBF58476D1CE4E5B9;

    /// <summary>Lets every bit depend on every other one.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong Finish(ulong mixed)
    {
        mixed = (mixed ^ (mixed >> 29)) * 0x94D049BB133111EB;
        return mixed ^ (mixed >> 32);
    }
}
