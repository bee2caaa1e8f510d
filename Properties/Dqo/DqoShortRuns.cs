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

    // Five steps lead to 1,428 states with one chunk a page and to 1,392 with two: a sixth of these, the share of the first, is enough.
    private const long ElsewhereMax = 3 * StatesMax;

    // Each state is a snapshot. Shrunk stories are told on much smaller queues.
    private const int SlotsMax = 16;

    // Readers cut the device's stream into packets, by bytes and lengths. A state has the lengths only.
    private static readonly ClaimSet SeenByReaders =
        ClaimSet.Of(DqoClaims.PacketsAreWhole, DqoClaims.DamagedStaysOut, DqoClaims.NothingLostSilently, DqoClaims.BudgetIsKept);

    // What is copied is as long as elsewhere: the least configurations differ in numbers that a story need not explain.
    private static readonly int Copybreak = new DqoConfiguration().Copybreak;

    /// <inheritdoc/>
    public bool CanSee(DqoConfiguration configuration, Claim claim) =>
        IsSeen(claim)
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
                return new(StoryOf(walk, configuration, hostile), null);
            }

            string among = $"scope {(hostile ? "hostile" : "full")}{(SeenByReaders.Contains(claim) ? ", packets told by their lengths" : "")}";
            return walk.IsExhaustive || walk.CompleteDepth == stepsMax ? new(null, new ProvenShortest(walk.States, stepsMax, among)) : null;
        }
    }

    /// <summary>
    /// Looks where the shortest stories of planted mistakes are told, <see cref="DqoWholeConfigurations.Least"/>. Simplifying makes one number
    /// smaller at a time, and the last steps it keeps may be those that only a smaller queue needs.
    /// </summary>
    public RunElsewhere<DqoConfiguration, DqoOperation>? Elsewhere(
        DqoConfiguration configuration, Claim claim, int stepsMax, CancellationToken cancellation = default)
    {
        if (!IsSeen(claim))
        {
            return null;
        }

        var found = OnLeast(configuration.QueuePageList, claim, stepsMax, cancellation);

        // Most of what breaks on a page list does so on pages that come and go, and then is simpler.
        return found is null && configuration.QueuePageList ? OnLeast(queuePageList: false, claim, stepsMax, cancellation) : found;
    }

    private RunElsewhere<DqoConfiguration, DqoOperation>? OnLeast(bool queuePageList, Claim claim, int stepsMax, CancellationToken cancellation)
    {
        RunElsewhere<DqoConfiguration, DqoOperation>? shortest = null;
        var alike = DqoWholeConfigurations.Least.Where(one => one.Constants.QueuePageList == queuePageList && (mayLie || !one.Hostile)).ToArray();
        long left = ElsewhereMax;
        for (int index = 0; index < alike.Length && stepsMax >= 0; index++)
        {
            // What one of them leaves the others share.
            var options = new ExploreOptions { StatesMax = left / (alike.Length - index), DepthMax = stepsMax };
            var constants = alike[index].Constants with { Copybreak = Copybreak };
            var walk = driver.ExploreRuns(constants, alike[index].Hostile, claim, options, cancellation);
            left -= walk.States;
            if (walk.Outcome == ExploreOutcome.Broke)
            {
                shortest = new(constants, StoryOf(walk, constants, alike[index].Hostile));
                stepsMax = shortest.Operations.Length - 1;
            }
        }

        return shortest;
    }

    /// <summary>What packets say is no part of a state, and neither is the model.</summary>
    private static bool IsSeen(Claim claim) => claim != DqoClaims.BytesAreStable && claim != DqoClaims.Agreement;

    private static DqoOperation[] StoryOf(Exploration walk, DqoConfiguration configuration, bool hostile)
    {
        var alphabet = new DqoWholeAlphabet(configuration, hostile, forRuns: true);
        return [.. walk.Story.Select(index => alphabet[index])];
    }
}
