using RxVerify.Model.Vocabulary.Port;
using RxVerify.Properties.Pictures;

namespace RxVerify.Properties.Port;

/// <summary>The MANA port: its requests, their steps and failures, with traffic between the steps.</summary>
public sealed class PortScheme : Scheme<PortConfiguration, PortOperation>
{
    /// <summary>Everything.</summary>
    public static readonly PortScheme All = new();

    private static readonly PortOperation[] End =
        [PortOperation.Settle(keepsHeld: true), PortOperation.Settle(), PortOperation.Ask(PortRequest.Remove), PortOperation.Settle()];

    /// <inheritdoc/>
    public override string Name => "port";

    /// <inheritdoc/>
    public override string Title => "MANA port: attach, detach, programs, MTU, rings, channels";

    /// <inheritdoc/>
    public override IReadOnlyList<Claim> Claims => PortClaims.All;

    /// <inheritdoc/>
    public override Claim Agreement => PortClaims.Agreement;

    /// <inheritdoc/>
    public override IReadOnlyList<PortDefect> Defects => PortDefects.All;

    /// <inheritdoc/>
    public override PortDefect Canary => PortDefects.Canary;

    /// <inheritdoc/>
    public override IReadOnlyList<SchemeScope> Scopes => [new("requests", "requests that fail", All)];

    /// <inheritdoc/>
    public override ISimplify<PortConfiguration, PortOperation> Simplify { get; } = new PortSimplify();

    /// <inheritdoc/>
    public override IWords<PortConfiguration, PortOperation> Words { get; } = new PortWords();

    internal override string Beginning => "probed and opened";

    internal override ReadOnlySpan<PortOperation> Epilogue => End;

    /// <inheritdoc/>
    public override PortRun NewRun(Defect? defect, PortConfiguration configuration, ClaimSet claims, bool withModel, Coverage? coverage = null) =>
        new(PortDefects.WorldOf((PortDefect?)defect, configuration), claims, withModel, (PortCoverage?)coverage);

    internal override PortConfiguration Draw(ref Dice dice) => PortConfigurations.Draw(ref dice);

    internal override IGenerator<PortOperation> Generator(ulong seed) => new PortGenerator(seed);

    internal override Coverage NewCoverage() => new PortCoverage();

    internal override string? FaultOf(PortConfiguration configuration) => configuration.Fault();

    internal override IReadOnlyList<string> Observe(IRun<PortOperation> run) => PortObservation.Lines(((PortRun)run).World);

    internal override Scene SceneOf(IRun<PortOperation> run) => PortScene.Of(((PortRun)run).World);
}
