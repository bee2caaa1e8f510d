using RxVerify.Model.Vocabulary;

namespace RxVerify.Implementation.PagePool;

/// <summary>What somebody outside the pool can hold (docs/pool.md, "Things held").</summary>
public enum ThingKind : byte
{
    /// <summary>A whole page of the pool: one pool reference.</summary>
    Page,

    /// <summary>A fragment of a page of the pool: one pool reference.</summary>
    Fragment,

    /// <summary>A page reference (get_page) beside the pool.</summary>
    Reference,

    /// <summary>A page that is no pool's, in a packet marked for recycling: one page reference.</summary>
    Foreign,
}

/// <summary>One thing held outside the pool.</summary>
public struct HeldThing
{
    /// <summary>The page's frame.</summary>
    public int Frame;

    /// <summary>The page.</summary>
    public PageId Page;

    /// <summary>First byte on the page.</summary>
    public int Offset;

    /// <summary>Bytes.</summary>
    public int Length;

    /// <summary>What it is.</summary>
    public ThingKind Kind;

    /// <summary>Whether it owns a pool reference.</summary>
    public readonly bool IsOfPool => Kind is ThingKind.Page or ThingKind.Fragment;
}
