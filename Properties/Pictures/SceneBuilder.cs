using System.Globalization;
using RxVerify.Model.Vocabulary;

namespace RxVerify.Properties.Pictures;

/// <summary>Puts a scene together, in any order: pages are made when they are first named, and cut where somebody's bytes begin or end.</summary>
public sealed class SceneBuilder
{
    private readonly SortedDictionary<int, PageSketch> _pages = [];
    private readonly List<SceneQueue> _queues = [];
    private readonly List<SceneFact> _facts = [];

    /// <summary>A page, made when it is first asked for.</summary>
    /// <param name="page">Its name.</param>
    /// <param name="size">Its bytes.</param>
    public PageSketch Page(PageId page, int size)
    {
        if (!_pages.TryGetValue(page.Value, out var sketch))
        {
            sketch = new PageSketch(page, size);
            _pages.Add(page.Value, sketch);
        }

        return sketch;
    }

    /// <summary>A list or queue; one that is empty says so.</summary>
    public void Queue(string name, IEnumerable<string> entries) => _queues.Add(new SceneQueue(name, [.. entries]));

    /// <summary>Something that has a value.</summary>
    public void Fact(string name, string value) => _facts.Add(new SceneFact(name, value));

    /// <summary>A number.</summary>
    public void Fact(string name, long value) => Fact(name, value.ToString(CultureInfo.InvariantCulture));

    /// <summary>Whether something is so.</summary>
    public void Fact(string name, bool value) => Fact(name, value ? "yes" : "no");

    /// <summary>The scene.</summary>
    public Scene Build() => new([.. _pages.Values.Select(page => page.Build())], _queues, _facts);
}

/// <summary>A page of a scene that is being put together.</summary>
/// <param name="page">Its name.</param>
/// <param name="size">Its bytes.</param>
public sealed class PageSketch(PageId page, int size)
{
    private readonly List<Range> _ranges = [];
    private readonly List<string> _notes = [];
    private readonly SortedSet<int> _cuts = [0, size];

    /// <summary>Whether the device can reach it; null when nobody knows.</summary>
    public bool? IsMapped { get; set; }

    /// <summary>Whether it was freed.</summary>
    public bool IsFreed { get; set; }

    /// <summary>Whether it has an owner, even where nobody has any of its bytes.</summary>
    public bool IsOwned { get; set; }

    /// <summary>Something about the whole page.</summary>
    public void Note(string text) => _notes.Add(text);

    /// <summary>The page is shown cut at this byte, whoever has what.</summary>
    public void Cut(int offset) => _cuts.Add(offset);

    /// <summary>Somebody has these bytes. What lies beyond the page is shown too.</summary>
    public void Mark(int offset, int length, Holder holder, string text)
    {
        // Nothing is as short as no byte: a reader of an empty packet still has its place.
        int end = offset + Math.Max(length, 1);
        _ranges.Add(new Range(offset, end, new SceneMark(holder, text)));
        _cuts.Add(offset);
        _cuts.Add(end);
    }

    /// <summary>The page.</summary>
    public ScenePage Build()
    {
        var rest = IsFreed ? Holder.Freed : IsOwned || _ranges.Count > 0 ? Holder.Free : Holder.Nobody;
        int[] cuts = [.. _cuts];
        var cells = new List<SceneCell>();
        for (int cut = 0; cut + 1 < cuts.Length; cut++)
        {
            var marks = _ranges.Where(range => range.From <= cuts[cut] && range.To >= cuts[cut + 1]).Select(range => range.Mark).ToList();
            cells.Add(new SceneCell(cuts[cut], cuts[cut + 1] - cuts[cut], marks.Count > 0 ? marks : [new SceneMark(rest, "")]));
        }

        return new ScenePage(page.Value, IsMapped, string.Join(", ", _notes), cells);
    }

    private readonly record struct Range(int From, int To, SceneMark Mark);
}
