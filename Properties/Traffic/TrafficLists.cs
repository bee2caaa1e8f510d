namespace RxVerify.Properties.Traffic;

/// <summary>The lengths of a queue's lists, noted over time in bounded memory.</summary>
/// <param name="names">What each is called in the picture.</param>
internal sealed class TrafficLists(string[] names)
{
    /// <summary>When there are more, every other sample is dropped and half as many are taken from then on.</summary>
    public const int SamplesMax = 16_384;

    private readonly List<(double X, double Y)>[] _points = [.. names.Select(_ => new List<(double X, double Y)>())];
    private long _notes;
    private long _stride = 1;

    /// <summary>Notes one length for each name, in the same order.</summary>
    public void Note(long nanoseconds, ReadOnlySpan<int> lengths)
    {
        if (_notes++ % _stride != 0)
        {
            return;
        }

        if (_points[0].Count == SamplesMax)
        {
            Halve();
        }

        for (int list = 0; list < names.Length; list++)
        {
            _points[list].Add((nanoseconds / 1e6, lengths[list]));
        }
    }

    public IReadOnlyList<Series> Series() => [.. names.Select((name, list) => new Series(name, _points[list]))];

    private void Halve()
    {
        _stride *= 2;
        foreach (var points in _points)
        {
            for (int kept = 0; 2 * kept < points.Count; kept++)
            {
                points[kept] = points[2 * kept];
            }

            points.RemoveRange((points.Count + 1) / 2, points.Count / 2);
        }
    }
}
