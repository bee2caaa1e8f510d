using RxVerify.Implementation.Dqo;
using RxVerify.Implementation.Memory;
using RxVerify.Model.Dqo;
using RxVerify.Model.Vocabulary.Dqo;

namespace RxVerify.Properties.Dqo;

/// <summary>A DQO world under the eyes of the claims, with or without the model in lockstep.</summary>
public sealed class DqoRun : LockstepRun<DqoWorld, DqoOperation, DqoOutcome, DqoModel>
{
    /// <summary>A run from the start.</summary>
    /// <param name="world">The implementation; the run disposes of it.</param>
    /// <param name="claims">The claims that end the run. A wrong access always does.</param>
    /// <param name="withModel">Whether the model runs in lockstep.</param>
    /// <param name="coverage">What is counted, over as many runs as share it.</param>
    public DqoRun(DqoWorld world, ClaimSet claims, bool withModel, DqoCoverage? coverage = null)
        : base(world, claims, DqoClaims.Agreement, withModel ? DqoModel.Start(world.Configuration) : null)
    {
        Coverage = coverage ?? new DqoCoverage();
        Witness = new DqoWitness(world, claims, keepsFacts: withModel);
        world.Memory.Ignored = Passing(claims);
        Coverage.Restarted();
        Finding = CheckStart();
    }

    /// <summary>The claims.</summary>
    public DqoWitness Witness { get; }

    /// <summary>What happened.</summary>
    public DqoCoverage Coverage { get; }

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

    private protected override void RestartWitness()
    {
        Witness.Restart();
        Coverage.Restarted();
    }

    private protected override bool Allows(DqoModel model, DqoOperation operation) => model.Allows(operation);

    private protected override Finding? CheckStart() => Witness.CheckStart();

    private protected override void BeginStep(DqoOperation operation) => Witness.BeginStep(operation);

    private protected override Finding? EndStep(DqoOperation operation, DqoOutcome outcome) => Witness.EndStep(operation, outcome);

    private protected override DqoModel StepModel(DqoModel model, DqoOperation operation, DqoOutcome outcome, bool compares, out string? difference)
    {
        var step = model.After(operation);
        difference = compares ? DqoAgreement.Difference(step, World, Witness, outcome) : null;
        return step.Next;
    }

    private protected override void Note(DqoOperation operation, DqoOutcome outcome) => Coverage.Note(operation, outcome, this);
}
