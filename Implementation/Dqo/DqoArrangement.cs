using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using RxVerify.Implementation.Memory;
using RxVerify.Model.Vocabulary;
using RxVerify.Model.Vocabulary.Dqo;

namespace RxVerify.Implementation.Dqo;

/// <summary>
/// Puts a world into a described situation instead of leading it there: a queue that is up with nothing in flight, buffer
/// states on their lists, packets of one fragment in the stack. For an explorer that keeps descriptions, not snapshots.
/// </summary>
/// <remarks>
/// The situation is built in a world of its own, which no driver ever runs in: so it is there to return to after each step, and what a step
/// changed is seen by comparing.
/// </remarks>
public sealed unsafe class DqoArrangement
{
    private const short End = -1;

    // All bits of what is compared of a state, and none of its link.
    private static readonly Vector256<byte> OfPage = Unsafe.BitCast<BufferState, Vector256<byte>>(
        new BufferState { Frame = -1, Offset = -1, Bias = -1, LastSingle = -1, HasPage = true });

    private readonly DqoWorld _world;
    private readonly DqoWorld _home;
    private readonly byte[] _empty;
    private readonly int _chunkSize;
    private readonly int _states;
    private int _bottom;

    /// <summary>Arrangements of a world.</summary>
    /// <param name="world">The world.</param>
    /// <param name="home">One with the same configuration, in which they are built.</param>
    public DqoArrangement(DqoWorld world, DqoWorld home)
    {
        (_world, _home) = (world, home);
        _states = world.Configuration.BufferStates;
        _chunkSize = world.Configuration.ChunkSize;
        home.State.Clear();
        home.Apply(DqoOperation.Create(DqoFault.Page));
        _empty = new byte[home.State.Size];
        home.State.Save(_empty);
    }

    /// <summary>Frames that belong to buffer states in the situation, a bit each, modulo 64.</summary>
    public ulong Attached { get; private set; }

    /// <summary>Describes a queue that was created while there was no page: all buffer states free, in order.</summary>
    public void Empty()
    {
        _home.State.Restore(_empty);
        Attached = 0;
    }

    /// <summary>Describes a queue that is up, no buffer state of which is on a list; each has to be put somewhere.</summary>
    public void Begin()
    {
        Empty();
        _bottom = End;
        _home.Queue.Header->FreeTop = End;
    }

    /// <summary>Brings the world into the situation described.</summary>
    public void Bring()
    {
        _world.State.Restore(_home.State.Bytes);
        _world.Memory.ForgetTouched();
    }

    /// <summary>Takes the world's present situation as the one described.</summary>
    public void Take()
    {
        _home.State.Restore(_world.State.Bytes);
        _world.Memory.ForgetTouched();
        Attached = 0;
        foreach (ref readonly var state in _home.Queue.States)
        {
            Attached |= state.HasPage ? 1ul << state.Frame : 0;
        }
    }

    /// <summary>
    /// The buffer states, a bit each, that do not have the same page at the same place as in the situation described, or to whose page
    /// anything happened.
    /// </summary>
    public uint Changed()
    {
        ulong touched = _world.Memory.Touched;
        var now = _world.Queue.StateArray;
        var then = _home.Queue.StateArray;
        uint changed = 0;
        for (int id = 0; id < _states; id++)
        {
            var difference = Vector256.Load((byte*)(now + id)) ^ Vector256.Load((byte*)(then + id));
            uint isOther = (difference & OfPage) == Vector256<byte>.Zero ? 0u : 1u;
            uint isTouched = now[id].HasPage ? (uint)(touched >> now[id].Frame) & 1 : 0;
            changed |= (isOther | isTouched) << id;
        }

        return changed;
    }

    /// <summary>The frames, a bit each, modulo 64, of the pages that some buffer states have, or had in the situation described.</summary>
    /// <param name="ids">The buffer states, a bit each.</param>
    public ulong FramesOf(uint ids)
    {
        ulong frames = 0;
        for (; ids != 0; ids &= ids - 1)
        {
            int id = BitOperations.TrailingZeroCount(ids);
            frames |= FrameOf(_home.Queue.StateArray + id) | FrameOf(_world.Queue.StateArray + id);
        }

        return frames;

        static ulong FrameOf(BufferState* state) => state->HasPage ? 1ul << state->Frame : 0;
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
        int frame = _home.Memory.Arrange(count, 1, heldOnChunks);
        Attached |= 1ul << frame;
        var state = _home.Queue.StateArray + id;
        state->Address = Iommu.AddressOf(frame, 1);
        state->Frame = frame;
        state->Offset = offset * _chunkSize;
        state->LastSingle = lastSingle * _chunkSize;
        state->Bias = bias;
        state->HasPage = true;
        for (int chunk = 0; heldOnChunks != 0; chunk++, heldOnChunks >>= HeldCounts.Bits)
        {
            for (uint held = heldOnChunks & HeldCounts.Mask; held > 0; held--)
            {
                _home.Stack.Arrange(frame, chunk * _chunkSize, length);
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

        int frame = _home.Memory.Arrange(packets, 0, (uint)packets);
        for (int packet = 0; packet < packets; packet++)
        {
            _home.Stack.Arrange(frame, 0, length);
        }
    }

    /// <summary>Puts a state at the tail of the recycled list.</summary>
    public void AddRecycled(int id)
    {
        var header = _home.Queue.Header;
        Append(ref header->RecycledHead, ref header->RecycledTail, id);
    }

    /// <summary>Puts a state at the tail of the used list.</summary>
    public void AddUsed(int id)
    {
        var header = _home.Queue.Header;
        Append(ref header->UsedHead, ref header->UsedTail, id);
        header->UsedCount++;
    }

    /// <summary>Puts a state at the bottom of the free stack.</summary>
    public void AddFree(int id)
    {
        var queue = _home.Queue;
        (_bottom == End ? ref queue.Header->FreeTop : ref queue.StateArray[_bottom].Next) = (short)id;
        queue.StateArray[id].Next = End;
        _bottom = id;
    }

    /// <summary>Posts a state's chunk; <see cref="Ring"/> has to follow.</summary>
    public void Post(int id)
    {
        var queue = _home.Queue;
        var header = queue.Header;
        var state = queue.StateArray + id;
        state->Next = (short)id;
        queue.PostRing[header->BufferTail] = new PostDescriptor { BufferId = (ushort)id, Address = state->Address + (ulong)(uint)state->Offset };
        header->BufferTail++;
        header->FreeCompletionSlots--;
    }

    /// <summary>Rings the doorbell for all that was posted.</summary>
    public void Ring() => _home.Device.Doorbell(_home.Queue.Header->BufferTail);

    private void Append(ref short head, ref short tail, int id)
    {
        _home.Queue.StateArray[id].Next = End;
        (tail == End ? ref head : ref _home.Queue.StateArray[tail].Next) = (short)id;
        tail = (short)id;
    }
}
