using RxVerify.Properties.Traffic;
using RxVerify.Tests.House;

namespace RxVerify.Tests.Traffic;

public sealed class SampleCaptureTests
{
    /// <summary>Counted by a program that shares nothing with this one; run it in the root of the repository:</summary>
    /// <remarks><code>
    /// python3 -c "import struct as s; d=open('samples/mixed-mtu1500.pcap','rb').read(); o=24; r=[]
    /// while o &lt; len(d): t,u,c,l=s.unpack_from('&lt;4I',d,o); r.append((t*10**6+u,c,l,d[o+28:o+30].hex(),d[o+39])); o+=16+c
    /// print(len(r), *map(sum,list(zip(*r))[1:3]), r[-1][0]-r[0][0], max(x[2] for x in r), [sum(x[3:]==('0800',p) for x in r) for p in (6,17,1)])"
    /// </code></remarks>
    [Fact]
    public void The_sample_holds_what_an_independent_count_says()
    {
        // 6810 435822 8412622 5144631 1514 [5460, 1250, 100]
        var packets = CaptureReader.Read(PathOf("mixed-mtu1500.pcap")).ToList();

        Assert.Equal(6_810, packets.Count);
        Assert.Equal(435_822, packets.Sum(packet => (long)packet.CapturedLength));
        Assert.Equal(8_412_622, packets.Sum(packet => (long)packet.OriginalLength));
        Assert.Equal(5_144_631_000, packets[^1].Nanoseconds);
        Assert.Equal(1_514, packets.Max(packet => packet.OriginalLength));
        Assert.All(packets, packet => Assert.Equal(NetworkProtocol.IPv4, packet.Protocol.Network));
        Assert.Equal(5_460, packets.Count(packet => packet.Protocol.Transport == TransportProtocol.Tcp));
        Assert.Equal(1_250, packets.Count(packet => packet.Protocol.Transport == TransportProtocol.Udp));
        Assert.Equal(100, packets.Count(packet => packet.Protocol.Transport == TransportProtocol.Other));
    }

    [Fact]
    public void A_file_can_be_enumerated_twice_and_is_closed_in_between()
    {
        // A copy of its own: other tests read the sample at the same time.
        string copy = Path.Combine(AppContext.BaseDirectory, "enumerated-twice.pcap");
        File.Copy(PathOf("mixed-mtu1500.pcap"), copy, overwrite: true);
        var packets = CaptureReader.Read(copy);
        Assert.Equal(packets.First(), packets.First());

        using var exclusive = new FileStream(copy, FileMode.Open, FileAccess.Read, FileShare.None, bufferSize: 1, FileOptions.DeleteOnClose);
        Assert.True(exclusive.Length > 0);
    }

    private static string PathOf(string sample) => Path.Combine(SourceTree.Root, "samples", sample);
}
