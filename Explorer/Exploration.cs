namespace RxVerify.Explorer;

/// <summary>How a walk is done and when it ends.</summary>
public sealed record ExploreOptions
{
    /// <summary>In which order states are taken; <see cref="InOrder"/> heeds it.</summary>
    public ExploreOrder Order { get; init; }

    /// <summary>In random order, the only source of chance.</summary>
    public ulong Seed { get; init; }

    /// <summary>In random order, how many walks begin at the start.</summary>
    public long Walks { get; init; } = 10_000;

    /// <summary>In random order, the most steps of one walk.</summary>
    public int Length { get; init; } = 1_000;

    /// <summary>Workers. Counts, problem and story do not depend on how many there are.</summary>
    public int Threads { get; init; } = 1;

    /// <summary>Whether states are remembered by a 64-bit hash alone: less memory, and a state may be missed.</summary>
    public bool Fingerprints { get; init; }

    /// <summary>States after which the walk ends.</summary>
    public long StatesMax { get; init; } = long.MaxValue;

    /// <summary>Depth beyond which nothing is expanded.</summary>
    public int DepthMax { get; init; } = int.MaxValue;

    /// <summary>Bytes of states and frontier after which the walk ends.</summary>
    public long BytesMax { get; init; } = long.MaxValue;

    /// <summary>Time after which the walk ends.</summary>
    public TimeSpan? TimeMax { get; init; }

    /// <summary>Told once a second how far the walk is.</summary>
    public IProgress<ExploreProgress>? Progress { get; init; }

    /// <summary>Where the walk is kept, so that one that was killed goes on; null for nowhere.</summary>
    public CheckpointPlace? Checkpoint { get; init; }

    /// <summary>Told how many states there are, and how deep, when a walk goes on from a checkpoint, before it does; null where nobody asks.</summary>
    public Action<long, int>? GoesOn { get; init; }

    /// <summary>Whether the graph is kept, for <see cref="Recovery"/>, <see cref="Stalls"/> and drawing; one thread, whole keys.</summary>
    public bool KeepsGraph { get; init; }

    /// <summary>Where the systems keep what steps led to: it grows with the walk, the nearest first, and its bytes are the walk's. Null for nowhere.</summary>
    public OutcomeTable? Outcomes { get; init; }

    /// <summary>Time between two reports of progress.</summary>
    internal static TimeSpan ProgressEvery { get; } = TimeSpan.FromSeconds(1);

    /// <summary>Why a walk that is so far has to end, or null.</summary>
    /// <param name="states">States reached.</param>
    /// <param name="bytes">Bytes held for states and frontier.</param>
    /// <param name="elapsed">Time since the start.</param>
    /// <param name="cancellation">Whether somebody stopped it.</param>
    internal string? ReasonToEnd(long states, long bytes, TimeSpan elapsed, CancellationToken cancellation) =>
        cancellation.IsCancellationRequested ? "stopped"
        : states >= StatesMax ? $"state limit of {Quantity.Of(StatesMax)}"
        : bytes >= BytesMax ? $"memory limit of {Quantity.OfMemory(BytesMax)}"
        : TimeMax is { } time && elapsed >= time ? $"time limit of {Quantity.Of(time)}"
        : null;
}

/// <summary>How far a walk is.</summary>
/// <param name="States">States reached.</param>
/// <param name="Transitions">Transitions taken.</param>
/// <param name="Depth">Depth being expanded.</param>
/// <param name="Waiting">States reached and not expanded.</param>
/// <param name="ExpectedRest">States still to come if the growth of depths goes on changing as it did last; null while that says nothing.</param>
/// <param name="Bytes">Memory held for states.</param>
/// <param name="Elapsed">Time since the start, before a checkpoint too.</param>
public readonly record struct ExploreProgress(
    long States, long Transitions, int Depth, long Waiting, long? ExpectedRest, long Bytes, TimeSpan Elapsed);

/// <summary>What became of a walk.</summary>
public enum ExploreOutcome
{
    /// <summary>Every reachable state was expanded, and no claim broke.</summary>
    Held,

    /// <summary>A claim broke.</summary>
    Broke,

