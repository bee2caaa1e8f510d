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
/// those that a device keeps for itself are sorted by content. Pages are those of their states, turned until the chunk to post next
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
internal sealed class DqoWholeSymmetricKey : IDqoWholeKey
{
    private const int CountBits = 10;
    private const int LengthBits = 16;
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
            WriteCompletions(ref writer);
            NameTheRest();
            WriteStates(ref writer);
            WriteWitness(ref writer, past);
        }

        WritePackets(ref writer);
        writer.Finish();
    }

    private int BitsMax(int packets)
    {
        int header = 16 + (4 * _idBits) + (6 * _slotBits) + (3 * LengthBits) + (4 * CountBits) + (3 * _packetBits);
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
    private unsafe void WriteLoans(ref BitWriter writer)
    {
        writer.Put(_device.Visible, _idBits);
        for (int place = 0; place < _device.Visible; place++)
        {
            WriteLoan(ref writer, in _device.VisibleAt(place));
        }

        int mask = _configuration.BufferSlots - 1;
        for (int slot = _device.Fetched; slot != _queue.BufferTail; slot = (slot + 1) & mask)
        {
            WriteLoan(ref writer, in _queue.PostRing[slot]);
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

            int length = completion.Length;
            writer.Put(length <= _configuration.Copybreak ? 0 : length <= _configuration.ChunkSize ? 1 : 2, 2);
            writer.Put(completion.EndOfPacket);
            writer.Put(completion.Error);
            writer.Put(completion.Coalesced);
        }
    }

    /// <summary>Buffer states that nothing mentions are those a device keeps: the content of each is all there is to it.</summary>
    private void NameTheRest()
    {
        int first = _named;
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

            _idOf[place] = id;
        }

        for (int name = first; name < _named; name++)
        {
            _nameOf[_idOf[name]] = name;
        }
    }

    /// <summary>A number that states of equal content share. Where others share it too, two ways to name them are two keys, no more.</summary>
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

    /// <summary>Where the readers stand. The length of a packet that is dropped decides nothing: no packet handed up will be compared with it.</summary>
    private void WriteWitness(ref BitWriter writer, in DqoWitness.Past past)
    {
        writer.Put(past.FailureCarried, 1);
        writer.Put(past.Readers.Open.Completions > 0);
        writer.Put(past.Readers.Open.IsDamaged);
        writer.Put(_queue.IsDropping ? 0 : past.Readers.Open.Length, LengthBits);
        writer.Put(past.Readers.Next - _world.Consumed, _slotBits);
    }

    private void WritePackets(ref BitWriter writer)
    {
        var stack = _world.Stack;
        int head = _queue.PartialSkb;
        int napi = stack.NapiSkb;
        writer.Put(head >= 0);
        writer.Put(napi < 0 ? 0 : napi == head ? 1 : stack[napi].IsLive ? 2 : 3, 2);
        int count = 0;
        if (head >= 0)
        {
            int tail = _queue.PartialTail;
            writer.Put(stack[head].Length, LengthBits);
            writer.Put(stack[tail].Fragments, _packetBits);
            writer.Put(tail == head);
            Read(count++, head);
        }

        int first = count;
        writer.Put(stack.LiveSkbs, CountBits);
        writer.Put(_memory.Mappings, CountBits);
        writer.Put(stack.HeldPackets, CountBits);
        for (int place = 0; place < stack.HeldPackets; place++)
        {
            Read(count, stack.HeldAt(place));
            SortIn(count++, first);
        }

        for (int packet = 0; packet < count; packet++)
        {
            var fragments = Packet(packet);
            writer.Put(fragments.Length, _packetBits);
            foreach (int fragment in fragments)
            {
                writer.Put(fragment, _fragmentBits);
            }
        }
    }

    private Span<int> Packet(int place) => _packets[place].AsSpan(0, _fragmentsOf[place]);

    private void Read(int place, int head)
    {
        _fragmentsOf[place] = DqoHeldPackets.Read(_world, head, _packets[place]);
        var fragments = Packet(place);
        foreach (ref int fragment in fragments)
        {
            fragment = Turned(fragment / _chunks, fragment % _chunks);
        }

        fragments.Sort();
    }

    private void SortIn(int place, int first)
    {
        for (; place > first && Packet(place).SequenceCompareTo(Packet(place - 1)) < 0; place--)
        {
            (_packets[place], _packets[place - 1]) = (_packets[place - 1], _packets[place]);
            (_fragmentsOf[place], _fragmentsOf[place - 1]) = (_fragmentsOf[place - 1], _fragmentsOf[place]);
        }
    }

    /// <summary>The state that has a page, and how far a chunk of it is from the one to post next; 0 for a page that no state has.</summary>
    private int Turned(int frame, int chunk)
    {
        int owner = _ownerOf[frame];
        return owner < 0
            ? 0
            : 1 + (_nameOf[owner] * _chunks) + Distance(chunk * _configuration.ChunkSize, _queue.States[owner].Offset);
    }
}
