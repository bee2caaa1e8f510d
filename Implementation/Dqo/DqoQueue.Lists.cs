using System.Runtime.CompilerServices;
using RxVerify.Implementation.Memory;

namespace RxVerify.Implementation.Dqo;

/// <content>The free stack and the two FIFOs (A.4.2-6).</content>
public sealed unsafe partial class DqoQueue<TRules, TInBetween>
{
    private const short End = -1;

    /// <summary>The state at an index; one outside the array is caught, as a kernel address sanitizer would.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private BufferState* StateAt(int id)
    {
        if ((uint)id < (uint)_states)
        {
            return StateArray + id;
        }

        _memory.Catch(TrapKind.OutOfBounds, -1, id, 0);
        return StateArray + _states;
    }

    /// <summary>A.4.2: takes a state from the free stack, or -1.</summary>
    private int PopFree()
    {
        short top = Header->FreeTop;
        if (top == End)
        {
            return End;
        }

        var state = StateAt(top);
        Header->FreeTop = state->Next;
        state->Next = top;
        return top;
    }

    /// <summary>A.4.3: gives a state back to the free stack; its page must be detached.</summary>
    private void PushFree(int id)
    {
        StateAt(id)->Next = Header->FreeTop;
        Header->FreeTop = (short)id;
    }

    /// <summary>A.4.4 on the recycled list.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private int DequeueRecycled() => Dequeue(ref Header->RecycledHead, ref Header->RecycledTail);

    /// <summary>A.4.5 on the recycled list.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void EnqueueRecycled(int id) => Enqueue(ref Header->RecycledHead, ref Header->RecycledTail, id);

    /// <summary>A.4.4 on the used list, which is counted (A.9.3).</summary>
    private int DequeueUsed()
    {
        int id = Dequeue(ref Header->UsedHead, ref Header->UsedTail);
        if (id != End && TRules.UncountsTakenStates)
        {
            Header->UsedCount--;
        }

        return id;
    }

    /// <summary>A.4.5 on the used list.</summary>
    private void EnqueueUsed(int id)
    {
        Enqueue(ref Header->UsedHead, ref Header->UsedTail, id);
        Header->UsedCount++;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private int Dequeue(ref short head, ref short tail)
    {
        short id = head;
        if (id == End)
        {
            return End;
        }

        var state = StateAt(id);
        short next = state->Next;
        head = next;
        if (next == End)
        {
            tail = End;
        }

        state->Next = id;
        return id;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Enqueue(ref short head, ref short tail, int id)
    {
        StateAt(id)->Next = End;
        if (tail == End)
        {
            head = (short)id;
        }
        else
        {
            StateAt(tail)->Next = (short)id;
        }

        tail = (short)id;
    }
}
