using System.Globalization;

namespace RxVerify.Properties.Traffic;

/// <summary>One axis of a <see cref="LineChart"/>: a range of values, a stretch of the picture, and round ticks between.</summary>
internal readonly struct ChartAxis
{
    private const int TicksWanted = 5;

    /// <summary>Labels have six decimals, and a step is about a fifth of the range.</summary>
    private const double RangeMin = 1e-5;

    private readonly double _low;
    private readonly double _high;
    private readonly double _from;
    private readonly double _to;
    private readonly double _step;

    /// <summary>Lays the values from <paramref name="low"/> on over the picture's stretch from <paramref name="from"/> on.</summary>
    public ChartAxis(double low, double high, double from, double to)
    {
        // A single value has no range of its own; one unit keeps the picture finite.
        (_low, _high) = (low, high - low >= RangeMin ? high : low + 1);
        (_from, _to) = (from, to);
        _step = RoundStep((_high - _low) / TicksWanted);
    }

    public double Place(double value) => _from + ((value - _low) / (_high - _low) * (_to - _from));

    /// <summary>The multiples of a round step that lie on the axis, each with its label.</summary>
    public IEnumerable<(double Value, string Label)> Ticks()
    {
        var first = Math.Ceiling(_low / _step);
        var count = (int)Math.Floor((_high / _step) - first) + 1;
        for (var i = 0; i < count; i++)
        {
            // A multiple, not a running sum: sums of 0.1 drift into labels such as 0.30000000000000004. Adding 0 makes -0 a plain 0.
            var value = ((first + i) * _step) + 0.0;
            yield return (value, value.ToString("0.######", CultureInfo.InvariantCulture));
        }
    }

    /// <summary>The smallest of 1, 2, 5 times a power of ten that is not below.</summary>
    /// <remarks>By multiplication only: Math.Pow and Math.Log10 may differ in the last bit from machine to machine.</remarks>
    private static double RoundStep(double atLeast)
    {
        var power = 1.0;
        while (power > atLeast)
        {
            power /= 10;
        }

        while (power * 10 <= atLeast)
        {
            power *= 10;
        }

        foreach (var factor in (ReadOnlySpan<int>)[1, 2, 5])
        {
            if (factor * power >= atLeast)
            {
                return factor * power;
            }
        }

        return 10 * power;
    }
}
