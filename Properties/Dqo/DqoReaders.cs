using System.Runtime.InteropServices;
using RxVerify.Explorer;
using RxVerify.Implementation.Dqo;
using RxVerify.Implementation.Memory;
using RxVerify.Model.Vocabulary;
using RxVerify.Model.Vocabulary.Dqo;
using RxVerify.Properties.Pictures;

namespace RxVerify.Properties.Dqo;

/// <summary>One packet as it reached the stack.</summary>
/// <param name="Serial">Its place among all packets and clones.</param>
/// <param name="Facts">What the driver said about it.</param>
/// <param name="FirstFragment">Index of its first fragment in the step's list.</param>
/// <param name="Fragments">How many there are.</param>
public readonly record struct HandedUpPacket(int Serial, DqoPacketFacts Facts, int FirstFragment, int Fragments);

/// <summary>
/// The readers: they look at each packet when it reaches them, against what the device says it received, and once more when
/// they let go. What they see is all they trust.
/// </summary>
/// <remarks>
/// The device's stream of completions is cut at the end-of-packet marks (I11): each piece is one packet, damaged when any of
/// its completions is. Handed-up packets must be undamaged pieces, in order; the others were lost.
/// </remarks>
internal sealed unsafe class DqoReaders : IPacketObserver
{
    private readonly DqoWorld _world;
    private readonly List<HandedUpPacket> _handedUp = [];
    private readonly List<Fragment> _fragments = [];
    private int[] _numberOf = new int[16];
    private Piece _open;
    private long _next;

    public DqoReaders(DqoWorld world)
    {
        _world = world;
        world.Stack.Observer = this;
    }

    /// <summary>Packets handed up in this step.</summary>
    public ReadOnlySpan<HandedUpPacket> PacketsOfStep => CollectionsMarshal.AsSpan(_handedUp);

    /// <summary>Fragments of the packets handed up in this step; only kept when <see cref="KeepsFacts"/>.</summary>
    public ReadOnlySpan<Fragment> FragmentsOfStep => CollectionsMarshal.AsSpan(_fragments);

    /// <summary>Whether facts and fragments of packets are noted, for the comparison with the model.</summary>
    public bool KeepsFacts { get; init; }

    /// <summary>Whether bytes are compared with what the device wrote; without it a packet has to have the right length, piece by piece.</summary>
    public bool ReadsContent { get; init; } = true;

    /// <summary>Where the device's stream is cut at present; what comes later depends on nothing else that readers remember of it.</summary>
    public Cut Present
    {
        get => new() { Open = _open, Next = _next };
        set => (_open, _next, Finding) = (value.Open, value.Next, null);
    }

    /// <summary>Packets whose last completion was consumed in this step and that did not reach the stack.</summary>
    public int Lost { get; private set; }

    /// <summary>Whether the first completion of a packet was consumed and its last was not.</summary>
    public bool IsInPacket => _open.Completions > 0;

    /// <summary>Damaged completions consumed in this step.</summary>
    public int DamagedConsumed { get; private set; }

    /// <summary>Completions consumed in this step with which no buffer came back.</summary>
    public int BufferlessConsumed { get; private set; }

    /// <summary>The first thing a reader found wrong.</summary>
    public Finding? Finding { get; private set; }

    public void Restart()
    {
        Finding = null;
        QueueRebuilt();
        BeginStep();
    }

    public void BeginStep()
    {
        Lost = 0;
        DamagedConsumed = 0;
        BufferlessConsumed = 0;
        _handedUp.Clear();
        _fragments.Clear();
    }

    /// <summary>The rings are new: what was on its way is gone, and nobody expects it.</summary>
    public void QueueRebuilt()
    {
        _open = default;
        _next = 0;
    }

    /// <summary>Accounts for the completions that the driver has consumed up to now.</summary>
    public void EndStep(long consumed)
    {
        while (_next < consumed)
        {
            var piece = TakeCompletion();
            if (piece.IsClosed)
            {
                Lost++;
                _open = default;
            }
        }
    }

    public void HandedUp(NetworkStack stack, int skb)
    {
        Note(stack, skb);
        var disowned = Disowned.Not;
        while (_next < _world.Device.Written)
        {
            var piece = TakeCompletion();
            if (!piece.IsClosed)
            {
                continue;
            }

            _open = default;
            bool fits = piece.Length == stack[skb].Length && ((piece.Number == 0 && ReadsContent) || ReadsAs(stack, skb, piece.Number));
            if (fits && !piece.IsDamaged)
            {
                Remember(skb, piece.Number);
                return;
            }

            disowned = fits && disowned == Disowned.Not ? piece.Why : disowned;
            Lost++;
        }

        Remember(skb, 0);
        string packet = $"packet {stack[skb].Serial} of {Quantity.OfBytes(stack[skb].Length)}";
        var (claim, detail, device) = disowned switch
        {
            Disowned.Damaged => (DqoClaims.DamagedStaysOut, $"{packet} was reported damaged by the device and handed up", "reported it as damaged"),
            Disowned.ByLength => (DqoClaims.DamagedStaysOut, $"{packet} was handed up, and its length is a lie: the device reported more bytes than the chunk has", "lied about its length, and reported more bytes than the chunk has"),
            Disowned.ByBuffer => (DqoClaims.DamagedStaysOut, $"{packet} was handed up, and its buffer is a lie: the device named one that was not posted", "lied about its buffer, and named one that was not posted"),
            _ => (DqoClaims.PacketsAreWhole, $"{packet} is not one that the device received whole", "received no such packet between two end-of-packet marks"),
        };
        Finding ??= new Finding(claim, detail, new Conflict(Party.Of(Holder.Driver, $"handed {packet} up"), Party.Of(Holder.Device, device), FirstOf(stack, skb)));
    }

