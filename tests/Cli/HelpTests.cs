namespace RxVerify.Tests.Cli;

public sealed class HelpTests
{
    [Theory]
    [InlineData("", "rxverify verify")]
    [InlineData("verify", "rxverify verify --for 60s")]
    [InlineData("fuzz", "rxverify fuzz dqo")]
    [InlineData("fuzz dqo", "rxverify fuzz dqo --seed 7")]
    [InlineData("traffic", "rxverify traffic samples/mixed-mtu1500.pcap")]
    [InlineData("recording", "rxverify recording samples/")]
    [InlineData("layout", "rxverify layout --mtu 1500")]
    [InlineData("machine", "rxverify machine port --format mermaid")]
    [InlineData("replay", "rxverify replay counterexamples")]
    [InlineData("defects", "rxverify defects --json")]
    public async Task The_help_of_every_verb_has_an_example_and_the_exit_codes(string verb, string example)
    {
        var ended = await CommandLine.Run([.. verb.Split(' ', StringSplitOptions.RemoveEmptyEntries), "--help"]);

        Assert.Equal((0, ""), (ended.Code, ended.Error));
        Assert.Contains($"Example:\n  {example}", ended.Output, StringComparison.Ordinal);
        Assert.Contains("Exit codes: 0 ", ended.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_examples_are_command_lines_that_parse()
    {
        foreach (string verb in new[] { "", "verify", "fuzz", "fuzz dqo", "traffic", "recording", "layout", "replay", "defects" })
        {
            var help = await CommandLine.Run([.. verb.Split(' ', StringSplitOptions.RemoveEmptyEntries), "--help"]);
            string example = help.Lines[Array.IndexOf(help.Lines, "Example:") + 1].Trim();

            // Help asked for behind it: everything before has to be known, and nothing is run.
            var ended = await CommandLine.Run([.. example.Split(' ')[1..], "--help"]);
            Assert.Equal((0, ""), (ended.Code, ended.Error));
        }
    }
}
