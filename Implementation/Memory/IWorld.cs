namespace RxVerify.Implementation.Memory;

/// <summary>A driver with everything round it, all of whose state lies in one block, stepped by operations.</summary>
/// <typeparam name="TOperation">The scheme's alphabet.</typeparam>
/// <typeparam name="TOutcome">What a step returns to its caller.</typeparam>
public interface IWorld<TOperation, TOutcome> : IDisposable
{
    /// <summary>The page frames.</summary>
    PhysicalMemory Memory { get; }

    /// <summary>All state.</summary>
    StateBlock State { get; }

    /// <summary>Back to the start of a run.</summary>
    void Restart();

    /// <summary>Whether an operation makes sense now.</summary>
    bool Allows(TOperation operation);

    /// <summary>Does one allowed operation.</summary>
    TOutcome Apply(TOperation operation);
}
