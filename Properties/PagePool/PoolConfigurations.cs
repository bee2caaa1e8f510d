using RxVerify.Model.Vocabulary.PagePool;

namespace RxVerify.Properties.PagePool;

/// <summary>Draws configurations: small ones, in which cache and ring overflow, pages are drained and the counter has little room.</summary>
public static class PoolConfigurations
{
    /// <summary>A valid configuration. The same dice give the same configuration.</summary>
    public static PoolConfiguration Draw(ref Dice dice, PoolEra? era)
    {
        int pageSize = dice.OneIn(6) ? dice.Of(16384, 65536) : 4096;
        int order = dice.OneIn(6) ? dice.Between(1, 2) : 0;
        int cache = dice.Of(1, 2, 3, 4, 8);
        int held = dice.Of(3, 4, 8, 8, 16, 32);
        bool fragments = !dice.OneIn(4);
        bool maps = !dice.OneIn(5);
        bool syncs = maps && !dice.OneIn(5);
        bool partly = syncs && !fragments && dice.OneIn(2);
        return new PoolConfiguration
        {
            Era = era ?? (dice.OneIn(3) ? PoolEra.Linux515 : PoolEra.Linux612),
            PageSize = pageSize,
            Order = order,
            CacheSize = cache,
            Refill = dice.Between(1, cache),
            PoolSize = dice.Of(1, 1, 2, 3, 4, 8, 15, 32),
            RingBatch = dice.Of(2, 4, 16),
            CounterMax = dice.OneIn(2) ? long.MaxValue : 8 + (4 * held) + dice.Below(4),
            Fragments = fragments,
            Maps = maps,
            Syncs = syncs,
            SyncOffset = partly ? 256 : 0,
            SyncLength = partly ? 1536 : 0,
            Alignment = dice.Of(1, 1, 64, 128),
            HeldMax = held,
        };
    }
}
