using RxVerify.Model.Vocabulary.Mana;

namespace RxVerify.Model.Mana;

/// <summary>
/// The layout of receive buffers, as B.2 says it, step by step. It takes any sizes: a model of a small queue asks for what no
/// port has, and <see cref="ManaLayoutRequest.Fault"/> says what a port can be asked for.
/// </summary>
public static class ManaLayouts
{
    /// <summary>Bytes of an Ethernet header, ETH_HLEN (B.1).</summary>
    public const int EthernetHeader = 14;

    /// <summary>Bytes of the skb's own data behind a packet, SKB_DATA_ALIGN(sizeof(struct skb_shared_info)) (B.1).</summary>
    public const int SharedInfo = 320;

    /// <summary>MANA_RXBUF_PAD: bytes that a buffer needs beside the MTU (B.1).</summary>
    public const int BufferPad = SharedInfo + EthernetHeader;

    /// <summary>XDP_PACKET_HEADROOM: bytes before the packet with a program (B.1).</summary>
    public const int ProgramHeadroom = 256;

    /// <summary>MANA_RX_FRAG_ALIGNMENT, which is also the cache line of SKB_DATA_ALIGN (B.1).</summary>
    public const int Alignment = 64;

    /// <summary>The right layout: B.2 with the whole allocation charged in single-buffer mode, as since f73896b4197e (B.7 #4).</summary>
    public static ManaLayoutAnswer Of(ManaLayoutRequest request)
    {
        var published = AsPublished(request);
        if (published.IsRefused || published.Layout.IsFragmented)
        {
            return published;
        }

        return published with { Layout = published.Layout with { AllocSize = AllocatedBytes(published.Layout, request.PageSize) } };
    }

    /// <summary>B.2 as published in 2025, with an alloc_size that is too small in single-buffer mode without a program (B.7 #4).</summary>
    public static ManaLayoutAnswer AsPublished(ManaLayoutRequest request)
    {
        int page = request.PageSize;
        int needed = request.Mtu + BufferPad;
        int dataSize = request.Mtu + EthernetHeader;
        if (request.HasProgram)
        {
            return request.Mtu > ProgramMtuMax(page)
                ? new ManaLayoutAnswer(default, ManaLayoutAnswer.NotSupported, ProgramMtuMax(page))
                : new ManaLayoutAnswer(Whole(dataSize, page, ProgramHeadroom, request), 0, ProgramMtuMax(page));
        }

        // The jumbo test uses the size before it is aligned (B.2).
        return needed > page / 2 || request.FullPages
            ? new ManaLayoutAnswer(Whole(dataSize, AlignedTo(Alignment, needed), 0, request), 0, 0)
            : new ManaLayoutAnswer(Shared(dataSize, AlignedTo(Alignment, needed), request), 0, 0);
    }

    /// <summary>MANA_XDP_MTU_MAX: what one page holds beside the header, the skb's own data and the headroom (B.1).</summary>
    public static int ProgramMtuMax(int pageSize) => pageSize - BufferPad - ProgramHeadroom;

    /// <summary>Bytes that the pool takes from the page allocator at once.</summary>
    public static int AllocatedBytes(ManaLayout layout, int pageSize) => pageSize << layout.Order;

    /// <summary>Bytes of a page that no buffer lies on: the last column of table B.2.1, which knows of no cache alignment.</summary>
    public static int UnusedBytes(ManaLayout layout, int pageSize) =>
        AllocatedBytes(layout, pageSize) - (layout.Fragments * layout.AllocSize);

    /// <summary>Bytes of its page that a fragment takes once the pool has aligned it (B.2.1).</summary>
    public static int FragmentBytes(ManaLayout layout, int cacheAlignment) => AlignedTo(cacheAlignment, layout.AllocSize);

    /// <summary>Step 2 of B.2: one buffer for each allocation.</summary>
    private static ManaLayout Whole(int dataSize, int allocSize, int headroom, ManaLayoutRequest request) => new(
        dataSize, allocSize, headroom, Fragments: 1, FragmentsThatFit: 1, PoolSize(request, fragments: 1), OrderOf(allocSize, request.PageSize));

    /// <summary>Step 3 of B.2: several buffers on a page.</summary>
    private static ManaLayout Shared(int dataSize, int allocSize, ManaLayoutRequest request)
    {
        int fragments = request.PageSize / allocSize;
        int fit = request.PageSize / AlignedTo(request.CacheAlignment, allocSize);
        return new ManaLayout(dataSize, allocSize, Headroom: 0, fragments, fit, PoolSize(request, fragments), OrderOf(allocSize, request.PageSize));
    }

    private static int PoolSize(ManaLayoutRequest request, int fragments) => (request.QueueSize / fragments) + 1;

    private static int AlignedTo(int alignment, int bytes) => (bytes + alignment - 1) / alignment * alignment;

    /// <summary>get_order: how often a page is doubled until so many bytes fit.</summary>
    private static int OrderOf(int bytes, int pageSize)
    {
        int order = 0;
        for (int room = pageSize; room < bytes; room *= 2)
        {
            order++;
        }

        return order;
    }
}
