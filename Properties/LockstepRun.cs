using RxVerify.Implementation.Memory;

namespace RxVerify.Properties;

/// <summary>
/// A world under the eyes of the claims, with or without the model in lockstep. All are driven by the same operations.
/// </summary>
/// <typeparam name="TWorld">The scheme's implementation.</typeparam>
/// <typeparam name="TOperation">The scheme's alphabet.</typeparam>
/// <typeparam name="TOutcome">What a step returns to its caller.</typeparam>
/// <typeparam name="TModel">The scheme's model, a value of its own in each state.</typeparam>
public abstract class LockstepRun<TWorld, TOperation, TOutcome, TModel> : IRun<TOperation>
    where TWorld : class, IWorld<TOperation, TOutcome>
    where TModel : class
{
    private readonly Claim _agreement;
    private readonly ClaimSet _claims;
    private readonly TModel? _modelAtStart;

    private protected LockstepRun(TWorld world, ClaimSet claims, Claim agreement, TModel? modelAtStart)
    {
        World = world;
        _claims = claims;
        _agreement = agreement;
        _modelAtStart = modelAtStart;
        Model = modelAtStart;
    }

    /// <inheritdoc/>
    public Finding? Finding { get; private protected set; }

    /// <summary>The implementation; the run disposes of it.</summary>
    public TWorld World { get; }

    /// <summary>The model, where one runs along.</summary>
    public TModel? Model { get; private set; }

    /// <inheritdoc/>
    public void Restart()
    {
        World.Restart();
        RestartWitness();
        Model = _modelAtStart;
        Finding = CheckStart();
    }

    /// <inheritdoc/>
    public bool Allows(TOperation operation)
    {
        bool isAllowed = World.Allows(operation);
        if (Model is { } model && Finding is null && Allows(model, operation) != isAllowed && _claims.Contains(_agreement))
        {
            Finding = new Finding(
                _agreement, $"{operation} is allowed {(isAllowed ? "by the implementation" : "by the model")} only",
                new Conflict(new Party("the implementation", isAllowed ? "allows this step" : "does not allow this step"), new Party("the model", isAllowed ? "does not" : "does")));
        }

        return isAllowed;
    }

    /// <inheritdoc/>
    public bool Step(TOperation operation)
    {
        if (Finding is not null)
        {
            return false;
        }

        BeginStep(operation);
        var outcome = World.Apply(operation);
        Finding = EndStep(operation, outcome);
        if (Finding is null && Model is { } model)
        {
            Model = StepModel(model, operation, outcome, _claims.Contains(_agreement), out string? difference);
            Finding = difference is null ? null : new Finding(_agreement, difference);
        }

        Note(operation, outcome);
        return Finding is null;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        World.Dispose();
        GC.SuppressFinalize(this);
    }

    /// <summary>The world is back at the start: claims and counts begin anew.</summary>
    private protected abstract void RestartWitness();

    private protected abstract bool Allows(TModel model, TOperation operation);

    /// <summary>What is wrong with the world as it was created, or null.</summary>
    private protected abstract Finding? CheckStart();

    /// <summary>What the claims compare with is noted.</summary>
    private protected abstract void BeginStep(TOperation operation);

    /// <summary>Every claim is checked; null when all hold.</summary>
    private protected abstract Finding? EndStep(TOperation operation, TOutcome outcome);

    /// <summary>The model after the same operation, and the first difference, or null. Not compared unless asked.</summary>
    private protected abstract TModel StepModel(TModel model, TOperation operation, TOutcome outcome, bool compares, out string? difference);

    /// <summary>The step is counted.</summary>
    private protected abstract void Note(TOperation operation, TOutcome outcome);
}
