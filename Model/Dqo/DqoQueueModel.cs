using System.Collections.Immutable;
using RxVerify.Model.Vocabulary;
using RxVerify.Model.Vocabulary.Dqo;

namespace RxVerify.Model.Dqo;

/// <summary>A buffer state (A.1). One on the free stack has no page and is all zero.</summary>
/// <param name="Place">Which of the four places it is in (I1).</param>
/// <param name="Page">The page that belongs to it.</param>
/// <param name="Offset">The chunk that is, or will next be, given to the device (page_offset).</param>
/// <param name="LastSingle">The chunk at which blind reuse ends (last_single_ref_offset).</param>
/// <param name="Bias">References on the page that the driver paid in advance and still owns (pagecnt_bias).</param>
public readonly record struct DqoBuffer(DqoPlace Place, PageId Page, int Offset, int LastSingle, int Bias)
{
    /// <inheritdoc/>
    public override string ToString() => $"{Place}, {Page}" + (Page == PageId.None ? "" : $" byte {Offset}, last single {LastSingle}, bias {Bias}");
}

/// <summary>A queue that is up: the driver's buffer states and lists, and the two rings it shares with the device (A.1).</summary>
public sealed record DqoQueueModel
{
    /// <summary>The buffer states, by buffer id.</summary>
    public required ImmutableArray<DqoBuffer> Buffers { get; init; }

    /// <summary>Buffers without a page, top of the stack first.</summary>
    public required ImmutableArray<int> Free { get; init; }

    /// <summary>Buffers that may be posted without a further look, head first.</summary>
    public ImmutableArray<int> Recycled { get; init; } = [];

    /// <summary>Buffers whose page the stack may still reference, head first.</summary>
    public ImmutableArray<int> Used { get; init; } = [];

    /// <summary>Posted buffers that the device was told of and has not used, in posting order.</summary>
    public ImmutableArray<int> Visible { get; init; } = [];

    /// <summary>Posted buffers behind the last doorbell, in posting order.</summary>
    public ImmutableArray<int> Unrung { get; init; } = [];

    /// <summary>Completions in memory that the driver has not consumed, oldest first.</summary>
    public ImmutableArray<DqoCompletion> Completions { get; init; } = [];

    /// <summary>Completions that the device has sent and that are not in memory yet, oldest first.</summary>
    public ImmutableArray<DqoCompletion> LateCompletions { get; init; } = [];

    /// <summary>The packet under assembly, or null.</summary>
    public DqoAssembly? Assembly { get; init; }

    /// <summary>Whether completions are dropped until one ends a packet (right rule for A-D7).</summary>
    public bool Dropping { get; init; }

    /// <summary>Whether the last filling left the device starved, so that a timer will fill again (right rule for A-D10).</summary>
    public bool TimerArmed { get; init; }

    /// <summary>With a queue page list: the page that the next free buffer will get (A.9.2).</summary>
    public PageId NextListPage { get; init; }

    /// <summary>Completions written and not consumed, late ones included.</summary>
    public int Pending => Completions.Length + LateCompletions.Length;

    /// <summary>Buffers on one of the driver's lists.</summary>
    public int Unposted => Free.Length + Recycled.Length + Used.Length;

    /// <summary>Buffers posted and not consumed from a completion, swallowed ones included: each keeps a slot in both rings (I6).</summary>
    public int Posted => Buffers.Length - Unposted;

    /// <summary>Whether this id names a buffer that is posted.</summary>
    public bool IsPosted(int id) => id < Buffers.Length && Buffers[id].Place == DqoPlace.Posted;

    /// <summary>Puts a posted buffer on the recycled list with offset, bias and last single unchanged (I5).</summary>
    internal DqoQueueModel Recycle(int id) => this with
    {
        Buffers = Buffers.SetItem(id, Buffers[id] with { Place = DqoPlace.Recycled }),
        Recycled = Recycled.Add(id),
    };
}
