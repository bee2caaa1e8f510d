using RxVerify.Model.Vocabulary;
using RxVerify.Model.Vocabulary.PagePool;

namespace RxVerify.Model.PagePool;

/// <summary>
/// What the environment decides about new memory in one operation: what fails, once, after a number of successes of the same kind;
/// whether pages are of the reserve; and the ids they are born with. It lives as long as the operation, so it may count.
/// </summary>
internal struct PoolLuck(PoolFault fault, int successes, bool fromReserve, int pagesBorn)
{
    private int _successesLeft = successes;

    /// <summary>The last page id given, to be kept when the operation is over.</summary>
    internal int PagesBorn { get; private set; } = pagesBorn;

    /// <summary>Whether pages that the allocator gives now are of its emergency reserve.</summary>
    internal readonly bool FromReserve => fromReserve;

    /// <summary>How many of the pages asked for together the allocator gives.</summary>
    internal int Given(int asked)
    {
        var given = 0;
        while (given < asked && !Strikes(PoolFault.Page))
        {
            given++;
        }

        return given;
    }

    /// <summary>Whether a page that the allocator gave cannot be used (C.2.5): not mapped, or not registered.</summary>
    internal bool Spoils() => Strikes(PoolFault.Mapping) || Strikes(PoolFault.Index);

    /// <summary>The next page is born.</summary>
    internal PageId Birth() => new(++PagesBorn);

    private bool Strikes(PoolFault kind)
    {
        if (kind != fault)
        {
            return false;
        }

        // It passes zero once, so it strikes once.
        _successesLeft--;
        return _successesLeft == -1;
    }
}
