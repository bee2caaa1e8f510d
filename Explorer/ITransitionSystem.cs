namespace RxVerify.Explorer;

/// <summary>What is wrong with a state or a step.</summary>
/// <param name="Claim">Short name of the claim that broke.</param>
/// <param name="Detail">How it showed, in one sentence.</param>
public sealed record Problem(string Claim, string Detail)
{
    /// <summary>The claim that some operation is always possible.</summary>
    public const string Deadlock = "deadlock";

    /// <summary>The claim that good is reachable from everywhere.</summary>
    public const string Recovery = "recovery";

    /// <summary>The claim that what must happen leads to good in the end.</summary>
    public const string Stall = "stall";

    /// <inheritdoc/>
    public override string ToString() => $"{Claim}: {Detail}";
}

/// <summary>
/// What the explorer walks: one state at a time, which can be saved and loaded, and operations on it in a fixed order. A
/// struct given as a type argument, so that the walk is compiled for it; each thread has one of its own.
/// </summary>
/// <remarks>
/// A key decides whether two states are the same; one of a single word must not be all ones. Under a symmetry the key is that of a representative, the same for all states
/// that nothing can tell apart. When <see cref="SnapshotSize"/> is 0 the key says everything, and states are loaded from keys.
/// </remarks>
public interface ITransitionSystem : IDisposable
{
    /// <summary>Words of 64 bits in a key.</summary>
    int KeyWords { get; }

    /// <summary>Bytes of a saved state; 0 when <see cref="Load"/> takes the bytes of a key.</summary>
    int SnapshotSize { get; }

    /// <summary>Most operations that can be enabled in one state.</summary>
    int EnabledMax { get; }

    /// <summary>Kinds of operations, all of which a complete exploration has to take; at most 64.</summary>
    IReadOnlyList<string> Kinds { get; }

    /// <summary>Things that a complete exploration has to see happen; at most 64.</summary>
    IReadOnlyList<string> Landmarks { get; }

    /// <summary>To the one initial state. Returns what is wrong with it already, or null.</summary>
    Problem? Start();

    /// <summary>Writes the operations that can happen in the present state, in a fixed order. Returns how many.</summary>
    int Enabled(Span<int> operations);

    /// <summary>Index of an operation's kind.</summary>
    int KindOf(int operation);

    /// <summary>Does an enabled operation. Returns what is wrong afterwards, or null.</summary>
    /// <param name="operation">One of those that <see cref="Enabled"/> gave for this state.</param>
    /// <param name="landmarks">One bit is set for each landmark passed.</param>
    Problem? Apply(int operation, ref ulong landmarks);

    /// <summary>Writes the key of the present state.</summary>
    void WriteKey(Span<ulong> key);

    /// <summary>Copies the present state out.</summary>
    void Save(Span<byte> snapshot);

    /// <summary>Brings a saved state back, or the one that a key describes.</summary>
    void Load(ReadOnlySpan<byte> saved);

    /// <summary>Remembers the present state as the one to which <see cref="Back"/> leads.</summary>
    void Mark();

    /// <summary>Back to the marked state.</summary>
    void Back();

    /// <summary>Whether it is right that nothing can happen in the present state.</summary>
    bool MayRest();

    /// <summary>An operation in words.</summary>
    string Name(int operation);
}

/// <summary>A system to which it is worth something to know which states come next.</summary>
public interface IForeseeingSystem : ITransitionSystem
{
    /// <summary>
    /// Asks memory for what steps from a state will look at, which is to be loaded in a moment. Called on a copy of the system, of which it may
    /// change nothing.
    /// </summary>
    void Foresee(ReadOnlySpan<byte> saved);
}

/// <summary>What a step is to the claims about what happens in the end.</summary>
public enum StepClass
{
    /// <summary>The environment may do it and need not: a packet arrives, a reader clones.</summary>
    Possible,

    /// <summary>Has to happen in the end when it stays possible (weak fairness): the driver works, a reader lets go.</summary>
    Fair,

    /// <summary>Something fails. Failures end, so they neither help to recover nor keep a stall going.</summary>
    Failure,
}

/// <summary>A system that is to come to something good again and again.</summary>
public interface IRecoveringSystem : ITransitionSystem
{
    /// <summary>What good is, to follow "can" and "never": "fill the buffer queue".</summary>
    string Good { get; }

    /// <summary>Whether the present state is good.</summary>
    bool IsGood();

    /// <summary>What an operation is to the claims about what happens in the end.</summary>
    StepClass ClassOf(int operation);
}
