namespace RxVerify.StateMachines.Dqo;

/// <summary>Where a DQO buffer state is (A.4, A.5).</summary>
public enum DqoBufferState : byte
{
    /// <summary>On the free stack, without a page.</summary>
    Free,

    /// <summary>Posted: the device may write its chunk.</summary>
    Posted,

    /// <summary>Completed: the device has written its chunk, and the driver has not looked yet.</summary>
    Filled,

    /// <summary>On the recycled list: its next chunk can be posted.</summary>
    Recycled,

    /// <summary>On the used list: its next chunk is with the stack.</summary>
    Used,
}

/// <summary>How a DQO buffer state moves.</summary>
public enum DqoBufferTrigger : byte
{
    /// <summary>Driver: it gets a fresh page and is posted.</summary>
    PostFresh,

    /// <summary>Driver: its page is posted again.</summary>
    PostAgain,

    /// <summary>Device: a packet is written and completed.</summary>
    Complete,

    /// <summary>Driver: its packet is handed up, copied or dropped, and the next chunk is nobody's.</summary>
    Recycle,

    /// <summary>Driver: its packet is handed up, and the next chunk is somebody's.</summary>
    Wait,

    /// <summary>Driver: it loses its page, because none of its chunks can be had soon enough.</summary>
    GiveUp,

    /// <summary>Driver: the queue is taken down.</summary>
    TakeDown,
}

/// <summary>Where a receive buffer of a DQO queue is, and how it may move.</summary>
public sealed class DqoBufferMachine : Machine<DqoBufferState, DqoBufferTrigger>
{
    private static readonly MoveTable<DqoBufferState, DqoBufferTrigger> Asked =
        new(2, (number, read, write) => new DqoBufferMachine(read, write, () => number != 0));

    private readonly Func<bool> _isRead;

    /// <summary>A machine whose state is stored elsewhere.</summary>
    /// <param name="read">Reads the state.</param>
    /// <param name="write">Writes it.</param>
    /// <param name="isRead">Whether somebody outside the driver has the chunk that is, or is to be, posted.</param>
    public DqoBufferMachine(Func<DqoBufferState> read, Action<DqoBufferState> write, Func<bool> isRead)
        : base("buffer", read, write)
    {
        _isRead = isRead;
        const string NobodyReads = "nobody reads the chunk";
        Configure(DqoBufferState.Free)
            .PermitIf(DqoBufferTrigger.PostFresh, DqoBufferState.Posted, () => !isRead(), NobodyReads);
        Configure(DqoBufferState.Posted)
            .Permit(DqoBufferTrigger.Complete, DqoBufferState.Filled)
            .Permit(DqoBufferTrigger.TakeDown, DqoBufferState.Free);
        Configure(DqoBufferState.Filled)
            .Permit(DqoBufferTrigger.Recycle, DqoBufferState.Recycled)
            .Permit(DqoBufferTrigger.Wait, DqoBufferState.Used)
            .Permit(DqoBufferTrigger.TakeDown, DqoBufferState.Free);
        Configure(DqoBufferState.Recycled)
            .PermitIf(DqoBufferTrigger.PostAgain, DqoBufferState.Posted, () => !isRead(), NobodyReads)
            .Permit(DqoBufferTrigger.TakeDown, DqoBufferState.Free);
        Configure(DqoBufferState.Used)
            .PermitIf(DqoBufferTrigger.PostAgain, DqoBufferState.Posted, () => !isRead(), NobodyReads)
            .Permit(DqoBufferTrigger.GiveUp, DqoBufferState.Free)
            .Permit(DqoBufferTrigger.TakeDown, DqoBufferState.Free);
    }

    private protected override MoveTable<DqoBufferState, DqoBufferTrigger> Moves => Asked;

    private protected override int Case => _isRead() ? 1 : 0;

    /// <summary>A machine of its own, for reading and drawing.</summary>
    public static DqoBufferMachine Detached(DqoBufferState state = DqoBufferState.Free, bool isRead = false) =>
        new(() => state, next => state = next, () => isRead);
}
