using RxVerify.Explorer;
using RxVerify.Model.Vocabulary.Dqo;

namespace RxVerify.Properties.Dqo;

/// <summary>
/// Looks through every run of few steps of the whole driver: what scope full walks, or hostile where the device may lie, with clones and settling
/// besides, nearest states first.
/// </summary>
/// <param name="driver">The driver, right or with a planted mistake.</param>
/// <param name="mayLie">Whether the device may lie.</param>
internal sealed class DqoShortRuns(DqoDriver driver, bool mayLie) : ILookThrough<DqoConfiguration, DqoOperation>
{
    // A story is shrunk within a tenth of a second; so many states take a twentieth.
    private const long StatesMax = 3_000;

    // Each state is a snapshot. Shrunk stories are told on much smaller queues.
    private const int SlotsMax = 16;

    // Readers cut the device's stream into packets, by bytes and lengths. A state has the lengths only.
    private static readonly ClaimSet SeenByReaders =
        ClaimSet.Of(DqoClaims.PacketsAreWhole, DqoClaims.DamagedStaysOut, DqoClaims.NothingLostSilently, DqoClaims.BudgetIsKept);

    /// <summary>What packets say is no part of a state, and neither is the model.</summary>
    public bool CanSee(DqoConfiguration configuration, Claim claim) =>
        claim != DqoClaims.BytesAreStable
        && claim != DqoClaims.Agreement
        && Math.Max(configuration.BufferStates, Math.Max(configuration.BufferSlots, configuration.CompletionSlots)) <= SlotsMax
        && DqoWholeConfigurations.FaultForRunsOf(configuration) is null;

    /// <inheritdoc/>
    public ShortRuns<DqoOperation>? Runs(DqoConfiguration configuration, Claim claim, int stepsMax, CancellationToken cancellation = default)
    {
        // An honest device makes the better story, and its walk is a short one. What it does not show a device that lies may.
        var honest = Walk(hostile: false);
        return mayLie && honest?.Shorter is null ? Walk(hostile: true) : honest;

        ShortRuns<DqoOperation>? Walk(bool hostile)
        {
            var walk = driver.ExploreRuns(configuration, hostile, claim, new ExploreOptions { StatesMax = StatesMax, DepthMax = stepsMax }, cancellation);
            if (walk.Outcome == ExploreOutcome.Broke)
            {
                var alphabet = new DqoWholeAlphabet(configuration, hostile, forRuns: true);
                return new([.. walk.Story.Select(index => alphabet[index])], null);
            }

            string among = $"scope {(hostile ? "hostile" : "full")}{(SeenByReaders.Contains(claim) ? ", packets told by their lengths" : "")}";
            return walk.IsExhaustive || walk.CompleteDepth == stepsMax ? new(null, new ProvenShortest(walk.States, stepsMax, among)) : null;
        }
    }
}