    /// <summary>The walk ended early, so what it did not find may exist.</summary>
    NotExhaustive,

    /// <summary>Every reachable state was expanded, but something that the system should be able to do never happened.</summary>
    NeverTaken,
}

/// <summary>What is known of one kind of operation.</summary>
/// <param name="Name">The kind.</param>
/// <param name="Enabled">Expanded states in which one of the kind was enabled.</param>
/// <param name="Taken">Times one of the kind was done.</param>
/// <param name="Refused">Expanded states in which none was enabled.</param>
public readonly record struct KindCoverage(string Name, long Enabled, long Taken, long Refused);

/// <summary>What is known of one landmark.</summary>
/// <param name="Name">The landmark.</param>
/// <param name="Transitions">Transitions that passed it.</param>
public readonly record struct LandmarkCoverage(string Name, long Transitions);

/// <summary>What an exploration found.</summary>
public sealed record Exploration
{
    /// <summary>In which order states were taken: only the nearest first gives shortest stories.</summary>
    public ExploreOrder Order { get; init; }

    /// <summary>What became of it.</summary>
    public required ExploreOutcome Outcome { get; init; }

    /// <summary>Why it ended early, or null.</summary>
    public string? EndedBy { get; init; }

    /// <summary>What was found wrong, or null.</summary>
    public Problem? Problem { get; init; }

    /// <summary>The way from the initial state to the problem, as operations, a shortest one when the nearest states came first; empty when nothing was wrong.</summary>
    public IReadOnlyList<int> Story { get; init; } = [];

    /// <summary>The same in words.</summary>
    public IReadOnlyList<string> StoryNames { get; init; } = [];

    /// <summary>How many steps at the end of the story repeat for ever; 0 when it ends otherwise.</summary>
    public int LoopLength { get; init; }

    /// <summary>States reached, by depth.</summary>
    public required IReadOnlyList<long> StatesAtDepth { get; init; }

    /// <summary>States reached.</summary>
    public required long States { get; init; }

    /// <summary>Enabled operations taken, also those that led back.</summary>
    public required long Transitions { get; init; }

    /// <summary>Largest number of operations in which a state was first reached.</summary>
    public int Depth => StatesAtDepth.Count - 1;

    /// <summary>Depth to which every state was reached, the nearest first: whatever does not break there breaks later or never. Null in another order.</summary>
    public int? CompleteDepth { get; init; }

    /// <summary>How many different steps were kept in <see cref="ExploreOptions.Outcomes"/>; null where none were, or not every state was expanded.</summary>
    public long? StepsKept { get; init; }

    /// <summary>Each kind of operation.</summary>
    public required IReadOnlyList<KindCoverage> Kinds { get; init; }

    /// <summary>Each landmark.</summary>
    public required IReadOnlyList<LandmarkCoverage> Landmarks { get; init; }

    /// <summary>Most bytes held for states and frontier at once.</summary>
    public required long PeakBytes { get; init; }

    /// <summary>How likely it is that some state was taken for another; 0 with whole keys.</summary>
    public double MissProbability { get; init; }

    /// <summary>How long it took, before a checkpoint too; no part of a result that is compared.</summary>
    public TimeSpan Elapsed { get; init; }

    /// <summary>The graph, where it was kept.</summary>
    public StateGraph? Graph { get; init; }

    /// <summary>Whether every reachable state was expanded. Only then is the absence of a problem a result.</summary>
    public bool IsExhaustive => Outcome is ExploreOutcome.Held or ExploreOutcome.NeverTaken;

    /// <summary>Kinds and landmarks that never happened.</summary>
    public IEnumerable<string> Never =>
        Kinds.Where(kind => kind.Taken == 0).Select(kind => kind.Name)
            .Concat(Landmarks.Where(landmark => landmark.Transitions == 0).Select(landmark => landmark.Name));

    /// <summary>The same; but one that held while something never happened has shown nothing about it.</summary>
    internal Exploration Weighed() => Outcome == ExploreOutcome.Held && Never.Any() ? this with { Outcome = ExploreOutcome.NeverTaken } : this;
}
