using System.Text;

namespace RxVerify.Properties.Pictures;

/// <summary>A counterexample as one self-contained page: what broke, who is at odds with whom, and each step to look at.</summary>
/// <remarks>Every step is in the page as text; the script only decides which one is shown. Without it, and on paper, all are.</remarks>
public static class HtmlPicture
{
    /// <summary>The page, with lines ended by \n. The same picture gives the same bytes.</summary>
    public static string Of(Picture picture)
    {
        ArgumentNullException.ThrowIfNull(picture);
        var body = new StringBuilder();
        AppendHead(body, picture);
        AppendAbout(body, picture);
        AppendSteps(body, picture);
        body.Append("<main class=\"stage\">\n");
        Scene? before = null;
        var rows = picture.Rows();
        foreach (var step in picture.Steps)
        {
            new HtmlStep(body, picture, step, before, rows).Append();
            before = step.Scene;
        }

        body.Append("</main>\n");
        AppendLegend(body, picture);
        body.Append($"<details>\n<summary>The stored counterexample, to run it again</summary>\n<p>Save this text as <code>{Text(picture.Story.FileName)}.json</code>.</p>\n");
        body.Append($"<pre>{Text(picture.Story.Json())}</pre>\n</details>\n");
        return HtmlPage.Of($"{picture.Story.Of.Name}: {picture.Claim.Sentence}", body.ToString(), HtmlPage.Resource("picture.js"));
    }

    /// <summary>A holder's letter in its colour.</summary>
    internal static string Chip(Holder holder) => $"<span class=\"chip h{(int)holder}\">{Text(Holders.Letter(holder))}</span>";

    private static void AppendHead(StringBuilder body, Picture picture)
    {
        body.Append($"<header>\n<p class=\"soft\">{Text(picture.Story.Of.Title)}, claim {Text(picture.Claim.Id)}</p>\n");
        body.Append($"<h1>{Text(picture.Claim.Sentence)}</h1>\n<p>Otherwise {Text(picture.Claim.Harm)}.</p>\n");
        body.Append(picture.Finding is null
            ? $"<p class=\"good\">Holds now. When the story was stored: {Text(picture.Detail)}.</p>\n"
            : $"<p><span class=\"bad\">Broken {Story.Moment(picture.Last.Number)}</span> ({Text(picture.Last.Words)}): {Text(picture.Detail)}.</p>\n");
        if (picture.Finding?.Conflict is { } conflict)
        {
            body.Append("<div class=\"conflict\">\n<p><strong>The two that cannot both be right</strong>");
            body.Append(conflict.Place is { } place ? $", about {Text(place.ToString())}:</p>\n" : ":</p>\n");
            body.Append("<div class=\"parties\">\n");
            AppendParty(body, picture, conflict.First);
            body.Append("<p class=\"versus\">and yet</p>\n");
            AppendParty(body, picture, conflict.Second);
            body.Append("</div>\n</div>\n");
        }

        body.Append("</header>\n");
    }

    private static void AppendParty(StringBuilder body, Picture picture, Party party)
    {
        string who = char.ToUpperInvariant(party.Who[0]) + party.Who[1..];
        body.Append($"<p class=\"party\">{(party.Holder is { } holder ? Chip(holder) + " " : "")}<strong>{Text(who)}</strong> {Text(party.Does)}.");
        if (picture.Since(party) is { } since)
        {
            string when = since.Number == 0 ? "from the beginning"
                : since.Number == picture.Last.Number ? $"since this step, {since.Number}: {since.Words}"
                : $"since step {since.Number}: {since.Words}";
            body.Append($" <small>Has had them {Text(when)}.</small>");
        }

        body.Append("</p>\n");
    }

    private static void AppendAbout(StringBuilder body, Picture picture)
    {
        var story = picture.Story;
        string driver = picture.Mistake is { } mistake
            ? $"{mistake.Name} ({mistake.Ids}), a planted mistake: {mistake.Mistake}{(mistake.History.Length > 0 ? $"; {mistake.History}" : "")}"
            : "right rules";
        body.Append("<dl class=\"about\">\n");
        AppendPair(body, "Driver", Text(driver));
        AppendPair(body, "Configuration", Text(story.ConfigurationWords));
        AppendPair(body, "Seed", Text($"{story.Seed}; {story.Lengths}"));
        AppendPair(body, "Run it again", $"<code>rxverify replay {Text(story.FileName)}.json</code> (the file is at the end of this page)");
        body.Append("</dl>\n");
    }

    private static void AppendSteps(StringBuilder body, Picture picture)
    {
        int last = picture.Steps.Count - 1;
        body.Append("<nav aria-label=\"Steps\">\n<ol class=\"story\" start=\"0\">\n");
        foreach (var step in picture.Steps)
        {
            string mark = picture.BreaksIn(step) ? " <span class=\"bad\">✗ the claim breaks here</span>" : "";
            body.Append($"<li value=\"{step.Number}\"><a href=\"#step-{step.Number}\">{Text(step.Words)}</a>{mark}</li>\n");
        }

        body.Append("</ol>\n");
        body.Append(picture.LeftOut > 0 ? $"<p class=\"soft\">Steps 1 to {picture.LeftOut} are left out.</p>\n" : "");
        body.Append("<div class=\"controls\">\n");
        AppendButton(body, "Home", "First step", "|◀");
        AppendButton(body, "ArrowLeft", "Step back", "◀");
        body.Append($"<input id=\"slider\" type=\"range\" min=\"0\" max=\"{last}\" value=\"0\" step=\"1\" aria-label=\"Step\" />\n");
        AppendButton(body, "ArrowRight", "Next step", "▶");
        AppendButton(body, "End", "Last step", "▶|");
        body.Append("<output id=\"where\" for=\"slider\"></output>\n<small>Keys: ← → Home End, or the number of a step</small>\n</div>\n</nav>\n");
    }

    private static void AppendButton(StringBuilder body, string key, string name, string sign) =>
        body.Append($"<button type=\"button\" data-key=\"{key}\" aria-label=\"{name}\">{sign}</button>\n");

    private static void AppendLegend(StringBuilder body, Picture picture)
    {
        var seen = picture.Steps.SelectMany(step => step.Scene.Pages).SelectMany(page => page.Cells).SelectMany(cell => cell.Marks).Select(mark => mark.Holder).ToHashSet();
        if (seen.Count == 0)
        {
            return;
        }

        body.Append("<section>\n<h2>Who has the bytes</h2>\n<ul class=\"legend\">\n");
        foreach (var holder in seen.Order())
        {
            body.Append($"<li>{Chip(holder)} {Text(Holders.Meaning(holder))}</li>\n");
        }

        body.Append("</ul>\n<p class=\"soft\">A thick frame marks the conflict, a dashed one the same bytes in other steps; “changed” is said of what the step changed.</p>\n</section>\n");
    }

    private static void AppendPair(StringBuilder body, string name, string markup) => body.Append($"<dt>{name}</dt><dd>{markup}</dd>\n");

    private static string Text(string raw) => MarkupText.Of(raw);
}
