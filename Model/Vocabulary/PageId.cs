namespace RxVerify.Model.Vocabulary;

/// <summary>A page by its birth: the first page ever allocated in a run is 1. Memory that is allocated again is a new page.</summary>
/// <param name="Value">The number of the birth; 0 for no page.</param>
public readonly record struct PageId(int Value)
{
    /// <summary>No page.</summary>
    public static readonly PageId None;

    /// <inheritdoc/>
    public override string ToString() => Value == 0 ? "no page" : $"page {Value}";
}
