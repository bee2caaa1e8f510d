using System.Globalization;

namespace RxVerify.Tests;

/// <summary>How hard the tests try: RXVERIFY_EFFORT=N does N times as many operations and seeds, with the same tests.</summary>
internal static class Effort
{
    public static long Factor { get; } =
        long.TryParse(Environment.GetEnvironmentVariable("RXVERIFY_EFFORT"), CultureInfo.InvariantCulture, out long factor) && factor > 0 ? factor : 1;
}
