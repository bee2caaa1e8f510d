using System.Globalization;

namespace RxVerify.Explorer;

/// <summary>Quantities as people read them, in every output alike.</summary>
public static class Quantity
{
    private const long Mebibyte = 1 << 20;
    private static readonly (string Unit, long Ticks)[] Times = [("h", TimeSpan.TicksPerHour), ("m", TimeSpan.TicksPerMinute), ("s", TimeSpan.TicksPerSecond)];

    /// <summary>A number in groups of three digits.</summary>
    public static string Of(long number) => number.ToString("N0", CultureInfo.InvariantCulture);

    /// <summary>A number of things, one or many.</summary>
    public static string Of(long number, string one) => Of(number, one, $"{one}s");

    /// <summary>A number of things that are not many by an s, or of which something is said.</summary>
    public static string Of(long number, string one, string many) => $"{Of(number)} {(number == 1 ? one : many)}";

    /// <summary>Bytes of a buffer or a packet, without groups: sizes and offsets are written as in the driver's source.</summary>
    public static string OfBytes(long bytes) => string.Create(CultureInfo.InvariantCulture, $"{bytes} {(bytes == 1 ? "byte" : "bytes")}");

    /// <summary>A number of bytes, in MiB where it is a whole number of them.</summary>
    public static string OfMemory(long bytes) => bytes > 0 && bytes % Mebibyte == 0 ? $"{Of(bytes / Mebibyte)} MiB" : Of(bytes, "byte");

    /// <summary>A time in the largest unit that it is a whole number of, such as 2m, 90s or 500ms.</summary>
    public static string Of(TimeSpan time)
    {
        foreach (var (unit, ticks) in Times)
        {
            if (time > TimeSpan.Zero && time.Ticks % ticks == 0)
            {
                return $"{Of(time.Ticks / ticks)}{unit}";
            }
        }

        return $"{time.TotalMilliseconds.ToString("#,0.####", CultureInfo.InvariantCulture)}ms";
    }
}
