using RxVerify.Properties.Traffic;

namespace RxVerify.Tests.Traffic;

/// <summary>Every cut and every flipped bit of small captures: a clean end or one clear error, and nothing else.</summary>
public sealed class CaptureDamageTests
{
    private const int TimeLimitMilliseconds = 60_000;

    private static readonly byte[] Frame = Frames.Ethernet(Frames.IPv6(0, 6, 0, 0, 0, 0, 0, 0, 0), 0x8100);

    /// <summary>Small captures that together hold every structure, each with the lengths at which cutting leaves a whole capture.</summary>
    public static TheoryData<string, byte[], int[]> Captures()
    {
        var data = new TheoryData<string, byte[], int[]>();
        foreach (var isBigEndian in new[] { false, true })
        {
            var order = isBigEndian ? "big" : "little";
            var (pcap, ends) = Grown(
                new CaptureBytes(isBigEndian),
                capture => capture.PcapHeader(),
                capture => capture.PcapPacket(1, 5, Frame),
                capture => capture.PcapPacket(2, 6, [1, 2, 3], original: 1514));
            data.Add($"pcap {order}", pcap, ends);

            (pcap, ends) = Grown(
                new CaptureBytes(isBigEndian),
                capture => capture.Section(),
                capture => capture.Interface(snap: 200, resolution: 9, offsetSeconds: 3),
                capture => capture.Enhanced(1_000, Frame),
                capture => capture.Block(0x0BAD, [1, 2, 3, 4, 5]),
                capture => capture.Obsolete(2_000, [1, 2, 3]),
                capture => capture.Simple([1, 2, 3, 4, 5]),
                capture => capture.Section(),
                capture => capture.Interface(linkType: 101, resolution: 0x80 | 10),
                capture => capture.Enhanced(3_000, [0x45]));
            data.Add($"pcapng {order}", pcap, ends);
        }

        return data;
    }

    [Theory(Timeout = TimeLimitMilliseconds)]
    [MemberData(nameof(Captures))]
    public Task Every_cut_ends_cleanly_between_two_structures_and_in_an_error_within_one(string name, byte[] whole, int[] ends) => Task.Run(() =>
    {
        for (var length = 0; length <= whole.Length; length++)
        {
            var error = Damage(whole[..length]);
            Assert.True(error is null == ends.Contains(length), $"{name} cut at {length}: {error?.Message ?? "no error"}");

            if (error is not null)
            {
                // The damaged structure is the one begun last.
                Assert.Equal(ends.Where(end => end <= length).DefaultIfEmpty(0).Max(), error.Offset);
            }
        }
    });

    [Theory(Timeout = TimeLimitMilliseconds)]
    [MemberData(nameof(Captures))]
    public Task Every_flipped_bit_gives_packets_or_one_clear_error(string name, byte[] whole, int[] ends) => Task.Run(() =>
    {
        var refused = 0;
        foreach (var flipped in Flipped(whole))
        {
            if (Damage(flipped) is { } error)
            {
                refused++;
                Assert.InRange(error.Offset, 0, whole.Length);
                Assert.StartsWith("damaged: byte ", error.Message, StringComparison.Ordinal);
            }
        }

        // 32 bits of magic number must not go unnoticed, and the bits of the addresses cannot be noticed.
        Assert.True(refused >= 32, $"{name} with {ends.Length} structures: only {refused} flips were refused");
        Assert.True(refused < whole.Length * 8, $"{name}: every flip was refused");
    });

    [Theory(Timeout = TimeLimitMilliseconds)]
    [MemberData(nameof(Captures))]
    public Task Two_damaged_bytes_and_repeated_tails_give_no_other_exception(string name, byte[] whole, int[] ends) => Task.Run(() =>
    {
        // A fixed seed: what fails here fails everywhere. System.Random with a seed has kept its sequence since .NET Framework.
        var random = new Random(42);
        for (var i = 0; i < 20_000; i++)
        {
            var damaged = (byte[])whole.Clone();
            damaged[random.Next(damaged.Length)] = (byte)random.Next(256);
            damaged[random.Next(damaged.Length)] = (byte)random.Next(256);
            var tail = ends[random.Next(ends.Length)];
            var error = Damage([.. damaged, .. whole[tail..]]);
            Assert.True(error is null || error.File == "damaged", name);
        }
    });

    /// <summary>Reads to the end; any exception but the one for damage fails the test by itself.</summary>
    private static CaptureFormatException? Damage(byte[] bytes)
    {
        using var stream = new MemoryStream(bytes, writable: false);
        try
        {
            // The smallest packet that either format can express takes 16 bytes.
            Assert.InRange(CaptureReader.Read(stream, "damaged").Count(), 0, bytes.Length / 16);
            return null;
        }
        catch (CaptureFormatException error)
        {
            return error;
        }
    }

    private static IEnumerable<byte[]> Flipped(byte[] whole)
    {
        for (var bit = 0; bit < whole.Length * 8; bit++)
        {
            var flipped = (byte[])whole.Clone();
            flipped[bit / 8] ^= (byte)(1 << (bit % 8));
            yield return flipped;
        }

        for (var at = 0; at < whole.Length; at++)
        {
            var flipped = (byte[])whole.Clone();
            flipped[at] ^= 0xFF;
            yield return flipped;
        }
    }

    private static (byte[] Bytes, int[] Ends) Grown(CaptureBytes capture, params Action<CaptureBytes>[] structures)
    {
        var ends = new List<int>();
        foreach (var structure in structures)
        {
            structure(capture);
            ends.Add(capture.Length);
        }

        return (capture.ToArray(), [.. ends]);
    }
}
