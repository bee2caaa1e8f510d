namespace RxVerify.Properties.Traffic;

/// <summary>What one packet of a capture says about the traffic; its bytes are not kept.</summary>
/// <param name="Nanoseconds">Time since the first time stamp of the file. It never decreases: a packet with an earlier time
/// stamp than one before it, or with none (a simple packet block), counts as having arrived together with the latest so far.</param>
/// <param name="OriginalLength">Length on the wire in bytes, which a receive path has to store even where the capture was cut short.</param>
/// <param name="CapturedLength">Number of bytes of the packet that the file holds, at most <paramref name="OriginalLength"/>.</param>
/// <param name="Protocol">What the captured bytes say about the packet's headers.</param>
public readonly record struct CapturedPacket(long Nanoseconds, int OriginalLength, int CapturedLength, PacketProtocol Protocol);

/// <summary>The two header layers that decide how a receive path treats a packet.</summary>
/// <param name="Network">The network layer.</param>
/// <param name="Transport">The transport layer as the IP header names it, so a later fragment of a UDP datagram counts as UDP.</param>
public readonly record struct PacketProtocol(NetworkProtocol Network, TransportProtocol Transport)
{
    /// <summary>Neither IPv4 nor IPv6, a link type without a decoder, or too few captured bytes to tell.</summary>
    public static PacketProtocol Other { get; }
}

/// <summary>The network layer of a packet.</summary>
public enum NetworkProtocol : byte
{
    /// <summary>Anything else, for example ARP.</summary>
    Other,

    /// <summary>Internet Protocol version 4.</summary>
    IPv4,

    /// <summary>Internet Protocol version 6.</summary>
    IPv6,
}

/// <summary>The transport layer of a packet.</summary>
public enum TransportProtocol : byte
{
    /// <summary>Anything else, for example ICMP, or not enough captured bytes to tell.</summary>
    Other,

    /// <summary>Transmission Control Protocol.</summary>
    Tcp,

    /// <summary>User Datagram Protocol.</summary>
    Udp,
}
