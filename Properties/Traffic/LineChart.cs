using System.Globalization;
using System.Text;
using RxVerify.Properties.Pictures;

namespace RxVerify.Properties.Traffic;

/// <summary>Draws list lengths over time as one small SVG picture: the same series give the same bytes on every machine.</summary>
/// <remarks>
/// Hand-written because no package for charts is on the project's feed (looked for: ScottPlot, OxyPlot). A series of more than
/// about 1,000 points is thinned: of each of 333 equal stretches of x its lowest, highest and last points stay, so spikes survive.
/// </remarks>
public static class LineChart
{
    /// <summary>The most lines one picture may have: as many as there are colours that can be told apart.</summary>
    public const int SeriesMax = 8;

    private const int Width = 800;
    private const int Height = 300;
    private const int PlotTop = 36;
    private const int PlotBottom = 252;
    private const int PlotRight = 630;
    private const int LegendLeft = 646;
    private const int CharacterWidth = 7;
    private const int TitleCharactersMax = 100;
    private const int LabelCharactersMax = 80;
    private const int NameCharactersMax = 17;

    /// <summary>Larger values would lose the integers between ticks, and their labels would not fit.</summary>
    private const double ValueMax = 1e12;

    /// <summary>Colours after Okabe and Ito, who chose them for readers with any colour vision; the dark theme has lighter ones.</summary>
    private const string Style = """
        .rx-chart { font: 12px sans-serif; }
        .rx-chart .paper { fill: #ffffff; }
        .rx-chart text { fill: #222222; }
        .rx-chart .title { font-size: 14px; font-weight: bold; }
        .rx-chart .grid { stroke: #dddddd; }
        .rx-chart .axis { stroke: #666666; }
        .rx-chart .line { fill: none; stroke-width: 1.5; }
        .rx-chart .s0 { stroke: #0072b2; } .rx-chart .s1 { stroke: #d55e00; }
        .rx-chart .s2 { stroke: #009e73; } .rx-chart .s3 { stroke: #b0508a; }
        .rx-chart .s4 { stroke: #8a6d00; } .rx-chart .s5 { stroke: #2a9fd6; }
        .rx-chart .s6 { stroke: #7a4b2a; } .rx-chart .s7 { stroke: #555555; }
        @media (prefers-color-scheme: dark) {
        .rx-chart .paper { fill: #16181c; }
        .rx-chart text { fill: #e6e6e6; }
        .rx-chart .grid { stroke: #33363c; }
        .rx-chart .axis { stroke: #9a9a9a; }
        .rx-chart .s0 { stroke: #5aaee6; } .rx-chart .s1 { stroke: #ff8c42; }
        .rx-chart .s2 { stroke: #35c79a; } .rx-chart .s3 { stroke: #e08cbf; }
        .rx-chart .s4 { stroke: #f0e442; } .rx-chart .s5 { stroke: #9bd8f5; }
        .rx-chart .s6 { stroke: #c99a6b; } .rx-chart .s7 { stroke: #bbbbbb; }
        }
        """;

    /// <summary>Draws the series as step lines over common axes. The vertical axis includes 0, so that heights can be compared.</summary>
    /// <param name="title">Heading, also the picture's name for screen readers.</param>
    /// <param name="xLabel">What the horizontal axis counts, with its unit.</param>
    /// <param name="series">Up to <see cref="SeriesMax"/> lines; one without points has a legend entry only.</param>
    /// <returns>A complete SVG document of 800 by 300 with lines ended by \n.</returns>
    /// <exception cref="ArgumentException">Too many series, a decreasing x, or a value that is not finite or above 1e12.</exception>
    public static string Svg(string title, string xLabel, IReadOnlyList<Series> series)
    {
        ArgumentNullException.ThrowIfNull(title);
        ArgumentNullException.ThrowIfNull(xLabel);
        ArgumentNullException.ThrowIfNull(series);
        Check(series);

        var (x, y, plotLeft) = Axes(series);
        var svg = new StringBuilder();
        Line(svg, $"""<svg xmlns="http://www.w3.org/2000/svg" class="rx-chart" role="img" viewBox="0 0 {Width} {Height}" """);
        Line(svg, $"""width="{Width}" height="{Height}">""");
        Line(svg, $"<title>{MarkupText.Of(title)}</title>");
        Line(svg, $"<style>\n{Style.ReplaceLineEndings("\n")}\n</style>");
        Line(svg, $"""<rect class="paper" width="{Width}" height="{Height}"/>""");
        Line(svg, $"""<text class="title" x="{plotLeft}" y="22">{MarkupText.Of(Shortened(title, TitleCharactersMax))}</text>""");
        DrawAxes(svg, x, y, plotLeft);
        var middle = Number((plotLeft + PlotRight) / 2.0);
        Line(svg, $"""<text x="{middle}" y="{Height - 10}" text-anchor="middle">{MarkupText.Of(Shortened(xLabel, LabelCharactersMax))}</text>""");
        for (var i = 0; i < series.Count; i++)
        {
            DrawSeries(svg, series[i], i, x, y);
        }

        Line(svg, $"</svg>");
        return svg.ToString();
    }

