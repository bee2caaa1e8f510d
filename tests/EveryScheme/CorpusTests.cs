using System.Diagnostics.CodeAnalysis;
using RxVerify.Properties;
using RxVerify.Tests.House;

namespace RxVerify.Tests.EveryScheme;

/// <summary>
/// Stored counterexamples, each a literal trace: they stay when the generator changes and its seeds mean something else. One that
/// a run has found is kept by copying its JSON file into the folder.
/// </summary>
[SuppressMessage("Design", "CA1000", Justification = "xunit looks for the rows of a theory in the class that declares it.")]
public abstract class CorpusTests<TTested>
    where TTested : ITestedScheme
{
    public static TheoryData<string> Stored => [.. Directory.GetFiles(Folder, "*.json").Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal)];

    private static string Folder => Path.Combine(SourceTree.Root, "tests", TTested.Folder, "Corpus");

    [Theory]
    [MemberData(nameof(Stored))]
    public void A_stored_counterexample_still_breaks_its_claim(string file)
    {
        var stored = Read(file);

        var verdict = Assert.IsType<Verdict.Broke>(stored.Replay());

        Assert.Equal(stored.BrokenClaim, verdict.Finding.Claim);
        Assert.Equal(stored.Length - 1, verdict.Step);
    }

    [Theory]
    [MemberData(nameof(Stored))]
    public void The_right_rules_in_lockstep_break_nothing_in_a_stored_counterexample(string file) =>
        Assert.IsNotType<Verdict.Broke>(Read(file).ReplayOnRightRules());

    [Fact]
    public void Every_unsafe_defect_has_a_stored_counterexample()
    {
        var stored = Directory.GetFiles(Folder, "*.json").Select(path => Read(Path.GetFileName(path)).Defect).ToHashSet(StringComparer.Ordinal);

        Assert.All(TTested.Scheme.Defects.Where(defect => defect.Breaks is not null), defect => Assert.Contains(defect.Name, stored));
    }

    private static Counterexample Read(string file) => CounterexampleFile.Read(File.ReadAllText(Path.Combine(Folder, file)), file);
}
