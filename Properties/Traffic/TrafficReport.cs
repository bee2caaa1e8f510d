namespace RxVerify.Properties.Traffic;

/// <summary>What a capture did to a queue, whatever its scheme. The same capture and options give the same report.</summary>
public abstract record TrafficReport
{
    private protected TrafficReport()
    {
    }

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

    /// <summary>Bytes of a page.</summary>
    public required int PageBytes { get; init; }

    /// <summary>Pages that were posted fresh, never having been posted before.</summary>
    public required long FreshPostings { get; init; }

    /// <summary>Buffers posted.</summary>
    public required long Posted { get; init; }

    /// <summary>The lengths of the lists over time.</summary>
    public required IReadOnlyList<Series> Lists { get; init; }

    /// <summary>The claim that broke, or null when all held.</summary>
    public Finding? Finding { get; init; }

    /// <summary>The packet, counted from 1, in or after whose arrival it broke; 0 when all held.</summary>
    public long FindingPacket { get; init; }

    /// <summary>Whether the run was stopped before the capture was through.</summary>
    public bool WasStopped { get; init; }

    /// <summary>Memory in pages at the peak, in bytes.</summary>
    public long MemoryPeak => (long)PagesPeak * PageBytes;

    /// <summary>Pages allocated for a million packets received.</summary>
    public double PagesPerMillion => Packets.Received == 0 ? 0 : PagesAllocated * 1e6 / Packets.Received;

    /// <summary>Share of the postings that were served without a fresh page, from 0 to 1.</summary>
    public double ReuseRatio => Posted == 0 ? 0 : 1 - ((double)FreshPostings / Posted);

    /// <summary>The lengths of the lists over time as a picture.</summary>
    /// <param name="title">Its heading.</param>
    public string Svg(string title) => LineChart.Svg(title, "capture time in milliseconds", Lists);

    /// <summary>The finding as a fuzzing result, which can be shrunk; null when nothing broke or the run was too long to keep.</summary>
    public abstract FuzzResult? ToShrink();
}

/// <summary>What a capture did to a queue of one scheme.</summary>
/// <typeparam name="TConfiguration">The scheme's constants.</typeparam>
/// <typeparam name="TOperation">The scheme's alphabet.</typeparam>
/// <typeparam name="TOptions">What is asked of the scheme.</typeparam>
public abstract record TrafficReport<TConfiguration, TOperation, TOptions> : TrafficReport
    where TConfiguration : class
    where TOperation : struct, IEquatable<TOperation>
    where TOptions : TrafficOptions
{
    private protected TrafficReport()
    {
    }

    /// <summary>What was asked.</summary>
    public required TOptions Options { get; init; }

    /// <summary>The failing run, when a claim broke and the run is short enough to be shrunk.</summary>
    public Failure<TConfiguration, TOperation>? Failure { get; init; }

    /// <summary>The scheme, which knows how to run it again.</summary>
    private protected abstract Scheme<TConfiguration, TOperation> Scheme { get; }

    /// <inheritdoc/>
    public override FuzzResult<TConfiguration, TOperation>? ToShrink()
    {
        if (Failure is null)
        {
            return null;
        }

        var options = new FuzzOptions { Seed = Options.Seed, Defect = Options.Defect, WithModel = Options.WithModel };
        return new(Scheme, options, Failure, Options.Seed, Scheme.NewCoverage(), WasStopped: false);
    }
}
