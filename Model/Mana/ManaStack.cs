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
        var pages = world.Frames.Skip(operation.Pick).Take(operation.Count).Select(frame => frame.Range.Page);
        var next = world with { Frames = world.Frames.RemoveRange(operation.Pick, operation.Count) };
        return ManaStep.Quiet(Put(next, [.. pages], PutContext.Elsewhere), value: 0);
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
        if (world.Queue is { } queue)
        {
            world = world with { Queue = queue with { Pool = Put(queue.Pool, pages, context) } };
        }

        return world with { Waiting = [.. world.Waiting.Select(pool => Put(pool, pages, context))] };
    }

    private static PoolState Put(PoolState pool, ImmutableArray<PageId> pages, PutContext context) =>
        PoolPutting.Whole(pool, [.. pages.Where(pool.Pages.ContainsKey)], context, sync: 0);

    private static PutContext ContextOf(ManaOperation operation) => operation.IsLocal ? PutContext.Local : PutContext.Elsewhere;
}
