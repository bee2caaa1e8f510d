using RxVerify.Implementation.Mana;
using RxVerify.Implementation.PagePool;
using RxVerify.Model.Vocabulary.Mana;
using RxVerify.Model.Vocabulary.PagePool;
using RxVerify.Properties;
using RxVerify.Tests.EveryScheme;

namespace RxVerify.Tests.Mana;

/// <summary>The world as a whole: its block of state, what it allows, and long walks by the right rules.</summary>
public sealed class ManaQueueWorldTests
{
    private static readonly ManaConfiguration Small = ManaQueueBench.Fragments;

    /// <summary>Each kind of operation once at least, from a queue with nothing outside to the same.</summary>
    private static readonly ManaOperation[] Round =
    [
        ManaOperation.Receive(1500), ManaOperation.Receive(60), ManaOperation.Lied(ManaLie.NoLength), ManaOperation.Fence(), ManaOperation.Poll(),
        ManaOperation.Write(), ManaOperation.Receive(2000), ManaOperation.Poll(ManaFault.Page), ManaOperation.Teardown(),
        ManaOperation.Retry(), ManaOperation.Create(program: true, preallocated: true),
        ManaOperation.Receive(100, ManaVerdict.Redirect), ManaOperation.Receive(100, ManaVerdict.Tx), ManaOperation.Receive(100, ManaVerdict.Drop),
        ManaOperation.Poll(), ManaOperation.Receive(100, ManaVerdict.TxFails), ManaOperation.Receive(100), ManaOperation.Poll(ManaFault.Mapping),
        ManaOperation.Release(local: true), ManaOperation.TxComplete(), ManaOperation.Return(), ManaOperation.Teardown(),
        ManaOperation.Settle(), ManaOperation.Create(fault: ManaFault.Resource, after: 4), ManaOperation.Create(),
    ];

    public static TheoryData<string> Walks => [.. Configurations.Keys];

    private static Dictionary<string, ManaConfiguration> Configurations { get; } = new(StringComparer.Ordinal)
    {
        ["fragments"] = Small,
        ["pages"] = ManaQueueBench.Pages,
        ["two buffers and two completions"] = Small with { QueueSize = 2, CompletionSlots = 2, PollMax = 1, PoolCache = 1, PoolRefill = 1, HeldMax = 3 },
        ["fragments on 5.15"] = Small with { Era = PoolEra.Linux515 },
        ["pages on 5.15"] = ManaQueueBench.Pages with { Era = PoolEra.Linux515 },
        ["four fragments a page"] = Small with { Mtu = 576 },
        ["two pages together"] = Small with { Mtu = 4000 },
        ["pages of 64 KiB"] = Small with { PageSize = 65536 },
        ["cache lines of 128"] = Small with { CacheAlignment = 128 },
        ["a page for each small buffer"] = Small with { FullPages = true },
    };

    [Fact]
    public void A_snapshot_is_the_state_and_going_on_from_it_is_going_on()
    {
        using var bench = new ManaQueueBench(Small);
        bench.Device.WritesPattern = false;
        bench.Memory.KeepsPoison = false;
        Worlds.GoOnFromASnapshot(bench.World.State, () => bench.Apply(Round.AsSpan(..15)), () => bench.Apply(Round.AsSpan(15..)));
    }

    [Fact]
    public void A_restart_is_a_new_world()
    {
        using var bench = new ManaQueueBench(Small);
        Worlds.RestartIsANewWorld(bench.World, () => bench.Apply(Round));
    }

