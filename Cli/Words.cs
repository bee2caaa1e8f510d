using System.Globalization;
using RxVerify.Explorer;

namespace RxVerify.Cli;

/// <summary>Numbers as people read them.</summary>
internal static class Words
{
    /// <summary>A number in groups of three digits.</summary>
    public static string Count(long number) => Quantity.Of(number);

    /// <summary>A share from 0 to 1 in per cent.</summary>
    public static string Percent(double share) => (100 * share).ToString("0.00", CultureInfo.InvariantCulture) + " %";

    /// <summary>A time in seconds.</summary>
    public static string Seconds(TimeSpan time) => time.TotalSeconds.ToString("0.0", CultureInfo.InvariantCulture) + " s";

    /// <summary>A number of things, one or many.</summary>
    public static string Count(long number, string one) => Quantity.Of(number, one);

    /// <summary>A number of things that are not many by an s.</summary>
    public static string Count(long number, string one, string many) => Quantity.Of(number, one, many);
}
