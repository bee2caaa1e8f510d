using System.Text.Json;

namespace RxVerify.Tests.Cli;

public sealed class AgainstExplorerTests : IDisposable
{
    private readonly CommandLine _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task The_share_that_is_printed_is_that_of_what_was_counted()
    {
        var ended = await CommandLine.Run(
            "fuzz", "dqo", "--against-explorer", "--core", "2 2 2 2 5 3 0", "--seed", "1", "--operations", "30000", "--json", _folder["shares.json"]);

        Assert.Equal((0, ""), (ended.Code, ended.Error));
        Assert.Equal("seed 1", ended.Lines[0]);
        var facts = JsonDocument.Parse(await File.ReadAllTextAsync(_folder["shares.json"])).RootElement;
        int transitions = facts.GetProperty("transitions").GetInt32();
        int visited = facts.GetProperty("visited").GetProperty("transitions").GetInt32();
        string share = FormattableString.Invariant($"{100.0 * visited / transitions:0.00} %");

        // facts/model_checking.md, section 2.
        Assert.Equal(1_520, facts.GetProperty("states").GetInt32());
        Assert.InRange(visited, 1, transitions - 1);
        Assert.EndsWith(share, ended.Lines.Single(line => line.TrimStart().StartsWith("together", StringComparison.Ordinal)).TrimEnd(), StringComparison.Ordinal);
        Assert.Contains("never visited, ", ended.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--core", "2 2 2 2 5 4 0")]
    [InlineData("--against-explorer", "--defect", "NeverWaits")]
    [InlineData("--against-explorer", "--for", "1s")]
    [InlineData("--against-explorer", "--core", "6 1 5 2 5 3 0")]
    [InlineData("--against-explorer", "--core", "4 2 4 4 5 3 0")]
    public async Task What_cannot_be_compared_is_refused_in_one_line(params string[] words)
    {
        var ended = await CommandLine.Run(["fuzz", "dqo", .. words]);

        Assert.Equal(2, ended.Code);
        Assert.Single(ended.Error.TrimEnd().Split('\n'));
        Assert.Contains("expected", ended.Error, StringComparison.Ordinal);
    }
}
