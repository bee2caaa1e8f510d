using RxVerify.Model.Vocabulary.Dqo;
using RxVerify.Properties;
using RxVerify.Properties.Dqo;

namespace RxVerify.Tests.Cli;

/// <summary>Stored counterexamples to replay.</summary>
internal static class StoredStories
{
    private static readonly DqoConfiguration Smallest = new() { BufferSlots = 2, CompletionSlots = 2, BufferStates = 1, DoorbellBatch = 1, StackCapacity = 2 };

    /// <summary>The chunk of the first packet is posted again while the packet is held, without the comparison that would wait.</summary>
    public static Counterexample<DqoConfiguration, DqoOperation> NeverWaits() => new(
        DqoScheme.All, "NeverWaits", 1, Smallest,
        [DqoOperation.Receive(size: 257), DqoOperation.Poll(), DqoOperation.Receive(size: 257), DqoOperation.Poll()],
        DqoClaims.PostedIsUnreferenced.Id, "as found", 4);

    /// <summary>The same under the right rules, which survive it.</summary>
    public static Counterexample RightRules() => NeverWaits() with { Defect = null };

    /// <summary>Nothing is held at the start, so nothing can be released.</summary>
    public static Counterexample Illegal() => NeverWaits() with { Operations = [DqoOperation.Release()] };
}
