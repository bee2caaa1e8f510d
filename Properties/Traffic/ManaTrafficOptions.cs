using RxVerify.Model.Mana;
using RxVerify.Model.Vocabulary.Mana;

namespace RxVerify.Properties.Traffic;

/// <summary>How a capture is pushed through a MANA queue.</summary>
public sealed record ManaTrafficOptions : TrafficOptions
{
    /// <summary>
    /// The queue: production values but for 256 buffers, so that a short capture goes round it several times (and the claims, which
    /// look at every buffer after every step, cost a quarter), and for readers that may hoard.
    /// </summary>
    public ManaConfiguration Configuration { get; init; } = new() { QueueSize = 256, CompletionSlots = 256, HeldMax = 16_384 };

    /// <summary>Whether the port has an XDP program, which passes every packet; each buffer then has a page for itself (B.2).</summary>
    public bool HasProgram { get; init; }

    private protected override string? QueueFault() =>
        Configuration.Fault()
        ?? HeldFault("heldMax", Configuration.HeldMax)
        ?? (HasProgram ? ManaLayouts.Of(Configuration.Request(hasProgram: true)).Reason : null);
}
