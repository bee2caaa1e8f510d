using RxVerify.Implementation.PagePool;
using RxVerify.Model.Vocabulary.PagePool;
using RxVerify.Properties.PagePool.Defects;

namespace RxVerify.Properties.PagePool;

/// <summary>A planted mistake of the page pool.</summary>
/// <param name="Name">Name of the rules struct.</param>
/// <param name="Ids">Its entries in the catalogues (see <see cref="Defect.Ids"/>).</param>
/// <param name="Mistake">What it does wrong.</param>
/// <param name="History">The kernel commit it comes from or resembles, or that no fix is known.</param>
/// <param name="Breaks">The claim a hunt has to see broken; null for a mistake that is safe and must survive.</param>
/// <param name="World">A world with a pool that makes it.</param>
public sealed record PoolDefect(string Name, string Ids, string Mistake, string History, Claim? Breaks, Func<PoolConfiguration, PoolWorld> World)
    : Defect(Name, Ids, Mistake, History, Breaks);

/// <summary>The catalogue of planted mistakes of the page pool.</summary>
public static class PoolDefects
{
    /// <summary>The one that each default run has to report, so that a silent pipeline fails.</summary>
    public static PoolDefect Canary => Named(nameof(ForgetsFragments))!;

    /// <summary>All of them: F-C1 to F-C20, and those of the corpus D about the pool.</summary>
    public static readonly IReadOnlyList<PoolDefect> All =
    [
        Of<DrainsUsedReferences>("F-C1", "drains as many references as fragments were cut", "", PoolClaims.CounterBalances),
        Of<KeepsDrainedCounter>("F-C2", "cuts a drained page anew without setting its counter", "", PoolClaims.CounterBalances),
        Of<CountsFragmentsOn>("F-C2", "goes on counting fragments when a drained page is cut anew", "", PoolClaims.CounterBalances),
        Of<ReusesFullPage>("F-C3", "cuts a full page anew although fragments of it are in use", "", PoolClaims.OneHolderPerByte),
        Of<ForgetsFragments>("F-C4", "takes a page back with its first fragment", "", PoolClaims.OneHolderPerByte),
        Of<LeavesCounterAtZero>("F-C5", "leaves the counter of a page that comes back at 0", "", PoolClaims.WaitingPagesAreReady),
        Of<RecyclesSharedPages>("F-C6", "recycles a page that somebody else holds", "", PoolClaims.OneHolderPerByte),
        Of<KeepsReserve>("F-C7", "recycles pages of the emergency reserve", "", PoolClaims.ReserveIsGivenUp),
        Of<OverfillsCache>("F-C8", "pushes onto a full cache", "", PoolClaims.AccessesAreInside),
        Of<DropsWhenRingFull>("F-C9", "forgets a page for which the ring has no place", "", PoolClaims.Conservation),
        Of<ReleasesUncounted>("F-C10", "gives pages up without counting them", "", PoolClaims.Conservation),
        Of<ReleasesWithoutPut>("F-C10", "counts a page as released and keeps its reference", "compare fec e38553bdc377 (D-79)", PoolClaims.NothingLeft),
        Of<HoldsBeforeMapping>("F-C11", "counts a page as held before its mapping fails", "", PoolClaims.Conservation),
        Of<RefillsPastOtherNode>("F-C12", "refills on after a page of another node", "harmless: policy only", null),
        Of<FreesWithPagesOutside>("F-C13", "frees the pool whatever is outside", "compare c3f812cea0d7 (D-38)", PoolClaims.PoolOutlivesPages),
        Of<KeepsCurrentPage>("F-C14", "keeps the current page when it is destroyed", "", PoolClaims.DestructionEnds),
        Of<DropsCurrentPageAgain>("F-C14", "gives the current page back each time destruction looks", "", PoolClaims.Conservation),
        Of<FreesUnderProducer>("F-C15, D-27", "frees the pool while a producer is inside", "fixed by 271683bb2cf3", PoolClaims.PoolOutlivesPages),
        Of<CountsBulkAfterLock>("F-C15, D-28", "counts what a bulk put produced after the lock was given back", "fixed by bdea4980182e", PoolClaims.PoolOutlivesPages),
        Of<RecyclesIntoDestroyedPool>("F-C16, D-39", "goes on recycling into the cache of a destroyed pool", "fixed by 56ef27e3abe6", PoolClaims.DestroyedIsEmpty),
        Of<RecyclesFromAnywhere>("F-C16, D-45", "pushes into the cache from other processors too", "compare 2b986b9e917b", PoolClaims.CacheHasOneContext),
        Of<OvertakesDirectPut>("D-41", "empties the cache while a put that has chosen it is under way", "proposed 2024-25, not found merged", PoolClaims.DestroyedIsEmpty),
        Of<SyncsLastFragment>("F-C17", "syncs as much as the last fragment was long", "", PoolClaims.HandedOutClean),
        Of<LeavesNewPageDirty>("C.2", "does not sync a page that comes from the allocator", "", PoolClaims.HandedOutClean),
        Of<LeavesDrainedPageDirty>("C.3.3", "does not sync a page that a drain got back", "", PoolClaims.HandedOutClean),
        Of<PaysWholeCounter>("F-C18, D-32", "pays the largest value of the counter in advance", "fixed by aaf153aecef1", PoolClaims.CounterBalances),
        Of<OverlooksSecondUser>("F-C19", "does not count the XDP memory model among its users", "", PoolClaims.PoolOutlivesPages),
        Of<LooksForEver>("F-C20, D-42", "looks again for ever when inflight is negative", "fixed by 43130d02baa1", PoolClaims.DestructionEnds),
        Of<LeavesPagesOutsideMapped>("D-29", "leaves pages outside mapped when it is destroyed", "fixed by ee62ce7a1d90", PoolClaims.DestroyedIsEmpty),
        Of<KeepsUnregisteredMapping>("C.2.5", "leaves a page mapped that could not be registered", "", PoolClaims.MappedWhileInPool),
        Of<TakesForeignPages>("C.4, B.7 #13", "puts each page into the pool that its queue registered, signed or not", "as XDP frames return on 5.15; no fix found", PoolClaims.OwnPagesOnly),
        Of<ComparesWholeWord>("D-36", "compares bits of the signature's word that are others'", "fixed by 0fa32ca438b4", PoolClaims.MappedWhileInPool),
    ];

    /// <summary>The defect with this name or catalogue id, or null.</summary>
    public static PoolDefect? Named(string name) => Defect.Named(All, name);

    /// <summary>A world with the right rules, or with a defect's.</summary>
    public static PoolWorld WorldOf(PoolDefect? defect, PoolConfiguration configuration) =>
        defect is null ? new PoolWorld<RightPoolRules>(configuration) : defect.World(configuration);

    private static PoolDefect Of<TRules>(string ids, string mistake, string history, Claim? breaks)
        where TRules : struct, IPoolRules =>
        new(typeof(TRules).Name, ids, mistake, history, breaks, static configuration => new PoolWorld<TRules>(configuration));
}
