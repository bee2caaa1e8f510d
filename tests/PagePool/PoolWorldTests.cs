using RxVerify.Implementation.PagePool;
using RxVerify.Model.Vocabulary.PagePool;
using RxVerify.Properties;
using RxVerify.Tests.EveryScheme;

namespace RxVerify.Tests.PagePool;

/// <summary>The world as a whole: its block of state, what it allows, and long walks by the right rules.</summary>
public sealed class PoolWorldTests
{
    private static readonly PoolConfiguration Small = PoolWorldBench.Small;

    /// <summary>Each kind of operation once at least, from a new pool to a new pool.</summary>
    private static readonly PoolOperation[] Round =
    [
        PoolOperation.Page(), PoolOperation.Fragment(100), PoolOperation.Any(1500), PoolOperation.Any(3000, PoolFault.Mapping),
        PoolOperation.Write(0, 100), PoolOperation.Reference(), PoolOperation.Share(1), PoolOperation.Foreign(),
        PoolOperation.Begin(1, 1), PoolOperation.Begin(1, 0), PoolOperation.Go(1), PoolOperation.Put(0, PutContext.Local),
        PoolOperation.Put(), PoolOperation.Page(), PoolOperation.Put(3, PutContext.Direct), PoolOperation.Move(), PoolOperation.Register(),
        PoolOperation.Destroy(), PoolOperation.Destroy(stepwise: true), PoolOperation.Go(PoolOperation.Destroyer),
        PoolOperation.Settle(), PoolOperation.Create(),
    ];

    public static TheoryData<string> Walks => [.. Configurations.Keys];

    private static Dictionary<string, PoolConfiguration> Configurations { get; } = new(StringComparer.Ordinal)
    {
        ["small"] = Small,
        ["whole pages on 5.15"] = PoolWorldBench.Pages515,
        ["fragments on 5.15"] = PoolWorldBench.Fragments515,
        ["cleared by twos"] = Small with { RingBatch = 2, HeldMax = 16, CounterMax = 100 },
        ["cleared by twos, an odd ring"] = Small with { RingBatch = 2, PoolSize = 5, CacheSize = 2, HeldMax = 16 },
        ["two pages together"] = Small with { Order = 1 },
        ["four of 64 KiB"] = Small with { PageSize = 65536, Order = 2 },
        ["no mapping"] = Small with { Maps = false, Syncs = false },
        ["mapped and not synced"] = Small with { Syncs = false },
        ["a part is synced"] = Small with { Fragments = false, SyncOffset = 128, SyncLength = 1500 },
        ["one place each"] = Small with { CacheSize = 1, Refill = 1, PoolSize = 1 },
        ["cache lines of 128"] = Small with { Alignment = 128 },
    };

    [Fact]
    public void A_snapshot_is_the_state_and_going_on_from_it_is_going_on()
    {
        using var bench = new PoolWorldBench(Small);
        Worlds.GoOnFromASnapshot(bench.World.State, () => bench.Apply(Round.AsSpan(..10)), () => bench.Apply(Round.AsSpan(10..)));
    }

    [Fact]
    public void A_restart_is_a_new_world()
    {
        using var bench = new PoolWorldBench(Small);
        Worlds.RestartIsANewWorld(bench.World, () => bench.Apply(Round));
    }