    /// <summary>Why the bytes of a completion are not to reach the stack: a lie has no packet, and one about the buffer brings none back.</summary>
    public static Disowned WhyDisowned(in WrittenCompletion written) =>
        !written.IsDamaged ? Disowned.Not
        : written.Packet != 0 ? Disowned.Damaged
        : written.ReturnsBuffer ? Disowned.ByLength
        : Disowned.ByBuffer;

    public void LettingGo(NetworkStack stack, int skb)
    {
        if (ReadsContent && _numberOf[skb] != 0 && !ReadsAs(stack, skb, _numberOf[skb]))
        {
            Finding ??= new Finding(
                DqoClaims.BytesAreStable, $"packet {stack[skb].Serial} of {Quantity.OfBytes(stack[skb].Length)} is no longer what was handed up",
                new Conflict(Party.Of(Holder.Reader, "reads other bytes than it was handed up"), new Party("somebody", "wrote there in the meantime"), FirstOf(stack, skb)));
        }
    }

    public void Cloned(int original, int clone) => Remember(clone, _numberOf[original]);

    private Piece TakeCompletion()
    {
        ref readonly var written = ref _world.Device.LogOf(_next++);
        DamagedConsumed += written.IsDamaged ? 1 : 0;
        BufferlessConsumed += written.ReturnsBuffer ? 0 : 1;
        bool first = _open.Completions == 0;
        _open.Completions++;
        _open.Length += written.Length;
        _open.Why = _open.IsDamaged ? _open.Why : WhyDisowned(written);

        // A piece whose bytes come from two sources, or that was never written, can only be checked for its length.
        _open.Number = first ? written.Packet : _open.Number == written.Packet ? written.Packet : 0;
        _open.IsClosed = written.EndOfPacket;
        return _open;
    }

    /// <summary>Walks the packet as the stack does: the head, then the siblings on its frag_list (D-4).</summary>
    private bool ReadsAs(NetworkStack stack, int head, int number)
    {
        int linear = stack[head].LinearLength;
        if (ReadsContent && PacketPattern.FirstDifference(stack.LinearOf(head), linear, number, 0) >= 0)
        {
            return false;
        }

        int position = linear;
        for (int skb = head; skb >= 0; skb = stack.NextPart(head, skb))
        {
            foreach (ref readonly var fragment in stack.FragmentsOf(skb))
            {
                byte* bytes = _world.Memory.ProcessorAccess(fragment.Frame, fragment.Offset, fragment.Length);
                if (bytes == null || (ReadsContent && PacketPattern.FirstDifference(bytes, fragment.Length, number, position) >= 0))
                {
                    return false;
                }

                position += fragment.Length;
            }
        }

        return position == stack[head].Length;
    }

    /// <summary>Where a packet begins; null for one that was copied out of its pages.</summary>
    private Place? FirstOf(NetworkStack stack, int head)
    {
        foreach (ref readonly var fragment in stack.FragmentsOf(head))
        {
            return new Place(_world.Memory.PageOf(fragment.Frame), fragment.Offset, fragment.Length);
        }

        return null;
    }

    private void Note(NetworkStack stack, int head)
    {
        if (!KeepsFacts)
        {
            return;
        }

        ref var packet = ref stack[head];
        int first = _fragments.Count;
        for (int skb = head; skb >= 0; skb = stack.NextPart(head, skb))
        {
            foreach (ref readonly var fragment in stack.FragmentsOf(skb))
            {
                _fragments.Add(new Fragment(_world.Memory.PageOf(fragment.Frame), fragment.Offset, fragment.Length));
            }
        }

        bool isCopied = packet.FragmentsInAll == 0;
        var facts = new DqoPacketFacts(
            packet.Length, packet.Truesize, isCopied, packet.Hash, (DqoHashType)packet.HashType, packet.ChecksumUnnecessary, packet.SegmentSize);
        _handedUp.Add(new HandedUpPacket(packet.Serial, facts, first, _fragments.Count - first));
    }

    private void Remember(int skb, int number)
    {
        if (skb >= _numberOf.Length)
        {
            Array.Resize(ref _numberOf, Math.Max(skb + 1, 2 * _numberOf.Length));
        }

        _numberOf[skb] = number;
    }

    /// <summary>The device's stream as far as it was read: the piece begun, and the next completion.</summary>
    internal struct Cut
    {
        public Piece Open;
        public long Next;
    }

    /// <summary>What lies between two end-of-packet marks of the device's stream.</summary>
    internal struct Piece
    {
        public int Completions;
        public int Length;
        public int Number;

        // That it is disowned decides about the future, and is part of the key; which reason came first is a matter of words.
        public Disowned Why;
        public bool IsClosed;

        public readonly bool IsDamaged => Why != Disowned.Not;
    }

    /// <summary>Why a packet is not to reach the stack.</summary>
    internal enum Disowned : byte
    {
        /// <summary>It may.</summary>
        Not,

        /// <summary>The device reported it as damaged.</summary>
        Damaged,

        /// <summary>The device lied about its length.</summary>
        ByLength,

        /// <summary>The device lied about its buffer.</summary>
        ByBuffer,
    }
}
