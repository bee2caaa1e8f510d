using RxVerify.Implementation.Memory;

namespace RxVerify.Properties.Traffic;

/// <summary>Pushes the packets of a capture through an emulated queue, with every claim checked after each step.</summary>
public static class TrafficRun
{
    /// <summary>Longest run whose operations are kept, so that a failure can be shrunk.</summary>
    public const int KeptMax = 100_000;

    /// <summary>Runs a capture to its end through a DQO queue, or until a claim breaks.</summary>
    /// <param name="capture">The packets; they are read once.</param>
    /// <param name="options">The queue and its surroundings.</param>
    /// <param name="progress">Told of the packets done, now and then.</param>
    /// <param name="cancellation">Ends the capture early; the queue is still taken down and checked.</param>
    /// <exception cref="ArgumentException">No queue can be built from the options.</exception>
    public static DqoTrafficReport Run(
        IEnumerable<CapturedPacket> capture, DqoTrafficOptions options, IProgress<long>? progress = null, CancellationToken cancellation = default)
    {
        Check(capture, options);
        using var run = new DqoTrafficRun(options);
        return run.Through(capture, progress, cancellation);
    }

    /// <summary>Runs a capture to its end through a MANA queue, or until a claim breaks.</summary>
    /// <param name="capture">The packets; they are read once.</param>
    /// <param name="options">The queue and its surroundings.</param>
    /// <param name="progress">Told of the packets done, now and then.</param>
    /// <param name="cancellation">Ends the capture early; the queue is still taken down and checked.</param>
    /// <exception cref="ArgumentException">No queue can be built from the options.</exception>
    public static ManaTrafficReport Run(
        IEnumerable<CapturedPacket> capture, ManaTrafficOptions options, IProgress<long>? progress = null, CancellationToken cancellation = default)
    {
        Check(capture, options);
        using var run = new ManaTrafficRun(options);
        return run.Through(capture, progress, cancellation);
    }

    /// <summary>Runs a capture to its end through the queue of whichever scheme the options are for.</summary>
    /// <param name="capture">The packets; they are read once.</param>
    /// <param name="options">The queue and its surroundings.</param>
    /// <param name="progress">Told of the packets done, now and then.</param>
    /// <param name="cancellation">Ends the capture early; the queue is still taken down and checked.</param>
    /// <exception cref="ArgumentException">No queue can be built from the options.</exception>
    public static TrafficReport Run(
        IEnumerable<CapturedPacket> capture, TrafficOptions options, IProgress<long>? progress = null, CancellationToken cancellation = default) =>
        options is ManaTrafficOptions mana ? Run(capture, mana, progress, cancellation) : Run(capture, (DqoTrafficOptions)options, progress, cancellation);

    private static void Check(IEnumerable<CapturedPacket> capture, TrafficOptions options)
    {
        ArgumentNullException.ThrowIfNull(capture);
        ArgumentNullException.ThrowIfNull(options);
        if (options.Fault() is { } fault)
        {
            throw new ArgumentException(fault, nameof(options));
        }
    }
}

