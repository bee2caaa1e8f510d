using RxVerify.Explorer;
using RxVerify.Implementation.Dqo;
using RxVerify.Model.Dqo;
using RxVerify.Properties.Dqo;
using RxVerify.Properties.Dqo.Defects;

namespace RxVerify.Tests.Explorer;

public class OrderTests
{
    private static readonly ExploreOptions ByDepth = new() { Order = ExploreOrder.Depth };
    private static readonly ExploreOptions ByChance = new() { Order = ExploreOrder.Random, Seed = 1, Walks = 200, Length = 100 };

    [Theory]
    [InlineData("1 2 1 2 5 3 0")]
    [InlineData("2 2 2 2 5 3 0")]
    [InlineData("2 2 2 2 5 4 0")]
    [InlineData("1 2 1 3 5 5 1")]
    [InlineData("3 2 3 3 5 3 0")]
    [InlineData("4 1 4 4 5 3 0")]
    public void Depth_first_meets_the_same_states_and_takes_the_same_transitions(string core) =>
        Assert.All(Enum.GetValues<DqoSymmetry>(), symmetry => IsTheSame(core, symmetry));

    private static void IsTheSame(string core, DqoSymmetry symmetry)
    {
        var breadth = Walk(core, new ExploreOptions(), symmetry);
        var depth = Walk(core, ByDepth, symmetry);

        Assert.Equal((breadth.Outcome, breadth.States, breadth.Transitions), (depth.Outcome, depth.States, depth.Transitions));
        Assert.Equal(breadth.Kinds, depth.Kinds);
        Assert.Equal(depth.States, depth.StatesAtDepth.Sum());
        Assert.True(depth.Depth >= breadth.Depth);
        Assert.True(depth.IsExhaustive);
    }

    [Fact]
    public void Depth_first_walks_systems_that_are_loaded_from_snapshots_too()
    {
        var pump = new Pump(top: 4, stuck: 2, circle: 3, hasJug: true);
        var breadth = BreadthFirst.Explore(() => pump.New(), new ExploreOptions());
        var depth = InOrder.Explore(() => pump.New(), ByDepth);

        Assert.Equal((breadth.States, breadth.Transitions), (depth.States, depth.Transitions));
        Assert.Equal(breadth.Kinds, depth.Kinds);
        Assert.Equal(breadth.Landmarks, depth.Landmarks);
    }

    [Fact]
    public void Random_walks_meet_what_their_seed_says_and_never_claim_to_have_met_everything()
    {
        var first = Walk("2 2 2 2 5 3 0", ByChance);
        var second = Walk("2 2 2 2 5 3 0", ByChance);
        var other = Walk("2 2 2 2 5 3 0", ByChance with { Seed = 2 });

        Assert.Equal((ExploreOutcome.NotExhaustive, 20_000), (first.Outcome, first.Transitions));
        Assert.Equal(first.StatesAtDepth, second.StatesAtDepth);
        Assert.Equal(first.Kinds, second.Kinds);
        Assert.NotEqual(first.Kinds, other.Kinds);

        // facts/model_checking.md, section 2: there are 1520.
        Assert.InRange(first.States, 500, 1_520);
        Assert.False(first.IsExhaustive);
        Assert.Contains("seed 1", first.EndedBy, StringComparison.Ordinal);

        var small = Walk("1 2 1 2 5 3 0", ByChance);
        Assert.Equal((ExploreOutcome.NotExhaustive, 45), (small.Outcome, small.States));
    }

    // The shortest stories of these have 5, 6 and 10 steps (facts/model_checking.md, section 2, and DqoCoreTests).
    [Fact]
    public void A_mistake_is_found_in_each_order_with_a_story_that_can_be_gone_again()
    {
        IsFound<NeverWaits>("I3", 5);
        IsFound<UsedListAcceptsOneReference>("I3", 6);
        IsFound<ReplenishesTooMuch>("I4", 10);
    }

    private static void IsFound<TRules>(string claim, int shortest)
        where TRules : struct, IDqoRules
    {
        foreach (var symmetry in Enum.GetValues<DqoSymmetry>())
        {
            foreach (var options in (ExploreOptions[])[ByDepth, ByChance])
            {
                var walk = Walk("2 2 2 2 5 4 0", options, symmetry, typeof(TRules).Name);

                Assert.Equal((ExploreOutcome.Broke, claim, options.Order), (walk.Outcome, walk.Problem?.Claim, walk.Order));
                Assert.True(walk.Story.Count >= shortest);
                Assert.Equal(walk.Story.Count, walk.StoryNames.Count);
                Assert.Equal(claim, ClaimBrokenBy<TRules>(walk.Story));
            }
        }
    }

    [Fact]
    public void Nothing_more_to_do_is_found_in_each_order()
    {
        foreach (var options in (ExploreOptions[])[ByDepth, ByChance])
        {
            var walk = InOrder.Explore(() => new Philosophers(3, turns: false), options);

            Assert.Equal(Problem.Deadlock, walk.Problem?.Claim);
            Assert.True(walk.Story.Count >= 3);
        }
    }

    [Fact]
    public void A_limit_ends_each_order_as_not_exhaustive()
    {
        foreach (var order in (ExploreOptions[])[ByDepth, ByChance])
        {
            foreach (var options in (ExploreOptions[])[order with { StatesMax = 10 }, order with { DepthMax = 2 }, order with { BytesMax = 1 }, order with { TimeMax = TimeSpan.Zero }])
            {
                var walk = InOrder.Explore(() => new Philosophers(9, turns: false, mayRest: true), options);

                Assert.Equal(ExploreOutcome.NotExhaustive, walk.Outcome);
                Assert.NotNull(walk.EndedBy);
                Assert.True(walk.Depth <= options.DepthMax);
            }
        }
    }

    [Fact]
    public void What_only_breadth_first_can_do_is_refused() =>
        Assert.All(
            (ExploreOptions[])[ByDepth with { KeepsGraph = true }, ByChance with { Threads = 2 }, ByDepth with { Fingerprints = true }],
            options => Assert.Throws<ArgumentException>(() => Walk("1 2 1 2 5 3 0", options)));

    private static string? ClaimBrokenBy<TRules>(IReadOnlyList<int> story)
        where TRules : struct, IDqoRules
    {
        var system = new DqoCore<TRules>(DqoCoreConfiguration.Parse("2 2 2 2 5 4 0"), refines: false);
        int[] enabled = new int[system.EnabledMax];
        var problem = system.Start();
        foreach (int operation in story)
        {
            Assert.Null(problem);
            system.Mark();
            Assert.Contains(operation, enabled[..system.Enabled(enabled)]);
            ulong landmarks = 0;
            problem = system.Apply(operation, ref landmarks);
        }

        system.Dispose();
        return problem?.Claim;
    }

    private static Exploration Walk(string core, ExploreOptions options, DqoSymmetry symmetry = DqoSymmetry.None, string? defect = null) =>
        (defect is null ? DqoDriver.Right : DqoDefects.Named(defect)!.Driver).ExploreCore(DqoCoreConfiguration.Parse(core), symmetry, refines: false, options);
}
