using RxVerify.Implementation.Mana;
using RxVerify.Implementation.PagePool;
using RxVerify.Implementation.Port;
using RxVerify.Model.Vocabulary.Mana;
using RxVerify.Model.Vocabulary.PagePool;
using RxVerify.Model.Vocabulary.Port;
using RxVerify.Properties;
using RxVerify.Tests.EveryScheme;

namespace RxVerify.Tests.Port;

/// <summary>The world as a whole: its block of state, what it allows, and long walks by the right rules.</summary>
public sealed class PortDriverWorldTests
{
    private static readonly PortConfiguration Small = PortDriverBench.Small;

    /// <summary>Traffic, changes that succeed and that fail, and at the end a port as at the beginning.</summary>
    private static readonly PortOperation[] Round =
    [
        PortOperation.Receive(0), PortOperation.Receive(1), PortOperation.Poll(0), PortOperation.Ask(PortRequest.SetProgram), PortOperation.Step(255),
        PortOperation.Receive(1, ManaVerdict.Tx), PortOperation.Receive(0, ManaVerdict.Drop), PortOperation.Poll(1), PortOperation.Poll(0),
        PortOperation.TxComplete(), PortOperation.AskForMtu(PortMtu.Largest), PortOperation.Step(15), PortOperation.Step(1, PortFault.Resource, 4), PortOperation.Step(255),
        PortOperation.Release(local: true), PortOperation.Ask(PortRequest.Suspend), PortOperation.Step(255),
        PortOperation.Ask(PortRequest.Resume), PortOperation.Step(2, PortFault.Command), PortOperation.Step(255), PortOperation.TakeVport(),
        PortOperation.Ask(PortRequest.Remove), PortOperation.Step(255), PortOperation.Ask(PortRequest.Probe), PortOperation.Step(255),
        PortOperation.TakeVport(), PortOperation.GiveVport(), PortOperation.Ask(PortRequest.Open), PortOperation.Settle(),
    ];

    public static TheoryData<string> Walks => [.. Configurations.Keys];

    private static Dictionary<string, PortConfiguration> Configurations { get; } = new(StringComparer.Ordinal)
    {
        ["two queues"] = Small,
        ["one queue with a filter"] = Small with { Queues = 1, HasFilter = true },
        ["four queues and little room"] = Small with { Queues = 4, HeldMax = 2 },
        ["on 5.15"] = Small with { Era = PoolEra.Linux515 },
        ["much room"] = Small with { HeldMax = 12, OtherRingSize = 8 },
        ["pages for both MTUs"] = Small with { Mtu = 2048, MtuMax = 3000 },
        ["fragments for both MTUs"] = Small with { Mtu = 576, MtuMax = 1500 },
        ["an MTU too large for a program"] = Small with { MtuMax = 9000 },
        ["pages of 64 KiB"] = Small with { PageSize = 65536, MtuMax = 9000 },
    };

    [Theory]
    [MemberData(nameof(Walks))]
    public void Whatever_happens_the_books_balance_and_nothing_is_left_in_the_end(string configuration)
    {
        using var bench = new PortDriverBench(Configurations[configuration]);
        var world = bench.World;
        for (int seed = 1; seed <= 20; seed++)
        {
            var dice = new Dice((ulong)seed);
            world.Restart();
            for (int step = 0; step < 1_000; step++)
            {
                var operation = PortDriverWalk.Next(ref dice, world);
                if (world.Allows(operation))
                {
                    world.Apply(operation);
                    PortDriverWalk.Check(world, operation);
                }
            }

            bench.End();
        }

        // No allocation failed for lack of frames; but for the failures asked for, the port has what it needs.
        Assert.InRange(world.Memory.LivePagesPeak, 1, world.Memory.Frames - 1);
    }

    [Fact]
    public void A_snapshot_is_the_state_and_going_on_from_it_is_going_on()
    {
        using var bench = new PortDriverBench();
        bench.Memory.KeepsPoison = false;
        for (int cut = 1; cut < Round.Length; cut++)
        {
            int here = cut;
            bench.World.Restart();
            Worlds.GoOnFromASnapshot(bench.World.State, () => Apply(bench, Round.AsSpan(..here)), () => Apply(bench, Round.AsSpan(here..)));
        }

        bench.PassesTraffic();
    }

    [Fact]
    public void A_restart_is_a_new_world()
    {
        using var bench = new PortDriverBench();
        Worlds.RestartIsANewWorld(bench.World, () => Apply(bench, Round));
    }

    [Fact]
    public void The_block_is_small_enough_to_be_cleared_for_every_run()
    {
        // Tens of kilobytes, at the sizes that runs have; the larger the page, the more granules it has.
        Assert.All(
            Configurations.Values.Where(configuration => configuration.HeldMax <= 4 && configuration.Mtu == 1500),
            configuration =>
            {
                using var bench = new PortDriverBench(configuration);
                Assert.InRange(bench.World.State.Size, 1, 48_000);
            });
    }

    [Fact]
    public void Nothing_is_allocated_on_the_managed_heap_whatever_is_done()
    {
        using var bench = new PortDriverBench();
        RunRounds(bench.World, 3);
        long before = GC.GetAllocatedBytesForCurrentThread();
        RunRounds(bench.World, 100);
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    [Fact]
    public void Constants_that_make_no_port_are_refused_with_what_is_wrong_with_them()
    {
        var refused = Assert.Throws<ArgumentException>(
            () => new PortWorld<RightPortRules, RightManaRules, RightPoolRules>(Small with { Queues = 5 }));
        Assert.StartsWith("queues is 5; expected 1 to 4", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void No_more_is_outside_than_there_is_room_for_and_only_one_request_is_under_way()
    {
        using var bench = new PortDriverBench(Small with { HeldMax = 2 });
        bench.Apply(PortOperation.Receive(0));
        bench.Apply(PortOperation.Receive(1));
        Assert.False(bench.World.Allows(PortOperation.Receive(0)));
        bench.Apply(PortOperation.Ask(PortRequest.Close));
        Assert.False(bench.World.Allows(PortOperation.Ask(PortRequest.Remove)));
        Assert.Equal(PortOutcome.Busy, bench.Apply(PortOperation.TakeVport()).Value);
        Assert.Equal(2, bench.Apply(PortOperation.Step(255)).Delivered);
        Assert.False(bench.World.Allows(PortOperation.Step()));
        bench.End();
    }

    [Fact]
    public void Settle_ends_the_request_polls_each_queue_that_has_something_and_lets_go()
    {
        using var bench = new PortDriverBench();
        bench.Apply(PortOperation.Receive(0));
        bench.Apply(PortOperation.Ask(PortRequest.SetProgram));
        bench.Apply(PortOperation.Step());

        // 23 steps of 24 are left, and the packet was taken by the fence.
        Assert.Equal(new PortOutcome(23, 1, true), bench.Apply(PortOperation.Settle(keepsHeld: true)));
        bench.Apply(PortOperation.Receive(1));
        Assert.Equal((2, new PortOutcome(1, 1, false)), (bench.World.Load, bench.Apply(PortOperation.Settle())));
        Assert.Equal(0, bench.World.Load);
        bench.End();
    }

    private static void Apply(PortDriverBench bench, ReadOnlySpan<PortOperation> operations)
    {
        foreach (var operation in operations)
        {
            bench.Apply(operation);
        }
    }

    private static void RunRounds(PortWorld world, int rounds)
    {
        for (int round = 0; round < rounds; round++)
        {
            foreach (var operation in Round)
            {
                if (world.Allows(operation))
                {
                    world.Apply(operation);
                }
            }

            world.Restart();
        }
    }
}
