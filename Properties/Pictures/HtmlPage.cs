using System.Security.Cryptography;
using System.Text;

namespace RxVerify.Properties.Pictures;

/// <summary>A page that is whole in one file: its own style and script, and a policy that lets the browser load nothing else.</summary>
public static class HtmlPage
{
    private static readonly string Style = Resource("page.css");

    /// <summary>The document, with lines ended by \n. The same parts give the same bytes.</summary>
    /// <param name="title">Its title, as text.</param>
    /// <param name="body">What is in it, as markup.</param>
    /// <param name="script">What runs in it; empty for nothing.</param>
    public static string Of(string title, string body, string script = "")
    {
        ArgumentNullException.ThrowIfNull(body);
        ArgumentNullException.ThrowIfNull(script);

        // Whatever got past escaping still could not run, load or send anything: only this style and this script are let in.
        string scripts = script.Length == 0 ? "" : $" script-src '{Hash(script)}';";
        var page = new StringBuilder();
        page.Append("<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\" />\n");
        page.Append($"<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none';{scripts} style-src '{Hash(Style)}'; img-src data:\" />\n");
        page.Append("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\" />\n");
        page.Append($"<title>{MarkupText.Of(title)}</title>\n<style>{Style}</style>\n</head>\n<body>\n");
        page.Append(body);
        if (script.Length > 0)
        {
            page.Append($"<script>{script}</script>\n");
        }

        return page.Append("</body>\n</html>\n").ToString();
    }

    /// <summary>A picture for the page, inside of it.</summary>
    /// <param name="svg">The picture.</param>
    /// <param name="text">What it shows, for who does not see it.</param>
    public static string Image(string svg, string text) =>
        $"<img alt=\"{MarkupText.Of(text)}\" src=\"data:image/svg+xml;base64,{Convert.ToBase64String(Encoding.UTF8.GetBytes(svg))}\" />";

    /// <summary>A file that is part of this assembly.</summary>
    internal static string Resource(string name)
    {
        using var stream = typeof(HtmlPage).Assembly.GetManifestResourceStream(name) ?? throw new InvalidOperationException($"{name} is not in the assembly");
        using var reader = new StreamReader(stream, Encoding.UTF8);
        return reader.ReadToEnd().ReplaceLineEndings("\n");
    }

    private static string Hash(string text) => $"sha256-{Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(text)))}";
}
