using System.Numerics;
using RxVerify.Model.Vocabulary.Mana;

namespace RxVerify.Implementation.Mana;

/// <summary>mana_get_rxbuf_cfg and the sizes of mana_create_page_pool (B.2), without a division where a shift does.</summary>
public static class ManaBuffers
{
    /// <summary>Bytes of an skb's shared info as it is aligned (B.1).</summary>
    internal const int SharedInfo = 320;

    /// <summary>Bytes of an Ethernet header.</summary>
    internal const int EthernetHeader = 14;

    private const int ProgramHeadroom = 256;
    private const int AlignmentMask = 64 - 1;

    /// <summary>The layout that a port's buffers get, or the refusal of a program at this MTU (B.4.11).</summary>
    /// <typeparam name="TRules">The right rules, or a defect's.</typeparam>
    public static ManaLayoutAnswer LayoutOf<TRules>(ManaLayoutRequest request)
        where TRules : struct, IManaRules
    {
        int page = request.PageSize;
        int needed = request.Mtu + EthernetHeader + SharedInfo;
        if (request.HasProgram)
        {
            // A program needs the packet, its headroom and the skb's own data on one page.
            int room = page - needed - ProgramHeadroom;
            var whole = new ManaLayout(request.Mtu + EthernetHeader, page, ProgramHeadroom, 1, 1, request.QueueSize + 1, 0);
            return new ManaLayoutAnswer(room >= 0 ? whole : default, room >= 0 ? 0 : ManaLayoutAnswer.NotSupported, request.Mtu + room);
        }

        int asked = (TRules.BytesToAllocate(needed, SharedInfo) + AlignmentMask) & ~AlignmentMask;
        return new ManaLayoutAnswer(needed > page >> 1 || request.FullPages ? Single<TRules>(request, asked) : Fragmented<TRules>(request, needed, asked), 0, 0);
    }

    /// <summary>Where an skb's shared info begins in a buffer: at its end, and not before the end of what the device may write.</summary>
    /// <param name="layout">The layout.</param>
    /// <param name="size">Bytes that the skb is told the buffer has.</param>
    internal static int SharedInfoAt(in ManaLayout layout, int size) =>
        Math.Max(size - SharedInfo, (layout.Headroom + layout.DataSize + AlignmentMask) & ~AlignmentMask);

    private static ManaLayout Single<TRules>(ManaLayoutRequest request, int asked)
        where TRules : struct, IManaRules
    {
        // get_order: bits of the last byte's index above those of a page.
        int pageShift = BitOperations.Log2((uint)request.PageSize);
        int order = BitOperations.Log2(((uint)((asked - 1) >> pageShift) << 1) | 1);
        int charged = TRules.BytesToCharge(asked, request.PageSize << order);
        return new ManaLayout(request.Mtu + EthernetHeader, charged, 0, 1, 1, request.QueueSize + 1, order);
    }

    private static ManaLayout Fragmented<TRules>(ManaLayoutRequest request, int needed, int asked)
        where TRules : struct, IManaRules
    {
        int fragments = request.PageSize / TRules.BytesToCount(needed, asked);
        int cacheMask = request.CacheAlignment - 1;
        int fit = request.PageSize / ((asked + cacheMask) & ~cacheMask);
        return new ManaLayout(request.Mtu + EthernetHeader, asked, 0, fragments, fit, (request.QueueSize / fragments) + 1, 0);
    }
}
