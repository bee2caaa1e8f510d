using RxVerify.Implementation.PagePool;
using RxVerify.Model.PagePool;
using RxVerify.Model.Vocabulary.PagePool;

namespace RxVerify.Properties.PagePool;

/// <summary>A page pool's world under the eyes of the claims, with or without the model in lockstep.</summary>
public sealed class PoolRun : LockstepRun<PoolWorld, PoolOperation, PoolOutcome, PoolModel>
{
    /// <summary>A run from the start.</summary>
    /// <param name="world">The implementation; the run disposes of it.</param>
    /// <param name="claims">The claims that end the run. A wrong access always does.</param>
    /// <param name="withModel">Whether the model runs in lockstep.</param>
    /// <param name="coverage">What is counted, over as many runs as share it.</param>
    public PoolRun(PoolWorld world, ClaimSet claims, bool withModel, PoolCoverage? coverage = null)
        : base(world, claims, PoolClaims.Agreement, withModel ? PoolModel.Start(world.Configuration) : null)
    {
        Coverage = coverage ?? new PoolCoverage(null);
        Witness = new PoolWitness(world, claims);
        Coverage.Restarted();
        Finding = CheckStart();
    }

    /// <summary>The claims.</summary>
    public PoolWitness Witness { get; }

    /// <summary>What happened.</summary>
    public PoolCoverage Coverage { get; }

    private protected override void RestartWitness()
    {
        Witness.Restart();
        Coverage.Restarted();
    }

    private protected override bool Allows(PoolModel model, PoolOperation operation) => model.Allows(operation);

    private protected override Finding? CheckStart() => Witness.CheckStart();

    private protected override void BeginStep(PoolOperation operation)
    {
        Witness.BeginStep(operation);
        Coverage.BeginStep(World);
    }

    private protected override Finding? EndStep(PoolOperation operation, PoolOutcome outcome) => Witness.EndStep(operation, outcome);

    private protected override PoolModel StepModel(PoolModel model, PoolOperation operation, PoolOutcome outcome, bool compares, out string? difference)
    {
        var step = model.After(operation);
        difference = compares ? PoolAgreement.Difference(step, World, outcome) : null;
        return step.Next;
    }

    private protected override void Note(PoolOperation operation, PoolOutcome outcome) => Coverage.Note(operation, outcome, this);
}
