using System.Runtime.InteropServices;

namespace RxVerify.Explorer;

/// <summary>Zeroed memory outside the managed heap: the heap's limits and moves are not for gigabytes of states.</summary>
/// <typeparam name="T">What it holds.</typeparam>
internal sealed unsafe class NativeArray<T> : SafeHandle
    where T : unmanaged
{
    private const nuint CacheLine = 64;
    private const int PieceSize = 1 << 20;

    /// <summary>Room for so many values, all zero.</summary>
    public NativeArray(long length)
        : base(0, ownsHandle: true)
    {
        Length = length;
        nuint bytes = checked((nuint)length * (nuint)sizeof(T));
        nuint alignment = bytes >= HugePages.Size ? HugePages.Size : CacheLine;

        // Much memory is zero as it comes: nobody touches it before it is needed, and those who need it may be many.
        SetHandle((nint)NativeMemory.AllocZeroed(checked(bytes + alignment)));
        Start = (T*)(((nuint)handle + alignment - 1) & ~(alignment - 1));
        HugePages.Ask(Start, bytes);
    }

    /// <inheritdoc/>
    public override bool IsInvalid => handle == 0;

    /// <summary>Values.</summary>
    public long Length { get; }

    /// <summary>Bytes.</summary>
    public long Bytes => Length * sizeof(T);

    /// <summary>The first value.</summary>
    public T* Start { get; }

    /// <summary>Writes all of it.</summary>
    public void Write(BinaryWriter to)
    {
        for (long at = 0; at < Bytes; at += PieceSize)
        {
            to.Write(new ReadOnlySpan<byte>((byte*)Start + at, (int)Math.Min(PieceSize, Bytes - at)));
        }
    }

    /// <summary>Reads all of it.</summary>
    public void Read(BinaryReader from)
    {
        for (long at = 0; at < Bytes; at += PieceSize)
        {
            from.BaseStream.ReadExactly(new Span<byte>((byte*)Start + at, (int)Math.Min(PieceSize, Bytes - at)));
        }
    }

    /// <inheritdoc/>
    protected override bool ReleaseHandle()
    {
        NativeMemory.Free((void*)handle);
        return true;
    }
}
