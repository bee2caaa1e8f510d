using RxVerify.Implementation.Dqo;
using RxVerify.Implementation.Memory;
using RxVerify.Model.Vocabulary.Dqo;

namespace RxVerify.Properties.Dqo;

/// <summary>
/// The key of a world modulo what is a matter of names to the right rules: which buffer state is called 0, which chunk of a page,
/// which slot of a ring, and which page a packet has that no buffer state has.
/// </summary>
/// <remarks>
/// <para>
/// Buffer states are called by the order of the lists, then of what is posted, then of the completions with which they come back;
/// those that a device keeps for itself are sorted by content, and of equal ones the order is taken that gives the least key. Pages are those of their states, turned until the chunk to post next
/// is chunk 0, as in the <see cref="DqoCoreKey"/>.
/// </para>
/// <para>
/// Of the rings the distances are left, and how far the tail is beyond a doorbell: code looks at a slot by its index alone, and takes
/// what it finds for new by a generation that turns with it. That the driver wraps its indices where it should is what is lost; the
/// walks that name every slot look at that.
/// </para>
/// <para>
/// A page without a state is its readers'. Its count is what they hold (I4, checked in every state), nobody will post it, and the
/// last to let go frees it: that is the same for all of them, so a fragment there says no more than that. A completion that names a
/// buffer state which is not posted is refused whichever that is, since nothing is posted before it was consumed (A-D14).
/// </para>
/// </remarks>
internal sealed partial class DqoWholeSymmetricKey : IDqoWholeKey
{
    private const int CountBits = 10;
    private const int Unnamed = -1;
    private readonly DqoWorld _world;
    private readonly DqoQueue _queue;
    private readonly DqoDevice _device;
    private readonly PhysicalMemory _memory;
    private readonly DqoConfiguration _configuration;
    private readonly int _chunks;
    private readonly int[] _nameOf;
    private readonly int[] _idOf;
    private readonly int[] _ownerOf;
    private readonly int _idBits;
    private readonly int _slotBits;
    private readonly int _chunkBits;
    private readonly int _fragmentBits;
    private readonly int _packetBits;
    private readonly int[][] _packets;
    private readonly int[] _fragmentsOf;
    private readonly ulong[] _least;
    private int _named;

    /// <summary>A writer of a world's keys; its driver has the right rules.</summary>
    public DqoWholeSymmetricKey(DqoWorld world)
    {
        (_world, _queue, _device, _memory, _configuration) = (world, world.Queue, world.Device, world.Memory, world.Configuration);
        int states = _configuration.BufferStates;
        _chunks = _configuration.ChunksPerPage;
        _nameOf = new int[states];
        _idOf = new int[states];
        _ownerOf = new int[_memory.Frames];
        _idBits = BitWriter.BitsFor(states + 2);
        _slotBits = BitWriter.BitsFor(2 * Math.Max(_configuration.BufferSlots, _configuration.CompletionSlots)) + 1;
        _chunkBits = BitWriter.BitsFor(_chunks + 1);
        _fragmentBits = BitWriter.BitsFor((states * _chunks) + 2);
        _packetBits = BitWriter.BitsFor(DqoHeldPackets.FragmentsMax + 1);
        int packets = _configuration.StackCapacity + _configuration.CompletionSlots + 1;
        _packets = [.. Enumerable.Range(0, packets).Select(_ => new int[DqoHeldPackets.FragmentsMax])];
        _fragmentsOf = new int[packets];
        Words = (BitsMax(packets) + BitWriter.WordBits - 1) / BitWriter.WordBits;
        _least = new ulong[Words];
    }

    /// <inheritdoc/>
    public int Words { get; }

    /// <inheritdoc/>
    public void Write(Span<ulong> key, in DqoWitness.Past past)
    {
        var writer = new BitWriter(key);
        bool isUp = _queue.IsUp;
        writer.Put(isUp);
        Array.Fill(_ownerOf, Unnamed);
        if (isUp)
        {
            WriteLists(ref writer);
            WriteRings(ref writer);
            WriteLoans(ref writer);
            DqoWholeKey.WriteReaders(ref writer, _world, past, _slotBits);
            WriteCompletions(ref writer);
            if (NameTheRest(out int first))
            {
                Array.Fill(_least, ulong.MaxValue);
                WriteLeast(writer, key, first, first);
                _least.CopyTo(key);
                return;
            }

            WriteStates(ref writer);
        }

        WritePackets(ref writer);
        writer.Finish();
    }

