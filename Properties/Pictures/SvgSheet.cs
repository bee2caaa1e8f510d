using System.Text;

namespace RxVerify.Properties.Pictures;

/// <summary>Lays a story out from top to bottom: head, columns with their rows, legend. Places are whole pixels, widths of text are estimates on the safe side.</summary>
internal sealed class SvgSheet
{
    private const int Left = 16;
    private const int LabelWidth = 112;
    private const int ColumnWidthMin = 196;
    private const int CellWidthMin = 30;
    private const int CellHeight = 40;
    private const int LineHeight = 15;
    private const int CharacterWidth = 7;
    private const int EntryLinesMax = 4;

    private readonly Picture _picture;
    private readonly List<PictureStep> _steps;
    private readonly IReadOnlyList<int> _rows;
    private readonly StringBuilder _front = new();
    private readonly StringBuilder _back = new();
    private readonly int _columnWidth;
    private int _y = 30;

    public SvgSheet(Picture picture)
    {
        _picture = picture;
        _rows = picture.Rows();
        _steps = picture.Steps.Count <= SvgPicture.ColumnsMax
            ? [.. picture.Steps]
            : [picture.Steps[0], .. picture.Steps.Skip(picture.Steps.Count - SvgPicture.ColumnsMax + 1)];
        int cells = _steps.SelectMany(step => step.Scene.Pages).Where(page => _rows.Contains(page.Number)).Select(page => page.Cells.Count).DefaultIfEmpty(1).Max();
        _columnWidth = Math.Max(ColumnWidthMin, (cells * CellWidthMin) + 12);
        Width = Math.Max(760, (2 * Left) + LabelWidth + (_steps.Count * _columnWidth));
    }

    public int Width { get; }

    public int Height => _y + 10;

    public string Markup => _back.ToString() + _front;

    private int Wide => (Width - (2 * Left)) / CharacterWidth;

    private int Narrow => (_columnWidth - 14) / CharacterWidth;

    public void Draw()
    {
        DrawHead();
        int top = _y;
        DrawColumnHeads();
        foreach (int number in _rows)
        {
            DrawPage(number);
        }

        foreach (string name in Changing(scene => scene.Queues.Select(queue => (queue.Name, string.Join(" → ", queue.Entries)))))
        {
            DrawValues(name, scene => scene.Queues.FirstOrDefault(queue => queue.Name == name) is { } queue ? queue.Entries.Count == 0 ? "empty" : string.Join(" → ", queue.Entries) : "");
        }

        foreach (string name in Changing(scene => scene.Facts.Select(fact => (fact.Name, fact.Value))))
        {
            DrawValues(name, scene => scene.Facts.FirstOrDefault(fact => fact.Name == name)?.Value ?? "");
        }

        if (_picture.Finding is not null)
        {
            int x = ColumnAt(_steps.Count - 1);
            _back.Append($"<rect class=\"breaking\" x=\"{x}\" y=\"{top}\" width=\"{_columnWidth - 4}\" height=\"{_y - top}\"/>\n");
        }

        _y += 8;
        DrawLegend();
    }

    private void DrawHead()
    {
        DrawLines(_picture.Claim.Sentence, "title", (Wide * 3) / 4);
        var story = _picture.Story;
        DrawLines($"{story.Of.Title}. Driver: {(_picture.Mistake is { } mistake ? $"{mistake.Name}, which {mistake.Mistake}" : "right rules")}. Configuration: {story.ConfigurationWords}.", "soft", Wide);
        DrawLines(_picture.Finding is null ? $"Holds now. Was: {_picture.Detail}." : $"✗ Broken {Story.Moment(_picture.Last.Number)}: {_picture.Detail}.", "bad", Wide);
        if (_picture.Finding?.Conflict is { } conflict)
        {
            DrawLines($"{Named(conflict.First)}; and yet {Named(conflict.Second)}.", "strong", Wide);
        }

        int leftOut = _steps.Count > 1 ? _steps[1].Number - 1 : 0;
        if (leftOut > 0)
        {
            DrawLines($"Steps 1 to {leftOut} are left out.", "soft", Wide);
        }

        _y += 4;
    }

