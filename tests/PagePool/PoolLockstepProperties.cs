using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;
using RxVerify.Model.Vocabulary.PagePool;
using RxVerify.Properties;
using RxVerify.Properties.PagePool;
using RxVerify.Tests.EveryScheme;
using Xunit.Abstractions;

namespace RxVerify.Tests.PagePool;

/// <summary>A pool and a sequence, both drawn from one 64-bit seed: FsCheck draws the seed, our own generator the rest.</summary>
public sealed record PoolCase(ulong Seed, PoolEra Era)
{
    public override string ToString() => $"seed {Seed}, {Era}";
}

/// <summary>What FsCheck has to know about a case. It does not shrink it: our shrinker works on the operations.</summary>
public static class PoolCases
{
    public static Arbitrary<PoolCase> Case() =>
        (from seed in Seeds.Any
         from era in Gen.Elements(PoolEra.Linux515, PoolEra.Linux612)
         select new PoolCase(seed, era)).ToArbitrary();
}

public sealed class PoolLockstepProperties(ITestOutputHelper output) : LockstepProperties<PoolTested>(output)
{
    [Property(Arbitrary = [typeof(PoolCases)], MaxTest = 100, Replay = "20260201,11400714819323198485")]
    public void Model_and_implementation_agree_and_every_claim_holds_after_every_step(PoolCase drawn) => AssertAgrees(new PoolScheme(drawn.Era), drawn.Seed);

    [Property(Arbitrary = [typeof(PoolCases)], MaxTest = 100, Replay = "20260202,11400714819323198485")]
    public void Every_claim_holds_on_the_implementation_alone_over_long_sequences(PoolCase drawn) => AssertHoldsAlone(new PoolScheme(drawn.Era), drawn.Seed);

    [Property(Arbitrary = [typeof(PoolCases)], MaxTest = 60, Replay = "20260203,11400714819323198485")]
    public void The_same_seed_gives_the_same_run_byte_for_byte(PoolCase drawn) => AssertRepeats(() => StateAfter(drawn));

    [Fact]
    public void The_production_pools_hold_too()
    {
        foreach (var era in (ReadOnlySpan<PoolEra>)[PoolEra.Linux515, PoolEra.Linux612])
        {
            var production = new PoolScheme(era) { Only = new PoolConfiguration { Era = era } };

            AssertHolds(production, new FuzzOptions { Seed = 7, Operations = 5_000 * Effort.Factor });
        }
    }

    private static byte[] StateAfter(PoolCase drawn)
    {
        var dice = new Dice(drawn.Seed);
        using var run = new PoolRun(PoolDefects.WorldOf(null, PoolConfigurations.Draw(ref dice, drawn.Era)), ClaimSet.All, withModel: false);
        var operations = new PoolOperation[400];
        Fuzz.RunDrawn(run, new PoolGenerator(dice.Next()), operations.Length, operations);
        return run.World.State.Bytes.ToArray();
    }
}
