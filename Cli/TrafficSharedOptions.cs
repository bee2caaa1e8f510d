using System.CommandLine;
using RxVerify.Properties;
using RxVerify.Properties.Traffic;

namespace RxVerify.Cli;

/// <summary>The options of the verb traffic that mean the same for every scheme: pages, polls, readers, chance, mistake and model.</summary>
internal sealed class TrafficSharedOptions
{
    private const long NanosecondsPerMicrosecond = 1_000;
    private const long MicrosecondsMax = 1_000_000_000_000;

    // These are the same for every scheme.
    private static readonly DqoTrafficOptions Default = new();

    private readonly Option<long?> _pageSize = Value("--page-size", $"Bytes of a page: 4096, 16384 or 65536 ({Default.Configuration.PageSize})");
    private readonly Option<long?> _batch = Value("--batch", $"Packets after which the driver polls at once; with dqo also its budget ({Default.BatchPackets})");
    private readonly Option<long?> _interrupt = Microseconds("--interrupt-us", $"Longest wait for a poll ({Default.InterruptNanoseconds / NanosecondsPerMicrosecond})");
    private readonly Option<long?> _holdPackets = Value("--hold-packets", "A reader holds a packet until so many more have arrived (0)");
    private readonly Option<long?> _hold = Microseconds("--hold-us", "A reader holds a packet for so many microseconds (0)");
    private readonly Option<double?> _longShare = Values.Share("--long-share", "Share of the packets that are held long (0)");
    private readonly Option<long?> _longFactor = Value("--long-factor", $"How many times longer ({Default.LongFactor})");
    private readonly Option<ulong?> _seed = Values.Seed($"Which packets are held long ({Default.Seed})");
    private readonly Option<Defect?> _defect;
    private readonly Option<bool> _model = new("--model") { Description = "Run the model in lockstep" };

    /// <summary>The options.</summary>
    /// <param name="scheme">Where the scheme's name is given, which decides what mistakes there are.</param>
    public TrafficSharedOptions(Option<string> scheme) =>
        _defect = Values.Defect(
            result => Schemes.Named(result.GetValue(scheme) ?? "")?.Defects ?? [],
            result => $" for {result.GetValue(scheme)}");

    public IReadOnlyList<Option> All => [_pageSize, _batch, _interrupt, _holdPackets, _hold, _longShare, _longFactor, _seed, _defect, _model];

    public int PageSize(ParseResult parsed, int otherwise) => Number(parsed, _pageSize, otherwise);

    /// <summary>A scheme's options with what was asked here.</summary>
    public TOptions Of<TOptions>(TOptions usual, ParseResult parsed)
        where TOptions : TrafficOptions
    {
        TrafficOptions options = usual;
        return (TOptions)(options with
        {
            BatchPackets = Number(parsed, _batch, usual.BatchPackets),
            InterruptNanoseconds = parsed.GetValue(_interrupt) * NanosecondsPerMicrosecond ?? usual.InterruptNanoseconds,
            HoldPackets = Number(parsed, _holdPackets, 0),
            HoldNanoseconds = parsed.GetValue(_hold) * NanosecondsPerMicrosecond ?? 0,
            LongShare = parsed.GetValue(_longShare) ?? usual.LongShare,
            LongFactor = Number(parsed, _longFactor, usual.LongFactor),
            Seed = parsed.GetValue(_seed) ?? usual.Seed,
            Defect = parsed.GetValue(_defect),
            WithModel = parsed.GetValue(_model),
        });
    }

    public static int Number(ParseResult parsed, Option<long?> option, int otherwise) => (int)(parsed.GetValue(option) ?? otherwise);

    public static Option<long?> Value(string name, string description) => Values.Number(name, description, 0, int.MaxValue);

    private static Option<long?> Microseconds(string name, string description) => Values.Number(name, description, 0, MicrosecondsMax);
}
