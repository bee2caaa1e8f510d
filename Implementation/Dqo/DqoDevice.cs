using System.Runtime.CompilerServices;
using RxVerify.Implementation.Memory;
using RxVerify.Model.Vocabulary.Dqo;

namespace RxVerify.Implementation.Dqo;

/// <summary>What the device wrote into one completion, kept by the emulation for the claims; the driver never sees it.</summary>
public struct WrittenCompletion
{
    /// <summary>The packet's number, 0 for a lie.</summary>
    public int Packet;

    /// <summary>Bytes reported.</summary>
    public int Length;

    /// <summary>The buffer id reported.</summary>
    public ushort BufferId;

    /// <summary>Whether it ends a packet.</summary>
    public bool EndOfPacket;

    /// <summary>Whether the packet is not to reach the stack: rx_error, or a lie about a buffer or a length.</summary>
    public bool IsDamaged;

    /// <summary>Whether a posted buffer comes back with it.</summary>
    public bool ReturnsBuffer;

    /// <summary>Whether the buffer was returned unwritten, so that its bytes are not the packet's.</summary>
    public bool IsUnwritten;
}

/// <summary>
/// An emulated DQO device: reads posted descriptors up to the doorbell, writes payload into chunks through the IOMMU, and
/// writes completions with a generation bit into the completion ring (A.3). What it completes, when and in which order is
/// decided by operations.
/// </summary>
public sealed unsafe class DqoDevice : StatePart
{
    private const int SegmentBytes = 1448;
    private const int HeaderBytes = 54;
    private readonly DqoConfiguration _configuration;
    private readonly Iommu _iommu;
    private readonly int _bufferMask;
    private readonly int _completionMask;
    private Registers* _registers;
    private PostDescriptor* _posted;
    private WrittenCompletion* _log;
    private CompletionDescriptor* _late;
    private PostDescriptor* _postRing;
    private CompletionDescriptor* _completionRing;

    /// <summary>A device without a queue.</summary>
    public DqoDevice(DqoConfiguration configuration, Iommu iommu)
    {
        _configuration = configuration;
        _iommu = iommu;
        _bufferMask = configuration.BufferSlots - 1;
        _completionMask = configuration.CompletionSlots - 1;
    }

    /// <summary>Whether payload is written; a benchmark of the driver alone switches it off.</summary>
    public bool WritesPayload { get; set; } = true;

    /// <summary>
    /// Whether what is written is a pattern that readers can check. Without it each write is an access like any other, of no bytes:
    /// payload is no part of a snapshot.
    /// </summary>
    public bool WritesPattern { get; set; } = true;

    /// <summary>Posted buffers the device has seen and not completed.</summary>
    public int Visible => _registers->Visible;

    /// <summary>Posted buffers the device ever saw since the queue was created.</summary>
    public long Seen => _registers->Seen;

    /// <summary>Index of the first descriptor the device has not seen.</summary>
    public int Fetched => _registers->Fetched;

    /// <summary>Completions ever written since the queue was created, late ones included.</summary>
    public long Written => _registers->Written;

    /// <summary>Completions written that have not landed in memory.</summary>
    public int Late => _registers->Late;

    /// <summary>Packets ever received.</summary>
    public int Packets => _registers->Packets;

    /// <summary>Buffers the device keeps for ever (A-D8).</summary>
    public int Swallowed => _registers->Swallowed;

    /// <summary>Whether the device has a queue.</summary>
    public bool IsRunning => _registers->IsRunning;

    /// <summary>How often the device was reset because it did not stop when told to.</summary>
    public int Resets => _registers->Resets;

    /// <summary>What was written as completion number <paramref name="sequence"/> since creation; kept for one lap of the ring.</summary>
    public ref readonly WrittenCompletion LogOf(long sequence) => ref _log[sequence & _completionMask];

    /// <summary>A completion that has not landed in memory yet, oldest first.</summary>
    public ref readonly CompletionDescriptor LateAt(int place) => ref _late[place];

    /// <summary>The descriptor of a visible buffer, by its place in posting order.</summary>
    public ref readonly PostDescriptor VisibleAt(int place) => ref _posted[(_registers->First + place) & _bufferMask];

