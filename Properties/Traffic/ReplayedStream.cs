namespace RxVerify.Properties.Traffic;

/// <summary>A stream with the bytes put back that were read to recognise it, because a pipe cannot be rewound.</summary>
/// <remarks>It does not own the inner stream.</remarks>
internal sealed class ReplayedStream(byte[] head, Stream inner) : Stream
{
    private int _replayed;

    /// <summary>The last four bytes read so far, as a little-endian number: at the end of a gzip file, its unpacked length.</summary>
    public uint LastWord { get; private set; }

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override int Read(Span<byte> buffer)
    {
        var count = _replayed < head.Length ? Replay(buffer) : inner.Read(buffer);
        foreach (var last in buffer[Math.Max(0, count - 4)..count])
        {
            LastWord = (LastWord >> 8) | ((uint)last << 24);
        }

        return count;
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    private int Replay(Span<byte> buffer)
    {
        var count = Math.Min(buffer.Length, head.Length - _replayed);
        head.AsSpan(_replayed, count).CopyTo(buffer);
        _replayed += count;
        return count;
    }
}
