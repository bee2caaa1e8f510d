using RxVerify.Implementation.PagePool;
using RxVerify.Model.Vocabulary.PagePool;

namespace RxVerify.Properties.PagePool;

/// <content>How a broken claim shows, in words. Apart from the checks, which run after every step.</content>
public sealed partial class PoolWitness
{
    private Finding? Broken(Claim claim, string detail) => _claims.Contains(claim) ? new Finding(claim, detail) : null;

    private Finding? LeavesPage(PoolOperation operation, in HeldThing thing) => Broken(PoolClaims.FragmentsStayInside,
        $"{thing.Length} bytes at byte {thing.Offset} of {thing.Page} were given for {operation.Size}, and a page has {_configuration.PageBytes}");

    private Finding? GivenTwice(in HeldThing given, in HeldThing other) => Broken(PoolClaims.OneHolderPerByte,
        $"{given.Page} from byte {given.Offset} to {given.Offset + given.Length} was given out, and bytes {other.Offset} to {other.Offset + other.Length} are held already");

    private Finding? ReserveGivenAgain(in HeldThing thing) =>
        Broken(PoolClaims.ReserveIsGivenUp, $"{thing.Page} of the reserve was given out once more");

    private Finding? GivenDirty(in HeldThing thing) => Broken(PoolClaims.HandedOutClean,
        $"{thing.Page} was given out from byte {thing.Offset}, {thing.Length} bytes, some of which the processor wrote and nobody synced for the device");

    private Finding? CacheTouched() =>
        Broken(PoolClaims.CacheHasOneContext, $"a put on another processor changed the cache from {_cachedBefore} pages to {_pool.Cached}");

    private Finding? NeverGone() => Broken(PoolClaims.DestructionEnds,
        $"nothing is held any more, the destroyed pool counts {_pool.Inflight} pages outside, and {(_pool.HasRetry ? "will look again" : "nobody will look again")}");

    private Finding? DestroyedWhileUsed() => Broken(PoolClaims.PoolOutlivesPages,
        $"{_users} {(_users == 1 ? "user has" : "users have")} not destroyed the pool, and it {(_pool.IsUp ? "is being destroyed" : "is gone")}");

    private Finding? FreedWithPageOutside(int frame) =>
        Broken(PoolClaims.PoolOutlivesPages, $"the pool is gone, and {_memory.PageOf(frame)} of it is still outside");

    private Finding? MappingsLeft() => Broken(PoolClaims.NothingLeft, $"the pool is gone, and {_memory.Mappings} mappings are left");

    private Finding? ForeignWaits(int frame, string place) =>
        Broken(PoolClaims.OwnPagesOnly, $"{_memory.PageOf(frame)}, which is no pool's, waits in the {place}");

    private Finding? WaitsWhileHeld(int frame, string place)
    {
        ref readonly var seen = ref _seen[frame];
        return Broken(PoolClaims.OneHolderPerByte,
            $"{_memory.PageOf(frame)} waits in the {place}{(seen.Waiting > 1 ? " and elsewhere" : "")} while {seen.Outside + seen.References} references to it are held");
    }

    private Finding? ReserveWaits(int frame, string place) =>
        Broken(PoolClaims.ReserveIsGivenUp, $"{_memory.PageOf(frame)} of the reserve came back and waits in the {place}");

    private Finding? PagesDoNotBalance() => Broken(PoolClaims.Conservation,
        $"{_pool.Counters.Hold} held less {_pool.Counters.Release} released is {_pool.Inflight}, and {_pages} pages are in the pool or outside");

    private Finding? Forgotten(int frame) =>
        Broken(PoolClaims.NothingLeft, $"{_memory.PageOf(frame)} has {_memory.Count(frame)} references, and nobody has it");

    private Finding? CountIsWrong(int frame, int count) => Broken(
        _seen[frame].Waiting > 0 ? PoolClaims.WaitingPagesAreReady : PoolClaims.NothingLeft,
        $"{_memory.PageOf(frame)} has {_memory.Count(frame)} references, and {count} are accounted for");

    private Finding? WaitsWithCounter(int frame) =>
        Broken(PoolClaims.WaitingPagesAreReady, $"{_memory.PageOf(frame)} waits with a counter of {_pool.CounterOf(frame)}");

    private Finding? WaitsUnmapped(int frame) => Broken(PoolClaims.WaitingPagesAreReady, $"{_memory.PageOf(frame)} waits, and the device cannot reach it");

    private Finding? CounterIsWrong(int frame, long unused, int outside) => Broken(PoolClaims.CounterBalances,
        $"the counter of {_memory.PageOf(frame)} is {_pool.CounterOf(frame)}; {unused} of its bias are unused, {outside} references are outside, the type ends at {_configuration.CounterMax}");

    private Finding? CacheOfDestroyed() =>
        Broken(PoolClaims.DestroyedIsEmpty, $"the cache of the destroyed pool was emptied, and has {_pool.Cached} pages");

    private Finding? OutsideMapped(int frame) =>
        Broken(PoolClaims.DestroyedIsEmpty, $"the pool is destroyed, and {_memory.PageOf(frame)} outside is still mapped");
}
