using System.CommandLine;
using RxVerify.Model.Vocabulary.Dqo;
using RxVerify.Properties;
using RxVerify.Properties.Dqo;
using RxVerify.Properties.Traffic;
using static RxVerify.Cli.TrafficSharedOptions;

namespace RxVerify.Cli;

/// <summary>The options of the verb traffic that describe a DQO queue.</summary>
internal sealed class DqoTrafficQueueOptions : TrafficQueueOptions
{
    private static readonly DqoTrafficOptions Default = new();

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

    public override Scheme Scheme => DqoScheme.All;

    public override IReadOnlyList<Option> Own =>
    [
        _chunkSize, _bufferSlots, _completionSlots, _bufferStates, _biasLimit, _usedProbes, _doorbellBatch, _copybreak,
        _fragmentsMax, _stackCapacity, _pageList, _copyThreshold,
    ];

    public override DqoTrafficOptions Of(ParseResult parsed, TrafficSharedOptions shared) =>
        shared.Of(Default, parsed) with { Configuration = Queue(parsed, shared) };

    private DqoConfiguration Queue(ParseResult parsed, TrafficSharedOptions shared)
    {
        var usual = Default.Configuration;
        int pageSize = shared.PageSize(parsed, usual.PageSize);
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
}
