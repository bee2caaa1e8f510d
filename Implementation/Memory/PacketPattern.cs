using System.Runtime.CompilerServices;

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

    /// <summary>Writes <paramref name="length"/> bytes of packet <paramref name="number"/>, from byte <paramref name="position"/> of the packet.</summary>
    public static void Fill(byte* target, int length, int number, int position)
    {
        int done = 0;
        if ((position & (WordBytes - 1)) == 0)
        {
            ulong word = Word(number, position / WordBytes);
            for (; done + WordBytes <= length; done += WordBytes)
            {
                Unsafe.WriteUnaligned(target + done, word);
                word += WordStep;
            }
        }

        for (; done < length; done++)
        {
            target[done] = At(number, position + done);
        }
    }

    /// <summary>Index of the first byte that is not the packet's, or -1 when all are.</summary>
    public static int FirstDifference(byte* source, int length, int number, int position)
    {
        int done = 0;
        if ((position & (WordBytes - 1)) == 0)
        {
            ulong word = Word(number, position / WordBytes);
            while (done + WordBytes <= length && Unsafe.ReadUnaligned<ulong>(source + done) == word)
            {
                done += WordBytes;
                word += WordStep;
            }
        }

        for (; done < length; done++)
        {
            if (source[done] != At(number, position + done))
            {
                return done;
            }
        }

        return -1;
    }

    private static ulong Word(int number, int index) => ((ulong)(uint)number * NumberStep) + ((ulong)(uint)index * WordStep) + NumberStep;

    private static byte At(int number, int position) =>
        (byte)(Word(number, position / WordBytes) >> (8 * (position & (WordBytes - 1))));
}
