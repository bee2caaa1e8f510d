namespace RxVerify.StateMachines.Mana;

/// <summary>Where a MANA receive buffer is (B.5).</summary>
public enum ManaBufferState : byte
{
    /// <summary>In the pool or with the page allocator.</summary>
    Free,

    /// <summary>In a slot that is posted: the device may write it.</summary>
    Posted,

    /// <summary>In a slot that is completed: the device has written it, and the driver has not looked yet.</summary>
    Filled,

    /// <summary>Handed up: a reader has it.</summary>
    WithStack,

    /// <summary>Sent back: the device reads it (B.4.5, TX).</summary>
    Transmitting,

    /// <summary>Redirected: another driver has it (B.4.5, REDIRECT).</summary>
    Redirected,

    /// <summary>Dropped and saved for the next refill (xdp_save_va).</summary>
    Saved,
}

/// <summary>How a MANA receive buffer moves.</summary>
public enum ManaBufferTrigger : byte
{
    /// <summary>Driver: it is posted, again or fresh.</summary>
    Post,

    /// <summary>Device: a packet is written and completed.</summary>
    Complete,

    /// <summary>Driver: its packet is handed up.</summary>
    HandUp,

    /// <summary>Driver: its packet is sent back.</summary>
    Transmit,

    /// <summary>Driver: its packet is redirected.</summary>
    Redirect,

    /// <summary>Driver: its packet is dropped, or copied, and it is kept for the next refill.</summary>
    Save,

    /// <summary>Driver: its packet is dropped.</summary>
    Drop,

    /// <summary>Driver: a packet is copied to it, which is redirected (B.7 #13).</summary>
    TakeCopy,

    /// <summary>Who had it lets go.</summary>
    LetGo,

    /// <summary>Driver: the queue is taken down.</summary>
    TakeDown,
}

/// <summary>Where a receive buffer of a MANA queue is, and how it may move.</summary>
public sealed class ManaBufferMachine : Machine<ManaBufferState, ManaBufferTrigger>
{
    private static readonly MoveTable<ManaBufferState, ManaBufferTrigger> Asked = new((read, write) => new ManaBufferMachine(read, write));

    /// <summary>A machine whose state is stored elsewhere.</summary>
    public ManaBufferMachine(Func<ManaBufferState> read, Action<ManaBufferState> write)
        : base("buffer", read, write)
    {
        Configure(ManaBufferState.Free)
            .Permit(ManaBufferTrigger.Post, ManaBufferState.Posted)
            .Permit(ManaBufferTrigger.TakeCopy, ManaBufferState.Redirected);
        Configure(ManaBufferState.Posted)
            .Permit(ManaBufferTrigger.Complete, ManaBufferState.Filled)
            .Permit(ManaBufferTrigger.TakeDown, ManaBufferState.Free);
        Configure(ManaBufferState.Filled)
            .Permit(ManaBufferTrigger.Post, ManaBufferState.Posted)
            .Permit(ManaBufferTrigger.HandUp, ManaBufferState.WithStack)
            .Permit(ManaBufferTrigger.Transmit, ManaBufferState.Transmitting)
            .Permit(ManaBufferTrigger.Redirect, ManaBufferState.Redirected)
            .Permit(ManaBufferTrigger.Save, ManaBufferState.Saved)
            .Permit(ManaBufferTrigger.Drop, ManaBufferState.Free)
            .Permit(ManaBufferTrigger.TakeDown, ManaBufferState.Free);
        Configure(ManaBufferState.WithStack)
            .Permit(ManaBufferTrigger.LetGo, ManaBufferState.Free);
        Configure(ManaBufferState.Transmitting)
            .Permit(ManaBufferTrigger.LetGo, ManaBufferState.Free);
        Configure(ManaBufferState.Redirected)
            .Permit(ManaBufferTrigger.LetGo, ManaBufferState.Free);
        Configure(ManaBufferState.Saved)
            .Permit(ManaBufferTrigger.Post, ManaBufferState.Posted)
            .Permit(ManaBufferTrigger.Drop, ManaBufferState.Free)
            .Permit(ManaBufferTrigger.TakeDown, ManaBufferState.Free);
    }

    private protected override MoveTable<ManaBufferState, ManaBufferTrigger> Moves => Asked;

    /// <summary>A machine of its own, for reading and drawing.</summary>
    public static ManaBufferMachine Detached(ManaBufferState state = ManaBufferState.Free) => new(() => state, next => state = next);
}
