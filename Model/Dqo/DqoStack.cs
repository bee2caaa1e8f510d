using System.Collections.Immutable;
using RxVerify.Model.Vocabulary;
using RxVerify.Model.Vocabulary.Dqo;

namespace RxVerify.Model.Dqo;

/// <summary>The network stack: readers that hold packets, and so references on pages.</summary>
internal static class DqoStack
{
    /// <summary>References on a page outside the driver: the fragments on it in packets held or under assembly (A.4.1).</summary>
    internal static int Outstanding(DqoModel world, PageId page)
    {
        var outstanding = world.Queue?.Assembly is { } assembly ? On(page, assembly.Fragments) : 0;
        foreach (var packet in world.Held)
        {
            outstanding += On(page, packet.Fragments);
        }

        return outstanding;
    }

    /// <summary>How many of these fragments are on the page.</summary>
    internal static int On(PageId page, ImmutableArray<Fragment> fragments)
    {
        var count = 0;
        foreach (var fragment in fragments)
        {
            if (fragment.Page == page)
            {
                count++;
            }
        }

        return count;
    }

    /// <summary>A reader lets go of a packet: one reference returns for each fragment.</summary>
    internal static DqoStep Release(DqoModel world, DqoOperation operation) => DqoStep.Quiet(
        world with { Held = world.Held.RemoveAt(operation.Pick) },
        world.Held[operation.Pick].Fragments.Length);

    /// <summary>A second reader: a packet of its own with the same fragments and one reference for each.</summary>
    internal static DqoStep Clone(DqoModel world, DqoOperation operation)
    {
        var clone = world.Held[operation.Pick] with { Serial = world.LastSerial + 1 };
        return DqoStep.Quiet(world with { Held = world.Held.Add(clone), LastSerial = clone.Serial }, clone.Fragments.Length);
    }
}
