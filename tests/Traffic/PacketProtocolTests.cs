using RxVerify.Properties.Traffic;

namespace RxVerify.Tests.Traffic;

public sealed class PacketProtocolTests
{
    private static readonly PacketProtocol Tcp4 = new(NetworkProtocol.IPv4, TransportProtocol.Tcp);
    private static readonly PacketProtocol Udp6 = new(NetworkProtocol.IPv6, TransportProtocol.Udp);

    [Theory]
    [InlineData(Frames.Tcp, TransportProtocol.Tcp)]
    [InlineData(Frames.Udp, TransportProtocol.Udp)]
    [InlineData(Frames.Icmp, TransportProtocol.Other)]
    public void Ethernet_tells_the_transport_of_both_versions(byte protocol, TransportProtocol transport)
    {
        Assert.Equal(new(NetworkProtocol.IPv4, transport), Read(1, Frames.Ethernet(Frames.IPv4(protocol))));
        Assert.Equal(new(NetworkProtocol.IPv6, transport), Read(1, Frames.Ethernet(Frames.IPv6(protocol))));
    }

    [Theory]
    [InlineData(0x8100)]
    [InlineData(0x88A8, 0x8100)]
    [InlineData(0x9100, 0x8100, 0x8100)]
    public void Vlan_tags_are_looked_through(params int[] tags) =>
        Assert.Equal(Tcp4, Read(1, Frames.Ethernet(Frames.IPv4(Frames.Tcp), tags)));

    [Theory]
    [InlineData(12)]
    [InlineData(14)]
    [InlineData(101)]
    public void Raw_links_tell_the_version_by_its_first_four_bits(uint linkType)
    {
        Assert.Equal(Tcp4, Read(linkType, Frames.IPv4(Frames.Tcp)));
        Assert.Equal(Udp6, Read(linkType, Frames.IPv6(Frames.Udp)));
        Assert.Equal(PacketProtocol.Other, Read(linkType, [0x50, 1, 2, 3]));
    }

    [Fact]
    public void Linux_cooked_links_are_read_in_both_versions()
    {
        Assert.Equal(Tcp4, Read(113, Frames.Cooked1(Frames.IPv4(Frames.Tcp))));
        Assert.Equal(Udp6, Read(113, Frames.Cooked1(Frames.IPv6(Frames.Udp))));
        Assert.Equal(Tcp4, Read(276, Frames.Cooked2(Frames.IPv4(Frames.Tcp))));
        Assert.Equal(Udp6, Read(276, Frames.Cooked2(Frames.IPv6(Frames.Udp))));
        Assert.Equal(Tcp4, Read(276, Frames.Cooked2Tagged(Frames.IPv4(Frames.Tcp))));
    }

    [Theory]
    [InlineData(0, 2, 0, 0, 0)]
    [InlineData(0, 0, 0, 0, 2)]
    [InlineData(108, 0, 0, 0, 2)]
    public void Loopback_links_tell_IPv4_by_the_address_family_of_either_byte_order(uint linkType, params int[] family) =>
        Assert.Equal(Tcp4, Read(linkType, [.. family.Select(one => (byte)one), .. Frames.IPv4(Frames.Tcp)]));

    [Theory]
    [InlineData(10)]
    [InlineData(23)]
    [InlineData(24)]
    [InlineData(28)]
    [InlineData(30)]
    public void Loopback_links_know_the_IPv6_family_of_every_system(byte family) =>
        Assert.Equal(Udp6, Read(0, [family, 0, 0, 0, .. Frames.IPv6(Frames.Udp)]));

    [Fact]
    public void Extension_headers_of_IPv6_are_walked()
    {
        byte[] hopByHop = [43, 0, 0, 0, 0, 0, 0, 0];
        byte[] routing = [44, 1, .. new byte[14]];
        byte[] fragment = [51, 255, 0, 0, 0, 0, 0, 0];          // its second byte is reserved, not a length
        byte[] authentication = [Frames.Udp, 4, .. new byte[22]];

        Assert.Equal(Udp6, Read(101, Frames.IPv6(0, [.. hopByHop, .. routing, .. fragment, .. authentication])));
    }

    [Fact]
    public void An_extension_header_that_was_not_captured_hides_the_transport() =>
        Assert.Equal(new(NetworkProtocol.IPv6, TransportProtocol.Other), Read(101, Frames.IPv6(0, 43)));

    [Fact]
    public void Unknown_link_types_and_protocols_are_other()
    {
        Assert.Equal(PacketProtocol.Other, Read(147, Frames.IPv4(Frames.Tcp)));
        Assert.Equal(PacketProtocol.Other, Read(1, [.. new byte[12], 0x08, 0x06, .. new byte[28]]));
        Assert.Equal(PacketProtocol.Other, Read(0, [99, 0, 0, 0, .. Frames.IPv4(Frames.Tcp)]));
    }

    [Fact]
    public void Every_prefix_of_every_kind_of_packet_is_read_without_an_error()
    {
        (uint LinkType, byte[] Bytes)[] packets =
        [
            (1, Frames.Ethernet(Frames.IPv4(Frames.Tcp), 0x88A8, 0x8100)),
            (1, Frames.Ethernet(Frames.IPv6(0, 60, 0, 0, 0, 0, 0, 0, 0, 6, 255))),
            (101, Frames.IPv6(51, 44, 255)),
            (113, Frames.Cooked1(Frames.IPv4(Frames.Udp))),
            (276, Frames.Cooked2Tagged(Frames.IPv6(Frames.Udp))),
            (0, [2, 0, 0, 0, .. Frames.IPv4(Frames.Udp)]),
            (108, [0, 0, 0, 30, .. Frames.IPv6(Frames.Udp)]),
        ];

        foreach (var (linkType, bytes) in packets)
        {
            for (var length = 0; length <= bytes.Length; length++)
            {
                // A prefix may tell less than the whole, never something else.
                var (network, transport) = Read(linkType, bytes[..length]);
                var whole = Read(linkType, bytes);
                Assert.True(network == NetworkProtocol.Other || network == whole.Network);
                Assert.True(transport == TransportProtocol.Other || transport == whole.Transport);
            }
        }
    }

    private static PacketProtocol Read(uint linkType, byte[] bytes)
    {
        using var stream = new CaptureBytes(isBigEndian: true).PcapHeader(linkType: linkType).PcapPacket(0, 0, bytes, original: 1500).ToStream();
        return Assert.Single(CaptureReader.Read(stream, "one")).Protocol;
    }
}
