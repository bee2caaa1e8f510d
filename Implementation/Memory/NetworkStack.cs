using System.Runtime.CompilerServices;

namespace RxVerify.Implementation.Memory;

/// <summary>
/// The network stack as a receive path sees it: skbs, the NAPI's cached fragment skb, and readers who hold packets until they
/// let go. Every fragment owns one page reference.
/// </summary>
public sealed unsafe partial class NetworkStack : StatePart, IDisposable
{
    /// <summary>No skb.</summary>
    public const int None = -1;

    private readonly PhysicalMemory _memory;
    private readonly FaultPlan _faults;
    private readonly byte _skbFault;
    private readonly int _skbs;
    private readonly int _linearSize;
    private readonly NativeBuffer _buffer;
    private readonly byte* _linear;
    private Header* _header;
    private Skb* _skbAt;
    private SkbFragment* _fragments;
    private int* _held;
    private SlotQueue _free;

    /// <summary>A stack with room for <paramref name="skbs"/> skbs.</summary>
    /// <param name="memory">The pages the fragments lie on.</param>
    /// <param name="skbs">Skbs that can exist at once.</param>
    /// <param name="fragmentsMax">Fragments an skb has room for (MAX_SKB_FRAGS).</param>
    /// <param name="linearSize">Bytes of an skb's linear area.</param>
    /// <param name="faults">What fails.</param>
    /// <param name="skbFault">The kind of failure of an skb allocation.</param>
    public NetworkStack(PhysicalMemory memory, int skbs, int fragmentsMax, int linearSize, FaultPlan faults, byte skbFault)
    {
        _memory = memory;
        _skbs = skbs;
        FragmentsMax = fragmentsMax;
        _linearSize = Math.Max(1, linearSize);
        _faults = faults;
        _skbFault = skbFault;
        _buffer = new NativeBuffer((nint)skbs * _linearSize, sizeof(ulong));
        _linear = _buffer.Start;
    }

    /// <summary>Fragments an skb has room for.</summary>
    public int FragmentsMax { get; }

    /// <summary>Packets readers hold.</summary>
    public int HeldPackets => _header->HeldPackets;

    /// <summary>What the held packets weigh: each fragment one, each packet without fragments one.</summary>
    public int HeldLoad => _header->HeldLoad;

    /// <summary>Packets ever handed up or cloned.</summary>
    public int Serials => _header->Serials;

    /// <summary>Packets ever handed up.</summary>
    public long Delivered => _header->Delivered;

    /// <summary>Skbs in use.</summary>
    public int LiveSkbs => _skbs - _free.Available;

    /// <summary>Whether each packet is let go at the moment it is handed up.</summary>
    public bool DropsAtOnce { get; set; }

    /// <summary>Who takes what skbs have that are marked for recycling, where there are such.</summary>
    public IRecycler? Recycler { get; set; }

    /// <summary>Who is told of packets, if anybody.</summary>
    public IPacketObserver? Observer { get; set; }

    /// <summary>The skb that the NAPI keeps for the next or the present fragment packet (napi->skb), or -1.</summary>
    public int NapiSkb
    {
        get => _header->NapiSkbPlusOne - 1;
        set => _header->NapiSkbPlusOne = value + 1;
    }

    /// <summary>The skb at an index, in use or not.</summary>
    public ref Skb this[int skb] => ref _skbAt[skb];

    /// <summary>The skb of the held packet at a place in the order of arrival.</summary>
    public int HeldAt(int place) => _held[place];

    /// <summary>The place of a held packet whose first fragment lies there; -1 when nobody holds one.</summary>
    public int PlaceOf(int frame, int offset)
    {
        for (int place = 0; place < HeldPackets; place++)
        {
            int skb = _held[place];
            ref readonly var first = ref _fragments[skb * FragmentsMax];
            if (first.Frame == frame && first.Offset == offset && _skbAt[skb].Fragments > 0)
            {
                return place;
            }
        }

        return None;
    }

    /// <summary>The fragments of one skb, without those of its chain.</summary>
    public ReadOnlySpan<SkbFragment> FragmentsOf(int skb) => new(_fragments + (skb * FragmentsMax), _skbAt[skb].Fragments);

    /// <summary>
    /// The skb after <paramref name="skb"/> in the packet headed by <paramref name="head"/>, as the stack walks it: the first on the
    /// head's frag_list, then its siblings (D-4). -1 at the end.
    /// </summary>
    public int NextPart(int head, int skb) => skb == head ? _skbAt[head].FragList : _skbAt[skb].Next;

    /// <summary>Bytes of an skb's linear area.</summary>
    public byte* LinearOf(int skb) => _linear + ((nint)skb * _linearSize);

    /// <summary>A fresh skb, or -1.</summary>
    public int Allocate()
    {
        if (_faults.Strikes(_skbFault))
        {
            return None;
        }

        int skb = _free.Take(out _);
        if (skb >= 0)
        {
            _skbAt[skb] = new Skb { IsLive = true, FragList = None, Next = None };
        }

        return skb;
    }

    /// <summary>The NAPI's cached skb, allocated when there is none (napi_get_frags); -1 when it cannot be.</summary>
    public int NapiGetFragments()
    {
        int skb = NapiSkb;
        if (skb == None)
        {
            skb = Allocate();
            NapiSkb = skb;
        }

        return skb;
    }

