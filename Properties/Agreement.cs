namespace RxVerify.Properties;

/// <summary>What the comparisons of all schemes share.</summary>
internal static class Agreement
{
    /// <summary>The difference of one value in words, or null.</summary>
    public static string? Different<T>(string name, T actual, T expected)
        where T : IEquatable<T> =>
        actual.Equals(expected) ? null : $"{name}: {actual} in the implementation, {expected} in the model";
}
