using System.Diagnostics.CodeAnalysis;
using RxVerify.Properties;

namespace RxVerify.Tests.EveryScheme;

/// <summary>What holds of the planted mistakes of each scheme.</summary>
[SuppressMessage("Design", "CA1000", Justification = "xunit looks for the rows of a theory in the class that declares it.")]
public abstract class DefectTests<TTested>
    where TTested : ITestedScheme
{
    // What a hunt may cost: the operations of one second. Most mistakes fall within the first few thousand.
    private protected const long Budget = 400_000;
    private const int Seeds = 20;

    public static TheoryData<string> Unsafe => [.. TTested.Scheme.Defects.Where(defect => defect.Breaks is not null).Select(defect => defect.Name)];

    [Theory]
    [MemberData(nameof(Unsafe))]
    public void Each_planted_mistake_is_found_from_each_of_twenty_seeds_as_the_claim_it_breaks(string name)
    {
        var defect = Named(name);
        var missed = new List<int>();
        for (int seed = 1; seed <= Seeds * Effort.Factor; seed++)
        {
            if (Hunt(defect, (ulong)seed).Finding?.Claim != defect.Breaks)
            {
                missed.Add(seed);
            }
        }

        Assert.True(missed.Count == 0, $"{name} was not found as {defect.Breaks} from seeds {string.Join(", ", missed)}");
    }

    [Theory]
    [MemberData(nameof(Unsafe))]
    public Task The_story_of_each_mistake_is_this(string name)
    {
        var counterexample = Hunt(Named(name), seed: 1).Shrink();

        Assert.Null(counterexample.RepeatDifference);
        return Verify(counterexample.Text()).UseDirectory(Path.Combine("..", TTested.Folder, "Stories")).UseFileName(name);
    }

    [Theory]
    [MemberData(nameof(Unsafe))]
    public void No_step_of_a_shortest_story_can_be_left_out(string name)
    {
        var counterexample = Hunt(Named(name), seed: 2).Shrink();

        Assert.IsType<Verdict.Broke>(counterexample.Replay());
        for (int step = 0; step < counterexample.Length; step++)
        {
            var shorter = counterexample.Without(step);
            Assert.NotEqual(counterexample.BrokenClaim, (shorter.Replay() as Verdict.Broke)?.Finding.Claim);
        }
    }

    [Theory]
    [MemberData(nameof(Unsafe))]
    public void The_right_rules_survive_the_story_of_each_mistake(string name)
    {
        var counterexample = Hunt(Named(name), seed: 3).Shrink();

        // A step that only the mistake made possible may not be allowed here; no claim may break.
        Assert.IsNotType<Verdict.Broke>(counterexample.ReplayOnRightRules());
    }

    [Theory]
    [MemberData(nameof(Unsafe))]
    public void Lockstep_with_all_claims_sees_each_mistake_too(string name)
    {
        var options = new FuzzOptions { Seed = 11, Operations = Budget, Defect = Named(name) };

        Assert.NotNull(TTested.Scheme.Fuzz(options).Finding);
    }

    [Fact]
    public void The_canary_fails_the_default_run()
    {
        var result = TTested.Scheme.Fuzz(new FuzzOptions { Seed = 1, Operations = Budget, Defect = TTested.Scheme.Canary });

        Assert.NotNull(result.Finding);
    }

    [Fact]
    public void Each_claim_that_a_defect_names_is_one_of_the_scheme()
    {
        Assert.All(TTested.Scheme.Defects, defect => Assert.True(defect.Breaks is null || TTested.Scheme.Claims[defect.Breaks.Number] == defect.Breaks));
        Assert.Equal(TTested.Scheme.Claims.Count, TTested.Scheme.Claims.Select(claim => claim.Id).Distinct(StringComparer.Ordinal).Count());
    }

    private protected static Defect Named(string name) => Defect.Named(TTested.Scheme.Defects, name)!;

    private protected static FuzzResult Hunt(Defect defect, ulong seed) => TTested.Scheme.Fuzz(TTested.Scheme.HuntFor(defect, seed) with { Operations = Budget });
}
