using System.Runtime.InteropServices;
using RxVerify.Explorer;
using RxVerify.Implementation.Dqo;
using RxVerify.Model.Dqo;
using RxVerify.Model.Vocabulary.Dqo;
using RxVerify.Properties.Dqo;

namespace RxVerify.Tests.Explorer;

/// <summary>Steps that are recalled instead of taken: they have to lead where they lead when they are taken.</summary>
public class DqoCoreSightTests
{
    // One page is all that there is to see; of four little is seen at a time. The last core has clones and three chunks.
    [Theory]
    [InlineData("1 2 1 2 5 3 0", 0.2)]
    [InlineData("2 2 2 2 5 4 0", 0.5)]
    [InlineData("3 2 3 3 1 3 0", 0.7)]
    [InlineData("4 1 4 4 5 3 0", 0.7)]
    [InlineData("2 3 2 4 5 5 1", 0.5)]
    public void A_step_that_is_recalled_leads_where_it_leads_when_it_is_taken(string core, double recalled)
    {
        var (steps, kept) = Compare<RightRules>(core);

        Assert.True(kept < (1 - recalled) * steps, $"{kept} steps were kept, of {steps}");
    }

    [Theory]
    [InlineData("2 2 2 2 5 4 0")]
    [InlineData("3 2 3 3 5 3 0")]
    public void Every_mistake_breaks_the_same_claim_in_as_many_steps_whether_steps_are_recalled_or_taken(string core)
    {
        int broken = 0;
        foreach (var mistake in DqoDefects.All)
        {
            var recalled = Walk(mistake.Driver, core, recalls: true);
            var taken = Walk(mistake.Driver, core, recalls: false);

            Assert.Equal((mistake.Name, taken.Outcome, taken.Problem), (mistake.Name, recalled.Outcome, recalled.Problem));
            Assert.Equal(taken.StoryNames, recalled.StoryNames);
            Assert.Equal(taken.StatesAtDepth, recalled.StatesAtDepth);
            Assert.Equal(taken.Kinds, recalled.Kinds);
            broken += taken.Problem is null ? 0 : 1;
        }

        Assert.True(broken > 10, $"{broken} mistakes show in the core");
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Recalling_changes_nothing_that_is_counted(int threads)
    {
        var recalled = Walk(DqoDriver.Right, "3 2 3 3 5 4 1", recalls: true, threads);
        var taken = Walk(DqoDriver.Right, "3 2 3 3 5 4 1", recalls: false, threads);

        Assert.Equal((taken.States, taken.Transitions, taken.Depth), (recalled.States, recalled.Transitions, recalled.Depth));
        Assert.Equal(taken.StatesAtDepth, recalled.StatesAtDepth);
        Assert.Equal(taken.Kinds, recalled.Kinds);
        Assert.Null(taken.StepsKept);
        Assert.InRange(recalled.StepsKept!.Value, 1, taken.Kinds.Take(4).Sum(kind => kind.Taken) / 2);
    }

    [Fact]
    public void The_same_steps_are_kept_whatever_the_number_of_threads() =>
        Assert.Equal(Walk(DqoDriver.Right, "3 2 3 3 5 3 0", recalls: true, threads: 1).StepsKept, Walk(DqoDriver.Right, "3 2 3 3 5 3 0", recalls: true, threads: 3).StepsKept);

    [Fact]
    public void A_step_that_asks_about_a_page_that_was_not_expected_is_not_kept()
    {
        Assert.Equal(1, KeptOfOneStep((_, _) => { }));
        Assert.Equal(1, KeptOfOneStep((world, frames) => world.BeforeCountRead!(frames[0])));
        Assert.Equal(0, KeptOfOneStep((world, frames) => world.BeforeCountRead!(frames[1])));
    }

    [Fact]
    public void A_step_that_changes_a_page_that_was_not_expected_is_not_kept()
    {
        Assert.Equal(1, KeptOfOneStep((world, frames) => world.Memory.AddReferences(frames[0], 0)));
        Assert.Equal(0, KeptOfOneStep((world, frames) => world.Memory.AddReferences(frames[1], 0)));
    }

    [Fact]
    public void Nothing_is_recalled_where_each_step_is_compared_or_readers_let_go_within_it()
    {
        using var outcomes = new OutcomeTable();
        var core = DqoCoreConfiguration.Parse("2 2 2 2 5 4 0");

        Assert.Throws<ArgumentException>(() => new DqoCore<RightRules>(core, refines: true, outcomes: outcomes));
        Assert.Throws<ArgumentException>(() => new DqoCore<RightRules>(core, refines: false, interleaves: true, outcomes: outcomes));
        Assert.Null(DqoDriver.Right.ExploreCore(core, DqoSymmetry.None, refines: true, new ExploreOptions()).StepsKept);
    }

    /// <summary>Takes every step of every state in two systems, one of which recalls. Returns the driver's steps, and how many of them were kept.</summary>
    private static (int Steps, long Kept) Compare<TRules>(string of)
        where TRules : struct, IDqoRules
    {
        var core = DqoCoreConfiguration.Parse(of);
        using var outcomes = new OutcomeTable(1 << 20);
        var recalling = new DqoCore<TRules>(core, refines: false, outcomes: outcomes);
        var taking = new DqoCore<TRules>(core, refines: false);
        int[] enabled = new int[taking.EnabledMax];
        ulong landmarks = 0;
        int steps = 0;
        Assert.Null(taking.Start());
        var found = new HashSet<ulong>();
        var open = new Queue<ulong>();
        Find(KeyOf(taking));
        while (open.TryDequeue(out ulong from))
        {
            Load(ref taking, from);
            Load(ref recalling, from);
            int count = taking.Enabled(enabled);
            Assert.Equal(count, recalling.Enabled(new int[enabled.Length]));
            foreach (int step in enabled.AsSpan(0, count))
            {
                Assert.Null(taking.Apply(step, ref landmarks));
                Assert.Null(recalling.Apply(step, ref landmarks));
                Assert.Equal(KeyOf(taking), KeyOf(recalling));
                Find(KeyOf(taking));
                steps += DqoCoreStep.Of(step).Kind < DqoCoreStepKind.Put ? 1 : 0;
                taking.Back();
                recalling.Back();
            }
        }

        taking.Dispose();
        recalling.Dispose();
        return (steps, outcomes.Count);

        void Find(ulong key)
        {
            if (found.Add(key))
            {
                open.Enqueue(key);
            }
        }

        static void Load(ref DqoCore<TRules> system, ulong key)
        {
            system.Load(MemoryMarshal.AsBytes(new ReadOnlySpan<ulong>(in key)));
            system.Mark();
        }
    }

    private static ulong KeyOf<TRules>(DqoCore<TRules> system)
        where TRules : struct, IDqoRules
    {
        ulong key = 0;
        system.WriteKey(new Span<ulong>(ref key));
        return key;
    }

    /// <summary>Posts the first of two recycled pages, with something besides. Returns how many steps were kept.</summary>
    private static long KeptOfOneStep(Action<DqoWorld, int[]> besides)
    {
        var core = DqoCoreViewTests.Core;
        using var outcomes = new OutcomeTable();
        using var world = new DqoWorld<RightRules>(DqoCoreViewTests.Configuration);
        using var home = new DqoWorld<RightRules>(DqoCoreViewTests.Configuration);
        var arrangement = new DqoArrangement(world, home);
        var view = new DqoCoreView(world, core, balances: true);
        var key = new DqoCoreKey(core, DqoSymmetry.None, balances: true);
        var sight = new DqoCoreSight(core, key, world, arrangement, outcomes);
        arrangement.Begin();
        foreach (int id in (int[])[0, 1])
        {
            arrangement.AddPage(id, offset: 0, lastSingle: 0, bias: 4, count: 4, heldOnChunks: 0, length: 2);
            arrangement.AddRecycled(id);
        }

        arrangement.Bring();
        var (before, after) = (new DqoCoreState(core), new DqoCoreState(core));
        Assert.Null(view.Read(before));
        ulong word = 0;
        key.Write(before, new Span<ulong>(ref word));
        int[] frames = [world.Queue.States[0].Frame, world.Queue.States[1].Frame];

        Assert.False(sight.TryRecall(word, before, new DqoCoreStep(DqoCoreStepKind.Post), out _));
        sight.Watch();
        world.Apply(DqoOperation.Post());
        besides(world, frames);
        Assert.Null(view.Read(after, arrangement, before));
        key.Write(after, new Span<ulong>(ref word));
        sight.Keep(before, after, word);
        return outcomes.Count;
    }

    private static Exploration Walk(DqoDriver driver, string core, bool recalls, int threads = 1) =>
        driver.ExploreCore(DqoCoreConfiguration.Parse(core), DqoSymmetry.None, refines: false, new ExploreOptions { Threads = threads }, recalls: recalls);
}
