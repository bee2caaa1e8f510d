using System.Buffers.Binary;

namespace RxVerify.Properties.Traffic;

/// <summary>Reads the protocol of a packet off its first bytes. It never fails: what cannot be told is Other.</summary>
internal static class PacketHeaders
{
    private const int EtherTypeIPv4 = 0x0800;
    private const int EtherTypeIPv6 = 0x86DD;

    public static PacketProtocol Classify(int linkType, ReadOnlySpan<byte> bytes) => linkType switch
    {
        1 => Tagged(bytes, etherTypeAt: 12),
        12 or 14 or 101 => Internet(bytes),
        113 => Tagged(bytes, etherTypeAt: 14),
        276 => CookedVersion2(bytes),
        0 or 108 => Loopback(bytes),
        _ => PacketProtocol.Other,
    };

    /// <summary>The packet follows its EtherType, with any number of VLAN tags in between.</summary>
    private static PacketProtocol Tagged(ReadOnlySpan<byte> bytes, int etherTypeAt)
    {
        while (etherTypeAt + 2 <= bytes.Length)
        {
            var etherType = BinaryPrimitives.ReadUInt16BigEndian(bytes[etherTypeAt..]);
            if (!IsTag(etherType))
            {
                return OfEtherType(etherType, bytes[(etherTypeAt + 2)..]);
            }

            etherTypeAt += 4;
        }

        return PacketProtocol.Other;
    }

    /// <summary>Linux cooked version 2 moved the EtherType to the front of its 20 bytes; a VLAN tag follows those 20.</summary>
    private static PacketProtocol CookedVersion2(ReadOnlySpan<byte> bytes)
    {
        const int HeaderBytes = 20;
        if (bytes.Length < HeaderBytes)
        {
            return PacketProtocol.Other;
        }

        var etherType = BinaryPrimitives.ReadUInt16BigEndian(bytes);
        var rest = bytes[HeaderBytes..];
        return IsTag(etherType) ? Tagged(rest, etherTypeAt: 2) : OfEtherType(etherType, rest);
    }

    /// <summary>Four bytes of address family: in the capturing machine's order for 0, in network order for 108.</summary>
    private static PacketProtocol Loopback(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length < 4)
        {
            return PacketProtocol.Other;
        }

        // Families are small numbers, so the order shows in the number itself.
        var family = BinaryPrimitives.ReadUInt32LittleEndian(bytes);
        family = family > ushort.MaxValue ? BinaryPrimitives.ReverseEndianness(family) : family;

        // AF_INET is 2 everywhere; AF_INET6 is 10 on Linux, 24, 28 or 30 on the BSDs and macOS, 23 on Windows.
        return family switch
        {
            2 => Version4(bytes[4..]),
            10 or 23 or 24 or 28 or 30 => Version6(bytes[4..]),
            _ => PacketProtocol.Other,
        };
    }

    /// <summary>802.1Q, 802.1ad, and the number that switches used for a second tag before 802.1ad.</summary>
    private static bool IsTag(int etherType) => etherType is 0x8100 or 0x88A8 or 0x9100;

    private static PacketProtocol OfEtherType(int etherType, ReadOnlySpan<byte> bytes) => etherType switch
    {
        EtherTypeIPv4 => Version4(bytes),
        EtherTypeIPv6 => Version6(bytes),
        _ => PacketProtocol.Other,
    };

    private static PacketProtocol Internet(ReadOnlySpan<byte> bytes) => bytes.IsEmpty ? PacketProtocol.Other : (bytes[0] >> 4) switch
    {
        4 => Version4(bytes),
        6 => Version6(bytes),
        _ => PacketProtocol.Other,
    };

    private static PacketProtocol Version4(ReadOnlySpan<byte> bytes) =>
        new(NetworkProtocol.IPv4, bytes.Length > 9 ? Transport(bytes[9]) : TransportProtocol.Other);

    private static PacketProtocol Version6(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length <= 6)
        {
            return new(NetworkProtocol.IPv6, TransportProtocol.Other);
        }

        var next = bytes[6];
        var at = 40;
        while (IsExtension(next) && at + 2 <= bytes.Length)
        {
            var (following, length) = (bytes[at], bytes[at + 1]);
            at += next switch
            {
                44 => 8,                  // fragment: a fixed size
                51 => (length + 2) * 4,   // authentication: 4-byte words, less two
                _ => (length + 1) * 8,    // all others: 8-byte words after the first
            };
            next = following;
        }

        return new(NetworkProtocol.IPv6, Transport(next));
    }

    /// <summary>Hop-by-hop, routing, fragment, authentication, destination options, mobility, host identity, shim6.</summary>
    private static bool IsExtension(byte number) => number is 0 or 43 or 44 or 51 or 60 or 135 or 139 or 140;

    private static TransportProtocol Transport(byte number) => number switch
    {
        6 => TransportProtocol.Tcp,
        17 => TransportProtocol.Udp,
        _ => TransportProtocol.Other,
    };
}
