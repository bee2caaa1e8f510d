using RxVerify.Explorer;
using RxVerify.Implementation.PagePool;
using RxVerify.Model.Vocabulary.PagePool;
using RxVerify.Properties.Pictures;

namespace RxVerify.Properties.PagePool;

/// <content>How a broken claim shows, in words. Apart from the checks, which run after every step.</content>
public sealed partial class PoolWitness
{
    private Finding? Broken(Claim claim, string detail, Party first, Party second, Place? place = null) =>
        _claims.Contains(claim) ? new Finding(claim, detail, new Conflict(first, second, place)) : null;

    private Place Page(int frame) => new(_memory.PageOf(frame), 0, _memory.PageSize);

    private static Place Bytes(in HeldThing thing) => new(thing.Page, thing.Offset, thing.Length);

    private static Party Pool(string does) => Party.Of(Holder.Pool, does);

    private static Party User(string does) => Party.Of(Holder.User, does);

    private Finding? LeavesPage(PoolOperation operation, in HeldThing thing) => Broken(
        PoolClaims.FragmentsStayInside,
        $"{Quantity.OfBytes(thing.Length)} at byte {thing.Offset} of {thing.Page} {(thing.Length == 1 ? "was" : "were")} given for {operation.Size}, and a page has {_configuration.PageBytes}",
        Pool($"gave out {Quantity.OfBytes(thing.Length)} from byte {thing.Offset}"), User($"asked for {operation.Size} on a page of {_configuration.PageBytes}"), Bytes(thing));

    private Finding? GivenTwice(in HeldThing given, in HeldThing other) => Broken(
        PoolClaims.OneHolderPerByte,
        $"{given.Page} from byte {given.Offset} to {given.Offset + given.Length} was given out, and bytes {other.Offset} to {other.Offset + other.Length} are held already",
        Pool($"gave out bytes {given.Offset} to {given.Offset + given.Length - 1}"), Holds(other), Bytes(given));

    private static Party Holds(in HeldThing other) =>
        Party.Of(other.IsOfPool ? Holder.User : Holder.Reader, $"holds bytes {other.Offset} to {other.Offset + other.Length - 1} already");

    private Finding? ReserveGivenAgain(in HeldThing thing) => Broken(
        PoolClaims.ReserveIsGivenUp, $"{thing.Page} of the reserve was given out once more",
        Pool("gave the page out once more"), new Party("the page allocator", "lent it from its emergency reserve and wants it back"), Bytes(thing));

    private Finding? GivenDirty(in HeldThing thing) => Broken(
        PoolClaims.HandedOutClean,
        $"{thing.Page} was given out from byte {thing.Offset}, {Quantity.OfBytes(thing.Length)}, some of which the processor wrote and nobody synced for the device",
        Pool("gave these bytes out to be posted"), new Party("the processor", "wrote some of them, and nobody synced those for the device"), Bytes(thing));

    private Finding? CacheTouched() => Broken(
        PoolClaims.CacheHasOneContext, $"a put on another processor changed the cache from {Quantity.Of(_cachedBefore, "page")} to {_pool.Cached}",
        new Party("a put on another processor", $"changed the cache from {Quantity.Of(_cachedBefore, "page")} to {_pool.Cached}"), Pool("has its cache, which has no lock, for its own processor alone"));

    private Finding? NeverGone() => Broken(
        PoolClaims.DestructionEnds,
        $"nothing is held any more, the destroyed pool counts {Quantity.Of(_pool.Inflight, "page")} outside, and {(_pool.HasRetry ? "will look again" : "nobody will look again")}",
        new Party("all users", "have given everything back"), Pool($"counts {Quantity.Of(_pool.Inflight, "page")} outside, and {(_pool.HasRetry ? "will look again for ever" : "nobody will look again")}"));

    private Finding? DestroyedWhileUsed() => Broken(
        PoolClaims.PoolOutlivesPages, $"{Quantity.Of(_users, "user has", "users have")} not destroyed the pool, and it {(_pool.IsUp ? "is being destroyed" : "is gone")}",
        new Party(Quantity.Of(_users, "user"), "registered and did not destroy the pool"), Pool(_pool.IsUp ? "is being destroyed" : "is gone"));

    private Finding? FreedWithPageOutside(int frame) => Broken(
        PoolClaims.PoolOutlivesPages, $"the pool is gone, and {_memory.PageOf(frame)} of it is still outside",
        new Party("the pool", "is gone: nobody is there to take the page back"), User("still has the page"), Page(frame));

    private Finding? MappingsLeft() => Broken(
        PoolClaims.NothingLeft, $"the pool is gone, and {Quantity.Of(_memory.Mappings, "mapping is", "mappings are")} left",
        new Party("the pool", "is gone"), new Party("the IOMMU", $"still has {Quantity.Of(_memory.Mappings, "mapping")} of its pages"));

