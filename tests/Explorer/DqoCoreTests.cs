using RxVerify.Explorer;
using RxVerify.Implementation.Dqo;
using RxVerify.Model.Dqo;
using RxVerify.Properties.Dqo;

namespace RxVerify.Tests.Explorer;

public class DqoCoreTests
{
    // The counts of two independent model checkers and a third program (facts/model_checking.md, section 2): all states, those
    // modulo page names, those modulo chunk rotation too.
    [Theory]
    [InlineData("1 2 1 2 5 3 0", 45, 45, 31)]
    [InlineData("2 2 2 2 5 3 0", 1_520, 768, 275)]
    [InlineData("3 2 3 3 5 3 0", 103_229, 17_625, 3_221)]
    [InlineData("3 2 3 3 1 3 0", 103_229, 17_625, 3_221)]
    [InlineData("4 1 4 4 5 3 0", 156_269, 7_093, 7_093)]
    public void The_driver_itself_has_exactly_the_states_that_model_checkers_count(string core, int none, int pages, int all)
    {
        Assert.Equal((none, pages, all), (States(DqoSymmetry.None), States(DqoSymmetry.Pages), States(DqoSymmetry.All)));

        long States(DqoSymmetry symmetry) => Walk(core, symmetry).States;
    }

    [Theory]
    [InlineData("1 2 1 2 5 3 0", 102, 16)]
    [InlineData("2 2 2 2 5 3 0", 4_840, 32)]
    [InlineData("3 2 3 3 5 3 0", 425_495, 53)]
    [InlineData("3 2 3 3 1 3 0", 425_567, 53)]
    [InlineData("4 1 4 4 5 3 0", 597_039, 38)]
    public void Transitions_and_depth_are_those_that_model_checkers_count(string core, int transitions, int depth)
    {
        var walk = Walk(core);

        Assert.Equal((transitions, depth), (walk.Transitions, walk.Depth));
    }

    // Only the states are known of these; the second has three chunks on a page and readers that clone.
    [Theory]
    [InlineData("2 2 2 2 5 4 0", 4_068)]
    [InlineData("2 3 2 4 5 5 1", 391_663)]
    public void A_higher_bias_limit_and_clones_give_the_states_that_were_counted_for_them(string core, int states) =>
        Assert.Equal(states, Walk(core).States);

    [Fact]
    public void Readers_that_clone_on_three_pages_give_the_states_that_were_counted_with_any_number_of_threads()
    {
        var one = Walk("3 2 3 3 5 4 1", threads: 1, refines: false);
        var two = Walk("3 2 3 3 5 4 1", threads: 2, refines: false);

        Assert.Equal((837_047, 3_694_289, 62), (one.States, one.Transitions, one.Depth));
        Assert.Equal(one.StatesAtDepth, two.StatesAtDepth);
        Assert.Equal(one.Kinds, two.Kinds);
        Assert.Equal((141_171, 21_408), (Walk("3 2 3 3 5 4 1", DqoSymmetry.Pages).States, Walk("3 2 3 3 5 4 1", DqoSymmetry.All).States));
    }

    [ExhaustiveFact]
    public void The_largest_counted_core_has_its_states_with_and_without_symmetry()
    {
        var whole = Walk("4 2 4 4 5 3 0", threads: 2, refines: false);

        Assert.Equal((6_969_673, 33_447_317, 69), (whole.States, whole.Transitions, whole.Depth));
        Assert.Equal((300_555, 29_087), (Walk("4 2 4 4 5 3 0", DqoSymmetry.Pages).States, Walk("4 2 4 4 5 3 0", DqoSymmetry.All).States));
    }

    // Section 2 names the shortest counterexamples of three mistakes in 2 2 2 2 5 4 0, in steps of the core model.
    [Theory]
    [InlineData("UsedListAcceptsOneReference", "I3", 6)]
    [InlineData("NeverWaits", "I3", 5)]

    // Replenished by the limit four references are paid for, the fourth on the page's second lap: post and complete twice, let
    // go twice, and once more.
    [InlineData("ReplenishesTooMuch", "I4", 10)]

    // Both are posted; one completes, is posted again and completes again, so both its chunks are read and it waits. The next post
    // finds nothing else and gives its page up.
    [InlineData("DiscardTakesAReference", "I4", 6)]
    [InlineData("DiscardKeepsPage", "I9", 6)]
    public void The_shortest_story_of_a_mistake_has_the_length_that_is_known(string defect, string claim, int steps)
    {
        foreach (var symmetry in Enum.GetValues<DqoSymmetry>())
        {
            foreach (int threads in (int[])[1, 2])
            {
                var walk = Walk("2 2 2 2 5 4 0", symmetry, threads, refines: false, defect);

                Assert.Equal((ExploreOutcome.Broke, claim, steps), (walk.Outcome, walk.Problem?.Claim, walk.Story.Count));
            }
        }
    }

    [Theory]
    [InlineData(DqoSymmetry.None)]
    [InlineData(DqoSymmetry.Pages)]
    [InlineData(DqoSymmetry.All)]
    public void A_bias_one_too_high_overwrites_a_packet_one_step_after_the_accounts_are_wrong(DqoSymmetry symmetry)
    {
        var core = DqoCoreConfiguration.Parse("2 2 2 2 5 4 0");

        var safety = BreadthFirst.Explore(() => new DqoCore<PaysOneTooFew>(core, symmetry, refines: false, balances: false), new ExploreOptions());
        var accounts = BreadthFirst.Explore(() => new DqoCore<PaysOneTooFew>(core, symmetry, refines: false), new ExploreOptions());

        // 11 is the length that section 2 names.
        Assert.Equal(("I3", 11), (safety.Problem?.Claim, safety.Story.Count));
        Assert.Equal(("I4", 10), (accounts.Problem?.Claim, accounts.Story.Count));
    }

