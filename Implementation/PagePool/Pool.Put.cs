using RxVerify.Model.Vocabulary.PagePool;

namespace RxVerify.Implementation.PagePool;

/// <content>Dropping references (C.4), step by step as docs/pool.md numbers them.</content>
public sealed unsafe partial class Pool<TRules>
{
    /// <inheritdoc/>
    public override void Put(int frame, PutContext context, int sync, int length = 0)
    {
        // Fast path: other fragments of the page are outside.
        if (TakesLast(frame))
        {
            PutOne(frame, context, sync, length == 0 ? _pageBytes : length);
        }
    }

    /// <inheritdoc/>
    public override void PutWhole(int frame, PutContext context) => PutOne(frame, context, 0, _pageBytes);

    /// <inheritdoc/>
    public override void Count(ref PutUnderWay put, int frame, PutContext context, int sync, int length)
    {
        put.Things++;
        put.Context = context;
        put.Sync = sync;
        put.Length = length;
        if (TakesLast(frame))
        {
            Carry(ref put, frame);
        }
    }

    /// <inheritdoc/>
    public override bool NeedsRing(in PutUnderWay put)
    {
        // The last page is the one that may find the cache full.
        return !put.IsDirect || !TRules.CacheHasRoom(Header->Cached + put.Count - 1, _cacheSize);
    }

    /// <inheritdoc/>
    public override void Go(ref PutUnderWay put)
    {
        if (!CanTouch(put.Pool, put.Frames[0]))
        {
            put = default;
            return;
        }

        switch (put.Step)
        {
            case PutStep.Decide:
                Decide(ref put);
                break;
            case PutStep.Publish:
                Publish(ref put);
                break;
            case PutStep.Epilogue:
                EndPublish(ref put);
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(put), put.Step, "no put is under way");
        }
    }

    /// <summary>C.4.1: takes one pool reference; whether it was the last. 5.15 looks at the counter only where pages are cut into fragments.</summary>
    private bool TakesLast(int frame) => !TRules.HeedsFragments || !_countsFragments || DropReferences(frame, 1) == 0;

    /// <summary>A page that is in no place of the pool goes on with a put.</summary>
    private void Carry(ref PutUnderWay put, int frame)
    {
        put.Frames[put.Count++] = frame;
        put.Pool = TRules.PoolOf(Pages[frame].Pool, Header->Existing);
        put.Step = PutStep.Decide;
    }

    /// <summary>
    /// All steps after the first, for one page and with nobody in between. A put that can stop between its steps carries a list of
    /// pages for that, which cost more than the steps themselves (bench/README.md).
    /// </summary>
    private void PutOne(int frame, PutContext context, int sync, int length)
    {
        if (!CanTouch(TRules.PoolOf(Pages[frame].Pool, Header->Existing), frame)
            || !MayKeep(frame, TRules.BytesToSync(sync, _syncBytes, length))
            || (GoesIntoCache(context, things: 1) && EntersCache(frame)))
        {
            return;
        }

        if (Produce(frame))
        {
            Header->Counters.Ringed++;
        }
        else
        {
            GiveUp(frame);
        }
    }

    /// <summary>Second step, C.4.2-3: pages that others hold leave; the others are made clean for the device.</summary>
    private void Decide(ref PutUnderWay put)
    {
        int bytes = TRules.BytesToSync(put.Sync, _syncBytes, put.Length);
        int kept = 0;
        for (int place = 0; place < put.Count; place++)
        {
            int frame = put.Frames[place];
            if (MayKeep(frame, bytes))
            {
                put.Frames[kept++] = frame;
            }
        }

        Keep(ref put, kept);
        put.IsDirect = GoesIntoCache(put.Context, put.Things);
        put.Step = PutStep.Publish;
        if (kept == 0)
        {
            put = default;
        }
    }

    /// <summary>C.4.2-3: a page that others hold leaves; another is made clean for the device. Whether it stays.</summary>
    private bool MayKeep(int frame, int bytesToSync)
    {
        if (IsRecyclable(frame))
        {
            SyncForDevice(frame, bytesToSync);
            return true;
        }

        Header->Counters.ReleasedReference++;
        Leave(frame);
        return false;
    }

    /// <summary>C.4.2: whether what is put goes into the cache.</summary>
    private bool GoesIntoCache(PutContext context, int things)
    {
        bool callerSaysSo = context == PutContext.Direct || (context == PutContext.Elsewhere && !TRules.KeepsOthersOutOfCache);
        if (!_is612)
        {
            return callerSaysSo && things == 1;
        }

        return callerSaysSo || context == PutContext.DirectInProcess || (context == PutContext.Local && Header->RecyclesDirectly);
    }

    /// <summary>Third step, C.4.2: into the cache without a lock, else into the ring with the producer's.</summary>
    private void Publish(ref PutUnderWay put)
    {
        // Fast path: the pool's own processor owns the cache.
        if (put.IsDirect)
        {
            PublishInCache(ref put);
            if (put.Count == 0)
            {
                put = default;
                return;
            }
        }

        // Slow path: under the producer's lock, until a place is not empty.
        int produced = 0;
        while (produced < put.Count && Produce(put.Frames[produced]))
        {
            produced++;
        }

        for (int place = produced; place < put.Count; place++)
        {
            put.Frames[place - produced] = put.Frames[place];
        }

        Keep(ref put, put.Count - produced);
        put.Produced = (byte)produced;
        put.HoldsLock = put.Things == 1 || TRules.CountsBulkUnderLock;
        put.Step = PutStep.Epilogue;
        Header->ProducerInside = put.HoldsLock;
    }

    private void PublishInCache(ref PutUnderWay put)
    {
        int left = 0;
        for (int place = 0; place < put.Count; place++)
        {
            int frame = put.Frames[place];
            if (!EntersCache(frame))
            {
                put.Frames[left++] = frame;
            }
        }

        Keep(ref put, left);
    }

    /// <summary>A page goes into the cache; false, and counted, when that has no room.</summary>
    private bool EntersCache(int frame)
    {
        var header = Header;
        if (!TRules.CacheHasRoom(header->Cached, _cacheSize))
        {
            header->Counters.CacheFull++;
            return false;
        }

        header->Counters.Cached++;
        Push(frame);
        return true;
    }

    /// <summary>A page for which there is no place leaves.</summary>
    private void GiveUp(int frame)
    {
        Header->Counters.RingFull++;
        if (TRules.GivesUpWhenRingFull)
        {
            Leave(frame);
        }
    }

    /// <summary>
    /// Fourth step: what was produced can be consumed already, and be the pool's last page; so the pool may be touched only while
    /// the lock is held (D-27, D-28), or pages are still in hand.
    /// </summary>
    private void EndPublish(ref PutUnderWay put)
    {
        var header = Header;
        header->Counters.Ringed += put.Produced;
        if (put.HoldsLock)
        {
            header->ProducerInside = false;
        }

        for (int place = 0; place < put.Count; place++)
        {
            GiveUp(put.Frames[place]);
        }

        put = default;
    }

    /// <summary>The first pages stay in hand; places behind them are cleared, so that equal puts are equal bytes.</summary>
    private static void Keep(ref PutUnderWay put, int count)
    {
        for (int place = count; place < put.Count; place++)
        {
            put.Frames[place] = 0;
        }

        put.Count = (byte)count;
    }
}
