using RxVerify.Properties;
using Xunit.Abstractions;

namespace RxVerify.Tests.EveryScheme;

/// <summary>What holds of each scheme in lockstep. Which cases are drawn, and from which seed, stands with each scheme: attributes take constants.</summary>
public abstract class LockstepProperties<TTested>(ITestOutputHelper output)
    where TTested : ITestedScheme
{
    // About ten seconds each; RXVERIFY_EFFORT=100 makes the same tests hunt for a quarter of an hour and more.
    private static readonly long OperationsPerCase = 4_000 * Effort.Factor;

    [Fact]
    public void A_run_reaches_every_operation_outcome_and_landmark()
    {
        var result = TTested.Scheme.Fuzz(new FuzzOptions { Seed = 20_261_121, Operations = 1_000_000 * Effort.Factor });

        Stories.AssertHeld(result, output);
        Assert.False(result.NeverHappened.Any(), "never: " + string.Join("; ", result.NeverHappened));
    }

    /// <summary>Model and implementation agree, and every claim holds.</summary>
    private protected void AssertAgrees(Scheme scheme, ulong seed) =>
        AssertHolds(scheme, new FuzzOptions { Seed = seed, Operations = OperationsPerCase });

    /// <summary>Every claim holds without the model, over sequences twice as long.</summary>
    private protected void AssertHoldsAlone(Scheme scheme, ulong seed) =>
        AssertHolds(scheme, new FuzzOptions { Seed = seed, Operations = 2 * OperationsPerCase, WithModel = false });

    private protected void AssertHolds(Scheme scheme, FuzzOptions options) => Stories.AssertHeld(scheme.Fuzz(options), output);

    /// <summary>The same run gives the same state, byte for byte.</summary>
    private protected static void AssertRepeats(Func<byte[]> stateAfterARun)
    {
        byte[] first = stateAfterARun();
        byte[] second = stateAfterARun();

        Assert.NotEmpty(first);
        Assert.Equal(first, second);
    }
}