    /// <summary>Gives an skb a fragment; the page reference it owns must exist already or be paid before the packet is handed up.</summary>
    public void AddFragment(int skb, int frame, int offset, int length)
    {
        ref var target = ref _skbAt[skb];
        if (!target.IsLive)
        {
            _memory.Catch(TrapKind.SkbUseAfterFree, -1, skb, 0);
            return;
        }

        if (target.Fragments == FragmentsMax)
        {
            _memory.Catch(TrapKind.FragmentOverflow, -1, skb, 0);
            return;
        }

        ref var fragment = ref _fragments[(skb * FragmentsMax) + target.Fragments++];
        fragment.Frame = frame;
        fragment.Offset = offset;
        fragment.Length = length;
        _memory.Hold(frame, offset);
    }

    /// <summary>Frees an skb, the references of its fragments, and what is chained to it (kfree_skb).</summary>
    public void Free(int skb)
    {
        ref var freed = ref _skbAt[skb];
        if (!freed.IsLive)
        {
            _memory.Catch(TrapKind.SkbUseAfterFree, -1, skb, 0);
            return;
        }

        freed.IsLive = false;
        if (freed.IsForRecycling && Recycler is not null)
        {
            Recycle(skb, Recycler);
        }
        else
        {
            foreach (ref readonly var fragment in FragmentsOf(skb))
            {
                _memory.GiveBack(fragment.Frame, fragment.Offset);
            }
        }

        for (int child = freed.FragList; child != None;)
        {
            int next = _skbAt[child].Next;
            Free(child);
            child = next;
        }

        _free.Give(skb);
    }

    /// <summary>A packet reaches the stack (napi_gro_frags, napi_gro_receive).</summary>
    public void HandUp(int skb)
    {
        var header = _header;
        _skbAt[skb].Serial = ++header->Serials;
        header->Delivered++;
        Observer?.HandedUp(this, skb);
        if (DropsAtOnce)
        {
            Observer?.LettingGo(this, skb);
            Free(skb);
            return;
        }

        Keep(skb);
    }

    /// <summary>A reader lets go of the packet at this place; returns the references given back.</summary>
    public int Release(int place)
    {
        var header = _header;
        var held = _held;
        int skb = held[place];
        int fragments = _skbAt[skb].FragmentsInAll;
        int left = --header->HeldPackets;
        header->HeldLoad -= Math.Max(1, fragments);
        for (; place < left; place++)
        {
            held[place] = held[place + 1];
        }

        Observer?.LettingGo(this, skb);
        Free(skb);
        return fragments;
    }

    /// <summary>A second reader takes references of its own on the packet at this place; returns how many.</summary>
    public int Clone(int place)
    {
        int original = _held[place];
        int head = Copy(original);
        _skbAt[head].FragmentsInAll = _skbAt[original].FragmentsInAll;
        _skbAt[head].Serial = ++_header->Serials;
        int last = None;
        for (int part = _skbAt[original].FragList; part != None; part = _skbAt[part].Next)
        {
            int copy = Copy(part);
            (last == None ? ref _skbAt[head].FragList : ref _skbAt[last].Next) = copy;
            last = copy;
        }

        Keep(head);
        Observer?.Cloned(original, head);
        return _skbAt[head].FragmentsInAll;
    }

    /// <inheritdoc/>
    public void Dispose() => _buffer.Dispose();

    /// <inheritdoc/>
    protected internal override void Lay(ref BlockCursor cursor)
    {
        _header = cursor.Take<Header>(1);
        _skbAt = cursor.Take<Skb>(_skbs);
        _fragments = cursor.Take<SkbFragment>(_skbs * FragmentsMax);
        _held = cursor.Take<int>(_skbs);
        _free.Lay(ref cursor, _skbs);
    }

    private void Recycle(int skb, IRecycler recycler)
    {
        int charged = _skbAt[skb].Truesize;
        var fragment = _fragments + (skb * FragmentsMax);
        for (int left = _skbAt[skb].Fragments; left > 0; left--, fragment++)
        {
            int frame = fragment->Frame;
            _memory.LetGo(frame, fragment->Offset);
            recycler.PutBack(frame, charged);
        }
    }

    private int Copy(int original)
    {
        int copy = _free.Take(out _);
        _skbAt[copy] = _skbAt[original] with { Fragments = 0, FragList = None, Next = None };
        foreach (ref readonly var fragment in FragmentsOf(original))
        {
            _memory.AddReferences(fragment.Frame, 1);
            AddFragment(copy, fragment.Frame, fragment.Offset, fragment.Length);
        }

        Unsafe.CopyBlock(LinearOf(copy), LinearOf(original), (uint)_skbAt[original].LinearLength);
        return copy;
    }

    private void Keep(int skb)
    {
        var header = _header;
        _held[header->HeldPackets++] = skb;
        header->HeldLoad += Math.Max(1, _skbAt[skb].FragmentsInAll);
    }

    private struct Header
    {
        public long Delivered;
        public int HeldPackets;
        public int HeldLoad;
        public int Serials;

        // Stored plus one, so that a cleared block means none.
        public int NapiSkbPlusOne;
    }
}
