using RxVerify.Properties.Dqo;
using RxVerify.Properties.Mana;
using RxVerify.Properties.Traffic;
using static RxVerify.Cli.Words;

namespace RxVerify.Cli;

/// <summary>A traffic report as lines.</summary>
internal static class TrafficText
{
    private const double BytesPerMebibyte = 1 << 20;

    /// <summary>The whole report.</summary>
    public static void Show(Screen screen, string file, TrafficReport report) => screen.Pairs(report switch
    {
        DqoTrafficReport dqo => Of(file, dqo),
        ManaTrafficReport mana => Of(file, mana),
        _ => throw new ArgumentOutOfRangeException(nameof(report), report, "not a report of a scheme"),
    });

    /// <summary>What the picture shows.</summary>
    public static string Picture(TrafficReport report) => report is ManaTrafficReport ? "Pages of the pool" : "Lists of the queue";

    /// <summary>The report in one line.</summary>
    public static string Summary(TrafficReport report) =>
        $"{Count(report.Packets.Captured, "packet")}, {Percent(report.ReuseRatio)} reuse, {Count(report.PagesPeak, "page")} at peak";

    private static (string Name, string Value)[] Of(string file, DqoTrafficReport report)
    {
        var packets = report.Packets;
        var counters = report.Counters;
        return
        [
            Capture(file, report),
            ("queue", Driven(DqoScheme.All.Words.Of(report.Options.Configuration), report.Options)),
            Readers(report.Options),
            Received(packets),
            Dropped(packets),
            ("skipped", $"{Skipped(packets)}, {Count(packets.SkippedBuffers)} that need more buffers than the queue can hold"),
            Pages(report),
            Reuse(report),
            ("peak", Peak(report)),
            ("handed up", $"{Count(counters.Packets, "packet")}, {Count(counters.Bytes, "byte")}; {Count(counters.Copied)} copied because short, {Count(counters.CopiedOnDemand)} to spare the page list"),
            ("failures", $"{Count(counters.SkbFailures)} skb, {Count(counters.BufferFailures)} buffer, {Count(counters.DescriptorErrors)} descriptor; {Count(counters.CriticallyLow, "time")} low on buffers"),
            ("verdict", Verdict(report)),
        ];
    }

    private static (string Name, string Value)[] Of(string file, ManaTrafficReport report)
    {
        var packets = report.Packets;
        var counters = report.Counters;
        var layout = report.Layout;
        string program = report.Options.HasProgram ? "; XDP program that passes everything" : "";
        return
        [
            Capture(file, report),
            ("queue", Driven($"{ManaScheme.All.Words.Of(report.Options.Configuration)}{program}", report.Options)),
            ("layout", $"{(layout.IsFragmented ? $"{layout.FragmentsThatFit} buffers" : "one buffer")} to a page of {Count(report.PageBytes, "byte")}; the device may write {Count(layout.DataSize)} of {Count(layout.AllocSize, "byte")}"),
            Readers(report.Options),
            Received(packets),
            Dropped(packets),
            ("truncated", $"{Count(report.Truncated, "packet")} of those received, longer than the data size"),
            ("skipped", Skipped(packets)),
            Pages(report),
            ("pool", $"{Count(report.Pool.Hold, "page")} held, {Count(report.Pool.Release)} released"),
            Reuse(report),
            ("peak", $"{Peak(report)}; {Count(report.PagesPinnedPeak)} pinned outside cache and ring"),
            ("handed up", $"{Count(counters.Packets, "packet")}, {Count(counters.Bytes, "byte")}; {Count(counters.Dropped)} dropped by the driver"),
            ("verdict", Verdict(report)),
        ];
    }

    private static (string Name, string Value) Capture(string file, TrafficReport report) =>
        ("capture", $"{file}: {Count(report.Packets.Captured, "packet")}, {Count(report.Packets.CapturedBytes, "byte")}, {report.Nanoseconds / 1e6:0.###} ms");

    private static string Driven(string queue, TrafficOptions options) =>
        $"{queue}; driver: {options.Defect?.Name ?? "right rules"}{(options.WithModel ? "; model in lockstep" : "")}";

    private static (string Name, string Value) Received(TrafficPackets packets) =>
        ("received", $"{Count(packets.Received, "packet")}, {Count(packets.ReceivedBytes, "byte")}");

    private static (string Name, string Value) Dropped(TrafficPackets packets) =>
        ("dropped", $"{Count(packets.DroppedNoBuffer)} because the device had too few buffers, {Count(packets.DroppedStackFull)} because the stack was full");

    private static string Skipped(TrafficPackets packets) =>
        $"{Count(packets.SkippedLength)} of no or more than {Count(TrafficOptions.LengthMax)} bytes";

    private static (string Name, string Value) Pages(TrafficReport report) =>
        ("pages", $"{Count(report.PagesAllocated)} allocated, {Count((long)Math.Round(report.PagesPerMillion))} for a million packets");

    private static (string Name, string Value) Reuse(TrafficReport report) =>
        ("reuse", $"{Percent(report.ReuseRatio)} of {Count(report.Posted, "posting")} without a fresh page");

    private static string Peak(TrafficReport report) => $"{Count(report.PagesPeak, "page")}, {report.MemoryPeak / BytesPerMebibyte:0.0} MiB";

    private static (string Name, string Value) Readers(TrafficOptions options)
    {
        string hold = options.HoldPackets > 0 ? $"hold a packet until {Count(options.HoldPackets)} more have arrived"
            : options.HoldNanoseconds > 0 ? $"hold a packet for {options.HoldNanoseconds / 1e3:0.###} us"
            : "let go at once";
        return ("readers", options.LongShare > 0 ? $"{hold}; {Percent(options.LongShare)} of them {Count(options.LongFactor, "time")} as long" : hold);
    }

    private static string Verdict(TrafficReport report) => report switch
    {
        { Finding: { } finding } => $"broken: {finding.Claim} at packet {Count(report.FindingPacket)}: {finding.Detail}",
        { WasStopped: true } => $"stopped; every claim held in {Count(report.Operations, "operation")}",
        _ => $"every claim held after each of {Count(report.Operations, "operation")}",
    };
}
