using System.Diagnostics;
using RxVerify.Model.Mana;
using RxVerify.Model.Vocabulary;
using RxVerify.Model.Vocabulary.Mana;
using RxVerify.Model.Vocabulary.PagePool;

namespace RxVerify.Tests.Mana;

/// <summary>The model in all states near the start, and on long random walks: what is allowed works, what is not is refused, and the invariants hold.</summary>
public sealed class ManaModelWalkTests
{
    private const int Attempts = 10_000;

    private static readonly ManaConfiguration Small =
        new() { Mtu = 1500, QueueSize = 2, CompletionSlots = 2, PollMax = 2, PoolCache = 1, PoolRefill = 1, HeldMax = 3 };

    public static TheoryData<ManaConfiguration, bool, int> Walks => new()
    {
        { Small, false, 8 },
        { Small with { Era = PoolEra.Linux515 }, false, 8 },
        { Small with { Mtu = 2048 }, false, 8 },
        { Small with { Mtu = 2048, Era = PoolEra.Linux515, PoolCache = 2, PoolRefill = 2 }, false, 8 },
        { Small, true, 6 },
        { Small with { Era = PoolEra.Linux515, HeldMax = 2 }, true, 6 },
    };

    public static TheoryData<int, ManaConfiguration> LongWalks => new()
    {
        { 1, Small },
        { 2, Small with { Era = PoolEra.Linux515, HeldMax = 12, PoolCache = 4, PoolRefill = 2 } },
        { 3, Small with { Mtu = 2048, QueueSize = 4, CompletionSlots = 8, PollMax = 1, HeldMax = 8 } },
        { 4, Small with { Mtu = 2048, QueueSize = 4, CompletionSlots = 4, PoolCache = 8, PoolRefill = 4, Era = PoolEra.Linux515, HeldMax = 6 } },
        { 5, Small with { Mtu = 1500, PageSize = 16384, CacheAlignment = 128, QueueSize = 16, CompletionSlots = 32, PollMax = 16, HeldMax = 40 } },
    };

    [Theory]
    [MemberData(nameof(Walks))]
    public void In_every_state_near_the_start_the_invariants_hold_and_everything_can_end(ManaConfiguration configuration, bool program, int depth)
    {
        var start = program ? new ManaModelRun(configuration, program).Model : new ManaModelRun(configuration).Model;
        var worlds = Near(start, depth);
        Assert.True(worlds.Count > 1000, $"{worlds.Count} states");
        Assert.All(worlds, AssertThisAndItsEnd);

        // What such a walk must have seen.
        Assert.Contains(worlds, world => world.Queue is { } queue && queue.Slots.Any(buffer => !buffer.IsFromPool) && queue.Slots.Any(buffer => buffer.IsFromPool));
        Assert.Contains(worlds, world => world.Queue is not null && world.Waiting.Length == 1);
        Assert.Contains(worlds, world => world.Queue is null && world.PagesLive == 0 && world.PagesBorn > 0);
        Assert.Contains(worlds, world => world.Packets.Any(packet => !packet.IsRecycled));
        Assert.Equal(program, worlds.Exists(world => !world.Frames.IsEmpty));
        Assert.Equal(program || configuration.Mtu == 2048, worlds.Exists(world => world.Queue is { } queue && queue.Saved != PageId.None));
    }

    [Theory]
    [MemberData(nameof(LongWalks))]
    public void Allowed_operations_never_fail_and_others_are_refused(int seed, ManaConfiguration configuration)
    {
        var dice = new Random(seed);
        var world = new ManaModelRun(configuration).Model;
        var done = new HashSet<ManaOperationKind>();
        int refused = 0;
        for (int attempt = 0; attempt < Attempts; attempt++)
        {
            var operation = AnyOperation(dice);
            if (world.Allows(operation))
            {
                var step = world.After(operation);
                Assert.Equal(step.Outcome, world.After(operation).Outcome);
                AssertStep(world, operation, step);
                world = step.Next;
                ManaModelInvariants.AssertAll(world);
                done.Add(operation.Kind);
            }
            else if (refused < 200)
            {
                refused++;
                Assert.Throws<UnreachableException>(() => world.After(operation));
            }
        }

        Assert.Equal(Enum.GetValues<ManaOperationKind>(), done.Order());
        Assert.True(world.Counters is { Packets: > 100, XdpTransmitted: > 10, XdpRedirected: > 10, TxDropped: > 10, CompletionErrors: > 10, Fences: > 10 });
    }

    private static void AssertThisAndItsEnd(ManaModel world)
    {
        ManaModelInvariants.AssertAll(world);
        var settled = world.After(ManaOperation.Settle()).Next;
        ManaModelInvariants.AssertAll(settled);
        ManaModelInvariants.AssertSettled(settled);
        if (settled.Queue is not null)
        {
            settled = settled.After(ManaOperation.Teardown()).Next;
        }

        // P6: with nothing outside, nothing of a queue that is gone is left.
        Assert.Equal((0, 0, 0), (settled.PagesLive, settled.Mappings, settled.Waiting.Length));
        var kept = world.After(ManaOperation.Settle(keepsHeld: true)).Next;
        ManaModelInvariants.AssertAll(kept);
        Assert.Equal([.. world.Packets], [.. kept.Packets.Take(world.Packets.Length)]);
    }

