using RxVerify.Explorer;
using RxVerify.Model.Vocabulary.Dqo;
using RxVerify.Properties;
using RxVerify.Properties.Dqo;

namespace RxVerify.Tests.Explorer;

/// <summary>What the shrinker makes of random failures, beside what the explorer proves shortest.</summary>
public class DqoShrinkerTests
{
    private const int Seeds = 3;

    // On page lists stories took longest to become short, and from some seeds did not.
    private const int SeedsOnPageLists = 20;

    // The rarest of these failures takes half a million operations.
    private const long Operations = 4_000_000;

    // A poll with a small budget that also failed was missing in the walk; of 200,000 random runs some needed it.
    private const int Drawn = 10_000;

    public static TheoryData<string> Explored => [.. DqoWholeStoryTests.Explored.Select(defect => defect.Name)];

    /// <summary>The same mistake, claim and configuration in both. What the walk through short runs has besides makes one story shorter.</summary>
    [Theory]
    [MemberData(nameof(Explored))]
    public void The_shrinker_ends_at_the_length_that_the_explorer_proves_shortest(string name)
    {
        var defect = DqoDefects.Named(name)!;
        var (_, hostile, configuration, walk) = DqoWholeStoryTests.Shortest(defect);

        int proven = Told(walk, defect);

        // A packet of two buffers, and a poll with a budget of 1 in which an skb is missing too: in the scopes a poll is one of the two.
        // And an id on a list with a length beyond the chunk: in the scopes it has one that could be true.
        proven -= name is "FailuresAreFree" or "AcceptsUnpostedBuffers" ? 1 : 0;
        for (ulong seed = 1; seed <= Seeds; seed++)
        {
            var scheme = new DqoScheme(hostile ? DqoScope.Hostile : DqoScope.None) { Only = configuration };
            var options = scheme.HuntFor(defect, seed) with { Operations = Operations };
            var found = scheme.Fuzz(options).Failure;
            var shrinker = new Shrinker<DqoConfiguration, DqoOperation>(
                drawn => new DqoRun(DqoDefects.WorldOf(defect, drawn), options.Claims, options.WithModel),
                new OnThisConfiguration(scheme.Simplify),
                scheme.LookThrough(defect));

            var story = shrinker.Shrink(found!);

            Assert.Equal(defect.Breaks, story.Finding.Claim);
            Assert.Equal(configuration, story.Configuration);
            Assert.Equal(proven, story.Operations.Length);

            // Nothing is shorter than no step at all.
            Assert.Equal(proven == 0 ? null : proven - 1, story.Proof?.Depth);
            Assert.Equal(proven == 0 ? null : hostile ? "scope hostile" : "scope full", story.Proof?.Among.Split(", ")[0]);
        }
    }

    /// <summary>A proof would be wrong if the walk missed what random runs do. On whatever configuration they end, it finds as short a run.</summary>
    [Theory]
    [MemberData(nameof(Explored))]
    public void Whatever_random_runs_break_in_so_many_steps_the_walk_through_short_runs_breaks_in_as_many(string name)
    {
        var defect = DqoDefects.Named(name)!;
        int compared = 0;
        for (ulong seed = 1; seed <= Seeds; seed++)
        {
            var story = (Counterexample<DqoConfiguration, DqoOperation>)DqoScheme.All.Fuzz(DqoScheme.All.HuntFor(defect, seed)).Shrink();

            var look = DqoScheme.All.LookThrough(defect);
            var looked = look.CanSee(story.Configuration, defect.Breaks!) ? look.Runs(story.Configuration, defect.Breaks!, story.Length) : null;

            // Where the walk would take too long nothing is claimed.
            Assert.Null(looked?.Proof);
            Assert.Equal(story.Length, looked?.Shorter?.Length ?? story.Length);
            compared += looked is null ? 0 : 1;
        }

        Assert.InRange(compared, 1, Seeds);
    }

