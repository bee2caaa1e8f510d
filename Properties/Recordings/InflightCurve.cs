namespace RxVerify.Properties.Recordings;

/// <summary>Pages of a pool over time in bounded memory: when there are too many points, neighbours are joined, lowest and highest kept.</summary>
internal sealed class InflightCurve
{
    private const int PointsMax = 1_024;

    private readonly List<(long Time, int Low, int High, int Last)> _points = [];
    private int _stride = 1;
    private int _inLast;

    /// <summary>The highest value of all.</summary>
    public int Peak { get; private set; }

    /// <summary>From this time on there are so many pages.</summary>
    public void Note(long time, int pages)
    {
        Peak = Math.Max(Peak, pages);
        if (_inLast < _stride && _points.Count > 0)
        {
            var (began, low, high, _) = _points[^1];
            _points[^1] = (began, Math.Min(low, pages), Math.Max(high, pages), pages);
            _inLast++;
            return;
        }

        if (_points.Count == PointsMax)
        {
            Halve();
        }

        _points.Add((_points.Count > 0 ? Math.Max(time, _points[^1].Time) : time, pages, pages, pages));
        _inLast = 1;
    }

    /// <summary>The points of a line, in seconds since a moment.</summary>
    public IReadOnlyList<(double X, double Y)> Points(long since)
    {
        var line = new List<(double X, double Y)>(_points.Count);
        foreach (var (time, low, high, last) in _points)
        {
            double x = (time - since) / 1e9;
            if (low != high)
            {
                line.Add((x, high));
                line.Add((x, low));
            }

            line.Add((x, last));
        }

        return line;
    }

    private void Halve()
    {
        _stride *= 2;
        for (int i = 0; 2 * i < _points.Count; i++)
        {
            var (first, second) = (_points[2 * i], _points[(2 * i) + 1]);
            _points[i] = (first.Time, Math.Min(first.Low, second.Low), Math.Max(first.High, second.High), second.Last);
        }

        _points.RemoveRange(PointsMax / 2, PointsMax / 2);
    }
}
