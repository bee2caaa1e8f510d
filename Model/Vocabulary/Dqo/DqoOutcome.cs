namespace RxVerify.Model.Vocabulary.Dqo;

/// <summary>What a step returned to its caller.</summary>
/// <param name="Value">
/// Receive, ReceiveLate, Lie: completions written. Poll: work done, in packets and failed completions (A.5.7). Post, Refill: buffers posted.
/// Create: buffers posted, or <see cref="OutOfMemory"/>. Release, Clone: references given back or taken. Teardown: buffer states
/// that had a page. Settle: polls it took.
/// </param>
/// <param name="Delivered">Packets handed up in this step.</param>
public readonly record struct DqoOutcome(int Value, int Delivered)
{
    /// <summary>The kernel's -ENOMEM.</summary>
    public const int OutOfMemory = -12;
}
