using RxVerify.Model.Vocabulary.Dqo;
using RxVerify.Properties;
using RxVerify.Properties.Dqo;
using Xunit.Abstractions;

namespace RxVerify.Tests.Dqo;

public sealed class DqoDefectTests(ITestOutputHelper output)
{
    // What a hunt may cost: the operations of one second. Most mistakes fall within the first few thousand.
    private const long Budget = 400_000;
    private const int Seeds = 20;

    public static TheoryData<string> Unsafe => [.. DqoDefects.All.Where(defect => defect.Breaks is not null).Select(defect => defect.Name)];

    [Theory]
    [MemberData(nameof(Unsafe))]
    public void Each_planted_mistake_is_found_from_each_of_twenty_seeds_as_the_claim_it_breaks(string name)
    {
        var defect = DqoDefects.Named(name)!;
        var missed = new List<int>();
        for (int seed = 1; seed <= Seeds * Effort.Factor; seed++)
        {
            var result = Hunt(defect, (ulong)seed);
            if (result.Failure?.Finding.Claim != defect.Breaks)
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
        var counterexample = DqoShrinker.Shrink(Hunt(DqoDefects.Named(name)!, seed: 1));

        Assert.Null(counterexample.RepeatDifference);
        return Verify(DqoStory.Text(counterexample)).UseDirectory("Stories").UseParameters(name);
    }

    [Theory]
    [MemberData(nameof(Unsafe))]
    public void No_step_of_a_shortest_story_can_be_left_out(string name)
    {
        var counterexample = DqoShrinker.Shrink(Hunt(DqoDefects.Named(name)!, seed: 2));

        Assert.IsType<Verdict.Broke>(counterexample.Replay());
        for (int step = 0; step < counterexample.Operations.Count; step++)
        {
            var shorter = counterexample with { Operations = [.. counterexample.Operations.Where((_, index) => index != step)] };
            Assert.NotEqual(counterexample.BrokenClaim, (shorter.Replay() as Verdict.Broke)?.Finding.Claim);
        }
    }

    [Theory]
    [MemberData(nameof(Unsafe))]
    public void The_right_rules_survive_the_story_of_each_mistake(string name)
    {
        var counterexample = DqoShrinker.Shrink(Hunt(DqoDefects.Named(name)!, seed: 3));
        using var run = new DqoRun(DqoDefects.WorldOf(null, counterexample.Configuration), ClaimSet.All, withModel: true);

        // A step that only the mistake made possible may not be allowed here; no claim may break.
        Assert.IsNotType<Verdict.Broke>(Runs.Replay<DqoOperation>(run, [.. counterexample.Operations]));
    }

    [Theory]
    [MemberData(nameof(Unsafe))]
    public void Lockstep_with_all_claims_sees_each_mistake_too(string name)
    {
        var options = new DqoFuzzOptions { Seed = 11, Operations = Budget, Defect = DqoDefects.Named(name) };

        Assert.NotNull(DqoFuzz.Run(options).Failure);
    }

    [Fact]
    public void Comparing_the_count_with_zero_is_safe_and_survives()
    {
        var defect = DqoDefects.Named("F-A3")!;

        var result = DqoFuzz.Run(DqoFuzzOptions.HuntFor(defect, seed: 1) with { Operations = 500_000 * Effort.Factor, Claims = ClaimSet.All.Except(DqoClaims.Agreement) });

        Stories.AssertHeld(result, output);
    }

    [Fact]
    public void The_canary_fails_the_default_run()
    {
        var result = DqoFuzz.Run(new DqoFuzzOptions { Seed = 1, Operations = Budget, Defect = DqoDefects.Canary });

        Assert.NotNull(result.Failure);
    }

    public static TheoryData<string> PublishedClaims =>
    [
        // A-D1 … A-D10 and A-D13 in order, each by the claim it breaks.
        DqoClaims.PagesAreOwned.Id, DqoClaims.AccessesAreInside.Id, DqoClaims.OwnAddresses.Id, DqoClaims.SkbsAreOwned.Id, DqoClaims.NothingSleeps.Id,
        DqoClaims.PacketsAreWhole.Id, DqoClaims.SlotsSuffice.Id, DqoClaims.BudgetIsKept.Id, DqoClaims.Refills.Id, DqoClaims.DamagedStaysOut.Id,
    ];

    [Theory]
    [MemberData(nameof(PublishedClaims))]
    public void The_driver_as_published_in_2021_breaks_each_claim_its_defects_are_known_for(string id)
    {
        var claim = DqoClaims.All.Single(claim => claim.Id == id);

        var result = DqoFuzz.Run(DqoFuzzOptions.HuntFor(DqoDefects.Published, seed: 5) with { Claims = ClaimSet.Of(claim), Operations = 2 * Budget });

        Assert.Equal(claim, result.Failure?.Finding.Claim);
    }

    [Fact]
    public void Every_id_of_the_catalogue_has_a_defect()
    {
        var ids = DqoDefects.All.SelectMany(defect => defect.Ids.Split(", ")).ToHashSet(StringComparer.Ordinal);

        // E.1 has F-A1 to F-A26 and A.8 lists A-D1 to A-D10 as published behaviour; A-D2, A-D5, A-D7 and A-D10 are also F-A entries.
        var expected = Enumerable.Range(1, 26).Select(number => $"F-A{number}")
            .Concat(Enumerable.Range(1, 10).Append(13).Select(number => $"A-D{number}"));
        Assert.All(expected, id => Assert.Contains(id, ids));
    }

    private static DqoFuzzResult Hunt(DqoDefect defect, ulong seed) => DqoFuzz.Run(DqoFuzzOptions.HuntFor(defect, seed) with { Operations = Budget });
}
