namespace RxVerify.Implementation.PagePool;

/// <content>Creating and sharing a pool, and destroying it step by step as docs/pool.md numbers them (C.1, C.5).</content>
public sealed unsafe partial class Pool<TRules>
{
    /// <inheritdoc/>
    public override void Create()
    {
        int number = Header->Created == 0 ? _place + 1 : Header->Created + _pools;
        *Header = new PoolHeader
        {
            Created = number,
            Existing = number,
            Users = 1,
            RecyclesDirectly = _is612,
            Syncs = Configuration.Syncs,
        };
        new Span<int>(Cache, _cacheSize).Clear();
        new Span<int>(Ring, RingSlots).Clear();
    }

    /// <inheritdoc/>
    public override void MoveTo(int node)
    {
        if (!CanTouch(Header->Existing, None))
        {
            return;
        }

        Header->Node = node;
        EmptyCache();
    }

    /// <inheritdoc/>
    public override void Register()
    {
        if (CanTouch(Header->Existing, None))
        {
            Header->Users += TRules.CountsSecondUser ? 1 : 0;
        }
    }

    /// <inheritdoc/>
    public override void Destroy()
    {
        BeginDestroy();
        Finish();
    }

    /// <inheritdoc/>
    public override void Retry()
    {
        BeginRetry();
        Finish();
    }

    /// <inheritdoc/>
    public override void BeginDestroy()
    {
        var header = Header;
        if (!CanTouch(header->Existing, None) || --header->Users > 0)
        {
            return;
        }

        header->RecyclesDirectly &= !TRules.EndsDirectRecycling;
        header->Step = DestroyStep.CurrentPage;
    }

    /// <inheritdoc/>
    public override void BeginRetry()
    {
        Header->HasRetry = false;
        Header->Step = DestroyStep.Scrub;
        GoDestroy();
    }

    /// <inheritdoc/>
    public override bool MayDo(DestroyStep step, bool directPutIsDecided) => step switch
    {
        DestroyStep.Idle => false,
        DestroyStep.CurrentPage => !directPutIsDecided || !TRules.WaitsForDirectPuts,
        DestroyStep.Lock => !Header->ProducerInside || !TRules.WaitsForProducers,
        _ => true,
    };

    /// <inheritdoc/>
    public override void GoDestroy()
    {
        var header = Header;
        if (!CanTouch(header->Existing, None))
        {
            header->Step = DestroyStep.Idle;
            return;
        }

        switch (header->Step)
        {
            case DestroyStep.CurrentPage:
                DropCurrent();
                break;
            case DestroyStep.Scrub:
                Scrub();
                break;
            case DestroyStep.Ring:
                EmptyRing();
                break;
            case DestroyStep.Inflight:
                header->Inflight = Inflight;
                break;
            case DestroyStep.Lock:
                // MayDo was the wait: nobody is inside whom the pool's end could surprise.
                break;
            case DestroyStep.FreeOrWait:
                FreeOrWait();
                return;
            default:
                throw new InvalidOperationException("no destruction is under way");
        }

        header->Step++;
    }

    private void Finish()
    {
        while (Header->Step != DestroyStep.Idle)
        {
            GoDestroy();
        }
    }

    /// <summary>Second step: the bias of the page being cut goes back, and with the last reference the page.</summary>
    private void DropCurrent()
    {
        int frame = Current;
        if (frame < 0 || !TRules.DropsCurrentPage)
        {
            return;
        }

        long users = Header->CurrentUsers;
        if (TRules.ForgetsDroppedPage)
        {
            ForgetCurrent();
        }

        if (DropReferences(frame, TRules.ReferencesToDrain(_bias, users)) == 0)
        {
            Leave(frame);
        }
    }

    /// <summary>Third step. The cache belongs to a processor that has left, so only the first scrub may touch it.</summary>
    private void Scrub()
    {
        var header = Header;
        if (header->Destroys++ > 0)
        {
            return;
        }

        EmptyCache();
        if (!_is612)
        {
            return;
        }

        header->Syncs = false;
        for (int frame = 0; TRules.UnmapsPagesOutside && frame < _memory.FramesUsed; frame++)
        {
            // The ring's pages are in the index too, and are unmapped here, before they leave.
            if (Pages[frame].Pool == header->Existing)
            {
                Unmap(frame);
            }
        }
    }

    /// <summary>The last in leaves first.</summary>
    private void EmptyCache()
    {
        while (Header->Cached > 0)
        {
            Leave(Pop());
        }
    }

    /// <summary>Fourth step.</summary>
    private void EmptyRing()
    {
        for (int place = 0; place < RingSlots; place++)
        {
            int frame = Consume();
            if (frame < 0)
            {
                return;
            }

            Leave(frame);
        }
    }

    /// <summary>Seventh step, decided by the count of the fifth: a producer that was inside since then had nothing left to give up.</summary>
    private void FreeOrWait()
    {
        var header = Header;
        header->Step = DestroyStep.Idle;
        if (TRules.MayBeFreed(header->Inflight))
        {
            header->Existing = 0;
            header->RecyclesDirectly = header->Syncs = header->ProducerInside = false;
            return;
        }

        header->HasRetry = TRules.LooksAgain(header->Inflight);
    }
}
