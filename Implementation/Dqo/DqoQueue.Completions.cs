using System.Runtime.CompilerServices;
using RxVerify.Implementation.Memory;
using RxVerify.Model.Vocabulary.Dqo;

namespace RxVerify.Implementation.Dqo;

/// <content>One completion: checks, packet assembly, classification (A.5.3-5).</content>
public sealed unsafe partial class DqoQueue<TRules, TInBetween>
{
    private enum Result
    {
        /// <summary>The buffer was used or dropped as it should be.</summary>
        Done,

        /// <summary>Memory is missing (-ENOMEM).</summary>
        NoMemory,

        /// <summary>The completion is refused, but a buffer came back (-EINVAL).</summary>
        Refused,

        /// <summary>The completion is refused, and no buffer came back (-EINVAL, A-D8).</summary>
        NoBuffer,
    }

    /// <summary>A.5.5: what one completion brings.</summary>
    private Result Consume(in CompletionDescriptor completion)
    {
        int id = completion.BufferId;
        if (!TRules.IdExists(id, _states))
        {
            return Result.NoBuffer;
        }

        var state = StateAt(id);
        if (TRules.RefusesUnposted && state->Next != id)
        {
            return Result.NoBuffer;
        }

        int length = completion.Length;
        if (completion.Error || (TRules.ChecksLength && length > _chunkSize))
        {
            if (TRules.AdvancesAfterError)
            {
                state->Offset = TRules.NextOffset(state->Offset, _chunkSize, _pageSize);
            }

            EnqueueRecycled(id);
            return Result.Refused;
        }

        if (Header->IsDropping)
        {
            EnqueueRecycled(id);
            return Result.Done;
        }

        _iommu.SyncForProcessor(state->Address, state->Offset, TRules.BytesToSync(length));
        bool taken = Header->SkbHead != NetworkStack.None
            ? Append(id, state, length)
            : completion.EndOfPacket && length <= _copybreak
                ? Copy(id, state, length)
                : Begin(id, state, length);
        if (!taken)
        {
            EnqueueRecycled(id);
            return Result.NoMemory;
        }

        return Result.Done;
    }

    /// <summary>A.5.5.6.1: a short packet leaves its chunk at once, so nothing about the buffer changes.</summary>
    private bool Copy(int id, BufferState* state, int length)
    {
        if (TRules.PrefetchesBusAddress)
        {
            Prefetch(state->Address + (ulong)(uint)state->Offset);
        }

        int skb = _stack.Allocate();
        if (skb == NetworkStack.None)
        {
            return false;
        }

        byte* bytes = _memory.ProcessorAccess(state->Frame, state->Offset, length);
        if (bytes != null)
        {
            Unsafe.CopyBlock(_stack.LinearOf(skb), bytes, (uint)length);
        }

        ref var copy = ref _stack[skb];
        copy.LinearLength = length;
        copy.Length = length;
        copy.Truesize = length;
        Header->SkbHead = skb;
        Header->SkbTail = skb;
        Header->Counters.Copied++;
        if (TRules.ClassifiesAfterCopy)
        {
            Classify(id, state, Outstanding(state));
        }
        else
        {
            EnqueueRecycled(id);
        }

        return true;
    }

    /// <summary>A.5.5.6.2: the first buffer of a packet.</summary>
    private bool Begin(int id, BufferState* state, int length)
    {
        if (TRules.PrefetchesBusAddress)
        {
            Prefetch(state->Address + (ulong)(uint)state->Offset);
        }

        int skb = _stack.NapiGetFragments();
        if (skb == NetworkStack.None)
        {
            return false;
        }

        // The packet is under assembly from here on: the NAPI keeps the skb, and an error has to free it.
        Header->SkbHead = skb;
        Header->SkbTail = skb;
        return Lend(id, state, skb, length);
    }

    /// <summary>A.5.4: a further buffer of a packet.</summary>
    private bool Append(int id, BufferState* state, int length)
    {
        int tail = Header->SkbTail;
        if (_stack[tail].Fragments == _stack.FragmentsMax)
        {
            int extra = _stack.Allocate();
            if (extra == NetworkStack.None)
            {
                return false;
            }

            if (tail == Header->SkbHead || TRules.NestsExtraSkbs)
            {
                _stack[tail].FragList = extra;
            }
            else
            {
                _stack[tail].Next = extra;
            }

            Header->SkbTail = extra;
            tail = extra;
        }

        return Lend(id, state, tail, length);
    }

    /// <summary>A.5.4.3, A.9.3: the chunk, or a copy of it, becomes a fragment of the packet.</summary>
    private bool Lend(int id, BufferState* state, int skb, int length)
    {
        if (_hasPageList && TRules.CopiesOnDemand(Header->UsedCount, _states, _configuration.CopyThreshold))
        {
            return LendCopy(id, state, skb, length);
        }

        AddFragment(skb, state->Frame, state->Offset, length, _chunkSize);
        if (!TRules.ClassifiesBeforeHandUp)
        {
            PayReference(id, state);
            Header->UnclassifiedPlusOne = id + 1;
        }
        else if (TRules.CountsAfterPaying)
        {
            PayReference(id, state);
            Classify(id, state, Outstanding(state));
        }
        else
        {
            int before = Outstanding(state);
            PayReference(id, state);
            Classify(id, state, before);
        }

        return true;
    }

    /// <summary>A.9.3: the stack must not pin the last pages of a fixed list, so the bytes move to a page that is the packet's own.</summary>
    private bool LendCopy(int id, BufferState* state, int skb, int length)
    {
        int frame = _memory.Allocate((byte)DqoFault.CopyPage, maySleep: false);
        if (frame < 0)
        {
            return false;
        }

        byte* bytes = _memory.ProcessorAccess(state->Frame, state->Offset, length);
        byte* copy = _memory.ProcessorAccess(frame, 0, length);
        if (bytes != null && copy != null)
        {
            Unsafe.CopyBlock(copy, bytes, (uint)length);
        }

        AddFragment(skb, frame, 0, length, _pageSize);
        Header->Counters.CopiedOnDemand++;
        EnqueueRecycled(id);
        return true;
    }

    private void AddFragment(int skb, int frame, int offset, int length, int truesize)
    {
        _stack.AddFragment(skb, frame, offset, length);
        ref var head = ref _stack[Header->SkbHead];
        head.Length += length;
        head.Truesize += truesize;
        head.FragmentsInAll++;
    }

    /// <summary>A.5.3: where a state waits after its chunk was handed up.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Classify(int id, BufferState* state, int outstanding)
    {
        if (2 * _chunkSize > _pageSize)
        {
            EnqueueUsed(id);
            return;
        }

        if (TRules.IsOnlyReference(outstanding))
        {
            state->LastSingle = state->Offset;
        }

        state->Offset = TRules.NextOffset(state->Offset, _chunkSize, _pageSize);
        if (TRules.MustWait(state->Offset, state->LastSingle))
        {
            EnqueueUsed(id);
        }
        else
        {
            EnqueueRecycled(id);
        }
    }

    /// <summary>A-D3: a prefetch touches the address it is given.</summary>
    private void Prefetch(ulong address)
    {
        if (Iommu.IsBusAddress(address))
        {
            _memory.Catch(TrapKind.BusAddressUsedByProcessor, Iommu.FrameOf(address), 0, 0);
        }
    }
}
