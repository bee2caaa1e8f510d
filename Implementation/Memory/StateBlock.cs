using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace RxVerify.Implementation.Memory;

/// <summary>Hands out consecutive pieces of a block; with no block behind it, it only adds up sizes.</summary>
public unsafe ref struct BlockCursor
{
    private const int Alignment = 8;
    private readonly byte* _start;

    internal BlockCursor(byte* start) => _start = start;

    /// <summary>Bytes handed out so far.</summary>
    public nint Used { get; private set; }

    /// <summary>Takes room for <paramref name="count"/> values, aligned to 8 bytes.</summary>
    public T* Take<T>(int count)
        where T : unmanaged
    {
        nint at = (Used + Alignment - 1) & ~(Alignment - 1);
        Used = at + ((nint)sizeof(T) * count);
        return (T*)(_start + at);
    }
}

/// <summary>Something whose whole mutable state lies in a <see cref="StateBlock"/>.</summary>
public abstract class StatePart
{
    /// <summary>Takes the part's arrays from the cursor; called once to measure and once to attach, always in the same order.</summary>
    protected internal abstract void Lay(ref BlockCursor cursor);
}

/// <summary>
/// One contiguous, unmanaged block with the mutable state of all its parts: a snapshot is a copy, equality is a compare, a
/// restart is a clear.
/// </summary>
public sealed unsafe class StateBlock : IDisposable
{
    private const int CacheLine = 64;
    private readonly NativeBuffer _buffer;
    private readonly byte* _memory;

    /// <summary>Measures the parts, allocates one zeroed block and attaches them in order.</summary>
    public StateBlock(params ReadOnlySpan<StatePart> parts)
    {
        var measure = new BlockCursor(null);
        foreach (var part in parts)
        {
            part.Lay(ref measure);
        }

        // Whole cache lines are copied without a rest, which shows where snapshots are restored millions of times a second.
        Size = checked((int)(measure.Used + CacheLine - 1) & ~(CacheLine - 1));
        _buffer = new NativeBuffer(Size, CacheLine);
        _memory = _buffer.Start;
        Clear();

        var attach = new BlockCursor(_memory);
        foreach (var part in parts)
        {
            part.Lay(ref attach);
        }
    }

    /// <summary>Bytes of a snapshot.</summary>
    public int Size { get; }

    /// <summary>The state itself, byte for byte.</summary>
    public ReadOnlySpan<byte> Bytes => new(_memory, Size);

    /// <summary>Back to all zero, the state in which every part begins.</summary>
    public void Clear() => Unsafe.InitBlock(_memory, 0, (uint)Size);

    /// <summary>Copies the state into <paramref name="snapshot"/>, which has room for <see cref="Size"/> bytes.</summary>
    public void Save(Span<byte> snapshot)
    {
        fixed (byte* to = snapshot[..Size])
        {
            Copy(_memory, to);
        }
    }

    /// <summary>Brings back a state that <see cref="Save"/> copied.</summary>
    public void Restore(ReadOnlySpan<byte> snapshot)
    {
        fixed (byte* from = snapshot[..Size])
        {
            Copy(from, _memory);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _buffer.Dispose();

    /// <summary>Copies in a loop of its own: the runtime's calls the C library for more than 2 KiB, which costs as much as the copy.</summary>
    private void Copy(byte* from, byte* to)
    {
        for (byte* end = from + Size; from < end; from += CacheLine, to += CacheLine)
        {
            Vector512.Store(Vector512.Load(from), to);
        }
    }
}