    private static string Named(Party party) => $"{party.Who}{(party.Holder is { } holder ? $" [{Holders.Letter(holder)}]" : "")} {party.Does}";

    private void DrawColumnHeads()
    {
        var heads = _steps.Select(step => Wrapped(step.Words, Narrow, EntryLinesMax)).ToList();
        int top = _y;
        for (int column = 0; column < _steps.Count; column++)
        {
            int x = ColumnAt(column) + 6;
            bool breaks = _picture.BreaksIn(_steps[column]);
            string number = _steps[column].Number == 0 ? "beginning" : $"step {_steps[column].Number}";
            DrawText(x, top + 14, breaks ? "bad" : "strong", breaks ? $"✗ {number}: breaks here" : number);
            for (int line = 0; line < heads[column].Count; line++)
            {
                DrawText(x, top + 14 + ((line + 1) * LineHeight), "", heads[column][line]);
            }
        }

        _y = top + 20 + (LineHeight * heads.Max(head => head.Count));
        DrawRule();
    }

    private void DrawPage(int number)
    {
        DrawText(Left, _y + 32, "strong", $"page {number}");
        int notes = 0;
        for (int column = 0; column < _steps.Count; column++)
        {
            if (_steps[column].Scene.Pages.FirstOrDefault(page => page.Number == number) is not { } page)
            {
                continue;
            }

            int x = ColumnAt(column) + 6;
            DrawCells(_steps[column], page, x);
            var note = Wrapped(page.Note, Narrow, EntryLinesMax);
            for (int line = 0; line < note.Count; line++)
            {
                DrawText(x, _y + CellHeight + 28 + (line * LineHeight), "soft", note[line]);
            }

            notes = Math.Max(notes, note.Count);
        }

        _y += CellHeight + 22 + (notes * LineHeight);
        DrawRule();
    }

    private void DrawCells(PictureStep step, ScenePage page, int x)
    {
        if (page.IsMapped is { } isMapped)
        {
            DrawText(x, _y + 11, "soft", isMapped ? "mapped" : "not mapped");
        }

        int width = (_columnWidth - 16) / page.Cells.Count;
        for (int place = 0; place < page.Cells.Count; place++)
        {
            var cell = page.Cells[place];
            int left = x + (place * width);
            bool isConflict = _picture.IsInConflict(step, page, cell);
            string kind = isConflict ? " conflict" : _picture.IsInQuestion(page, cell) ? " question" : "";
            string letters = string.Concat(cell.Marks.Select(mark => Holders.Letter(mark.Holder)).Distinct(StringComparer.Ordinal));
            _front.Append($"<g><title>{MarkupText.Of($"bytes {cell.Offset} to {cell.Offset + cell.Length - 1}: {string.Join("; ", cell.Marks.Select(Meaning))}")}</title>\n");
            DrawRectangle(cell, left, width);
            _front.Append($"<rect class=\"cell{kind}\" fill=\"none\" x=\"{left + 1}\" y=\"{_y + 15}\" width=\"{width - 4}\" height=\"{CellHeight}\"/>\n");
            DrawText(left + 6, _y + 31, isConflict ? "bad" : "strong", isConflict ? $"{letters} ✗" : letters);
            string text = cell.Marks[0].Text;
            int room = (width - 10) / 6;
            DrawText(left + 6, _y + 47, "soft", text.Length <= room ? text : room > 3 ? $"{text.AsSpan(0, room - 1)}…" : "");
            _front.Append("</g>\n");
        }
    }

    /// <summary>A stripe for each holder, so that two show as two.</summary>
    private void DrawRectangle(SceneCell cell, int left, int width)
    {
        var holders = cell.Marks.Select(mark => mark.Holder).Distinct().ToList();
        int stripe = (width - 4) / holders.Count;
        for (int place = 0; place < holders.Count; place++)
        {
            int wide = place == holders.Count - 1 ? width - 4 - (place * stripe) : stripe;
            _front.Append($"<rect class=\"h{(int)holders[place]}\" x=\"{left + 1 + (place * stripe)}\" y=\"{_y + 15}\" width=\"{wide}\" height=\"{CellHeight}\"/>\n");
        }
    }

