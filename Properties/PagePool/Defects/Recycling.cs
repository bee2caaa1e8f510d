using RxVerify.Implementation.PagePool;

namespace RxVerify.Properties.PagePool.Defects;

/// <summary>Recycles a page that somebody else holds.</summary>
public readonly struct RecyclesSharedPages : IPoolRules
{
    static bool IPoolRules.IsUnshared(int pageCount) => true;
}

/// <summary>Recycles pages of the emergency reserve.</summary>
public readonly struct KeepsReserve : IPoolRules
{
    static bool IPoolRules.GivesUpReserve => false;
}

/// <summary>Pushes onto a full cache.</summary>
public readonly struct OverfillsCache : IPoolRules
{
    static bool IPoolRules.CacheHasRoom(int count, int size) => true;
}

/// <summary>Forgets a page for which the ring has no place.</summary>
public readonly struct DropsWhenRingFull : IPoolRules
{
    static bool IPoolRules.GivesUpWhenRingFull => false;
}

/// <summary>Gives pages up without counting them.</summary>
public readonly struct ReleasesUncounted : IPoolRules
{
    static bool IPoolRules.CountsRelease => false;
}

/// <summary>Counts a page as released and keeps its reference.</summary>
public readonly struct ReleasesWithoutPut : IPoolRules
{
    static bool IPoolRules.DropsReleasedPage => false;
}

/// <summary>Pushes into the cache from other processors too.</summary>
public readonly struct RecyclesFromAnywhere : IPoolRules
{
    static bool IPoolRules.KeepsOthersOutOfCache => false;
}

/// <summary>Puts each page into the pool that its queue registered, without a look at the signature. As XDP frames return on 5.15; no fix found.</summary>
public readonly struct TakesForeignPages : IPoolRules
{
    static bool IPoolRules.IsSigned(ulong word, ulong signature) => true;

    static int IPoolRules.PoolOf(int named, int registered) => registered;
}

/// <summary>Compares all bits of the signature's word, two of which are others'.</summary>
public readonly struct ComparesWholeWord : IPoolRules
{
    static bool IPoolRules.IsSigned(ulong word, ulong signature) => word == signature;
}
