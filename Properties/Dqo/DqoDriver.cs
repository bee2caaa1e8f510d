using RxVerify.Explorer;
using RxVerify.Implementation.Dqo;
using RxVerify.Model.Dqo;
using RxVerify.Model.Vocabulary.Dqo;

namespace RxVerify.Properties.Dqo;

/// <summary>A driver by its rules: what can be done with it without naming the struct that holds them.</summary>
public abstract class DqoDriver
{
    /// <summary>The driver with the right rules.</summary>
    public static readonly DqoDriver Right = new DqoDriver<RightRules>();

    private protected DqoDriver()
    {
    }

    /// <summary>Says in one sentence what is wrong with a core for readers who let go within steps, or null.</summary>
    public static string? FaultOfInterleaving(DqoCoreConfiguration core) =>
        core.ReferencesMax > DqoInterleaving.ReleasesMax ? $"K is {core.ReferencesMax}; with --interleave expected at most {DqoInterleaving.ReleasesMax} references"
        : core.Probes > DqoInterleaving.ProbesMax ? $"T is {core.Probes}; with --interleave expected at most {DqoInterleaving.ProbesMax} probes"
        : null;

    /// <summary>
    /// Whether in such a walk of the core a step of the driver can be recalled (<see cref="DqoCoreSight"/>): with claims alone, every name kept, nearest first, and keys that leave room.
    /// </summary>
    public static bool CanRecall(DqoCoreConfiguration core, DqoSymmetry symmetry, bool refines, bool interleaves, ExploreOrder order) =>
        symmetry == DqoSymmetry.None && !refines && !interleaves && order == ExploreOrder.Breadth && DqoCoreSight.Fits(core);

    /// <summary>A world with this driver.</summary>
    public abstract DqoWorld World(DqoConfiguration configuration);

    /// <summary>Walks the core's states on this driver.</summary>
    /// <param name="core">The constants.</param>
    /// <param name="symmetry">What passes for the same state.</param>
    /// <param name="refines">Whether each step is compared with the core model's.</param>
    /// <param name="options">How to walk and when to end.</param>
    /// <param name="interleaves">Whether readers may let go before each read of a page's count; not with <paramref name="refines"/>.</param>
    /// <param name="recalls">Whether a step of the driver is taken once for all states that are the same to it, where that <see cref="CanRecall"/> be.</param>
    /// <param name="cancellation">Ends the walk with what is known.</param>
    public abstract Exploration ExploreCore(
        DqoCoreConfiguration core,
        DqoSymmetry symmetry,
        bool refines,
        ExploreOptions options,
        bool interleaves = false,
        bool recalls = true,
        CancellationToken cancellation = default);

    /// <summary>Walks the states of the whole driver: scope full, or hostile.</summary>
    /// <param name="configuration">The constants.</param>
    /// <param name="hostile">Whether the device lies.</param>
    /// <param name="claims">The claims looked for.</param>
    /// <param name="refines">Whether each step is compared with the model's.</param>
    /// <param name="options">How to walk and when to end.</param>
    /// <param name="symmetry">What passes for the same state: <see cref="DqoSymmetry.All"/> is for the right rules.</param>
    /// <param name="cancellation">Ends the walk with what is known.</param>
    public abstract Exploration ExploreWhole(
        DqoConfiguration configuration, bool hostile, ClaimSet claims, bool refines, ExploreOptions options, DqoSymmetry symmetry = DqoSymmetry.None,
        CancellationToken cancellation = default);

    /// <summary>Walks the same with clones and settling besides, for a bias of any size: through the runs of few steps, for one claim.</summary>
    internal abstract Exploration ExploreRuns(DqoConfiguration configuration, bool hostile, Claim claim, ExploreOptions options, CancellationToken cancellation);
}

/// <summary>The driver with these rules.</summary>
/// <typeparam name="TRules">The decisions, right or planted.</typeparam>
internal sealed class DqoDriver<TRules> : DqoDriver
    where TRules : struct, IDqoRules
{
    /// <inheritdoc/>
    public override DqoWorld World(DqoConfiguration configuration) => new DqoWorld<TRules>(configuration);

    /// <inheritdoc/>
    public override Exploration ExploreCore(
        DqoCoreConfiguration core,
        DqoSymmetry symmetry,
        bool refines,
        ExploreOptions options,
        bool interleaves = false,
        bool recalls = true,
        CancellationToken cancellation = default)
    {
        using var outcomes = recalls && CanRecall(core, symmetry, refines, interleaves, options.Order) ? new OutcomeTable() : null;
        return InOrder.Explore(
            () => new DqoCore<TRules>(core, symmetry, refines, balances: true, interleaves, outcomes), options with { Outcomes = outcomes }, cancellation);
    }

    /// <inheritdoc/>
    public override Exploration ExploreWhole(
        DqoConfiguration configuration, bool hostile, ClaimSet claims, bool refines, ExploreOptions options, DqoSymmetry symmetry = DqoSymmetry.None,
        CancellationToken cancellation = default) =>
        InOrder.Explore(() => new DqoWhole<TRules>(configuration, hostile, claims, refines, symmetry), options, cancellation);

    /// <inheritdoc/>
    internal override Exploration ExploreRuns(DqoConfiguration configuration, bool hostile, Claim claim, ExploreOptions options, CancellationToken cancellation) =>
        BreadthFirst.Explore(() => new DqoWhole<TRules>(configuration, hostile, ClaimSet.Of(claim), refines: false, forRuns: true), options, cancellation);
}
