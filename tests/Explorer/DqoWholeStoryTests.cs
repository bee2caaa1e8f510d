using System.Text;
using RxVerify.Explorer;
using RxVerify.Model.Vocabulary.Dqo;
using RxVerify.Properties;
using RxVerify.Properties.Dqo;

namespace RxVerify.Tests.Explorer;

/// <summary>
/// Each planted mistake in the least of these configurations in which it breaks the claim it is known for. The walk is for that claim
/// alone, so the story shows the harm and not the first irregularity; and it is breadth-first, so no story in that scope is shorter.
/// </summary>
public class DqoWholeStoryTests
{
    internal const long StatesMax = 20_000;

    // One mistake is harmless, and one is all of them.
    internal static readonly string[] NotHere = ["NeverRecordsLastSingle", "AsPublished2021"];

    /// <summary>The mistakes that have a story here.</summary>
    internal static IEnumerable<DqoDefect> Explored => DqoDefects.All.Where(defect => !NotHere.Contains(defect.Name, StringComparer.Ordinal));

    [Fact]
    public Task The_shortest_story_of_each_mistake_is_this()
    {
        var text = new StringBuilder();
        foreach (var (name, hostile, configuration) in DqoWholeConfigurations.Least)
        {
            text.Append($"{name}: scope {(hostile ? "hostile" : "full")}, {DqoWords.Of(configuration)}\n");
        }

        text.Append('\n');
        foreach (var defect in Explored)
        {
            text.Append(StoryOf(defect)).Append('\n');
        }

        return Verify(text.ToString()).UseDirectory("Stories");
    }

    /// <summary>A walk that ends in the shortest story of a mistake, in the least of the configurations in which it shows.</summary>
    internal static (string Name, bool Hostile, DqoConfiguration Configuration, Exploration Walk) Shortest(DqoDefect defect)
    {
        var claim = defect.Breaks!;
        foreach (var (name, hostile, configuration) in DqoWholeConfigurations.Least)
        {
            var options = new ExploreOptions { StatesMax = StatesMax, KeepsGraph = claim == DqoClaims.Refills };
            var walk = defect.Driver.ExploreWhole(configuration, hostile, ClaimSet.Of(claim), refines: false, options);
            if (walk.Outcome == ExploreOutcome.Broke)
            {
                // What shows in the end alone is told as what cannot be reached any more.
                Assert.Equal(claim == DqoClaims.Refills ? Problem.Recovery : claim.Id, walk.Problem!.Claim);
                return (name, hostile, configuration, walk);
            }
        }

        throw new InvalidOperationException($"{defect.Name} does not break {claim.Id} within {StatesMax} states of any configuration");
    }

    private static string StoryOf(DqoDefect defect)
    {
        var (name, hostile, _, walk) = Shortest(defect);
        var text = new StringBuilder($"{defect.Name} ({defect.Ids}) breaks {defect.Breaks!.Id}, scope {(hostile ? "hostile" : "full")}, {name}\n");
        text.Append($"  length {walk.Story.Count}, proven shortest by {Quantity.Of(walk.States, "state")} to depth {walk.Depth}\n");
        for (int step = 0; step < walk.StoryNames.Count; step++)
        {
            text.Append($"  {step + 1}. {walk.StoryNames[step]}\n");
        }

        return text.Append($"  {walk.Problem!.Detail}\n").ToString();
    }
}
