namespace RxVerify.Properties;

/// <summary>One row of what a run did: an operation with one of its outcomes, or a landmark.</summary>
/// <param name="Name">The operation and its outcome, or the landmark's sentence.</param>
/// <param name="Count">How often it happened.</param>
/// <param name="IsLandmark">Whether it is a landmark.</param>
public readonly record struct CoverageRow(string Name, long Count, bool IsLandmark);

/// <summary>Counts what must have happened for a pass to mean anything. A row that stays at zero fails a long run.</summary>
public abstract class Coverage
{
    /// <summary>Operations done, in all.</summary>
    public long Operations { get; protected set; }

    /// <summary>Sequences begun.</summary>
    public long Sequences { get; private set; }

    /// <summary>Every row, in a fixed order.</summary>
    public abstract IReadOnlyList<CoverageRow> Rows { get; }

    /// <summary>A run begins.</summary>
    public virtual void Restarted() => Sequences++;
}
