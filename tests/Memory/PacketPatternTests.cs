using FsCheck;
using FsCheck.Xunit;
using RxVerify.Implementation.Memory;

namespace RxVerify.Tests.Memory;

public sealed unsafe class PacketPatternTests
{
    private const int Size = 700;

    [Property]
    public bool A_packet_is_the_same_however_it_is_cut(byte[] cuts, ushort number) =>
        Filled(number, 0, Size).AsSpan().SequenceEqual(FilledInPieces(number, cuts));

    [Property]
    public void A_packet_is_recognised_however_it_is_cut(byte[] cuts, ushort number)
    {
        byte[] whole = Filled(number, 0, Size);
        foreach (var (from, length) in Pieces(cuts))
        {
            Assert.Equal(-1, FirstDifference(whole.AsSpan(from, length), number, from));
        }
    }

    [Property]
    public void The_first_wrong_byte_is_told_exactly(ushort place, ushort start, byte change)
    {
        int at = place % Size;
        byte[] bytes = Filled(7, start, Size);
        bytes[at] ^= (byte)(change | 1);
        if (at + 1 < Size)
        {
            bytes[^1] ^= 0x80;
        }

        Assert.Equal(at, FirstDifference(bytes, 7, start));
    }

    [Fact]
    public void Words_of_different_packets_or_places_differ_and_none_is_poison()
    {
        const int Packets = 64;
        HashSet<ulong> words = [];
        for (int number = 0; number < Packets; number++)
        {
            foreach (ulong word in System.Runtime.InteropServices.MemoryMarshal.Cast<byte, ulong>(Filled(number, 0, 2048)))
            {
                words.Add(word);
            }
        }

        // 2048 bytes are 256 words a packet.
        Assert.Equal(Packets * 256, words.Count);
        Assert.DoesNotContain(0x0101010101010101UL * PhysicalMemory.Poison, words);
    }

    [Fact]
    public void Another_packet_another_place_and_poison_are_noticed_within_a_word()
    {
        byte[] bytes = Filled(5, 64, 64);
        byte[] poison = new byte[64];
        Array.Fill(poison, PhysicalMemory.Poison);

        Assert.InRange(FirstDifference(bytes, 6, 64), 0, 7);
        Assert.InRange(FirstDifference(bytes, 5, 72), 0, 7);
        Assert.InRange(FirstDifference(poison, 5, 64), 0, 7);
    }

    [Fact]
    public void Nothing_differs_from_nothing() => Assert.Equal(-1, FirstDifference([], 1, 1));

    /// <summary>The pieces of a packet: each cut is the length of one, the rest is the last.</summary>
    private static IEnumerable<(int From, int Length)> Pieces(byte[] cuts)
    {
        int from = 0;
        foreach (byte cut in cuts)
        {
            int length = Math.Min(cut, Size - from);
            yield return (from, length);
            from += length;
        }

        yield return (from, Size - from);
    }

    private static byte[] FilledInPieces(int number, byte[] cuts)
    {
        byte[] bytes = new byte[Size];
        foreach (var (from, length) in Pieces(cuts))
        {
            Filled(number, from, length).CopyTo(bytes, from);
        }

        return bytes;
    }

    private static byte[] Filled(int number, int position, int length)
    {
        byte[] bytes = new byte[length];
        fixed (byte* target = bytes)
        {
            PacketPattern.Fill(target, length, number, position);
        }

        return bytes;
    }

    private static int FirstDifference(ReadOnlySpan<byte> bytes, int number, int position)
    {
        fixed (byte* source = bytes)
        {
            return PacketPattern.FirstDifference(source, bytes.Length, number, position);
        }
    }
}
