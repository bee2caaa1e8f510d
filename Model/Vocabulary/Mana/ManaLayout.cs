namespace RxVerify.Model.Vocabulary.Mana;

/// <summary>How the receive buffers of one MANA queue lie in memory: what mana_get_rxbuf_cfg and mana_create_page_pool decide (B.2).</summary>
/// <param name="DataSize">datasize: bytes of a buffer that the device may write, the MTU and the Ethernet header.</param>
/// <param name="AllocSize">alloc_size: bytes charged for a buffer, the truesize of its skb, and the size of a fragment asked of the pool.</param>
/// <param name="Headroom">headroom: bytes before the packet, for a program to grow into; 256 with one, else 0.</param>
/// <param name="Fragments">frag_count: buffers for one page, as the pool size is computed from. 1 is single-buffer mode, more is fragment mode.</param>
/// <param name="FragmentsThatFit">Buffers that the pool really cuts from one page once it has aligned each for the cache (B.2.1); 1 in single-buffer mode.</param>
/// <param name="PoolSize">pool_size: pages that the pool's ring has room for.</param>
/// <param name="Order">Binary logarithm of the pages that one allocation of the pool takes.</param>
public readonly record struct ManaLayout(
    int DataSize, int AllocSize, int Headroom, int Fragments, int FragmentsThatFit, int PoolSize, int Order)
{
    /// <summary>Whether several buffers share a page, which the pool then maps as a whole; otherwise the driver maps each buffer (B.2).</summary>
    public bool IsFragmented => Fragments > 1;
}
