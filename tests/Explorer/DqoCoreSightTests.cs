using System.Runtime.InteropServices;
using System.Text.RegularExpressions;
using RxVerify.Explorer;
using RxVerify.Implementation.Dqo;
using RxVerify.Model.Dqo;
using RxVerify.Model.Vocabulary.Dqo;
using RxVerify.Properties;
using RxVerify.Properties.Dqo;
using RxVerify.Properties.Dqo.Defects;
using RxVerify.Tests.House;

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
        var (steps, different, kept) = Compare(core);

        Assert.Equal(different, kept);
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

        // What is kept is memory of the walk too, two words each.
        Assert.Null(taken.StepsKept);
        Assert.True(recalled.PeakBytes >= taken.PeakBytes + (16 * recalled.StepsKept), $"{recalled.PeakBytes} bytes and {taken.PeakBytes}, {recalled.StepsKept} steps");
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(5)]
    public void A_walk_keeps_each_different_step_once_whatever_the_number_of_threads(int threads) =>
        Assert.Equal(Compare("3 2 3 3 1 3 0").Different, Walk(DqoDriver.Right, "3 2 3 3 1 3 0", recalls: true, threads).StepsKept);

    [Fact]
    public void Within_a_memory_limit_states_come_first()
    {
        // The states alone take less than 19 MiB, and no more than a MiB less while their table doubles; more outcomes than fit the rest are different.
        var core = DqoCoreConfiguration.Parse("3 2 3 3 5 4 1");
        var options = new ExploreOptions { BytesMax = 19 << 20 };

        var recalled = DqoDriver.Right.ExploreCore(core, DqoSymmetry.None, refines: false, options);
        var taken = DqoDriver.Right.ExploreCore(core, DqoSymmetry.None, refines: false, options, recalls: false);

        Assert.Equal((ExploreOutcome.Held, 837_047), (taken.Outcome, taken.States));
        Assert.Equal((ExploreOutcome.Held, 837_047), (recalled.Outcome, recalled.States));
        Assert.InRange(recalled.PeakBytes, taken.PeakBytes, (19 << 20) - 1);
        Assert.Null(recalled.StepsKept);
    }

    /// <summary>The table is filled by another driver, which never records a last single chunk: so it is known where an answer comes from.</summary>
    [Fact]
    public void Where_a_state_was_led_to_and_not_loaded_every_step_is_taken()
    {
        var core = DqoCoreViewTests.Core;
        using var outcomes = new OutcomeTable(1 << 16);
        BreadthFirst.Explore(() => new DqoCore<NeverRecordsLastSingle>(core, refines: false, outcomes: outcomes), new ExploreOptions());
        var system = new DqoCore<RightRules>(core, refines: false, outcomes: outcomes);
        var right = new DqoCore<RightRules>(core, refines: false);
        int[] enabled = new int[right.EnabledMax];
        ulong landmarks = 0;
        int wrong = 0;
        var dice = new Dice(1);
        for (int walk = 0; walk < 50; walk++)
        {
            // What was loaded and where a walk began before is no matter.
            Assert.Null(system.Start());
            Assert.Null(right.Start());
            for (int step = 0; step < 20; step++)
            {
                system.Mark();
                right.Mark();
                int operation = enabled[dice.Below(right.Enabled(enabled))];
                system.Enabled(new int[enabled.Length]);
                Assert.Null(system.Apply(operation, ref landmarks));
                Assert.Null(right.Apply(operation, ref landmarks));
                Assert.Equal(KeyOf(right), KeyOf(system));
            }

            for (int step = 0; step < 20; step++)
            {
                ulong from = KeyOf(right);
                Load(ref system, from);
                Load(ref right, from);
                int operation = enabled[dice.Below(right.Enabled(enabled))];
                system.Enabled(new int[enabled.Length]);
                Assert.Null(right.Apply(operation, ref landmarks));
                Assert.Null(system.Apply(operation, ref landmarks));
                wrong += KeyOf(right) == KeyOf(system) ? 0 : 1;
            }
        }

        Assert.True(wrong > 0, "the other driver's answers were never asked for");
        system.Dispose();
        right.Dispose();
    }

    [Fact]
    public void After_a_step_the_way_back_leads_to_the_state_that_was_marked()
    {
        using var outcomes = new OutcomeTable();
        var system = new DqoCore<RightRules>(DqoCoreViewTests.Core, refines: false, outcomes: outcomes);
        int[] enabled = new int[system.EnabledMax];
        ulong landmarks = 0;
        system.Start();
        ulong start = KeyOf(system);

        // The first time a step is taken, then recalled.
        for (int time = 0; time < 2; time++)
        {
            Load(ref system, start);
            int count = system.Enabled(enabled);
            Assert.Null(system.Apply(enabled[0], ref landmarks));
            Assert.NotEqual(start, KeyOf(system));
            system.Back();
            Assert.Equal(start, KeyOf(system));
            Assert.Equal(count, system.Enabled(enabled));
        }

        Assert.Equal(1, outcomes.Count);
        system.Dispose();
    }

    [Fact]
    public void A_step_that_breaks_a_claim_is_kept_for_nobody()
    {
        // Post and complete twice, and the third post finds the first chunk still read: facts/model_checking.md, section 2.
        DqoCoreStep[] story = [new(DqoCoreStepKind.Post), new(DqoCoreStepKind.Complete), new(DqoCoreStepKind.Post), new(DqoCoreStepKind.Complete)];
        using var outcomes = new OutcomeTable();
        var system = new DqoCore<NeverWaits>(DqoCoreViewTests.Core, refines: false, outcomes: outcomes);
        int[] enabled = new int[system.EnabledMax];
        ulong landmarks = 0;
        Assert.Null(system.Start());
        foreach (var step in story)
        {
            system.Mark();
            system.Enabled(enabled);
            Assert.Null(system.Apply(step.Code, ref landmarks));
        }

        Load(ref system, KeyOf(system));
        system.Enabled(enabled);
        for (int time = 0; time < 2; time++)
        {
            Assert.Equal("I3", system.Apply(new DqoCoreStep(DqoCoreStepKind.Post).Code, ref landmarks)?.Claim);
            system.Back();
        }

        Assert.Equal(0, outcomes.Count);
        system.Dispose();
    }

    [Fact]
    public void A_step_that_asks_about_a_page_that_was_not_expected_is_not_kept()
    {
        Assert.Equal(1, KeptOfOneStep((_, _) => { }));
        Assert.Equal(1, KeptOfOneStep((world, frames) => world.Memory.References(frames[0])));
        Assert.Equal(0, KeptOfOneStep((world, frames) => world.Memory.References(frames[1])));
    }

    [Fact]
    public void A_step_that_changes_or_posts_a_page_that_was_not_expected_is_not_kept()
    {
        Assert.Equal(1, KeptOfOneStep((world, frames) => world.Memory.AddReferences(frames[0], 0)));
        Assert.Equal(0, KeptOfOneStep((world, frames) => world.Memory.AddReferences(frames[1], 0)));
        Assert.Equal(0, KeptOfOneStep((world, _) => world.Apply(DqoOperation.Post())));

        // A page that the driver gave up and a reader still has.
        Assert.Equal(0, KeptOfOneStep((world, _) => world.Memory.AddReferences(2, 0), orphans: 1));
        Assert.Equal(1, KeptOfOneStep((_, _) => { }, orphans: 1));
    }

    /// <summary>Of what the driver asks memory, the stack and the tables of mappings for, nothing else tells who holds which page.</summary>
    [Fact]
    public void The_driver_asks_for_nothing_that_would_not_be_noticed()
    {
        var asked = SourceTree.Sources("Implementation/Dqo").Where(path => Path.GetFileName(path).StartsWith("DqoQueue", StringComparison.Ordinal))
            .SelectMany(SourceTree.Lines)
            .SelectMany(line => Regex.Matches(line, @"_(?:memory|stack|iommu)\.(?<what>\w+)", RegexOptions.ExplicitCapture, TimeSpan.FromSeconds(1)).Select(match => match.Groups["what"].Value));

        // What changes a page touches its frame; what the stack gives are skbs that the driver has not handed up.
        string[] harmless =
        [
            "AddReferences", "Allocate", "Catch", "ProcessorAccess", "Put", "References",
            "AddFragment", "FragmentsMax", "Free", "HandUp", "LinearOf", "NapiGetFragments", "NapiSkb",
            "Map", "SyncForProcessor", "Unmap",
        ];
        Assert.Equal(harmless.Order(StringComparer.Ordinal), asked.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Nothing_is_recalled_where_each_step_is_compared_or_readers_let_go_within_it_or_there_is_no_room_to_tell()
    {
        using var outcomes = new OutcomeTable();
        var core = DqoCoreViewTests.Core;

        Assert.Throws<ArgumentException>(() => new DqoCore<RightRules>(core, refines: true, outcomes: outcomes));
        Assert.Throws<ArgumentException>(() => new DqoCore<RightRules>(core, refines: false, interleaves: true, outcomes: outcomes));
        Assert.Throws<ArgumentException>(() => new DqoCore<RightRules>(core, DqoSymmetry.Pages, refines: false, outcomes: outcomes));
        Assert.Null(DqoDriver.Right.ExploreCore(core, DqoSymmetry.None, refines: true, new ExploreOptions()).StepsKept);

        // Of 64 bits 57 tell of buffer states and lists, 61 where a bias has three bits instead of two; one of 16 steps takes five.
        Assert.True(CanRecall("4 2 4 4 5 3 0"));
        Assert.False(CanRecall("4 2 4 4 5 4 0"));

        Assert.False(CanRecall("4 2 4 4 5 3 0", ExploreOrder.Depth));
        Assert.False(CanRecall("4 2 4 4 5 3 0", ExploreOrder.Random));

        static bool CanRecall(string core, ExploreOrder order = ExploreOrder.Breadth) =>
            DqoDriver.CanRecall(DqoCoreConfiguration.Parse(core), DqoSymmetry.None, refines: false, interleaves: false, order);
    }

    /// <summary>Takes every step of every state in two systems, one of which recalls. Returns the driver's steps, the different ones among them, and those that were kept.</summary>
    private static (int Steps, int Different, long Kept) Compare(string of)
    {
        var core = DqoCoreConfiguration.Parse(of);
        using var outcomes = new OutcomeTable(1 << 20);
        var recalling = new DqoCore<RightRules>(core, refines: false, outcomes: outcomes);
        var taking = new DqoCore<RightRules>(core, refines: false);
        var key = new DqoCoreKey(core, DqoSymmetry.None, balances: true);
        var state = new DqoCoreState(core);
        int[] enabled = new int[taking.EnabledMax];
        ulong landmarks = 0;
        int steps = 0;
        Assert.Null(taking.Start());
        var found = new HashSet<ulong>();
        var open = new Queue<ulong>();
        var different = new HashSet<(ulong, int)>();
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
                taking.Back();
                recalling.Back();
                if (DqoCoreStep.Of(step).Kind < DqoCoreStepKind.Put)
                {
                    steps++;
                    key.Read(new ReadOnlySpan<ulong>(in from), state);
                    different.Add((WithoutOthers(state, DqoCoreStep.Of(step)), step));
                }
            }
        }

        taking.Dispose();
        recalling.Dispose();
        return (steps, different.Count, outcomes.Count);

        void Find(ulong key)
        {
            if (found.Add(key))
            {
                open.Enqueue(key);
            }
        }

        // The state in which nobody holds anything on pages that are nothing to a step (facts/model_checking.md, section 1): completing is about one buffer, posting about the head of the
        // recycled list, or where there is none about those that wait.
        ulong WithoutOthers(DqoCoreState state, DqoCoreStep step)
        {
            bool completes = step.Kind is DqoCoreStepKind.Complete or DqoCoreStepKind.CompleteCopied;
            bool recycles = !completes && state.CountOf(DqoCoreList.Recycled) > 0;
            for (int id = 0; id < core.States; id++)
            {
                bool isSeen = completes ? id == step.Id
                    : recycles ? id == state.At(DqoCoreList.Recycled, 0)
                    : Enumerable.Range(0, state.CountOf(DqoCoreList.Used)).Any(place => state.At(DqoCoreList.Used, place) == id);
                if (!isSeen)
                {
                    state.Buffers[id].HeldOnChunks = 0;
                }
            }

            state.Orphans = 0;
            ulong without = 0;
            key.Write(state, new Span<ulong>(ref without));
            return without;
        }
    }

    private static void Load<TRules>(ref DqoCore<TRules> system, ulong key)
        where TRules : struct, IDqoRules
    {
        system.Load(MemoryMarshal.AsBytes(new ReadOnlySpan<ulong>(in key)));
        system.Mark();
    }

    private static ulong KeyOf<TRules>(DqoCore<TRules> system)
        where TRules : struct, IDqoRules
    {
        ulong key = 0;
        system.WriteKey(new Span<ulong>(ref key));
        return key;
    }

    /// <summary>Posts the first of two recycled pages, with something besides. Returns how many steps were kept.</summary>
    private static long KeptOfOneStep(Action<DqoWorld, int[]> besides, int orphans = 0)
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

        arrangement.HoldOrphans(orphans, length: 2);
        arrangement.Bring();
        var (before, after) = (new DqoCoreState(core), new DqoCoreState(core));
        Assert.Null(view.Read(before));
        ulong word = 0;
        key.Write(before, new Span<ulong>(ref word));
        int[] frames = [world.Queue.States[0].Frame, world.Queue.States[1].Frame];

        Assert.False(sight.TryRecall(word, before, new DqoCoreStep(DqoCoreStepKind.Post), out _));
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
