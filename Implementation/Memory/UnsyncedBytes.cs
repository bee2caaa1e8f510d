using System.Runtime.CompilerServices;

namespace RxVerify.Implementation.Memory;

/// <summary>
/// The bytes of one granule that one side, device or processor, wrote and nobody has synced for the other since: from a first to
/// a last one, counted from the start of the granule. Several writes make one range that spans them. A sync takes its bytes off
/// either end; one that leaves bytes at both ends takes off none, so a range may be too large and is never too small.
/// </summary>
internal struct UnsyncedBytes
{
    /// <summary>Bytes of the largest granule.</summary>
    public const int LargestGranule = ushort.MaxValue + 1;

    // The last byte, and how far the first is from the largest offset; cleared memory, which would be a range that ends before
    // it begins, is none. Both grow with the range.
    private const uint LargestOffset = ushort.MaxValue;
    private const int LastBits = 16;
    private uint _range;

    private readonly int First => (int)(LargestOffset - (_range >> LastBits));

    private readonly int Last => (int)(_range & LargestOffset);

    /// <summary>One side wrote these bytes, all of this granule.</summary>
    public void Write(int first, int last) =>
        _range = _range == 0 ? Range(first, last) : Range(Math.Min(first, First), Math.Max(last, Last));

    /// <summary>The other side may use these bytes, of this granule or outside it, as they were written.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Sync(int first, int last)
    {
        if (_range != 0)
        {
            TakeOff(first, last);
        }
    }

    /// <summary>Whether any of these bytes, of this granule or outside it, is unsynced.</summary>
    public readonly bool Overlaps(int first, int last) => _range != 0 && first <= Last && last >= First;

    private void TakeOff(int first, int last)
    {
        if (first <= First && last >= Last)
        {
            _range = 0;
        }
        else if (first <= First && last >= First)
        {
            _range = Range(last + 1, Last);
        }
        else if (last >= Last && first <= Last)
        {
            _range = Range(First, first - 1);
        }
    }

    private static uint Range(int first, int last) => ((LargestOffset - (uint)first) << LastBits) | (uint)last;
}
