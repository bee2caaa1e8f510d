using System.CommandLine;
using RxVerify.Model.Vocabulary.Mana;
using RxVerify.Properties;
using RxVerify.Properties.Mana;
using RxVerify.Properties.Traffic;
using static RxVerify.Cli.TrafficSharedOptions;

namespace RxVerify.Cli;

/// <summary>The options of the verb traffic that describe a MANA queue.</summary>
internal sealed class ManaTrafficQueueOptions : TrafficQueueOptions
{
    private static readonly ManaTrafficOptions Default = new();

    private readonly Option<long?> _mtu = Value("--mtu", $"mana: bytes of the largest packet ({Default.Configuration.Mtu}); the device truncates longer ones");
    private readonly Option<long?> _queueSize = Value("--queue-size", $"mana: buffers of the queue ({Default.Configuration.QueueSize})");
    private readonly Option<bool> _program = new("--program") { Description = "mana: the port has an XDP program, which passes every packet" };

    public override Scheme Scheme => ManaScheme.All;

    public override IReadOnlyList<Option> Own => [_mtu, _queueSize, _program];

    public override ManaTrafficOptions Of(ParseResult parsed, TrafficSharedOptions shared) =>
        shared.Of(Default, parsed) with { Configuration = Queue(parsed, shared), HasProgram = parsed.GetValue(_program) };

    private ManaConfiguration Queue(ParseResult parsed, TrafficSharedOptions shared)
    {
        var usual = Default.Configuration;
        int size = Number(parsed, _queueSize, usual.QueueSize);
        return usual with
        {
            Mtu = Number(parsed, _mtu, usual.Mtu),
            PageSize = shared.PageSize(parsed, usual.PageSize),
            QueueSize = size,
            CompletionSlots = size,
        };
    }
}
