namespace RxVerify.Explorer;

/// <summary>Work that several can share while all others stand still.</summary>
internal static class InParts
{
    // Below, whoever comes to help comes too late.
    private const long Least = 1 << 16;

    /// <summary>Does something with the numbers from 0 to below <paramref name="length"/>, a part at a time.</summary>
    /// <param name="length">How many: a power of two, like the lengths of all tables.</param>
    /// <param name="workers">Most threads.</param>
    /// <param name="work">What is done with a part, given its first number and the one behind its last.</param>
    public static void Do(long length, int workers, Action<long, long> work)
    {
        if (workers == 1 || length <= Least)
        {
            work(0, length);
            return;
        }

        Parallel.For(0, (int)(length / Least), new ParallelOptions { MaxDegreeOfParallelism = workers }, part => work(part * Least, (part + 1) * Least));
    }
}
