using RxVerify.Model.Vocabulary.Dqo;

namespace RxVerify.Implementation.Dqo;

/// <summary>The network layer a packet type stands for.</summary>
public enum L3 : byte
{
    Unknown,
    Ipv4,
    Ipv6,
}

/// <summary>The transport a packet type stands for.</summary>
public enum L4 : byte
{
    Unknown,
    Tcp,
    Udp,
}

/// <summary>
/// The table that turns a completion's ten-bit packet type into protocols (A.2: 1,024 entries). A real device hands it to the
/// driver; this is the emulated device's. Index = L3 * 3 + L4; everything beyond is unknown.
/// </summary>
public static class PacketTypes
{
    private const int Transports = 3;
    private const int Known = 3 * Transports;

    /// <summary>The index for a pair of protocols.</summary>
    public static int IndexOf(L3 l3, L4 l4) => ((int)l3 * Transports) + (int)l4;

    /// <summary>The network layer of an index.</summary>
    public static L3 NetworkOf(int index) => index < Known ? (L3)(index / Transports) : L3.Unknown;

    /// <summary>The transport of an index.</summary>
    public static L4 TransportOf(int index) => index < Known ? (L4)(index % Transports) : L4.Unknown;

    /// <summary>The index for what an operation says about a packet.</summary>
    public static int IndexOf(DqoTraits traits)
    {
        bool isUdp = traits.HasFlag(DqoTraits.Udp);
        var l3 = traits.HasFlag(DqoTraits.Ipv6) ? L3.Ipv6 : L3.Ipv4;
        if (traits.HasFlag(DqoTraits.OtherProtocol))
        {
            return IndexOf(isUdp ? L3.Unknown : l3, L4.Unknown);
        }

        return IndexOf(l3, isUdp ? L4.Udp : L4.Tcp);
    }
}
