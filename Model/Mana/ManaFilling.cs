using RxVerify.Model.PagePool;
using RxVerify.Model.Vocabulary;
using RxVerify.Model.Vocabulary.PagePool;

namespace RxVerify.Model.Mana;

/// <summary>The driver gets one fresh buffer (B.4.1).</summary>
internal static class ManaFilling
{
    /// <summary>A buffer that is mapped, by whoever maps it in this mode; null when there is none.</summary>
    /// <param name="queue">The queue that it is for.</param>
    /// <param name="context">Where the driver runs, for the page that it cannot map.</param>
    /// <param name="luck">What fails.</param>
    internal static (ManaQueueModel Queue, ManaBuffer? Buffer) Fresh(ManaQueueModel queue, PutContext context, ref ManaLuck luck)
    {
        if (queue.Layout.IsFragmented)
        {
            // A saved page is never looked at here, and there is none (B.7 #6).
            return Got(queue, PoolAllocation.Fragment(queue.Pool, queue.Layout.AllocSize, ref luck.Memory));
        }

        (queue, var buffer) = queue.Saved == PageId.None
            ? Got(queue, PoolAllocation.Page(queue.Pool, ref luck.Memory))
            : (queue with { Saved = PageId.None }, new ManaBuffer(queue.Saved, Offset: 0, IsFromPool: false));
        if (buffer is not { } fresh || !luck.CannotMap())
        {
            return (queue, buffer);
        }

        // The saved page is freed, so it is nowhere any more.
        return (fresh.IsFromPool ? queue with { Pool = PoolPutting.Whole(queue.Pool, [fresh.Page], context, sync: 0) } : queue, null);
    }

    private static (ManaQueueModel Queue, ManaBuffer? Buffer) Got(ManaQueueModel queue, (PoolState Pool, PoolThing? Thing) taken)
    {
        ManaBuffer? buffer = taken.Thing is { } thing ? new ManaBuffer(thing.Range.Page, thing.Range.Offset, IsFromPool: true) : null;
        return (queue with { Pool = taken.Pool }, buffer);
    }
}
