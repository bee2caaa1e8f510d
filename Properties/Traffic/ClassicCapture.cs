namespace RxVerify.Properties.Traffic;

/// <summary>One opened capture: gives its packets in file order.</summary>
internal interface IPacketSource
{
    /// <summary>The next packet, or false at a clean end of the file.</summary>
    bool TryRead(out CapturedPacket packet);
}

/// <summary>Classic pcap, version 2.4: one header, then per packet 16 bytes of header and the captured bytes.</summary>
internal sealed class ClassicCapture : IPacketSource
{
    public const uint Microseconds = 0xA1B2C3D4;
    public const uint Nanoseconds = 0xA1B23C4D;

    private const int FileHeaderBytes = 24;
    private const int PacketHeaderBytes = 16;

    private readonly CaptureInput _input;
    private readonly PacketAssembler _packets;
    private readonly ByteOrder _order;
    private readonly ulong _ticksPerSecond;
    private readonly CaptureInterface _interface;

    /// <summary>Reads the file header, of which the magic number was only looked at.</summary>
    public ClassicCapture(CaptureInput input, ByteOrder order)
    {
        _input = input;
        _packets = new PacketAssembler(input);
        _order = order;

        var start = input.Position;
        var header = input.Take(FileHeaderBytes, start, "the pcap file header");
        var isNanoseconds = order.U32(header, 0) == Nanoseconds;
        _ticksPerSecond = isNanoseconds ? 1_000_000_000u : 1_000_000u;
        var (major, minor) = (order.U16(header, 4), order.U16(header, 6));
        if ((major, minor) != (2, 4))
        {
            throw input.Damaged(start, $"pcap version {major}.{minor}", "version 2.4");
        }

        // The upper half of the last word says whether frames end in a checksum, which is not asked here.
        var linkType = (int)(order.U32(header, 20) & 0xFFFF);
        var clock = CaptureClock.Of(isNanoseconds ? CaptureClock.NanosecondResolution : CaptureClock.MicrosecondResolution, offsetSeconds: 0);
        _interface = new CaptureInterface(linkType, order.U32(header, 16), clock);
    }

    /// <inheritdoc/>
    public bool TryRead(out CapturedPacket packet)
    {
        if (_input.IsAtEnd)
        {
            packet = default;
            return false;
        }

        var record = _input.Position;
        var header = _input.Take(PacketHeaderBytes, record, "a packet header");
        var ticks = (_order.U32(header, 0) * _ticksPerSecond) + _order.U32(header, 4);
        var (captured, original) = (_order.U32(header, 8), _order.U32(header, 12));
        _packets.CheckLengths(record, _interface, captured, original);
        packet = _packets.Read(record, _interface, captured, original, _interface.Clock.Nanoseconds(ticks));
        return true;
    }
}
