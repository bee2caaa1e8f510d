using System.Diagnostics.CodeAnalysis;
using System.Text.RegularExpressions;
using RxVerify.Properties;
using RxVerify.Tests.House;

namespace RxVerify.Tests.EveryScheme;

/// <summary>What holds of drivers as they were published, with several mistakes together.</summary>
[SuppressMessage("Design", "CA1000", Justification = "xunit looks for the rows of a theory in the class that declares it.")]
public abstract class PublishedDriverTests<TTested>
    where TTested : ITestedScheme
{
    private const long Budget = 800_000;

    public static TheoryData<string, string> Claims
    {
        get
        {
            var rows = new TheoryData<string, string>();
            foreach (var defect in TTested.Scheme.Defects)
            {
                foreach (var claim in defect.AlsoBreaks)
                {
                    rows.Add(defect.Name, claim.Id);
                }
            }

            return rows;
        }
    }

    [Theory]
    [MemberData(nameof(Claims))]
    public void A_driver_with_several_mistakes_breaks_each_claim_they_are_known_for(string name, string id)
    {
        var claim = TTested.Scheme.Claims.Single(claim => claim.Id == id);
        var defect = Defect.Named(TTested.Scheme.Defects, name)!;
        var hunt = TTested.Scheme.HuntsFor(defect, seed: 5).Single(hunt => hunt.Claims == ClaimSet.Of(claim));

        Assert.Equal(claim, TTested.Scheme.Fuzz(hunt with { Operations = Budget }).Finding?.Claim);
    }

    [Fact]
    public void Each_mistake_without_a_known_fix_has_its_place_in_the_findings_and_each_story_they_point_to_is_there()
    {
        string findings = File.ReadAllText(Path.Combine(SourceTree.Root, "docs", "findings.md"));
        string scheme = TTested.Scheme.Name;
        var named = Names().Matches(findings).Where(match => match.Groups["scheme"].Value == scheme).Select(match => match.Groups["name"].Value);
        var stories = Links().Matches(findings).Select(match => match.Groups["file"].Value).ToList();

        var expected = TTested.Scheme.Defects.Where(defect => defect.History.Contains("no fix found", StringComparison.Ordinal)).Select(defect => defect.Name);
        Assert.Equal(expected.Order(StringComparer.Ordinal), named.Order(StringComparer.Ordinal));
        Assert.Contains(stories, story => story.StartsWith($"tests/{TTested.Folder}/", StringComparison.Ordinal));
        Assert.All(stories, story => Assert.True(File.Exists(Path.Combine(SourceTree.Root, story)), $"{story} is not there"));
    }

    private static Regex Names() => new("fuzz (?<scheme>[a-z]+) --defect (?<name>[A-Za-z]+) --seed", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture);

    private static Regex Links() => new(@"\(\.\./(?<file>tests/[^)]+)\)", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture);
}
