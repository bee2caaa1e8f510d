using System.IO.Compression;
using RxVerify.Properties.Traffic;

namespace RxVerify.Tests.Traffic;

public sealed class GzipCaptureTests
{
    private static readonly byte[] Plain = Small();

    [Fact]
    public void A_packed_capture_is_told_by_its_content_and_reads_like_the_plain_one()
    {
        using var plain = new MemoryStream(Plain);
        using var packed = new MemoryStream(Pack(Plain));
        Assert.Equal(CaptureReader.Read(plain, "plain"), CaptureReader.Read(packed, "no suffix"));
    }

    [Fact]
    public void Several_members_in_one_file_are_one_capture()
    {
        using var plain = new MemoryStream(Plain);
        using var packed = new MemoryStream([.. Pack(Plain[..50]), .. Pack(Plain[50..])]);
        Assert.Equal(CaptureReader.Read(plain, "plain"), CaptureReader.Read(packed, "two members"));
    }

    [Fact]
    public void Offsets_count_in_the_unpacked_capture()
    {
        using var packed = new MemoryStream(Pack([.. Plain, 1, 2, 3]));
        var error = Assert.Throws<CaptureFormatException>(() => CaptureReader.Read(packed, "x.gz").Count());
        Assert.Equal(Plain.Length, error.Offset);
    }

    [Fact]
    public void A_capture_cut_off_in_its_packed_form_is_never_taken_for_a_shorter_one()
    {
        var (packed, count) = (Pack(Plain), PacketsOf(Plain));
        for (var length = 0; length < packed.Length; length++)
        {
            // Without its trailer of 8 bytes the data itself is complete; then reading it whole is right as well.
            var read = PacketsOf(packed[..length]);
            Assert.True(read is null || (read == count && length >= packed.Length - 16), $"cut at {length} of {packed.Length}: {read} packets");
        }
    }

    [Fact]
    public void Every_flipped_bit_of_a_packed_capture_gives_all_packets_or_one_clear_error()
    {
        var packed = Pack(Plain);
        var count = PacketsOf(Plain);
        for (var bit = 16; bit < packed.Length * 8; bit++)
        {
            var flipped = (byte[])packed.Clone();
            flipped[bit / 8] ^= (byte)(1 << (bit % 8));

            // gzip's checksum sees damage in the data; what is left is in the file name and time of its header.
            var read = PacketsOf(flipped);
            Assert.True(read is null || read == count, $"bit {bit}: {read} packets");
        }
    }

    /// <summary>The number of packets, or nothing if the capture was refused.</summary>
    private static int? PacketsOf(byte[] bytes)
    {
        using var stream = new MemoryStream(bytes, writable: false);
        try
        {
            return CaptureReader.Read(stream, "x.gz").Count();
        }
        catch (CaptureFormatException)
        {
            return null;
        }
    }

    private static byte[] Small()
    {
        var capture = new CaptureBytes(isBigEndian: false).PcapHeader();
        for (var i = 0u; i < 40; i++)
        {
            // Lengths and times without a pattern, so that packing has something to do.
            byte[] varied = [.. Frames.Ethernet(Frames.IPv4(Frames.Udp)), (byte)(i * 37), (byte)(i * 101)];
            capture.PcapPacket(i, i * 7919 % 1000, varied, original: 60 + (i * 17));
        }

        return capture.ToArray();
    }

    private static byte[] Pack(byte[] plain)
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Optimal))
        {
            gzip.Write(plain);
        }

        return packed.ToArray();
    }
}
