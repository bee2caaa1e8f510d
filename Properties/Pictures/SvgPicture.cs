using System.Text;

namespace RxVerify.Properties.Pictures;

/// <summary>The whole story as one still picture, for mail and review threads: a column for each step, a row for each page, list and value that changes.</summary>
public static class SvgPicture
{
    /// <summary>The most columns: the beginning and the last steps of a longer story.</summary>
    public const int ColumnsMax = 24;

    /// <summary>Colours as on the page; letters say the same without them.</summary>
    private const string Style = """
        .rx-story { font: 12px sans-serif; }
        .rx-story .paper { fill: #ffffff; }
        .rx-story text { fill: #1d1f23; }
        .rx-story .title { font-size: 15px; font-weight: bold; }
        .rx-story .strong { font-weight: bold; }
        .rx-story .soft { fill: #5a5f68; font-size: 11px; }
        .rx-story .bad { fill: #b3001b; font-weight: bold; }
        .rx-story .line { stroke: #c9ccd2; fill: none; }
        .rx-story .cell { stroke: #5a5f68; }
        .rx-story .question { stroke-dasharray: 4 3; stroke-width: 2; }
        .rx-story .conflict { stroke: #b3001b; stroke-width: 4; }
        .rx-story .breaking { fill: #fdecee; stroke: #b3001b; stroke-width: 2; }
        .rx-story .h0, .rx-story .h10, .rx-story .h11 { fill: #eceef1; } .rx-story .h1 { fill: #cfe3f6; } .rx-story .h2 { fill: #ffd9c2; }
        .rx-story .h3 { fill: #ffeec2; } .rx-story .h4 { fill: #cdeede; } .rx-story .h5 { fill: #ead7f5; } .rx-story .h6 { fill: #f6d7e8; }
        .rx-story .h7 { fill: #e3e6c4; } .rx-story .h8, .rx-story .h9 { fill: #d9e0e8; }
        @media (prefers-color-scheme: dark) {
        .rx-story .paper { fill: #16181c; }
        .rx-story text { fill: #e8e9eb; }
        .rx-story .soft { fill: #a3a8b1; }
        .rx-story .bad { fill: #ff8a94; }
        .rx-story .line { stroke: #454a53; }
        .rx-story .cell { stroke: #a3a8b1; }
        .rx-story .conflict { stroke: #ff8a94; }
        .rx-story .breaking { fill: #3a1a1f; stroke: #ff8a94; }
        .rx-story .h0, .rx-story .h10, .rx-story .h11 { fill: #2a2d33; } .rx-story .h1 { fill: #16395c; } .rx-story .h2 { fill: #5f2c10; }
        .rx-story .h3 { fill: #54430d; } .rx-story .h4 { fill: #0f4a33; } .rx-story .h5 { fill: #44275a; } .rx-story .h6 { fill: #57213f; }
        .rx-story .h7 { fill: #434718; } .rx-story .h8, .rx-story .h9 { fill: #33404d; }
        }
        """;

    /// <summary>A complete SVG document with lines ended by \n. The same picture gives the same bytes.</summary>
    public static string Of(Picture picture)
    {
        ArgumentNullException.ThrowIfNull(picture);
        var sheet = new SvgSheet(picture);
        sheet.Draw();
        string title = MarkupText.Of($"{picture.Story.Of.Name}, {picture.Claim.Id}: {picture.Claim.Sentence}");
        var svg = new StringBuilder();
        svg.Append($"<svg xmlns=\"http://www.w3.org/2000/svg\" class=\"rx-story\" role=\"img\" viewBox=\"0 0 {sheet.Width} {sheet.Height}\"\nwidth=\"{sheet.Width}\" height=\"{sheet.Height}\">\n");
        svg.Append($"<title>{title}</title>\n<desc>{MarkupText.Of(picture.Detail)}</desc>\n<style>\n{Style.ReplaceLineEndings("\n")}\n</style>\n");
        svg.Append($"<rect class=\"paper\" width=\"{sheet.Width}\" height=\"{sheet.Height}\"/>\n");
        return svg.Append(sheet.Markup).Append("</svg>\n").ToString();
    }
}
