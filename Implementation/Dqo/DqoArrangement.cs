using RxVerify.Implementation.Memory;
using RxVerify.Model.Vocabulary;
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
    private readonly int _chunkSize;
    private int _bottom;

    /// <summary>An arrangement of a world, which is left up and without a page.</summary>
    public DqoArrangement(DqoWorld world)
    {
        _world = world;
        _chunkSize = world.Configuration.ChunkSize;
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

    /// <summary>Gives a buffer state a page, some chunks of which readers hold.</summary>
    /// <param name="id">The state.</param>
    /// <param name="offset">Chunk that is, or will next be, posted.</param>
    /// <param name="lastSingle">Chunk that was the only referenced one.</param>
    /// <param name="bias">References the driver believes to own.</param>
    /// <param name="count">The page count.</param>
    /// <param name="heldOnChunks">References of readers on each chunk, as <see cref="HeldCounts"/>.</param>
    /// <param name="length">Bytes of each packet held.</param>
    public void AddPage(int id, int offset, int lastSingle, int bias, int count, uint heldOnChunks, int length)
    {
        int frame = _world.Memory.Arrange(count, 1, heldOnChunks);
        var state = _world.Queue.StateArray + id;
        *state = new BufferState
        {
            Address = Iommu.AddressOf(frame, 1),
            Frame = frame,
            Offset = offset * _chunkSize,
            LastSingle = lastSingle * _chunkSize,
            Bias = bias,
            HasPage = true,
        };
        for (int chunk = 0; heldOnChunks != 0; chunk++, heldOnChunks >>= HeldCounts.Bits)
        {
            for (uint held = heldOnChunks & HeldCounts.Mask; held > 0; held--)
            {
                _world.Stack.Arrange(frame, chunk * _chunkSize, length);
            }
        }
    }

    /// <summary>The stack holds so many packets on a page that the driver gave up.</summary>
    public void HoldOrphans(int packets, int length)
    {
        if (packets == 0)
        {
            return;
        }

        int frame = _world.Memory.Arrange(packets, 0, (uint)packets);
        for (int packet = 0; packet < packets; packet++)
        {
            _world.Stack.Arrange(frame, 0, length);
        }
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
}
