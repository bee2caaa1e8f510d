namespace RxVerify.Model.Vocabulary.Port;

/// <summary>
/// The steps that requests consist of, each indivisible; docs/port.md gives their order and what each does. Steps that are done for
/// each queue carry its number.
/// </summary>
public enum PortStep : byte
{
    /// <summary>No request is under way.</summary>
    None,

    /// <summary>Pages for all queues to come are allocated and mapped (B.4.8).</summary>
    Preallocate,

    /// <summary>Up or down is remembered, transmission stops, the port is not up any more (B.4.9).</summary>
    StopTransmit,

    /// <summary>As was published: the queues lose their programs before they stop receiving (B.7 #14).</summary>
    ClearPrograms,

    /// <summary>A physical function's filter is removed.</summary>
    RemoveFilter,

    /// <summary>Transmissions under way complete, or the device is reset.</summary>
    Drain,

    /// <summary>The device is told to steer no more packets to the queues.</summary>
    SteerOff,

    /// <summary>One queue: packets in flight are waited for.</summary>
    Fence,

    /// <summary>One queue is destroyed (B.4.7).</summary>
    DestroyQueue,

    /// <summary>The transmit queues are destroyed.</summary>
    DestroyTransmit,

    /// <summary>The vport is given back: its use count falls.</summary>
    ReleaseVport,

    /// <summary>The net device is detached, the array of queues freed.</summary>
    DetachDevice,

    /// <summary>What was asked for becomes the port's.</summary>
    Store,

    /// <summary>The function-level reset of the adapter between detach and attach.</summary>
    ResetDevice,

    /// <summary>The array of queues is allocated, the vport queried, which may give fewer queues (mana_init_port).</summary>
    InitPort,

    /// <summary>The vport is taken: its use count rises (mana_cfg_vport).</summary>
    ConfigureVport,

    /// <summary>The transmit queues are created.</summary>
    CreateTransmit,

    /// <summary>The number of real transmit queues is set.</summary>
    SetTransmitCount,

    /// <summary>One queue is created (B.4.6).</summary>
    CreateQueue,

    /// <summary>The number of real receive queues is set.</summary>
    SetReceiveCount,

    /// <summary>The queues get the port's program.</summary>
    SetPrograms,

    /// <summary>The device steers packets to the queues: they are live.</summary>
    SteerOn,

    /// <summary>A physical function's filter is added.</summary>
    AddFilter,

    /// <summary>The port is as up as was remembered, the net device attached.</summary>
    AttachDevice,

    /// <summary>What was the port's before is again; pages that were allocated before are freed.</summary>
    Restore,

    /// <summary>Pages that were allocated before and not used are freed.</summary>
    FreeList,

    /// <summary>The port's structure is allocated (mana_probe_port).</summary>
    AllocatePort,

    /// <summary>The net device is registered.</summary>
    Register,

    /// <summary>The net device is unregistered and its structure freed; the program goes.</summary>
    Unregister,

    /// <summary>The request ends.</summary>
    Finish,
}
