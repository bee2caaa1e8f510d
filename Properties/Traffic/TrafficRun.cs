using RxVerify.Model.Vocabulary.Dqo;
using RxVerify.Properties.Dqo;

namespace RxVerify.Properties.Traffic;

/// <summary>
/// Pushes the packets of a capture through an emulated DQO queue, with every claim checked after each step. Time is the
/// capture's: a poll comes when a batch has arrived or the interrupt period has passed, a release when its reader is done.
/// </summary>
/// <remarks>A packet for which the device has no buffer is dropped and counted, as a real device does; that breaks no claim.</remarks>
public sealed class TrafficRun : IDisposable
{
    /// <summary>Longest run whose operations are kept, so that a failure can be shrunk.</summary>
    public const int KeptMax = 100_000;

    private const int PacketsBetweenReports = 1_024;

    // What can only be asked at the end: does the queue recover, with and without its readers; does anything leak.
    private static readonly DqoOperation[] Epilogue =
        [DqoOperation.Settle(keepsPackets: true), DqoOperation.Settle(), DqoOperation.Teardown(), DqoOperation.Settle()];

    private readonly TrafficOptions _options;
    private readonly DqoRun _run;
    private readonly TrafficReaders _readers;
    private readonly TrafficLists _lists = new();
    private readonly TrafficPackets _packets = new();
    private readonly List<DqoOperation> _done = [];
    private long _operations;
    private long _now;
    private long _pollDue = long.MaxValue;
    private int _waiting;

    private TrafficRun(TrafficOptions options)
    {
        _options = options;
        _readers = new TrafficReaders(options);
        _run = new DqoRun(DqoDefects.WorldOf(options.Defect, options.Configuration), ClaimSet.All, options.WithModel);
        _lists.Note(0, _run.Witness.Places);
    }

    private bool IsBroken => _run.Finding is not null;

    /// <summary>Runs a capture to its end, or until a claim breaks.</summary>
    /// <param name="capture">The packets; they are read once.</param>
    /// <param name="options">The queue and its surroundings.</param>
    /// <param name="progress">Told of the packets done, now and then.</param>
    /// <param name="cancellation">Ends the capture early; the queue is still taken down and checked.</param>
    /// <exception cref="ArgumentException">No queue can be built from the options.</exception>
    public static TrafficReport Run(
        IEnumerable<CapturedPacket> capture, TrafficOptions options, IProgress<long>? progress = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(capture);
        ArgumentNullException.ThrowIfNull(options);
        if (options.Fault() is { } fault)
        {
            throw new ArgumentException(fault, nameof(options));
        }

        using var run = new TrafficRun(options);
        return run.Through(capture, progress, cancellation);
    }

    /// <inheritdoc/>
    public void Dispose() => _run.Dispose();

    private TrafficReport Through(IEnumerable<CapturedPacket> capture, IProgress<long>? progress, CancellationToken cancellation)
    {
        bool wasStopped = false;
        foreach (var packet in capture)
        {
            wasStopped = cancellation.IsCancellationRequested;
            if (IsBroken || wasStopped)
            {
                break;
            }

            AdvanceTo(packet.Nanoseconds);
            Arrive(packet);
            if (_packets.Captured % PacketsBetweenReports == 0)
            {
                progress?.Report(_packets.Captured);
            }
        }

        while (_waiting > 0 && !IsBroken && Poll())
        {
            // The last packets wait for the interrupt that no later packet brings about.
        }

        return End(wasStopped);
    }

    /// <summary>Lets polls and releases happen that are due before the next packet, in the order of time.</summary>
    private void AdvanceTo(long nanoseconds)
    {
        for (long due = NextDue(); due <= nanoseconds && !IsBroken; due = NextDue())
        {
            _now = Math.Max(_now, due);
            LetGo();
            if (_pollDue <= _now && !IsBroken)
            {
                Poll();
            }
        }

        _now = Math.Max(_now, nanoseconds);
    }

    private long NextDue() => Math.Min(_pollDue, _readers.NextDue);

    private void Arrive(CapturedPacket packet)
    {
        _packets.Captured++;
        _packets.CapturedBytes += packet.OriginalLength;
        int chunk = _options.Configuration.ChunkSize;
        int buffers = (int)(((long)packet.OriginalLength + chunk - 1) / chunk);
        if (packet.OriginalLength is < 1 or > TrafficOptions.LengthMax)
        {
            _packets.SkippedLength++;
        }
        else if (buffers > Math.Min(TrafficOptions.BuffersMax, _options.Configuration.PostedMax))
        {
            _packets.SkippedBuffers++;
        }
        else
        {
            Receive(packet, buffers);
        }

        LetGo();
    }

