using RxVerify.Implementation.Dqo;
using RxVerify.Implementation.Memory;
using RxVerify.Model.Vocabulary.Dqo;

namespace RxVerify.Properties.Dqo;

/// <summary>Writes the keys of a world and of what its witness remembers.</summary>
internal interface IDqoWholeKey
{
    /// <summary>Words of a key.</summary>
    int Words { get; }

    /// <summary>Writes the key of the present state.</summary>
    void Write(Span<ulong> key, in DqoWitness.Past past);
}

/// <summary>What the keys of whole worlds have in common.</summary>
internal static class DqoWholeKey
{
    /// <summary>Bits of a length.</summary>
    public const int LengthBits = 16;

    /// <summary>Writes where the readers stand. The length of a packet that is dropped decides nothing: no packet handed up will be compared with it.</summary>
    public static void WriteReaders(ref BitWriter writer, DqoWorld world, in DqoWitness.Past past, int slotBits)
    {
        writer.Put(past.FailureCarried, 1);
        writer.Put(past.Readers.Open.Completions > 0);
        writer.Put(past.Readers.Open.IsDamaged);
        writer.Put(world.Queue.IsDropping ? 0 : past.Readers.Open.Length, LengthBits);
        writer.Put(past.Readers.Next - world.Consumed, slotBits);
    }

    /// <summary>Buffers that are posted: those that the device sees, and those behind the doorbell.</summary>
    public static int LoansOf(DqoWorld world) =>
        world.Device.Visible + ((world.Queue.BufferTail - world.Device.Fetched) & (world.Configuration.BufferSlots - 1));

    /// <summary>The descriptor of a posted buffer: first what the device sees, then what lies behind the doorbell.</summary>
    public static unsafe ref readonly PostDescriptor LoanAt(DqoWorld world, int place)
    {
        int behind = place - world.Device.Visible;
        if (behind < 0)
        {
            return ref world.Device.VisibleAt(place);
        }

        return ref world.Queue.PostRing[(world.Device.Fetched + behind) & (world.Configuration.BufferSlots - 1)];
    }

    /// <summary>Writes what a completion reports beside the buffer it names; of lengths only how they compare with the copybreak and the chunk.</summary>
    public static void WriteReport(ref BitWriter writer, DqoConfiguration configuration, in CompletionDescriptor completion)
    {
        int length = completion.Length;
        writer.Put(length <= configuration.Copybreak ? 0 : length <= configuration.ChunkSize ? 1 : 2, 2);
        writer.Put(completion.EndOfPacket);
        writer.Put(completion.Error);
        writer.Put(completion.Coalesced);
    }

    /// <summary>Writes whether a packet is under assembly, and whether the NAPI keeps none, its head, another skb, or one that is gone.</summary>
    public static void WriteAssembly(ref BitWriter writer, NetworkStack stack, int head)
    {
        int napi = stack.NapiSkb;
        writer.Put(head >= 0);
        writer.Put(napi < 0 ? 0 : napi == head ? 1 : stack[napi].IsLive ? 2 : 3, 2);
    }
}

