namespace RxVerify.Model.Vocabulary.PagePool;

/// <summary>What a step returned to its caller.</summary>
/// <param name="Value">
/// Page, Fragment, Any, Foreign: 1 when there was memory, else 0. Put, Begin, Go, Destroy, Retry: pages that left the pool for good in this step.
/// Settle: retries it took. All others: 0.
/// </param>
/// <param name="Got">What the caller holds from now on, when there was memory; offset 0 and the whole length for a page.</param>
public readonly record struct PoolOutcome(int Value, Fragment Got = default);
