namespace RxVerify.Explorer;

/// <summary>Some states of one depth, the unit in which work is handed to workers.</summary>
/// <param name="first">Index of the first state; the others follow.</param>
/// <param name="saved">The states themselves, where they cannot be loaded from the log.</param>
internal sealed class Segment(uint first, NativeArray<byte>? saved)
{
    private const int StatesMax = 256;

    // Room for so many is kept free in the table for each worker: half a mebibyte.
    private const int SuccessorsMax = 1 << 16;

    /// <summary>States of a segment at most, where so many operations can be enabled in one.</summary>
    public static int Capacity(int enabledMax) => Math.Clamp(SuccessorsMax / enabledMax, 1, StatesMax);

    /// <summary>Index of the first state.</summary>
    public uint First => first;

    /// <summary>States.</summary>
    public int Count { get; set; }

    /// <summary>The states, one after the other, or null.</summary>
    public NativeArray<byte>? Saved => saved;
}
