using RxVerify.Model.Vocabulary.Port;

namespace RxVerify.StateMachines.Port;

/// <summary>The states of <see cref="PortState"/>, with the same values, and the two that group them.</summary>
public enum PortMachineState : byte
{
    /// <summary>There is no port.</summary>
    Absent,

    /// <summary>Registered, and not open.</summary>
    Down,

    /// <summary>Open; buffers are fragments of pages.</summary>
    UpWithFragments,

    /// <summary>Open with a program; each buffer has a page.</summary>
    UpWithProgram,

    /// <summary>Open without a program; each buffer has an allocation of its own.</summary>
    UpWithJumbo,

    /// <summary>Without queues; to be up again.</summary>
    DetachedUp,

    /// <summary>Without queues; to be down again.</summary>
    DetachedDown,

    /// <summary>Without queues after a failure, with nothing that would bring it back (B.6).</summary>
    Dead,

    /// <summary>Open, whatever its buffers are.</summary>
    Up,

    /// <summary>Without queues, whatever it is to be.</summary>
    Detached,
}

/// <summary>
/// What moves a port's machine: all of <see cref="PortRequest"/>, then all of <see cref="PortEvent"/>, in their order and with their
/// names.
/// </summary>
public enum PortTrigger : byte
{
    /// <summary>Asked for: ip link set up.</summary>
    Open,

    /// <summary>Asked for: ip link set down.</summary>
    Close,

    /// <summary>Asked for: a program.</summary>
    SetProgram,

    /// <summary>Asked for: no program.</summary>
    ClearProgram,

    /// <summary>Asked for: another MTU.</summary>
    ChangeMtu,

    /// <summary>Asked for: another number of buffers for each queue.</summary>
    ChangeRing,

    /// <summary>Asked for: another number of queues.</summary>
    ChangeChannels,

    /// <summary>Asked for: sleep.</summary>
    Suspend,

    /// <summary>Asked for: waking up.</summary>
    Resume,

    /// <summary>Asked for: suspend, reset of the adapter, resume.</summary>
    Reset,

    /// <summary>Asked for: the driver's removal.</summary>
    Remove,

    /// <summary>Asked for: the driver's search for the port.</summary>
    Probe,

    /// <summary>Happened: the net device is registered.</summary>
    Probed,

    /// <summary>Happened: the port could not be probed.</summary>
    ProbeFailed,

    /// <summary>Happened: Open ended, and the port is up.</summary>
    Opened,

    /// <summary>Happened: Open ended with an error.</summary>
    OpenFailed,

    /// <summary>Happened: Close ended.</summary>
    Closed,

    /// <summary>Happened: the pages for a change are allocated and mapped.</summary>
    Preallocated,

    /// <summary>Happened: the pages for a change could not be had.</summary>
    PreallocationFailed,

    /// <summary>Happened: the net device is detached, the queues are gone.</summary>
    Detached,

    /// <summary>Happened: the net device is attached, up or down as it was.</summary>
    Attached,

    /// <summary>Happened: a step of attaching failed.</summary>
    AttachFailed,

    /// <summary>Happened: the net device is unregistered.</summary>
    Removed,

    /// <summary>Happened: a failed attach is not tried again, and nothing would bring the port back.</summary>
    GaveUp,
}