    private static void Check(IReadOnlyList<Series> series)
    {
        if (series.Count > SeriesMax)
        {
            throw new ArgumentException($"{series.Count} series; a chart has at most {SeriesMax}.", nameof(series));
        }

        foreach (var (name, points) in series)
        {
            for (var i = 0; i < points.Count; i++)
            {
                var (x, y) = points[i];
                if (!(Math.Abs(x) <= ValueMax && Math.Abs(y) <= ValueMax) || (i > 0 && x < points[i - 1].X))
                {
                    throw new ArgumentException(
                        $"Point {i} of series '{name}' is ({Number(x)}, {Number(y)}); "
                        + $"expected finite values within {ValueMax:0} of 0, and x never decreasing.",
                        nameof(series));
                }
            }
        }
    }

    private static (ChartAxis X, ChartAxis Y, int PlotLeft) Axes(IReadOnlyList<Series> series)
    {
        var all = series.SelectMany(one => one.Points).ToList();
        var (lowX, highX) = all.Count > 0 ? (all.Min(point => point.X), all.Max(point => point.X)) : (0, 1);
        var lowY = all.Select(point => point.Y).Append(0).Min();
        var highY = all.Select(point => point.Y).Append(0).Max();

        var y = new ChartAxis(lowY, highY, PlotBottom, PlotTop);
        var plotLeft = 20 + (CharacterWidth * y.Ticks().Max(tick => tick.Label.Length));
        return (new ChartAxis(lowX, highX, plotLeft, PlotRight), y, plotLeft);
    }

    private static void DrawAxes(StringBuilder svg, ChartAxis x, ChartAxis y, int plotLeft)
    {
        foreach (var (value, label) in y.Ticks())
        {
            var at = Number(y.Place(value));
            Line(svg, $"""<path class="grid" d="M{plotLeft} {at}H{PlotRight}"/>""");
            Line(svg, $"""<text x="{plotLeft - 6}" y="{at}" dy="4" text-anchor="end">{label}</text>""");
        }

        foreach (var (value, label) in x.Ticks())
        {
            var at = Number(x.Place(value));
            Line(svg, $"""<path class="axis" d="M{at} {PlotBottom}v5"/>""");
            Line(svg, $"""<text x="{at}" y="{PlotBottom + 18}" text-anchor="middle">{label}</text>""");
        }

        Line(svg, $"""<path class="axis" fill="none" d="M{plotLeft} {PlotTop}V{PlotBottom}H{PlotRight}"/>""");
    }

    private static void DrawSeries(StringBuilder svg, Series series, int index, ChartAxis x, ChartAxis y)
    {
        var legendY = PlotTop + 8 + (index * 22);
        Line(svg, $"""<path class="line s{index}" d="M{LegendLeft} {legendY}h18"/>""");
        var shown = Shortened(series.Name, NameCharactersMax);
        Line(svg, $"""<text x="{LegendLeft + 24}" y="{legendY}" dy="4"><title>{MarkupText.Of(series.Name)}</title>{MarkupText.Of(shown)}</text>""");

        var points = SeriesThinning.Thin(series.Points);
        if (points.Count == 0)
        {
            return;
        }

        var path = new StringBuilder($"M{Number(x.Place(points[0].X))} {Number(y.Place(points[0].Y))}");
        foreach (var point in points.Skip(1))
        {
            path.Append('H').Append(Number(x.Place(point.X))).Append('V').Append(Number(y.Place(point.Y)));
        }

        Line(svg, $"""<path class="line s{index}" d="{path}"/>""");
    }

    private static void Line(StringBuilder svg, FormattableString line) => svg.Append(FormattableString.Invariant(line)).Append('\n');

    private static string Number(double value) => value.ToString("0.##", CultureInfo.InvariantCulture);

    private static string Shortened(string text, int characters) => text.Length <= characters ? text : $"{text.AsSpan(0, characters - 1)}…";
}
