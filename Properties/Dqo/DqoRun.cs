using RxVerify.Implementation.Dqo;
using RxVerify.Implementation.Memory;
using RxVerify.Model.Dqo;
using RxVerify.Model.Vocabulary.Dqo;

namespace RxVerify.Properties.Dqo;

/// <summary>
/// A DQO world under the eyes of the claims, with or without the model in lockstep. Both are driven by the same operations.
/// </summary>
public sealed class DqoRun : IRun<DqoOperation>
{
    private readonly bool _hasModel;
    private readonly DqoModel? _modelAtStart;
    private readonly ClaimSet _claims;
    private DqoModel? _model;

    /// <summary>A run from the start.</summary>
    /// <param name="world">The implementation; the run disposes of it.</param>
    /// <param name="claims">The claims that end the run. A wrong access always does.</param>
    /// <param name="withModel">Whether the model runs in lockstep.</param>
    /// <param name="coverage">What is counted, over as many runs as share it.</param>
    public DqoRun(DqoWorld world, ClaimSet claims, bool withModel, DqoCoverage? coverage = null)
    {
        World = world;
        _claims = claims;
        _hasModel = withModel;
        _modelAtStart = withModel ? DqoModel.Start(world.Configuration) : null;
        _model = _modelAtStart;
        Coverage = coverage ?? new DqoCoverage();
        Witness = new DqoWitness(world, claims, keepsFacts: withModel);
        world.Memory.Ignored = Passing(claims);
        Coverage.Restarted();
        Finding = Witness.CheckStart();
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
    public Finding? Finding { get; private set; }

    /// <inheritdoc/>
    public void Restart()
    {
        World.Restart();
        Witness.Restart();
        Coverage.Restarted();
        _model = _modelAtStart;
        Finding = Witness.CheckStart();
    }

    /// <inheritdoc/>
    public bool Allows(DqoOperation operation)
    {
        bool isAllowed = World.Allows(operation);
        if (_hasModel && Finding is null && _model!.Allows(operation) != isAllowed && _claims.Contains(DqoClaims.Agreement))
        {
            Finding = new Finding(DqoClaims.Agreement, $"{operation} is allowed {(isAllowed ? "by the implementation" : "by the model")} only");
        }

        return isAllowed;
    }

    /// <inheritdoc/>
    public bool Step(DqoOperation operation)
    {
        if (Finding is not null)
        {
            return false;
        }

        Witness.BeginStep(operation);
        var outcome = World.Apply(operation);
        Finding = Witness.EndStep(operation, outcome);
        if (Finding is null && _hasModel)
        {
            Compare(operation, outcome);
        }

        Coverage.Note(operation, outcome, this);
        return Finding is null;
    }

    /// <inheritdoc/>
    public void Dispose() => World.Dispose();

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

    private void Compare(DqoOperation operation, DqoOutcome outcome)
    {
        var step = _model!.After(operation);
        _model = step.Next;
        if (_claims.Contains(DqoClaims.Agreement) && DqoAgreement.Difference(step, World, Witness, outcome) is { } difference)
        {
            Finding = new Finding(DqoClaims.Agreement, difference);
        }
    }
}
