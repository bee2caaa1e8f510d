using System.Runtime.InteropServices;
using RxVerify.Model.Vocabulary.Dqo;

namespace RxVerify.Properties.Traffic;

/// <summary>The lengths of the four places of buffer states, noted over time in bounded memory.</summary>
internal sealed class TrafficLists
{
    /// <summary>When there are more, every other sample is dropped and half as many are taken from then on.</summary>
    public const int SamplesMax = 16_384;

    private static readonly (DqoPlace Place, string Name)[] Shown =
        [(DqoPlace.Posted, "posted"), (DqoPlace.Recycled, "recycled list"), (DqoPlace.Used, "used list"), (DqoPlace.Free, "free stack")];

    private readonly List<(double X, double Y)>[] _points = [.. Shown.Select(_ => new List<(double X, double Y)>())];
    private long _notes;
    private long _stride = 1;

    public void Note(long nanoseconds, ReadOnlySpan<DqoPlace> places)
    {
        if (_notes++ % _stride != 0)
        {
            return;
        }

        if (_points[0].Count == SamplesMax)
        {
            Halve();
        }

        var bytes = MemoryMarshal.Cast<DqoPlace, byte>(places);
        for (int list = 0; list < Shown.Length; list++)
        {
            _points[list].Add((nanoseconds / 1e6, bytes.Count((byte)Shown[list].Place)));
        }
    }

    public IReadOnlyList<Series> Series() => [.. Shown.Select((shown, list) => new Series(shown.Name, _points[list]))];

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
