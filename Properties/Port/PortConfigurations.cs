using RxVerify.Model.Vocabulary.PagePool;
using RxVerify.Model.Vocabulary.Port;

namespace RxVerify.Properties.Port;

/// <summary>Draws configurations: small ports in which the largest MTU means whole pages, several pages, or still fragments.</summary>
public static class PortConfigurations
{
    /// <summary>A valid configuration. The same dice give the same configuration.</summary>
    /// <param name="dice">The source of chance.</param>
    public static PortConfiguration Draw(ref Dice dice)
    {
        // B.2: fragments up to 1714 on pages of 4 KiB; with a program at most 3506 there. On larger pages 9000 is fragments or one page.
        int pageSize = dice.OneIn(8) ? 16384 : dice.OneIn(24) ? 65536 : 4096;
        int mtu = dice.Of(1500, 1500, 576);
        int largest = pageSize == 4096 ? dice.Of(1714, 2048, 2048, 3505, 3506, 4000) : 9000;
        bool isSmallFirst = dice.OneIn(2);
        return new PortConfiguration
        {
            Era = dice.OneIn(3) ? PoolEra.Linux515 : PoolEra.Linux612,
            PageSize = pageSize,
            Queues = dice.Of(1, 1, 2, 2, 3, 4),
            Mtu = mtu,
            MtuMax = largest,
            RingSize = isSmallFirst ? 2 : 4,
            OtherRingSize = isSmallFirst ? 4 : 2,
            HasFilter = dice.OneIn(3),
            HeldMax = dice.Of(1, 2, 4, 4, 8),
        };
    }
}
