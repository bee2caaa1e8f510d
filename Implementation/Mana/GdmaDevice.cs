using System.Runtime.CompilerServices;
using RxVerify.Implementation.Memory;
using RxVerify.Model.Vocabulary.Mana;

namespace RxVerify.Implementation.Mana;

/// <summary>What the device did for one completion, kept by the emulation for the claims; the driver never sees it.</summary>
public struct WrittenCompletion
{
    /// <summary>Bus address of the buffer used, 0 for none.</summary>
    public ulong Address;

    /// <summary>The packet's number, 0 for a lie or a fence.</summary>
    public int Packet;

    /// <summary>Bytes written to the buffer, from its start.</summary>
    public int Bytes;

    /// <summary>Bytes reported.</summary>
    public int Length;

    /// <summary>The type reported.</summary>
    public ManaCompletionType Type;

    /// <summary>Whether a posted buffer comes back with it.</summary>
    public bool ReturnsBuffer;

    /// <summary>Whether it names this receive queue.</summary>
    public bool IsOurs;
}

/// <summary>
/// One receive queue of an emulated GDMA device with its completion queue: takes posted entries strictly in order, up to the
/// doorbell, writes payload into buffers through the IOMMU, and writes completions with the owner bits of their lap (B.3). What
/// it completes and when is decided by operations.
/// </summary>
public sealed unsafe class GdmaDevice : StatePart
{
    /// <summary>client_type of a completion for the MANA client, MANA_CQE_COMPLETION.</summary>
    public const int ManaClient = 1;

    /// <summary>A type that the kernel does not name.</summary>
    public const ManaCompletionType UnknownType = (ManaCompletionType)5;

    private const int TcpOverIpv4 = 2; // NDIS_HASH_TCP_IPV4
    private const int UdpOverIpv4 = 4; // NDIS_HASH_UDP_IPV4
    private readonly Iommu _iommu;
    private readonly int _units;
    private readonly int _slots;
    private readonly int _room;
    private readonly ManaCompletion[] _packets;
    private Registers* _registers;
    private WrittenCompletion* _log;
    private ManaWorkQueueEntry* _workQueue;
    private ManaCompletion* _completionQueue;

    /// <summary>A device without a queue.</summary>
    /// <param name="iommu">Its way to memory.</param>
    /// <param name="units">Basic units of the work queue, a power of two.</param>
    /// <param name="slots">Completions that the completion queue has room for, a power of two.</param>
    /// <param name="queue">The work queue's number, of 24 bits.</param>
    /// <param name="room">Those of the largest completion queue of this number, where there are devices of several sizes over the same state; 0 for this one.</param>
    public GdmaDevice(Iommu iommu, int units, int slots, int queue, int room = 0)
    {
        if (!int.IsPow2(units) || !int.IsPow2(slots) || queue is < 0 or > ManaCompletion.QueueMax)
        {
            throw new ArgumentException($"work queue {queue} with {units} units and {slots} completions; expected powers of two and a number of 24 bits", nameof(queue));
        }

        _iommu = iommu;
        _units = units;
        _slots = slots;
        _room = Math.Max(slots, room);
        Queue = queue;
        _packets = [.. Enumerable.Range(0, (int)ManaTraits.All + 1).Select(traits => Like((ManaTraits)traits, queue))];
    }

    /// <summary>The work queue's number.</summary>
    public int Queue { get; }

    /// <summary>Whether payload is written; a benchmark of the driver alone switches it off.</summary>
    public bool WritesPayload { get; set; } = true;

    /// <summary>
    /// Whether what is written is a pattern that readers can check. Without it each write is an access like any other, of no bytes:
    /// payload is no part of a snapshot.
    /// </summary>
    public bool WritesPattern { get; set; } = true;

    /// <summary>Posted entries before the doorbell that the device has not taken.</summary>
    public int Visible => (int)((_registers->Rung - _registers->Taken) / ManaWorkQueueEntry.Size);

    /// <summary>Completions ever written since the queue was created.</summary>
    public long Written => _registers->Written;

    /// <summary>Packets ever received; the last one's number.</summary>
    public int Packets => _registers->Packets;

    /// <summary>Packets and lies for which there was no posted buffer, since the queue was created.</summary>
    public int Missed => _registers->Missed;