/// <summary>
/// What every scheme's run does. Time is the capture's: a poll comes when a batch has arrived or the interrupt period has passed, a
/// release when its reader is done.
/// </summary>
/// <remarks>A packet for which the device has no buffer is dropped and counted, as a real device does; that breaks no claim.</remarks>
/// <typeparam name="TConfiguration">The scheme's constants.</typeparam>
/// <typeparam name="TOperation">The scheme's alphabet.</typeparam>
/// <typeparam name="TReport">What the scheme tells.</typeparam>
internal abstract class TrafficRun<TConfiguration, TOperation, TReport> : IDisposable
    where TConfiguration : class
    where TOperation : struct, IEquatable<TOperation>
    where TReport : TrafficReport
{
    private const int PacketsBetweenReports = 1_024;

    private readonly Scheme<TConfiguration, TOperation> _scheme;
    private readonly TrafficOptions _options;
    private readonly IRun<TOperation> _run;
    private readonly TrafficReaders _readers;
    private readonly List<TOperation> _done = [];
    private long _pollDue = long.MaxValue;
    private int _waiting;

    /// <summary>A run at its start.</summary>
    /// <param name="scheme">The scheme.</param>
    /// <param name="options">What was asked.</param>
    /// <param name="run">The scheme's world under the eyes of its claims; it is disposed of with this one.</param>
    protected TrafficRun(Scheme<TConfiguration, TOperation> scheme, TrafficOptions options, IRun<TOperation> run)
    {
        _scheme = scheme;
        _options = options;
        _run = run;
        _readers = new TrafficReaders(options);
    }

    /// <summary>What became of the packets so far.</summary>
    protected TrafficPackets Packets { get; } = new();

    /// <summary>Operations done so far.</summary>
    protected long Operations { get; private set; }

    /// <summary>Time in the capture, in nanoseconds.</summary>
    protected long Now { get; private set; }

    /// <summary>Whether a claim broke; nothing may be stepped any more.</summary>
    protected bool IsBroken => _run.Finding is not null;

    /// <summary>The packet, counted from 1, in or after whose arrival a claim broke; 0 while all hold.</summary>
    protected long FindingPacket => IsBroken ? Packets.Captured : 0;

    /// <summary>The readers' side of the world.</summary>
    protected abstract NetworkStack Stack { get; }

    /// <summary>Completions that wait for the driver.</summary>
    protected abstract int Pending { get; }

    /// <summary>What counts against the room the stack has.</summary>
    protected abstract int Load { get; }

    /// <summary>The room the stack has.</summary>
    protected abstract int LoadMax { get; }

    /// <summary>Most buffers that one packet can use.</summary>
    protected abstract int BuffersMax { get; }

    /// <summary>Completions that one poll handles at most.</summary>
    protected abstract int Budget { get; }

    /// <summary>Whether the driver asked to be called again without an interrupt.</summary>
    protected abstract bool TimerArmed { get; }

    /// <summary>What the driver consumed and posted so far: a poll that changes neither moved nothing.</summary>
    protected abstract (long Completed, long Posted) Progress { get; }

    /// <summary>One poll.</summary>
    protected abstract TOperation PollOnce { get; }

    /// <inheritdoc/>
    public void Dispose() => _run.Dispose();

    /// <summary>Runs a capture to its end, or until a claim breaks.</summary>
    public TReport Through(IEnumerable<CapturedPacket> capture, IProgress<long>? progress, CancellationToken cancellation)
    {
        Begin();
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
            if (Packets.Captured % PacketsBetweenReports == 0)
            {
                progress?.Report(Packets.Captured);
            }
        }

        while (_waiting > 0 && !IsBroken && Poll())
        {
            // The last packets wait for the interrupt that no later packet brings about.
        }

        return End(wasStopped);
    }

    /// <summary>The queue is built as asked, if it is not yet.</summary>
    protected abstract void Begin();

    /// <summary>Buffers that a packet of this length takes.</summary>
    protected abstract int BuffersFor(int length);

    /// <summary>The device receives a packet.</summary>
    protected abstract TOperation Arrival(CapturedPacket packet, int buffers);

    /// <summary>A reader lets go of the packet at this place among those held.</summary>
    protected abstract TOperation Release(int place);

    /// <summary>The device received a packet.</summary>
    protected virtual void Received(CapturedPacket packet)
    {
    }

    /// <summary>A poll was done and no claim broke.</summary>
    protected abstract void Polled();

    /// <summary>The capture is through: what is to be told is taken, then the queue is taken down (<see cref="TakeDown"/>).</summary>
    protected abstract TReport End(bool wasStopped);

    /// <summary>What can only be asked at the end: does the queue recover, with and without its readers; does anything leak.</summary>
    protected void TakeDown()
    {
        foreach (var operation in _scheme.Epilogue)
        {
            if (!IsBroken)
            {
                Try(operation);
            }
        }
    }

    /// <summary>The failing run, when a claim broke and the run is short enough to be shrunk.</summary>
    protected Failure<TConfiguration, TOperation>? FailureOf(TConfiguration configuration) =>
        IsBroken && _done.Count == Operations ? new(configuration, [.. _done], _run.Finding!) : null;

    /// <summary>Does an operation if it is allowed, with every claim checked.</summary>
    protected bool Try(TOperation operation)
    {
        if (!_run.Allows(operation) && !IsBroken)
        {
            return false;
        }

        Operations++;
        if (_done.Count <= TrafficRun.KeptMax)
        {
            _done.Add(operation);
        }

        if (!IsBroken)
        {
            _run.Step(operation);
        }

        return true;
    }

    /// <summary>Lets polls and releases happen that are due before the next packet, in the order of time.</summary>
    private void AdvanceTo(long nanoseconds)
    {
        for (long due = NextDue(); due <= nanoseconds && !IsBroken; due = NextDue())
        {
            Now = Math.Max(Now, due);
            LetGo();
            if (_pollDue <= Now && !IsBroken)
            {
                Poll();
            }
        }

        Now = Math.Max(Now, nanoseconds);
    }

    private long NextDue() => Math.Min(_pollDue, _readers.NextDue);

    private void Arrive(CapturedPacket packet)
    {
        Packets.Captured++;
        Packets.CapturedBytes += packet.OriginalLength;
        int buffers = BuffersFor(packet.OriginalLength);
        if (packet.OriginalLength is < 1 or > TrafficOptions.LengthMax)
        {
            Packets.SkippedLength++;
        }
        else if (buffers > BuffersMax)
        {
            Packets.SkippedBuffers++;
        }
        else
        {
            Receive(packet, buffers);
        }

        LetGo();
    }

    private void Receive(CapturedPacket packet, int buffers)
    {
        if (!Try(Arrival(packet, buffers)))
        {
            bool isFull = Load + buffers > LoadMax;
            Packets.DroppedStackFull += isFull ? 1 : 0;
            Packets.DroppedNoBuffer += isFull ? 0 : 1;
            return;
        }

        Packets.Received++;
        Packets.ReceivedBytes += packet.OriginalLength;
        Received(packet);
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
        int serials = Stack.Serials;
        var before = Progress;
        Try(PollOnce);
        if (IsBroken)
        {
            return false;
        }

        while (serials < Stack.Serials)
        {
            _readers.Take(++serials, Now, Packets.Captured);
        }

        Polled();
        bool waits = Pending > 0;
        bool hasMoved = before != Progress;
        _waiting = waits ? Math.Max(1, _waiting - Budget) : 0;
        _pollDue = !hasMoved ? long.MaxValue : waits ? Now : TimerArmed ? TimerDue() : long.MaxValue;
        LetGo();
        return hasMoved;
    }

    private void LetGo()
    {
        while (!IsBroken && _readers.TryRelease(Stack, Now, Packets.Captured, out int place))
        {
            Try(Release(place));
            if (_pollDue == long.MaxValue && TimerArmed)
            {
                _pollDue = TimerDue();
            }
        }
    }

    private long TimerDue() => Later(Math.Max(1, _options.InterruptNanoseconds));

    private long Later(long nanoseconds) => nanoseconds > long.MaxValue - Now ? long.MaxValue : Now + nanoseconds;
}