    [Fact]
    public void Nothing_is_allocated_on_the_managed_heap_whatever_is_done()
    {
        using var bench = new ManaQueueBench(Small);
        RunRounds(bench.World, 3);
        long before = GC.GetAllocatedBytesForCurrentThread();
        RunRounds(bench.World, 100);
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    [Fact]
    public void Constants_that_make_no_queue_are_refused_with_what_is_wrong_with_them()
    {
        var refused = Assert.Throws<ArgumentException>(() => new ManaWorld<RightManaRules, RightPoolRules>(Small with { PollMax = 0 }));
        Assert.StartsWith("pollMax is 0; expected at least 1", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_queue_of_production_size_serves_and_ends()
    {
        using var bench = new ManaQueueBench(new ManaConfiguration());

        // 512 fragments of two a page: four refills of 64 pages.
        Assert.Equal((512, 256, 0), (bench.Device.Visible, bench.Pool.Inflight, bench.Pool.Cached));
        for (int lap = 0; lap < 3; lap++)
        {
            Assert.Equal(512, bench.Deliver(512, size: 1514));
            bench.Apply(ManaOperation.Settle());
        }

        Assert.Equal((3L * 512, 0L, 0), (bench.Counters.Packets, bench.Counters.Dropped, bench.World.Load));
        bench.End();
    }

    [Fact]
    public void No_more_is_outside_than_there_is_room_for()
    {
        using var bench = new ManaQueueBench(Small with { HeldMax = 3 });
        bench.Apply(ManaOperation.Receive(1), ManaOperation.Fence(), ManaOperation.Receive(1));
        Assert.False(bench.World.Allows(ManaOperation.Receive(1)) || bench.World.Allows(ManaOperation.Fence()));
        bench.Apply(ManaOperation.Poll());
        Assert.Equal(2, bench.World.Load);
        bench.Apply(ManaOperation.Receive(1), ManaOperation.Release());
        Assert.True(bench.World.Allows(ManaOperation.Lied(ManaLie.SendQueue)));
        bench.End();
    }

    [Fact]
    public void The_device_writes_no_more_completions_than_there_are_places()
    {
        using var bench = new ManaQueueBench(Small with { CompletionSlots = 4 });
        bench.Apply(ManaOperation.Receive(1), ManaOperation.Receive(1), ManaOperation.Receive(1), ManaOperation.Receive(1));
        Assert.False(bench.World.Allows(ManaOperation.Fence()));
        Assert.Equal(4, bench.Apply(ManaOperation.Poll()).Value);
        bench.End();
    }

    [Fact]
    public void What_makes_no_sense_is_not_allowed()
    {
        using var bench = new ManaQueueBench(Small);
        ManaOperation[] refused =
        [
            ManaOperation.Receive(0), ManaOperation.Release(), ManaOperation.Write(), ManaOperation.TxComplete(), ManaOperation.Return(), ManaOperation.Retry(),
            ManaOperation.Create(), ManaOperation.Poll(ManaFault.Mapping), ManaOperation.Poll(ManaFault.Resource), ManaOperation.Lied(ManaLie.NoLength, 0),
            ManaOperation.Lied(ManaLie.Coalesced, 1515), ManaOperation.Lied(ManaLie.SendQueue, 1515), ManaOperation.Lied((ManaLie)6),
            new((ManaOperationKind)12),
        ];
        Assert.All(refused, operation => Assert.False(bench.World.Allows(operation), $"{operation}"));
        bench.Apply(ManaOperation.Teardown());
        ManaOperation[] refusedWhenDown =
        [
            ManaOperation.Receive(1), ManaOperation.Poll(), ManaOperation.Fence(), ManaOperation.Lied(ManaLie.ForeignQueue), ManaOperation.Teardown(),
            ManaOperation.Create(fault: ManaFault.Resource, after: 2), ManaOperation.Create(fault: ManaFault.Resource, after: 6),
            ManaOperation.Create(fault: ManaFault.Resource, after: 8), ManaOperation.Create(fault: ManaFault.Skb),
        ];
        Assert.All(refusedWhenDown, operation => Assert.False(bench.World.Allows(operation), $"{operation}"));
        Assert.Throws<ArgumentOutOfRangeException>(() => bench.World.Apply(new((ManaOperationKind)12)));
    }

    [Theory]
    [MemberData(nameof(Walks))]
    public void A_long_walk_by_the_right_rules_keeps_pages_mappings_and_slots_in_step(string name)
    {
        using var bench = new ManaQueueBench(Configurations[name]);
        var dice = new Dice(1);
        int done = 0;
        for (int step = 0; step < 20_000; step++)
        {
            var operation = ManaQueueWalk.Next(ref dice, bench.World);
            if (!bench.World.Allows(operation))
            {
                continue;
            }

            bench.Apply(operation);
            ManaQueueWalk.Check(bench.World, operation);
            done++;
        }

        Assert.True(done > 5_000, $"{done} of 20000 operations were allowed");
        bench.End();
    }

    private static void RunRounds(ManaWorld world, int times)
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