    /// <summary>Doorbells that were not obeyed since the queue was created: more than the queue has room for, fewer than before, or no whole entries.</summary>
    public int WrongDoorbells => _registers->WrongDoorbells;

    /// <summary>Whether the device has a queue.</summary>
    public bool IsRunning => _registers->IsRunning;

    /// <summary>What was done for completion number <paramref name="sequence"/> since creation, from 0; kept for one lap.</summary>
    public ref readonly WrittenCompletion LogOf(long sequence) => ref _log[sequence & (_slots - 1)];

    /// <summary>The entry of a visible buffer, by its place in posting order, as it is in memory now.</summary>
    public ref readonly ManaWorkQueueEntry VisibleAt(int place) =>
        ref _workQueue[((_registers->Taken / ManaWorkQueueEntry.Size) + (uint)place) & (uint)(_units - 1)];

    /// <summary>Where the queues lie that the driver and the device share.</summary>
    public void Connect(ManaWorkQueueEntry* workQueue, ManaCompletion* completionQueue)
    {
        _workQueue = workQueue;
        _completionQueue = completionQueue;
    }

    /// <summary>The WQ object is created (MANA_CREATE_WQ_OBJ): queues are empty, the completion queue is zeroed.</summary>
    public void Start() => *_registers = new Registers { IsRunning = true, Packets = _registers->Packets };

    /// <summary>The WQ object is destroyed (MANA_DESTROY_WQ_OBJ): the device forgets its buffers. When the command fails, this does not happen.</summary>
    public void Stop()
    {
        _registers->IsRunning = false;
        _registers->Taken = _registers->Rung;
    }

    /// <summary>The driver rings: entries before <paramref name="tail"/> can be read.</summary>
    /// <param name="tail">tail_ptr of gdma_doorbell_entry.rq: the head in bytes since creation, modulo 2^32.</param>
    public void Doorbell(uint tail)
    {
        if (!IsRunning)
        {
            return;
        }

        uint given = tail - _registers->Rung;
        if (given % ManaWorkQueueEntry.Size != 0 || given > (_units - Visible) * ManaWorkQueueEntry.Size)
        {
            _registers->WrongDoorbells++;
            return;
        }

        _registers->Rung = tail;
    }

    /// <summary>
    /// A packet is written to the next posted buffer and completed: with type okay, or truncated when it does not fit. Returns its
    /// number, or 0 when there was no buffer for it.
    /// </summary>
    /// <param name="length">Bytes of the packet, at most <see cref="ManaCompletion.LengthMax"/>.</param>
    /// <param name="traits">What is said about it besides.</param>
    public int Receive(int length, ManaTraits traits = ManaTraits.None)
    {
        if (!Take(out var entry))
        {
            return 0;
        }

        int bytes = (int)Math.Min((uint)length, entry.Length);
        int number = ++_registers->Packets;
        WritePayload(entry.Address, bytes, number);

        var type = bytes == length ? ManaCompletionType.Okay : ManaCompletionType.Truncated;
        ref var done = ref Write(_packets[(int)traits], type, bytes, (uint)number * 2654435761u);
        done.Packet = number;
        done.Address = entry.Address;
        done.Bytes = bytes;
        done.ReturnsBuffer = true;
        return number;
    }

    /// <summary>Writes a completion that is not of one whole packet. Returns whether it did: there may be no buffer for it.</summary>
    /// <param name="lie">What is reported.</param>
    /// <param name="length">Bytes reported, except with <see cref="ManaLie.NoLength"/>; so many are written, as far as the buffer goes.</param>
    public bool Lie(ManaLie lie, int length)
    {
        var entry = default(ManaWorkQueueEntry);
        bool takesBuffer = lie is not (ManaLie.SendQueue or ManaLie.ForeignQueue);
        if (takesBuffer ? !Take(out entry) : !IsRunning)
        {
            return false;
        }

        int bytes = (int)Math.Min((uint)length, entry.Length);
        if (takesBuffer)
        {
            WritePayload(entry.Address, bytes, 0);
        }

        var like = _packets[(int)ManaTraits.None];
        like.IsSendQueue = lie == ManaLie.SendQueue;
        like.Queue = lie == ManaLie.ForeignQueue ? Queue + 1 : Queue;
        var type = lie switch
        {
            ManaLie.Coalesced => ManaCompletionType.Coalesced4,
            ManaLie.UnknownType => UnknownType,
            _ => ManaCompletionType.Okay,
        };
        ref var done = ref Write(like, type, lie == ManaLie.NoLength ? 0 : length, hash: 0);
        done.Address = entry.Address;
        done.Bytes = bytes;
        done.ReturnsBuffer = takesBuffer;
        return true;
    }

