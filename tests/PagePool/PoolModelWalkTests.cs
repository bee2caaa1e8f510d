using System.Diagnostics;
using RxVerify.Model.PagePool;
using RxVerify.Model.Vocabulary.PagePool;

namespace RxVerify.Tests.PagePool;

/// <summary>The model in all states near the start, and on long random walks: what is allowed works, what is not is refused, and C.8 holds.</summary>
public sealed class PoolModelWalkTests
{
    private const int Attempts = 20_000;

    private static readonly PoolConfiguration Small =
        new() { CacheSize = 2, Refill = 2, PoolSize = 2, RingBatch = 1, HeldMax = 3, CounterMax = 20 };

    public static TheoryData<PoolConfiguration, int> Walks => new()
    {
        { Small, 6 },
        { Small with { Era = PoolEra.Linux515 }, 8 },
        { Small with { Era = PoolEra.Linux515, Fragments = false }, 6 },
        { Small with { Fragments = false, CacheSize = 1, Refill = 1, PoolSize = 4, RingBatch = 2 }, 6 },
        { Small with { Order = 1, Maps = false, Syncs = false, HeldMax = 2, CounterMax = 16 }, 7 },
    };

    public static TheoryData<int, PoolConfiguration> LongWalks => new()
    {
        { 1, Small with { HeldMax = 12, CounterMax = 56 } },
        { 2, Small with { Era = PoolEra.Linux515, HeldMax = 12, CounterMax = 56 } },
        { 3, Small with { Era = PoolEra.Linux515, Fragments = false, HeldMax = 40, CounterMax = 1000, PoolSize = 32, RingBatch = 16 } },
        { 4, new PoolConfiguration { CacheSize = 8, Refill = 4, PoolSize = 15, HeldMax = 40, Alignment = 128, Order = 1 } },
        { 5, new PoolConfiguration { CacheSize = 4, Refill = 3, PoolSize = 8, RingBatch = 4, HeldMax = 24, Fragments = false, SyncOffset = 64, SyncLength = 2000 } },
    };

    [Theory]
    [MemberData(nameof(Walks))]
    public void In_every_state_near_the_start_the_invariants_hold_and_everything_can_end(PoolConfiguration configuration, int depth)
    {
        var worlds = Near(new PoolModelRun(configuration).Model, depth, Alphabet());
        Assert.True(worlds.Count > 1000, $"{worlds.Count} states");
        Assert.All(worlds, AssertThisAndItsEnd);
    }

    [Theory]
    [InlineData(PoolEra.Linux515)]
    [InlineData(PoolEra.Linux612)]
    public void Whatever_the_order_of_three_puts_and_a_destruction_the_invariants_hold_and_everything_can_end(PoolEra era)
    {
        var run = new PoolModelRun(Small with { Era = era, HeldMax = 4, CounterMax = 24 });
        // Outside: two fragments of page 2, one of page 1, and one of page 4, which is being cut. In the cache: page 3.
        run.Do(PoolOperation.Fragment(2000), PoolOperation.Fragment(2000), PoolOperation.Fragment(2000), PoolOperation.Fragment(4096));
        PoolOperation[] alphabet =
        [
            PoolOperation.Begin(0, context: PutContext.Local), PoolOperation.Begin(0, 0, PutContext.Local, count: 2), PoolOperation.Begin(0, context: PutContext.Direct),
            PoolOperation.Begin(1), PoolOperation.Begin(1, count: 3), PoolOperation.Begin(2), PoolOperation.Reference(),
            PoolOperation.Go(0), PoolOperation.Go(1), PoolOperation.Go(2), PoolOperation.Go(PoolOperation.Destroyer),
            PoolOperation.Destroy(stepwise: true), PoolOperation.Retry(stepwise: true),
        ];

        // Nothing is allocated, so there is an end to what can follow.
        var worlds = Near(run.Model, int.MaxValue, alphabet);
        Assert.All(worlds, AssertThisAndItsEnd);
        Assert.All(worlds.Where(world => world.Pool is null), world => Assert.Equal(4u, world.Counters.Release));

        // What such a walk must have seen.
        var waiting = worlds.Where(world => world.Destroyer != PoolDestroyerStep.Idle && !world.Allows(PoolOperation.Go(PoolOperation.Destroyer))).ToList();
        Assert.Contains(waiting, world => world.Destroyer == PoolDestroyerStep.Lock && world.Pool!.Inflight == 0);
        Assert.Equal(era == PoolEra.Linux612, waiting.Exists(world => world.Destroyer == PoolDestroyerStep.CurrentPage));
        Assert.Contains(worlds, world => world.Pool is { RetryScheduled: true, Ring.IsEmpty: false });
        Assert.Contains(worlds, world => world.Pool is { RetryScheduled: true } && world.Processors[1] is { HoldsLock: true } && world.Processors[2] is not null);
        Assert.Contains(worlds, world => world.Pool is null);
    }

