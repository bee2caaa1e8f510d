namespace RxVerify.Explorer;

/// <summary>
/// What the explorer walks: states that can be saved and restored, and operations in a fixed order. Given as a type argument,
/// so that the walk is compiled for it.
/// </summary>
public interface ITransitionSystem
{
    /// <summary>Bytes of a saved state.</summary>
    int SnapshotSize { get; }

    /// <summary>Bytes of a key.</summary>
    int KeySize { get; }

    /// <summary>How many operations there are, enabled or not.</summary>
    int Operations { get; }

    /// <summary>Back to the one initial state.</summary>
    void Start();

    /// <summary>Whether an operation can happen in the present state.</summary>
    bool IsEnabled(int operation);

    /// <summary>Does an enabled operation. Returns what is wrong afterwards, or null.</summary>
    string? Apply(int operation);

    /// <summary>Copies the present state out.</summary>
    void Save(Span<byte> snapshot);

    /// <summary>Brings a saved state back.</summary>
    void Restore(ReadOnlySpan<byte> snapshot);

    /// <summary>Writes the canonical bytes that decide whether two states are the same.</summary>
    void WriteKey(Span<byte> key);

    /// <summary>An operation in words.</summary>
    string Name(int operation);
}
