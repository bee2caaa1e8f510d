namespace RxVerify.Explorer;

/// <summary>Some states of one depth, the unit in which work is handed to workers.</summary>
/// <param name="first">Index of the first state; the others follow.</param>
/// <param name="saved">The states themselves, where they cannot be loaded from the log.</param>
internal sealed class Segment(uint first, NativeArray<byte>? saved)
{
    /// <summary>States of a segment at most.</summary>
    public const int Capacity = 256;

    /// <summary>Index of the first state.</summary>
    public uint First => first;

    /// <summary>States.</summary>
    public int Count { get; set; }

    /// <summary>The states, one after the other, or null.</summary>
    public NativeArray<byte>? Saved => saved;
}
