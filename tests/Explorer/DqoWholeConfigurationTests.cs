using System.Globalization;
using RxVerify.Explorer;
using RxVerify.Implementation.Dqo;
using RxVerify.Properties;
using RxVerify.Properties.Dqo;
using RxVerify.Tests.House;

namespace RxVerify.Tests.Explorer;

/// <summary>The configurations that the verb knows by name: what is written of them is what is counted.</summary>
public class DqoWholeConfigurationTests
{
    // What a test of everyday can count.
    private const int SmallMax = 13_000;

    // Counted by this explorer, each step compared with the model's.
    private static readonly Counted[] Counts =
    [
        new(DqoExploreScope.Full, "usual", DqoSymmetry.All, 38_230, 565_637, 31),
        new(DqoExploreScope.Full, "usual", DqoSymmetry.None, 5_461_840, 78_345_940, 43),
        new(DqoExploreScope.Full, "whole-pages", DqoSymmetry.All, 12_746, 197_828, 17),
        new(DqoExploreScope.Full, "quarters", DqoSymmetry.All, 2_525_714, 35_519_196, 59),
        new(DqoExploreScope.Full, "more-completions", DqoSymmetry.All, 12_746, 197_828, 17),
        new(DqoExploreScope.Full, "more-completions", DqoSymmetry.None, 609_834, 9_474_218, 29),
        new(DqoExploreScope.Full, "fewer-completions", DqoSymmetry.All, 9_691, 167_145, 26),
        new(DqoExploreScope.Full, "two-fragments", DqoSymmetry.All, 12_746, 197_828, 17),
        new(DqoExploreScope.Full, "page-list", DqoSymmetry.All, 39_261, 470_802, 21),
        new(DqoExploreScope.Full, "whole-page-list", DqoSymmetry.All, 12_875, 156_770, 17),
        new(DqoExploreScope.Hostile, "usual", DqoSymmetry.All, 28_109, 420_545, 17),
        new(DqoExploreScope.Hostile, "usual", DqoSymmetry.None, 2_855_095, 42_622_166, 27),
        new(DqoExploreScope.Hostile, "whole-pages", DqoSymmetry.All, 15_606, 235_579, 14),
        new(DqoExploreScope.Hostile, "page-list", DqoSymmetry.All, 29_750, 359_322, 17),
        new(DqoExploreScope.Hostile, "batch", DqoSymmetry.All, 18_687, 277_205, 16),
        new(DqoExploreScope.Hostile, "batch-of-three", DqoSymmetry.All, 2_526_773, 38_120_023, 30),
    ];

    /// <summary>The small ones.</summary>
    public static TheoryData<string> Small => [.. Counts.Where(count => count.States <= SmallMax).Select(count => count.Words)];

    [Theory]
    [MemberData(nameof(Small))]
    public void A_small_configuration_has_its_states(string words) => Check(Counts.Single(count => count.Words == words), threads: 1);

    [ExhaustiveFact]
    public void Every_configuration_has_its_states() => Assert.All(Counts, count => Check(count, threads: 2));

    [Fact]
    public void The_table_of_the_documentation_has_each_configuration_with_these_counts()
    {
        string[] lines = File.ReadAllLines(Path.Combine(SourceTree.Root, "docs", "explorer.md"));

        Assert.All(Counts, count => Assert.Contains(lines, line => line.StartsWith(Begin(count.Scope, count.Name), StringComparison.Ordinal) && line.EndsWith(count.End, StringComparison.Ordinal)));
        Assert.All(DqoWholeConfigurations.All, one => Assert.Contains(lines, line => line.StartsWith(Begin(one.Scope, one.Name) + one.Shows, StringComparison.Ordinal)));

        static string Begin(DqoExploreScope scope, string name) => $"| {scope.ToString().ToLowerInvariant()} | `{name}` | ";
    }

