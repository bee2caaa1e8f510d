using System.Diagnostics;

namespace RxVerify.Explorer;

/// <summary>One system that is walked a step at a time, the states it was in, and what was counted on the way.</summary>
internal sealed unsafe class Walker<TSystem> : IDisposable
    where TSystem : struct, ITransitionSystem
{
    private const int StepsBetweenLooks = 1 << 10;

    private readonly ExploreOptions _options;
    private readonly CancellationToken _cancellation;
    private readonly long _start = Stopwatch.GetTimestamp();
    private readonly VisitedSet _visited;
    private readonly NativeArray<ulong> _key;
    private readonly int[] _enabled;
    private readonly long[] _kindsTaken;
    private readonly long[] _kindsEnabled;
    private readonly long[] _landmarks;
    private readonly List<long> _atDepth = [];
    private TSystem _system;
    private uint _nextIndex;
    private uint _blockEnd;
    private long _looks;
    private long _peak;
    private TimeSpan _lastProgress;

    public Walker(TSystem system, ExploreOptions options, CancellationToken cancellation)
    {
        if (options.Threads != 1 || options.Fingerprints || options.KeepsGraph || options.Checkpoint is not null)
        {
            throw new ArgumentException("other orders than breadth-first have one thread, whole keys, no graph and no checkpoint", nameof(options));
        }

        (_options, _cancellation, _system) = (options, cancellation, system);
        _visited = new VisitedSet(system.KeyWords, exact: true, findsIndex: true, workers: 1);
        _key = new NativeArray<ulong>(system.KeyWords);
        _enabled = new int[system.EnabledMax];
        _kindsTaken = BitCounts.For(system.Kinds, "kinds of operations");
        _kindsEnabled = BitCounts.For(system.Kinds, "kinds of operations");
        _landmarks = BitCounts.For(system.Landmarks, "landmarks");
    }

    /// <summary>The system.</summary>
    public ref TSystem System => ref _system;

    /// <summary>The states' keys and parents.</summary>
    public StateLog Log => _visited.Log!;

    /// <summary>Different states that it was in.</summary>
    public long Found { get; private set; }

    /// <summary>Why the walk has to end, or null.</summary>
    public string? EndedBy { get; set; }

    /// <summary>Bytes held besides the states.</summary>
    public long OtherBytes
    {
        get;
        set
        {
            field = value;
            _peak = Math.Max(_peak, _visited.Bytes + value);
        }
    }

    /// <summary>States gone on from, as often as that was counted.</summary>
    private long Expanded { get; set; }

    /// <summary>The operations enabled in the present state, which is marked.</summary>
    /// <param name="counts">Whether the state counts as one more gone on from.</param>
    public ReadOnlySpan<int> Enabled(bool counts)
    {
        _system.Mark();
        var enabled = _enabled.AsSpan(0, _system.Enabled(_enabled));
        if (counts)
        {
            Expanded++;
            ulong kinds = 0;
            foreach (int operation in enabled)
            {
                kinds |= 1ul << _system.KindOf(operation);
            }

            BitCounts.Add(kinds, _kindsEnabled);
        }

        return enabled;
    }

    /// <summary>Does an enabled operation. Returns what is wrong afterwards, or null.</summary>
    public Problem? Take(int operation)
    {
        _kindsTaken[_system.KindOf(operation)]++;
        ulong landmarks = 0;
        var problem = _system.Apply(operation, ref landmarks);
        if (problem is null)
        {
            BitCounts.Add(landmarks, _landmarks);
        }

        return problem;
    }

    /// <summary>Makes the present state known. Returns whether it was not.</summary>
    /// <param name="parent">The state it was reached from.</param>
    /// <param name="depth">In how many operations.</param>
    /// <param name="index">Its index.</param>
    public bool Know(uint parent, int depth, out uint index)
    {
        if (!_visited.HasRoomFor(Found + 1))
        {
            Grow();
        }

        if (_nextIndex == _blockEnd)
        {
            _nextIndex = Log.Reserve();
            _blockEnd = _nextIndex + StateLog.BlockSize;
        }

        index = _nextIndex;
        _system.WriteKey(new Span<ulong>(_key.Start, (int)_key.Length));
        if (!_visited.Add(_visited.HashOf(_key.Start), _key.Start, ref index, parent))
        {
            return false;
        }

        Found++;
        _nextIndex++;
        while (_atDepth.Count <= depth)
        {
            _atDepth.Add(0);
        }

        _atDepth[depth]++;
        return true;
    }

    /// <summary>To a state that was found, from its key.</summary>
    public void LoadKey(uint index) => _system.Load(new ReadOnlySpan<byte>(Log.Key(index), (int)_key.Bytes));

    /// <summary>Counts states, and now and then looks at the clock, at memory and at whether somebody waits. Returns whether to go on.</summary>
    /// <param name="depth">Present depth.</param>
    /// <param name="waiting">States reached and not expanded.</param>
    public bool MayGoOn(int depth, long waiting)
    {
        if (_looks++ % StepsBetweenLooks == 0 || Found >= _options.StatesMax)
        {
            var elapsed = Stopwatch.GetElapsedTime(_start);
            long bytes = _visited.Bytes + OtherBytes;
            EndedBy ??= _options.ReasonToEnd(Found, bytes, elapsed, _cancellation);
            if (elapsed - _lastProgress >= ExploreOptions.ProgressEvery)
            {
                _lastProgress = elapsed;
                _options.Progress?.Report(new ExploreProgress(Found, _kindsTaken.Sum(), depth, waiting, null, bytes, elapsed));
            }
        }

        return EndedBy is null;
    }

    /// <summary>What is known, without a story.</summary>
    public Exploration Result(Problem? problem)
    {
        var kinds = _system.Kinds.Select((name, kind) => new KindCoverage(name, _kindsEnabled[kind], _kindsTaken[kind], Expanded - _kindsEnabled[kind])).ToList();
        return new Exploration
        {
            Order = _options.Order,
            Outcome = problem is not null ? ExploreOutcome.Broke : EndedBy is not null ? ExploreOutcome.NotExhaustive : ExploreOutcome.Held,
            EndedBy = problem is null ? EndedBy : null,
            Problem = problem,
            States = Found,
            Transitions = _kindsTaken.Sum(),
            StatesAtDepth = _atDepth,
            Kinds = kinds,
            Landmarks = [.. _system.Landmarks.Select((name, landmark) => new LandmarkCoverage(name, _landmarks[landmark]))],
            PeakBytes = Math.Max(_peak, _visited.Bytes + OtherBytes),
            Elapsed = Stopwatch.GetElapsedTime(_start),
        }.Weighed();
    }

    /// <summary>Doubles the table where memory allows it; otherwise the walk ends, and what is free of the table is enough for that.</summary>
    private void Grow()
    {
        long bytes = _visited.Bytes + _visited.BytesToGrow + OtherBytes;
        EndedBy ??= _options.ReasonToEnd(Found, bytes, Stopwatch.GetElapsedTime(_start), _cancellation);
        if (EndedBy is null)
        {
            _visited.Grow();
            _peak = Math.Max(_peak, bytes);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _system.Dispose();
        _visited.Dispose();
        _key.Dispose();
    }
}
