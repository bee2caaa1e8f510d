using System.Buffers.Binary;

namespace RxVerify.Tests.Traffic;

/// <summary>Writes captures for tests, good and bad, in either byte order; shares nothing with the reader it is to test.</summary>
internal sealed class CaptureBytes(bool isBigEndian)
{
    private readonly List<byte> _bytes = [];

    public int Length => _bytes.Count;

    public byte[] ToArray() => [.. _bytes];

    public MemoryStream ToStream() => new(ToArray(), writable: false);

    public CaptureBytes U16(int value)
    {
        Span<byte> word = stackalloc byte[2];
        BinaryPrimitives.WriteUInt16BigEndian(word, (ushort)value);
        return Ordered(word);
    }

    public CaptureBytes U32(uint value)
    {
        Span<byte> word = stackalloc byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(word, value);
        return Ordered(word);
    }

    public CaptureBytes I64(long value)
    {
        Span<byte> word = stackalloc byte[8];
        BinaryPrimitives.WriteInt64BigEndian(word, value);
        return Ordered(word);
    }

    public CaptureBytes Raw(params ReadOnlySpan<byte> bytes)
    {
        _bytes.AddRange(bytes);
        return this;
    }

    /// <summary>The 24 bytes at the start of a pcap file.</summary>
    public CaptureBytes PcapHeader(uint magic = 0xA1B2C3D4, uint snap = 65_535, uint linkType = 1, int major = 2, int minor = 4) =>
        U32(magic).U16(major).U16(minor).U32(0).U32(0).U32(snap).U32(linkType);

    /// <summary>One pcap packet; the original length is that of its data unless told otherwise.</summary>
    public CaptureBytes PcapPacket(uint seconds, uint fraction, byte[] data, uint? original = null, uint? captured = null) =>
        U32(seconds).U32(fraction).U32(captured ?? (uint)data.Length).U32(original ?? (uint)data.Length).Raw(data);

    /// <summary>A pcapng block around a body, which is padded to 4 bytes; either length may be falsified.</summary>
    public CaptureBytes Block(uint type, byte[] body, uint? length = null, uint? trailer = null)
    {
        var padding = new byte[(4 - (body.Length % 4)) % 4];
        var honest = (uint)(body.Length + padding.Length + 12);
        return U32(type).U32(length ?? honest).Raw(body).Raw(padding).U32(trailer ?? length ?? honest);
    }

    public CaptureBytes Section(uint magic = 0x1A2B3C4D, int major = 1, int minor = 0) =>
        Block(0x0A0D0D0A, Body().U32(magic).U16(major).U16(minor).I64(-1).ToArray());

    public CaptureBytes Interface(int linkType = 1, uint snap = 0, byte? resolution = null, long? offsetSeconds = null)
    {
        var body = Body().U16(linkType).U16(0).U32(snap);

        // An option the reader has no use for comes first (if_name "lo"), so that finding the others means walking.
        body.U16(2).U16(2).Raw("lo"u8).U16(0);
        if (resolution is { } exponent)
        {
            body.U16(9).U16(1).Raw(exponent, 0, 0, 0);
        }

        if (offsetSeconds is { } seconds)
        {
            body.U16(14).U16(8).I64(seconds);
        }

        return Block(1, body.U32(0).ToArray());
    }

    public CaptureBytes Enhanced(ulong ticks, byte[] data, uint number = 0, uint? original = null, uint? captured = null) =>
        Block(6, Body()
            .U32(number).U32((uint)(ticks >> 32)).U32((uint)ticks)
            .U32(captured ?? (uint)data.Length).U32(original ?? (uint)data.Length).Raw(data).ToArray());

    public CaptureBytes Obsolete(ulong ticks, byte[] data, int number = 0) =>
        Block(2, Body()
            .U16(number).U16(0xFFFF).U32((uint)(ticks >> 32)).U32((uint)ticks)
            .U32((uint)data.Length).U32((uint)data.Length).Raw(data).ToArray());

    public CaptureBytes Simple(byte[] data, uint? original = null) =>
        Block(3, Body().U32(original ?? (uint)data.Length).Raw(data).ToArray());

    /// <summary>An empty piece in the same byte order.</summary>
    public CaptureBytes Body() => new(isBigEndian);

    private CaptureBytes Ordered(Span<byte> bigEndian)
    {
        if (!isBigEndian)
        {
            bigEndian.Reverse();
        }

        _bytes.AddRange(bigEndian);
        return this;
    }
}
