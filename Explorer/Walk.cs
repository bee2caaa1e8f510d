using System.Diagnostics;
using System.Runtime.ExceptionServices;

namespace RxVerify.Explorer;

/// <summary>One breadth-first walk.</summary>
internal sealed partial class Walk<TSystem> : IDisposable
    where TSystem : struct, ITransitionSystem
{
    // How many depths are compared with as many before them, to guess what is to come; and where a guess is none.
    private const int DepthsCompared = 4;
    private const double RestMax = 1e12;

    private readonly Func<TSystem> _create;
    private readonly ExploreOptions _options;
    private readonly CancellationToken _cancellation;
    private readonly long _start = Stopwatch.GetTimestamp();
    private readonly VisitedSet _visited;
    private readonly StateGraph? _graph;
    private readonly Worker<TSystem>[] _workers;
    private readonly IReadOnlyList<string> _kinds;
    private readonly IReadOnlyList<string> _landmarks;
    private readonly long _margin;
    private readonly int _keyWords;
    private readonly string _identity;
    private readonly List<long> _atDepth = [];
    private List<Segment> _frontier = [];
    private int _taken;
    private volatile bool _pause;
    private bool _mayOutcomesGrow = true;
    private bool _isResumed;
    private long _known;
    private long _peakBytes;
    private long _restoredBytes;
    private long _releasedBytes;
    private TimeSpan _elapsedBefore;
    private TimeSpan _lastProgress;
    private TimeSpan _lastCheckpoint;
    private string? _endedBy;
    private ExceptionDispatchInfo? _failure;

    public Walk(Func<TSystem> create, ExploreOptions options, CancellationToken cancellation)
    {
        (_create, _options, _cancellation) = (create, options, cancellation);
        var first = create();
        (_kinds, _landmarks, _keyWords) = (first.Kinds, first.Landmarks, first.KeyWords);

        // Each worker may have a segment of states at hand, and what it collected before, all of which is new.
        _margin = options.Threads * (((long)Segment.Capacity(first.EnabledMax) * first.EnabledMax) + Worker<TSystem>.BatchSize);
        _identity = $"{options.Checkpoint?.Of}, {first.KeyWords} words a key, {(options.Fingerprints ? "fingerprints" : "whole keys")}";
        _visited = new VisitedSet(first.KeyWords, exact: !options.Fingerprints, findsIndex: options.KeepsGraph, workers: options.Threads);
        _graph = options.KeepsGraph ? new StateGraph() : null;
        _workers = new Worker<TSystem>[options.Threads];
        for (int worker = 0; worker < _workers.Length; worker++)
        {
            _workers[worker] = new Worker<TSystem>(worker == 0 ? first : create(), _visited, _graph);
        }
    }

    /// <summary>Time of this run: what limits and intervals are about.</summary>
    private TimeSpan Elapsed => Stopwatch.GetElapsedTime(_start);

    /// <summary>Time of all runs, as the states are those of all runs.</summary>
    private TimeSpan ElapsedInAll => _elapsedBefore + Elapsed;

    private long Found => _workers.Sum(worker => worker.Found);

    /// <summary>Whether there is nothing left to expand: then no limit makes the walk less than complete.</summary>
    private bool IsExhausted => _taken == _frontier.Count && _workers.All(worker => worker.Next.Count == 0);

    private bool AreOutcomesCrowded => _mayOutcomesGrow && _options.Outcomes?.HasRoomFor(_margin) == false;

    private bool IsBroken => _workers.Any(worker => worker.Problem is not null);

    public Exploration Run()
    {
        if (_options.Checkpoint is { } place && place.Exists)
        {
            place.Load(_identity, Read);
            _isResumed = true;
            _options.GoesOn?.Invoke(Found, ReachedAtDepth().Count - 1);
        }
        else
        {
            _workers[0].Start();
            GatherNext();
        }

        while (_frontier.Count > 0 && !IsBroken)
        {
            if (_atDepth.Count - 1 >= _options.DepthMax)
            {
                _endedBy = $"depth limit of {Quantity.Of(_options.DepthMax)}";
                break;
            }

            while (_taken < _frontier.Count && !IsOver())
            {
                RunPhase();
                BetweenPhases();
            }

            if (IsOver())
            {
                break;
            }

            GatherNext();
        }

        // Where something is wrong a segment may have been left in the middle, and its rest would be lost.
        if (_endedBy is not null && !IsBroken)
        {
            _options.Checkpoint?.Save(_identity, Write);
        }

        return Result() with { Elapsed = ElapsedInAll };
    }

    public void Dispose()
    {
        foreach (var worker in _workers)
        {
            worker.Dispose();
        }

        _visited.Dispose();
    }

    private bool IsOver() => _endedBy is not null || IsBroken;

    /// <summary>The next depth becomes the frontier.</summary>
    private void GatherNext()
    {
        Release(_frontier.Count);
        _frontier = [.. _workers.SelectMany(worker => worker.Next)];
        _taken = 0;
        foreach (var worker in _workers)
        {
            worker.Next.Clear();
            worker.CloseSegment();
        }

        long states = _frontier.Sum(segment => (long)segment.Count);
        if (states > 0)
        {
            _atDepth.Add(states);
        }
    }

    /// <summary>All workers expand until the frontier is used up or something has to be done that needs them to stand still.</summary>
    private void RunPhase()
    {
        _pause = false;
        _known = Found;
        var others = new Thread[_workers.Length - 1];
        for (int other = 0; other < others.Length; other++)
        {
            var worker = _workers[other + 1];
            others[other] = new Thread(() => WorkGuarded(worker)) { IsBackground = true };
            others[other].Start();
        }

        Work(_workers[0], isFirst: true);
        foreach (var other in others)
        {
            other.Join();
        }

        _failure?.Throw();

        _taken = Math.Min(_taken, _frontier.Count);
    }

    /// <summary>An exception on a thread of its own would end the process; it is thrown where the walk was asked for.</summary>
    private void WorkGuarded(Worker<TSystem> worker)
    {
        try
        {
            Work(worker, isFirst: false);
        }
        catch (Exception failure)
        {
            _failure = ExceptionDispatchInfo.Capture(failure);
            _pause = true;
        }
    }

    private void Work(Worker<TSystem> worker, bool isFirst)
    {
        while (!_pause)
        {
            if (!_visited.HasRoomFor(Interlocked.Read(ref _known) + _margin) || AreOutcomesCrowded)
            {
                _pause = true;
                break;
            }

            int next = Interlocked.Increment(ref _taken) - 1;
            if (next >= _frontier.Count)
            {
                break;
            }

            long before = worker.Found;
            worker.Expand(_frontier[next]);
            long known = Interlocked.Add(ref _known, worker.Found - before);
            if (worker.Problem is not null || known >= _options.StatesMax || (isFirst && IsDue()))
            {
                _pause = true;
            }
        }

        worker.Flush();
    }

    private bool IsDue() =>
        _cancellation.IsCancellationRequested
        || Elapsed - _lastProgress >= ExploreOptions.ProgressEvery
        || Elapsed >= _options.TimeMax
        || Bytes() >= _options.BytesMax
        || IsCheckpointDue();

    private bool IsCheckpointDue() => _options.Checkpoint is { } place && Elapsed - _lastCheckpoint >= place.Every;

    private void BetweenPhases()
    {
        Release(_taken);
        bool isFull = !_visited.HasRoomFor(Found + _margin);
        long toGrow = isFull ? _visited.BytesToGrow : 0;
        if (Bytes() + toGrow >= _options.BytesMax && _options.Outcomes is { } outcomes && !IsOver())
        {
            // States come first: without outcomes every step is taken, and nothing is missed.
            outcomes.GiveUp();
            _mayOutcomesGrow = false;
        }

        long bytes = Bytes() + toGrow;
        _endedBy ??= IsBroken || IsExhausted ? null : _options.ReasonToEnd(Found, bytes, Elapsed, _cancellation);
        if (isFull && !IsOver())
        {
            _visited.Grow();
            _peakBytes = Math.Max(_peakBytes, bytes);
        }

        if (AreOutcomesCrowded && !IsOver())
        {
            GrowOutcomes(_options.Outcomes!);
        }

        _peakBytes = Math.Max(_peakBytes, Bytes());
        if (Elapsed - _lastProgress >= ExploreOptions.ProgressEvery)
        {
            _lastProgress = Elapsed;
            long waiting = Found - _workers.Sum(worker => worker.Expanded);
            _options.Progress?.Report(new ExploreProgress(
                Found, _workers.Sum(worker => worker.Transitions), _atDepth.Count - 1, waiting, ExpectedRest(waiting), Bytes(), ElapsedInAll));
        }

        if (IsCheckpointDue() && !IsOver())
        {
            _options.Checkpoint!.Save(_identity, Write);
            _lastCheckpoint = Elapsed;
        }
    }

    /// <summary>Doubles the table of outcomes; where memory does not allow it the walk goes on with what there is.</summary>
    private void GrowOutcomes(OutcomeTable outcomes)
    {
        long bytes = Bytes() + outcomes.BytesToGrow;
        _mayOutcomesGrow = bytes < _options.BytesMax;
        if (_mayOutcomesGrow)
        {
            outcomes.Grow(_workers.Length);
            _peakBytes = Math.Max(_peakBytes, bytes);
        }
    }

    /// <summary>
    /// Depths grow less and less, then shrink more and more: as their growth changed over the last depths, it is taken to go on changing.
    /// Null where it says nothing yet.
    /// </summary>
    private long? ExpectedRest(long waiting)
    {
        if (_atDepth.Count <= 2 * DepthsCompared)
        {
            return null;
        }

        double growth = Growth(0);
        double change = (growth - Growth(DepthsCompared)) / DepthsCompared;
        if (change >= 0)
        {
            return null;
        }

        double rest = waiting;
        double depth = waiting;
        for (int ahead = 1; depth >= 1 && rest < RestMax; ahead++)
        {
            depth *= Math.Exp(growth + (change * ahead));
            rest += depth;
        }

        return rest < RestMax ? (long)rest : null;

        // The mean of the logarithms of how each of some depths compares with the one before.
        double Growth(int before) => Math.Log((double)_atDepth[^(before + 1)] / _atDepth[^(before + 1 + DepthsCompared)]) / DepthsCompared;
    }

    private long Bytes() => _visited.Bytes + _restoredBytes + _workers.Sum(worker => worker.SegmentBytes) - _releasedBytes + (_graph?.Bytes ?? 0) + (_options.Outcomes?.Bytes ?? 0);

    /// <summary>Gives back the memory of segments that were expanded.</summary>
    private void Release(int taken)
    {
        for (int segment = 0; segment < taken; segment++)
        {
            if (_frontier[segment].Saved is { IsClosed: false } saved)
            {
                _releasedBytes += saved.Bytes;
                saved.Dispose();
            }
        }
    }

    private Exploration Result()
    {
        var failed = _workers.FirstOrDefault(worker => worker.Problem is not null);
        long expanded = _workers.Sum(worker => worker.Expanded);
        var kinds = _kinds.Select((name, kind) =>
        {
            long enabled = Total(worker => worker.KindsEnabled[kind]);
            return new KindCoverage(name, enabled, Total(worker => worker.KindsTaken[kind]), expanded - enabled);
        }).ToList();
        var result = new Exploration
        {
            Outcome = failed is not null ? ExploreOutcome.Broke : _endedBy is not null ? ExploreOutcome.NotExhaustive : ExploreOutcome.Held,
            EndedBy = _endedBy,
            Problem = failed?.Problem,
            States = Found,
            Transitions = Total(worker => worker.Transitions),
            StatesAtDepth = failed is null && _endedBy is null ? _atDepth : ReachedAtDepth(),
            CompleteDepth = _atDepth.Count - 1,
            Kinds = kinds,
            Landmarks = [.. _landmarks.Select((name, landmark) => new LandmarkCoverage(name, Total(worker => worker.Landmarks[landmark])))],
            PeakBytes = Math.Max(_peakBytes, Bytes()),
            MissProbability = _options.Fingerprints && _keyWords > 1 ? Fingerprint.MissProbability(Found) : 0,
            StepsKept = failed is null && _endedBy is null && !_isResumed && _options.Outcomes is { IsPart: false } outcomes ? outcomes.Count : null,
            Graph = _graph,
        };
        if (failed is { IsBrokenAtStart: false } && _visited.Log is { } log && _workers.Length == 1)
        {
            using var story = new Story<TSystem>(_create, log);
            return story.Tell(result, failed.ProblemState);
        }

        if (result.Outcome == ExploreOutcome.Held && CheckEnds(result) is { } end)
        {
            return end;
        }

        return result.Weighed();

        long Total(Func<Worker<TSystem>, long> count) => _workers.Sum(count);
    }

    /// <summary>States reached, by depth, and last those of a depth that is not whole yet.</summary>
    private List<long> ReachedAtDepth()
    {
        long open = _workers.Sum(worker => worker.Next.Sum(segment => (long)segment.Count));
        return open > 0 ? [.. _atDepth, open] : _atDepth;
    }
}
