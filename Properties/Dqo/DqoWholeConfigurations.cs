using RxVerify.Model.Vocabulary.Dqo;

namespace RxVerify.Properties.Dqo;

/// <summary>How much of the driver and of what is round it an exploration walks.</summary>
public enum DqoExploreScope
{
    /// <summary>Recycling alone: one buffer posted, one completion consumed, one reference dropped or cloned.</summary>
    Core,

    /// <summary>The whole driver with an honest device.</summary>
    Full,

    /// <summary>The whole driver with a device that lies.</summary>
    Hostile,
}

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

    /// <summary>Scope hostile by default: two buffers, since completions that bring none let the two rings drift apart.</summary>
    public static readonly DqoConfiguration Hostile = Full with { CompletionSlots = 2, BufferStates = 2, DoorbellBatch = 1, StackCapacity = 2 };

    /// <summary>The configuration that a scope has by default.</summary>
    public static DqoConfiguration Of(DqoExploreScope scope) => scope == DqoExploreScope.Hostile ? Hostile : Full;

    /// <summary>Says in one sentence what is wrong with a configuration for these scopes, or null.</summary>
    public static string? FaultOf(DqoConfiguration configuration) =>
        configuration.Fault()
        ?? (configuration.StackCapacity > StackCapacityMax ? $"stackCapacity is {configuration.StackCapacity}; expected at most {StackCapacityMax}"
            : configuration.BiasLimit > byte.MaxValue ? $"biasLimit is {configuration.BiasLimit}; expected at most {byte.MaxValue}, or it is never replenished"
            : null);
}
