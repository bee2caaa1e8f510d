using RxVerify.Implementation.PagePool;

namespace RxVerify.Properties.PagePool.Defects;

/// <summary>Frees the pool whatever is outside.</summary>
public readonly struct FreesWithPagesOutside : IPoolRules
{
    static bool IPoolRules.MayBeFreed(int inflight) => true;
}

/// <summary>Keeps the current page when the pool is destroyed.</summary>
public readonly struct KeepsCurrentPage : IPoolRules
{
    static bool IPoolRules.DropsCurrentPage => false;
}

/// <summary>Gives the current page back each time destruction looks.</summary>
public readonly struct DropsCurrentPageAgain : IPoolRules
{
    static bool IPoolRules.ForgetsDroppedPage => false;
}

/// <summary>Frees the pool while a producer is inside.</summary>
public readonly struct FreesUnderProducer : IPoolRules
{
    static bool IPoolRules.WaitsForProducers => false;
}

/// <summary>Counts what a bulk put produced after the lock was given back.</summary>
public readonly struct CountsBulkAfterLock : IPoolRules
{
    static bool IPoolRules.CountsBulkUnderLock => false;
}

/// <summary>Goes on recycling into the cache of a destroyed pool.</summary>
public readonly struct RecyclesIntoDestroyedPool : IPoolRules
{
    static bool IPoolRules.EndsDirectRecycling => false;
}

/// <summary>Empties the cache while a put that has chosen it is under way.</summary>
public readonly struct OvertakesDirectPut : IPoolRules
{
    static bool IPoolRules.WaitsForDirectPuts => false;
}

/// <summary>Leaves pages outside mapped when the pool is destroyed.</summary>
public readonly struct LeavesPagesOutsideMapped : IPoolRules
{
    static bool IPoolRules.UnmapsPagesOutside => false;
}

/// <summary>Does not count the XDP memory model among the users.</summary>
public readonly struct OverlooksSecondUser : IPoolRules
{
    static bool IPoolRules.CountsSecondUser => false;
}

/// <summary>Looks again for ever when more pages came back than went out; a foreign page is what makes that so.</summary>
public readonly struct LooksForEver : IPoolRules
{
    static bool IPoolRules.IsSigned(ulong word, ulong signature) => true;

    static int IPoolRules.PoolOf(int named, int registered) => registered;

    static bool IPoolRules.LooksAgain(int inflight) => true;
}