    [Theory]
    [MemberData(nameof(Walks))]
    public void Doing_all_steps_at_once_is_doing_one_after_the_other(PoolConfiguration configuration, int depth)
    {
        int puts = 0, ends = 0;
        foreach (var world in Near(new PoolModelRun(configuration).Model, depth - 1, Alphabet()))
        {
            puts += Same(world, PoolOperation.Put(), PoolOperation.Begin(1), actor: 1) ? 1 : 0;
            puts += Same(world, PoolOperation.Put(0, PutContext.Local, count: 2), PoolOperation.Begin(0, 0, PutContext.Local, count: 2), actor: 0) ? 1 : 0;
            ends += Same(world, PoolOperation.Destroy(), PoolOperation.Destroy(stepwise: true), PoolOperation.Destroyer) ? 1 : 0;
            ends += Same(world, PoolOperation.Retry(), PoolOperation.Retry(stepwise: true), PoolOperation.Destroyer) ? 1 : 0;
        }

        Assert.True(puts > 100, $"{puts} puts");
        Assert.True(ends > 100, $"{ends} destructions and retries");
    }

    [Theory]
    [MemberData(nameof(LongWalks))]
    public void Allowed_operations_never_fail_and_others_are_refused(int seed, PoolConfiguration configuration)
    {
        var dice = new Random(seed);
        var world = new PoolModelRun(configuration).Model;
        var done = new HashSet<PoolOperationKind>();
        int refused = 0;
        for (int attempt = 0; attempt < Attempts; attempt++)
        {
            var operation = AnyOperation(dice, configuration);
            if (world.Allows(operation))
            {
                var step = world.After(operation);
                Assert.Equal(step.Outcome, world.After(operation).Outcome);
                AssertValue(world, operation, step);
                world = step.Next;
                PoolModelInvariants.AssertAll(world);
                done.Add(operation.Kind);
            }
            else if (refused < 200)
            {
                refused++;
                Assert.Throws<UnreachableException>(() => world.After(operation));
            }
        }

        Assert.Equal(Enum.GetValues<PoolOperationKind>().Where(kind => Exists(configuration, kind)), done.Order());
    }

    private static void AssertThisAndItsEnd(PoolModel world)
    {
        PoolModelInvariants.AssertAll(world);
        var settled = world.After(PoolOperation.Settle()).Next;
        PoolModelInvariants.AssertAll(settled);
        PoolModelInvariants.AssertSettled(settled);
        var kept = world.After(PoolOperation.Settle(keepsHeld: true)).Next;
        PoolModelInvariants.AssertAll(kept);
        Assert.Equal([.. world.Held], [.. kept.Held]);
    }

    /// <summary>All worlds that so many operations can lead to, each once, by their text.</summary>
    private static List<PoolModel> Near(PoolModel start, int depth, PoolOperation[] alphabet)
    {
        List<PoolModel> worlds = [start];
        var known = new HashSet<string>(StringComparer.Ordinal) { PoolModelKey.Of(start) };
        int done = 0;
        for (int level = 0; level < depth && done < worlds.Count; level++)
        {
            int end = worlds.Count;
            for (; done < end; done++)
            {
                foreach (var operation in alphabet.Where(worlds[done].Allows))
                {
                    var next = worlds[done].After(operation).Next;
                    if (known.Add(PoolModelKey.Of(next)))
                    {
                        worlds.Add(next);
                    }
                }
            }
        }

        return worlds;
    }

    private static PoolOperation[] Alphabet()
    {
        List<PoolOperation> alphabet =
        [
            PoolOperation.Page(), PoolOperation.Page(PoolFault.Page, after: 1), PoolOperation.Page(PoolFault.Mapping, reserve: true),
            PoolOperation.Fragment(2000), PoolOperation.Fragment(2000, PoolFault.Page), PoolOperation.Any(2000),
            PoolOperation.Foreign(), PoolOperation.Move(), PoolOperation.Register(), PoolOperation.Create(),
            PoolOperation.Destroy(), PoolOperation.Destroy(stepwise: true), PoolOperation.Retry(), PoolOperation.Retry(stepwise: true),
            PoolOperation.Put(count: 2), PoolOperation.Put(0, PutContext.DirectInProcess), PoolOperation.Begin(2), PoolOperation.Begin(1, count: 2),
            PoolOperation.Begin(0, context: PutContext.Local), PoolOperation.Begin(0, context: PutContext.Direct),
            PoolOperation.Begin(0, context: PutContext.Local, count: 2),
        ];
        for (int pick = 0; pick < 3; pick++)
        {
            alphabet.AddRange([PoolOperation.Put(pick), PoolOperation.Put(pick, PutContext.Direct), PoolOperation.Begin(1, pick)]);
            alphabet.AddRange([PoolOperation.Reference(pick), PoolOperation.Share(pick)]);
        }

        for (int actor = 0; actor <= PoolOperation.Destroyer; actor++)
        {
            alphabet.Add(PoolOperation.Go(actor));
        }

        return [.. alphabet];
    }

