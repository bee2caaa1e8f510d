using RxVerify.Properties.Dqo;
using RxVerify.Properties.Traffic;
using static RxVerify.Cli.Words;

namespace RxVerify.Cli;

/// <summary>A traffic report as lines.</summary>
internal static class TrafficText
{
    private const double BytesPerMebibyte = 1 << 20;

    /// <summary>The whole report.</summary>
    public static void Show(Screen screen, string file, TrafficReport report)
    {
        var packets = report.Packets;
        var counters = report.Counters;
        screen.Pairs(
            ("capture", $"{file}: {Count(packets.Captured, "packet")}, {Count(packets.CapturedBytes, "byte")}, {report.Nanoseconds / 1e6:0.###} ms"),
            ("queue", $"{DqoWords.Of(report.Options.Configuration)}; driver: {report.Options.Defect?.Name ?? "right rules"}{(report.Options.WithModel ? "; model in lockstep" : "")}"),
            ("readers", Readers(report.Options)),
            ("received", $"{Count(packets.Received, "packet")}, {Count(packets.ReceivedBytes, "byte")}"),
            ("dropped", $"{Count(packets.DroppedNoBuffer)} because the device had too few buffers, {Count(packets.DroppedStackFull)} because the stack was full"),
            ("skipped", $"{Count(packets.SkippedLength)} of no or more than {Count(TrafficOptions.LengthMax)} bytes, {Count(packets.SkippedBuffers)} that need more buffers than the queue can hold"),
            ("pages", $"{Count(report.PagesAllocated)} allocated, {Count((long)Math.Round(report.PagesPerMillion))} for a million packets"),
            ("reuse", $"{Percent(report.ReuseRatio)} of {Count(counters.Posted)} postings without a fresh page"),
            ("peak", $"{Count(report.PagesPeak, "page")}, {report.MemoryPeak / BytesPerMebibyte:0.0} MiB"),
            ("handed up", $"{Count(counters.Packets, "packet")}, {Count(counters.Bytes, "byte")}; {Count(counters.Copied)} copied because short, {Count(counters.CopiedOnDemand)} to spare the page list"),
            ("failures", $"{Count(counters.SkbFailures)} skb, {Count(counters.BufferFailures)} buffer, {Count(counters.DescriptorErrors)} descriptor; {Count(counters.CriticallyLow)} times low on buffers"),
            ("verdict", Verdict(report)));
    }

    /// <summary>The report in one line.</summary>
    public static string Summary(TrafficReport report) =>
        $"{Count(report.Packets.Captured, "packet")}, {Percent(report.ReuseRatio)} reuse, {Count(report.PagesPeak, "page")} at peak";

    private static string Readers(TrafficOptions options)
    {
        string hold = options.HoldPackets > 0 ? $"hold a packet until {Count(options.HoldPackets)} more have arrived"
            : options.HoldNanoseconds > 0 ? $"hold a packet for {options.HoldNanoseconds / 1e3:0.###} us"
            : "let go at once";
        return options.LongShare > 0 ? $"{hold}; {Percent(options.LongShare)} of them {Count(options.LongFactor)} times as long" : hold;
    }

    private static string Verdict(TrafficReport report) => report switch
    {
        { Finding: { } finding } => $"broken: {finding.Claim} at packet {Count(report.FindingPacket)}: {finding.Detail}",
        { WasStopped: true } => $"stopped; every claim held in {Count(report.Operations, "operation")}",
        _ => $"every claim held after each of {Count(report.Operations, "operation")}",
    };
}
