namespace RxVerify.Model.Vocabulary.Port;

/// <summary>What a port is, as its machine has it (docs/port.md, "States").</summary>
public enum PortState : byte
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

    /// <summary>Without queues; it was up when they were taken, and is to be again.</summary>
    DetachedUp,

    /// <summary>Without queues; it was down when it was detached.</summary>
    DetachedDown,

    /// <summary>Without queues after a failure, detached, with nothing that would bring it back (B.6).</summary>
    Dead,
}
