using RxVerify.Explorer;
using RxVerify.Implementation.Dqo;
using RxVerify.Implementation.Memory;
using RxVerify.Model.Dqo;
using RxVerify.Model.Vocabulary;

namespace RxVerify.Properties.Dqo;

/// <summary>
/// The core's state as it is found in a world: offsets, biases and lists in the driver's memory, counts in the page frames,
/// references where the stack holds them. What is no state of the core at all breaks a claim.
/// </summary>
public sealed class DqoCoreView
{
    private const int ReciprocalShift = 32;
    private readonly DqoQueue _queue;
    private readonly PhysicalMemory _memory;
    private readonly NetworkStack _stack;
    private readonly DqoDevice _device;
    private readonly DqoCoreConfiguration _core;
    private readonly int _chunkSize;
    private readonly ulong _reciprocal;

    private readonly bool _balances;

    /// <summary>A view of a world.</summary>
    /// <param name="world">The world.</param>
    /// <param name="core">The constants.</param>
    /// <param name="balances">Whether a page count that is not the bias and the references breaks a claim (I4).</param>
    public DqoCoreView(DqoWorld world, DqoCoreConfiguration core, bool balances)
    {
        (_core, _balances) = (core, balances);
        (_queue, _memory, _stack, _device) = (world.Queue, world.Memory, world.Stack, world.Device);
        _chunkSize = world.Configuration.ChunkSize;
        _reciprocal = ((1ul << ReciprocalShift) / (uint)_chunkSize) + 1;
    }

    /// <summary>Reads the present state. Returns what is wrong with it (I1, I3, I4, a wrong access), or null.</summary>
    public Problem? Read(DqoCoreState state)
    {
        var trap = _memory.Trap;
        if (trap.Kind != TrapKind.None)
        {
            return new Problem(DqoClaims.BrokenBy(trap.Kind).Id, trap.ToString());
        }

        return ReadPages(state) ?? ReadLists(state);
    }

    /// <summary>The place of a held packet on a chunk of a buffer state's page.</summary>
    public int PlaceOf(int id, int chunk)
    {
        int place = _stack.PlaceOf(_queue.States[id].Frame, chunk * _chunkSize);
        return place >= 0 ? place : throw new InvalidOperationException($"nobody holds a packet in buffer {id}, chunk {chunk}");
    }

    /// <summary>The place of a held packet on a page that belongs to no buffer state.</summary>
    public int PlaceOfOrphan()
    {
        for (int place = 0; place < _stack.HeldPackets; place++)
        {
            if (!IsAttached(_stack.FragmentsOf(_stack.HeldAt(place))[0].Frame))
            {
                return place;
            }
        }

        throw new InvalidOperationException("nobody holds a packet on a page given up");
    }

    private bool IsAttached(int frame)
    {
        foreach (ref readonly var buffer in _queue.States)
        {
            if (buffer.HasPage && buffer.Frame == frame)
            {
                return true;
            }
        }

        return false;
    }

    private Problem? ReadPages(DqoCoreState state)
    {
        var buffers = _queue.States;
        var to = state.Buffers;
        uint posted = 0;
        int attached = 0;
        ulong pages = 0;
        for (int id = 0; id < to.Length; id++)
        {
            ref readonly var buffer = ref buffers[id];
            bool isPosted = buffer.Next == id;
            posted |= isPosted ? 1u << id : 0;
            if (!buffer.HasPage)
            {
                if (isPosted)
                {
                    return Broken(DqoClaims.MappedWhilePosted, $"buffer {id} is posted without a page");
                }

                to[id] = default;
                continue;
            }

            pages |= 1ul << buffer.Frame;
            int held = _memory.HeldOn(buffer.Frame);
            int count = _memory.Count(buffer.Frame);
            if ((_balances && count != buffer.Bias + held) || buffer.Bias < 1 || buffer.Bias > _core.BiasLimit || (uint)count > byte.MaxValue)
            {
                return Broken(DqoClaims.ReferencesBalance, $"the count of buffer {id}'s page is {count}, its bias {buffer.Bias}, the references outside {held}");
            }

            int chunk = ChunkOf(buffer.Offset);
            int last = ChunkOf(buffer.LastSingle);
            if ((uint)chunk >= (uint)_core.Chunks || chunk * _chunkSize != buffer.Offset)
            {
                return Broken(DqoClaims.AccessesAreInside, $"buffer {id} is at byte {buffer.Offset}, where its page has no chunk");
            }

            if ((uint)last >= (uint)_core.Chunks || last * _chunkSize != buffer.LastSingle)
            {
                return Broken(DqoClaims.AccessesAreInside, $"the last single chunk of buffer {id} is at byte {buffer.LastSingle}, where its page has none");
            }

            uint onChunks = held == 0 ? 0 : HeldOnChunks(buffer.Frame);
            to[id] = new DqoCoreBuffer
            {
                Offset = (byte)chunk,
                LastSingle = (byte)last,
                Bias = (byte)buffer.Bias,
                Count = (byte)count,
                HeldOnChunks = onChunks,
            };
            attached += held;
            if (isPosted && to[id].Held(chunk) > 0)
            {
                return Broken(DqoClaims.PostedIsUnreferenced, $"buffer {id} is posted at chunk {chunk}, which a packet still references");
            }
        }

        state.Posted = posted;
        state.Orphans = _stack.HeldPackets - attached;
        return _memory.LivePages == System.Numerics.BitOperations.PopCount(pages) ? null : CheckGivenUp(pages);
    }

