using System.Numerics;
using System.Runtime.CompilerServices;
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
    /// <param name="state">Where it goes.</param>
    /// <param name="since">What the world was arranged as: buffer states unchanged since need not be read again.</param>
    /// <param name="before">The state that was, where <paramref name="since"/> is given.</param>
    public Problem? Read(DqoCoreState state, DqoArrangement? since = null, DqoCoreState? before = null)
    {
        if (_memory.Trap.Kind != TrapKind.None)
        {
            return new Problem(DqoClaims.BrokenBy(_memory.Trap.Kind).Id, _memory.Trap.ToString());
        }

        return ReadPages(state, since, before) ?? ReadLists(state);
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

    private Problem? ReadPages(DqoCoreState state, DqoArrangement? since, DqoCoreState? before)
    {
        var buffers = _queue.States;
        uint posted = 0;
        int attached = 0;
        ulong pages = 0;
        for (int id = 0; id < buffers.Length; id++)
        {
            ref readonly var buffer = ref buffers[id];
            posted |= (buffer.Next == id ? 1u : 0u) << id;
            if (buffer.HasPage)
            {
                pages |= 1ul << buffer.Frame;
                attached += _memory.HeldOn(buffer.Frame);
            }
        }

        uint changed = (1u << buffers.Length) - 1;
        uint postedBefore = 0;
        if (since is not null)
        {
            state.CopyBuffersFrom(before!);
            changed = since.Changed();
            postedBefore = before!.Posted;
        }

        var to = state.Buffers;
        for (uint rest = changed; rest != 0; rest &= rest - 1)
        {
            int id = BitOperations.TrailingZeroCount(rest);
            if (!TryReadPage(buffers[id], out to[id]))
            {
                return FaultOfPage(id);
            }
        }

        for (uint rest = posted & (changed | ~postedBefore); rest != 0; rest &= rest - 1)
        {
            int id = BitOperations.TrailingZeroCount(rest);
            if (!buffers[id].HasPage || to[id].Held(to[id].Offset) > 0)
            {
                return FaultOfPosted(id, to[id].Offset);
            }
        }

        state.Posted = posted;
        state.Orphans = _stack.HeldPackets - attached;
        if (_memory.LivePages == BitOperations.PopCount(pages))
        {
            return null;
        }

        // A page that was given up before and not touched since is as it was.
        return CheckGivenUp((since is null ? ulong.MaxValue : _memory.Touched | since.Attached) & ~pages);
    }

    /// <summary>Reads one buffer state and its page. Returns whether nothing is wrong with them.</summary>
    private bool TryReadPage(in BufferState buffer, out DqoCoreBuffer read)
    {
        read = default;
        if (!buffer.HasPage)
        {
            return true;
        }

        int held = _memory.HeldOn(buffer.Frame);
        int count = _memory.Count(buffer.Frame);
        if (!IsAccounted(buffer, count, held) || !IsChunk(buffer.Offset, out int chunk) || !IsChunk(buffer.LastSingle, out int last))
        {
            return false;
        }

        read.Offset = (byte)chunk;
        read.LastSingle = (byte)last;
        read.Bias = (byte)buffer.Bias;
        read.Count = (byte)count;
        read.HeldOnChunks = held == 0 ? 0 : HeldOnChunks(buffer.Frame);
        return true;
    }

    /// <summary>Whether the references on a page are as the driver has them (I4), and few enough to be described.</summary>
    private bool IsAccounted(in BufferState buffer, int count, int held) =>
        (!_balances || count == buffer.Bias + held) && buffer.Bias >= 1 && buffer.Bias <= _core.BiasLimit && (uint)count <= byte.MaxValue;

    /// <summary>Whether a chunk begins there. Multiplies by the reciprocal: divisions by a number known at run time only showed in profiles.</summary>
    private bool IsChunk(int offset, out int chunk)
    {
        chunk = (int)(((uint)offset * _reciprocal) >> ReciprocalShift);
        return (uint)chunk < (uint)_core.Chunks && chunk * _chunkSize == offset;
    }

    // Words are found in methods of their own, or those that look at millions of states would carry them along.
    private Problem FaultOfPage(int id)
    {
        ref readonly var buffer = ref _queue.States[id];
        int held = _memory.HeldOn(buffer.Frame);
        int count = _memory.Count(buffer.Frame);
        return !IsAccounted(buffer, count, held)
            ? Broken(DqoClaims.ReferencesBalance, $"the count of buffer {id}'s page is {count}, its bias {buffer.Bias}, the references outside {held}")
            : Broken(
                DqoClaims.AccessesAreInside,
                IsChunk(buffer.Offset, out _)
                    ? $"the last single chunk of buffer {id} is at byte {buffer.LastSingle}, where its page has none"
                    : $"buffer {id} is at byte {buffer.Offset}, where its page has no chunk");
    }

    private Problem FaultOfPosted(int id, int chunk) => _queue.States[id].HasPage
        ? Broken(DqoClaims.PostedIsUnreferenced, $"buffer {id} is posted at chunk {chunk}, which a packet still references")
        : Broken(DqoClaims.MappedWhilePosted, $"buffer {id} is posted without a page");

    private static Problem FaultOfPlace(int id, uint placed, DqoCoreList list) =>
        ((placed >> id) & 1) != 0 ? Broken(DqoClaims.Partition, $"buffer {id} is in a second place, or a list runs back to it")
        : list == DqoCoreList.Free ? Broken(DqoClaims.PagesBounded, $"buffer {id} is free and keeps its page")
        : Broken(DqoClaims.Partition, $"buffer {id} has no page, and is not where free ones are");

    private static Problem FaultOfPlaces(uint placed) =>
        Broken(DqoClaims.Partition, $"buffer {BitOperations.TrailingZeroCount(~placed)} is on no list and not posted");

    private Problem FaultOfLoan(int id, int frame, int offset) => _memory.HeldOn(frame, offset) > 0
        ? Broken(DqoClaims.PostedIsUnreferenced, $"the device has byte {offset} of a page on which a packet still references it, as buffer {id}")
        : Broken(DqoClaims.ConsumedOnce, $"the device has byte {offset} of frame {frame} as buffer {id}, which the driver has not posted there");

    private Problem FaultOfLoans(int posted) =>
        Broken(DqoClaims.ConsumedOnce, $"the device has {_device.Visible} buffers, the driver posted {posted}");

    /// <summary>
    /// Whether a page that belongs to no buffer state is the readers' alone: the state has only their number, so what is wrong
    /// with it has to be seen in the step that gave it up.
    /// </summary>
    /// <param name="suspects">The frames to look at, a bit each.</param>
    private Problem? CheckGivenUp(ulong suspects)
    {
        for (int frame = 0; suspects != 0 && frame < _memory.FramesUsed; frame++)
        {
            if (((suspects >> frame) & 1) == 0 || !_memory.IsAllocated(frame))
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
        var buffers = _queue.States;
        int lent = _device.Visible;
        for (int place = 0; place < lent; place++)
        {
            ref readonly var descriptor = ref _device.VisibleAt(place);
            int id = descriptor.BufferId;
            int frame = Iommu.FrameOf(descriptor.Address);
            int offset = (int)(descriptor.Address & ushort.MaxValue);
            if (id >= buffers.Length || !state.IsPosted(id) || buffers[id].Frame != frame || buffers[id].Offset != offset)
            {
                return FaultOfLoan(id, frame, offset);
            }
        }

        return lent == state.PostedCount ? null : FaultOfLoans(state.PostedCount);
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

    private Problem? ReadLists(DqoCoreState state)
    {
        uint placed = state.Posted;
        return ReadList(state, DqoCoreList.Recycled, _queue.RecycledHead, ref placed)
            ?? ReadList(state, DqoCoreList.Used, _queue.UsedHead, ref placed)
            ?? ReadList(state, DqoCoreList.Free, _queue.FreeTop, ref placed)
            ?? (placed == (1u << _core.States) - 1 ? null : FaultOfPlaces(placed));
    }

    /// <summary>Reads one list, each of whose buffer states has no other place. Returns what is wrong with it, or null.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private Problem? ReadList(DqoCoreState state, DqoCoreList list, int head, ref uint placed)
    {
        var buffers = _queue.States;
        uint ids = 0;
        int length = 0;
        for (int id = head; (uint)id < (uint)buffers.Length; id = buffers[id].Next)
        {
            if (((placed >> id) & 1) != 0 || buffers[id].HasPage == (list == DqoCoreList.Free))
            {
                return FaultOfPlace(id, placed, list);
            }

            placed |= 1u << id;
            ids |= (uint)id << (length++ * DqoCoreState.IdBits);
        }

        state.Set(list, ids, length);
        return null;
    }

    private static Problem Broken(Claim claim, string detail) => new(claim.Id, detail);
}
