namespace RxVerify.Properties.Traffic;

/// <summary>One named line of a <see cref="LineChart"/>.</summary>
/// <param name="Name">Its entry in the legend.</param>
/// <param name="Points">Its points in order of x; each value holds until the next point.</param>
public sealed record Series(string Name, IReadOnlyList<(double X, double Y)> Points);

/// <summary>Thins out a series for a picture without losing what a reader looks for in it.</summary>
internal static class SeriesThinning
{
    /// <summary>The most points that a thinned series has: the first point, and up to three from each of 333 stretches of x.</summary>
    public const int PointsMax = 1 + (StretchesMax * 3);

    private const int StretchesMax = 333;

    /// <summary>Cuts the x axis into equal stretches and keeps of each its lowest, its highest and its last point.</summary>
    /// <remarks>Lowest and highest, so that no spike disappears; the last, because its value is the one that holds until the next stretch.</remarks>
    public static IReadOnlyList<(double X, double Y)> Thin(IReadOnlyList<(double X, double Y)> points)
    {
        if (points.Count <= PointsMax)
        {
            return points;
        }

        var kept = new List<(double X, double Y)>(PointsMax) { points[0] };
        var (first, width) = (points[0].X, (points[^1].X - points[0].X) / StretchesMax);
        for (var begin = 1; begin < points.Count;)
        {
            var stretch = StretchOf(points[begin].X, first, width);
            var end = begin + 1;
            while (end < points.Count && StretchOf(points[end].X, first, width) == stretch)
            {
                end++;
            }

            Keep(points, begin, end, kept);
            begin = end;
        }

        return kept;
    }

    private static int StretchOf(double x, double first, double width) =>
        width > 0 ? Math.Min((int)((x - first) / width), StretchesMax - 1) : 0;

    private static void Keep(IReadOnlyList<(double X, double Y)> points, int begin, int end, List<(double X, double Y)> kept)
    {
        var (low, high) = (begin, begin);
        for (var i = begin + 1; i < end; i++)
        {
            low = points[i].Y < points[low].Y ? i : low;
            high = points[i].Y > points[high].Y ? i : high;
        }

        var previous = -1;
        foreach (var index in (ReadOnlySpan<int>)[Math.Min(low, high), Math.Max(low, high), end - 1])
        {
            if (index != previous)
            {
                kept.Add(points[index]);
            }

            previous = index;
        }
    }
}
