namespace RxVerify.Model.Dqo;

/// <summary>One of the three lists of buffer states.</summary>
public enum DqoCoreList
{
    /// <summary>States whose next chunk is free (FIFO).</summary>
    Recycled,

    /// <summary>States whose next chunk may be referenced (FIFO).</summary>
    Used,

    /// <summary>States without a page (stack; first is top).</summary>
    Free,
}

/// <summary>
/// A state of the core model: per buffer state its chunk offsets, bias, page count and the stack's references; the three
/// lists in order; orphan references. One array of bytes, so that comparing is comparing bytes.
/// </summary>
public sealed class DqoCoreState
{
    // Posted, offset, last single offset, bias, page count; then the references on each chunk.
    private const int Fields = 5;
    private readonly byte[] _bytes;
    private readonly int _stride;
    private readonly int _lists;
    private readonly int _listStride;

    /// <summary>All buffer states free, in order.</summary>
    public DqoCoreState(DqoCoreConfiguration core)
    {
        Core = core;
        _stride = Fields + core.Chunks;
        _lists = core.States * _stride;
        _listStride = core.States + 1;
        _bytes = new byte[_lists + (3 * _listStride) + 1];
        for (int id = 0; id < core.States; id++)
        {
            Append(DqoCoreList.Free, id);
        }
    }

    /// <summary>The constants.</summary>
    public DqoCoreConfiguration Core { get; }

    /// <summary>Stack references on pages that the driver gave up.</summary>
    public ref byte Orphans => ref _bytes[^1];

    /// <summary>Buffer states posted.</summary>
    public int PostedCount => Core.States - CountOf(DqoCoreList.Recycled) - CountOf(DqoCoreList.Used) - CountOf(DqoCoreList.Free);

    /// <summary>References that the stack holds, on pages given up too.</summary>
    public int References
    {
        get
        {
            int references = Orphans;
            for (int id = 0; id < Core.States; id++)
            {
                references += ReferencesOn(id);
            }

            return references;
        }
    }

    /// <summary>Whether a buffer state is posted.</summary>
    public ref byte Posted(int id) => ref _bytes[id * _stride];

    /// <summary>Chunk that is, or will next be, posted.</summary>
    public ref byte Offset(int id) => ref _bytes[(id * _stride) + 1];

    /// <summary>Chunk that was the only referenced one.</summary>
    public ref byte LastSingle(int id) => ref _bytes[(id * _stride) + 2];

    /// <summary>References the driver paid and still owns.</summary>
    public ref byte Bias(int id) => ref _bytes[(id * _stride) + 3];

    /// <summary>The page count; 0 without a page.</summary>
    public ref byte Count(int id) => ref _bytes[(id * _stride) + 4];

    /// <summary>The stack's references on a chunk.</summary>
    public ref byte Held(int id, int chunk) => ref _bytes[(id * _stride) + Fields + chunk];

    /// <summary>The stack's references on a page.</summary>
    public int ReferencesOn(int id)
    {
        int references = 0;
        foreach (byte held in _bytes.AsSpan((id * _stride) + Fields, Core.Chunks))
        {
            references += held;
        }

        return references;
    }

    /// <summary>Length of a list.</summary>
    public int CountOf(DqoCoreList list) => _bytes[_lists + ((int)list * _listStride)];

    /// <summary>A list, in order.</summary>
    public ReadOnlySpan<byte> Listed(DqoCoreList list) => _bytes.AsSpan(_lists + ((int)list * _listStride) + 1, CountOf(list));

    /// <summary>Adds at the tail; for the free stack, at the bottom.</summary>
    public void Append(DqoCoreList list, int id)
    {
        int at = _lists + ((int)list * _listStride);
        _bytes[at + 1 + _bytes[at]++] = (byte)id;
    }

    /// <summary>Adds at the head.</summary>
    public void Push(DqoCoreList list, int id)
    {
        int at = _lists + ((int)list * _listStride);
        var rest = _bytes.AsSpan(at + 1, _bytes[at]++);
        rest.CopyTo(_bytes.AsSpan(at + 2));
        _bytes[at + 1] = (byte)id;
    }

    /// <summary>Takes the head of a list that has one.</summary>
    public int Take(DqoCoreList list)
    {
        int at = _lists + ((int)list * _listStride);
        int id = _bytes[at + 1];
        int left = --_bytes[at];
        _bytes.AsSpan(at + 2, left).CopyTo(_bytes.AsSpan(at + 1));
        _bytes[at + 1 + left] = 0;
        return id;
    }

    /// <summary>Forgets a state's page: its fields are 0.</summary>
    public void ClearPage(int id) => _bytes.AsSpan(id * _stride, _stride).Clear();

    /// <summary>Everything 0: no page, no list.</summary>
    public void Clear() => _bytes.AsSpan().Clear();

    /// <summary>Becomes equal to another state of the same core.</summary>
    public void CopyFrom(DqoCoreState other) => other._bytes.AsSpan().CopyTo(_bytes);

    /// <summary>Whether all of it is equal.</summary>
    public bool IsEqual(DqoCoreState other) => _bytes.AsSpan().SequenceEqual(other._bytes);

    /// <inheritdoc/>
    public override string ToString()
    {
        var buffers = Enumerable.Range(0, Core.States).Where(id => Count(id) > 0 || Posted(id) > 0).Select(id =>
            $"buffer {id}{(Posted(id) > 0 ? " posted" : "")} at chunk {Offset(id)}, last single {LastSingle(id)}, bias {Bias(id)}, count {Count(id)}, "
            + $"held [{string.Join(' ', _bytes.AsSpan((id * _stride) + Fields, Core.Chunks).ToArray())}]");
        return $"{string.Join("; ", buffers)}; recycled [{Text(DqoCoreList.Recycled)}], used [{Text(DqoCoreList.Used)}], free [{Text(DqoCoreList.Free)}], orphans {Orphans}";
    }

    private string Text(DqoCoreList list) => string.Join(' ', Listed(list).ToArray());
}