    private static string Meaning(SceneMark mark) => mark.Text.Length > 0 ? $"{Holders.Name(mark.Holder)}, {mark.Text}" : Holders.Meaning(mark.Holder);

    private void DrawValues(string name, Func<Scene, string> value)
    {
        var label = Wrapped(name, LabelWidth / CharacterWidth, EntryLinesMax);
        var texts = _steps.Select(step => Wrapped(value(step.Scene), Narrow, EntryLinesMax)).ToList();
        for (int line = 0; line < label.Count; line++)
        {
            DrawText(Left, _y + 14 + (line * LineHeight), "strong", label[line]);
        }

        for (int column = 0; column < _steps.Count; column++)
        {
            bool isSame = column > 0 && texts[column].SequenceEqual(texts[column - 1], StringComparer.Ordinal);
            string style = _picture.IsInConflict(_steps[column], name) ? "bad" : isSame ? "soft" : "";
            for (int line = 0; line < texts[column].Count; line++)
            {
                string mark = style == "bad" && line == 0 ? "✗ " : "";
                DrawText(ColumnAt(column) + 6, _y + 14 + (line * LineHeight), style, mark + texts[column][line]);
            }
        }

        _y += 6 + (LineHeight * Math.Max(label.Count, texts.Max(text => text.Count)));
        DrawRule();
    }

    private void DrawLegend()
    {
        var seen = _steps.SelectMany(step => step.Scene.Pages).Where(page => _rows.Contains(page.Number))
            .SelectMany(page => page.Cells).SelectMany(cell => cell.Marks).Select(mark => mark.Holder).ToHashSet();
        foreach (var holder in seen.Order())
        {
            _front.Append($"<rect class=\"h{(int)holder} cell\" x=\"{Left}\" y=\"{_y + 2}\" width=\"22\" height=\"16\"/>\n");
            DrawText(Left + 6, _y + 14, "strong", Holders.Letter(holder));
            DrawText(Left + 30, _y + 14, "", Holders.Meaning(holder));
            _y += 20;
        }
    }

    /// <summary>Names of what is not the same in all steps shown, or is what the conflict is about.</summary>
    private List<string> Changing(Func<Scene, IEnumerable<(string Name, string Value)>> values) =>
        [.. _steps.SelectMany(step => values(step.Scene)).GroupBy(pair => pair.Name, StringComparer.Ordinal)
            .Where(group => _picture.IsInConflict(_steps[^1], group.Key) || group.Count() != _steps.Count || group.Select(pair => pair.Value).Distinct(StringComparer.Ordinal).Skip(1).Any())
            .Select(group => group.Key)];

    private void DrawLines(string text, string style, int characters)
    {
        foreach (string line in Wrapped(text, characters, linesMax: 6))
        {
            DrawText(Left, _y, style, line);
            _y += LineHeight + 3;
        }
    }

    private void DrawText(int x, int y, string style, string text)
    {
        if (text.Length > 0)
        {
            _front.Append($"<text{(style.Length > 0 ? $" class=\"{style}\"" : "")} x=\"{x}\" y=\"{y}\">{MarkupText.Of(text)}</text>\n");
        }
    }

    private void DrawRule() => _front.Append($"<path class=\"line\" d=\"M{Left} {_y}H{Width - Left}\"/>\n");

    private int ColumnAt(int column) => Left + LabelWidth + (column * _columnWidth);

    /// <summary>Lines of at most so many characters, cut at spaces where there are any; what does not fit ends in an ellipsis.</summary>
    private static List<string> Wrapped(string text, int characters, int linesMax)
    {
        var lines = new List<string>();
        var rest = text.AsSpan().Trim();
        while (!rest.IsEmpty)
        {
            if (lines.Count == linesMax)
            {
                lines[^1] = $"{lines[^1].AsSpan(0, Math.Min(lines[^1].Length, characters - 1))}…";
                break;
            }

            int cut = rest.Length <= characters ? rest.Length : rest[..(characters + 1)].LastIndexOf(' ');
            cut = cut <= 0 ? characters : cut;
            lines.Add(rest[..cut].ToString());
            rest = rest[cut..].TrimStart();
        }

        return lines;
    }
}
