using RxVerify.Model.Vocabulary.Dqo;
using RxVerify.Properties.Traffic;

namespace RxVerify.Cli;

/// <summary>A traffic report as JSON; the lengths of the lists over time are in the picture only.</summary>
internal sealed record TrafficFacts(
    string Capture, ulong Seed, string? Defect, bool WithModel, int BatchPackets, long InterruptNanoseconds, int HoldPackets, long HoldNanoseconds,
    double LongShare, int LongFactor, DqoConfiguration Configuration, TrafficPackets Packets, long CaptureNanoseconds, long Operations,
    long PagesAllocated, double PagesPerMillionPackets, double ReuseRatio, int PagesPeak, long MemoryPeakBytes, DqoCounters Counters,
    bool Held, bool WasStopped, TrafficFinding? Finding)
{
    public static TrafficFacts Of(string capture, TrafficReport report) => new(
        capture, report.Options.Seed, report.Options.Defect?.Name, report.Options.WithModel, report.Options.BatchPackets,
        report.Options.InterruptNanoseconds, report.Options.HoldPackets, report.Options.HoldNanoseconds, report.Options.LongShare,
        report.Options.LongFactor, report.Options.Configuration, report.Packets, report.Nanoseconds, report.Operations, report.PagesAllocated,
        report.PagesPerMillion, report.ReuseRatio, report.PagesPeak, report.MemoryPeak, report.Counters, report.Finding is null, report.WasStopped,
        report.Finding is { } finding ? new TrafficFinding(finding.Claim.Id, finding.Claim.Sentence, finding.Detail, report.FindingPacket) : null);
}

/// <summary>The claim that broke, and the packet at which it did.</summary>
internal sealed record TrafficFinding(string Claim, string Sentence, string Detail, long Packet);
