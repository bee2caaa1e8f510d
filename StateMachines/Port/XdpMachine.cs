namespace RxVerify.StateMachines.Port;

/// <summary>The program of a port (B.4.10, B.4.11).</summary>
public enum XdpState : byte
{
    /// <summary>There is none.</summary>
    None,

    /// <summary>One is being attached, where there was none.</summary>
    Attaching,

    /// <summary>There is one.</summary>
    Attached,

    /// <summary>One is being attached in another one's place.</summary>
    Replacing,

    /// <summary>One is being taken away.</summary>
    Detaching,
}

/// <summary>What happens to a port's program.</summary>
public enum XdpTrigger : byte
{
    /// <summary>A program is to be attached.</summary>
    Set,

    /// <summary>The program is to go.</summary>
    Clear,

    /// <summary>It is done.</summary>
    Succeeded,

    /// <summary>It could not be done: what was is again.</summary>
    Failed,
}

/// <summary>What may happen to a port's program: one change at a time, which is done or leaves what was.</summary>
public sealed class XdpMachine : Machine<XdpState, XdpTrigger>
{
    private static readonly MoveTable<XdpState, XdpTrigger> Asked = new((read, write) => new XdpMachine(read, write));

    /// <summary>A machine whose state is stored elsewhere, so that it is part of a snapshot.</summary>
    public XdpMachine(Func<XdpState> read, Action<XdpState> write)
        : base("program", read, write)
    {
        Configure(XdpState.None)
            .Permit(XdpTrigger.Set, XdpState.Attaching);
        Configure(XdpState.Attaching)
            .Permit(XdpTrigger.Succeeded, XdpState.Attached)
            .Permit(XdpTrigger.Failed, XdpState.None);
        Configure(XdpState.Attached)
            .Permit(XdpTrigger.Set, XdpState.Replacing)
            .Permit(XdpTrigger.Clear, XdpState.Detaching);
        Configure(XdpState.Replacing)
            .Permit(XdpTrigger.Succeeded, XdpState.Attached)
            .Permit(XdpTrigger.Failed, XdpState.Attached);
        Configure(XdpState.Detaching)
            .Permit(XdpTrigger.Succeeded, XdpState.None)
            .Permit(XdpTrigger.Failed, XdpState.Attached);
    }

    private protected override MoveTable<XdpState, XdpTrigger> Moves => Asked;

    /// <summary>A machine of its own, for reading and drawing.</summary>
    public static XdpMachine Detached(XdpState state = XdpState.None) => new(() => state, next => state = next);
}
