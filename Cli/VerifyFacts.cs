using RxVerify.Properties;

namespace RxVerify.Cli;

/// <summary>The results of the main job as JSON.</summary>
internal sealed class VerifyFacts
{
    public ulong Seed { get; init; }

    public bool Held { get; set; }

    public bool WasStopped { get; set; }

    public IReadOnlyList<VerifyPartFacts> Parts { get; set; } = [];

    public TrafficFacts? Traffic { get; set; }

    public ManaTrafficFacts? ManaTraffic { get; set; }

    public List<RecordingFact> Recordings { get; } = [];

    public List<LockstepFacts> Lockstep { get; } = [];

    public List<ExplorerFacts> Explorer { get; } = [];

    public List<PortFacts> Port { get; } = [];

    public List<HuntFacts> Defects { get; } = [];
}

/// <summary>One line of the table at the end.</summary>
internal sealed record VerifyPartFacts(string Name, string Done, string Result, bool Held);

/// <summary>One lockstep run.</summary>
internal sealed record LockstepFacts(string Scheme, string Scope, long Operations, long Sequences, string? BrokenClaim, string? Detail, IReadOnlyList<CoverageRow> Coverage);

/// <summary>One exhaustive walk.</summary>
/// <param name="Core">The core's constants, and what passed for the same state.</param>
/// <param name="Defect">The mistake planted, or null for the right rules.</param>
/// <param name="States">States reached.</param>
/// <param name="Transitions">Transitions taken.</param>
/// <param name="Depth">Depth reached.</param>
/// <param name="Exhaustive">Whether every reachable state was expanded.</param>
/// <param name="Problem">What broke, or null.</param>
/// <param name="Story">The shortest way to it.</param>
internal sealed record ExplorerFacts(
    string Core, string? Defect, long States, long Transitions, int Depth, bool Exhaustive, string? Problem, IReadOnlyList<string> Story);

/// <summary>The hunt for one planted mistake.</summary>
/// <param name="Scheme">The scheme's name.</param>
/// <param name="Name">Its name.</param>
/// <param name="Ids">Its catalogue ids.</param>
/// <param name="Claim">The claim it has to break; null when it is harmless and must survive.</param>
/// <param name="AsExpected">Whether it was found, or survived where it must.</param>
/// <param name="Operations">Operations until it was found, or that it survived.</param>
/// <param name="FoundSteps">Steps of the failing sequence.</param>
/// <param name="Configuration">The queue of the shortest story, as changes from production values.</param>
/// <param name="Steps">The shortest story.</param>
/// <param name="Detail">How the claim broke.</param>
/// <param name="ReuseRatio">On the sample, for the harmless one.</param>
internal sealed record HuntFacts(
    string Scheme, string Name, string Ids, string? Claim, bool AsExpected, long Operations, int FoundSteps, string? Configuration,
    IReadOnlyList<string> Steps, string? Detail, double? ReuseRatio);