    /// <summary>Random runs have arguments that the walk leaves out.</summary>
    [Theory]
    [MemberData(nameof(Explored))]
    public void No_random_run_is_shorter_than_what_was_proven_shortest(string name)
    {
        var defect = DqoDefects.Named(name)!;
        var options = DqoScheme.All.HuntFor(defect, seed: 1);
        var story = (Counterexample<DqoConfiguration, DqoOperation>)DqoScheme.All.Fuzz(options).Shrink();
        using var run = DqoScheme.All.NewRun(defect, story.Configuration, options.Claims, options.WithModel);
        var done = new DqoOperation[Math.Max(0, story.Length - 1)];

        // Nothing is shorter than no step at all.
        Assert.Equal(story.Length > 0, story.Proof is not null);
        for (ulong seed = 0; seed < (ulong)(Drawn * Effort.Factor) && story.Proof is { Depth: > 0 }; seed++)
        {
            int count = DqoScheme.All.Simplify.Draw(run, seed, [], done);
            Assert.False(run.Finding?.Claim == defect.Breaks, $"{story.Proof}, and yet: {string.Join("; ", done[..count].Select(DqoWords.Of))}");
        }
    }

    /// <summary>The random failure is on any queue, large or small. What is left of it is no longer than the explorer's story, and proven.</summary>
    [Theory]
    [MemberData(nameof(Explored))]
    public void On_whatever_queue_a_failure_is_found_its_story_ends_no_longer_than_the_shortest_of_the_explorer(string name)
    {
        var defect = DqoDefects.Named(name)!;
        int proven = ProvenFor(defect);
        for (ulong seed = 1; seed <= Seeds; seed++)
        {
            var story = DqoScheme.All.Fuzz(DqoScheme.All.HuntFor(defect, seed)).Shrink();

            Assert.InRange(story.Length, 0, proven);
            Assert.Equal(story.Length == 0 ? null : story.Length - 1, story.Proof?.Depth);
        }
    }

    /// <summary>What can only be wrong where the list of pages is fixed: copies on demand (A.9.3).</summary>
    [Theory]
    [InlineData("CopiesOneTooLate", 2)]
    [InlineData("KeepsCountingUsedStates", 4)]
    public void A_story_on_a_page_list_ends_as_short_as_the_explorer_proves_from_every_seed(string name, int proven)
    {
        var defect = DqoDefects.Named(name)!;
        Assert.Equal(proven, ProvenFor(defect));
        for (ulong seed = 1; seed <= SeedsOnPageLists; seed++)
        {
            var story = (Counterexample<DqoConfiguration, DqoOperation>)DqoScheme.All.Fuzz(DqoScheme.All.HuntFor(defect, seed)).Shrink();

            Assert.True(story.Configuration.QueuePageList);
            Assert.Equal(proven, story.Length);
            Assert.Equal(proven - 1, story.Proof?.Depth);
        }
    }

    [Fact]
    public void What_the_walk_cannot_see_is_not_looked_through()
    {
        var small = WholeConfigurations.Of(states: 2);
        var look = DqoScheme.All.LookThrough(null);

        Assert.True(look.CanSee(small, DqoClaims.PostedIsUnreferenced));
        Assert.True(look.CanSee(small with { BiasLimit = int.MaxValue }, DqoClaims.PostedIsUnreferenced));
        Assert.False(look.CanSee(small, DqoClaims.BytesAreStable));
        Assert.False(look.CanSee(small, DqoClaims.Agreement));
        Assert.True(look.CanSee(small with { QueuePageList = true, CopyThreshold = 1 }, DqoClaims.PostedIsUnreferenced));
        Assert.False(look.CanSee(small with { BufferSlots = 64 }, DqoClaims.PostedIsUnreferenced));
    }

