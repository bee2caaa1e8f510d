using System.Diagnostics;
using RxVerify.Properties.Dqo;
using RxVerify.Properties.Traffic;

namespace RxVerify.Cli;

/// <summary>Part of the main job: the sample capture through production values of each scheme that has a queue.</summary>
internal static class VerifyTraffic
{
    private const int HoldPackets = 16;
    private const double LongShare = 0.01;

    public static IEnumerable<VerifyPart> Run(Screen screen, VerifyOptions options, VerifyFacts facts, CancellationToken cancellation)
    {
        yield return Part(screen, options, "traffic", () => Sample(options, null, cancellation), report => facts.Traffic = TrafficFacts.Of(Captures.SampleName, report), cancellation);
        yield return Part(screen, options, "traffic, mana", () => ManaSample(options, cancellation), report => facts.ManaTraffic = ManaTrafficFacts.Of(Captures.SampleName, report), cancellation);
    }

    /// <summary>The sample under readers some of whom hold packets long, so that pages come back from the used list.</summary>
    public static DqoTrafficReport Sample(VerifyOptions options, DqoDefect? defect, CancellationToken cancellation) =>
        TrafficRun.Run(
            Captures.Open(Captures.Sample()),
            new DqoTrafficOptions { Seed = options.Seed, Defect = defect, HoldPackets = HoldPackets, LongShare = LongShare },
            progress: null, cancellation);

    /// <summary>The same sample and readers, so that fragments of a page come back at unlike times.</summary>
    private static ManaTrafficReport ManaSample(VerifyOptions options, CancellationToken cancellation) =>
        TrafficRun.Run(
            Captures.Open(Captures.Sample()),
            new ManaTrafficOptions { Seed = options.Seed, HoldPackets = HoldPackets, LongShare = LongShare },
            progress: null, cancellation);

    private static VerifyPart Part<TReport>(
        Screen screen, VerifyOptions options, string name, Func<TReport> run, Action<TReport> keep, CancellationToken cancellation)
        where TReport : TrafficReport
    {
        var watch = Stopwatch.StartNew();
        var report = screen.Watch(name, _ => run());
        screen.Line();
        TrafficText.Show(screen, Captures.SampleName, report);
        keep(report);
        options.Report?.Add("Traffic", name, report.Svg($"{TrafficText.Picture(report)}, {Captures.SampleName}"));
        if (report.ToShrink() is { } found)
        {
            options.Tell(screen, found, cancellation);
        }

        string result = report.Finding is { } finding ? $"broken: {finding.Claim}" : report.WasStopped ? "stopped" : "every claim held";
        return new VerifyPart(name, TrafficText.Summary(report), result, report.Finding is null, watch.Elapsed);
    }
}
