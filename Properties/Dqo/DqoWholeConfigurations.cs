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

/// <summary>A configuration that a scope is explored in, by name.</summary>
/// <param name="Scope">The scope, full or hostile.</param>
/// <param name="Name">What it is called on a command line.</param>
/// <param name="Shows">What can be seen in it that the scope's first one does not have.</param>
/// <param name="Constants">The constants.</param>
public sealed record DqoWholeConfiguration(DqoExploreScope Scope, string Name, string Shows, DqoConfiguration Constants);

/// <summary>A configuration with so few states that mistakes are told on it by stories that are proven shortest.</summary>
/// <param name="Shows">What can be seen in it that those before it do not have, in words.</param>
/// <param name="Hostile">Whether the device lies: then the scope is hostile, otherwise full.</param>
/// <param name="Constants">The constants.</param>
public sealed record DqoLeastConfiguration(string Shows, bool Hostile, DqoConfiguration Constants);

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

    /// <summary>All that have a name; the first of a scope is its default.</summary>
    public static readonly IReadOnlyList<DqoWholeConfiguration> All =
    [
        Of(DqoExploreScope.Full, "usual", "packets of up to three buffers, a doorbell batch", Full),
        Of(DqoExploreScope.Full, "whole-pages", "one chunk a page: each page waits after each packet", Full with { ChunkSize = 4096 }),
        Of(DqoExploreScope.Full, "quarters", "four chunks a page", Full with { ChunkSize = 1024, BiasLimit = 5 }),
        Of(DqoExploreScope.Full, "more-completions", "a completion ring twice as long as the buffer ring", Full with { ChunkSize = 4096, CompletionSlots = 8 }),
        Of(DqoExploreScope.Full, "fewer-completions", "a completion ring a quarter as long as the buffer ring", Full with { BufferSlots = 8, CompletionSlots = 2 }),
        Of(DqoExploreScope.Full, "two-fragments", "skbs of two fragments, filled before a second one is chained", Full with { ChunkSize = 4096, FragmentsMax = 2 }),
        Of(DqoExploreScope.Full, "page-list", "a queue page list: copies on demand", Listed(Full)),
        Of(DqoExploreScope.Full, "whole-page-list", "a queue page list, one chunk a page", Listed(Full) with { ChunkSize = 4096 }),
        Of(DqoExploreScope.Hostile, "usual", "rings that drift apart", Hostile),
        Of(DqoExploreScope.Hostile, "whole-pages", "one chunk a page: each page waits after each packet", Hostile with { ChunkSize = 4096 }),
        Of(DqoExploreScope.Hostile, "page-list", "a queue page list: copies on demand", Hostile with { QueuePageList = true, CopyThreshold = 1 }),
        Of(DqoExploreScope.Hostile, "batch", "a doorbell batch, one chunk a page", Hostile with { DoorbellBatch = 2, ChunkSize = 4096 }),
        Of(DqoExploreScope.Hostile, "batch-of-three", "a doorbell batch, and a third buffer to wait behind the doorbell", Full with { StackCapacity = 2 }),
        Of(DqoExploreScope.Hostile, "largest", "all that the scope full has by default", Full),
    ];

    // It keeps one state clear of the used list.
    private static readonly DqoConfiguration ShortList = Hostile with { QueuePageList = true, CopyThreshold = 1, ChunkSize = 4096 };

    /// <summary>The least in which each planted mistake shows, the least first. The shrinker looks for shorter stories on them.</summary>
    public static readonly IReadOnlyList<DqoLeastConfiguration> Least =
    [
        new("one chunk a page", Hostile: false, Hostile with { ChunkSize = 4096 }),
        new("two chunks a page", Hostile: false, Hostile),
        new("as many states as slots", Hostile: false, Hostile with { BufferSlots = 2, ChunkSize = 4096 }),
        new("more buffer slots than completion slots", Hostile: false, Hostile with { BufferStates = 3, ChunkSize = 4096 }),
        new("three skbs", Hostile: false, Hostile with { BufferStates = 3, CompletionSlots = 4, StackCapacity = 3, ChunkSize = 4096 }),
        new("a device that lies", Hostile: true, Hostile with { StackCapacity = 1 }),
        new("a page list", Hostile: false, ShortList),
        new("a longer page list", Hostile: false, ShortList with { BufferStates = 3 }),
    ];

    /// <summary>The one with a name, in any case, or null; without a name the scope's default.</summary>
    public static DqoWholeConfiguration? Named(DqoExploreScope scope, string? name) =>
        All.FirstOrDefault(one => one.Scope == scope && (name is null || string.Equals(one.Name, name, StringComparison.OrdinalIgnoreCase)));

    /// <summary>The names that a scope has, its default first.</summary>
    public static IEnumerable<string> NamesOf(DqoExploreScope scope) => All.Where(one => one.Scope == scope).Select(one => one.Name);

    /// <summary>Says in one sentence what is wrong with a configuration for these scopes, or null.</summary>
    public static string? FaultOf(DqoConfiguration configuration) =>
        FaultForRunsOf(configuration)
        ?? (configuration.BiasLimit > byte.MaxValue ? $"biasLimit is {configuration.BiasLimit}; expected at most {byte.MaxValue}, or it is never replenished" : null);

    /// <summary>The same for a walk that does not look for everything that can happen, but through the runs of few steps.</summary>
    public static string? FaultForRunsOf(DqoConfiguration configuration) =>
        configuration.Fault()
        ?? (configuration.StackCapacity > StackCapacityMax ? $"stackCapacity is {configuration.StackCapacity}; expected at most {StackCapacityMax}"
            : null);

    /// <summary>Says in one sentence why these scopes do not have this symmetry, or null.</summary>
    /// <param name="symmetry">What is to pass for the same state.</param>
    /// <param name="isRight">Whether the driver has the right rules.</param>
    public static string? FaultOf(DqoSymmetry symmetry, bool isRight) => symmetry switch
    {
        DqoSymmetry.Pages => "symmetry is pages; expected none or all: names of pages alone are forgotten in the core",
        DqoSymmetry.All when !isRight => "symmetry is all; expected none with a mistake, which may look at what is a name to the right rules",
        _ => null,
    };

    // The least threshold that leaves room for a batch behind the doorbell.
    private static DqoConfiguration Listed(DqoConfiguration configuration) => configuration with { QueuePageList = true, CopyThreshold = configuration.DoorbellBatch };

    private static DqoWholeConfiguration Of(DqoExploreScope scope, string name, string shows, DqoConfiguration constants) => new(scope, name, shows, constants);
}
