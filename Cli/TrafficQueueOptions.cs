using System.CommandLine;
using RxVerify.Model.Vocabulary.Dqo;
using RxVerify.Properties.Dqo;
using RxVerify.Properties.Traffic;

namespace RxVerify.Cli;

/// <summary>The options of the verb traffic that describe the queue and its readers; their names are those of the configuration.</summary>
internal sealed class TrafficQueueOptions
{
    private const long NanosecondsPerMicrosecond = 1_000;
    private const long MicrosecondsMax = 1_000_000_000_000;
    private static readonly TrafficOptions Default = new();

    private readonly Option<long?> _pageSize = Value("--page-size", $"Bytes of a page: 4096, 16384 or 65536 ({Default.Configuration.PageSize})");
    private readonly Option<long?> _chunkSize = Value("--chunk-size", $"Bytes of a chunk ({Default.Configuration.ChunkSize})");
    private readonly Option<long?> _bufferSlots = Value("--buffer-slots", $"Descriptors of the buffer ring ({Default.Configuration.BufferSlots})");
    private readonly Option<long?> _completionSlots = Value("--completion-slots", "Descriptors of the completion ring (as many)");
    private readonly Option<long?> _bufferStates = Value("--buffer-states", "Buffer states (four for each descriptor)");
    private readonly Option<long?> _biasLimit = Value("--bias-limit", "References paid in advance (2147483647)");
    private readonly Option<long?> _usedProbes = Value("--used-probes", $"Used list entries examined for one request ({Default.Configuration.UsedProbes})");
    private readonly Option<long?> _doorbellBatch = Value("--doorbell-batch", $"Descriptors between two doorbells ({Default.Configuration.DoorbellBatch})");
    private readonly Option<long?> _copybreak = Value("--copybreak", $"Longest packet that is copied ({Default.Configuration.Copybreak})");
    private readonly Option<long?> _fragmentsMax = Value("--fragments-max", "Fragments of one skb (17, or 16 on larger pages)");
    private readonly Option<long?> _stackCapacity = Value("--stack-capacity", $"Fragments and copied packets readers may hold ({Default.Configuration.StackCapacity})");
    private readonly Option<bool> _pageList = new("--page-list") { Description = "Take pages from a queue page list" };
    private readonly Option<long?> _copyThreshold = Value("--copy-threshold", $"Page list: states to keep clear ({Default.Configuration.CopyThreshold})");
    private readonly Option<long?> _batch = Value("--batch", $"Packets after which the driver polls at once, and its budget ({Default.BatchPackets})");
    private readonly Option<long?> _interrupt = Microseconds("--interrupt-us", $"Longest wait for a poll ({Default.InterruptNanoseconds / NanosecondsPerMicrosecond})");
    private readonly Option<long?> _holdPackets = Value("--hold-packets", "A reader holds a packet until so many more have arrived (0)");
    private readonly Option<long?> _hold = Microseconds("--hold-us", "A reader holds a packet for so many microseconds (0)");
    private readonly Option<double?> _longShare = Values.Share("--long-share", "Share of the packets that are held long (0)");
    private readonly Option<long?> _longFactor = Value("--long-factor", $"How many times longer ({Default.LongFactor})");
    private readonly Option<ulong?> _seed = Values.Seed($"Which packets are held long ({Default.Seed})");
    private readonly Option<DqoDefect?> _defect = Values.Defect(DqoDefects.All);
    private readonly Option<bool> _model = new("--model") { Description = "Run the model in lockstep" };

    public void AddTo(Command command)
    {
        foreach (var option in (ReadOnlySpan<Option>)
            [
                _pageSize, _chunkSize, _bufferSlots, _completionSlots, _bufferStates, _biasLimit, _usedProbes, _doorbellBatch, _copybreak,
                _fragmentsMax, _stackCapacity, _pageList, _copyThreshold, _batch, _interrupt, _holdPackets, _hold, _longShare, _longFactor,
                _seed, _defect, _model,
            ])
        {
            command.Options.Add(option);
        }
    }

    public TrafficOptions Of(ParseResult parsed) => Default with
    {
        Configuration = Queue(parsed),
        BatchPackets = Number(parsed, _batch, Default.BatchPackets),
        InterruptNanoseconds = parsed.GetValue(_interrupt) * NanosecondsPerMicrosecond ?? Default.InterruptNanoseconds,
        HoldPackets = Number(parsed, _holdPackets, 0),
        HoldNanoseconds = parsed.GetValue(_hold) * NanosecondsPerMicrosecond ?? 0,
        LongShare = parsed.GetValue(_longShare) ?? Default.LongShare,
        LongFactor = Number(parsed, _longFactor, Default.LongFactor),
        Seed = parsed.GetValue(_seed) ?? Default.Seed,
        Defect = parsed.GetValue(_defect),
        WithModel = parsed.GetValue(_model),
    };

    private DqoConfiguration Queue(ParseResult parsed)
    {
        var usual = Default.Configuration;
        int pageSize = Number(parsed, _pageSize, usual.PageSize);
        int slots = Number(parsed, _bufferSlots, usual.BufferSlots);
        return usual with
        {
            PageSize = pageSize,
            ChunkSize = Number(parsed, _chunkSize, usual.ChunkSize),
            BufferSlots = slots,
            CompletionSlots = Number(parsed, _completionSlots, slots),
            BufferStates = Number(parsed, _bufferStates, DqoConfiguration.StatesFor(Math.Min(slots, short.MaxValue))),
            BiasLimit = Number(parsed, _biasLimit, usual.BiasLimit),
            UsedProbes = Number(parsed, _usedProbes, usual.UsedProbes),
            DoorbellBatch = Number(parsed, _doorbellBatch, usual.DoorbellBatch),
            Copybreak = Number(parsed, _copybreak, usual.Copybreak),
            FragmentsMax = Number(parsed, _fragmentsMax, DqoConfiguration.FragmentsMaxFor(Math.Max(1, pageSize))),
            StackCapacity = Number(parsed, _stackCapacity, usual.StackCapacity),
            QueuePageList = parsed.GetValue(_pageList),
            CopyThreshold = Number(parsed, _copyThreshold, usual.CopyThreshold),
        };
    }

    private static int Number(ParseResult parsed, Option<long?> option, int otherwise) => (int)(parsed.GetValue(option) ?? otherwise);

    private static Option<long?> Value(string name, string description) => Values.Number(name, description, 0, int.MaxValue);

    private static Option<long?> Microseconds(string name, string description) => Values.Number(name, description, 0, MicrosecondsMax);
}
