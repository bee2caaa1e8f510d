using RxVerify.Model.Vocabulary.PagePool;
using RxVerify.Properties.Pictures;

namespace RxVerify.Properties.PagePool;

/// <summary>The kernel's page pool.</summary>
/// <param name="era">The one kernel whose pool is drawn, or null for both.</param>
public sealed class PoolScheme(PoolEra? era) : Scheme<PoolConfiguration, PoolOperation>
{
    /// <summary>Everything: the pools of both eras.</summary>
    public static readonly PoolScheme All = new(era: null);

    private static readonly PoolOperation[] End =
        [PoolOperation.Settle(keepsHeld: true), PoolOperation.Destroy(), PoolOperation.Destroy(), PoolOperation.Settle(keepsHeld: true), PoolOperation.Settle()];

    /// <inheritdoc/>
    public override string Name => "pool";

    /// <inheritdoc/>
    public override string Title => "page pool";

    /// <inheritdoc/>
    public override IReadOnlyList<Claim> Claims => PoolClaims.All;

    /// <inheritdoc/>
    public override Claim Agreement => PoolClaims.Agreement;

    /// <inheritdoc/>
    public override IReadOnlyList<PoolDefect> Defects => PoolDefects.All;

    /// <inheritdoc/>
    public override PoolDefect Canary => PoolDefects.Canary;

    /// <inheritdoc/>
    public override IReadOnlyList<SchemeScope> Scopes =>
        [new("5.15", "Linux 5.15", new PoolScheme(PoolEra.Linux515)), new("6.12", "Linux 6.12", new PoolScheme(PoolEra.Linux612))];

    /// <inheritdoc/>
    public override ISimplify<PoolConfiguration, PoolOperation> Simplify { get; } = new PoolSimplify();

    /// <inheritdoc/>
    public override IWords<PoolConfiguration, PoolOperation> Words { get; } = new PoolWords();

    internal override string Beginning => "created";

    internal override ReadOnlySpan<PoolOperation> Epilogue => End;

    /// <inheritdoc/>
    public override PoolRun NewRun(Defect? defect, PoolConfiguration configuration, ClaimSet claims, bool withModel, Coverage? coverage = null) =>
        new(PoolDefects.WorldOf((PoolDefect?)defect, configuration), claims, withModel, (PoolCoverage?)coverage);

    internal override PoolConfiguration Draw(ref Dice dice) => PoolConfigurations.Draw(ref dice, era);

    internal override IGenerator<PoolOperation> Generator(ulong seed) => new PoolGenerator(seed);

    internal override Coverage NewCoverage() => new PoolCoverage(era);

    internal override string? FaultOf(PoolConfiguration configuration) => configuration.Fault();

    internal override IReadOnlyList<string> Observe(IRun<PoolOperation> run) => PoolObservation.Lines((PoolRun)run);

    internal override Scene SceneOf(IRun<PoolOperation> run) => PoolScene.Of((PoolRun)run);
}
