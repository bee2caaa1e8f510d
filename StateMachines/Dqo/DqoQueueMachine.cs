namespace RxVerify.StateMachines.Dqo;

/// <summary>What a DQO queue is (A.5.8).</summary>
public enum DqoQueueState
{
    /// <summary>No rings, no pages; packets may still be held by the stack.</summary>
    Down,

    /// <summary>Memory for rings and states is being allocated; the device knows nothing yet.</summary>
    Building,

    /// <summary>The device has the queue; the driver polls it.</summary>
    Up,

    /// <summary>The device is being stopped and the pages are being freed.</summary>
    TearingDown,
}

/// <summary>What can be done to a DQO queue.</summary>
public enum DqoQueueTrigger
{
    /// <summary>Allocate rings and states.</summary>
    Build,

    /// <summary>An allocation failed; what was built is freed.</summary>
    RunOutOfMemory,

    /// <summary>The device accepted the queue.</summary>
    Start,

    /// <summary>Take the queue away from the device and free its pages.</summary>
    TearDown,

    /// <summary>Nothing of the queue is left.</summary>
    Finish,
}

/// <summary>In which order a DQO queue may be built, used and torn down.</summary>
public sealed class DqoQueueMachine : Machine<DqoQueueState, DqoQueueTrigger>
{
    private static readonly MoveTable<DqoQueueState, DqoQueueTrigger> Asked = new((read, write) => new DqoQueueMachine(read, write));

    /// <summary>A machine whose state is stored elsewhere, so that it is part of a snapshot.</summary>
    public DqoQueueMachine(Func<DqoQueueState> read, Action<DqoQueueState> write)
        : base("queue", read, write)
    {
        Configure(DqoQueueState.Down)
            .Permit(DqoQueueTrigger.Build, DqoQueueState.Building);
        Configure(DqoQueueState.Building)
            .Permit(DqoQueueTrigger.RunOutOfMemory, DqoQueueState.Down)
            .Permit(DqoQueueTrigger.Start, DqoQueueState.Up);
        Configure(DqoQueueState.Up)
            .Permit(DqoQueueTrigger.TearDown, DqoQueueState.TearingDown);
        Configure(DqoQueueState.TearingDown)
            .Permit(DqoQueueTrigger.Finish, DqoQueueState.Down);
    }

    private protected override MoveTable<DqoQueueState, DqoQueueTrigger> Moves => Asked;

    /// <summary>A machine of its own, for reading and drawing.</summary>
    public static DqoQueueMachine Detached(DqoQueueState state = DqoQueueState.Down) => new(() => state, next => state = next);
}