    /// <summary>Whether both ways were allowed; then they lead to the same world, with the same statistics and the same number of pages gone.</summary>
    private static bool Same(PoolModel world, PoolOperation whole, PoolOperation first, int actor)
    {
        if (!world.Allows(whole) || !world.Allows(first))
        {
            return false;
        }

        var expected = world.After(whole);
        var (next, outcome) = world.After(first);
        int gone = outcome.Value;
        while (next.Allows(PoolOperation.Go(actor)))
        {
            (next, outcome) = next.After(PoolOperation.Go(actor));
            gone += outcome.Value;
        }

        Assert.Equal(PoolModelKey.Of(expected.Next), PoolModelKey.Of(next));
        Assert.Equal(expected.Next.Counters, next.Counters);
        Assert.Equal(expected.Outcome.Value, gone);
        return true;
    }

    private static PoolOperation AnyOperation(Random dice, PoolConfiguration configuration)
    {
        var fault = dice.Next(4) == 0 ? (PoolFault)dice.Next(4) : PoolFault.None;
        int after = dice.Next(4);
        bool reserve = dice.Next(8) == 0;
        int size = dice.Next(1, dice.Next(2) == 0 ? 1500 : configuration.PageBytes + 2);
        int pick = dice.Next(configuration.HeldMax);
        int count = dice.Next(4) == 0 ? dice.Next(1, 6) : 1;
        int sync = dice.Next(8) == 0 ? size : 0;
        int processor = dice.Next(3);
        var context = processor == 0 ? (PutContext)dice.Next(1, 3) : PutContext.Elsewhere;
        return dice.Next(32) switch
        {
            <= 3 => PoolOperation.Page(fault, after, reserve),
            <= 6 => PoolOperation.Fragment(size, fault, after, reserve),
            <= 8 => PoolOperation.Any(size, fault, after, reserve),
            <= 12 => PoolOperation.Put(pick, (PutContext)dice.Next(4), sync, count),
            <= 15 => PoolOperation.Begin(processor, pick, context, sync, count),
            <= 22 => PoolOperation.Go(dice.Next(4)),
            23 => PoolOperation.Write(pick, size),
            24 => PoolOperation.Reference(pick),
            25 => PoolOperation.Share(pick),
            26 => PoolOperation.Foreign(),
            27 => dice.Next(2) == 0 ? PoolOperation.Move() : PoolOperation.Register(),
            28 => dice.Next(4) == 0 ? PoolOperation.Destroy(stepwise: dice.Next(2) == 0) : PoolOperation.Go(dice.Next(4)),
            29 => PoolOperation.Retry(stepwise: dice.Next(2) == 0),
            30 => dice.Next(8) == 0 ? PoolOperation.Settle(keepsHeld: dice.Next(2) == 0) : PoolOperation.Go(dice.Next(4)),
            _ => PoolOperation.Create(),
        };
    }

    /// <summary>The value says how many pages left, or whether something was got, which is then the youngest thing held.</summary>
    private static void AssertValue(PoolModel before, PoolOperation operation, PoolStep step)
    {
        switch (operation.Kind)
        {
            case PoolOperationKind.Page or PoolOperationKind.Fragment or PoolOperationKind.Any or PoolOperationKind.Foreign:
                Assert.Equal(before.Held.Length + step.Outcome.Value, step.Next.Held.Length);
                Assert.Equal(step.Outcome.Value == 0 ? default : step.Next.Held[^1].Range, step.Outcome.Got);
                break;
            case PoolOperationKind.Put or PoolOperationKind.Begin or PoolOperationKind.Go or PoolOperationKind.Destroy or PoolOperationKind.Retry:
                Assert.Equal((int)(step.Next.Counters.Release - before.Counters.Release), step.Outcome.Value);
                break;
            case PoolOperationKind.Settle:
                Assert.Equal(default, step.Outcome.Got);
                break;
            default:
                Assert.Equal(default, step.Outcome);
                break;
        }
    }

    private static bool Exists(PoolConfiguration configuration, PoolOperationKind kind) => kind switch
    {
        PoolOperationKind.Page => configuration.Era == PoolEra.Linux612 || !configuration.Fragments,
        PoolOperationKind.Fragment => configuration.Fragments,
        PoolOperationKind.Any => configuration.Era == PoolEra.Linux612 && configuration.Fragments,
        PoolOperationKind.Share => configuration.Era == PoolEra.Linux612,
        _ => true,
    };
}
