using RxVerify.Explorer;
using RxVerify.Model.Vocabulary.Dqo;
using RxVerify.Properties;
using RxVerify.Properties.Dqo;

namespace RxVerify.Tests.Explorer;

/// <summary>
/// What the shrinker makes of a random failure, beside the story that the explorer proves shortest: the same mistake and claim, the
/// same configuration, and the same alphabet but for what no shortest story needs (clones, settling, refilling with failures).
/// </summary>
public class DqoShrinkerTests
{
    private const int Seeds = 3;

    // The last column is how many steps longer the shrinker's story may be: one mistake has stories that cannot be made shorter by
    // leaving out, nor by another end, and are one step too long.
    [Theory]
    [InlineData("NeverWaits", 0)]
    [InlineData("UsedListAcceptsOneReference", 0)]
    [InlineData("TwoPassForOne", 0)]
    [InlineData("CountsBeforePaying", 0)]
    [InlineData("ClassifiesAfterCopy", 0)]
    [InlineData("AdvancesAfterError", 0)]
    [InlineData("ReplenishesTooMuch", 0)]
    [InlineData("DiscardTakesAReference", 0)]
    [InlineData("DiscardKeepsPage", 0)]
    [InlineData("NapiKeepsFreedSkb", 0)]
    [InlineData("ReadsFieldsFirst", 0)]
    [InlineData("AllocatesSleeping", 0)]
    [InlineData("WrapsAtLargerPage", 0)]
    [InlineData("ForgetsLastSingle", 1)]
    public void The_shrinker_ends_at_the_length_that_the_explorer_proves_shortest(string name, int longer)
    {
        var defect = DqoDefects.Named(name)!;
        var (configuration, hostile, proven) = Shortest(defect);
        for (ulong seed = 1; seed <= Seeds; seed++)
        {
            var scheme = new DqoScheme(hostile ? DqoScope.Hostile : DqoScope.None) { Only = configuration };
            var options = scheme.HuntFor(defect, seed);
            var found = scheme.Fuzz(options).Failure;
            var shrinker = new Shrinker<DqoConfiguration, DqoOperation>(
                drawn => new DqoRun(DqoDefects.WorldOf(defect, drawn), options.Claims, options.WithModel), new OnThisConfiguration());

            var story = shrinker.Shrink(found!);

            Assert.Equal(defect.Breaks, story.Finding.Claim);
            Assert.InRange(story.Operations.Length, proven, proven + longer);
        }
    }

    /// <summary>The least configuration in which the mistake shows, and the length of its shortest story there.</summary>
    private static (DqoConfiguration Configuration, bool Hostile, int Length) Shortest(DqoDefect defect)
    {
        foreach (var (_, hostile, configuration) in DqoWholeStoryTests.Least)
        {
            var options = new ExploreOptions { StatesMax = DqoWholeStoryTests.StatesMax };
            var walk = defect.Driver.ExploreWhole(configuration, hostile, ClaimSet.Of(defect.Breaks!), refines: false, options);
            if (walk.Outcome == ExploreOutcome.Broke)
            {
                return (configuration, hostile, walk.Story.Count);
            }
        }

        throw new InvalidOperationException($"{defect} shows in none of the configurations");
    }

    /// <summary>Simpler operations, and always the same queue.</summary>
    private sealed class OnThisConfiguration : ISimplify<DqoConfiguration, DqoOperation>
    {
        private readonly DqoSimplify _simplify = new();

        public IEnumerable<DqoOperation> SimplerThan(DqoOperation operation) => _simplify.SimplerThan(operation);

        public IEnumerable<DqoConfiguration> SimplerThan(DqoConfiguration configuration) => [];

        public int Draw(IRun<DqoOperation> run, ulong seed, ReadOnlySpan<DqoOperation> kept, Span<DqoOperation> done) => _simplify.Draw(run, seed, kept, done);
    }
}
