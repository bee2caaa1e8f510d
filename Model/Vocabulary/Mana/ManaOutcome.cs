namespace RxVerify.Model.Vocabulary.Mana;

/// <summary>What a step returned to its caller.</summary>
/// <param name="Value">
/// Receive: the packet's number. Lie, Fence: 1. Poll: completions consumed. Create: 0, or <see cref="OutOfMemory"/>. Teardown: slots that had a buffer.
/// Retry: pages that left the pool. Settle: polls and retries it took. All others: 0.
/// </param>
/// <param name="Delivered">Packets handed up in this step.</param>
public readonly record struct ManaOutcome(int Value, int Delivered)
{
    /// <summary>The kernel's -ENOMEM.</summary>
    public const int OutOfMemory = -12;
}
