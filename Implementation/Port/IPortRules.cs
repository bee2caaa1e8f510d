using System.Diagnostics.CodeAnalysis;

namespace RxVerify.Implementation.Port;

/// <summary>
/// Every decision of the control path that a known bug got wrong. The defaults are the right rules; a defect is a struct that
/// overrides one of them.
/// </summary>
[SuppressMessage("Design", "CA1000", Justification = "Static virtual members are what lets the compiler inline the right rules; see bench/README.md.")]
public interface IPortRules
{
    /// <summary>B.4.11, B.7 #1, F-B1: whether the port's program changes with the other parameters, in Store; else when the request begins, and a failed Preallocate leaves it so.</summary>
    static virtual bool StoresProgramAfterPreparing => true;

    /// <summary>B.7.1, F-B2: whether the old program's reference is kept until the request has succeeded; else it is put when the request begins.</summary>
    static virtual bool PutsOldProgramLast => true;

    /// <summary>B.6, F-B20: whether Restore brings the old parameters back.</summary>
    static virtual bool RestoresParameters => true;

    /// <summary>B.7 #7: whether a change that could not attach attaches once more with the old parameters.</summary>
    static virtual bool AttachesAgain => true;

    /// <summary>B.6, B.7 #7: whether a port that could not be attached is left present, so that a request can mend it; else it is Dead.</summary>
    static virtual bool StaysPresent => true;

    /// <summary>B.6, F-B21: whether a second detach leaves alone what the first one remembered; else it remembers that the port is not up.</summary>
    static virtual bool RemembersFirstDetach => true;

    /// <summary>B.7 #7, D-15: whether Remove leaves queues alone that are not there; else it takes down a port that was up, with or without them.</summary>
    static virtual bool GuardsAbsentQueues => true;

    /// <summary>B.7 #9, F-B23: whether the vport is given back when the transmit queues cannot be created.</summary>
    static virtual bool ReleasesVportAfterTransmitFails => true;

    /// <summary>F-B24: whether pages allocated before that nobody took are freed (FreeList, Restore).</summary>
    static virtual bool FreesLeftovers => true;

    /// <summary>B.7 #10: whether the RDMA driver is kept from the vport of a port that is to be up; else only the use count is asked.</summary>
    static virtual bool KeepsVport => true;

    /// <summary>B.7 #11: whether max_mtu with a program is at most the adapter's.</summary>
    static virtual bool LimitsMtuByAdapter => true;

    /// <summary>B.7 #14: whether the queues have the program before packets are steered to them; else SetPrograms comes after SteerOn.</summary>
    static virtual bool SetsProgramsBeforeSteering => true;

    /// <summary>B.7 #14: whether the queues keep the program until they are destroyed; else Deallocate begins with ClearPrograms.</summary>
    static virtual bool KeepsProgramsUntilDestroyed => true;

    /// <summary>B.7 #15: whether a device that does not confirm SteerOff, Fence or the end of a WQ object is reset before buffers are freed; else the error is ignored.</summary>
    static virtual bool ResetsUnresponsiveDevice => true;

    /// <summary>D-23: whether a queue whose creation failed at the completion queue or later is reported as failed; else as created.</summary>
    static virtual bool ReportsLateFailure => true;
}

/// <summary>The right rules.</summary>
public readonly struct RightPortRules : IPortRules;
