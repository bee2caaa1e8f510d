using System.Buffers.Binary;
using System.IO.Compression;
using RxVerify.Explorer;

namespace RxVerify.Properties.Traffic;

/// <summary>Reads the packets of a capture one by one: classic pcap and pcapng, of either byte order, plain or in gzip.</summary>
/// <remarks>
/// Hand-written because no package for captures is on the project's feed (looked for: SharpPcap, PacketDotNet, Haukcode.PcapngUtils).
/// The kind of file is told by its content, never by its name. Memory is one pooled buffer, whatever the file claims, and
/// nothing is allocated per packet. Packets before a damaged place are delivered; then <see cref="CaptureFormatException"/> is thrown.
/// </remarks>
public static class CaptureReader
{
    /// <summary>Reads a file, anew for each enumeration. A header without packets is an empty sequence.</summary>
    /// <param name="path">The file; it is opened when the enumeration begins, and messages name it so.</param>
    /// <exception cref="CaptureFormatException">While enumerating: the file is damaged, cut off or of an unsupported kind.</exception>
    /// <exception cref="IOException">While enumerating: the file is missing or cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">While enumerating: the path may not be read, or is a directory.</exception>
    public static IEnumerable<CapturedPacket> Read(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        return ReadFile(path);
    }

    /// <summary>Reads a stream from where it stands, once. It may be a pipe, and is left open.</summary>
    /// <param name="stream">The capture.</param>
    /// <param name="name">How messages name it.</param>
    /// <exception cref="CaptureFormatException">While enumerating: the capture is damaged, cut off or of an unsupported kind.</exception>
    public static IEnumerable<CapturedPacket> Read(Stream stream, string name)
    {
        ArgumentNullException.ThrowIfNull(stream);
        ArgumentException.ThrowIfNullOrEmpty(name);
        return ReadStream(stream, name);
    }

    private static IEnumerable<CapturedPacket> ReadFile(string path)
    {
        // The window of CaptureInput is the only buffer needed.
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0, FileOptions.SequentialScan);
        foreach (var packet in ReadStream(file, path))
        {
            yield return packet;
        }
    }

    private static IEnumerable<CapturedPacket> ReadStream(Stream stream, string name)
    {
        var head = new byte[2];
        var count = stream.ReadAtLeast(head, head.Length, throwOnEndOfStream: false);
        var whole = new ReplayedStream(head[..count], stream);
        var isPacked = head is [0x1F, 0x8B];

        using Stream unpacked = isPacked ? new GZipStream(whole, CompressionMode.Decompress) : whole;
        using var input = new CaptureInput(unpacked, name);
        var source = Recognise(input);
        while (source.TryRead(out var packet))
        {
            yield return packet;
        }

        if (isPacked)
        {
            CheckUnpackedLength(input, whole.LastWord);
        }
    }

    /// <summary>GZipStream takes a file that was cut off for one that ends, which only shows where the cut is not between two packets.</summary>
    /// <remarks>Smaller is accepted, because in a file of several gzip members the word counts the last one only.</remarks>
    private static void CheckUnpackedLength(CaptureInput input, uint lastWord)
    {
        if (input.Position <= uint.MaxValue && lastWord > input.Position)
        {
            throw input.Damaged(input.Position, "gzip data cut off", $"{lastWord} unpacked bytes as its last four bytes say");
        }
    }

    private static IPacketSource Recognise(CaptureInput input)
    {
        const string Expected = "a capture in pcap or pcapng format";
        var head = input.Peek(4);
        if (head.Length < 4)
        {
            throw input.Damaged(0, head.IsEmpty ? "an empty file" : $"a file of {Quantity.OfBytes(head.Length)}", Expected);
        }

        var magic = BinaryPrimitives.ReadUInt32LittleEndian(head);
        return magic switch
        {
            ClassicCapture.Microseconds or ClassicCapture.Nanoseconds => new ClassicCapture(input, ByteOrder.Little),
            BlockCapture.SectionHeader => new BlockCapture(input),
            _ => BinaryPrimitives.ReverseEndianness(magic) is ClassicCapture.Microseconds or ClassicCapture.Nanoseconds
                ? new ClassicCapture(input, ByteOrder.Big)
                : throw input.Damaged(0, $"the bytes {Convert.ToHexStringLower(head)}", Expected),
        };
    }
}
