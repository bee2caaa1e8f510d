using RxVerify.Model.Vocabulary.Dqo;

namespace RxVerify.Implementation.Dqo;

/// <summary>
/// Puts a world into a described situation instead of leading it there: a queue that is up with nothing in flight, buffer
/// states on their lists, packets of one fragment in the stack. For an explorer that keeps descriptions, not snapshots.
/// </summary>
public sealed unsafe class DqoArrangement
{
    private const short End = -1;
    private readonly DqoWorld _world;
    private readonly byte[] _empty;
    private int _bottom;

    /// <summary>An arrangement of a world, which is left up and without a page.</summary>
    public DqoArrangement(DqoWorld world)
    {
        _world = world;
        world.State.Clear();
        world.Apply(DqoOperation.Create(DqoFault.Page));
        _empty = new byte[world.State.Size];
        world.State.Save(_empty);
    }

    /// <summary>To a queue that was created while there was no page: all buffer states free, in order.</summary>
    public void Empty() => _world.State.Restore(_empty);

    /// <summary>To a queue that is up, no buffer state of which is on a list; each has to be put somewhere.</summary>
    public void Begin()
    {
        Empty();
        _bottom = End;
        _world.Queue.Header->FreeTop = End;
    }

    /// <summary>Gives a buffer state a page.</summary>
    /// <param name="id">The state.</param>
    /// <param name="offset">Byte offset of its next chunk.</param>
    /// <param name="lastSingle">Byte offset of the chunk that was the only referenced one.</param>
    /// <param name="bias">References the driver believes to own.</param>
    /// <param name="paid">References it owns: the page count without the packets still to be added.</param>
    public void AddPage(int id, int offset, int lastSingle, int bias, int paid)
    {
        var memory = _world.Memory;
        var state = _world.Queue.StateArray + id;
        state->Frame = memory.Allocate(0, maySleep: false);
        state->Address = _world.Iommu.Map(state->Frame, 0);
        state->HasPage = true;
        state->Offset = offset;
        state->LastSingle = lastSingle;
        state->Bias = bias;
        memory.AddReferences(state->Frame, paid - 1);
    }

    /// <summary>The stack holds a packet in a chunk of a state's page.</summary>
    public void Hold(int id, int offset, int length) => HoldOn(_world.Queue.StateArray[id].Frame, offset, length);

    /// <summary>The stack holds so many packets on a page that the driver gave up.</summary>
    public void HoldOrphans(int packets, int length)
    {
        if (packets == 0)
        {
            return;
        }

        int frame = _world.Memory.Allocate(0, maySleep: false);
        for (int packet = 0; packet < packets; packet++)
        {
            HoldOn(frame, 0, length);
        }

        _world.Memory.Put(frame);
    }

    /// <summary>Puts a state at the tail of the recycled list.</summary>
    public void AddRecycled(int id)
    {
        var header = _world.Queue.Header;
        Append(ref header->RecycledHead, ref header->RecycledTail, id);
    }

    /// <summary>Puts a state at the tail of the used list.</summary>
    public void AddUsed(int id)
    {
        var header = _world.Queue.Header;
        Append(ref header->UsedHead, ref header->UsedTail, id);
        header->UsedCount++;
    }

    /// <summary>Puts a state at the bottom of the free stack.</summary>
    public void AddFree(int id)
    {
        var queue = _world.Queue;
        (_bottom == End ? ref queue.Header->FreeTop : ref queue.StateArray[_bottom].Next) = (short)id;
        queue.StateArray[id].Next = End;
        _bottom = id;
    }

    /// <summary>Posts a state's chunk and rings the doorbell.</summary>
    public void Post(int id)
    {
        var queue = _world.Queue;
        var header = queue.Header;
        var state = queue.StateArray + id;
        state->Next = (short)id;
        queue.PostRing[header->BufferTail] = new PostDescriptor { BufferId = (ushort)id, Address = state->Address + (ulong)(uint)state->Offset };
        header->BufferTail++;
        header->FreeCompletionSlots--;
        _world.Device.Doorbell(header->BufferTail);
    }

    private void Append(ref short head, ref short tail, int id)
    {
        _world.Queue.StateArray[id].Next = End;
        (tail == End ? ref head : ref _world.Queue.StateArray[tail].Next) = (short)id;
        tail = (short)id;
    }

    private void HoldOn(int frame, int offset, int length)
    {
        var stack = _world.Stack;
        int skb = stack.Allocate();
        _world.Memory.AddReferences(frame, 1);
        stack.AddFragment(skb, frame, offset, length);
        ref var packet = ref stack[skb];
        packet.FragmentsInAll = 1;
        packet.Length = length;
        stack.HandUp(skb);
    }
}
