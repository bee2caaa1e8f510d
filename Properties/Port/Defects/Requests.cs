using RxVerify.Implementation.Port;

namespace RxVerify.Properties.Port.Defects;

// Mistakes with parameters and rollback (B.4.11, B.4.12, B.6).

/// <summary>F-B1, B.7 #1, D-11: the new program is stored first, and stays when no page can be allocated before. As published; fixed by 4c46beb807ef.</summary>
public readonly struct KeepsNewProgram : IPortRules
{
    static bool IPortRules.StoresProgramAfterPreparing => false;
}

/// <summary>F-B2, B.7.1, D-25: the old program is put before anything else is done. As in revision v4 of the patch.</summary>
public readonly struct PutsOldProgramFirst : IPortRules
{
    static bool IPortRules.PutsOldProgramLast => false;
}

/// <summary>F-B20: parameters stay new when the port cannot be attached with them.</summary>
public readonly struct KeepsNewParameters : IPortRules
{
    static bool IPortRules.RestoresParameters => false;
}

/// <summary>B.7 #7: a change that cannot attach leaves it at that, and the port stays detached. As published.</summary>
public readonly struct LeavesPortDead : IPortRules
{
    static bool IPortRules.AttachesAgain => false;

    static bool IPortRules.StaysPresent => false;
}

/// <summary>B.7 #7: as many attempts as there should be, but the port is left detached when they all fail.</summary>
public readonly struct LeavesPortDetached : IPortRules
{
    static bool IPortRules.StaysPresent => false;
}

/// <summary>F-B21, D-16: a second detach remembers that the port is not up. As published; fixed by 5b05aa36ee24.</summary>
public readonly struct ForgetsFirstDetach : IPortRules
{
    static bool IPortRules.RemembersFirstDetach => false;
}

/// <summary>F-B24: pages allocated before that no queue took are forgotten.</summary>
public readonly struct ForgetsLeftovers : IPortRules
{
    static bool IPortRules.FreesLeftovers => false;
}

/// <summary>B.7 #11: with a program the largest MTU is what a page holds, whatever the adapter takes. As published; fixed in 2026.</summary>
public readonly struct ForgetsAdapterMtu : IPortRules
{
    static bool IPortRules.LimitsMtuByAdapter => false;
}
