using System.Diagnostics;
using RxVerify.Properties.Recordings;
using static RxVerify.Cli.Words;

namespace RxVerify.Cli;

/// <summary>Part of the main job: the recordings of a real kernel that come with the tool.</summary>
internal static class VerifyRecordings
{
    /// <summary>Names of the recordings that come with the tool.</summary>
    private static readonly string[] Samples = ["ping-attach-detach.txt.gz", "tcp-toggle-under-load.txt.gz", "tcp-joined-midway.txt.gz"];

    public static IEnumerable<VerifyPart> Run(Screen screen, VerifyOptions options, VerifyFacts facts, CancellationToken cancellation)
    {
        var watch = Stopwatch.StartNew();
        var reports = new List<RecordingReport>();
        foreach (string name in Samples)
        {
            using var file = File.OpenRead(Captures.Sample(name));
            var report = RecordingReader.Read(file, name, isLive: false, cancellation);
            screen.Line();
            RecordingText.Show(screen, report);
            reports.Add(report);
            facts.Recordings.Add(RecordingFact.Of(name, report));
            options.Report?.Add("Recordings of a real kernel", name, report.Svg($"Pages of each pool, {name}"));
        }

        long open = reports.Sum(report => report.Lives.Sum(life => life.Verdicts.Count(verdict => verdict.State == ClaimState.Undecided)));
        bool isBroken = reports.Exists(report => report.IsBroken);
        string result = isBroken ? "broken: see above"
            : reports.Exists(report => report.WasStopped) ? "stopped"
            : $"nothing broken, {Count(open)} not decidable";
        string done = $"{Count(reports.Count, "recording")} of a kernel, {Count(reports.Sum(report => report.EventCount), "event")}, {Count(reports.Sum(report => report.Lives.Count), "pool life", "pool lives")}";
        yield return new VerifyPart("recordings", done, result, !isBroken, watch.Elapsed);
    }
}
