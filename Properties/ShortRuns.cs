using RxVerify.Explorer;

namespace RxVerify.Properties;

/// <summary>Looks through every run of few steps for one in which a claim breaks.</summary>
/// <typeparam name="TConfiguration">The scheme's constants.</typeparam>
/// <typeparam name="TOperation">The scheme's alphabet.</typeparam>
public interface ILookThrough<TConfiguration, TOperation>
{
    /// <summary>Whether it sees a claim break on a configuration, and has time for more than the shortest runs.</summary>
    bool CanSee(TConfiguration configuration, Claim claim);

    /// <summary>Looks. Null when there are more such runs than there is time for.</summary>
    /// <param name="configuration">The constants; it sees the claim there.</param>
    /// <param name="claim">The one claim looked for. What other claims say on the way is not asked.</param>
    /// <param name="stepsMax">The most steps a run has.</param>
    /// <param name="cancellation">Ends the look; then nothing is known.</param>
    ShortRuns<TOperation>? Runs(TConfiguration configuration, Claim claim, int stepsMax, CancellationToken cancellation = default);

    /// <summary>
    /// Looks on the smallest configurations there are of the same kind: a claim may break on one of them in fewer steps than on
    /// one that is simpler to say. Null when it does not, or when there is no time to find it.
    /// </summary>
    /// <param name="configuration">The constants; their size does not matter.</param>
    /// <param name="claim">The one claim looked for.</param>
    /// <param name="stepsMax">The most steps a run has.</param>
    /// <param name="cancellation">Ends the look.</param>
    RunElsewhere<TConfiguration, TOperation>? Elsewhere(TConfiguration configuration, Claim claim, int stepsMax, CancellationToken cancellation = default) => null;
}

/// <summary>A run on another configuration, in which a claim breaks.</summary>
/// <typeparam name="TConfiguration">The scheme's constants.</typeparam>
/// <typeparam name="TOperation">The scheme's alphabet.</typeparam>
/// <param name="Configuration">The other configuration.</param>
/// <param name="Operations">A shortest run there, of what was looked through.</param>
public sealed record RunElsewhere<TConfiguration, TOperation>(TConfiguration Configuration, TOperation[] Operations);

/// <summary>What a look through all runs of few steps brought: one in which the claim breaks, or that there is none.</summary>
/// <typeparam name="TOperation">The scheme's alphabet.</typeparam>
/// <param name="Shorter">A shortest of those in which it breaks, or null.</param>
/// <param name="Proof">That it breaks in none of them, or null.</param>
public sealed record ShortRuns<TOperation>(TOperation[]? Shorter, ProvenShortest? Proof);

/// <summary>That no run of fewer steps than a story has breaks its claim: every state to which such a run leads was seen.</summary>
/// <param name="States">How many there are.</param>
/// <param name="Depth">The most steps of such a run, one less than the story has.</param>
/// <param name="Among">What these runs are made of, in words, by the name that docs/explorer.md gives it.</param>
public sealed record ProvenShortest(long States, int Depth, string Among)
{
    /// <inheritdoc/>
    public override string ToString() =>
        $"proven shortest by {Quantity.Of(States, "state")} to depth {Quantity.Of(Depth)} of {Among}";
}
