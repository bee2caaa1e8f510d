using System.Text.RegularExpressions;

namespace RxVerify.Tests.House;

/// <summary>What holds for the words of every story that is kept as a snapshot, whatever it tells.</summary>
public sealed partial class StoryWordsTests
{
    [Fact]
    public void Of_one_thing_no_story_speaks_as_of_many()
    {
        Assert.Matches(OneAsMany(), "the stack keeps 1 packets");
        Assert.DoesNotMatch(OneAsMany(), "page 1 bytes 0 to 2047, 21 packets");
        Nothing.In(Lines().Where(line => OneAsMany().IsMatch(line)));
    }

    [Fact]
    public void States_and_steps_of_a_search_are_told_in_groups_of_three_digits()
    {
        Assert.Matches(Ungrouped(), "proven shortest by 2251 states");
        Nothing.In(Lines().Where(line => Ungrouped().IsMatch(line)));
    }

    private static List<string> Lines()
    {
        var lines = Directory.EnumerateFiles(Path.Combine(SourceTree.Root, "tests"), "*.verified.txt", SearchOption.AllDirectories)
            .Order(StringComparer.Ordinal)
            .SelectMany(path => File.ReadLines(path).Select(line => $"{Path.GetFileName(path)}: {line}"))
            .ToList();
        Assert.NotEmpty(lines);
        return lines;
    }

    // Which bytes of page 1 are meant is no number of bytes.
    [GeneratedRegex(
        @"(?<![\d,.-]|page )\b1 (bytes|buffers|pages|references|packets|completions|mappings|skbs|pools|waiting pools|steps|states|users|failures|slots|doorbells|queues|things|fragments|transmissions|frames)\b",
        RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex OneAsMany();

    [GeneratedRegex(@"\b\d{4,} (states|steps)\b", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Ungrouped();
}
