using RxVerify.Implementation.Memory;

namespace RxVerify.Implementation.PagePool;

/// <summary>What the pool keeps in a page of its own (struct page: pp_magic, pp, dma_addr, pp_ref_count). All zero for other pages.</summary>
internal struct PoolPage
{
    /// <summary>The signature, and in its two lowest bits the marks of others (pp_magic).</summary>
    public ulong Word;

    /// <summary>Bus address, 0 when the page is not mapped; being not 0 stands for the entry in the index of mapped pages too (6.12).</summary>
    public ulong Address;

    /// <summary>Fragment counter (pp_frag_count, pp_ref_count).</summary>
    public long Counter;

    /// <summary>Number of the pool it belongs to (pp).</summary>
    public int Pool;

    /// <summary>Memory node.</summary>
    public int Node;
}

/// <summary>
/// What each page knows of the pool it belongs to, as struct page has it: one entry for each frame, whichever of the pools on
/// the same memory it is. Pool k of n, from 0, has the numbers k + 1, k + 1 + n and so on, so that a number names a pool and its turn.
/// </summary>
/// <param name="frames">Page frames.</param>
/// <param name="pools">Pools on this memory.</param>
public sealed unsafe class PoolPages(int frames, int pools = 1) : StatePart
{
    /// <summary>Pools on this memory.</summary>
    public int Pools => pools;

    internal PoolPage* At { get; private set; }

    /// <summary>Number of the pool that the page in a frame names (pp), 0 for none.</summary>
    public int PoolOf(int frame) => At[frame].Pool;

    /// <inheritdoc/>
    protected internal override void Lay(ref BlockCursor cursor) => At = cursor.Take<PoolPage>(frames);
}
