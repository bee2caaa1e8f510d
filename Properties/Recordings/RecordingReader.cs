namespace RxVerify.Properties.Recordings;

/// <summary>Reads a recording and holds it against the claims: text of tracefs, trace-cmd report or perf script, plain or in gzip.</summary>
/// <remarks>
/// Memory grows with the pools and with the pages they hold, not with the recording; nothing is allocated for a line.
/// No package for such recordings is on the project's feed (looked for: Tracing, LTTng, Ftrace).
/// </remarks>
public static class RecordingReader
{
    private const string Expected = "text of tracefs trace, trace-cmd report or perf script with the events of page_pool switched on";

    /// <summary>Reads a file to its end.</summary>
    /// <param name="path">The file; messages name it so.</param>
    /// <param name="stop">Ends the reading; what is known by then is reported.</param>
    /// <exception cref="RecordingFormatException">A line is damaged, or there is no event of a pool.</exception>
    /// <exception cref="IOException">The file is missing or cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">The path may not be read, or is a folder.</exception>
    public static RecordingReport Read(string path, CancellationToken stop = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite, bufferSize: 0, FileOptions.SequentialScan);
        return Read(file, path, isLive: false, stop);
    }

    /// <summary>Reads a stream from where it stands to its end. It may be a pipe, and is left open.</summary>
    /// <param name="stream">The recording.</param>
    /// <param name="name">How messages name it.</param>
    /// <param name="isLive">Whether a read may wait for ever; then the stream is left alone when the reading is stopped.</param>
    /// <param name="stop">Ends the reading; what is known by then is reported.</param>
    /// <exception cref="RecordingFormatException">A line is damaged, or there is no event of a pool.</exception>
    public static RecordingReport Read(Stream stream, string name, bool isLive, CancellationToken stop = default)
    {
        ArgumentNullException.ThrowIfNull(stream);
        ArgumentException.ThrowIfNullOrEmpty(name);
        using var input = new RecordingInput(stream, name, isLive, stop);
        var run = new Run(input.Lines);
        run.ToEnd();
        input.CheckEnd();
        return run.Report(name);
    }

    /// <summary>One reading.</summary>
    private sealed class Run(LineInput lines)
    {
        private readonly EventReader _reader = new(lines);
        private readonly RecordingLaw _law = new();
        private long _events;
        private long _passedOver;
        private long _losses;
        private long _lostEvents;
        private bool _isCut;
        private bool _isOverwritten;

        public void ToEnd()
        {
            while (lines.TryRead(out var line))
            {
                // A last line without an end may have lost digits, so it is not believed: perhaps an event is missing.
                _isCut = lines.IsCut;
                if (_isCut)
                {
                    Lose(since: lines.Number);
                    break;
                }

                switch (_reader.Read(line, out var found))
                {
                    case LineKind.Event:
                        Note(found);
                        break;
                    case LineKind.Lost:
                        Lose(since: _law.LastLineOf(_reader.LostProcessor));
                        _lostEvents += _reader.LostCount;
                        break;
                    case LineKind.Started:
                        Lose(since: 0);
                        break;
                    case LineKind.Overwritten:
                        _isOverwritten = true;
                        Lose(since: 0);
                        _lostEvents += _reader.LostCount;
                        break;
                    default:
                        _passedOver++;
                        break;
                }
            }
        }

        public RecordingReport Report(string name)
        {
            if (_events == 0 && !lines.WasStopped)
            {
                throw lines.Damaged($"the end, without one event of a page pool", Expected);
            }

            return new RecordingReport
            {
                Name = name,
                Lines = lines.Number,
                Bytes = lines.Bytes,
                Events = (_law.Events(RecordedKind.Hold), _law.Events(RecordedKind.Release), _law.Events(RecordedKind.Look), _law.Events(RecordedKind.Move)),
                PassedOver = _passedOver,
                Losses = _losses,
                LostEvents = _lostEvents,
                IsCut = _isCut,
                WasStopped = lines.WasStopped,
                Nanoseconds = _law.Nanoseconds,
                Lives = _law.Lives(),
                Curves = _law.Curves(),
            };
        }

        private void Note(in RecordedEvent found)
        {
            // What was overwritten is the older part of each processor's events, so a processor is complete from its first line on.
            if (_isOverwritten && _law.LastLineOf(found.Processor) == 0)
            {
                _law.Lose(lines.Number, since: 0);
            }

            _events++;
            _law.Note(lines.Number, found);
        }

        private void Lose(long since)
        {
            _losses++;
            _law.Lose(lines.Number, since);
        }
    }
}
