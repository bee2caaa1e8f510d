using RxVerify.Model.Vocabulary.Dqo;

namespace RxVerify.Properties.Traffic;

/// <summary>What a device reports about a captured packet.</summary>
internal static class TrafficTraits
{
    /// <summary>The traits for the headers of a packet; neither IPv4 nor IPv6 is "other protocol" with UDP (docs/dqo.md, "Protocol").</summary>
    public static DqoTraits Of(PacketProtocol protocol) => protocol.Network switch
    {
        NetworkProtocol.IPv4 => Of(protocol.Transport),
        NetworkProtocol.IPv6 => DqoTraits.Ipv6 | Of(protocol.Transport),
        _ => DqoTraits.OtherProtocol | DqoTraits.Udp,
    };

    private static DqoTraits Of(TransportProtocol transport) => transport switch
    {
        TransportProtocol.Tcp => DqoTraits.None,
        TransportProtocol.Udp => DqoTraits.Udp,
        _ => DqoTraits.OtherProtocol,
    };
}
