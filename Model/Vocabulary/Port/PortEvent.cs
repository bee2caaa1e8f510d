namespace RxVerify.Model.Vocabulary.Port;

/// <summary>What moves a port from one state to another; the step at which each happens is told in docs/port.md, "States".</summary>
public enum PortEvent : byte
{
    /// <summary>The net device is registered.</summary>
    Probed,

    /// <summary>The port could not be probed.</summary>
    ProbeFailed,

    /// <summary>Open ended, and the port is up.</summary>
    Opened,

    /// <summary>Open ended with an error.</summary>
    OpenFailed,

    /// <summary>Close ended.</summary>
    Closed,

    /// <summary>The pages for a change are allocated and mapped.</summary>
    Preallocated,

    /// <summary>The pages for a change could not be had.</summary>
    PreallocationFailed,

    /// <summary>The net device is detached, the queues are gone.</summary>
    Detached,

    /// <summary>The net device is attached, up or down as it was.</summary>
    Attached,

    /// <summary>A step of attaching failed.</summary>
    AttachFailed,

    /// <summary>The net device is unregistered.</summary>
    Removed,

    /// <summary>As was published: a failed attach is not tried again, and nothing would bring the port back.</summary>
    GaveUp,
}
