using RxVerify.Implementation.Memory;
using RxVerify.Model.Vocabulary.Dqo;
using RxVerify.StateMachines.Dqo;

namespace RxVerify.Implementation.Dqo;

/// <content>Building the queue and taking it down (A.5.8).</content>
public sealed unsafe partial class DqoQueue<TRules, TInBetween>
{
    /// <inheritdoc/>
    public override int Create()
    {
        _machine.Fire(DqoQueueTrigger.Build);
        for (int step = 0; step < StepsOfMemory; step++)
        {
            if (_faults.Strikes((byte)DqoFault.Ring))
            {
                _machine.Fire(DqoQueueTrigger.RunOutOfMemory);
                return DqoOutcome.OutOfMemory;
            }
        }

        ClearRings();
        var header = Header;
        header->FreeCompletionSlots = _configuration.CompletionSlots;
        header->BufferHead = header->BufferTail = header->CompletionHead = header->OldGeneration = 0;
        header->UsedCount = header->UnreplenishedPlusOne = header->UnclassifiedPlusOne = header->PagesOfListTaken = 0;
        header->RecycledHead = header->RecycledTail = header->UsedHead = header->UsedTail = End;
        header->IsDropping = header->TimerArmed = false;
        ForgetPartialPacket();
        LinkFreeStack();
        RegisterPageList();
        _device.Start();
        _machine.Fire(DqoQueueTrigger.Start);
        return Refill(int.MaxValue);
    }

    /// <inheritdoc/>
    public override int Teardown(bool adminFails)
    {
        _machine.Fire(DqoQueueTrigger.TearDown);

        // Deleting the NAPI frees the packet under assembly, which hangs on it.
        if (_stack.NapiSkb != NetworkStack.None)
        {
            _stack.Free(_stack.NapiSkb);
            _stack.NapiSkb = NetworkStack.None;
        }

        int withPage = 0;
        if (TRules.StopsDeviceFirst)
        {
            StopDevice(adminFails);
            _inBetween.DuringTeardown();
            withPage = FreePages();
        }
        else
        {
            withPage = FreePages();
            _inBetween.DuringTeardown();
            StopDevice(adminFails);
        }

        ForgetPartialPacket();
        _machine.Fire(DqoQueueTrigger.Finish);
        Header->TimerArmed = false;
        return withPage;
    }

    /// <summary>The device gives up the queue when told to, and otherwise when it is reset.</summary>
    private void StopDevice(bool adminFails)
    {
        if (adminFails)
        {
            _device.Reset();
        }
        else
        {
            _device.Stop();
        }
    }

    /// <summary>State array, completion ring, buffer ring, queue resources; and the page list where there is one (A.5.8, A.9.2).</summary>
    private int StepsOfMemory => _configuration.QueuePageList ? 5 : 4;

    private void ClearRings()
    {
        new Span<PostDescriptor>(PostRing, _configuration.BufferSlots).Clear();
        new Span<CompletionDescriptor>(CompletionRing, _configuration.CompletionSlots).Clear();
        new Span<BufferState>(StateArray, _states).Clear();
    }

    private void LinkFreeStack()
    {
        Header->FreeTop = 0;
        for (int id = 0; id < _states; id++)
        {
            StateArray[id].Next = (short)(id + 1 < _states ? id + 1 : End);
        }
    }

    private void RegisterPageList()
    {
        for (int page = 0; _configuration.QueuePageList && page < _states; page++)
        {
            int frame = _memory.Allocate((byte)DqoFault.None, maySleep: false);
            PageList[page] = new ListedPage { Frame = frame, Address = _iommu.Map(frame, (byte)DqoFault.None) };
        }
    }

    private int FreePages()
    {
        int withPage = 0;
        for (int id = 0; id < _states; id++)
        {
            if (StateArray[id].HasPage)
            {
                DetachPage(StateArray + id);
                withPage++;
            }
        }

        for (int page = 0; _configuration.QueuePageList && page < _states; page++)
        {
            _iommu.Unmap(PageList[page].Address);
            _memory.Put(PageList[page].Frame);
        }

        return withPage;
    }
}
