namespace RxVerify.Properties;

/// <summary>A planted mistake: one decision of a driver got wrong.</summary>
/// <param name="Name">Name of the rules struct.</param>
/// <param name="Ids">
/// Its entries in the defect catalogue (F-A1, F-C1, …) and among the published defects (A-D1, …), or the paragraph it gets wrong where it is in
/// neither; separated by a comma and a space.
/// </param>
/// <param name="Mistake">What it does wrong.</param>
/// <param name="History">The kernel commit it comes from or resembles, or that no fix is known.</param>
/// <param name="Breaks">The claim a hunt has to see broken; null for a mistake that is safe and must survive.</param>
public abstract record Defect(string Name, string Ids, string Mistake, string History, Claim? Breaks)
{
    /// <summary>What else it breaks, each worth a hunt of its own: a driver with several mistakes breaks several claims.</summary>
    public IReadOnlyList<Claim> AlsoBreaks { get; init; } = [];

    /// <inheritdoc/>
    public sealed override string ToString() => Name;

    /// <summary>The one defect with this name or catalogue id, or null where none has it, or several have the id.</summary>
    public static TDefect? Named<TDefect>(IReadOnlyList<TDefect> all, string name)
        where TDefect : Defect => Called(all, name) is [var one] ? one : null;

    /// <summary>The defect with this name, or all with this catalogue id.</summary>
    public static IReadOnlyList<TDefect> Called<TDefect>(IReadOnlyList<TDefect> all, string name)
        where TDefect : Defect =>
        all.FirstOrDefault(defect => string.Equals(defect.Name, name, StringComparison.OrdinalIgnoreCase)) is { } named
            ? [named]
            : [.. all.Where(defect => defect.Ids.Split(", ").Contains(name, StringComparer.OrdinalIgnoreCase))];
}
