using System.Security;
using System.Text;
using System.Xml;

namespace RxVerify.Properties.Pictures;

/// <summary>Text inside HTML and SVG: shown, and never taken for markup.</summary>
public static class MarkupText
{
    /// <summary>
    /// Escapes markup, quotes included, so that it may stand in an attribute too, and replaces what XML cannot express at all: control
    /// characters and halves of surrogate pairs.
    /// </summary>
    public static string Of(string raw)
    {
        ArgumentNullException.ThrowIfNull(raw);
        var clean = new StringBuilder(raw.Length);
        foreach (var rune in raw.EnumerateRunes())
        {
            clean.Append(rune.IsBmp && !XmlConvert.IsXmlChar((char)rune.Value) ? Rune.ReplacementChar : rune);
        }

        return SecurityElement.Escape(clean.ToString());
    }
}
