namespace RxVerify.StateMachines.Port;

/// <summary>How far a request is (docs/port.md, "Requests").</summary>
public enum TransitionState : byte
{
    /// <summary>No request is under way.</summary>
    Idle,

    /// <summary>Pages are allocated before anything is touched (B.4.8).</summary>
    Preparing,

    /// <summary>Queues are taken down and the net device is detached, the adapter is reset (B.4.9).</summary>
    TakingDown,

    /// <summary>What was asked for becomes the port's.</summary>
    Storing,

    /// <summary>The port or its queues are built, the net device is attached (B.4.9).</summary>
    BuildingUp,

    /// <summary>What a failed attempt to build did is undone.</summary>
    Undoing,

    /// <summary>The old parameters become the port's again (B.6).</summary>
    RollingBack,

    /// <summary>The port is built with the old parameters.</summary>
    BuildingUpAgain,

    /// <summary>What the second attempt did is undone; there is no third.</summary>
    UndoingAgain,

    /// <summary>Only what cannot fail is left: pages that are over are freed, the port goes, the request ends.</summary>
    Finishing,
}

/// <summary>What leads from one stage of a request to another.</summary>
public enum TransitionTrigger : byte
{
    /// <summary>Pages are needed before.</summary>
    Prepare,

    /// <summary>Queues or the net device have to go.</summary>
    TakeDown,

    /// <summary>What was asked for can be stored.</summary>
    Store,

    /// <summary>The port or its queues have to come.</summary>
    BuildUp,

    /// <summary>A step failed.</summary>
    Fail,

    /// <summary>Nothing is left of the attempt of a change.</summary>
    RollBack,

    /// <summary>Nothing is left that can fail.</summary>
    Finish,

    /// <summary>The request has ended.</summary>
    End,
}

/// <summary>In which order the stages of a request may follow each other.</summary>
public sealed class TransitionMachine : Machine<TransitionState, TransitionTrigger>
{
    private static readonly MoveTable<TransitionState, TransitionTrigger> Asked = new((read, write) => new TransitionMachine(read, write));

    /// <summary>A machine whose state is stored elsewhere, so that it is part of a snapshot.</summary>
    public TransitionMachine(Func<TransitionState> read, Action<TransitionState> write)
        : base("request", read, write)
    {
        Configure(TransitionState.Idle)
            .Permit(TransitionTrigger.Prepare, TransitionState.Preparing)
            .Permit(TransitionTrigger.TakeDown, TransitionState.TakingDown)
            .Permit(TransitionTrigger.Store, TransitionState.Storing)
            .Permit(TransitionTrigger.BuildUp, TransitionState.BuildingUp)
            .Permit(TransitionTrigger.Finish, TransitionState.Finishing);

        // A failure here ends the request: nothing was touched yet.
        Configure(TransitionState.Preparing)
            .Permit(TransitionTrigger.TakeDown, TransitionState.TakingDown)
            .Permit(TransitionTrigger.Store, TransitionState.Storing)
            .Permit(TransitionTrigger.Fail, TransitionState.Idle);
        Configure(TransitionState.TakingDown)
            .Permit(TransitionTrigger.Store, TransitionState.Storing)
            .Permit(TransitionTrigger.BuildUp, TransitionState.BuildingUp)
            .Permit(TransitionTrigger.Finish, TransitionState.Finishing);
        Configure(TransitionState.Storing)
            .Permit(TransitionTrigger.BuildUp, TransitionState.BuildingUp)
            .Permit(TransitionTrigger.Finish, TransitionState.Finishing);
        Configure(TransitionState.BuildingUp)
            .Permit(TransitionTrigger.Fail, TransitionState.Undoing)
            .Permit(TransitionTrigger.Finish, TransitionState.Finishing);
        Configure(TransitionState.Undoing)
            .Permit(TransitionTrigger.RollBack, TransitionState.RollingBack)
            .Permit(TransitionTrigger.Finish, TransitionState.Finishing);

        // As was published there is no second attempt, and the request finishes here.
        Configure(TransitionState.RollingBack)
            .Permit(TransitionTrigger.BuildUp, TransitionState.BuildingUpAgain)
            .Permit(TransitionTrigger.Finish, TransitionState.Finishing);
        Configure(TransitionState.BuildingUpAgain)
            .Permit(TransitionTrigger.Fail, TransitionState.UndoingAgain)
            .Permit(TransitionTrigger.Finish, TransitionState.Finishing);
        Configure(TransitionState.UndoingAgain)
            .Permit(TransitionTrigger.Finish, TransitionState.Finishing);
        Configure(TransitionState.Finishing)
            .Permit(TransitionTrigger.End, TransitionState.Idle);
    }

    private protected override MoveTable<TransitionState, TransitionTrigger> Moves => Asked;

    /// <summary>A machine of its own, for reading and drawing.</summary>
    public static TransitionMachine Detached(TransitionState state = TransitionState.Idle) => new(() => state, next => state = next);
}
