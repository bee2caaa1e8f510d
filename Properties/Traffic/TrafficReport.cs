using RxVerify.Model.Vocabulary.Dqo;
using RxVerify.Properties.Dqo;

namespace RxVerify.Properties.Traffic;

/// <summary>What became of the packets of a capture. Every packet is in exactly one of the last five.</summary>
public sealed record TrafficPackets
{
    /// <summary>Packets read from the capture.</summary>
    public long Captured { get; set; }

    /// <summary>Their length on the wire, in bytes.</summary>
    public long CapturedBytes { get; set; }

    /// <summary>Packets the device received.</summary>
    public long Received { get; set; }

    /// <summary>Their bytes.</summary>
    public long ReceivedBytes { get; set; }

    /// <summary>Packets the device dropped because it had too few posted buffers or completion slots.</summary>
    public long DroppedNoBuffer { get; set; }

    /// <summary>Packets dropped because readers hold all the stack has room for.</summary>
    public long DroppedStackFull { get; set; }

    /// <summary>Packets left out because they have no bytes, or more than one operation can carry (65,535).</summary>
    public long SkippedLength { get; set; }

    /// <summary>Packets left out because they need more buffers than the queue can ever hold.</summary>
    public long SkippedBuffers { get; set; }
}

/// <summary>What a capture did to a queue. The same capture and options give the same report.</summary>
public sealed record TrafficReport
{
    /// <summary>What was asked.</summary>
    public required TrafficOptions Options { get; init; }

    /// <summary>What became of the packets.</summary>
    public required TrafficPackets Packets { get; init; }

    /// <summary>Time from the first packet to the last, in nanoseconds.</summary>
    public required long Nanoseconds { get; init; }

    /// <summary>Operations done, the end of the queue included.</summary>
    public required long Operations { get; init; }

    /// <summary>Pages allocated.</summary>
    public required long PagesAllocated { get; init; }

    /// <summary>Most pages that were live at once.</summary>
    public required int PagesPeak { get; init; }

    /// <summary>Pages that were posted fresh, never having been posted before.</summary>
    public required long FreshPostings { get; init; }

    /// <summary>The driver's statistics at the end.</summary>
    public required DqoCounters Counters { get; init; }

    /// <summary>The lengths of the lists over time.</summary>
    public required IReadOnlyList<Series> Lists { get; init; }

    /// <summary>The claim that broke, or null when all held.</summary>
    public Finding? Finding { get; init; }

    /// <summary>The packet, counted from 1, in or after whose arrival it broke; 0 when all held.</summary>
    public long FindingPacket { get; init; }

    /// <summary>The failing run, when a claim broke and the run is short enough to be shrunk.</summary>
    public Failure<DqoConfiguration, DqoOperation>? Failure { get; init; }

    /// <summary>Whether the run was stopped before the capture was through.</summary>
    public bool WasStopped { get; init; }

    /// <summary>Memory in pages at the peak, in bytes.</summary>
    public long MemoryPeak => (long)PagesPeak * Options.Configuration.PageSize;

    /// <summary>Pages allocated for a million packets received.</summary>
    public double PagesPerMillion => Packets.Received == 0 ? 0 : PagesAllocated * 1e6 / Packets.Received;

    /// <summary>Share of the postings that were served without a fresh page, from 0 to 1.</summary>
    public double ReuseRatio => Counters.Posted == 0 ? 0 : 1 - ((double)FreshPostings / Counters.Posted);

    /// <summary>The lengths of the lists over time as a picture.</summary>
    /// <param name="title">Its heading.</param>
    public string Svg(string title) => LineChart.Svg(title, "capture time in milliseconds", Lists);

    /// <summary>The finding as a fuzzing result, which can be shrunk; null when nothing broke or the run was too long to keep.</summary>
    public FuzzResult<DqoConfiguration, DqoOperation>? ToShrink()
    {
        if (Failure is null)
        {
            return null;
        }

        var options = new FuzzOptions { Seed = Options.Seed, Defect = Options.Defect, WithModel = Options.WithModel };
        return new(DqoScheme.All, options, Failure, Options.Seed, new DqoCoverage(), WasStopped: false);
    }
}
