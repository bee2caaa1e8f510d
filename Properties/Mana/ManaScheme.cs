using RxVerify.Model.Vocabulary.Mana;
using RxVerify.Properties.Pictures;

namespace RxVerify.Properties.Mana;

/// <summary>Which kinds of queue and device are drawn.</summary>
[Flags]
public enum ManaScope
{
    /// <summary>Nothing, no use alone.</summary>
    None = 0,

    /// <summary>Queues that cut pages into fragments while they have no program.</summary>
    Fragments = 1,

    /// <summary>Queues whose buffers are whole pages.</summary>
    WholePages = 2,

    /// <summary>Devices that report what was not asked for or is not true.</summary>
    Lies = 4,
}

/// <summary>The MANA receive queue on its page pool.</summary>
/// <param name="scope">Which kinds of queue and device are drawn.</param>
public sealed class ManaScheme(ManaScope scope) : Scheme<ManaConfiguration, ManaOperation>
{
    /// <summary>Everything: both kinds of queue, and devices that lie.</summary>
    public static readonly ManaScheme All = new(ManaScope.Fragments | ManaScope.WholePages | ManaScope.Lies);

    private static readonly ManaOperation[] End =
        [ManaOperation.Settle(keepsHeld: true), ManaOperation.Settle(), ManaOperation.Teardown(), ManaOperation.Settle()];

    /// <inheritdoc/>
    public override string Name => "mana";

    /// <inheritdoc/>
    public override string Title => "MANA receive queue on page-pool fragments";

    /// <inheritdoc/>
    public override IReadOnlyList<Claim> Claims => ManaClaims.All;

    /// <inheritdoc/>
    public override Claim Agreement => ManaClaims.Agreement;

    /// <inheritdoc/>
    public override IReadOnlyList<ManaDefect> Defects => ManaDefects.All;

    /// <inheritdoc/>
    public override ManaDefect Canary => ManaDefects.Canary;

    /// <inheritdoc/>
    public override IReadOnlyList<SchemeScope> Scopes =>
    [
        new("fragments", "fragments", new ManaScheme(ManaScope.Fragments)),
        new("pages", "whole pages", new ManaScheme(ManaScope.WholePages)),
        new("hostile", "hostile device", All),
    ];

    /// <inheritdoc/>
    public override ISimplify<ManaConfiguration, ManaOperation> Simplify { get; } = new ManaSimplify();

    /// <inheritdoc/>
    public override IWords<ManaConfiguration, ManaOperation> Words { get; } = new ManaWords();

    internal override string Beginning => "created and filled";

    internal override ReadOnlySpan<ManaOperation> Epilogue => End;

    /// <inheritdoc/>
    public override ManaRun NewRun(Defect? defect, ManaConfiguration configuration, ClaimSet claims, bool withModel, Coverage? coverage = null) =>
        new(ManaDefects.WorldOf((ManaDefect?)defect, configuration), claims, withModel, (ManaCoverage?)coverage);

    internal override ManaConfiguration Draw(ref Dice dice) => ManaConfigurations.Draw(
        ref dice, !scope.HasFlag(ManaScope.WholePages) ? true : !scope.HasFlag(ManaScope.Fragments) ? false : null);

    internal override IGenerator<ManaOperation> Generator(ulong seed) => new ManaGenerator(seed, scope.HasFlag(ManaScope.Lies));

    internal override Coverage NewCoverage() => new ManaCoverage(scope);

    internal override string? FaultOf(ManaConfiguration configuration) => configuration.Fault();

    internal override IReadOnlyList<string> Observe(IRun<ManaOperation> run) => ManaObservation.Lines(((ManaRun)run).World);

    internal override Scene SceneOf(IRun<ManaOperation> run) => ManaScene.Of(((ManaRun)run).World);
}
