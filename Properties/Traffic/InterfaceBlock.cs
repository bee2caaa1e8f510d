using RxVerify.Explorer;

namespace RxVerify.Properties.Traffic;

/// <summary>The interface description block: link type, snap length, and of its options the two that change what a time stamp means.</summary>
internal static class InterfaceBlock
{
    private const int FixedBytes = 8;
    private const int OptionHeaderBytes = 4;

    private const ushort EndOfOptions = 0;
    private const ushort TimeResolution = 9;
    private const ushort TimeOffset = 14;

    public static CaptureInterface Read(PcapngBlock block)
    {
        const string What = "an interface description";
        block.Require(FixedBytes, What);
        var body = block.Take(FixedBytes, What);
        var (linkType, snapLength) = (block.Order.U16(body, 0), block.Order.U32(body, 4));

        var resolution = CaptureClock.MicrosecondResolution;
        var offsetSeconds = 0L;
        while (block.Left >= OptionHeaderBytes)
        {
            var start = block.Position;
            var header = block.Take(OptionHeaderBytes, What);
            var (code, length) = (block.Order.U16(header, 0), block.Order.U16(header, 2));
            if (code == EndOfOptions)
            {
                break;
            }

            var padded = (length + 3) & ~3;
            if (padded > block.Left)
            {
                throw block.Damaged(start, $"option {code} of {Quantity.OfBytes(length)}", $"at most the {Quantity.OfBytes(block.Left)} left of its block");
            }

            switch (code)
            {
                case TimeResolution:
                    RequireLength(block, start, "if_tsresol", length, expected: 1);
                    resolution = block.Take(padded, What)[0];
                    break;
                case TimeOffset:
                    RequireLength(block, start, "if_tsoffset", length, expected: 8);
                    offsetSeconds = block.Order.I64(block.Take(padded, What), 0);
                    break;
                default:
                    block.Skip(padded, What);
                    break;
            }
        }

        return new CaptureInterface(linkType, snapLength, CaptureClock.Of(resolution, offsetSeconds));
    }

    private static void RequireLength(PcapngBlock block, long start, string option, int length, int expected)
    {
        if (length != expected)
        {
            throw block.Damaged(start, $"option {option} of {Quantity.OfBytes(length)}", $"{expected}");
        }
    }
}