    // Two states are the same modulo names when their keys are, so the states that are left are the classes of all: none is lost.
    [Theory]
    [InlineData(1, false)]
    [InlineData(3, false)]
    [InlineData(8, false)]
    [InlineData(4, true)]
    [InlineData(5, true)]
    public void Modulo_names_every_state_is_met_in_one_of_its_forms(int which, bool hostile)
    {
        var configuration = WholeConfigurations.Small(which);
        using var named = new DqoWhole<RightRules>(configuration, hostile, ClaimSet.All, refines: false);
        using var nameless = new DqoWhole<RightRules>(configuration, hostile, ClaimSet.All, refines: false, DqoSymmetry.All);
        var states = new Dictionary<string, byte[]>(StringComparer.Ordinal);
        var classes = new HashSet<string>(StringComparer.Ordinal);
        var open = new Queue<byte[]>();
        int[] operations = new int[named.EnabledMax];
        named.Start();
        nameless.Start();
        Meet();
        while (open.TryDequeue(out byte[]? state))
        {
            named.Load(state);
            named.Mark();
            int count = named.Enabled(operations);
            foreach (int operation in operations.AsSpan(0, count))
            {
                ulong landmarks = 0;
                Assert.Null(named.Apply(operation, ref landmarks));
                Meet();
                named.Back();
            }
        }

        var walk = DqoDriver.Right.ExploreWhole(configuration, hostile, ClaimSet.All, refines: false, new ExploreOptions(), DqoSymmetry.All);

        Assert.Equal(classes.Count, walk.States);
        Assert.True(walk.States < states.Count, "no two states were the same");

        void Meet()
        {
            byte[] state = new byte[named.SnapshotSize];
            named.Save(state);
            if (states.TryAdd(KeyOf(named), state))
            {
                nameless.Load(state);
                classes.Add(KeyOf(nameless));
                open.Enqueue(state);
            }
        }
    }

    [Fact]
    public void Modulo_names_too_everything_is_counted_alike_by_any_number_of_threads()
    {
        var one = Walk(1);
        var three = Walk(3);

        Assert.Equal(one.StatesAtDepth, three.StatesAtDepth);
        Assert.Equal(one.Kinds, three.Kinds);
        Assert.Equal(one.Landmarks, three.Landmarks);

        static Exploration Walk(int threads) => DqoDriver.Right.ExploreWhole(
            DqoWholeConfigurations.Named(DqoExploreScope.Hostile, "batch")!.Constants, hostile: true, ClaimSet.All, refines: false,
            new ExploreOptions { Threads = threads }, DqoSymmetry.All);
    }

    [Fact]
    public void A_symmetry_that_would_lose_futures_is_refused()
    {
        var mistaken = DqoDefects.Canary.Driver;

        Assert.Throws<ArgumentException>(() => mistaken.ExploreWhole(WholeConfigurations.Small(1), hostile: false, ClaimSet.All, refines: false, new ExploreOptions(), DqoSymmetry.All));
        Assert.Throws<ArgumentException>(() => DqoDriver.Right.ExploreWhole(WholeConfigurations.Small(1), hostile: false, ClaimSet.All, refines: false, new ExploreOptions(), DqoSymmetry.Pages));
    }

    private static string KeyOf(DqoWhole<RightRules> system)
    {
        ulong[] key = new ulong[system.KeyWords];
        system.WriteKey(key);
        return string.Join('-', key.Select(word => word.ToString("x", CultureInfo.InvariantCulture)));
    }

    private static void Check(Counted expected, int threads)
    {
        var configuration = DqoWholeConfigurations.Named(expected.Scope, expected.Name)!.Constants;
        var walk = DqoDriver.Right.ExploreWhole(
            configuration, expected.Scope == DqoExploreScope.Hostile, ClaimSet.All, refines: true, new ExploreOptions { Threads = threads }, expected.Symmetry);

        Assert.Equal(ExploreOutcome.Held, walk.Outcome);
        Assert.Equal((expected.States, expected.Transitions, expected.Depth), (walk.States, walk.Transitions, walk.Depth));
    }

    /// <summary>A configuration and what was counted in it.</summary>
    private sealed record Counted(DqoExploreScope Scope, string Name, DqoSymmetry Symmetry, long States, long Transitions, int Depth)
    {
        /// <summary>Which it is, in words.</summary>
        public string Words => $"{Scope}, {Name}, symmetry {Symmetry}";

        /// <summary>The last cells of a row of the documentation.</summary>
        public string End => string.Create(CultureInfo.InvariantCulture, $"| {Symmetry.ToString().ToLowerInvariant()} | {States:N0} | {Transitions:N0} | {Depth} |");
    }
}
