using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;
using RxVerify.Model.Vocabulary.Mana;
using RxVerify.Properties;
using RxVerify.Properties.Mana;
using RxVerify.Tests.EveryScheme;
using Xunit.Abstractions;

namespace RxVerify.Tests.Mana;

/// <summary>A queue and a sequence, both drawn from one 64-bit seed: FsCheck draws the seed, our own generator the rest.</summary>
public sealed record ManaCase(ulong Seed, ManaScope Scope)
{
    public override string ToString() => $"seed {Seed}, {Scope}";
}

/// <summary>What FsCheck has to know about a case. It does not shrink it: our shrinker works on the operations.</summary>
public static class ManaCases
{
    public static Arbitrary<ManaCase> Case() =>
        (from seed in Seeds.Any
         from scope in Gen.Elements(ManaScope.Fragments, ManaScope.WholePages, ManaScope.Fragments | ManaScope.Lies, ManaScope.Fragments | ManaScope.WholePages | ManaScope.Lies)
         select new ManaCase(seed, scope)).ToArbitrary();
}

public sealed class ManaLockstepProperties(ITestOutputHelper output) : LockstepProperties<ManaTested>(output)
{
    [Property(Arbitrary = [typeof(ManaCases)], MaxTest = 100, Replay = "20260301,11400714819323198485")]
    public void Model_and_implementation_agree_and_every_claim_holds_after_every_step(ManaCase drawn) => AssertAgrees(new ManaScheme(drawn.Scope), drawn.Seed);

    [Property(Arbitrary = [typeof(ManaCases)], MaxTest = 100, Replay = "20260302,11400714819323198485")]
    public void Every_claim_holds_on_the_implementation_alone_over_long_sequences(ManaCase drawn) => AssertHoldsAlone(new ManaScheme(drawn.Scope), drawn.Seed);

    [Property(Arbitrary = [typeof(ManaCases)], MaxTest = 60, Replay = "20260303,11400714819323198485")]
    public void The_same_seed_gives_the_same_run_byte_for_byte(ManaCase drawn) => AssertRepeats(() => StateAfter(drawn));

    [Fact]
    public void The_production_queues_hold_too()
    {
        foreach (int pageSize in (ReadOnlySpan<int>)[4096, 65536])
        {
            var production = new ManaScheme(ManaScope.Fragments | ManaScope.Lies) { Only = new ManaConfiguration { PageSize = pageSize, QueueSize = 128, CompletionSlots = 128 } };

            AssertHolds(production, new FuzzOptions { Seed = 7, Operations = 3_000 * Effort.Factor });
        }
    }

    private static byte[] StateAfter(ManaCase drawn)
    {
        var dice = new Dice(drawn.Seed);
        var configuration = ManaConfigurations.Draw(ref dice, fragments: null);
        using var run = new ManaRun(ManaDefects.WorldOf(null, configuration), ClaimSet.All, withModel: false);
        var operations = new ManaOperation[400];
        Fuzz.RunDrawn(run, new ManaGenerator(dice.Next(), lies: true), operations.Length, operations);
        return run.World.State.Bytes.ToArray();
    }
}