    [Fact]
    public void Where_the_device_may_lie_a_walk_with_an_honest_one_proves_nothing()
    {
        var configuration = WholeConfigurations.Of(states: 2) with { StackCapacity = 1 };
        var honest = new DqoScheme(DqoScope.None).LookThrough(null);
        var hostile = DqoScheme.All.LookThrough(null);

        // Six steps: few enough states for an honest device, too many for one that lies.
        Assert.Equal("scope full", honest.Runs(configuration, DqoClaims.PostedIsUnreferenced, 6)?.Proof?.Among);
        Assert.Null(hostile.Runs(configuration, DqoClaims.PostedIsUnreferenced, 6));
        Assert.Equal("scope hostile", hostile.Runs(configuration, DqoClaims.PostedIsUnreferenced, 3)?.Proof?.Among);
    }

    [Fact]
    public void Elsewhere_is_where_the_explorers_stories_are_told_on_queues_of_the_same_kind()
    {
        var look = DqoScheme.All.LookThrough(DqoDefects.Named("CopiesOneTooLate"));
        var listed = new DqoConfiguration { QueuePageList = true };

        var found = look.Elsewhere(listed, DqoClaims.StackCannotPin, 8);

        // Two pages in the list, one of which has to stay clear; a short packet is as short as in production.
        Assert.Equal(2, found?.Configuration.BufferStates);
        Assert.Equal(1, found?.Configuration.CopyThreshold);
        Assert.Equal(listed.Copybreak, found?.Configuration.Copybreak);
        Assert.Equal(2, found?.Operations.Length);
        Assert.Null(look.Elsewhere(listed, DqoClaims.StackCannotPin, 1));
        Assert.Null(look.Elsewhere(new DqoConfiguration(), DqoClaims.StackCannotPin, 3));
        Assert.Null(look.Elsewhere(listed, DqoClaims.BytesAreStable, 8));
        Assert.Null(look.Elsewhere(listed, DqoClaims.Agreement, 8));
    }

    [Fact]
    public void What_breaks_on_a_page_list_and_on_none_of_the_smallest_is_looked_for_without_one()
    {
        // Nothing of it shows on lists of two and three pages. From seed 29 the story would have fourteen steps; a missing page makes it three.
        var look = DqoScheme.All.LookThrough(DqoDefects.Named("WaitsForAFullBatch"));

        var found = look.Elsewhere(new DqoConfiguration { QueuePageList = true }, DqoClaims.Refills, 14);

        Assert.Equal(false, found?.Configuration.QueuePageList);
        Assert.Equal(3, found?.Operations.Length);
    }

    [Fact]
    public void A_proof_about_what_readers_see_says_that_it_knows_packets_by_their_lengths()
    {
        var proof = DqoScheme.All.LookThrough(null).Runs(WholeConfigurations.Of(states: 2), DqoClaims.PacketsAreWhole, 2)?.Proof;

        Assert.Equal("scope hostile, packets told by their lengths", proof?.Among);
    }

    [Fact]
    public void A_walk_that_is_stopped_proves_nothing()
    {
        using var stop = new CancellationTokenSource();
        stop.Cancel();

        Assert.Null(DqoScheme.All.LookThrough(null).Runs(WholeConfigurations.Of(states: 2), DqoClaims.PostedIsUnreferenced, 6, stop.Token));
    }

    private static int ProvenFor(DqoDefect defect) => Told(DqoWholeStoryTests.Shortest(defect).Walk, defect);

    /// <summary>Steps of the explorer's story as a run: it tells how the queue got where it cannot recover; that it does not is seen by a run that settles.</summary>
    private static int Told(Exploration walk, DqoDefect defect) => walk.Story.Count + (defect.Breaks == DqoClaims.Refills ? 1 : 0);

    /// <summary>Simpler operations, and always the same queue.</summary>
    private sealed class OnThisConfiguration(ISimplify<DqoConfiguration, DqoOperation> simplify) : ISimplify<DqoConfiguration, DqoOperation>
    {
        public IEnumerable<DqoOperation> SimplerThan(DqoOperation operation) => simplify.SimplerThan(operation);

        public IEnumerable<DqoConfiguration> SimplerThan(DqoConfiguration configuration) => [];

        public int Draw(IRun<DqoOperation> run, ulong seed, ReadOnlySpan<DqoOperation> kept, Span<DqoOperation> done) => simplify.Draw(run, seed, kept, done);
    }
}
