using RxVerify.Implementation.Dqo;

namespace RxVerify.Properties.Dqo;

/// <summary>
/// Names for pages that do not depend on where they lie or when they were born: numbers in the order in which they are mentioned.
/// Pages that only packets mention are named so that the sorted packets come out smallest: of all the ways to name them that is one
/// which every state that differs in those names alone has too.
/// </summary>
internal sealed class DqoPageNames
{
    private readonly DqoWorld _world;
    private readonly int _chunks;
    private readonly int[] _nameOf;
    private readonly int[] _namedAt;
    private readonly int[] _frameOf;
    private readonly int[] _unnamed;
    private readonly List<Packet> _raw = [];
    private readonly List<Packet> _tried = [];
    private readonly List<Packet> _best = [];
    private int[] _bestOrder = [];
    private int _packets;
    private int _stamp;

    /// <summary>Names for a world's pages.</summary>
    public DqoPageNames(DqoWorld world)
    {
        _world = world;
        _chunks = world.Configuration.ChunksPerPage;
        int frames = world.Memory.Frames;
        _nameOf = new int[frames];
        _namedAt = new int[frames];
        _frameOf = new int[frames];
        _unnamed = new int[frames];
    }

    /// <summary>Pages named.</summary>
    public int Count { get; private set; }

    /// <summary>Forgets all names.</summary>
    public void Clear()
    {
        _stamp++;
        Count = 0;
    }

    /// <summary>The frame of the page with this name.</summary>
    public int FrameOf(int name) => _frameOf[name];

    /// <summary>The name of the page in a frame, a new one at its first mention; -1 outside memory.</summary>
    public int Of(int frame)
    {
        if ((uint)frame >= (uint)_nameOf.Length)
        {
            return -1;
        }

        if (_namedAt[frame] != _stamp)
        {
            _namedAt[frame] = _stamp;
            _nameOf[frame] = Count;
            _frameOf[Count++] = frame;
        }

        return _nameOf[frame];
    }

    /// <summary>Names what is left to name and sorts the packets: the one under assembly first, if there is one, then those held. Returns how many.</summary>
    public int Sort(int partial)
    {
        _packets = 0;
        if (partial >= 0)
        {
            Read(partial);
        }

        int first = _packets;
        for (int place = 0; place < _world.Stack.HeldPackets; place++)
        {
            Read(_world.Stack.HeldAt(place));
        }

        int unnamed = FindUnnamed();
        if (unnamed <= 1)
        {
            Translate(_unnamed.AsSpan(0, unnamed), first);
            Keep();
            Adopt(_unnamed.AsSpan(0, unnamed));
            return _packets;
        }

        // The smallest outcome of all orders. There are few: packets on pages that were given up are bounded by what the stack can hold.
        bool any = false;
        var order = _unnamed.AsSpan(0, unnamed);
        do
        {
            Translate(order, first);
            if (!any || IsSmaller())
            {
                any = true;
                Keep();
                _bestOrder = order.ToArray();
            }
        }
        while (Permute(order));
        Adopt(_bestOrder);
        return _packets;
    }

    /// <summary>Name and chunk of each fragment of a sorted packet, ascending, as one number each.</summary>
    public ReadOnlySpan<int> PacketAt(int place) => _best[place].Fragments;

    private static Packet At(List<Packet> packets, int place)
    {
        while (packets.Count <= place)
        {
            packets.Add(new Packet());
        }

        return packets[place];
    }

    private void Read(int head)
    {
        var packet = At(_raw, _packets++);
        packet.Count = DqoHeldPackets.Read(_world, head, packet.Room);
    }

    private int FindUnnamed()
    {
        int count = 0;
        for (int packet = 0; packet < _packets; packet++)
        {
            foreach (int place in _raw[packet].Fragments)
            {
                int frame = place / _chunks;
                if (_namedAt[frame] != _stamp && _unnamed.AsSpan(0, count).IndexOf(frame) < 0)
                {
                    _unnamed[count++] = frame;
                }
            }
        }

        _unnamed.AsSpan(0, count).Sort();
        return count;
    }

    /// <summary>The packets with pages named in this order, sorted from <paramref name="first"/> on.</summary>
    private void Translate(ReadOnlySpan<int> order, int first)
    {
        for (int place = 0; place < _packets; place++)
        {
            var packet = At(_tried, place);
            var fragments = _raw[place].Fragments;
            packet.Count = fragments.Length;
            for (int fragment = 0; fragment < fragments.Length; fragment++)
            {
                int frame = fragments[fragment] / _chunks;
                int name = _namedAt[frame] == _stamp ? _nameOf[frame] : Count + order.IndexOf(frame);
                packet.Room[fragment] = (name * _chunks) + (fragments[fragment] % _chunks);
            }

            packet.Fragments.Sort();
        }

        for (int place = first + 1; place < _packets; place++)
        {
            for (int at = place; at > first && _tried[at].ComparedWith(_tried[at - 1]) < 0; at--)
            {
                (_tried[at], _tried[at - 1]) = (_tried[at - 1], _tried[at]);
            }
        }
    }

    private bool IsSmaller()
    {
        for (int place = 0; place < _packets; place++)
        {
            int difference = _tried[place].ComparedWith(_best[place]);
            if (difference != 0)
            {
                return difference < 0;
            }
        }

        return false;
    }

    private void Keep()
    {
        for (int place = 0; place < _packets; place++)
        {
            At(_best, place).CopyFrom(_tried[place]);
        }
    }

    private void Adopt(ReadOnlySpan<int> order)
    {
        foreach (int frame in order)
        {
            Of(frame);
        }
    }

    /// <summary>To the next order of ascending numbers; false after the last.</summary>
    private static bool Permute(Span<int> order)
    {
        int at = order.Length - 2;
        while (at >= 0 && order[at] > order[at + 1])
        {
            at--;
        }

        if (at < 0)
        {
            return false;
        }

        int other = order.Length - 1;
        while (order[other] < order[at])
        {
            other--;
        }

        (order[at], order[other]) = (order[other], order[at]);
        order[(at + 1)..].Reverse();
        return true;
    }

    private sealed class Packet
    {
        public int Count { get; set; }

        public int[] Room { get; } = new int[DqoHeldPackets.FragmentsMax];

        public Span<int> Fragments => Room.AsSpan(0, Count);

        public void CopyFrom(Packet other)
        {
            Count = other.Count;
            other.Fragments.CopyTo(Room);
        }

        public int ComparedWith(Packet other) => Fragments.SequenceCompareTo(other.Fragments);
    }
}
