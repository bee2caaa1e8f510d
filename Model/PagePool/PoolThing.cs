using RxVerify.Model.Vocabulary;
using RxVerify.Model.Vocabulary.PagePool;

namespace RxVerify.Model.PagePool;

/// <summary>What somebody outside holds (docs/pool.md, things held).</summary>
public enum PoolThingKind : byte
{
    /// <summary>A whole page of the pool: one pool reference.</summary>
    Page,

    /// <summary>A fragment, be it as long as its page: one pool reference.</summary>
    Fragment,

    /// <summary>A page reference beside the pool (get_page).</summary>
    Reference,

    /// <summary>A page that is no pool's.</summary>
    Foreign,
}

/// <summary>One thing that is held outside.</summary>
/// <param name="Kind">What kind of reference it is.</param>
/// <param name="Range">The bytes that its holder reads.</param>
public readonly record struct PoolThing(PoolThingKind Kind, Fragment Range)
{
    /// <summary>Whether it is a pool reference.</summary>
    public bool IsOfPool => Kind is PoolThingKind.Page or PoolThingKind.Fragment;

    /// <inheritdoc/>
    public override string ToString() => $"{Kind} of {Range.Page}, {Range.Length} {(Range.Length == 1 ? "byte" : "bytes")} at {Range.Offset}";
}

/// <summary>The world after a step, and what the step returned.</summary>
/// <param name="Next">The world afterwards.</param>
/// <param name="Outcome">What the caller got.</param>
public readonly record struct PoolStep(PoolModel Next, PoolOutcome Outcome);
