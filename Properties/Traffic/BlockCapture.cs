using System.Buffers.Binary;
using RxVerify.Explorer;

namespace RxVerify.Properties.Traffic;

/// <summary>pcapng: sections of blocks, each of which repeats its length at its end.</summary>
/// <remarks>The section length of a section header is not used: every block tells its own, and writers leave it open.</remarks>
internal sealed class BlockCapture(CaptureInput input) : IPacketSource
{
    public const uint SectionHeader = 0x0A0D0D0A;

    private const uint InterfaceDescription = 1;
    private const uint ObsoletePacket = 2;
    private const uint SimplePacket = 3;
    private const uint EnhancedPacket = 6;

    private const uint ByteOrderMagic = 0x1A2B3C4D;

    /// <summary>As many as the obsolete packet block can number; it bounds the only list that grows with the file.</summary>
    private const int InterfacesMax = 65_536;

    private readonly PacketAssembler _packets = new(input);
    private readonly List<CaptureInterface> _interfaces = [];
    private ByteOrder _order;

    /// <inheritdoc/>
    public bool TryRead(out CapturedPacket packet)
    {
        while (!input.IsAtEnd)
        {
            var start = input.Position;
            var header = input.Take(PcapngBlock.HeaderBytes, start, "a block header");
            var type = _order.U32(header, 0);
            if (type == SectionHeader)
            {
                BeginSection(start, BinaryPrimitives.ReadUInt32LittleEndian(header[4..]));
                continue;
            }

            var block = new PcapngBlock(input, _order, start, _order.U32(header, 4));
            var isPacket = ReadBody(block, type, out packet);
            block.Close();
            if (isPacket)
            {
                return true;
            }
        }

        packet = default;
        return false;
    }

    private bool ReadBody(PcapngBlock block, uint type, out CapturedPacket packet)
    {
        packet = default;
        switch (type)
        {
            case EnhancedPacket or ObsoletePacket:
                packet = ReadStamped(block, isObsolete: type == ObsoletePacket);
                return true;
            case SimplePacket:
                packet = ReadSimple(block);
                return true;
            case InterfaceDescription when _interfaces.Count == InterfacesMax:
                throw input.Damaged(block.Start, $"interface {InterfacesMax} of one section", $"at most {InterfacesMax} interfaces");
            case InterfaceDescription:
                _interfaces.Add(InterfaceBlock.Read(block));
                return false;
            default:
                return false;
        }
    }

    /// <summary>A section may have been written by another machine, so its byte order comes first; its type reads the same in both.</summary>
    private void BeginSection(long start, uint lengthIfLittleEndian)
    {
        var magic = ByteOrder.Little.U32(input.Take(4, start, "a section header"), 0);
        _order = magic switch
        {
            ByteOrderMagic => ByteOrder.Little,
            _ when magic == BinaryPrimitives.ReverseEndianness(ByteOrderMagic) => ByteOrder.Big,
            _ => throw input.Damaged(start, $"byte-order magic 0x{magic:X8}", $"0x{ByteOrderMagic:X8} in either order"),
        };

        var length = _order.IsBigEndian ? BinaryPrimitives.ReverseEndianness(lengthIfLittleEndian) : lengthIfLittleEndian;
        var block = new PcapngBlock(input, _order, start, length);
        block.Require(bodyBytes: 16, "a section header");
        var versions = block.Take(12, "a section header");
        var (major, minor) = (_order.U16(versions, 0), _order.U16(versions, 2));

        // 1.2 was written by some tools before the specification settled and says to be read as 1.0.
        if (major != 1 || minor is not (0 or 2))
        {
            throw input.Damaged(start, $"pcapng version {major}.{minor}", "version 1.0");
        }

        block.Close();
        _interfaces.Clear();
    }

    /// <summary>The enhanced packet block, and its predecessor, which differs only in a narrower interface number.</summary>
    private CapturedPacket ReadStamped(PcapngBlock block, bool isObsolete)
    {
        const int FixedBytes = 20;
        var what = isObsolete ? "a packet block" : "an enhanced packet block";
        block.Require(FixedBytes, what);
        var body = block.Take(FixedBytes, what);
        var number = isObsolete ? _order.U16(body, 0) : _order.U32(body, 0);
        var ticks = ((ulong)_order.U32(body, 4) << 32) | _order.U32(body, 8);
        var (captured, original) = (_order.U32(body, 12), _order.U32(body, 16));

        var source = InterfaceOf(block, number);
        _packets.CheckLengths(block.Start, source, captured, original);
        block.Require(FixedBytes + Padded(captured), $"{what} with {captured} captured bytes");
        return _packets.Read(block.Start, source, captured, original, source.Clock.Nanoseconds(ticks));
    }

    /// <summary>The simple packet block has neither a time nor a captured length: it belongs to interface 0 and its snap length.</summary>
    private CapturedPacket ReadSimple(PcapngBlock block)
    {
        const int FixedBytes = 4;
        const string What = "a simple packet block";
        block.Require(FixedBytes, What);
        var original = _order.U32(block.Take(FixedBytes, What), 0);

        var source = InterfaceOf(block, number: 0);
        var captured = source.SnapLength == 0 ? original : Math.Min(original, source.SnapLength);
        _packets.CheckLengths(block.Start, source, captured, original);
        block.Require(FixedBytes + Padded(captured), $"{What} with {captured} captured bytes");
        return _packets.Read(block.Start, source, captured, original, time: null);
    }

    private CaptureInterface InterfaceOf(PcapngBlock block, uint number) => number < (uint)_interfaces.Count
        ? _interfaces[(int)number]
        : throw input.Damaged(block.Start, $"interface {number}", $"one of those described before it in its section, {Quantity.Of(_interfaces.Count, "interface")}");

    private static long Padded(long bytes) => (bytes + 3) & ~3L;
}
