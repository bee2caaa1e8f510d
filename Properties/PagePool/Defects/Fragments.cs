using RxVerify.Implementation.PagePool;

namespace RxVerify.Properties.PagePool.Defects;

/// <summary>Drains as many references as fragments were cut, instead of those that were not.</summary>
public readonly struct DrainsUsedReferences : IPoolRules
{
    static long IPoolRules.ReferencesToDrain(long bias, long users) => users;
}

/// <summary>Cuts a drained page anew without setting its counter.</summary>
public readonly struct KeepsDrainedCounter : IPoolRules
{
    static bool IPoolRules.SetsCounterOfDrainedPage => false;
}

/// <summary>Goes on counting fragments when a drained page is cut anew.</summary>
public readonly struct CountsFragmentsOn : IPoolRules
{
    static bool IPoolRules.CountsFragmentsAnew => false;
}

/// <summary>Cuts a full page anew although fragments of it are in use.</summary>
public readonly struct ReusesFullPage : IPoolRules
{
    static bool IPoolRules.ForgetsFullPage => false;
}

/// <summary>Takes a page back with its first fragment.</summary>
public readonly struct ForgetsFragments : IPoolRules
{
    static bool IPoolRules.HeedsFragments => false;
}

/// <summary>Leaves the counter of a page that comes back at 0.</summary>
public readonly struct LeavesCounterAtZero : IPoolRules
{
    static bool IPoolRules.RestoresCounter => false;
}

/// <summary>Pays the largest value of the counter in advance, which leaves no room for anybody else.</summary>
public readonly struct PaysWholeCounter : IPoolRules
{
    static bool IPoolRules.HalvesBias => false;
}
