using RxVerify.Model.Vocabulary.Port;
using RxVerify.Properties;
using RxVerify.Properties.Port;
using RxVerify.Tests.EveryScheme;
using RxVerify.Tests.House;
using Xunit.Abstractions;

namespace RxVerify.Tests.Port;

public sealed class PortMatrixTests(ITestOutputHelper output)
{
    // Ten kinds of port, fifteen requests; those that a port accepts and that have something to do, then with every failure of every step, and each of
    // those with every failure of every step that follows. What each step can fail with is the table "Steps" of docs/port.md.
    [Theory]
    [InlineData(1, false)]
    [InlineData(2, false)]
    [InlineData(2, true)]
    public void Every_request_with_every_failure_and_every_second_failure_keeps_every_claim_and_agrees_with_the_model(int queues, bool filter)
    {
        var matrix = PortMatrix.Enumerate(new PortConfiguration { Queues = queues, HasFilter = filter }, new FuzzOptions { Seed = 0 });

        Stories.AssertHeld(matrix.Result, output);
        Assert.Equal(0, matrix.Silent);
        Assert.Contains(
            $"{queues} queue{(queues == 1 ? "" : "s")}{(filter ? " and a filter" : "")}: {matrix.Requests:N0}, {matrix.OneFailure:N0} and {matrix.TwoFailures:N0}",
            File.ReadAllText(Path.Combine(SourceTree.Root, "README.md")), StringComparison.Ordinal);
    }

    [Fact]
    public void Each_step_that_can_fail_fails_in_the_matrix_and_so_does_one_while_a_failure_is_undone()
    {
        var matrix = PortMatrix.Enumerate(new PortConfiguration { HasFilter = true }, new FuzzOptions { Seed = 0, WithModel = false });

        var rows = matrix.Result.Coverage.Rows;
        Assert.All(rows.Where(row => row.Name.EndsWith(": fails", StringComparison.Ordinal)), row => Assert.True(row.Count > 0, $"never: {row.Name}"));
        Assert.All(rows.Where(row => row.Name.StartsWith("step ", StringComparison.Ordinal)), row => Assert.True(row.Count > 0, $"never: {row.Name}"));
        Assert.True(rows.Single(row => row.Name == "a step failed while a failure was being undone").Count > 0);
        Assert.True(rows.Single(row => row.Name == "a change failed, and so did attaching with the old parameters").Count > 0);
    }

    [Theory]
    [InlineData("KeepsNewProgram")]
    [InlineData("LeavesPortDead")]
    [InlineData("LeavesPortDetached")]
    [InlineData("KeepsNewParameters")]
    [InlineData("ForgetsFirstDetach")]
    [InlineData("UndoesTooMuch")]
    [InlineData("ForgetsLeftovers")]
    [InlineData("TakesDownAbsentQueues")]
    [InlineData("TrustsSilentDevice")]
    [InlineData("PutsOldProgramFirst")]
    [InlineData("KeepsVportAfterFailure")]
    [InlineData("ReportsSuccessAfterFailure")]
    public void What_breaks_when_steps_fail_is_found_without_any_chance(string name)
    {
        var defect = PortDefects.Named(name)!;

        var matrix = PortMatrix.Enumerate(new PortConfiguration(), PortScheme.All.HuntFor(defect, seed: 0));

        Assert.Equal(defect.Breaks, matrix.Result.Finding?.Claim);
        Assert.True(matrix.Runs > 0);
    }

    [Fact]
    public void An_enumeration_that_is_stopped_tells_what_it_did()
    {
        using var stopped = new CancellationTokenSource();
        stopped.Cancel();

        var matrix = PortMatrix.Enumerate(new PortConfiguration(), new FuzzOptions { Seed = 0 }, stopped.Token);

        Assert.True(matrix.Result.WasStopped);
        Assert.Null(matrix.Result.Finding);
        Assert.Equal(0, matrix.Runs);
    }
}
