using RxVerify.Model.Vocabulary.Mana;
using RxVerify.Model.Vocabulary.PagePool;
using RxVerify.Properties.Mana;

namespace RxVerify.Properties.Traffic;

/// <summary>What a capture did to a MANA queue. A page is what one allocation of the pool gives.</summary>
public sealed record ManaTrafficReport : TrafficReport<ManaConfiguration, ManaOperation, ManaTrafficOptions>
{
    /// <summary>How the buffers lie in memory.</summary>
    public required ManaLayout Layout { get; init; }

    /// <summary>Packets, of those received, of which the device stored only the data size; the driver drops them (B.4.3).</summary>
    public required long Truncated { get; init; }

    /// <summary>Most pages of the pool that were in neither cache nor ring after a poll: posted, held by readers, or being cut.</summary>
    public required int PagesPinnedPeak { get; init; }

    /// <summary>The driver's statistics at the end.</summary>
    public required ManaCounters Counters { get; init; }

    /// <summary>The pool's statistics at the end.</summary>
    public required PoolCounters Pool { get; init; }

    private protected override Scheme<ManaConfiguration, ManaOperation> Scheme => ManaScheme.All;
}
