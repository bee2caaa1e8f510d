using RxVerify.Implementation.Dqo;
using RxVerify.Implementation.Memory;
using RxVerify.Model.Dqo;
using RxVerify.Model.Vocabulary.Dqo;

namespace RxVerify.Properties.Dqo;

/// <summary>A DQO world under the eyes of the claims, with or without the model in lockstep.</summary>
public sealed class DqoRun : LockstepRun<DqoOperation, DqoOutcome>
{
    private readonly DqoModel? _modelAtStart;
    private DqoModel? _model;

    /// <summary>A run from the start.</summary>
    /// <param name="world">The implementation; the run disposes of it.</param>
    /// <param name="claims">The claims that end the run. A wrong access always does.</param>
    /// <param name="withModel">Whether the model runs in lockstep.</param>
    /// <param name="coverage">What is counted, over as many runs as share it.</param>
    public DqoRun(DqoWorld world, ClaimSet claims, bool withModel, DqoCoverage? coverage = null)
        : base(claims, DqoClaims.Agreement, withModel)
    {
        World = world;
        _modelAtStart = withModel ? DqoModel.Start(world.Configuration) : null;
        _model = _modelAtStart;
        Coverage = coverage ?? new DqoCoverage();
        Witness = new DqoWitness(world, claims, keepsFacts: withModel);
        world.Memory.Ignored = Passing(claims);
        Coverage.Restarted();
        Finding = CheckStart();
    }

    /// <summary>The implementation.</summary>
    public DqoWorld World { get; }

    /// <summary>The model, where one runs along.</summary>
    public DqoModel? Model => _model;

    /// <summary>The claims.</summary>
    public DqoWitness Witness { get; }

    /// <summary>What happened.</summary>
    public DqoCoverage Coverage { get; }

    /// <inheritdoc/>
    public override void Dispose() => World.Dispose();

    /// <summary>A wrong use of the processor leaves memory as it was, so a search for another claim goes on after it.</summary>
    internal static ulong Passing(ClaimSet claims)
    {
        ulong passing = 0;
        foreach (var kind in (ReadOnlySpan<TrapKind>)[TrapKind.BusAddressUsedByProcessor, TrapKind.SleptWhileAtomic])
        {
            passing |= claims.Contains(DqoClaims.BrokenBy(kind)) ? 0 : 1ul << (int)kind;
        }

        return passing;
    }

    private protected override void RestartWorld()
    {
        World.Restart();
        Witness.Restart();
        Coverage.Restarted();
        _model = _modelAtStart;
    }

    private protected override bool WorldAllows(DqoOperation operation) => World.Allows(operation);

    private protected override bool ModelAllows(DqoOperation operation) => _model!.Allows(operation);

    private protected override DqoOutcome Apply(DqoOperation operation) => World.Apply(operation);

    private protected override Finding? CheckStart() => Witness.CheckStart();

    private protected override void BeginStep(DqoOperation operation) => Witness.BeginStep(operation);

    private protected override Finding? EndStep(DqoOperation operation, DqoOutcome outcome) => Witness.EndStep(operation, outcome);

    private protected override string? StepModel(DqoOperation operation, DqoOutcome outcome, bool compares)
    {
        var step = _model!.After(operation);
        _model = step.Next;
        return compares ? DqoAgreement.Difference(step, World, Witness, outcome) : null;
    }

    private protected override void Note(DqoOperation operation, DqoOutcome outcome) => Coverage.Note(operation, outcome, this);
}
