using RxVerify.Implementation.PagePool;

namespace RxVerify.Properties.PagePool.Defects;

/// <summary>Counts a page as held before its mapping fails.</summary>
public readonly struct HoldsBeforeMapping : IPoolRules
{
    static bool IPoolRules.CountsHoldAfterMapping => false;
}

/// <summary>Leaves a page mapped that could not be registered.</summary>
public readonly struct KeepsUnregisteredMapping : IPoolRules
{
    static bool IPoolRules.UnmapsUnregistered => false;
}

/// <summary>Refills on after a page of another node.</summary>
public readonly struct RefillsPastOtherNode : IPoolRules
{
    static bool IPoolRules.StopsAtOtherNode => false;
}

/// <summary>Syncs as much as the last fragment was long.</summary>
public readonly struct SyncsLastFragment : IPoolRules
{
    static int IPoolRules.BytesToSync(int asked, int all, int thing) => asked == 0 ? Math.Min(thing, all) : Math.Min(asked, all);
}

/// <summary>Does not sync a page when it comes from the allocator.</summary>
public readonly struct LeavesNewPageDirty : IPoolRules
{
    static bool IPoolRules.SyncsNewPage => false;
}

/// <summary>Does not sync a page that a drain got back.</summary>
public readonly struct LeavesDrainedPageDirty : IPoolRules
{
    static bool IPoolRules.SyncsDrainedPage => false;
}
