namespace RxVerify.Properties.Recordings;

/// <summary>The lines of a stream, one after the other, in one buffer: nothing is allocated for a line.</summary>
/// <param name="stream">Text; it belongs to the caller.</param>
/// <param name="name">How messages name it.</param>
/// <param name="isLive">Whether a read may wait for ever, so that it has to be left alone when the run is stopped.</param>
/// <param name="stop">Ends the lines as the end of the stream does.</param>
internal sealed class LineInput(Stream stream, string name, bool isLive, CancellationToken stop)
{
    /// <summary>No printer writes longer lines for an event of a pool; of a longer line only the beginning is looked at.</summary>
    public const int LineMax = 4 * 1024;

    private const int BufferBytes = 64 * 1024;

    // Not pooled: a read that was left alone may still write into it.
    private readonly byte[] _buffer = new byte[BufferBytes];
    private int _start;
    private int _end;

    /// <summary>The line handed out last, counted from 1.</summary>
    public long Number { get; private set; }

    /// <summary>Bytes of text read so far.</summary>
    public long Bytes { get; private set; }

    /// <summary>Whether the line handed out last has no line end, so that nobody knows whether it is whole.</summary>
    public bool IsCut { get; private set; }

    /// <summary>Whether the lines ended because the run was stopped.</summary>
    public bool WasStopped { get; private set; }

    /// <summary>The next line without its line end. It is valid until the next call.</summary>
    public bool TryRead(out ReadOnlySpan<byte> line)
    {
        int searched = 0;
        while (true)
        {
            int length = _buffer.AsSpan(_start + searched, _end - _start - searched).IndexOf((byte)'\n');
            if (length >= 0)
            {
                line = Handed(searched + length);
                _start++;
                return true;
            }

            searched = _end - _start;
            if (searched > LineMax)
            {
                return TryReadLong(out line);
            }

            if (!Fill())
            {
                IsCut = searched > 0 && !WasStopped;
                line = IsCut ? Handed(searched) : default;
                return IsCut;
            }
        }
    }

    /// <summary>What is wrong with the line handed out last.</summary>
    public RecordingFormatException Damaged(string found, string expected, Exception? cause = null) => new(name, Math.Max(Number, 1), found, expected, cause);

    private ReadOnlySpan<byte> Handed(int length)
    {
        var line = _buffer.AsSpan(_start, length);
        _start += length;
        Number++;
        return line is [.., (byte)'\r'] ? line[..^1] : line;
    }

    /// <summary>A line whose end is far away: its beginning, moved to the front, and then its rest is passed over.</summary>
    private bool TryReadLong(out ReadOnlySpan<byte> line)
    {
        _buffer.AsSpan(_start, LineMax).CopyTo(_buffer);
        _start = _end;
        int length;
        while ((length = _buffer.AsSpan(_start, _end - _start).IndexOf((byte)'\n')) < 0)
        {
            (_start, _end) = (LineMax, LineMax);
            if (!Fill(keptBefore: LineMax))
            {
                IsCut = !WasStopped;
                break;
            }
        }

        _start += length + 1;
        Number++;
        line = _buffer.AsSpan(0, LineMax);
        return true;
    }

    /// <summary>Reads more behind what is not handed out yet; false at the end.</summary>
    private bool Fill(int keptBefore = 0)
    {
        if (keptBefore == 0)
        {
            _buffer.AsSpan(_start, _end - _start).CopyTo(_buffer);
            (_start, _end) = (0, _end - _start);
        }

        int count = Read();
        _end += count;
        Bytes += count;
        return count > 0;
    }

    private int Read()
    {
        if (stop.IsCancellationRequested)
        {
            WasStopped = true;
            return 0;
        }

        try
        {
            if (!isLive)
            {
                return stream.Read(_buffer.AsSpan(_end));
            }

            var reading = Task.Run(() => stream.Read(_buffer.AsSpan(_end)), CancellationToken.None);
            reading.Wait(stop);
            return reading.Result;
        }
        catch (OperationCanceledException)
        {
            WasStopped = true;
            return 0;
        }
        catch (InvalidDataException damaged)
        {
            throw GzipDamage(damaged);
        }
        catch (AggregateException wrapped) when (wrapped.InnerException is InvalidDataException damaged)
        {
            throw GzipDamage(damaged);
        }
    }

    private RecordingFormatException GzipDamage(InvalidDataException damaged) =>
        new(name, Number + 1, $"damaged gzip data ({damaged.Message})", "an intact gzip file", damaged);
}
