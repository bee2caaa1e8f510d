namespace RxVerify.Properties;

/// <summary>One row of what a run did: an operation with one of its outcomes, or a landmark.</summary>
/// <param name="Name">The operation and its outcome, or the landmark's sentence.</param>
/// <param name="Count">How often it happened.</param>
/// <param name="IsLandmark">Whether it is a landmark.</param>
public readonly record struct CoverageRow(string Name, long Count, bool IsLandmark);

/// <summary>What must have happened for a pass to mean anything.</summary>
public interface ICoverage
{
    /// <summary>Operations done, in all.</summary>
    long Operations { get; }

    /// <summary>Every row, in a fixed order.</summary>
    IReadOnlyList<CoverageRow> Rows { get; }
}
