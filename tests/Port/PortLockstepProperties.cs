using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;
using RxVerify.Model.Vocabulary.Port;
using RxVerify.Properties;
using RxVerify.Properties.Port;
using RxVerify.Tests.EveryScheme;
using Xunit.Abstractions;

namespace RxVerify.Tests.Port;

/// <summary>A port and a sequence, both drawn from one 64-bit seed: FsCheck draws the seed, our own generator the rest.</summary>
public sealed record PortCase(ulong Seed)
{
    public override string ToString() => $"seed {Seed}";
}

/// <summary>What FsCheck has to know about a case. It does not shrink it: our shrinker works on the operations.</summary>
public static class PortCases
{
    public static Arbitrary<PortCase> Case() =>
        (from seed in Seeds.Any
         select new PortCase(seed)).ToArbitrary();
}

public sealed class PortLockstepProperties(ITestOutputHelper output) : LockstepProperties<PortTested>(output)
{
    [Property(Arbitrary = [typeof(PortCases)], MaxTest = 100, Replay = "20260401,11400714819323198485")]
    public void Model_and_implementation_agree_and_every_claim_holds_after_every_step(PortCase drawn) => AssertAgrees(PortScheme.All, drawn.Seed);

    [Property(Arbitrary = [typeof(PortCases)], MaxTest = 100, Replay = "20260402,11400714819323198485")]
    public void Every_claim_holds_on_the_implementation_alone_over_long_sequences(PortCase drawn) => AssertHoldsAlone(PortScheme.All, drawn.Seed);

    [Property(Arbitrary = [typeof(PortCases)], MaxTest = 60, Replay = "20260403,11400714819323198485")]
    public void The_same_seed_gives_the_same_run_byte_for_byte(PortCase drawn) => AssertRepeats(() => StateAfter(drawn));

    private static byte[] StateAfter(PortCase drawn)
    {
        var dice = new Dice(drawn.Seed);
        var configuration = PortConfigurations.Draw(ref dice);
        using var run = new PortRun(PortDefects.WorldOf(null, configuration), ClaimSet.All, withModel: false);
        var operations = new PortOperation[400];
        Fuzz.RunDrawn(run, new PortGenerator(dice.Next()), operations.Length, operations);
        return run.World.State.Bytes.ToArray();
    }
}