    /// <summary>
    /// Whether a page that belongs to no buffer state is the readers' alone: the state has only their number, so what is wrong
    /// with it has to be seen in the step that gave it up.
    /// </summary>
    /// <param name="attached">The frames whose pages buffer states have, a bit each.</param>
    private Problem? CheckGivenUp(ulong attached)
    {
        for (int frame = 0; frame < _memory.FramesUsed; frame++)
        {
            if (((attached >> frame) & 1) != 0 || !_memory.IsAllocated(frame))
            {
                continue;
            }

            if (_memory.IsMapped(frame))
            {
                return Broken(DqoClaims.PagesBounded, $"{_memory.PageOf(frame)} is mapped and belongs to no buffer");
            }

            if (_balances && _memory.Count(frame) != _memory.HeldOn(frame))
            {
                return Broken(DqoClaims.ReferencesBalance, $"the count of {_memory.PageOf(frame)}, which no buffer has, is {_memory.Count(frame)}, the references outside {_memory.HeldOn(frame)}");
            }
        }

        return null;
    }

    /// <summary>
    /// Whether what the driver believes to have posted is what the device was given, those chunks of those pages and no others:
    /// true between steps of the core, each of which rings the doorbell and consumes what completed.
    /// </summary>
    public Problem? CheckLoans(DqoCoreState state)
    {
        int lent = _device.Visible;
        for (int place = 0; place < lent; place++)
        {
            ref readonly var descriptor = ref _device.VisibleAt(place);
            int id = descriptor.BufferId;
            int frame = Iommu.FrameOf(descriptor.Address);
            int offset = (int)(descriptor.Address & ushort.MaxValue);
            if (id >= _core.States || !state.IsPosted(id) || _queue.States[id].Frame != frame || _queue.States[id].Offset != offset)
            {
                return _memory.HeldOn(frame, offset) > 0
                    ? Broken(DqoClaims.PostedIsUnreferenced, $"the device has byte {offset} of a page on which a packet still references it, as buffer {id}")
                    : Broken(DqoClaims.ConsumedOnce, $"the device has byte {offset} of frame {frame} as buffer {id}, which the driver has not posted there");
            }
        }

        return lent == state.PostedCount ? null : Broken(DqoClaims.ConsumedOnce, $"the device has {lent} buffers, the driver posted {state.PostedCount}");
    }

    private uint HeldOnChunks(int frame)
    {
        var held = _memory.HeldOnGranules(frame);
        uint onChunks = 0;
        for (int chunk = _core.Chunks - 1; chunk >= 0; chunk--)
        {
            onChunks = (onChunks << HeldCounts.Bits) | (uint)held[chunk];
        }

        return onChunks;
    }

    /// <summary>Multiplies by the reciprocal: divisions by a number known at run time only showed in profiles.</summary>
    private int ChunkOf(int offset) => (int)(((uint)offset * _reciprocal) >> ReciprocalShift);

    private Problem? ReadLists(DqoCoreState state)
    {
        state.ClearLists();
        uint placed = state.Posted;
        var problem = Read(state, DqoCoreList.Recycled, _queue.RecycledHead, ref placed)
            ?? Read(state, DqoCoreList.Used, _queue.UsedHead, ref placed)
            ?? Read(state, DqoCoreList.Free, _queue.FreeTop, ref placed);
        return problem is null && placed != (1u << _core.States) - 1
            ? Broken(DqoClaims.Partition, $"buffer {System.Numerics.BitOperations.TrailingZeroCount(~placed)} is on no list and not posted")
            : problem;
    }

    /// <summary>Reads one list, each of whose buffer states has no other place. Returns what is wrong with it, or null.</summary>
    private Problem? Read(DqoCoreState state, DqoCoreList list, int head, ref uint placed)
    {
        var buffers = _queue.States;
        for (int id = head; (uint)id < (uint)buffers.Length; id = buffers[id].Next)
        {
            if (((placed >> id) & 1) != 0)
            {
                return Broken(DqoClaims.Partition, $"buffer {id} is in a second place, or a list runs back to it");
            }

            if (buffers[id].HasPage == (list == DqoCoreList.Free))
            {
                return list == DqoCoreList.Free
                    ? Broken(DqoClaims.PagesBounded, $"buffer {id} is free and keeps its page")
                    : Broken(DqoClaims.Partition, $"buffer {id} has no page, and is not where free ones are");
            }

            placed |= 1u << id;
            state.Append(list, id);
        }

        return null;
    }

    private static Problem Broken(Claim claim, string detail) => new(claim.Id, detail);
}
