using RxVerify.Implementation.Port;

namespace RxVerify.Properties.Port.Defects;

// Mistakes with queues, the vport and the device (B.4.6, B.4.7, B.4.9), and the control path as published.

/// <summary>B.7 #7, D-15: removal takes down the queues of a port that has none. As published; fixed by 17bfe0a8c014.</summary>
public readonly struct TakesDownAbsentQueues : IPortRules
{
    static bool IPortRules.GuardsAbsentQueues => false;
}

/// <summary>B.7 #9, F-B23: the vport stays taken when the transmit queues cannot be created. As published.</summary>
public readonly struct KeepsVportAfterFailure : IPortRules
{
    static bool IPortRules.ReleasesVportAfterTransmitFails => false;
}

/// <summary>B.7 #10: the RDMA driver gets the vport in the middle of a change. As published.</summary>
public readonly struct LendsVport : IPortRules
{
    static bool IPortRules.KeepsVport => false;
}

/// <summary>B.7 #14: packets are steered to the queues before these have the program. As published.</summary>
public readonly struct SteersBeforeProgram : IPortRules
{
    static bool IPortRules.SetsProgramsBeforeSteering => false;
}

/// <summary>B.7 #14: the queues lose the program before they stop receiving. As published.</summary>
public readonly struct ClearsProgramsFirst : IPortRules
{
    static bool IPortRules.KeepsProgramsUntilDestroyed => false;
}

/// <summary>B.7 #15: buffers are freed although the device did not confirm that it stopped. As published.</summary>
public readonly struct TrustsSilentDevice : IPortRules
{
    static bool IPortRules.ResetsUnresponsiveDevice => false;
}

/// <summary>D-23: a queue whose creation fails late is reported as created. Compare be0499369d63.</summary>
public readonly struct ReportsSuccessAfterFailure : IPortRules
{
    static bool IPortRules.ReportsLateFailure => false;
}

/// <summary>The control path as published in 2025 (730ff06d3f5c), with all its mistakes together: B.7 #1, #7, #9, #10, #11, #14, #15.</summary>
public readonly struct PortAsPublished2025 : IPortRules
{
    static bool IPortRules.StoresProgramAfterPreparing => false;

    static bool IPortRules.AttachesAgain => false;

    static bool IPortRules.StaysPresent => false;

    static bool IPortRules.RemembersFirstDetach => false;

    static bool IPortRules.GuardsAbsentQueues => false;

    static bool IPortRules.ReleasesVportAfterTransmitFails => false;

    static bool IPortRules.KeepsVport => false;

    static bool IPortRules.LimitsMtuByAdapter => false;

    static bool IPortRules.SetsProgramsBeforeSteering => false;

    static bool IPortRules.KeepsProgramsUntilDestroyed => false;

    static bool IPortRules.ResetsUnresponsiveDevice => false;
}
