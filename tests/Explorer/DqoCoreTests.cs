using RxVerify.Explorer;
using RxVerify.Properties.Dqo;

namespace RxVerify.Tests.Explorer;

public class DqoCoreTests
{
    // The counts of two independent model checkers and a third program (facts/model_checking.md, section 2).
    [Theory]
    [InlineData(1, 2, 1, 2, 5, 3, false, 45, 102, 16)]
    [InlineData(2, 2, 2, 2, 5, 3, false, 1_520, 4_840, 32)]
    [InlineData(3, 2, 3, 3, 5, 3, false, 103_229, 425_495, 53)]
    [InlineData(3, 2, 3, 3, 1, 3, false, 103_229, 425_567, 53)]
    [InlineData(4, 1, 4, 4, 5, 3, false, 156_269, 597_039, 38)]
    public void The_driver_itself_has_exactly_the_states_that_model_checkers_count(
        int states, int chunks, int posted, int references, int probes, int bias, bool clones, int expectedStates, int expectedTransitions, int expectedDepth)
    {
        using var core = new DqoCore(new DqoCoreConfiguration(states, chunks, posted, references, probes, bias, clones));

        var exploration = BreadthFirst.Explore(core, statesMax: 1_000_000);

        Assert.Null(exploration.Problem);
        Assert.True(exploration.IsExhaustive);
        Assert.Equal((expectedStates, expectedTransitions, expectedDepth), (exploration.States, exploration.Transitions, exploration.Depth));
    }

    // Only the states are known of these; the second has three chunks on a page and readers that clone.
    [Theory]
    [InlineData(2, 2, 2, 2, 5, 4, false, 4_068)]
    [InlineData(2, 3, 2, 4, 5, 5, true, 391_663)]
    public void A_higher_bias_limit_and_clones_give_the_states_that_were_counted_for_them(
        int states, int chunks, int posted, int references, int probes, int bias, bool clones, int expectedStates)
    {
        using var core = new DqoCore(new DqoCoreConfiguration(states, chunks, posted, references, probes, bias, clones));

        Assert.Equal(expectedStates, BreadthFirst.Explore(core, statesMax: 1_000_000).States);
    }

    // Section 2 names the shortest counterexamples of three mistakes in 2 2 2 2 5 4 0, in steps of the core model.
    [Theory]
    [InlineData("UsedListAcceptsOneReference", 6)]
    [InlineData("NeverWaits", 5)]
    public void The_shortest_story_of_a_mistake_has_the_length_that_is_known(string defect, int steps)
    {
        using var core = new DqoCore(new DqoCoreConfiguration(2, 2, 2, 2, 5, 4, false), DqoDefects.Named(defect));

        var exploration = BreadthFirst.Explore(core, statesMax: 1_000_000);

        Assert.StartsWith("I3", exploration.Problem, StringComparison.Ordinal);
        Assert.Equal(steps, exploration.Story.Count);
    }

    [Fact]
    public void A_walk_that_reaches_its_limit_never_claims_to_be_exhaustive()
    {
        using var core = new DqoCore(new DqoCoreConfiguration(2, 2, 2, 2, 5, 3, false));

        var exploration = BreadthFirst.Explore(core, statesMax: 100);

        Assert.False(exploration.IsExhaustive);
        Assert.Null(exploration.Problem);
    }
}
