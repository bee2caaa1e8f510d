using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using RxVerify.Model.Vocabulary;

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

/// <summary>What the core knows of one buffer state and its page; all 0 without a page. Eight bytes, so that it is compared and packed at once.</summary>
[StructLayout(LayoutKind.Sequential, Pack = 1)]
public record struct DqoCoreBuffer
{
    /// <summary>Chunk that is, or will next be, posted.</summary>
    public byte Offset;

    /// <summary>Chunk that was the only referenced one.</summary>
    public byte LastSingle;

    /// <summary>References the driver paid and still owns.</summary>
    public byte Bias;

    /// <summary>The page count.</summary>
    public byte Count;

    /// <summary>The stack's references on each chunk, as <see cref="HeldCounts"/>.</summary>
    public uint HeldOnChunks;

    /// <summary>The stack's references on the page.</summary>
    public readonly int References => HeldCounts.Sum(HeldOnChunks);

    /// <summary>The stack's references on one chunk.</summary>
    public readonly int Held(int chunk) => (int)((HeldOnChunks >> (chunk * HeldCounts.Bits)) & HeldCounts.Mask);

    /// <summary>More or, if negative, fewer references on one chunk.</summary>
    public void AddHeld(int chunk, int references) => HeldOnChunks += (uint)references << (chunk * HeldCounts.Bits);
}

/// <summary>
/// A state of the core model: what is known of each buffer state, which are posted, the three lists in order, and the orphan
/// references.
/// </summary>
public sealed class DqoCoreState(DqoCoreConfiguration core)
{
    /// <summary>A list is a number: so many bits to an index, the head lowest.</summary>
    public const int IdBits = 4;

    private const uint IdMask = (1u << IdBits) - 1;
    private readonly DqoCoreBuffer[] _buffers = new DqoCoreBuffer[core.States];
    private Rest _rest;

    /// <summary>The constants.</summary>
    public DqoCoreConfiguration Core => core;

    /// <summary>The buffer states.</summary>
    public Span<DqoCoreBuffer> Buffers => _buffers;

    /// <summary>Stack references on pages that the driver gave up.</summary>
    public ref int Orphans => ref _rest.Orphans;

    /// <summary>Which buffer states are posted, a bit each.</summary>
    public ref uint Posted => ref _rest.Posted;

    /// <summary>Buffer states posted.</summary>
    public int PostedCount => System.Numerics.BitOperations.PopCount(_rest.Posted);

    /// <summary>References that the stack holds, on pages given up too.</summary>
    public int References
    {
        get
        {
            int references = _rest.Orphans;
            foreach (ref readonly var buffer in _buffers.AsSpan())
            {
                references += buffer.References;
            }

            return references;
        }
    }

    /// <summary>Whether a buffer state is posted.</summary>
    public bool IsPosted(int id) => ((_rest.Posted >> id) & 1) != 0;

    /// <summary>Length of a list.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int CountOf(DqoCoreList list) => ListOf(list).Length;

    /// <summary>The buffer state at a place of a list.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int At(DqoCoreList list, int place) => (int)((ListOf(list).Ids >> (place * IdBits)) & IdMask);

    /// <summary>A whole list as a number.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public uint IdsOf(DqoCoreList list) => ListOf(list).Ids;

    /// <summary>Makes a list of so many buffer states, given as a number.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Set(DqoCoreList list, uint ids, int length) => ListOf(list) = new List { Ids = ids, Length = length };

    /// <summary>Adds at the tail; for the free stack, at the bottom.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Append(DqoCoreList list, int id)
    {
        ref var to = ref ListOf(list);
        to.Ids |= (uint)id << (to.Length++ * IdBits);
    }

    /// <summary>Adds at the head.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Push(DqoCoreList list, int id)
    {
        ref var to = ref ListOf(list);
        to.Ids = (to.Ids << IdBits) | (uint)id;
        to.Length++;
    }

    /// <summary>Takes the head of a list that has one.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int Take(DqoCoreList list)
    {
        ref var from = ref ListOf(list);
        int id = (int)(from.Ids & IdMask);
        from.Ids >>= IdBits;
        from.Length--;
        return id;
    }

    /// <summary>Becomes equal to another state of the same core.</summary>
    public void CopyFrom(DqoCoreState other)
    {
        CopyBuffersFrom(other);
        _rest = other._rest;
    }

    /// <summary>The buffer states become equal to another state's of the same core.</summary>
    public void CopyBuffersFrom(DqoCoreState other)
    {
        // Few and small: the runtime's copy is a call that costs more than the loop.
        var from = other._buffers;
        for (int id = 0; id < _buffers.Length && id < from.Length; id++)
        {
            _buffers[id] = from[id];
        }
    }

    /// <summary>Whether all of it is equal.</summary>
    public bool IsEqual(DqoCoreState other) => _rest == other._rest && _buffers.AsSpan().SequenceEqual(other._buffers);

    /// <inheritdoc/>
    public override string ToString()
    {
        var pages = Enumerable.Range(0, core.States).Where(id => _buffers[id].Count > 0 || IsPosted(id)).Select(id =>
            $"buffer {id}{(IsPosted(id) ? " posted" : "")} at chunk {_buffers[id].Offset}, last single {_buffers[id].LastSingle}, bias {_buffers[id].Bias}, "
            + $"count {_buffers[id].Count}, held [{string.Join(' ', Enumerable.Range(0, core.Chunks).Select(_buffers[id].Held))}]");
        return $"{string.Join("; ", pages)}; recycled [{Text(DqoCoreList.Recycled)}], used [{Text(DqoCoreList.Used)}], free [{Text(DqoCoreList.Free)}], orphans {Orphans}";
    }

    private string Text(DqoCoreList list) => string.Join(' ', Enumerable.Range(0, CountOf(list)).Select(place => At(list, place)));

    [MethodImpl(MethodImplOptions.AggressiveInlining)] // The list is known where it is called, so nothing is left of the switch.
    private ref List ListOf(DqoCoreList list)
    {
        switch (list)
        {
            case DqoCoreList.Recycled:
                return ref _rest.Recycled;
            case DqoCoreList.Used:
                return ref _rest.Used;
            default:
                return ref _rest.Free;
        }
    }

    private record struct List
    {
        public uint Ids;
        public int Length;
    }

    private record struct Rest
    {
        public List Recycled;
        public List Used;
        public List Free;
        public uint Posted;
        public int Orphans;
    }
}
