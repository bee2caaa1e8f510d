using RxVerify.Model.Vocabulary.Dqo;

namespace RxVerify.Properties.Dqo;

/// <summary>Configurations for the scopes full and hostile.</summary>
public static class DqoWholeConfigurations
{
    // What a key writes of a packet, and the ways to name pages, are bounded by it.
    private const int StackCapacityMax = 8;

    /// <summary>Scope full by default: two chunks a page, a doorbell batch of two, packets of up to three buffers, three skbs.</summary>
    public static readonly DqoConfiguration Full = new()
    {
        BufferSlots = 4,
        CompletionSlots = 4,
        BufferStates = 3,
        BiasLimit = 3,
        UsedProbes = 1,
        DoorbellBatch = 2,
        Copybreak = 1,
        FragmentsMax = 1,
        StackCapacity = 3,
    };

    /// <summary>Says in one sentence what is wrong with a configuration for these scopes, or null.</summary>
    public static string? FaultOf(DqoConfiguration configuration) =>
        configuration.Fault()
        ?? (configuration.QueuePageList ? "queuePageList is true; expected false, pages of a list are not explored"
            : configuration.StackCapacity > StackCapacityMax ? $"stackCapacity is {configuration.StackCapacity}; expected at most {StackCapacityMax}"
            : configuration.BiasLimit > byte.MaxValue ? $"biasLimit is {configuration.BiasLimit}; expected at most {byte.MaxValue}, or it is never replenished"
            : null);
}
