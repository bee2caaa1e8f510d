using RxVerify.Model.Vocabulary.Dqo;
using RxVerify.Model.Vocabulary.Mana;
using RxVerify.Model.Vocabulary.PagePool;
using RxVerify.Properties.Mana;
using RxVerify.Properties.Traffic;

namespace RxVerify.Cli;

/// <summary>A DQO traffic report as JSON; the lengths of the lists over time are in the picture only.</summary>
internal sealed record TrafficFacts(
    string Capture, ulong Seed, string? Defect, bool WithModel, int BatchPackets, long InterruptNanoseconds, int HoldPackets, long HoldNanoseconds,
    double LongShare, int LongFactor, DqoConfiguration Configuration, TrafficPackets Packets, long CaptureNanoseconds, long Operations,
    long PagesAllocated, double PagesPerMillionPackets, double ReuseRatio, int PagesPeak, long MemoryPeakBytes, DqoCounters Counters,
    bool Held, bool WasStopped, TrafficFinding? Finding)
{
    public static TrafficFacts Of(string capture, DqoTrafficReport report) => new(
        capture, report.Options.Seed, report.Options.Defect?.Name, report.Options.WithModel, report.Options.BatchPackets,
        report.Options.InterruptNanoseconds, report.Options.HoldPackets, report.Options.HoldNanoseconds, report.Options.LongShare,
        report.Options.LongFactor, report.Options.Configuration, report.Packets, report.Nanoseconds, report.Operations, report.PagesAllocated,
        report.PagesPerMillion, report.ReuseRatio, report.PagesPeak, report.MemoryPeak, report.Counters, report.Finding is null, report.WasStopped,
        TrafficFinding.Of(report));

    /// <summary>The report of either scheme as the text of a file.</summary>
    public static string Json(string capture, TrafficReport report) =>
        report is ManaTrafficReport mana ? Cli.Json.Of(ManaTrafficFacts.Of(capture, mana)) : Cli.Json.Of(Of(capture, (DqoTrafficReport)report));
}

/// <summary>A MANA traffic report as JSON.</summary>
internal sealed record ManaTrafficFacts(
    string Scheme, string Capture, ulong Seed, string? Defect, bool WithModel, int BatchPackets, long InterruptNanoseconds, int HoldPackets, long HoldNanoseconds,
    double LongShare, int LongFactor, ManaConfiguration Configuration, bool HasProgram, ManaLayout Layout, TrafficPackets Packets, long Truncated,
    long CaptureNanoseconds, long Operations, long PagesAllocated, double PagesPerMillionPackets, double ReuseRatio, int PagesPeak, int PagesPinnedPeak,
    long MemoryPeakBytes, ManaCounters Counters, PoolCounters Pool, bool Held, bool WasStopped, TrafficFinding? Finding)
{
    public static ManaTrafficFacts Of(string capture, ManaTrafficReport report) => new(
        ManaScheme.All.Name, capture, report.Options.Seed, report.Options.Defect?.Name, report.Options.WithModel, report.Options.BatchPackets,
        report.Options.InterruptNanoseconds, report.Options.HoldPackets, report.Options.HoldNanoseconds, report.Options.LongShare,
        report.Options.LongFactor, report.Options.Configuration, report.Options.HasProgram, report.Layout, report.Packets, report.Truncated,
        report.Nanoseconds, report.Operations, report.PagesAllocated, report.PagesPerMillion, report.ReuseRatio, report.PagesPeak,
        report.PagesPinnedPeak, report.MemoryPeak, report.Counters, report.Pool, report.Finding is null, report.WasStopped, TrafficFinding.Of(report));
}

/// <summary>The claim that broke, and the packet at which it did.</summary>
internal sealed record TrafficFinding(string Claim, string Sentence, string Detail, long Packet)
{
    public static TrafficFinding? Of(TrafficReport report) =>
        report.Finding is { } finding ? new TrafficFinding(finding.Claim.Id, finding.Claim.Sentence, finding.Detail, report.FindingPacket) : null;
}