    [Fact]
    public void A_driver_that_posts_another_address_than_it_keeps_is_seen_at_the_device()
    {
        var walk = Walk("2 2 2 2 5 4 0", refines: false, defect: "PostsOldAddress");

        Assert.Equal(("I3", 6), (walk.Problem?.Claim, walk.Story.Count));
        Assert.Contains("the device has byte", walk.Problem!.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public void Whatever_the_number_of_threads_it_is_the_same_story()
    {
        var one = Walk("3 2 3 3 5 3 0", threads: 1, defect: "UsedListAcceptsOneReference");
        var three = Walk("3 2 3 3 5 3 0", threads: 3, defect: "UsedListAcceptsOneReference");

        Assert.NotEmpty(one.Story);
        Assert.Equal(one.StoryNames, three.StoryNames);
        Assert.Equal(one.Problem, three.Problem);
    }

    [Fact]
    public void A_driver_that_decides_otherwise_than_the_core_model_is_told_from_it_even_where_it_is_safe()
    {
        // F-A3 never records a last single offset: no claim breaks, and each page waits sooner than it need.
        var refined = Walk("2 2 2 2 5 3 0", defect: "NeverRecordsLastSingle");
        var alone = Walk("2 2 2 2 5 3 0", refines: false, defect: "NeverRecordsLastSingle");

        Assert.Equal(DqoClaims.Agreement.Id, refined.Problem?.Claim);
        Assert.Null(alone.Problem);
        Assert.True(alone.IsExhaustive);
    }

    [Fact]
    public void From_every_state_of_the_core_the_buffer_queue_can_fill_again_and_no_loop_keeps_it_from_it()
    {
        var walk = DqoDriver.Right.ExploreCore(
            DqoCoreConfiguration.Parse("2 2 2 2 5 4 0"), DqoSymmetry.None, refines: true, new ExploreOptions { KeepsGraph = true });

        Assert.Equal(ExploreOutcome.Held, walk.Outcome);
        Assert.Equal((walk.States, walk.Transitions), (walk.Graph!.States, walk.Graph.Edges));
    }

    [Theory]
    [InlineData("2 2 2 2 5 4 0", 4_068)]
    [InlineData("3 2 3 3 5 3 0", 103_229)]
    public void Readers_that_let_go_between_count_reads_lead_nowhere_that_single_steps_do_not(string core, int states)
    {
        var walk = Interleaved(DqoDriver.Right, core, DqoSymmetry.None);

        Assert.Equal((ExploreOutcome.Held, states), (walk.Outcome, walk.States));
    }

    [Fact]
    public void Interleaving_asks_for_no_larger_table_than_its_states_need()
    {
        var walk = Interleaved(DqoDriver.Right, "2 2 2 2 5 4 0", DqoSymmetry.None);

        // A table of 2^17 slots beside the one of 2^16 that it grew out of, and a first chunk of 2^16 keys of a word and parents.
        Assert.InRange(walk.PeakBytes, 1, (8L * ((1 << 17) + (1 << 16))) + (12L << 16));
    }

    [Fact]
    public void A_mistake_in_when_a_count_is_read_is_found_between_the_reads_and_nowhere_else()
    {
        var driver = DqoDefects.Named("ClassifiesAfterHandUp")!.Driver;

        Assert.True(Walk("2 2 2 2 5 4 0", refines: true, defect: "ClassifiesAfterHandUp").IsExhaustive);
        foreach (var symmetry in Enum.GetValues<DqoSymmetry>())
        {
            var walk = Interleaved(driver, "2 2 2 2 5 4 0", symmetry);

            Assert.Equal(("I3", 5), (walk.Problem?.Claim, walk.Story.Count));
            Assert.Contains("before count read 1 a reader lets go", walk.StoryNames[3], StringComparison.Ordinal);
        }
    }

    [Fact]
    public void More_references_than_a_plan_can_name_are_refused_with_interleaving() =>
        Assert.Contains("expected at most 3", Assert.Throws<ArgumentException>(() => Interleaved(DqoDriver.Right, "4 2 4 4 5 3 0", DqoSymmetry.None)).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("")]
    [InlineData("1 2 3")]
    [InlineData("2 2 2 2 5 4 2")]
    [InlineData("2 2 3 2 5 4 0")]
    [InlineData("2 2 2 2 5 2 0")]
    [InlineData("2 2 2 -2 5 4 0")]
    public void What_is_no_core_is_refused_with_what_was_expected(string text) =>
        Assert.Contains("expected", Assert.Throws<FormatException>(() => DqoCoreConfiguration.Parse(text)).Message, StringComparison.Ordinal);

    private static Exploration Interleaved(DqoDriver driver, string core, DqoSymmetry symmetry) =>
        driver.ExploreCore(DqoCoreConfiguration.Parse(core), symmetry, refines: false, new ExploreOptions(), interleaves: true);

    private static Exploration Walk(
        string core, DqoSymmetry symmetry = DqoSymmetry.None, int threads = 1, bool refines = true, string? defect = null) =>
        (defect is null ? DqoDriver.Right : DqoDefects.Named(defect)!.Driver).ExploreCore(
            DqoCoreConfiguration.Parse(core), symmetry, refines, new ExploreOptions { Threads = threads });

    /// <summary>One reference fewer is paid than the bias says.</summary>
    private readonly struct PaysOneTooFew : IDqoRules
    {
        static int IDqoRules.ReferencesToAdd(int limit, int count) => limit - count - 1;
    }
}
