namespace RxVerify.Explorer;

/// <summary>What is lost when a 64-bit hash stands for a state.</summary>
public static class Fingerprint
{
    private const double Values = 18446744073709551616.0;

    /// <summary>The chance that at least one of so many states has the hash of another and was taken for it (birthday bound).</summary>
    public static double MissProbability(long states) => -double.ExpM1(-(states * (states - 1.0)) / (2 * Values));
}
