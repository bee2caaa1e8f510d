using System.Collections.Immutable;
using RxVerify.Model.PagePool;
using RxVerify.Model.Vocabulary;
using RxVerify.Model.Vocabulary.Mana;
using RxVerify.Model.Vocabulary.PagePool;

namespace RxVerify.Model.Mana;

/// <summary>Whoever holds what the driver gave away, and the pools that it comes back to (docs/mana.md, Stack).</summary>
internal static class ManaStack
{
    /// <summary>A reader lets go of a packet.</summary>
    internal static ManaStep Release(ManaModel world, ManaOperation operation)
    {
        var next = world with { Packets = world.Packets.RemoveAt(operation.Pick) };
        return ManaStep.Quiet(Freed(next, world.Packets[operation.Pick], ContextOf(operation)), value: 0);
    }

    /// <summary>A transmission completes.</summary>
    internal static ManaStep TxComplete(ManaModel world, ManaOperation operation)
    {
        var next = world with { Transmissions = world.Transmissions.RemoveAt(operation.Pick) };
        return ManaStep.Quiet(Freed(next, world.Transmissions[operation.Pick], ContextOf(operation)), value: 0);
    }

    /// <summary>Frames come back, several side by side in one bulk put for each pool.</summary>
    internal static ManaStep Return(ManaModel world, ManaOperation operation)
    {
        ImmutableArray<PageId> pages = [];
        foreach (var frame in world.Frames.AsSpan(operation.Pick, operation.Count))
        {
            pages = pages.Add(frame.Range.Page);
        }

        var next = world with { Frames = world.Frames.RemoveRange(operation.Pick, operation.Count) };
        return ManaStep.Quiet(Put(next, pages, PutContext.Elsewhere), value: 0);
    }

    /// <summary>The delayed work of a waiting pool looks again (C.5.4).</summary>
    internal static ManaStep Retry(ManaModel world, int pick)
    {
        var pool = world.Waiting[pick];
        var (left, counters) = PoolDestruction.Retry(pool);
        var waiting = left is null ? world.Waiting.RemoveAt(pick) : world.Waiting.SetItem(pick, left);
        return ManaStep.Quiet(world with { Waiting = waiting }, value: (int)(counters.Release - pool.Counters.Release));
    }

    /// <summary>An skb is freed: marked for recycling it gives back one pool reference, else its page is freed and is nowhere any more (C.4).</summary>
    internal static ManaModel Freed(ManaModel world, ManaPacket packet, PutContext context) =>
        packet.IsRecycled ? Put(world, [packet.Range.Page], context) : world;

    /// <summary>Each page goes to the pool that signed it, all that are of one pool together.</summary>
    private static ManaModel Put(ManaModel world, ImmutableArray<PageId> pages, PutContext context)
    {
        var waiting = world.Waiting;
        for (var place = 0; place < waiting.Length; place++)
        {
            waiting = waiting.SetItem(place, Put(waiting[place], pages, context));
        }

        var queue = world.Queue is { } up ? up with { Pool = Put(up.Pool, pages, context) } : null;
        return world with { Queue = queue, Waiting = waiting };
    }

    private static PoolState Put(PoolState pool, ImmutableArray<PageId> pages, PutContext context)
    {
        ImmutableArray<PageId> own = [];
        foreach (var page in pages)
        {
            own = pool.Pages.ContainsKey(page) ? own.Add(page) : own;
        }

        return PoolPutting.Whole(pool, own, context, sync: 0);
    }

    private static PutContext ContextOf(ManaOperation operation) => operation.IsLocal ? PutContext.Local : PutContext.Elsewhere;
}