    /// <summary>Answers MANA_FENCE_RQ: a completion that takes no buffer, behind all that were written. Nothing when stopped.</summary>
    public void Fence()
    {
        if (IsRunning)
        {
            Write(new ManaCompletion { ClientType = ManaClient, Queue = Queue }, ManaCompletionType.Fence, length: 0, hash: 0);
        }
    }

    /// <summary>A packet arrives and is written to the next posted buffer, its completion still to come; nothing when stopped or without a buffer.</summary>
    public void BeginPacket()
    {
        if (Visible > 0)
        {
            WritePayload(VisibleAt(0).Address, (int)VisibleAt(0).Length, 0);
        }
    }

    /// <inheritdoc/>
    protected internal override void Lay(ref BlockCursor cursor)
    {
        _registers = cursor.Take<Registers>(1);
        _log = cursor.Take<WrittenCompletion>(_room);
    }

    /// <summary>What completions of packets with the same traits have in common; put together once, since it is bits.</summary>
    private static ManaCompletion Like(ManaTraits traits, int queue)
    {
        bool isUdp = traits.HasFlag(ManaTraits.Udp);
        bool looksAtIp = !traits.HasFlag(ManaTraits.IpUnchecked);
        bool looksAtTransport = !traits.HasFlag(ManaTraits.L4Unchecked);
        bool isIpBad = traits.HasFlag(ManaTraits.IpChecksumBad);
        bool isTransportBad = traits.HasFlag(ManaTraits.L4ChecksumBad);
        return new ManaCompletion
        {
            ClientType = ManaClient,
            HashType = traits.HasFlag(ManaTraits.NoHash) ? 0 : isUdp ? UdpOverIpv4 : TcpOverIpv4,
            IpChecksumGood = looksAtIp && !isIpBad,
            IpChecksumBad = looksAtIp && isIpBad,
            TcpChecksumGood = looksAtTransport && !isTransportBad && !isUdp,
            TcpChecksumBad = looksAtTransport && isTransportBad && !isUdp,
            UdpChecksumGood = looksAtTransport && !isTransportBad && isUdp,
            UdpChecksumBad = looksAtTransport && isTransportBad && isUdp,
            Queue = queue,
        };
    }

    /// <summary>Takes the next posted entry, in posting order and no other; false, and counted, when there is none.</summary>
    private bool Take(out ManaWorkQueueEntry entry)
    {
        if (Visible == 0)
        {
            _registers->Missed += IsRunning ? 1 : 0;
            entry = default;
            return false;
        }

        entry = VisibleAt(0);
        _registers->Taken += ManaWorkQueueEntry.Size;
        return true;
    }

    private void WritePayload(ulong address, int length, int number)
    {
        if (!WritesPayload)
        {
            return;
        }

        byte* target = _iommu.DeviceAccess(address, length);
        if (target != null && WritesPattern)
        {
            PacketPattern.Fill(target, length, number, position: 0);
        }
    }

    /// <summary>
    /// Writes the next completion with the owner bits of its lap, in its place, and notes what it says; returns where it is noted
    /// what was done.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private ref WrittenCompletion Write(in ManaCompletion like, ManaCompletionType type, int length, uint hash)
    {
        long sequence = _registers->Written++;
        int slot = (int)(sequence & (_slots - 1));
        _completionQueue[slot].Complete(like, type, length, hash, ManaCompletion.OwnerBitsAt((uint)(sequence + _slots), _slots));
        ref var done = ref _log[slot];
        done = default;
        done.Type = type;
        done.Length = length & ManaCompletion.LengthMax;
        done.IsOurs = like.Queue == Queue && !like.IsSendQueue;
        return ref done;
    }

    private struct Registers
    {
        public long Written;
        public uint Rung;
        public uint Taken;
        public int Packets;
        public int Missed;
        public int WrongDoorbells;
        public bool IsRunning;
    }
}
