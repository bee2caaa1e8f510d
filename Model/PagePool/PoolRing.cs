using System.Collections.Immutable;
using RxVerify.Model.Vocabulary;

namespace RxVerify.Model.PagePool;

/// <summary>
/// The ring of pages that came back (C.1, ptr_ring): every place can be used, and a place is free exactly when it is empty. The
/// consumer empties the places it has read some time later, so what lies between tail and head is still there and gone already.
/// </summary>
public sealed record PoolRing
{
    /// <summary>The places of the array; no page in an empty one.</summary>
    public required ImmutableArray<PageId> Places { get; init; }

    /// <summary>Places that the consumer empties together (batch).</summary>
    public required int Clears { get; init; }

    /// <summary>The place that is filled next (producer).</summary>
    public int Producer { get; init; }

    /// <summary>The place that is read next (consumer_head).</summary>
    public int Head { get; init; }

    /// <summary>The place that is emptied next; never behind the head, since both begin anew together (consumer_tail).</summary>
    public int Tail { get; init; }

    /// <summary>Whether there is nothing to read: the place at the head is empty.</summary>
    public bool IsEmpty => Places[Head] == PageId.None;

    /// <summary>Whether there is no room: the place at the producer is not empty.</summary>
    public bool IsFull => Places[Producer] != PageId.None;

    /// <summary>The pages that can still be read, the next one first.</summary>
    public ImmutableArray<PageId> Pages
    {
        get
        {
            var pages = ImmutableArray.CreateBuilder<PageId>();
            for (var ring = this; !ring.IsEmpty; ring = ring.Consumed())
            {
                pages.Add(ring.Places[ring.Head]);
            }

            return pages.ToImmutable();
        }
    }

    /// <summary>A ring with nothing in it.</summary>
    internal static PoolRing Empty(int slots, int clears) =>
        new() { Places = [.. Enumerable.Repeat(PageId.None, slots)], Clears = clears };

    /// <summary>The ring with this page in the place at the producer, which is empty.</summary>
    internal PoolRing Produced(PageId page) => this with
    {
        Places = Places.SetItem(Producer, page),
        Producer = (Producer + 1) % Places.Length,
    };

    /// <summary>The ring after the page at the head was read: places are emptied once enough of them were, and at the end of the array.</summary>
    internal PoolRing Consumed()
    {
        var head = Head + 1;
        if (head - Tail < Clears && head < Places.Length)
        {
            return this with { Head = head };
        }

        var places = Places.ToBuilder();
        for (var place = Tail; place < head; place++)
        {
            places[place] = PageId.None;
        }

        var next = head % Places.Length;
        return this with { Places = places.DrainToImmutable(), Head = next, Tail = next };
    }
}
