using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace RxVerify.Implementation.Memory;

/// <summary>
/// The bytes of an emulated packet: each depends on the packet's number and on its place in the packet, so a byte of another
/// packet, of another place, or of a freed page is told apart.
/// </summary>
public static unsafe class PacketPattern
{
    private const ulong NumberStep = 0x9E3779B97F4A7C15;
    private const ulong WordStep = 0xBF58476D1CE4E5B9;
    private const int WordBytes = sizeof(ulong);
    private const int VectorBytes = 4 * WordBytes;

    /// <summary>Writes <paramref name="length"/> bytes of packet <paramref name="number"/>, from byte <paramref name="position"/> of the packet.</summary>
    public static void Fill(byte* target, int length, int number, int position)
    {
        byte* end = target + length;
        ulong word = Word(number, position / WordBytes) >> (8 * (position & (WordBytes - 1)));
        for (; (position & (WordBytes - 1)) != 0 && target < end; position++, word >>= 8)
        {
            *target++ = (byte)word;
        }

        word = Word(number, position / WordBytes);
        if (end - target >= VectorBytes)
        {
            var words = VectorFrom(word);
            for (; end - target >= VectorBytes; target += VectorBytes, words += Vector256.Create(unchecked(4 * WordStep)))
            {
                words.AsByte().Store(target);
            }

            word = words.ToScalar();
        }

        for (; end - target >= WordBytes; target += WordBytes, word += WordStep)
        {
            Unsafe.WriteUnaligned(target, word);
        }

        for (; target < end; word >>= 8)
        {
            *target++ = (byte)word;
        }
    }

    /// <summary>Index of the first byte that is not the packet's, or -1 when all are.</summary>
    public static int FirstDifference(byte* source, int length, int number, int position)
    {
        int done = SameWords(source, length, number, position);
        for (; done < length; done++)
        {
            if (source[done] != At(number, position + done))
            {
                return done;
            }
        }

        return -1;
    }

    /// <summary>Bytes at the front that are the packet's, as far as whole words tell.</summary>
    private static int SameWords(byte* source, int length, int number, int position)
    {
        int done = 0;
        if ((position & (WordBytes - 1)) != 0)
        {
            return done;
        }

        ulong word = Word(number, position / WordBytes);
        if (length >= VectorBytes)
        {
            var words = VectorFrom(word);
            for (; done + VectorBytes <= length && Vector256.Load(source + done) == words.AsByte(); done += VectorBytes)
            {
                words += Vector256.Create(unchecked(4 * WordStep));
            }

            word = words.ToScalar();
        }

        for (; done + WordBytes <= length && Unsafe.ReadUnaligned<ulong>(source + done) == word; done += WordBytes)
        {
            word += WordStep;
        }

        return done;
    }

    private static Vector256<ulong> VectorFrom(ulong word) =>
        Vector256.Create(word) + Vector256.Create(0, WordStep, unchecked(2 * WordStep), unchecked(3 * WordStep));

    private static ulong Word(int number, int index) => ((ulong)(uint)number * NumberStep) + ((ulong)(uint)index * WordStep) + NumberStep;

    private static byte At(int number, int position) =>
        (byte)(Word(number, position / WordBytes) >> (8 * (position & (WordBytes - 1))));
}
