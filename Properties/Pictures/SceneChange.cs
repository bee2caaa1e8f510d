namespace RxVerify.Properties.Pictures;

/// <summary>What a step changed, thing by thing. Before the first step nothing has changed.</summary>
/// <param name="before">The scene before; null before the first step.</param>
public sealed class SceneChange(Scene? before)
{
    private readonly Dictionary<int, ScenePage> _pages = before?.Pages.ToDictionary(page => page.Number) ?? [];
    private readonly Dictionary<string, SceneQueue> _queues = Named(before?.Queues, queue => queue.Name);
    private readonly Dictionary<string, SceneFact> _facts = Named(before?.Facts, fact => fact.Name);

    /// <summary>Whether other holders than before have these bytes, or some of them.</summary>
    public bool Of(ScenePage page, SceneCell cell)
    {
        ArgumentNullException.ThrowIfNull(page);
        ArgumentNullException.ThrowIfNull(cell);
        if (before is null)
        {
            return false;
        }

        var were = _pages.TryGetValue(page.Number, out var old) ? old.Cells.Where(other => other.Overlaps(cell.Offset, cell.Length)).ToList() : [];
        return were.Count == 0 || were.Exists(other => !other.Marks.SequenceEqual(cell.Marks));
    }

    /// <summary>Whether the page is new, or mapped or noted otherwise than before.</summary>
    public bool Of(ScenePage page) =>
        before is not null && (!_pages.TryGetValue(page.Number, out var old) || old.IsMapped != page.IsMapped || old.Note != page.Note);

    /// <summary>Whether something else is in the list, or in another order.</summary>
    public bool Of(SceneQueue queue) =>
        before is not null && (!_queues.TryGetValue(queue.Name, out var old) || !old.Entries.SequenceEqual(queue.Entries, StringComparer.Ordinal));

    /// <summary>Whether the value is another.</summary>
    public bool Of(SceneFact fact) => before is not null && (!_facts.TryGetValue(fact.Name, out var old) || old.Value != fact.Value);

    /// <summary>By name; of two with the same name the first.</summary>
    private static Dictionary<string, T> Named<T>(IReadOnlyList<T>? all, Func<T, string> name)
    {
        var named = new Dictionary<string, T>(StringComparer.Ordinal);
        foreach (var one in all ?? [])
        {
            named.TryAdd(name(one), one);
        }

        return named;
    }
}
