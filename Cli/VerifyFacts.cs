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

    public List<LockstepFacts> Lockstep { get; } = [];

    public List<HuntFacts> Defects { get; } = [];
}

/// <summary>One line of the table at the end.</summary>
internal sealed record VerifyPartFacts(string Name, string Done, string Result, bool Held);

/// <summary>One lockstep run.</summary>
internal sealed record LockstepFacts(string Scope, long Operations, long Sequences, string? BrokenClaim, string? Detail, IReadOnlyList<CoverageRow> Coverage);

/// <summary>The hunt for one planted mistake.</summary>
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
    string Name, string Ids, string? Claim, bool AsExpected, long Operations, int FoundSteps, string? Configuration,
    IReadOnlyList<string> Steps, string? Detail, double? ReuseRatio);
