using System.IO.Compression;
using RxVerify.Properties.Traffic;

namespace RxVerify.Properties.Recordings;

/// <summary>A recording as a stream of text, plain or unpacked: the kind is told by the content, never by the name.</summary>
internal sealed class RecordingInput : IDisposable
{
    private readonly ReplayedStream _whole;
    private readonly GZipStream? _unpacked;

    /// <summary>Begins to read.</summary>
    /// <param name="stream">The file or pipe; it belongs to the caller.</param>
    /// <param name="name">How messages name it.</param>
    /// <param name="isLive">Whether a read may wait for ever.</param>
    /// <param name="stop">Ends the lines.</param>
    public RecordingInput(Stream stream, string name, bool isLive, CancellationToken stop)
    {
        byte[] head = new byte[2];
        int count = Peek(stream, head, isLive, stop);
        _whole = new ReplayedStream(head[..count], stream);
        _unpacked = count == 2 && head is [0x1F, 0x8B] ? new GZipStream(_whole, CompressionMode.Decompress) : null;
        Lines = new LineInput(_unpacked is null ? _whole : _unpacked, name, isLive, stop);
    }

    /// <summary>The lines.</summary>
    public LineInput Lines { get; }

    /// <summary>GZipStream takes a file that was cut off for one that ends; the length at the end of the file tells.</summary>
    /// <remarks>Smaller is accepted, because in a file of several gzip members the word counts the last one only.</remarks>
    public void CheckEnd()
    {
        if (_unpacked is not null && !Lines.WasStopped && Lines.Bytes <= uint.MaxValue && _whole.LastWord > Lines.Bytes)
        {
            throw Lines.Damaged("gzip data cut off", $"{_whole.LastWord} unpacked bytes as its last four bytes say");
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _unpacked?.Dispose();

    private static int Peek(Stream stream, byte[] head, bool isLive, CancellationToken stop)
    {
        if (!isLive)
        {
            return stream.ReadAtLeast(head, head.Length, throwOnEndOfStream: false);
        }

        try
        {
            var reading = Task.Run(() => stream.ReadAtLeast(head, head.Length, throwOnEndOfStream: false), CancellationToken.None);
            reading.Wait(stop);
            return reading.Result;
        }
        catch (OperationCanceledException)
        {
            return 0;
        }
    }
}