    /// <summary>The queue is created (admin command): rings are empty and zeroed.</summary>
    public void Start()
    {
        int packets = _registers->Packets;
        int resets = _registers->Resets;
        *_registers = new Registers { IsRunning = true, Packets = packets, Resets = resets };
    }

    /// <summary>Where the rings lie that the driver and the device share.</summary>
    public void Connect(PostDescriptor* postRing, CompletionDescriptor* completionRing)
    {
        _postRing = postRing;
        _completionRing = completionRing;
    }

    /// <summary>The queue is destroyed (admin command): the device forgets its buffers.</summary>
    public void Stop()
    {
        _registers->IsRunning = false;
        _registers->Visible = 0;
        _registers->Late = 0;
    }

    /// <summary>The device is reset, because it did not obey the command (A.5.8).</summary>
    public void Reset()
    {
        _registers->Resets++;
        Stop();
    }

    /// <summary>The driver moved the doorbell: descriptors before <paramref name="tail"/> can be read.</summary>
    public void Doorbell(int tail)
    {
        var registers = _registers;
        int mask = _bufferMask;
        int visible = registers->Visible;
        for (int slot = registers->Fetched; slot != tail; slot = (slot + 1) & mask)
        {
            _posted[(registers->First + visible++) & mask] = _postRing[slot];
        }

        registers->Seen += visible - registers->Visible;
        registers->Visible = visible;
        registers->Fetched = tail;
    }

    /// <summary>Completes one packet; arguments as in <see cref="DqoOperation.Receive"/>. Returns completions written.</summary>
    public int Receive(int size, int buffers, int pick, int damaged, DqoTraits traits, bool late)
    {
        LandLate();
        int number = ++_registers->Packets;
        int position = 0;
        for (int buffer = 1; buffer <= buffers; buffer++)
        {
            int length = Math.Min(_configuration.ChunkSize, size - position - (buffers - buffer));
            var descriptor = Take(Math.Min(pick, _registers->Visible - 1));
            WritePayload(descriptor.Address, length, number, position);

            var completion = Plain(descriptor.BufferId, length, buffer == buffers);
            completion.Hash = (uint)number * 2654435761u;
            completion.Error = buffer == damaged;
            completion.HeaderLength = buffer == 1 ? Math.Min(length, HeaderBytes) : 0;
            ref var written = ref Write(completion, late && buffer == buffers);
            Report(ref written, traits, size);
            Log(new WrittenCompletion
            {
                Packet = number,
                Length = length,
                BufferId = descriptor.BufferId,
                EndOfPacket = buffer == buffers,
                IsDamaged = buffer == damaged,
                ReturnsBuffer = true,
            });
            position += length;
        }

        return buffers;
    }

    /// <summary>Writes a completion that is not true; arguments as in <see cref="DqoOperation.Lied"/>.</summary>
    /// <param name="lie">What is claimed.</param>
    /// <param name="pick">Place of the buffer used, where one is used.</param>
    /// <param name="id">Buffer id named, where none is used or it is kept.</param>
    /// <param name="size">Length reported.</param>
    /// <param name="endOfPacket">Whether it ends a packet.</param>
    public void Lie(DqoLie lie, int pick, int id, int size, bool endOfPacket)
    {
        LandLate();
        bool usesBuffer = lie is DqoLie.TooLong or DqoLie.Swallow or DqoLie.Stale;
        var descriptor = usesBuffer ? Take(pick) : default;
        if (lie is DqoLie.TooLong or DqoLie.Swallow)
        {
            WritePayload(descriptor.Address, Math.Min(size, _configuration.ChunkSize), 0, 0);
        }

        if (lie == DqoLie.Swallow)
        {
            _registers->Swallowed++;
        }

        bool returnsBuffer = lie is DqoLie.TooLong or DqoLie.Stale;
        ushort named = returnsBuffer ? descriptor.BufferId : (ushort)id;
        Write(Plain(named, size, endOfPacket), late: false);
        Log(new WrittenCompletion
        {
            Length = size,
            BufferId = named,
            EndOfPacket = endOfPacket,
            IsDamaged = lie != DqoLie.Stale,
            ReturnsBuffer = returnsBuffer,
            IsUnwritten = lie == DqoLie.Stale,
        });
    }

