using RxVerify.Implementation.Mana;
using RxVerify.Model.Mana;
using RxVerify.Model.Vocabulary.Mana;

namespace RxVerify.Properties.Mana;

/// <summary>A MANA world under the eyes of the claims, with or without the model in lockstep.</summary>
public sealed class ManaRun : LockstepRun<ManaWorld, ManaOperation, ManaOutcome, ManaModel>
{
    /// <summary>A run from the start.</summary>
    /// <param name="world">The implementation; the run disposes of it.</param>
    /// <param name="claims">The claims that end the run. A wrong access always does.</param>
    /// <param name="withModel">Whether the model runs in lockstep.</param>
    /// <param name="coverage">What is counted, over as many runs as share it.</param>
    public ManaRun(ManaWorld world, ClaimSet claims, bool withModel, ManaCoverage? coverage = null)
        : base(world, claims, ManaClaims.Agreement, withModel ? ManaModel.Start(world.Configuration) : null)
    {
        Coverage = coverage ?? new ManaCoverage(ManaScope.Fragments | ManaScope.WholePages | ManaScope.Lies);
        Witness = new ManaWitness(world, claims);
        Coverage.Restarted();
        Finding = CheckStart();
    }

    /// <summary>The claims.</summary>
    public ManaWitness Witness { get; }

    /// <summary>What happened.</summary>
    public ManaCoverage Coverage { get; }

    private protected override void RestartWitness()
    {
        Witness.Restart();
        Coverage.Restarted();
    }

    private protected override bool Allows(ManaModel model, ManaOperation operation) => model.Allows(operation);

    private protected override Finding? CheckStart() => Witness.CheckStart();

    private protected override void BeginStep(ManaOperation operation)
    {
        Witness.BeginStep();
        Coverage.BeginStep(World);
    }

    private protected override Finding? EndStep(ManaOperation operation, ManaOutcome outcome) => Witness.EndStep(operation);

    private protected override ManaModel StepModel(ManaModel model, ManaOperation operation, ManaOutcome outcome, bool compares, out string? difference)
    {
        var step = model.After(operation);
        difference = compares ? ManaAgreement.Difference(step, World, outcome) : null;
        return step.Next;
    }

    private protected override void Note(ManaOperation operation, ManaOutcome outcome) => Coverage.Note(operation, outcome, this);
}
