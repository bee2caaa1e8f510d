using System.Numerics;
using System.Runtime.Intrinsics;

namespace RxVerify.Implementation.Memory;

/// <summary>
/// Keeps freed pages filled with <see cref="PhysicalMemory.Poison"/> at little cost: only bytes that somebody was given a
/// pointer to are filled again, and every byte is looked at before the page is used again.
/// </summary>
/// <remarks>
/// Sound because a page is all poison when it is allocated, so at the end of its life it still is, but for what was handed
/// out. A write that missed what was handed out, or that came later through a kept pointer, is not covered up: whether it was
/// before the page was freed or after, the look at the whole page finds it. The notes lie outside the block, as payload does.
/// </remarks>
internal sealed unsafe class PagePoison(byte* payload, int frames, int pageSize)
{
    // One bit for each 64th of a page: 64 bytes of a page of 4 KiB.
    private const int Pieces = 64;
    private readonly int _pieceShift = BitOperations.Log2((uint)pageSize / Pieces);
    private readonly ulong[] _handedOut = new ulong[frames];

    /// <summary>Somebody gets a pointer to some bytes, at least one, of a page.</summary>
    public void HandOut(int frame, int offset, int length)
    {
        int first = offset >> _pieceShift;
        int last = (offset + length - 1) >> _pieceShift;
        _handedOut[frame] |= (ulong.MaxValue << first) & (ulong.MaxValue >> (Pieces - 1 - last));
    }

    /// <summary>The page is used for the first time, whatever its bytes are.</summary>
    public void FillWhole(int frame)
    {
        new Span<byte>(PageOf(frame), pageSize).Fill(PhysicalMemory.Poison);
        _handedOut[frame] = 0;
    }

    /// <summary>The page is freed.</summary>
    public void FillHandedOut(int frame)
    {
        byte* piece = PageOf(frame);
        for (ulong left = _handedOut[frame]; left != 0;)
        {
            int skipped = BitOperations.TrailingZeroCount(left);
            int run = BitOperations.TrailingZeroCount(~(left >> skipped));
            piece += skipped << _pieceShift;
            new Span<byte>(piece, run << _pieceShift).Fill(PhysicalMemory.Poison);
            piece += run << _pieceShift;

            // A run of all 64 would be a shift by 64, which shifts by nothing.
            left = skipped + run == Pieces ? 0 : left >> (skipped + run);
        }

        _handedOut[frame] = 0;
    }

    /// <summary>The first byte of a freed page that is no poison any more, or -1.</summary>
    public int FirstDamage(int frame) =>
        IsWhole(PageOf(frame)) ? -1 : new ReadOnlySpan<byte>(PageOf(frame), pageSize).IndexOfAnyExcept(PhysicalMemory.Poison);

    /// <summary>Gathers differences and looks at them once; looking for the first of them took twice as long in profiles.</summary>
    private bool IsWhole(byte* page)
    {
        var poison = Vector256.Create(PhysicalMemory.Poison);
        var differences = Vector256<byte>.Zero;
        for (byte* end = page + pageSize; page < end; page += 4 * Vector256<byte>.Count)
        {
            var left = (Vector256.Load(page) ^ poison) | (Vector256.Load(page + Vector256<byte>.Count) ^ poison);
            var right = (Vector256.Load(page + (2 * Vector256<byte>.Count)) ^ poison) | (Vector256.Load(page + (3 * Vector256<byte>.Count)) ^ poison);
            differences |= left | right;
        }

        return differences == Vector256<byte>.Zero;
    }

    private byte* PageOf(int frame) => payload + ((nint)frame * pageSize);
}
