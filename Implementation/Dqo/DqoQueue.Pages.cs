using System.Runtime.CompilerServices;
using RxVerify.Implementation.Memory;
using RxVerify.Model.Vocabulary.Dqo;

namespace RxVerify.Implementation.Dqo;

/// <content>Pages of buffer states and their references (A.4.1, A.4.7-9).</content>
public sealed unsafe partial class DqoQueue<TRules, TInBetween>
{
    /// <summary>A.4.1: references held outside the driver. Right modulo 2^32, also when the count has wrapped (A-D11).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private int Outstanding(BufferState* state) => CountOf(state) - state->Bias;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private int CountOf(BufferState* state)
    {
        _inBetween.BeforeCountRead(state->Frame);
        return _memory.References(state->Frame);
    }

    /// <summary>A.4.7, or A.9.2 with a queue page list: gives a state a page. False when there is none or it cannot be mapped.</summary>
    private bool AttachPage(BufferState* state)
    {
        if (_configuration.QueuePageList)
        {
            var listed = PageList[Header->PagesOfListTaken++];
            Adopt(state, listed.Frame, listed.Address);
            return true;
        }

        int allocated = _memory.Allocate((byte)DqoFault.Page, TRules.AllocatesSleeping);
        if (allocated < 0)
        {
            Header->Counters.PageFailures++;
            state->HasPage = false;
            return false;
        }

        int frame = TRules.PageFor(allocated, Header->LastFrame);
        ulong address = _iommu.Map(frame, (byte)DqoFault.Mapping);
        state->Frame = frame;
        if (address == Iommu.MappingError)
        {
            Header->Counters.MappingFailures++;
            _memory.Put(frame);
            state->HasPage = !TRules.ForgetsUnmappedPage;
            return false;
        }

        Header->LastFrame = frame;
        Adopt(state, frame, address);
        return true;
    }

    /// <summary>A.4.7.3-4: the page becomes the state's, and the references for the stack are paid in advance.</summary>
    private void Adopt(BufferState* state, int frame, ulong address)
    {
        state->HasPage = true;
        state->Frame = frame;
        state->Address = TRules.AddressFor(address, state->Address);
        state->Offset = 0;
        state->LastSingle = 0;
        _memory.AddReferences(frame, _configuration.BiasLimit - 1);
        state->Bias = _configuration.BiasLimit;
    }

    /// <summary>A.4.8: gives up a state's page; what the stack still references lives on as an ordinary page.</summary>
    private void DetachPage(BufferState* state)
    {
        _memory.AddReferences(state->Frame, -TRules.ReferencesToReturn(state->Bias));
        if (!_configuration.QueuePageList)
        {
            _iommu.Unmap(state->Address);
            _memory.Put(state->Frame);
        }

        state->HasPage = false;
    }

    /// <summary>A.4.9: a reference that was paid in advance changes owner; at the last one, more are paid.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void PayReference(int id, BufferState* state)
    {
        if (--state->Bias != 0)
        {
            return;
        }

        if (TRules.ReplenishesBeforeHandUp)
        {
            Replenish(state);
        }
        else
        {
            Header->UnreplenishedPlusOne = id + 1;
        }
    }

    private void Replenish(BufferState* state)
    {
        int count = CountOf(state);
        _memory.AddReferences(state->Frame, TRules.ReferencesToAdd(_configuration.BiasLimit, count));
        state->Bias = _configuration.BiasLimit - count;
    }
}