    /// <summary>Writes the least of the keys that there are for all ways to name states of equal content.</summary>
    /// <param name="writer">What was written needs none of these names.</param>
    /// <param name="key">Where the writer writes.</param>
    /// <param name="first">The first of these names.</param>
    /// <param name="place">The first that is not decided.</param>
    private void WriteLeast(BitWriter writer, Span<ulong> key, int first, int place)
    {
        if (place < _named)
        {
            ulong content = ContentOf(_idOf[place]);
            for (int other = place; other < _named && ContentOf(_idOf[other]) == content; other++)
            {
                (_idOf[place], _idOf[other]) = (_idOf[other], _idOf[place]);
                WriteLeast(writer, key, first, place + 1);
                (_idOf[place], _idOf[other]) = (_idOf[other], _idOf[place]);
            }

            return;
        }

        UseNames(first);
        WriteStates(ref writer);
        WritePackets(ref writer);
        writer.Finish();
        if (key.SequenceCompareTo(_least) < 0)
        {
            key.CopyTo(_least);
        }
    }

    private int BitsMax(int packets)
    {
        int header = 16 + (4 * _idBits) + (6 * _slotBits) + (3 * DqoWholeKey.LengthBits) + (4 * CountBits) + (3 * _packetBits);
        int state = 4 + _chunkBits + (2 * CountBits) + (_chunks * CountBits);
        int loan = _idBits + _fragmentBits + 1;
        int completion = 8 + _idBits;
        return header + (_configuration.BufferStates * state) + (2 * _configuration.BufferSlots * loan) + (_configuration.CompletionSlots * completion)
            + (packets * _packetBits) + ((packets + _configuration.StackCapacity) * _fragmentBits);
    }

    /// <summary>The lists name their members, so how long they are says all about them.</summary>
    private void WriteLists(ref BitWriter writer)
    {
        _named = 0;
        Array.Fill(_nameOf, Unnamed);
        writer.Put(NameList(_queue.RecycledHead), _idBits);
        writer.Put(NameList(_queue.UsedHead), _idBits);
        writer.Put(NameList(_queue.FreeTop), _idBits);
        writer.Put(_queue.UsedCount, _idBits);
        var states = _queue.States;
        for (int id = 0; id < states.Length; id++)
        {
            if (states[id].HasPage)
            {
                _ownerOf[states[id].Frame] = id;
            }
        }
    }

    private int NameList(int head)
    {
        int count = 0;
        for (int id = head; id >= 0 && count < _nameOf.Length; id = _queue.States[id].Next, count++)
        {
            Name(id);
        }

        return count;
    }

    private void Name(int id)
    {
        if (_nameOf[id] == Unnamed)
        {
            _nameOf[id] = _named;
            _idOf[_named++] = id;
        }
    }

    private void WriteRings(ref BitWriter writer)
    {
        int mask = _configuration.BufferSlots - 1;
        writer.Put((_queue.BufferTail - _queue.BufferHead) & mask, _slotBits);
        writer.Put((_queue.BufferTail - _device.Fetched) & mask, _slotBits);
        writer.Put(_queue.BufferTail & (_configuration.DoorbellBatch - 1), _slotBits);
        writer.Put(_queue.FreeCompletionSlots, _slotBits);
        writer.Put(_device.Swallowed, _slotBits);
        writer.Put(_device.Late, _slotBits);
        writer.Put(_queue.IsDropping);
        writer.Put(_queue.TimerArmed);
    }

    /// <summary>What is posted: first what the device sees, then what lies behind the doorbell.</summary>
    private void WriteLoans(ref BitWriter writer)
    {
        writer.Put(_device.Visible, _idBits);
        int loans = DqoWholeKey.LoansOf(_world);
        for (int place = 0; place < loans; place++)
        {
            WriteLoan(ref writer, in DqoWholeKey.LoanAt(_world, place));
        }
    }

