using RxVerify.Implementation.Memory;
using RxVerify.Model.Vocabulary.Mana;
using RxVerify.Model.Vocabulary.PagePool;
using RxVerify.StateMachines.Mana;

namespace RxVerify.Implementation.Mana;

/// <content>Building the queue and taking it down (B.4.6, B.4.7, B.4.8). The steps have the numbers of docs/mana.md, "Create".</content>
public sealed unsafe partial class ManaQueue<TRules, TPoolRules>
{
    private const int CreationSteps = 9;

    /// <inheritdoc/>
    public override int Create(bool hasProgram)
    {
        _machine.Fire(ManaQueueTrigger.Begin);
        Header->HasProgram = hasProgram;
        for (int step = 0; step < CreationSteps; step++)
        {
            if (_faults.Strikes((byte)ManaFault.Resource) || !Build(step))
            {
                _machine.Fire(ManaQueueTrigger.RunOutOfMemory);
                Undo(step);
                return ManaOutcome.OutOfMemory;
            }

            _machine.Fire((ManaQueueTrigger)((int)ManaQueueTrigger.MakeStructure + step));
        }

        return 0;
    }

    /// <inheritdoc/>
    public override int Teardown(bool deviceConfirms = true)
    {
        _machine.Fire(ManaQueueTrigger.TearDown);
        int buffers = GiveBack(deviceConfirms);
        ForgetQueue();
        return buffers;
    }

    /// <summary>One step of B.4.6; false when there is no buffer for a slot.</summary>
    private bool Build(int step)
    {
        switch (step)
        {
            case 0:
                Gain(ManaResource.Structure);
                break;
            case 1:
                Header->PoolPlusOne = _pools.Create(Header->HasProgram ? _programPool : _plainPool) + 1;
                return Header->PoolPlusOne != 0;
            case 2:
                return Fill();
            case 3:
                Gain(ManaResource.WorkQueue);
                new Span<ManaWorkQueueEntry>(WorkQueue, _size).Clear();
                break;
            case 4:
                Gain(ManaResource.CompletionQueue);
                new Span<ManaCompletion>(CompletionQueue, _completions).Clear();
                Header->CompletionHead = (uint)_completions;
                break;
            case 5:
                Gain(ManaResource.WorkQueueObject);
                _device.Start();
                break;
            case 6:
                PostAll();
                break;
            case 7:
                Gain(ManaResource.XdpRegistration);
                LivePool.Register();
                break;
            default:
                Gain(ManaResource.Napi);
                break;
        }

        return true;
    }

    /// <summary>Second step: a buffer for each slot, from those allocated before, the last first, else a fresh one.</summary>
    private bool Fill()
    {
        for (int slot = 0; slot < _size; slot++)
        {
            bool isFilled = !_faults.Strikes(NoBufferFault)
                && (_prepared.Count > 0 ? _prepared.Take(Slots + slot, Layout) : Refill(Slots + slot, Layout, LivePool, PutContext.Elsewhere));
            if (!isFilled)
            {
                return false;
            }
        }

        return true;
    }

    private void PostAll()
    {
        for (int slot = 0; slot < _size; slot++)
        {
            Post(slot, Layout);
        }

        Ring();
    }

    /// <summary>A step of creation failed. The first one leaves nothing.</summary>
    private void Undo(int failedStep)
    {
        if (failedStep > 0)
        {
            GiveBack(deviceConfirms: true);
            if (!TRules.UndoesWhatWasDone)
            {
                // As was published: through a pointer into the structure that is gone.
                Lose(ManaResource.CompletionQueue);
            }
        }

        ForgetQueue();
    }

    /// <summary>B.4.7, which a failed creation uses for what there is. Returns slots that had a buffer.</summary>
    private int GiveBack(bool deviceConfirms)
    {
        if (Has(ManaResource.Napi))
        {
            Lose(ManaResource.Napi);
        }

        Unregister();
        if (MustLose(ManaResource.WorkQueueObject))
        {
            Lose(ManaResource.WorkQueueObject);
            if (deviceConfirms)
            {
                _device.Stop();
            }
        }

        if (Has(ManaResource.CompletionQueue))
        {
            Lose(ManaResource.CompletionQueue);
        }

        if (Header->SavedPlusOne != 0)
        {
            _memory.Put(SavedFrame);
        }

        int buffers = GiveBuffersBack();
        if (Has(ManaResource.WorkQueue))
        {
            Lose(ManaResource.WorkQueue);
        }

        Lose(ManaResource.Structure);
        return buffers;
    }

    /// <summary>B.4.7.2: the pool loses its second user.</summary>
    private void Unregister()
    {
        bool isRegistered = Has(ManaResource.XdpRegistration);
        if (MustLose(ManaResource.XdpRegistration))
        {
            Lose(ManaResource.XdpRegistration);
        }

        if (isRegistered)
        {
            LivePool.Destroy();
        }
    }

    /// <summary>B.4.7.6-7: the buffers, and then the pool, which waits for pages that others hold.</summary>
    private int GiveBuffersBack()
    {
        if (Header->PoolPlusOne == 0)
        {
            return 0;
        }

        if (!TRules.GivesBuffersBackFirst)
        {
            LivePool.Destroy();
        }

        int buffers = 0;
        for (int slot = 0; slot < _size; slot++)
        {
            if (Slots[slot].HasBuffer)
            {
                GiveBack(Slots[slot]);
                buffers++;
            }
        }

        if (TRules.GivesBuffersBackFirst)
        {
            LivePool.Destroy();
        }

        _pools.Leave(Header->PoolPlusOne - 1);
        return buffers;
    }

    private void GiveBack(in SlotBuffer buffer)
    {
        bool isWhole = !Layout.IsFragmented;
        if (TRules.UnmapsAtTeardown(isWhole, buffer.IsFromPool))
        {
            _iommu.Unmap(buffer.Address, Layout.DataSize);
        }

        if (!TRules.ReturnsToPoolAtTeardown(isWhole, buffer.IsFromPool))
        {
            _memory.Put(buffer.Frame);
        }
        else if (isWhole)
        {
            LivePool.Put(buffer.Frame, PutContext.Elsewhere, 0);
        }
        else
        {
            LivePool.Put(buffer.Frame, PutContext.DirectInProcess, 0, Layout.AllocSize);
        }
    }

    /// <summary>Nothing of the queue remains but its statistics.</summary>
    private void ForgetQueue()
    {
        new Span<SlotBuffer>(Slots, _size).Clear();
        *Header = new ManaQueueHeader { Counters = Header->Counters, State = Header->State };
        _machine.Fire(ManaQueueTrigger.Finish);
    }

    /// <summary>Whether a step of B.4.7 is taken: when there is something to undo, or, as was published, always (B.7 #8).</summary>
    private bool MustLose(ManaResource resource) => Has(resource) || !TRules.UndoesWhatWasDone;

    private void Gain(ManaResource resource) => Header->Resources |= (byte)(1 << (int)resource);

    /// <summary>Something of the queue's own is given back; a trap when the queue does not have it, or is not there itself.</summary>
    private void Lose(ManaResource resource)
    {
        if (!Has(resource) || !Has(ManaResource.Structure))
        {
            _memory.Catch(TrapKind.ResourceNotHeld, -1, (int)resource, 0);
        }

        Header->Resources &= (byte)~(1 << (int)resource);
    }
}