    private void Receive(CapturedPacket packet, int buffers)
    {
        if (!Try(DqoOperation.Receive(packet.OriginalLength, buffers, traits: TrafficTraits.Of(packet.Protocol))))
        {
            bool isFull = _run.World.Load + buffers > _options.Configuration.StackCapacity;
            _packets.DroppedStackFull += isFull ? 1 : 0;
            _packets.DroppedNoBuffer += isFull ? 0 : 1;
            return;
        }

        _packets.Received++;
        _packets.ReceivedBytes += packet.OriginalLength;
        _waiting++;
        _pollDue = Math.Min(_pollDue, Later(_options.InterruptNanoseconds));
        if (_waiting >= _options.BatchPackets && !IsBroken)
        {
            Poll();
        }
    }

    /// <summary>
    /// One poll. The driver is called again at once while it leaves completions, and by its timer while that is armed. False when
    /// nothing moved: then neither calls it again before something arrives or is released, so an idle hour costs nothing.
    /// </summary>
    private bool Poll()
    {
        var world = _run.World;
        int serials = world.Stack.Serials;
        var before = (world.Queue.Counters.Completed, world.Queue.Counters.Posted);
        Try(DqoOperation.Poll(_options.BatchPackets));
        if (IsBroken)
        {
            return false;
        }

        while (serials < world.Stack.Serials)
        {
            _readers.Take(++serials, _now, _packets.Captured);
        }

        _lists.Note(_now, _run.Witness.Places);
        bool waits = world.Pending > 0;
        bool hasMoved = before != (world.Queue.Counters.Completed, world.Queue.Counters.Posted);
        _waiting = waits ? Math.Max(1, _waiting - _options.BatchPackets) : 0;
        _pollDue = !hasMoved ? long.MaxValue : waits ? _now : world.Queue.TimerArmed ? TimerDue() : long.MaxValue;
        LetGo();
        return hasMoved;
    }

    private void LetGo()
    {
        while (!IsBroken && _readers.TryRelease(_run.World.Stack, _now, _packets.Captured, out int place))
        {
            Try(DqoOperation.Release(place));
            if (_pollDue == long.MaxValue && _run.World.Queue.TimerArmed)
            {
                _pollDue = TimerDue();
            }
        }
    }

    /// <summary>Does an operation if it is allowed, with every claim checked.</summary>
    private bool Try(DqoOperation operation)
    {
        if (!_run.Allows(operation) && !IsBroken)
        {
            return false;
        }

        _operations++;
        if (_done.Count <= KeptMax)
        {
            _done.Add(operation);
        }

        if (!IsBroken)
        {
            _run.Step(operation);
        }

        return true;
    }

    private TrafficReport End(bool wasStopped)
    {
        var world = _run.World;

        // The pages of a list are allocated all at once; which of them were posted is seen on the states.
        int listed = 0;
        foreach (ref readonly var state in world.Queue.States)
        {
            listed += state.HasPage ? 1 : 0;
        }

        var counters = world.Queue.Counters;
        int pages = world.Memory.PagesBorn;
        foreach (var operation in Epilogue)
        {
            if (!IsBroken)
            {
                Try(operation);
            }
        }

        return new TrafficReport
        {
            Options = _options,
            Packets = _packets,
            Nanoseconds = _now,
            Operations = _operations,
            PagesAllocated = pages,
            PagesPeak = world.Memory.LivePagesPeak,
            FreshPostings = _options.Configuration.QueuePageList ? listed : pages,
            Counters = counters,
            Lists = _lists.Series(),
            Finding = _run.Finding,
            FindingPacket = IsBroken ? _packets.Captured : 0,
            Failure = IsBroken && _done.Count == _operations ? new(_options.Configuration, [.. _done], _run.Finding!) : null,
            WasStopped = wasStopped,
        };
    }

    private long TimerDue() => Later(Math.Max(1, _options.InterruptNanoseconds));

    private long Later(long nanoseconds) => nanoseconds > long.MaxValue - _now ? long.MaxValue : _now + nanoseconds;
}
