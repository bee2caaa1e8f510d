using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;
using RxVerify.Model.Vocabulary.Dqo;
using RxVerify.Properties;
using RxVerify.Properties.Dqo;
using RxVerify.Tests.EveryScheme;
using Xunit.Abstractions;

namespace RxVerify.Tests.Dqo;

/// <summary>A queue and a sequence, both drawn from one 64-bit seed: FsCheck draws the seed, our own generator the rest.</summary>
public sealed record DqoCase(ulong Seed, DqoScope Scope)
{
    public override string ToString() => $"seed {Seed}, {Scope}";
}

/// <summary>What FsCheck has to know about a case. It does not shrink it: our shrinker works on the operations.</summary>
public static class DqoCases
{
    public static Arbitrary<DqoCase> Case() =>
        (from seed in Seeds.Any
         from scope in Gen.Elements(DqoScope.None, DqoScope.Hostile, DqoScope.PageList, DqoScope.Hostile | DqoScope.PageList)
         select new DqoCase(seed, scope)).ToArbitrary();
}

public sealed class DqoLockstepProperties(ITestOutputHelper output) : LockstepProperties<DqoTested>(output)
{
    [Property(Arbitrary = [typeof(DqoCases)], MaxTest = 100, Replay = "20260101,11400714819323198485")]
    public void Model_and_implementation_agree_and_every_claim_holds_after_every_step(DqoCase drawn) => AssertAgrees(new DqoScheme(drawn.Scope), drawn.Seed);

    [Property(Arbitrary = [typeof(DqoCases)], MaxTest = 100, Replay = "20260102,11400714819323198485")]
    public void Every_claim_holds_on_the_implementation_alone_over_long_sequences(DqoCase drawn) => AssertHoldsAlone(new DqoScheme(drawn.Scope), drawn.Seed);

    [Property(Arbitrary = [typeof(DqoCases)], MaxTest = 60, Replay = "20260103,11400714819323198485")]
    public void The_same_seed_gives_the_same_run_byte_for_byte(DqoCase drawn) => AssertRepeats(() => StateAfter(drawn));

    [Fact]
    public void The_production_queue_holds_too()
    {
        var production = new DqoScheme(DqoScope.Hostile) { Only = new DqoConfiguration() };

        AssertHolds(production, new FuzzOptions { Seed = 7, Operations = 20_000 * Effort.Factor });
    }

    [Fact]
    public void What_a_short_run_never_reached_is_named()
    {
        var result = DqoScheme.All.Fuzz(new FuzzOptions { Seed = 3, Operations = 10 });

        Assert.Contains("a packet needed a third skb", result.NeverHappened, StringComparer.Ordinal);
    }

    private static byte[] StateAfter(DqoCase drawn)
    {
        var dice = new Dice(drawn.Seed);
        using var run = new DqoRun(DqoDefects.WorldOf(null, DqoConfigurations.Draw(ref dice, drawn.Scope)), ClaimSet.All, withModel: false);
        var operations = new DqoOperation[400];
        Fuzz.RunDrawn(run, new DqoGenerator(dice.Next(), drawn.Scope), operations.Length, operations);
        return run.World.State.Bytes.ToArray();
    }
}