    /// <summary>The driver looks at a completion slot: a late completion that belongs there lands now.</summary>
    public void LookedAt(int slot)
    {
        if (_registers->Late > 0 && slot == (int)((_registers->Written - _registers->Late) & _completionMask))
        {
            LandLate();
        }
    }

    /// <summary>Late completions become visible in the completion ring.</summary>
    public void LandLate()
    {
        if (_registers->Late == 0)
        {
            return;
        }

        long first = _registers->Written - _registers->Late;
        for (int place = 0; place < _registers->Late; place++)
        {
            *SlotOf(first + place) = _late[place];
        }

        _registers->Late = 0;
    }

    /// <summary>A packet arrives and is written to the first posted buffer, its completion still to come; nothing when stopped.</summary>
    public void BeginPacket()
    {
        if (_registers->IsRunning && _registers->Visible > 0)
        {
            WritePayload(VisibleAt(0).Address, _configuration.ChunkSize, 0, 0);
        }
    }

    /// <inheritdoc/>
    protected internal override void Lay(ref BlockCursor cursor)
    {
        _registers = cursor.Take<Registers>(1);
        _posted = cursor.Take<PostDescriptor>(_configuration.BufferSlots);
        _log = cursor.Take<WrittenCompletion>(_configuration.CompletionSlots);
        _late = cursor.Take<CompletionDescriptor>(_configuration.CompletionSlots);
    }

    /// <summary>Removes a visible buffer, keeping the order of the others; cheap for the one that was posted first.</summary>
    private PostDescriptor Take(int place)
    {
        var registers = _registers;
        var taken = VisibleAt(place);
        for (; place > 0; place--)
        {
            _posted[(registers->First + place) & _bufferMask] = VisibleAt(place - 1);
        }

        registers->First = (registers->First + 1) & _bufferMask;
        registers->Visible--;
        return taken;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static CompletionDescriptor Plain(ushort id, int length, bool endOfPacket) => new()
    {
        DescriptorId = 1,
        BufferId = id,
        Length = length,
        Done = true,
        EndOfPacket = endOfPacket,
        HeadersProcessed = true,
        PacketType = PacketTypes.IndexOf(L3.Ipv4, L4.Tcp),
    };

    private static void Report(ref CompletionDescriptor completion, DqoTraits traits, int size)
    {
        if (traits == DqoTraits.None)
        {
            return;
        }

        completion.PacketType = PacketTypes.IndexOf(traits);
        completion.HeadersProcessed = !traits.HasFlag(DqoTraits.HeadersUnprocessed);
        completion.IpChecksumError = traits.HasFlag(DqoTraits.IpChecksumError);
        completion.OuterIpChecksumError = traits.HasFlag(DqoTraits.OuterIpChecksumError);
        completion.L4ChecksumError = traits.HasFlag(DqoTraits.L4ChecksumError);
        completion.Ipv6Extension = traits.HasFlag(DqoTraits.Ipv6Extension);
        completion.Coalesced = traits.HasFlag(DqoTraits.Rsc);
        completion.SegmentLength = completion.Coalesced ? (ushort)Math.Min(size, SegmentBytes) : (ushort)0;
    }

    private void WritePayload(ulong address, int length, int number, int position)
    {
        if (!WritesPayload)
        {
            return;
        }

        byte* target = _iommu.DeviceAccess(address, length);
        if (target != null && WritesPattern)
        {
            PacketPattern.Fill(target, length, number, position);
        }
    }

    private CompletionDescriptor* SlotOf(long sequence) => _completionRing + (sequence & _completionMask);

    /// <summary>Writes the next completion, with the generation of its lap: 1 in the first, 0 in the second, and so on.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private ref CompletionDescriptor Write(CompletionDescriptor completion, bool late)
    {
        // The ring's size is a power of two, so this bit of the running number tells odd laps from even ones.
        long sequence = _registers->Written;
        completion.Generation = (sequence & (_completionMask + 1)) == 0 ? 1 : 0;
        var target = late ? _late + _registers->Late++ : SlotOf(sequence);
        *target = completion;
        return ref *target;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Log(WrittenCompletion written) => _log[_registers->Written++ & _completionMask] = written;

    private struct Registers
    {
        public long Written;
        public long Seen;
        public int Fetched;
        public int First;
        public int Visible;
        public int Late;
        public int Packets;
        public int Swallowed;
        public int Resets;
        public bool IsRunning;
    }
}
