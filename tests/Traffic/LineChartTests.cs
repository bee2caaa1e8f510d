using System.Globalization;
using System.Xml.Linq;
using RxVerify.Properties.Traffic;

namespace RxVerify.Tests.Traffic;

public sealed class LineChartTests
{
    private static readonly XNamespace Svg = "http://www.w3.org/2000/svg";

    [Fact]
    public void The_picture_is_well_formed_and_has_its_size_and_both_themes()
    {
        var picture = XDocument.Parse(Draw(new Series("used list", [(0, 0), (1, 3), (2, 1)]))).Root!;

        Assert.Equal(Svg + "svg", picture.Name);
        Assert.Equal(("800", "300"), ((string?)picture.Attribute("width"), (string?)picture.Attribute("height")));
        Assert.Contains("prefers-color-scheme: dark", picture.Element(Svg + "style")!.Value, StringComparison.Ordinal);
        Assert.Equal("Lists", picture.Element(Svg + "title")!.Value);
    }

    [Fact]
    public void A_value_holds_until_the_next_point()
    {
        // Labels of one character put the plot's left edge at 20 + 7; the rest is 603 wide and 216 high, upside down from 252.
        Assert.Equal("M27 252H328.5V36H630V144", Lines(Draw(new Series("steps", [(0, 0), (1, 4), (2, 2)])))[0]);
    }

    [Fact]
    public void Ticks_are_round_and_few()
    {
        var labels = Texts(Draw(new Series("a", [(0, 0), (97, 0.7)])));

        // Title, ticks of y from below, ticks of x from the left, label of x, legend.
        Assert.Equal(["Lists", "0", "0.2", "0.4", "0.6", "0", "20", "40", "60", "80", "packets", "aa"], labels);
    }

    [Fact]
    public void The_same_series_give_the_same_bytes_in_every_culture()
    {
        var series = new Series("a", [.. Enumerable.Range(0, 5_000).Select(i => (i * 0.5, (double)(i * 7919 % 101)))]);
        var (first, culture) = (Draw(series), CultureInfo.CurrentCulture);
        try
        {
            // A decimal comma and another minus sign, as in Swedish; real ones are not available in invariant mode.
            var foreign = (CultureInfo)CultureInfo.InvariantCulture.Clone();
            (foreign.NumberFormat.NumberDecimalSeparator, foreign.NumberFormat.NegativeSign) = (",", "−");
            CultureInfo.CurrentCulture = foreign;
            Assert.Equal(first, Draw(series));
        }
        finally
        {
            CultureInfo.CurrentCulture = culture;
        }

        Assert.DoesNotContain('\r', first);
    }

    [Fact]
    public void Text_is_shown_and_never_run()
    {
        const string Hostile = "<script>alert('1') & \"2\"</script>";
        var svg = LineChart.Svg(Hostile, Hostile, [new Series(Hostile, [(0, 1)])]);

        Assert.DoesNotContain("<script", svg, StringComparison.OrdinalIgnoreCase);
        Assert.Equal(Hostile, XDocument.Parse(svg).Root!.Element(Svg + "title")!.Value);
    }

    [Fact]
    public void Characters_that_XML_cannot_hold_are_replaced() =>
        Assert.Equal(
            "a\uFFFDb\uFFFDc\uFFFDd\U0001F600",
            XDocument.Parse(LineChart.Svg("a\0b\uD800c\uFFFEd\U0001F600", "", [])).Root!.Element(Svg + "title")!.Value);

    [Fact]
    public void A_long_name_is_shortened_in_the_legend_and_whole_in_its_tooltip()
    {
        var name = new string('n', 40);
        var entry = XDocument.Parse(Draw(new Series(name, []))).Descendants(Svg + "text").Single(text => text.Element(Svg + "title") is not null);

        Assert.Equal(name, entry.Element(Svg + "title")!.Value);
        Assert.Equal($"{new string('n', 16)}…", entry.Nodes().OfType<XText>().Single().Value);
    }

    [Fact]
    public void A_long_series_keeps_its_spikes_its_ends_and_what_holds_over_a_gap()
    {
        // A burst of 100,000 points within one second ending at 5, one of them a spike; then nothing until the 1000th second.
        var burst = Enumerable.Range(0, 100_000).Select(i => (X: i / 100_000.0, Y: i == 54_321 ? 999.0 : i % 3)).ToArray();
        burst[^1].Y = 5;
        var path = Lines(Draw(new Series("a", [.. burst, (1_000, 5)])))[0];
        Assert.Contains("V36", path, StringComparison.Ordinal);                                    // the spike is the top of the plot

        // From 5 to 5: 5/999 of 216 above the base line.
        Assert.EndsWith("V250.92H630V250.92", path, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(1_000)]
    [InlineData(1_001)]
    [InlineData(50_000)]
    public void A_series_has_at_most_a_thousand_points_in_the_picture(int points)
    {
        var series = new Series("a", [.. Enumerable.Range(0, points).Select(i => ((double)i, (double)(i * 7919 % 10_007)))]);
        var path = Lines(Draw(series))[0];

        // Of each stretch of three points or more at least two stay: its lowest and its highest.
        Assert.InRange(path.Count(letter => letter == 'H') + 1, 2 * 333, 1_000);
    }

    [Fact]
    public void Pictures_without_points_or_without_a_range_are_drawn()
    {
        Series[] odd = [new("none", []), new("one", [(5, 5)]), new("flat", [(1, 0), (2, 0)]), new("below", [(0, -3), (0, -3)])];
        foreach (var series in odd)
        {
            var svg = Draw(series);
            XDocument.Parse(svg);
            Assert.DoesNotContain("NaN", svg, StringComparison.Ordinal);
            Assert.DoesNotContain("∞", svg, StringComparison.Ordinal);
            Assert.DoesNotContain(Texts(svg), text => text == "-0");
        }

        XDocument.Parse(LineChart.Svg("nothing", "", []));
    }

    [Theory]
    [InlineData(0, double.NaN)]
    [InlineData(0, double.PositiveInfinity)]
    [InlineData(0, 1e13)]
    [InlineData(-1e13, 0)]
    [InlineData(-1, 0)]
    public void Points_that_cannot_be_placed_are_refused_by_number(double x, double y)
    {
        var error = Assert.Throws<ArgumentException>(() => Draw(new Series("a", [(0, 0), (x, y)])));
        Assert.Contains("Point 1 of series 'a'", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void More_lines_than_colours_are_refused() =>
        Assert.Throws<ArgumentException>(() => Draw([.. Enumerable.Range(0, LineChart.SeriesMax + 1).Select(i => new Series($"{i}", []))]));

    private static string Draw(params Series[] series) => LineChart.Svg("Lists", "packets", series);

    private static List<string> Texts(string svg) => [.. XDocument.Parse(svg).Descendants(Svg + "text").Select(text => text.Value)];

    /// <summary>The paths of the lines themselves, without the legend's.</summary>
    private static List<string> Lines(string svg) =>
    [
        .. XDocument.Parse(svg).Descendants(Svg + "path")
            .Where(path => ((string?)path.Attribute("class"))!.StartsWith("line", StringComparison.Ordinal))
            .Select(path => (string?)path.Attribute("d") ?? "")
            .Where(path => !path.Contains('h', StringComparison.Ordinal)),
    ];
}