    /// <summary>All worlds that so many operations can lead to, each once, by their text.</summary>
    private static List<ManaModel> Near(ManaModel start, int depth)
    {
        var alphabet = Alphabet(start.Queue!.HasProgram);
        List<ManaModel> worlds = [start];
        var known = new HashSet<string>(StringComparer.Ordinal) { ManaModelKey.Of(start) };
        int done = 0;
        for (int level = 0; level < depth; level++)
        {
            int end = worlds.Count;
            for (; done < end; done++)
            {
                foreach (var operation in alphabet.Where(worlds[done].Allows))
                {
                    var next = worlds[done].After(operation).Next;
                    if (known.Add(ManaModelKey.Of(next)))
                    {
                        worlds.Add(next);
                    }
                }
            }
        }

        return worlds;
    }

    private static ManaOperation[] Alphabet(bool program)
    {
        List<ManaOperation> alphabet =
        [
            ManaOperation.Receive(100), ManaOperation.Receive(4000), ManaOperation.Fence(), ManaOperation.Lied(ManaLie.NoLength), ManaOperation.Lied(ManaLie.ForeignQueue),
            ManaOperation.Poll(), ManaOperation.Poll(ManaFault.Page), ManaOperation.Poll(ManaFault.Mapping), ManaOperation.Poll(ManaFault.Skb),
            ManaOperation.Release(0), ManaOperation.Release(1), ManaOperation.Release(0, local: true), ManaOperation.Release(1, local: true),
            ManaOperation.Teardown(), ManaOperation.Retry(0), ManaOperation.Retry(1),
            ManaOperation.Create(program), ManaOperation.Create(program, preallocated: true), ManaOperation.Create(program, fault: ManaFault.Page, after: 1),
        ];
        if (program)
        {
            alphabet.AddRange([ManaOperation.TxComplete(0), ManaOperation.TxComplete(0, local: true), ManaOperation.Return(), ManaOperation.Return(0, count: 2)]);
            alphabet.AddRange(((ManaVerdict[])[ManaVerdict.Drop, ManaVerdict.Tx, ManaVerdict.TxFails, ManaVerdict.Redirect]).Select(verdict => ManaOperation.Receive(100, verdict)));
        }

        return [.. alphabet];
    }

    private static ManaOperation AnyOperation(Random dice)
    {
        var fault = dice.Next(4) == 0 ? (ManaFault)dice.Next(5) : ManaFault.None;
        int after = dice.Next(8);
        int size = dice.Next(4) == 0 ? dice.Next(1, 65536) : dice.Next(1, 1515);
        int pick = dice.Next(4) == 0 ? dice.Next(8) : 0;
        bool coin = dice.Next(2) == 0;
        return dice.Next(32) switch
        {
            <= 9 => ManaOperation.Receive(size, dice.Next(2) == 0 ? ManaVerdict.Pass : (ManaVerdict)dice.Next(8)),
            <= 14 => ManaOperation.Poll(fault, after),
            <= 18 => ManaOperation.Release(pick, coin),
            <= 20 => ManaOperation.TxComplete(pick, coin),
            <= 22 => ManaOperation.Return(pick, dice.Next(1, 4)),
            23 => ManaOperation.Write(pick),
            24 => dice.Next(4) == 0 ? ManaOperation.Teardown() : ManaOperation.Retry(dice.Next(2)),
            <= 26 => ManaOperation.Create(program: dice.Next(4) > 0, preallocated: coin, fault, after),
            27 => ManaOperation.Retry(dice.Next(2)),
            28 => ManaOperation.Fence(),
            29 => dice.Next(4) == 0 ? ManaOperation.Settle(keepsHeld: coin) : ManaOperation.Poll(),
            _ => ManaOperation.Lied((ManaLie)dice.Next(6), size),
        };
    }

    /// <summary>What the step returns is what it did.</summary>
    private static void AssertStep(ManaModel before, ManaOperation operation, ManaStep step)
    {
        var next = step.Next;
        Assert.Equal(step.HandedUp.Length, step.Outcome.Delivered);
        Assert.Equal(before.Delivered + step.Outcome.Delivered, next.Delivered);
        Assert.Equal(Enumerable.Range(before.LastSerial + 1, step.Outcome.Delivered), step.HandedUp.Select(packet => packet.Serial));
        switch (operation.Kind)
        {
            case ManaOperationKind.Receive:
                Assert.Equal((before.PacketsReceived + 1, next.PacketsReceived), (step.Outcome.Value, step.Outcome.Value));
                break;
            case ManaOperationKind.Lie or ManaOperationKind.Fence:
                Assert.Equal((1, before.Queue!.Completions.Length + 1), (step.Outcome.Value, next.Queue!.Completions.Length));
                break;
            case ManaOperationKind.Poll:
                var consumed = before.Queue!.Completions.RemoveRange(step.Outcome.Value, before.Queue.Completions.Length - step.Outcome.Value);
                Assert.Equal(step.Outcome.Value, next.Counters.Completed - before.Counters.Completed);
                // Each buffer that came back is posted again, and no other.
                Assert.Equal(consumed.Count(completion => completion.Slot is not null), next.Counters.Posted - before.Counters.Posted);
                break;
            case ManaOperationKind.Create:
                Assert.Equal(next.Queue is null ? ManaOutcome.OutOfMemory : 0, step.Outcome.Value);
                break;
            case ManaOperationKind.Teardown:
                Assert.Equal((before.Configuration.QueueSize, 0), (step.Outcome.Value, next.Queue is null ? 0 : 1));
                break;
            case ManaOperationKind.Retry:
                Assert.Equal(before.PagesLive - next.PagesLive, step.Outcome.Value);
                break;
            case ManaOperationKind.Settle:
                Assert.InRange(step.Outcome.Value, 0, 2 + (before.PagesLive * ManaConfiguration.PoolsMax));
                break;
            default:
                Assert.Equal(default, step.Outcome);
                break;
        }
    }
}
