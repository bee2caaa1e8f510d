using System.Runtime.CompilerServices;

namespace RxVerify.Explorer;

/// <summary>
/// The key of every state, and the index of the state it was first reached from, by the state's index: chunks that never move,
/// so that one thread can read while another adds.
/// </summary>
internal sealed unsafe class StateLog(int keyWords) : IDisposable
{
    /// <summary>Indices that a worker reserves at once.</summary>
    public const int BlockSize = 1 << 10;

    private const int ChunkShift = 16;
    private const int ChunkSize = 1 << ChunkShift;
    private readonly NativeArray<ulong>?[] _keys = new NativeArray<ulong>?[(1L << 32) >> ChunkShift];
    private readonly NativeArray<uint>?[] _parents = new NativeArray<uint>?[(1L << 32) >> ChunkShift];
    private readonly Lock _growing = new();
    private long _blocks;

    /// <summary>Bytes held.</summary>
    public long Bytes { get; private set; }

    /// <summary>Indices given out, used or not.</summary>
    public long Reserved => Interlocked.Read(ref _blocks) * BlockSize;

    /// <summary>Reserves <see cref="BlockSize"/> indices. Returns the first.</summary>
    public uint Reserve()
    {
        uint first = checked((uint)((Interlocked.Increment(ref _blocks) - 1) * BlockSize));
        int chunk = (int)(first >> ChunkShift);
        if (Volatile.Read(ref _parents[chunk]) is null)
        {
            Grow(chunk);
        }

        return first;
    }

    /// <summary>The key of a state.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ulong* Key(uint index) => _keys[index >> ChunkShift]!.Start + ((long)(index & (ChunkSize - 1)) * keyWords);

    /// <summary>The state from which a state was first reached; the initial state's is itself.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ref uint Parent(uint index) => ref _parents[index >> ChunkShift]!.Start[index & (ChunkSize - 1)];

    /// <summary>Writes everything; nobody may be adding.</summary>
    public void Write(BinaryWriter to)
    {
        to.Write(_blocks);
        for (int chunk = 0; _parents[chunk] is { } parents; chunk++)
        {
            _keys[chunk]!.Write(to);
            parents.Write(to);
        }
    }

    /// <summary>Reads what <see cref="Write"/> wrote, into an empty log.</summary>
    public void Read(BinaryReader from)
    {
        _blocks = from.ReadInt64();
        for (int chunk = 0; (long)chunk * ChunkSize < _blocks * BlockSize; chunk++)
        {
            Grow(chunk);
            _keys[chunk]!.Read(from);
            _parents[chunk]!.Read(from);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        for (int chunk = 0; chunk < _keys.Length && _keys[chunk] is not null; chunk++)
        {
            _keys[chunk]!.Dispose();
            _parents[chunk]?.Dispose();
        }
    }

    private void Grow(int chunk)
    {
        lock (_growing)
        {
            if (_parents[chunk] is null)
            {
                var keys = new NativeArray<ulong>((long)ChunkSize * keyWords);
                var parents = new NativeArray<uint>(ChunkSize);
                _keys[chunk] = keys;
                Volatile.Write(ref _parents[chunk], parents);
                Bytes += keys.Bytes + parents.Bytes;
            }
        }
    }
}
