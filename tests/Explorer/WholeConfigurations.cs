using RxVerify.Model.Vocabulary.Dqo;

namespace RxVerify.Tests.Explorer;

/// <summary>Configurations of the whole driver with states that a test can count.</summary>
internal static class WholeConfigurations
{
    /// <summary>
    /// The least of each kind: one chunk a page, two, a doorbell batch, more completion slots; for a device that lies, one buffer;
    /// those in which everything happens; and a queue page list, with one chunk a page, with two, and with a doorbell batch.
    /// </summary>
    public static DqoConfiguration Small(int which) => which switch
    {
        1 => Of(states: 2) with { ChunkSize = 4096 },
        2 => Of(states: 2) with { DoorbellBatch = 2 },
        3 => Of(states: 2) with { DoorbellBatch = 2, CompletionSlots = 4, FragmentsMax = 2 },
        4 => Of(states: 1) with { BufferSlots = 2, StackCapacity = 1 },
        5 => Of(states: 2) with { BufferSlots = 2, StackCapacity = 1, ChunkSize = 4096 },
        6 => Of(states: 3) with { DoorbellBatch = 2, CompletionSlots = 4, ChunkSize = 4096 },
        7 => Of(states: 2) with { StackCapacity = 1, ChunkSize = 4096 },
        8 => Listed(states: 2) with { ChunkSize = 4096 },
        9 => Listed(states: 2),
        _ => Listed(states: 3) with { DoorbellBatch = 2, CompletionSlots = 4, ChunkSize = 4096, CopyThreshold = 2 },
    };

    /// <summary>The same with a queue page list, which keeps one state clear of the used list.</summary>
    public static DqoConfiguration Listed(int states) => Of(states) with { QueuePageList = true, CopyThreshold = 1 };

    /// <summary>Two chunks a page, two completion slots, rings of four, the bias replenished at the third reference.</summary>
    public static DqoConfiguration Of(int states) => new()
    {
        BufferSlots = 4,
        CompletionSlots = 2,
        BufferStates = states,
        BiasLimit = 3,
        UsedProbes = 1,
        DoorbellBatch = 1,
        Copybreak = 1,
        FragmentsMax = 1,
        StackCapacity = 2,
    };
}