    private Finding? ForeignWaits(int frame, string place) => Broken(
        PoolClaims.OwnPagesOnly, $"{_memory.PageOf(frame)}, which is no pool's, waits in the {place}",
        Pool($"keeps the page in its {place}, for the device"), new Party("somebody else", "owns it: it never came from a pool"), Page(frame));

    private Finding? WaitsWhileHeld(int frame, string place)
    {
        ref readonly var seen = ref _seen[frame];
        int held = seen.Outside + seen.References;
        return Broken(
            PoolClaims.OneHolderPerByte, $"{_memory.PageOf(frame)} waits in the {place}{(seen.Waiting > 1 ? " and elsewhere" : "")} while {Quantity.Of(held, "reference to it is", "references to it are")} held",
            Pool($"keeps the page in its {place}, to give it out next"),
            held > 0 ? Party.Of(seen.Outside > 0 ? Holder.User : Holder.Reader, $"holds it: references held are {held}") : Pool("has it in another place too"), Page(frame));
    }

    private Finding? ReserveWaits(int frame, string place) => Broken(
        PoolClaims.ReserveIsGivenUp, $"{_memory.PageOf(frame)} of the reserve came back and waits in the {place}",
        Pool($"keeps the page in its {place}"), new Party("the page allocator", "lent it from its emergency reserve and wants it back"), Page(frame));

    private Finding? PagesDoNotBalance() => Broken(
        PoolClaims.Conservation, $"{_pool.Counters.Hold} held less {_pool.Counters.Release} released is {_pool.Inflight}, and {Quantity.Of(_pages, "page is", "pages are")} in the pool or outside",
        Pool($"counts {_pool.Counters.Hold} held less {_pool.Counters.Release} released: {_pool.Inflight}"), new Party("its pages", $"inside and outside are {_pages}"));

    private Finding? Forgotten(int frame) => Broken(
        PoolClaims.NothingLeft, $"{_memory.PageOf(frame)} has {Quantity.Of(_memory.Count(frame), "reference")}, and nobody has it",
        new Party("the count of the page", $"says {Quantity.Of(_memory.Count(frame), "reference")}"), Party.Of(Holder.Nobody, "has it any more"), Page(frame));

    private Finding? CountIsWrong(int frame, int count) => Broken(
        _seen[frame].Waiting > 0 ? PoolClaims.WaitingPagesAreReady : PoolClaims.NothingLeft,
        $"{_memory.PageOf(frame)} has {Quantity.Of(_memory.Count(frame), "reference")}, and {Quantity.Of(count, "is", "are")} accounted for",
        new Party("the count of the page", $"says {Quantity.Of(_memory.Count(frame), "reference")}"), new Party("all who have it", $"account for {count}"), Page(frame));

    private Finding? WaitsWithCounter(int frame) => Broken(
        PoolClaims.WaitingPagesAreReady, $"{_memory.PageOf(frame)} waits with a counter of {_pool.CounterOf(frame)}",
        Pool("keeps the page for the next user, as one that nobody has"), new Party("its counter", $"says {_pool.CounterOf(frame)}, and not 1"), Page(frame));

    private Finding? WaitsUnmapped(int frame) => Broken(
        PoolClaims.WaitingPagesAreReady, $"{_memory.PageOf(frame)} waits, and the device cannot reach it",
        Pool("keeps the page for the next user, as one that is mapped"), new Party("the IOMMU", "has no mapping of it"), Page(frame));

    private Finding? CounterIsWrong(int frame, long unused, int outside) => Broken(
        PoolClaims.CounterBalances,
        $"the counter of {_memory.PageOf(frame)} is {_pool.CounterOf(frame)}; of its bias {unused} {(unused == 1 ? "is" : "are")} unused, {Quantity.Of(outside, "reference is", "references are")} outside, the type ends at {_configuration.CounterMax}",
        new Party("the counter of the page", $"says {_pool.CounterOf(frame)}"), new Party("unused bias and users", $"are {unused} and {outside}, and the type ends at {_configuration.CounterMax}"), Page(frame));

    private Finding? CacheOfDestroyed() => Broken(
        PoolClaims.DestroyedIsEmpty, $"the cache of the destroyed pool was emptied, and has {Quantity.Of(_pool.Cached, "page")}",
        new Party("the destruction", "emptied the cache, and will not look there again"), Pool($"has {Quantity.Of(_pool.Cached, "page")} in it"), Page(_pool.CacheAt(0)));

    private Finding? OutsideMapped(int frame) => Broken(
        PoolClaims.DestroyedIsEmpty, $"the pool is destroyed, and {_memory.PageOf(frame)} outside is still mapped",
        new Party("the pool", "is destroyed, and its driver may be gone"), new Party("the device (NIC)", "can still write the page: its mapping is left"), Page(frame));
}
