using System.Diagnostics;
using RxVerify.Properties.Dqo;
using RxVerify.Properties.Traffic;

namespace RxVerify.Cli;

/// <summary>Part of the main job: the sample capture through production values.</summary>
internal static class VerifyTraffic
{
    public static VerifyPart Run(Screen screen, VerifyOptions options, VerifyFacts facts, CancellationToken cancellation)
    {
        var watch = Stopwatch.StartNew();
        var report = screen.Watch("traffic", _ => Sample(options, null, cancellation));
        screen.Line();
        TrafficText.Show(screen, Captures.SampleName, report);
        facts.Traffic = TrafficFacts.Of(Captures.SampleName, report);
        if (report.ToShrink() is { } found)
        {
            Counterexamples.Report(screen, found, options.Folder, cancellation);
        }

        string result = report.Finding is { } finding ? $"broken: {finding.Claim}" : report.WasStopped ? "stopped" : "every claim held";
        return new VerifyPart("traffic", TrafficText.Summary(report), result, report.Finding is null, watch.Elapsed);
    }

    /// <summary>The sample under readers some of whom hold packets long, so that pages come back from the used list.</summary>
    public static TrafficReport Sample(VerifyOptions options, DqoDefect? defect, CancellationToken cancellation) =>
        TrafficRun.Run(
            Captures.Open(Captures.Sample()),
            new TrafficOptions { Seed = options.Seed, Defect = defect, HoldPackets = 16, LongShare = 0.01 },
            progress: null, cancellation);
}
