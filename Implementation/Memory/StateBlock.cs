using System.Runtime.CompilerServices;

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

        Size = checked((int)measure.Used);
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
    public void Save(Span<byte> snapshot) => Bytes.CopyTo(snapshot);

    /// <summary>Brings back a state that <see cref="Save"/> copied.</summary>
    public void Restore(ReadOnlySpan<byte> snapshot) => snapshot[..Size].CopyTo(new Span<byte>(_memory, Size));

    /// <inheritdoc/>
    public void Dispose() => _buffer.Dispose();
}
