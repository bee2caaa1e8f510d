using RxVerify.Properties.Port;

namespace RxVerify.Tests.Cli;

public sealed class ExplorePortVerbTests : IDisposable
{
    private readonly CommandLine _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Under_the_right_rules_every_claim_is_looked_at_in_every_run()
    {
        var ended = await CommandLine.Run("explore", "port", "--queues", "1");

        Assert.Equal((0, ""), (ended.Code, ended.Error));
        Assert.Contains("model in lockstep", ended.Lines[0], StringComparison.Ordinal);
        Assert.Equal("every claim held in every run", ended.Lines[^2]);
    }

    /// <summary>What these do wrong is done by steps that the enumeration leaves out.</summary>
    [Theory]
    [InlineData("LendsVport")]
    [InlineData("ForgetsAdapterMtu")]
    public async Task Of_a_planted_mistake_only_the_claim_that_was_looked_at_is_said_to_hold(string name)
    {
        var claim = PortDefects.Named(name)!.Breaks!;
        var ended = await CommandLine.Run("explore", "port", "--queues", "1", "--defect", name, "--out", _folder["out"]);

        Assert.Equal((0, ""), (ended.Code, ended.Error));
        Assert.Equal($"claim {claim.Id} held in every run: {claim.Sentence}", ended.Lines[^2]);
        Assert.DoesNotContain("every claim", ended.Output, StringComparison.Ordinal);
        Assert.Empty(_folder.Files());
    }

    [Fact]
    public async Task A_planted_mistake_that_shows_is_told_and_kept()
    {
        var ended = await CommandLine.Run("explore", "port", "--queues", "1", "--defect", "ClearsProgramsFirst", "--out", _folder["out"]);

        Assert.Equal((1, ""), (ended.Code, ended.Error));
        Assert.Contains(PortClaims.NothingBypasses.Sentence, ended.Output, StringComparison.Ordinal);
        Assert.Single(Directory.GetFiles(_folder["out"], "*.json"));
    }

    [Fact]
    public async Task The_help_says_what_is_left_to_fuzz_port()
    {
        var help = await CommandLine.Run("explore", "port", "--help");

        Assert.Contains(
            "Left to fuzz port: the RDMA driver, packets polled between the steps of a request, an MTU above the adapter's.",
            string.Join(' ', help.Output.Split((char[])[' ', '\n'], StringSplitOptions.RemoveEmptyEntries)), StringComparison.Ordinal);
    }
}
