using RxVerify.Explorer;
using RxVerify.Model.Vocabulary.Dqo;
using RxVerify.Properties;
using RxVerify.Properties.Dqo;

namespace RxVerify.Tests.Explorer;

public class DqoWholeTests
{
    // Counted by this explorer; equal with 1 and 2 threads. Held says: every claim, agreement with the model on every transition, and
    // no kind of step and no landmark that never happened.
    [Theory]
    [InlineData(1, false, 4_110, 55_031, 13)]
    [InlineData(6, false, 86_325, 1_254_628, 20)]
    [InlineData(7, true, 135_723, 1_933_500, 22)]
    [InlineData(8, false, 4_305, 44_217, 12)]
    [InlineData(9, false, 24_221, 246_710, 26)]
    [InlineData(10, false, 85_113, 930_129, 22)]
    public void Every_state_of_the_whole_driver_is_what_the_model_says_and_breaks_no_claim(int which, bool hostile, int states, int transitions, int depth)
    {
        var one = Walk(which, hostile, threads: 1);
        var two = Walk(which, hostile, threads: 2);

        Assert.Equal(ExploreOutcome.Held, one.Outcome);
        Assert.Equal((states, transitions, depth), (one.States, one.Transitions, one.Depth));
        Assert.Equal(one.StatesAtDepth, two.StatesAtDepth);
        Assert.Equal(one.Kinds, two.Kinds);
        Assert.Equal(one.Landmarks, two.Landmarks);
    }

    [Theory]
    [InlineData(1, false)]
    [InlineData(6, false)]
    [InlineData(7, true)]
    [InlineData(8, false)]
    [InlineData(10, false)]
    public void From_every_state_the_device_gets_a_batch_again_and_no_loop_keeps_it_from_it(int which, bool hostile)
    {
        var walk = Walk(which, hostile, threads: 1, keepsGraph: true);

        Assert.Equal(ExploreOutcome.Held, walk.Outcome);
        Assert.Equal((walk.States, walk.Transitions), (walk.Graph!.States, walk.Graph.Edges));
    }

    [Fact]
    public void A_queue_that_never_retries_is_lost_when_a_poll_empties_it_and_finds_no_page()
    {
        var walk = Walk(1, hostile: false, threads: 1, keepsGraph: true, DqoDefects.Named("WaitsForAFullBatch"));

        Assert.Equal((ExploreOutcome.Broke, Problem.Recovery), (walk.Outcome, walk.Problem?.Claim));
        Assert.Equal(["receive 4097 bytes in 2 buffers", "poll, the first page allocation fails"], walk.StoryNames);
    }

    [Fact]
    public void A_driver_that_decides_otherwise_than_the_model_is_told_from_it_even_where_it_is_safe()
    {
        var defect = DqoDefects.Named("F-A3")!;

        var refined = defect.Driver.ExploreWhole(WholeConfigurations.Small(2), hostile: false, ClaimSet.All, refines: true, new ExploreOptions());
        var alone = defect.Driver.ExploreWhole(WholeConfigurations.Small(2), hostile: false, ClaimSet.All, refines: false, new ExploreOptions());

        Assert.Equal(DqoClaims.Agreement.Id, refined.Problem?.Claim);
        Assert.Null(alone.Problem);
        Assert.True(alone.IsExhaustive);
    }

    [Fact]
    public void A_configuration_without_an_end_of_states_is_refused_with_what_was_expected()
    {
        var small = WholeConfigurations.Small(1);

        Assert.All(
            (DqoConfiguration[])[small with { StackCapacity = 64 }, small with { BiasLimit = int.MaxValue }, small with { QueuePageList = true }],
            configuration => Assert.Contains("expected", DqoWholeConfigurations.FaultOf(configuration), StringComparison.Ordinal));
    }

    private static Exploration Walk(int which, bool hostile, int threads, bool keepsGraph = false, DqoDefect? defect = null) =>
        Walk(WholeConfigurations.Small(which), hostile, threads, keepsGraph, defect);

    private static Exploration Walk(DqoConfiguration configuration, bool hostile, int threads, bool keepsGraph = false, DqoDefect? defect = null) =>
        (defect?.Driver ?? DqoDriver.Right).ExploreWhole(
            configuration, hostile, ClaimSet.All, refines: defect is null, new ExploreOptions { Threads = threads, KeepsGraph = keepsGraph });
}
