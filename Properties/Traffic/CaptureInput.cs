using System.Buffers;

namespace RxVerify.Properties.Traffic;

/// <summary>A forward window over a capture: one pooled buffer, a byte count, and errors that name the byte.</summary>
/// <remarks>A span handed out is valid until the next call. Nothing here grows with a length that a file claims.</remarks>
internal sealed class CaptureInput(Stream stream, string name) : IDisposable
{
    /// <summary>The largest piece that may be asked for at once; longer stretches are skipped, not held.</summary>
    public const int PieceMax = 512;

    private const int BufferBytes = 64 * 1024;

    private byte[] _buffer = ArrayPool<byte>.Shared.Rent(BufferBytes);
    private int _start;
    private int _end;

    /// <summary>Offset in the capture of the next byte to be taken.</summary>
    public long Position { get; private set; }

    /// <summary>Asks the stream if need be, so that the end is known before a structure is begun.</summary>
    public bool IsAtEnd => Available(1) == 0;

    /// <summary>Looks at the next bytes without taking them: fewer than asked for only at the end.</summary>
    public ReadOnlySpan<byte> Peek(int count) => _buffer.AsSpan(_start, Math.Min(count, Available(count)));

    /// <summary>Takes the next bytes, which belong to the structure that begins at <paramref name="structure"/>.</summary>
    public ReadOnlySpan<byte> Take(int count, long structure, string what)
    {
        if (Available(count) < count)
        {
            throw CutOff(structure, what, Position + count);
        }

        var taken = _buffer.AsSpan(_start, count);
        _start += count;
        Position += count;
        return taken;
    }

    /// <summary>Passes over bytes of the structure that begins at <paramref name="structure"/>; they have to exist all the same.</summary>
    public void Skip(long count, long structure, string what)
    {
        var needed = Position + count;
        while (Position < needed)
        {
            var step = (int)Math.Min(needed - Position, Available(1));
            if (step == 0)
            {
                throw CutOff(structure, what, needed);
            }

            _start += step;
            Position += step;
        }
    }

    public CaptureFormatException Damaged(long structure, string found, string expected) => new(name, structure, found, expected);

    /// <summary>Gives the buffer back; the stream belongs to the caller.</summary>
    public void Dispose()
    {
        if (_buffer.Length > 0)
        {
            ArrayPool<byte>.Shared.Return(_buffer);
            _buffer = [];
            (_start, _end) = (0, 0);
        }
    }

    private CaptureFormatException CutOff(long structure, string what, long needed) =>
        Damaged(structure, $"{what} is cut off by the end of the file at byte {Position + (_end - _start)}", $"it to reach byte {needed}");

    private int Available(int wanted)
    {
        if (_end - _start < wanted)
        {
            Fill(wanted);
        }

        return _end - _start;
    }

    private void Fill(int wanted)
    {
        _buffer.AsSpan(_start, _end - _start).CopyTo(_buffer);
        (_start, _end) = (0, _end - _start);
        try
        {
            // "At least" because pipes and unpackers give short reads that are not the end.
            _end += stream.ReadAtLeast(_buffer.AsSpan(_end), wanted - _end, throwOnEndOfStream: false);
        }
        catch (InvalidDataException damaged)
        {
            throw new CaptureFormatException(name, Position + _end, $"damaged gzip data ({damaged.Message})", "an intact gzip file", damaged);
        }
    }
}