/// <summary>
/// Everything of a world, and of what its witness remembers, that decides what can happen from here on, packed into words; and
/// nothing else.
/// </summary>
/// <remarks>
/// <para>
/// Pages are called by the first place that mentions them: buffer states by id, then what is posted, then packets. Which frame a
/// page lies in, its birth, the epoch of its mapping, and which skb a packet is, are the emulation's. So are the orders in which
/// frames and skbs that are free will be used again: memory is never short, and what is free is written to by nobody.
/// </para>
/// <para>
/// Held packets are a multiset: each can be released whatever its place. Their fragments have no order, their bytes no meaning:
/// content is off. Statistics, serials and packet numbers decide nothing.
/// </para>
/// <para>
/// Left out of the rings is what neither side will read. The device reads descriptors between its index and the doorbell, all of
/// them written since it last stood there. The driver looks at the slot of its head only, and takes what it finds for new by its
/// generation. When a completion waits there, it is in the key; when none does, what an earlier lap left there has the generation
/// of that lap, which the running number of completions, modulo two laps, tells. To consume it all the same breaks I8 in that
/// step, whatever it says. A driver that reads a completion's fields before its generation (F-A14) can act on what the lap before
/// left, so for such rules the whole ring is in the key. So are the address a state had before, and the page attached last, where
/// the rules look at them.
/// </para>
/// <para>
/// How far a queue page list is taken is left out: a state has the page that it got first for as long as the queue exists, and the
/// pages that no state has yet are mapped, referenced by nobody else, and so all alike.
/// </para>
/// <para>
/// Bytes that the device wrote and nobody synced are left out: every write begins where its chunk begins, so a sync of what a
/// completion reports leaves nothing unsynced of it, whatever was written there earlier.
/// </para>
/// </remarks>
/// <typeparam name="TRules">The decisions, right or planted.</typeparam>
internal sealed unsafe class DqoWholeKey<TRules> : IDqoWholeKey
    where TRules : struct, IDqoRules
{
    // Counts and biases are at most the limit; a mistake may make them larger or negative.
    private const int CountBits = 10;

    // Beyond small limits all of a count: a mistake may add the limit to what is there, and every bit of that tells states apart.
    private const int WideCountBits = 32;
    private static readonly bool LooksAtOldAddress = TRules.AddressFor(mapped: 1, before: 2) != 1;
    private static readonly bool LooksAtNeighbour = TRules.PageFor(allocated: 1, neighbours: 2) != 1;
    private static readonly bool LooksAtOldFields = !TRules.ReadsGenerationFirst;

    private readonly DqoWorld _world;
    private readonly DqoQueue _queue;
    private readonly DqoDevice _device;
    private readonly PhysicalMemory _memory;
    private readonly DqoConfiguration _configuration;
    private readonly DqoPageNames _names;
    private readonly int _idBits;
    private readonly int _pageBits;
    private readonly int _chunkBits;
    private readonly int _slotBits;
    private readonly int _packetBits;
    private readonly int _referenceBits;

    /// <summary>A writer of a world's keys.</summary>
    public DqoWholeKey(DqoWorld world)
    {
        (_world, _queue, _device, _memory, _configuration) = (world, world.Queue, world.Device, world.Memory, world.Configuration);
        _names = new DqoPageNames(world);
        _idBits = BitWriter.BitsFor(_configuration.BufferStates + 2);
        _pageBits = BitWriter.BitsFor(_memory.Frames + 1);

        // A mistake may lead beyond the page.
        _chunkBits = BitWriter.BitsFor((4 * _configuration.ChunksPerPage) + 1);
        _slotBits = BitWriter.BitsFor(2 * Math.Max(_configuration.BufferSlots, _configuration.CompletionSlots)) + 1;
        _packetBits = BitWriter.BitsFor(DqoHeldPackets.FragmentsMax + 1);
        _referenceBits = _configuration.BiasLimit <= byte.MaxValue ? CountBits : WideCountBits;
        Words = (BitsMax() + 63) / 64;
    }

    /// <inheritdoc/>
    public int Words { get; }

    /// <inheritdoc/>
    public void Write(Span<ulong> key, in DqoWitness.Past past)
    {
        var writer = new BitWriter(key);
        bool isUp = _queue.IsUp;
        writer.Put(isUp);
        _names.Clear();
        if (isUp)
        {
            WriteHeader(ref writer);
            WriteStates(ref writer);
            WriteLoans(ref writer);
            WriteCompletions(ref writer);
            DqoWholeKey.WriteReaders(ref writer, _world, past, _slotBits);
        }

        if (LooksAtNeighbour)
        {
            writer.Put(_names.Of(_queue.LastFrame) + 1, _pageBits);
        }

        WritePackets(ref writer);
        WritePages(ref writer);
        writer.Finish();
    }

    private int BitsMax()
    {
        int skbs = _configuration.StackCapacity + _configuration.CompletionSlots + 1;
        int header = 16 + (7 * _idBits) + (8 * _slotBits) + (4 * DqoWholeKey.LengthBits) + (5 * CountBits) + (2 * _pageBits);
        int state = 4 + _idBits + (2 * _pageBits) + (2 * _chunkBits) + _referenceBits;
        int loan = _idBits + 1 + _pageBits + _chunkBits;
        int completion = 10 + _idBits;
        int packet = _packetBits + 1;
        int fragment = _pageBits + _chunkBits;
        int page = 4 + _referenceBits + (_configuration.ChunksPerPage * CountBits);
        return header + (_configuration.BufferStates * state) + (2 * _configuration.BufferSlots * loan) + (2 * _configuration.CompletionSlots * completion)
            + (skbs * packet) + ((skbs + _configuration.StackCapacity) * fragment) + (_memory.Frames * page);
    }

    private void WriteHeader(ref BitWriter writer)
    {
        writer.Put(_queue.FreeTop + 1, _idBits);
        writer.Put(_queue.RecycledHead + 1, _idBits);
        writer.Put(_queue.RecycledTail + 1, _idBits);
        writer.Put(_queue.UsedHead + 1, _idBits);
        writer.Put(_queue.UsedTail + 1, _idBits);

        // All that is asked of the count is whether enough states are clear of the list; a mistake may count on for ever.
        writer.Put(Math.Min(_queue.UsedCount, _configuration.BufferStates), _idBits);
        writer.Put(_queue.Unreplenished + 1, _idBits);
        writer.Put(_queue.BufferHead, _slotBits);
        writer.Put(_queue.BufferTail, _slotBits);
        writer.Put(_queue.CompletionHead, _slotBits);
        writer.Put(_queue.FreeCompletionSlots, _slotBits);
        writer.Put(_queue.OldGeneration, 1);
        writer.Put(_queue.IsDropping);
        writer.Put(_queue.TimerArmed);
        writer.Put(_device.Fetched, _slotBits);
        writer.Put(_device.Swallowed, _slotBits);
        writer.Put(_device.Written & ((2 * _configuration.CompletionSlots) - 1), _slotBits);
        writer.Put(_device.Late, _slotBits);
        writer.Put(_world.Pending, _slotBits);
    }

    /// <summary>Links and heads are the lists, in order; also where a mistake has tangled them.</summary>
    private void WriteStates(ref BitWriter writer)
    {
        foreach (ref readonly var state in _queue.States)
        {
            writer.Put(state.Next + 1, _idBits);
            writer.Put(state.HasPage);
            if (state.HasPage)
            {
                writer.Put(_names.Of(state.Frame), _pageBits);
                writer.Put(state.Offset / _configuration.ChunkSize, _chunkBits);
                writer.Put(state.LastSingle / _configuration.ChunkSize, _chunkBits);
                writer.Put(state.Bias, _referenceBits);
            }

            if (state.HasPage || LooksAtOldAddress)
            {
                WriteAddress(ref writer, state.Address);
            }
        }
    }

    /// <summary>An address that was unmapped is never mapped again: which one it was is forgotten.</summary>
    private void WriteAddress(ref BitWriter writer, ulong address)
    {
        bool isMapped = _world.Iommu.IsMapped(address);
        writer.Put(isMapped);
        if (isMapped)
        {
            writer.Put(_names.Of(Iommu.FrameOf(address)), _pageBits);
        }
        else
        {
            writer.Put(address != 0);
        }
    }

    /// <summary>What is posted: first what the device sees, then what lies behind the doorbell.</summary>
    private void WriteLoans(ref BitWriter writer)
    {
        writer.Put(_device.Visible, _slotBits);
        int loans = DqoWholeKey.LoansOf(_world);
        for (int place = 0; place < loans; place++)
        {
            WriteLoan(ref writer, in DqoWholeKey.LoanAt(_world, place));
        }
    }

    private void WriteLoan(ref BitWriter writer, in PostDescriptor descriptor)
    {
        writer.Put(Math.Min((int)descriptor.BufferId, _configuration.BufferStates), _idBits);
        WriteAddress(ref writer, descriptor.Address);
        writer.Put((int)(descriptor.Address & ushort.MaxValue) / _configuration.ChunkSize, _chunkBits);
    }

    /// <summary>What waits, as the driver will find it in memory and as the device knows it.</summary>
    private void WriteCompletions(ref BitWriter writer)
    {
        long written = _device.Written;
        for (long sequence = written - Math.Clamp(_world.Pending, 0, _configuration.CompletionSlots); sequence < written; sequence++)
        {
            ref readonly var known = ref _device.LogOf(sequence);
            writer.Put(known.ReturnsBuffer);
            writer.Put(known.IsDamaged);
            int late = (int)(sequence - (written - _device.Late));
            WriteCompletion(ref writer, late >= 0 ? _device.LateAt(late) : _queue.CompletionRing[sequence & (_configuration.CompletionSlots - 1)]);
        }

        for (int slot = 0; LooksAtOldFields && slot < _configuration.CompletionSlots; slot++)
        {
            WriteCompletion(ref writer, _queue.CompletionRing[slot]);
        }
    }

    private void WriteCompletion(ref BitWriter writer, in CompletionDescriptor completion)
    {
        writer.Put(Math.Min((int)completion.BufferId, _configuration.BufferStates), _idBits);
        DqoWholeKey.WriteReport(ref writer, _configuration, completion);
    }

    private void WritePackets(ref BitWriter writer)
    {
        var stack = _world.Stack;
        int head = _queue.PartialSkb;
        DqoWholeKey.WriteAssembly(ref writer, stack, head);
        if (head >= 0)
        {
            int tail = _queue.PartialTail;
            writer.Put(stack[head].IsLive);
            writer.Put(stack[head].Length, DqoWholeKey.LengthBits);
            writer.Put(stack[head].FragmentsInAll, _packetBits);
            writer.Put(stack[tail].Fragments, _packetBits);
            writer.Put(tail == head);
        }

        // Mistakes lose packets and pages, or give back too many: the sums tell, since nobody mentions what is lost.
        writer.Put(stack.LiveSkbs, CountBits);
        writer.Put(_memory.LivePages, CountBits);
        writer.Put(_memory.Mappings, CountBits);
        int packets = _names.Sort(head);
        writer.Put(packets, CountBits);
        for (int place = 0; place < packets; place++)
        {
            var fragments = _names.PacketAt(place);
            writer.Put(fragments.Length, _packetBits);
            foreach (int fragment in fragments)
            {
                writer.Put(fragment, _pageBits + _chunkBits);
            }
        }
    }

    /// <summary>What is known of each page that anything mentions. The right rules make it follow from the rest.</summary>
    private void WritePages(ref BitWriter writer)
    {
        for (int name = 0; name < _names.Count; name++)
        {
            int frame = _names.FrameOf(name);
            writer.Put(_memory.IsAllocated(frame));
            writer.Put(_memory.IsMapped(frame));
            writer.Put(_memory.Count(frame), _referenceBits);
            for (int chunk = 0; chunk < _configuration.ChunksPerPage; chunk++)
            {
                writer.Put(_memory.HeldOn(frame, chunk * _configuration.ChunkSize), CountBits);
            }
        }
    }
}