    private void WriteLoan(ref BitWriter writer, in PostDescriptor descriptor)
    {
        Name(descriptor.BufferId);
        writer.Put(_nameOf[descriptor.BufferId], _idBits);
        writer.Put(_world.Iommu.IsMapped(descriptor.Address));
        int frame = Iommu.FrameOf(descriptor.Address);

        // A loan is on a page of a state that has a name by now.
        if (_ownerOf[frame] >= 0)
        {
            Name(_ownerOf[frame]);
        }

        writer.Put(Turned(frame, Iommu.OffsetOf(descriptor.Address) / _configuration.ChunkSize), _fragmentBits);
    }

    /// <summary>What waits, as the driver will find it in memory and as the device knows it.</summary>
    private unsafe void WriteCompletions(ref BitWriter writer)
    {
        int pending = _world.Pending;
        writer.Put(pending, _slotBits);
        for (long sequence = _device.Written - pending; sequence < _device.Written; sequence++)
        {
            ref readonly var known = ref _device.LogOf(sequence);
            int late = (int)(sequence - (_device.Written - _device.Late));
            ref readonly var completion = ref late >= 0 ? ref _device.LateAt(late) : ref _queue.CompletionRing[sequence & (_configuration.CompletionSlots - 1)];
            writer.Put(known.ReturnsBuffer);
            writer.Put(known.IsDamaged);
            if (known.ReturnsBuffer)
            {
                Name(completion.BufferId);
                writer.Put(_nameOf[completion.BufferId], _idBits);
            }
            else
            {
                writer.Put(completion.BufferId < _configuration.BufferStates);
            }

            DqoWholeKey.WriteReport(ref writer, _configuration, completion);
        }
    }

    /// <summary>
    /// Buffer states that nothing mentions are those a device keeps: they are named by the content of each. Returns whether some have the same, so that
    /// only packets with fragments on several of them tell them apart.
    /// </summary>
    private bool NameTheRest(out int first)
    {
        first = _named;
        bool hasEqual = false;
        for (int id = 0; id < _nameOf.Length; id++)
        {
            if (_nameOf[id] != Unnamed)
            {
                continue;
            }

            ulong content = ContentOf(id);
            int place = _named++;
            for (; place > first && ContentOf(_idOf[place - 1]) > content; place--)
            {
                _idOf[place] = _idOf[place - 1];
            }

            hasEqual |= place > first && ContentOf(_idOf[place - 1]) == content;
            _idOf[place] = id;
        }

        UseNames(first);
        return hasEqual;
    }

    private void UseNames(int first)
    {
        for (int name = first; name < _named; name++)
        {
            _nameOf[_idOf[name]] = name;
        }
    }

    /// <summary>A number that states of equal content share; where others share it too, more names are tried than needed.</summary>
    private ulong ContentOf(int id)
    {
        const ulong Factor = 0x9e3779b97f4a7c15;
        ref readonly var state = ref _queue.States[id];
        ulong content = state.HasPage ? ((uint)state.Bias * Factor) + (uint)Distance(state.LastSingle, state.Offset) : 0;
        for (int chunk = 0; state.HasPage && chunk < _chunks; chunk++)
        {
            content = (content * Factor) + (uint)HeldOn(in state, chunk);
        }

        return content;
    }

    private void WriteStates(ref BitWriter writer)
    {
        for (int name = 0; name < _named; name++)
        {
            ref readonly var state = ref _queue.States[_idOf[name]];
            writer.Put(state.HasPage);
            if (!state.HasPage)
            {
                continue;
            }

            writer.Put(Distance(state.LastSingle, state.Offset), _chunkBits);
            writer.Put(state.Bias, CountBits);
            writer.Put(_memory.IsAllocated(state.Frame));
            writer.Put(_memory.IsMapped(state.Frame));
            writer.Put(_memory.Count(state.Frame), CountBits);
            for (int chunk = 0; chunk < _chunks; chunk++)
            {
                writer.Put(HeldOn(in state, chunk), CountBits);
            }
        }
    }

    /// <summary>Chunks from one offset on, round the page, to the other.</summary>
    private int Distance(int offset, int from)
    {
        int distance = (offset - from) / _configuration.ChunkSize;
        return distance < 0 ? distance + _chunks : distance;
    }

    private int HeldOn(in BufferState state, int turned)
    {
        int chunk = ((state.Offset / _configuration.ChunkSize) + turned) % _chunks;
        return _memory.HeldOn(state.Frame, chunk * _configuration.ChunkSize);
    }
}
