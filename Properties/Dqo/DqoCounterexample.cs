using RxVerify.Model.Vocabulary.Dqo;

namespace RxVerify.Properties.Dqo;

/// <summary>The shortest story of a failure: everything that is needed to run it again, to read it and to keep it as a test.</summary>
/// <param name="Defect">Name of the planted mistake, or null for the right rules.</param>
/// <param name="Seed">Seed of the search that found it.</param>
/// <param name="Configuration">The queue.</param>
/// <param name="Operations">The steps; the claim breaks in the last one.</param>
/// <param name="Claim">Id of the claim.</param>
/// <param name="Detail">How it showed.</param>
/// <param name="FoundLength">Steps before shrinking.</param>
public sealed record DqoCounterexample(
    string? Defect, ulong Seed, DqoConfiguration Configuration, IReadOnlyList<DqoOperation> Operations, string Claim, string Detail, int FoundLength)
{
    /// <summary>The scheme's name in stored counterexamples.</summary>
    public const string Scheme = "dqo";

    /// <summary>Whether the model ran in lockstep.</summary>
    public bool WithModel { get; init; }

    /// <summary>What two runs of the same steps differed in; null when they did not.</summary>
    public string? RepeatDifference { get; init; }

    /// <summary>The claim that breaks.</summary>
    public Claim BrokenClaim => DqoClaims.All.Single(claim => claim.Id == Claim);

    /// <summary>Runs the steps again and says how that ended.</summary>
    public Verdict Replay()
    {
        using var run = NewRun();
        return Runs.Replay<DqoOperation>(run, [.. Operations]);
    }

    /// <summary>A run of this configuration and driver in which the claim of the story ends the run.</summary>
    internal DqoRun NewRun()
    {
        var defect = Defect is null ? null : DqoDefects.Named(Defect) ?? throw new InvalidOperationException($"there is no defect named {Defect}");
        return new DqoRun(DqoDefects.WorldOf(defect, Configuration), ClaimSet.Of(BrokenClaim), WithModel);
    }
}
