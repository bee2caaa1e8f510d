using RxVerify.Model.Vocabulary.Dqo;
using RxVerify.Properties.Pictures;

namespace RxVerify.Properties.Dqo;

/// <summary>gVNIC DQO page recycling.</summary>
/// <param name="scope">Which kinds of device and page are drawn.</param>
public sealed class DqoScheme(DqoScope scope) : Scheme<DqoConfiguration, DqoOperation>
{
    /// <summary>Everything: honest and hostile devices, pages of a list and others.</summary>
    public static readonly DqoScheme All = new(DqoScope.Hostile | DqoScope.PageList);

    private static readonly DqoOperation[] End =
        [DqoOperation.Settle(keepsPackets: true), DqoOperation.Settle(), DqoOperation.Teardown(), DqoOperation.Settle()];

    /// <summary>Which kinds of device and page are drawn.</summary>
    public DqoScope Scope => scope;

    /// <inheritdoc/>
    public override string Name => "dqo";

    /// <inheritdoc/>
    public override string Title => "gVNIC DQO page recycling";

    /// <inheritdoc/>
    public override IReadOnlyList<Claim> Claims => DqoClaims.All;

    /// <inheritdoc/>
    public override Claim Agreement => DqoClaims.Agreement;

    /// <inheritdoc/>
    public override IReadOnlyList<DqoDefect> Defects => DqoDefects.All;

    /// <inheritdoc/>
    public override DqoDefect Canary => DqoDefects.Canary;

    /// <inheritdoc/>
    public override IReadOnlyList<SchemeScope> Scopes =>
    [
        new("honest", "honest device", new DqoScheme(DqoScope.None)),
        new("hostile", "hostile device", new DqoScheme(DqoScope.Hostile)),
        new("pagelist", "queue page list", new DqoScheme(DqoScope.PageList)),
    ];

    /// <inheritdoc/>
    public override ISimplify<DqoConfiguration, DqoOperation> Simplify { get; } = new DqoSimplify(scope);

    /// <inheritdoc/>
    public override IWords<DqoConfiguration, DqoOperation> Words { get; } = new Wording();

    internal override string Beginning => "created and filled";

    internal override ReadOnlySpan<DqoOperation> Epilogue => End;

    /// <inheritdoc/>
    public override DqoRun NewRun(Defect? defect, DqoConfiguration configuration, ClaimSet claims, bool withModel, Coverage? coverage = null) =>
        new(DqoDefects.WorldOf((DqoDefect?)defect, configuration), claims, withModel, (DqoCoverage?)coverage);

    /// <inheritdoc/>
    public override ILookThrough<DqoConfiguration, DqoOperation> LookThrough(Defect? defect) =>
        new DqoShortRuns(((DqoDefect?)defect)?.Driver ?? DqoDriver.Right, scope.HasFlag(DqoScope.Hostile));

    internal override DqoConfiguration Draw(ref Dice dice) => DqoConfigurations.Draw(ref dice, scope);

    internal override IGenerator<DqoOperation> Generator(ulong seed) => new DqoGenerator(seed, scope);

    internal override Coverage NewCoverage() => new DqoCoverage { Scope = scope };

    internal override string? FaultOf(DqoConfiguration configuration) => configuration.Fault();

    internal override IReadOnlyList<string> Observe(IRun<DqoOperation> run) => DqoObservation.Lines((DqoRun)run);

    internal override Scene SceneOf(IRun<DqoOperation> run) => DqoScene.Of((DqoRun)run);

    private sealed class Wording : IWords<DqoConfiguration, DqoOperation>
    {
        public string Of(DqoOperation operation) => DqoWords.Of(operation);

        public string CSharp(DqoOperation operation) => DqoWords.CSharp(operation);

        public string Of(DqoConfiguration configuration) => DqoWords.Of(configuration);

        public string CSharp(DqoConfiguration configuration) => DqoWords.CSharp(configuration);
    }
}
