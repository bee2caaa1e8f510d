namespace RxVerify.Explorer;

/// <summary>One thread's part of a walk: expands segments of the frontier and collects those of the next depth.</summary>
internal sealed unsafe class Worker<TSystem> : IDisposable
    where TSystem : struct, ITransitionSystem
{
    // While so many keys are collected, the slots of the first arrive in the cache.
    internal const int BatchSize = 256;

    // Steps of so many states take as long as memory.
    private const int Ahead = 4;

    // A third of the successors were met within so many.
    private const int RecentBits = 14;

    private readonly VisitedSet _visited;
    private readonly StateGraph? _graph;
    private readonly int _keyWords;
    private readonly int _savedSize;
    private readonly int _batchSize;
    private readonly int _segmentCapacity;
    private readonly int[] _enabled;
    private readonly byte[] _kindOf;
    private readonly NativeArray<ulong> _keys;
    private readonly Pending[] _pending = new Pending[BatchSize];
    private readonly ulong[]? _recent;
    private readonly long[] _kindsTaken;
    private readonly long[] _kindsEnabled;
    private readonly long[] _landmarks;
    private readonly IForeseeingSystem? _foreseeing;
    private TSystem _system;
    private int _pendingCount;
    private uint _nextIndex;
    private uint _blockEnd;
    private Segment? _open;

    public Worker(TSystem system, VisitedSet visited, StateGraph? graph)
    {
        _system = system;
        _foreseeing = system as IForeseeingSystem;
        _visited = visited;
        _graph = graph;
        _keyWords = system.KeyWords;
        _savedSize = system.SnapshotSize > 0 ? system.SnapshotSize : visited.Log is null ? _keyWords * sizeof(ulong) : 0;
        _segmentCapacity = Segment.Capacity(system.EnabledMax);
        _enabled = new int[system.EnabledMax];
        _kindOf = new byte[system.EnabledMax];
        _keys = new NativeArray<ulong>((long)BatchSize * _keyWords);
        _kindsTaken = BitCounts.For(system.Kinds, "kinds of operations");
        _kindsEnabled = BitCounts.For(system.Kinds, "kinds of operations");
        _landmarks = BitCounts.For(system.Landmarks, "landmarks");

        // What was met lately needs no looking up; with a graph its index is wanted, and of a longer key more would have to be compared.
        _recent = graph is null && _keyWords == 1 && system.SnapshotSize == 0 ? new ulong[1 << RecentBits] : null;

        // A snapshot can only be taken while the state is there, so whether it is new has to be known at once.
        _batchSize = system.SnapshotSize > 0 ? 1 : BatchSize;
    }

    /// <summary>Segments of the next depth.</summary>
    public List<Segment> Next { get; } = [];

    /// <summary>States found.</summary>
    public long Found { get; private set; }

    /// <summary>Transitions taken.</summary>
    public long Transitions { get; private set; }

    /// <summary>States expanded.</summary>
    public long Expanded { get; private set; }

    /// <summary>Bytes of the segments made.</summary>
    public long SegmentBytes { get; private set; }

    /// <summary>What was found wrong, or null.</summary>
    public Problem? Problem { get; private set; }

    /// <summary>Whether it is wrong with the initial state itself.</summary>
    public bool IsBrokenAtStart { get; private set; }

    /// <summary>The state in which it was found.</summary>
    public uint ProblemState { get; private set; }

    public ReadOnlySpan<long> KindsTaken => _kindsTaken;

    public ReadOnlySpan<long> KindsEnabled => _kindsEnabled;

    public ReadOnlySpan<long> Landmarks => _landmarks;

    /// <summary>Makes the initial state known.</summary>
    public void Start()
    {
        Problem = _system.Start();
        IsBrokenAtStart = Problem is not null;
        Collect(0, 0);
        Flush();
    }

    /// <summary>Expands every state of a segment, or as many as it takes to find something wrong.</summary>
    public void Expand(Segment segment)
    {
        for (int place = 0; place < segment.Count && Problem is null; place++)
        {
            if (place + Ahead < segment.Count)
            {
                _foreseeing?.Foresee(SavedAt(segment, place + Ahead));
            }

            _system.Load(SavedAt(segment, place));
            _system.Mark();
            ExpandOne(segment.First + (uint)place);
        }
    }

    /// <summary>Adds what was collected to the visited states.</summary>
    public void Flush()
    {
        for (int at = 0; at < _pendingCount; at++)
        {
            _visited.PrefetchKey(_pending[at].Hash);
        }

        for (int at = 0; at < _pendingCount; at++)
        {
            Resolve(ref _pending[at], _keys.Start + ((long)at * _keyWords));
        }

        _pendingCount = 0;
    }

    /// <summary>Ends a depth: gives up the segments of the next.</summary>
    public void CloseSegment() => _open = null;

    /// <summary>Goes on from counts of an earlier run.</summary>
    public void Resume(long found, long transitions, long expanded, ReadOnlySpan<long> taken, ReadOnlySpan<long> enabled, ReadOnlySpan<long> landmarks)
    {
        (Found, Transitions, Expanded) = (found, transitions, expanded);
        taken.CopyTo(_kindsTaken);
        enabled.CopyTo(_kindsEnabled);
        landmarks.CopyTo(_landmarks);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _system.Dispose();
        _keys.Dispose();
    }

    private ReadOnlySpan<byte> SavedAt(Segment segment, int place) => segment.Saved is { } saved
        ? new ReadOnlySpan<byte>(saved.Start + ((long)place * _savedSize), _savedSize)
        : new ReadOnlySpan<byte>(_visited.Log!.Key(segment.First + (uint)place), _keyWords * sizeof(ulong));

    private void ExpandOne(uint index)
    {
        int count = _system.Enabled(_enabled);
        Expanded++;
        CountKinds(count);
        _graph?.Begin(_system, count);
        if (count == 0 && !_system.MayRest())
        {
            Report(index, new Problem(Problem.Deadlock, "nothing can happen any more"));
            return;
        }

        for (int at = 0; at < count; at++)
        {
            if (at > 0)
            {
                _system.Back();
            }

            int operation = _enabled[at];
            ulong landmarks = 0;
            Transitions++;
            _kindsTaken[_kindOf[at]]++;
            if (_system.Apply(operation, ref landmarks) is { } problem)
            {
                Report(index, problem);
                return;
            }

            BitCounts.Add(landmarks, _landmarks);
            Collect(index, operation);
        }
    }

    private void CountKinds(int count)
    {
        ulong kinds = 0;
        for (int at = 0; at < count; at++)
        {
            int kind = _system.KindOf(_enabled[at]);
            _kindOf[at] = (byte)kind;
            kinds |= 1ul << kind;
        }

        BitCounts.Add(kinds, _kindsEnabled);
    }

    private void Report(uint index, Problem problem)
    {
        // What came before has to be in the log, or the story has nothing to go by.
        Flush();
        ProblemState = index;
        Problem = problem;
    }

    private void Collect(uint parent, int operation)
    {
        ulong* key = _keys.Start + ((long)_pendingCount * _keyWords);
        _system.WriteKey(new Span<ulong>(key, _keyWords));
        ulong hash = _visited.HashOf(key);
        if (hash == 0)
        {
            throw new InvalidOperationException("a state's key is one word of all ones; expected any other, since that one would look like an empty slot");
        }

        _pending[_pendingCount] = new Pending { Hash = hash, Parent = parent, Operation = operation };
        bool isNew = true;
        if (_recent is { } recent)
        {
            ref ulong met = ref recent[hash >> (64 - RecentBits)];
            isNew = met != hash;
            met = hash;
        }

        _visited.PrefetchLine(hash, isNew);
        _pendingCount += isNew ? 1 : 0;
        if (_pendingCount == _batchSize)
        {
            Flush();
        }
    }

    private void Resolve(ref Pending pending, ulong* key)
    {
        if (_nextIndex == _blockEnd && _visited.Log is { } log)
        {
            _nextIndex = log.Reserve();
            _blockEnd = _nextIndex + StateLog.BlockSize;
        }

        uint index = _nextIndex;
        if (_visited.Add(pending.Hash, key, ref index, pending.Parent))
        {
            Found++;
            _nextIndex++;
            Append(index, key);
        }

        if (_graph is not null && Expanded > 0)
        {
            _graph.Add(index, pending.Operation);
        }
    }

    private void Append(uint index, ulong* key)
    {
        if (_open is null || _open.Count == _segmentCapacity || _open.First + (uint)_open.Count != index)
        {
            var saved = _savedSize > 0 ? new NativeArray<byte>((long)_segmentCapacity * _savedSize) : null;
            SegmentBytes += saved?.Bytes ?? 0;
            _open = new Segment(index, saved);
            Next.Add(_open);
        }

        if (_open.Saved is not null)
        {
            var place = new Span<byte>(_open.Saved.Start + ((long)_open.Count * _savedSize), _savedSize);
            if (_system.SnapshotSize > 0)
            {
                _system.Save(place);
            }
            else
            {
                new ReadOnlySpan<byte>(key, _savedSize).CopyTo(place);
            }
        }

        _open.Count++;
    }

    private struct Pending
    {
        public ulong Hash;
        public uint Parent;
        public int Operation;
    }
}
