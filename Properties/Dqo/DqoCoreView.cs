using RxVerify.Explorer;
using RxVerify.Implementation.Dqo;
using RxVerify.Implementation.Memory;
using RxVerify.Model.Dqo;

namespace RxVerify.Properties.Dqo;

/// <summary>
/// The core's state as it is found in a world: offsets, biases and lists in the driver's memory, counts in the page frames,
/// references where the stack holds them. What is no state of the core at all breaks a claim.
/// </summary>
public sealed class DqoCoreView
{
    private readonly DqoQueue _queue;
    private readonly PhysicalMemory _memory;
    private readonly NetworkStack _stack;
    private readonly DqoCoreConfiguration _core;
    private readonly int _chunkSize;

    private readonly bool _balances;

    /// <summary>A view of a world.</summary>
    /// <param name="world">The world.</param>
    /// <param name="core">The constants.</param>
    /// <param name="balances">Whether a page count that is not the bias and the references breaks a claim (I4).</param>
    public DqoCoreView(DqoWorld world, DqoCoreConfiguration core, bool balances)
    {
        (_core, _balances) = (core, balances);
        (_queue, _memory, _stack) = (world.Queue, world.Memory, world.Stack);
        _chunkSize = world.Configuration.ChunkSize;
    }

    /// <summary>Reads the present state. Returns what is wrong with it (I1, I3, I4, a wrong access), or null.</summary>
    public Problem? Read(DqoCoreState state)
    {
        var trap = _memory.Trap;
        if (trap.Kind != TrapKind.None)
        {
            return new Problem(DqoClaims.BrokenBy(trap.Kind).Id, trap.ToString());
        }

        state.Clear();
        return ReadPages(state) ?? ReadReferences(state) ?? ReadLists(state);
    }

    /// <summary>The place of a held packet on a chunk of a buffer state's page.</summary>
    public int PlaceOf(int id, int chunk)
    {
        ref readonly var buffer = ref _queue.States[id];
        for (int place = 0; place < _stack.HeldPackets; place++)
        {
            var fragment = _stack.FragmentsOf(_stack.HeldAt(place))[0];
            if (fragment.Frame == buffer.Frame && fragment.Offset == chunk * _chunkSize)
            {
                return place;
            }
        }

        throw new InvalidOperationException($"nobody holds a packet in buffer {id}, chunk {chunk}");
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
        for (int id = 0; id < buffers.Length; id++)
        {
            ref readonly var buffer = ref buffers[id];
            state.Posted(id) = buffer.Next == id ? (byte)1 : (byte)0;
            if (!buffer.HasPage)
            {
                continue;
            }

            int held = _memory.HeldOn(buffer.Frame);
            int count = _memory.Count(buffer.Frame);
            if ((_balances && count != buffer.Bias + held) || buffer.Bias < 1 || buffer.Bias > _core.BiasLimit || (uint)count > byte.MaxValue)
            {
                return Broken(DqoClaims.ReferencesBalance, $"the count of buffer {id}'s page is {count}, its bias {buffer.Bias}, the references outside {held}");
            }

            int chunk = buffer.Offset / _chunkSize;
            if ((uint)chunk >= (uint)_core.Chunks)
            {
                return Broken(DqoClaims.AccessesAreInside, $"buffer {id} is at byte {buffer.Offset}, outside its page");
            }

            state.Offset(id) = (byte)chunk;
            state.LastSingle(id) = (byte)(buffer.LastSingle / _chunkSize);
            state.Bias(id) = (byte)buffer.Bias;
            state.Count(id) = (byte)count;
        }

        return null;
    }

    private Problem? ReadReferences(DqoCoreState state)
    {
        int left = _stack.HeldPackets;
        var buffers = _queue.States;
        for (int id = 0; id < buffers.Length && left > 0; id++)
        {
            ref readonly var buffer = ref buffers[id];
            if (!buffer.HasPage)
            {
                continue;
            }

            for (int chunk = 0; chunk < _core.Chunks; chunk++)
            {
                int held = _memory.HeldOn(buffer.Frame, chunk * _chunkSize);
                state.Held(id, chunk) = (byte)held;
                left -= held;
                if (held > 0 && state.Posted(id) != 0 && state.Offset(id) == chunk)
                {
                    return Broken(DqoClaims.PostedIsUnreferenced, $"buffer {id} is posted at chunk {chunk}, which a packet still references");
                }
            }
        }

        state.Orphans = (byte)left;
        return null;
    }

    private Problem? ReadLists(DqoCoreState state)
    {
        var buffers = _queue.States;
        int seen = 0;
        foreach (var list in (ReadOnlySpan<DqoCoreList>)[DqoCoreList.Recycled, DqoCoreList.Used, DqoCoreList.Free])
        {
            int head = list switch
            {
                DqoCoreList.Recycled => _queue.RecycledHead,
                DqoCoreList.Used => _queue.UsedHead,
                _ => _queue.FreeTop,
            };
            for (int id = head; id >= 0; id = buffers[id].Next)
            {
                if (id >= buffers.Length || ++seen > buffers.Length)
                {
                    return Broken(DqoClaims.Partition, $"the {list} list does not end, or leads outside");
                }

                state.Append(list, id);
            }
        }

        int posted = 0;
        for (int id = 0; id < buffers.Length; id++)
        {
            posted += state.Posted(id);
        }

        return posted == state.PostedCount ? null : Broken(DqoClaims.Partition, $"{posted} buffers are posted and {seen} on lists, of {buffers.Length}");
    }

    private static Problem Broken(Claim claim, string detail) => new(claim.Id, detail);
}
