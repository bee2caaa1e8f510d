namespace RxVerify.Properties;

/// <summary>The only source of chance in a run: same seed, same run, on every machine.</summary>
/// <remarks>
/// SplitMix64 (Steele, Lea, Flood: Fast Splittable Pseudorandom Number Generators, 2014). System.Random is not used because
/// its algorithm is not a contract between runtimes.
/// </remarks>
public struct Dice(ulong seed)
{
    private ulong _state = seed;

    /// <summary>The next 64 bits.</summary>
    public ulong Next()
    {
        _state += 0x9E3779B97F4A7C15;
        ulong mixed = _state;
        mixed = (mixed ^ (mixed >> 30)) * 0xBF58476D1CE4E5B9;
        mixed = (mixed ^ (mixed >> 27)) * 0x94D049BB133111EB;
        return mixed ^ (mixed >> 31);
    }

    /// <summary>A number from 0 to below <paramref name="exclusive"/>, which is at least 1.</summary>
    public int Below(int exclusive) => (int)(((Next() >> 32) * (ulong)(uint)exclusive) >> 32);

    /// <summary>A number from <paramref name="from"/> to <paramref name="to"/>, both included.</summary>
    public int Between(int from, int to) => from + Below(to - from + 1);

    /// <summary>True once in <paramref name="times"/>.</summary>
    public bool OneIn(int times) => Below(times) == 0;

    /// <summary>An index, each as likely as its weight; <paramref name="sum"/> is that of all weights and at least 1.</summary>
    public int Weighted(ReadOnlySpan<int> weights, int sum)
    {
        int ticket = Below(sum);
        int index = 0;
        while (ticket >= weights[index])
        {
            ticket -= weights[index++];
        }

        return index;
    }

    /// <summary>One of the values.</summary>
    public T Of<T>(params ReadOnlySpan<T> values) => values[Below(values.Length)];
}
