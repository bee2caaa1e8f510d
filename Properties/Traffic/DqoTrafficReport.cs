using RxVerify.Model.Vocabulary.Dqo;
using RxVerify.Properties.Dqo;

namespace RxVerify.Properties.Traffic;

/// <summary>What a capture did to a DQO queue.</summary>
public sealed record DqoTrafficReport : TrafficReport<DqoConfiguration, DqoOperation, DqoTrafficOptions>
{
    /// <summary>The driver's statistics at the end.</summary>
    public required DqoCounters Counters { get; init; }

    private protected override Scheme<DqoConfiguration, DqoOperation> Scheme => DqoScheme.All;
}