    [Fact]
    public void Nothing_is_allocated_on_the_managed_heap_whatever_is_done()
    {
        using var bench = new PoolWorldBench(Small);
        RunRounds(bench.World, 3);
        long before = GC.GetAllocatedBytesForCurrentThread();
        RunRounds(bench.World, 100);
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    [Fact]
    public void Constants_that_make_no_pool_are_refused_with_what_is_wrong_with_them()
    {
        var refused = Assert.Throws<ArgumentException>(() => new PoolWorld<RightPoolRules>(Small with { Refill = 5 }));
        Assert.StartsWith("refill is 5; expected 1 to 4", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_pool_of_production_size_serves_and_ends()
    {
        using var bench = new PoolWorldBench(new PoolConfiguration());
        Assert.Equal(64, bench.TakePages(1));
        Assert.Equal((63, 1024, 1), (bench.Pool.Cached, bench.Pool.RingSlots, bench.World.Load));
        Assert.Equal((63, 0), (bench.Cut(4096).Page, bench.Cut(1).Offset));

        // C.1, D-32: half of LONG_MAX.
        Assert.Equal(long.MaxValue >> 1, bench.Pool.CounterOf(bench.Pool.Current));
        bench.Apply(PoolOperation.Destroy());
        Assert.Equal(1, bench.Apply(PoolOperation.Settle()).Value);
        Assert.Equal((false, 0), (bench.Pool.IsUp, bench.Memory.LivePages));
    }

    [Fact]
    public void What_one_era_has_not_is_not_allowed_on_it()
    {
        using var pages = new PoolWorldBench(PoolWorldBench.Pages515);
        using var fragments = new PoolWorldBench(PoolWorldBench.Fragments515);
        pages.TakePages(1);
        fragments.Cut(1);
        Assert.False(pages.World.Allows(PoolOperation.Fragment(1)));
        Assert.False(pages.World.Allows(PoolOperation.Share()));
        Assert.False(pages.World.Allows(PoolOperation.Page(PoolFault.Index)));
        Assert.True(pages.World.Allows(PoolOperation.Page(PoolFault.Mapping)));
        Assert.False(fragments.World.Allows(PoolOperation.Page()));
        Assert.False(fragments.World.Allows(PoolOperation.Any(1)));
    }

    [Fact]
    public void Holders_hold_no_more_than_there_is_room_for_and_what_is_in_hand_counts()
    {
        using var bench = new PoolWorldBench(Small);
        bench.TakePages(8);
        Assert.False(bench.World.Allows(PoolOperation.Foreign()));
        bench.Apply(PoolOperation.Begin(1));
        Assert.False(bench.World.Allows(PoolOperation.Reference()));
        bench.Apply(PoolOperation.Go(1), PoolOperation.Go(1));
        Assert.True(bench.World.Allows(PoolOperation.Reference()));
    }

    [Theory]
    [InlineData(PutContext.Direct, 0)] // a page reference is no pool reference
    [InlineData(PutContext.Direct, 1)] // nor is a foreign page
    [InlineData(PutContext.DirectInProcess, 0)]
    public void The_driver_puts_directly_only_what_is_of_the_pool(PutContext context, int pick)
    {
        using var bench = new PoolWorldBench(Small);
        bench.Apply(PoolOperation.Page(), PoolOperation.Reference(), PoolOperation.Put(), PoolOperation.Foreign());
        Assert.False(bench.World.Allows(PoolOperation.Put(pick, context)));
        Assert.False(bench.World.Allows(PoolOperation.Put(0, count: 2)));
        Assert.False(bench.World.Allows(PoolOperation.Put(pick, sync: 4096)));
        Assert.False(bench.World.Allows(PoolOperation.Write(pick, 1)));
        Assert.True(bench.World.Allows(PoolOperation.Put(pick, PutContext.Local)));
    }

    [Theory]
    [MemberData(nameof(Walks))]
    public void A_long_walk_by_the_right_rules_keeps_every_page_in_one_place(string name)
    {
        using var bench = new PoolWorldBench(Configurations[name]);
        var dice = new Dice(1);
        int done = 0;
        for (int step = 0; step < 20_000; step++)
        {
            var operation = PoolWalk.Next(ref dice, bench.World);
            if (!bench.World.Allows(operation))
            {
                continue;
            }

            var outcome = bench.Apply(operation);
            PoolWalk.Check(bench.World, operation, outcome);
            done++;
        }

        Assert.True(done > 3_000, $"{done} of 20000 operations were allowed");
        bench.Apply(PoolOperation.Settle());
        while (bench.Pool.IsUp)
        {
            bench.Apply(PoolOperation.Destroy());
        }

        Assert.Equal((0, 0, 0), (bench.Memory.LivePages, bench.Memory.Mappings, bench.World.Load));
    }

    private static void RunRounds(PoolWorld world, int times)
    {
        for (int time = 0; time < times; time++)
        {
            foreach (var operation in Round)
            {
                if (!world.Allows(operation))
                {
                    throw new InvalidOperationException($"{operation} is not allowed");
                }

                world.Apply(operation);
            }
        }
    }
}
