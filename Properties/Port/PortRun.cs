using RxVerify.Implementation.Port;
using RxVerify.Model.Port;
using RxVerify.Model.Vocabulary.Port;

namespace RxVerify.Properties.Port;

/// <summary>A port under the eyes of the claims, with or without the model in lockstep.</summary>
public sealed class PortRun : LockstepRun<PortWorld, PortOperation, PortOutcome, PortModel>
{
    /// <summary>A run from the start.</summary>
    /// <param name="world">The implementation; the run disposes of it.</param>
    /// <param name="claims">The claims that end the run. A wrong access always does.</param>
    /// <param name="withModel">Whether the model runs in lockstep.</param>
    /// <param name="coverage">What is counted, over as many runs as share it.</param>
    public PortRun(PortWorld world, ClaimSet claims, bool withModel, PortCoverage? coverage = null)
        : base(world, claims, PortClaims.Agreement, withModel ? PortModel.Start(world.Configuration) : null)
    {
        Coverage = coverage ?? new PortCoverage();
        Witness = new PortWitness(world, claims);
        Coverage.Restarted();
        Finding = CheckStart();
    }

    /// <summary>The claims.</summary>
    public PortWitness Witness { get; }

    /// <summary>What happened.</summary>
    public PortCoverage Coverage { get; }

    private protected override void RestartWitness()
    {
        Witness.Restart();
        Coverage.Restarted();
    }

    private protected override bool Allows(PortModel model, PortOperation operation) => model.Allows(operation);

    private protected override Finding? CheckStart() => Witness.CheckStart();

    private protected override void BeginStep(PortOperation operation)
    {
        Witness.BeginStep(operation);
        Coverage.BeginStep(World);
    }

    private protected override Finding? EndStep(PortOperation operation, PortOutcome outcome) => Witness.EndStep(operation, outcome);

    private protected override PortModel StepModel(PortModel model, PortOperation operation, PortOutcome outcome, bool compares, out string? difference)
    {
        var step = model.After(operation);
        difference = compares ? PortAgreement.Difference(step, World, outcome) : null;
        return step.Next;
    }

    private protected override void Note(PortOperation operation, PortOutcome outcome) => Coverage.Note(operation, outcome, World);
}
