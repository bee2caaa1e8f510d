using System.Buffers.Binary;
using System.IO.Compression;

namespace RxVerify.Tests.Pictures;

/// <summary>A screenshot as colours: PNG of eight bits a sample without interlacing, which is what browsers write.</summary>
internal static class Screenshot
{
    private const int Signature = 8;

    /// <summary>How many different colours it has; a blank one has one.</summary>
    public static int Colours(byte[] png)
    {
        int width = 0;
        int samples = 0;
        using var packed = new MemoryStream();
        for (int at = Signature; at < png.Length;)
        {
            int length = BinaryPrimitives.ReadInt32BigEndian(png.AsSpan(at));
            var kind = png.AsSpan(at + 4, 4);
            var data = png.AsSpan(at + 8, length);
            if (kind.SequenceEqual("IHDR"u8))
            {
                width = BinaryPrimitives.ReadInt32BigEndian(data);
                Assert.Equal((8, 0), (data[8], data[12]));
                samples = data[9] switch { 2 => 3, 6 => 4, _ => 1 };
            }
            else if (kind.SequenceEqual("IDAT"u8))
            {
                packed.Write(data);
            }

            at += length + 12;
        }

        packed.Position = 0;
        return Count(packed, width, samples);
    }

    private static int Count(Stream packed, int width, int samples)
    {
        using var rows = new ZLibStream(packed, CompressionMode.Decompress);
        byte[] above = new byte[width * samples];
        byte[] row = new byte[(width * samples) + 1];
        var colours = new HashSet<int>();
        while (rows.ReadAtLeast(row, row.Length, throwOnEndOfStream: false) == row.Length)
        {
            Unfilter(row[0], row.AsSpan(1), above, samples);
            for (int at = 1; at < row.Length; at += samples)
            {
                colours.Add(samples < 3 ? row[at] : (row[at] << 16) | (row[at + 1] << 8) | row[at + 2]);
            }

            row.AsSpan(1).CopyTo(above);
        }

        return colours.Count;
    }

    /// <summary>Undoes a row's filter (PNG specification, 9.2): each byte is the difference to a guess from its neighbours.</summary>
    private static void Unfilter(byte filter, Span<byte> row, ReadOnlySpan<byte> above, int samples)
    {
        for (int at = 0; at < row.Length; at++)
        {
            int left = at < samples ? 0 : row[at - samples];
            int corner = at < samples ? 0 : above[at - samples];
            row[at] += (byte)(filter switch
            {
                1 => left,
                2 => above[at],
                3 => (left + above[at]) / 2,
                4 => Nearest(left, above[at], corner),
                _ => 0,
            });
        }
    }

    private static int Nearest(int left, int above, int corner)
    {
        int guess = left + above - corner;
        var (toLeft, toAbove, toCorner) = (Math.Abs(guess - left), Math.Abs(guess - above), Math.Abs(guess - corner));
        return toLeft <= toAbove && toLeft <= toCorner ? left : toAbove <= toCorner ? above : corner;
    }
}
