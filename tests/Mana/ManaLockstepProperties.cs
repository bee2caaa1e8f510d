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
        (from low in Gen.Choose(0, int.MaxValue)
         from high in Gen.Choose(0, int.MaxValue)
         from scope in Gen.Elements(ManaScope.Fragments, ManaScope.WholePages, ManaScope.Fragments | ManaScope.Lies, ManaScope.Fragments | ManaScope.WholePages | ManaScope.Lies)
         select new ManaCase(((ulong)(uint)high << 32) | (uint)low, scope)).ToArbitrary();
}

public sealed class ManaLockstepProperties(ITestOutputHelper output)
{
    private static readonly long OperationsPerCase = 4_000 * Effort.Factor;

    [Property(Arbitrary = [typeof(ManaCases)], MaxTest = 100, Replay = "20260301,11400714819323198485")]
    public void Model_and_implementation_agree_and_every_claim_holds_after_every_step(ManaCase drawn)
    {
        var result = new ManaScheme(drawn.Scope).Fuzz(new FuzzOptions { Seed = drawn.Seed, Operations = OperationsPerCase });

        Stories.AssertHeld(result, output);
    }

    [Property(Arbitrary = [typeof(ManaCases)], MaxTest = 100, Replay = "20260302,11400714819323198485")]
    public void Every_claim_holds_on_the_implementation_alone_over_long_sequences(ManaCase drawn)
    {
        var result = new ManaScheme(drawn.Scope).Fuzz(new FuzzOptions { Seed = drawn.Seed, Operations = 2 * OperationsPerCase, WithModel = false });

        Stories.AssertHeld(result, output);
    }

    [Property(Arbitrary = [typeof(ManaCases)], MaxTest = 60, Replay = "20260303,11400714819323198485")]
    public void The_same_seed_gives_the_same_run_byte_for_byte(ManaCase drawn)
    {
        byte[] first = StateAfter(drawn);
        byte[] second = StateAfter(drawn);

        Assert.NotEmpty(first);
        Assert.Equal(first, second);
    }

    [Fact]
    public void A_run_reaches_every_operation_outcome_and_landmark()
    {
        var result = ManaScheme.All.Fuzz(new FuzzOptions { Seed = 20_261_121, Operations = 1_000_000 * Effort.Factor });

        Stories.AssertHeld(result, output);
        Assert.False(result.NeverHappened.Any(), "never: " + string.Join("; ", result.NeverHappened));
    }

    [Fact]
    public void The_production_queues_hold_too()
    {
        foreach (int pageSize in (ReadOnlySpan<int>)[4096, 65536])
        {
            var production = new ManaScheme(ManaScope.Fragments | ManaScope.Lies) { Only = new ManaConfiguration { PageSize = pageSize, QueueSize = 128, CompletionSlots = 128 } };

            Stories.AssertHeld(production.Fuzz(new FuzzOptions { Seed = 7, Operations = 3_000 * Effort.Factor }), output);
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
