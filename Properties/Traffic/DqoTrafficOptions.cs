using RxVerify.Model.Vocabulary.Dqo;

namespace RxVerify.Properties.Traffic;

/// <summary>How a capture is pushed through a DQO queue. <see cref="TrafficOptions.BatchPackets"/> is also the budget of a poll.</summary>
public sealed record DqoTrafficOptions : TrafficOptions
{
    /// <summary>Most buffers that one receive operation can use.</summary>
    public const int BuffersMax = byte.MaxValue;

    /// <summary>
    /// The queue: production values but for a ring of 256, so that a short capture goes round it several times (and the claims,
    /// which look at every buffer state after every step, cost half), and for readers that may hoard.
    /// </summary>
    public DqoConfiguration Configuration { get; init; } = new()
    {
        BufferSlots = 256,
        CompletionSlots = 256,
        BufferStates = DqoConfiguration.StatesFor(256),
        StackCapacity = 16_384,
    };

    private protected override string? QueueFault() => Configuration.Fault() ?? HeldFault("stackCapacity", Configuration.StackCapacity);
}
