using System.Text;
using RxVerify.Explorer;

namespace RxVerify.Properties.Pictures;

/// <summary>One step of a picture as markup.</summary>
internal sealed class HtmlStep(StringBuilder body, Picture picture, PictureStep step, Scene? before, IReadOnlyList<int> rows)
{
    private const string Changed = " <span class=\"changed-tag\">changed</span>";

    // A list of the production queue has thousands of entries, and the first ones say what comes next.
    private const int EntriesMax = 40;

    private readonly SceneChange _change = new(before);

    public void Append()
    {
        bool breaks = picture.BreaksIn(step);
        string words = step.Number == 0 ? $"Beginning: {step.Words}" : $"Step {step.Number}: {step.Words}";
        body.Append($"<section class=\"step{(breaks ? " breaking" : "")}\" id=\"step-{step.Number}\" data-step=\"{step.Number}\" data-words=\"{Text(words)}\" aria-label=\"{Text(words)}\">\n");
        body.Append("<p class=\"tag soft\">the step before</p>\n");
        body.Append($"<h2>{Text(words)}{(breaks ? " <span class=\"bad\">✗ the claim breaks here</span>" : "")}</h2>\n");
        AppendPages();
        AppendQueues();
        AppendFacts();
        body.Append("</section>\n");
    }

    private void AppendPages()
    {
        var shown = step.Scene.Pages.Where(page => rows.Contains(page.Number)).ToList();
        int others = step.Scene.Pages.Count - shown.Count;
        var left = before?.Pages.Select(page => page.Number).Except(step.Scene.Pages.Select(page => page.Number)).ToList() ?? [];
        if (step.Scene.Pages.Count + left.Count > 0)
        {
            body.Append("<h3>Pages</h3>\n");
        }

        foreach (var page in shown)
        {
            AppendPage(page);
        }

        foreach (int number in left)
        {
            body.Append($"<p><span class=\"gone\">page {number}</span> is gone: it was freed.{Changed}</p>\n");
        }

        body.Append(others > 0 ? $"<p class=\"soft\">{Quantity.Of(others, "more page has", "more pages have")} no row here.</p>\n" : "");
    }

    private void AppendPage(ScenePage page)
    {
        string mapped = page.IsMapped switch { true => "mapped for the device", false => "not mapped", null => "" };
        string about = string.Join("; ", new[] { mapped, page.Note }.Where(text => text.Length > 0));
        body.Append($"<div class=\"page\">\n<h4>page {page.Number} <small>{Text(about)}</small>{(_change.Of(page) ? Changed : "")}</h4>\n<ul class=\"cells\">\n");
        foreach (var cell in page.Cells)
        {
            bool isConflict = picture.IsInConflict(step, page, cell);
            bool isChanged = _change.Of(page, cell);
            string classes = $"cell{(isConflict ? " conflict" : picture.IsInQuestion(page, cell) ? " question" : "")}{(isChanged ? " changed" : "")}";
            body.Append($"<li class=\"{classes}\"><small>bytes {cell.Offset} to {cell.Offset + cell.Length - 1}</small>{(isChanged ? Changed : "")}");
            body.Append(isConflict ? " <span class=\"bad\">✗ conflict</span>" : "");
            foreach (var mark in cell.Marks)
            {
                body.Append($"<p>{HtmlPicture.Chip(mark.Holder)} {Text(mark.Text.Length > 0 ? mark.Text : Holders.Meaning(mark.Holder))}</p>");
            }

            body.Append("</li>\n");
        }

        body.Append("</ul>\n</div>\n");
    }

    private void AppendQueues()
    {
        if (step.Scene.Queues.Count == 0)
        {
            return;
        }

        body.Append("<h3>Lists and queues, first entry first</h3>\n<dl class=\"values\">\n");
        foreach (var queue in step.Scene.Queues)
        {
            string entries = string.Join(" → ", queue.Entries.Take(EntriesMax));
            string more = queue.Entries.Count > EntriesMax ? $" → and {queue.Entries.Count - EntriesMax} more" : "";
            AppendValue(queue.Name, queue.Entries.Count == 0 ? "empty" : entries + more, _change.Of(queue), "");
        }

        body.Append("</dl>\n");
    }

    private void AppendFacts()
    {
        if (step.Scene.Facts.Count == 0)
        {
            return;
        }

        body.Append("<h3>State</h3>\n<dl class=\"values\">\n");
        foreach (var fact in step.Scene.Facts)
        {
            string? was = before?.Facts.FirstOrDefault(other => other.Name == fact.Name)?.Value;
            AppendValue(fact.Name, fact.Value, _change.Of(fact), was is null ? "" : $" (was {was})");
        }

        body.Append("</dl>\n");
    }

    private void AppendValue(string name, string value, bool isChanged, string was)
    {
        bool isConflict = picture.IsInConflict(step, name);
        string kind = isConflict ? " class=\"conflict\"" : isChanged ? " class=\"changed\"" : "";
        string tags = $"{(isChanged ? Text(was) + Changed : "")}{(isConflict ? " <span class=\"bad\">✗ conflict</span>" : "")}";
        body.Append($"<dt>{Text(name)}</dt><dd{kind}>{Text(value)}{tags}</dd>\n");
    }

    private static string Text(string raw) => MarkupText.Of(raw);
}
