namespace RxVerify.StateMachines.Mana;

/// <summary>What a MANA queue is: nothing, all that its creation has made so far (B.4.6), or up.</summary>
public enum ManaQueueState : byte
{
    /// <summary>No queue; pages may still be held by the stack.</summary>
    Down,

    /// <summary>Creation has begun and made nothing yet.</summary>
    Begun,

    /// <summary>There is the structure with its slots.</summary>
    WithStructure,

    /// <summary>And a pool.</summary>
    WithPool,

    /// <summary>And a buffer for each slot.</summary>
    WithBuffers,

    /// <summary>And a work queue.</summary>
    WithWorkQueue,

    /// <summary>And a completion queue.</summary>
    WithCompletionQueue,

    /// <summary>And a WQ object: the device knows the queue.</summary>
    WithObject,

    /// <summary>And every slot is posted.</summary>
    Posted,

    /// <summary>And it is registered with XDP, as the pool's second user.</summary>
    Registered,

    /// <summary>The NAPI is on: the driver polls it.</summary>
    Up,

    /// <summary>A step of creation failed, and what was made is undone.</summary>
    Undoing,

    /// <summary>The queue is taken down (B.4.7).</summary>
    TearingDown,

    /// <summary>Being created, however far that is.</summary>
    Building,
}

/// <summary>What can be done to a MANA queue. The nine steps of creation follow each other in the order of docs/mana.md, "Create".</summary>
public enum ManaQueueTrigger : byte
{
    /// <summary>Creation begins.</summary>
    Begin,

    /// <summary>Step 0: the structure with its slots.</summary>
    MakeStructure,

    /// <summary>Step 1: the pool.</summary>
    MakePool,

    /// <summary>Step 2: a buffer for each slot.</summary>
    FillSlots,

    /// <summary>Step 3: the work queue's memory.</summary>
    MakeWorkQueue,

    /// <summary>Step 4: the completion queue.</summary>
    MakeCompletionQueue,

    /// <summary>Step 5: the WQ object.</summary>
    MakeObject,

    /// <summary>Step 6: every slot is posted.</summary>
    PostAll,

    /// <summary>Step 7: the registration with XDP.</summary>
    Register,

    /// <summary>Step 8: the NAPI goes on.</summary>
    EnableNapi,

    /// <summary>A step of creation failed.</summary>
    RunOutOfMemory,

    /// <summary>Take the queue down.</summary>
    TearDown,

    /// <summary>Nothing of the queue is left.</summary>
    Finish,
}

/// <summary>In which order a MANA queue may be built, used and torn down (B.4.6, B.4.7).</summary>
public sealed class ManaQueueMachine : Machine<ManaQueueState, ManaQueueTrigger>
{
    private static readonly ManaQueueState[] Places = [.. Enum.GetValues<ManaQueueState>().Where(state => state != ManaQueueState.Building)];

    private static readonly MoveTable<ManaQueueState, ManaQueueTrigger> Asked = new((read, write) => new ManaQueueMachine(read, write));

    /// <summary>A machine whose state is stored elsewhere, so that it is part of a snapshot.</summary>
    public ManaQueueMachine(Func<ManaQueueState> read, Action<ManaQueueState> write)
        : base("queue", read, write)
    {
        Configure(ManaQueueState.Down)
            .Permit(ManaQueueTrigger.Begin, ManaQueueState.Begun);
        Configure(ManaQueueState.Building)
            .Permit(ManaQueueTrigger.RunOutOfMemory, ManaQueueState.Undoing);
        Configure(ManaQueueState.Begun).SubstateOf(ManaQueueState.Building)
            .Permit(ManaQueueTrigger.MakeStructure, ManaQueueState.WithStructure);
        Configure(ManaQueueState.WithStructure).SubstateOf(ManaQueueState.Building)
            .Permit(ManaQueueTrigger.MakePool, ManaQueueState.WithPool);
        Configure(ManaQueueState.WithPool).SubstateOf(ManaQueueState.Building)
            .Permit(ManaQueueTrigger.FillSlots, ManaQueueState.WithBuffers);
        Configure(ManaQueueState.WithBuffers).SubstateOf(ManaQueueState.Building)
            .Permit(ManaQueueTrigger.MakeWorkQueue, ManaQueueState.WithWorkQueue);
        Configure(ManaQueueState.WithWorkQueue).SubstateOf(ManaQueueState.Building)
            .Permit(ManaQueueTrigger.MakeCompletionQueue, ManaQueueState.WithCompletionQueue);
        Configure(ManaQueueState.WithCompletionQueue).SubstateOf(ManaQueueState.Building)
            .Permit(ManaQueueTrigger.MakeObject, ManaQueueState.WithObject);
        Configure(ManaQueueState.WithObject).SubstateOf(ManaQueueState.Building)
            .Permit(ManaQueueTrigger.PostAll, ManaQueueState.Posted);
        Configure(ManaQueueState.Posted).SubstateOf(ManaQueueState.Building)
            .Permit(ManaQueueTrigger.Register, ManaQueueState.Registered);
        Configure(ManaQueueState.Registered).SubstateOf(ManaQueueState.Building)
            .Permit(ManaQueueTrigger.EnableNapi, ManaQueueState.Up);
        Configure(ManaQueueState.Undoing)
            .Permit(ManaQueueTrigger.Finish, ManaQueueState.Down);
        Configure(ManaQueueState.Up)
            .Permit(ManaQueueTrigger.TearDown, ManaQueueState.TearingDown);
        Configure(ManaQueueState.TearingDown)
            .Permit(ManaQueueTrigger.Finish, ManaQueueState.Down);
    }

    /// <inheritdoc/>
    public override IReadOnlyList<ManaQueueState> States => Places;

    private protected override MoveTable<ManaQueueState, ManaQueueTrigger> Moves => Asked;

    /// <summary>A machine of its own, for reading and drawing.</summary>
    public static ManaQueueMachine Detached(ManaQueueState state = ManaQueueState.Down) => new(() => state, next => state = next);
}
