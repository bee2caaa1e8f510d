using System.Text.RegularExpressions;
using RxVerify.Tests.House;

namespace RxVerify.Tests.EveryScheme;

/// <summary>What docs/findings.md has to have of the planted mistakes of a scheme that it is about.</summary>
public abstract class FindingsTests<TTested>
    where TTested : ITestedScheme
{
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
