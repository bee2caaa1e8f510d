using RxVerify.Model.Vocabulary.Mana;
using RxVerify.Model.Vocabulary.PagePool;

namespace RxVerify.Properties.Mana;

/// <summary>Draws configurations: small queues in which rings wrap and pages are drained within a few packets, with fragments and without.</summary>
public static class ManaConfigurations
{
    /// <summary>A valid configuration. The same dice give the same configuration.</summary>
    /// <param name="dice">The source of chance.</param>
    /// <param name="fragments">Whether a queue without a program cuts its pages into fragments; null for either.</param>
    public static ManaConfiguration Draw(ref Dice dice, bool? fragments)
    {
        bool cuts = fragments ?? !dice.OneIn(3);
        int pageSize = dice.OneIn(6) ? 16384 : 4096;

        // 1714 and 7858 are the largest MTUs with fragments (B.2); an MTU of 4000 on pages of 4 KiB needs two of them.
        int mtu = cuts ? dice.Of(68, 576, 576, 1500, pageSize == 4096 ? 1714 : 7858) : pageSize == 4096 ? dice.Of(1715, 2048, 3506, 4000) : dice.Of(7859, 9000);
        int queue = dice.Of(2, 2, 4, 4, 8);
        int cache = dice.Of(1, 2, 4, 8);
        return new ManaConfiguration
        {
            Era = dice.OneIn(3) ? PoolEra.Linux515 : PoolEra.Linux612,
            Mtu = mtu,
            PageSize = pageSize,
            QueueSize = queue,
            CompletionSlots = queue * dice.Of(1, 2),
            PollMax = dice.Of(1, 2, 512, 512),
            CacheAlignment = dice.Of(1, 1, 128),
            PoolCache = cache,
            PoolRefill = dice.Between(1, cache),
            HeldMax = dice.Of(2, 4, 8, 8, 24),
        };
    }
}
