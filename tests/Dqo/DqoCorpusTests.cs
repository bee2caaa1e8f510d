using RxVerify.Model.Vocabulary.Dqo;
using RxVerify.Properties;
using RxVerify.Properties.Dqo;
using RxVerify.Tests.House;

namespace RxVerify.Tests.Dqo;

/// <summary>
/// Stored counterexamples, each a literal trace: they stay when the generator changes and its seeds mean something else. One that
/// a run has found is kept by copying its JSON file into the folder.
/// </summary>
public class DqoCorpusTests
{
    public static TheoryData<string> Stored => [.. Directory.GetFiles(Folder, "*.json").Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal)];

    private static string Folder => Path.Combine(SourceTree.Root, "tests", "Dqo", "Corpus");

    [Theory]
    [MemberData(nameof(Stored))]
    public void A_stored_counterexample_still_breaks_its_claim(string file)
    {
        var stored = Read(file);

        var verdict = Assert.IsType<Verdict.Broke>(stored.Replay());

        Assert.Equal(stored.BrokenClaim, verdict.Finding.Claim);
        Assert.Equal(stored.Operations.Count - 1, verdict.Step);
    }

    [Theory]
    [MemberData(nameof(Stored))]
    public void The_right_rules_in_lockstep_break_nothing_in_a_stored_counterexample(string file)
    {
        var stored = Read(file);
        using var run = new DqoRun(DqoDefects.WorldOf(null, stored.Configuration), ClaimSet.All, withModel: true);
        var done = new DqoOperation[stored.Operations.Count];

        Runs.ReplayAllowed<DqoOperation>(run, [.. stored.Operations], done);

        Assert.Null(run.Finding);
    }

    [Fact]
    public void Every_unsafe_defect_has_a_stored_counterexample()
    {
        var stored = Directory.GetFiles(Folder, "*.json").Select(path => Read(Path.GetFileName(path)).Defect).ToHashSet(StringComparer.Ordinal);

        Assert.All(DqoDefects.All.Where(defect => defect.Breaks is not null), defect => Assert.Contains(defect.Name, stored));
    }

    private static DqoCounterexample Read(string file) => DqoCounterexampleFile.Read(File.ReadAllText(Path.Combine(Folder, file)), file);
}
