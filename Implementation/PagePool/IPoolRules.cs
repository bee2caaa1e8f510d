using System.Diagnostics.CodeAnalysis;

namespace RxVerify.Implementation.PagePool;

/// <summary>
/// Every decision of the page pool that a known bug got wrong. The defaults are the right rules; a defect is a struct that
/// overrides one of them. Taken as a type argument, so that the right rules cost nothing at run time.
/// </summary>
[SuppressMessage("Design", "CA1000", Justification = "Static virtual members are what lets the compiler inline the right rules; see bench/README.md.")]
public interface IPoolRules
{
    /// <summary>C.3.3: references that a drain takes off a page of which <paramref name="users"/> fragments were cut.</summary>
    static virtual long ReferencesToDrain(long bias, long users) => bias - users;

    /// <summary>C.3.5: whether a page that a drain got back starts again with the full bias.</summary>
    static virtual bool SetsCounterOfDrainedPage => true;

    /// <summary>C.3.5: whether the fragments cut from a page are counted from one again when it is cut anew.</summary>
    static virtual bool CountsFragmentsAnew => true;

    /// <summary>C.3.3.2: whether a full page whose fragments are still in use is forgotten.</summary>
    static virtual bool ForgetsFullPage => true;

    /// <summary>C.4.1: whether a put waits for the other fragments of the page.</summary>
    static virtual bool HeedsFragments => true;

    /// <summary>C.4, 6.12: whether the counter of a page that comes back is set to 1.</summary>
    static virtual bool RestoresCounter => true;

    /// <summary>C.4.2: whether a page may be used again, by its page count.</summary>
    static virtual bool IsUnshared(int pageCount) => pageCount == 1;

    /// <summary>C.4.2: whether pages of the emergency reserve are given up.</summary>
    static virtual bool GivesUpReserve => true;

    /// <summary>C.4.2: whether the cache has room.</summary>
    static virtual bool CacheHasRoom(int count, int size) => count < size;

    /// <summary>C.4.2: whether a page that finds the ring full leaves the pool.</summary>
    static virtual bool GivesUpWhenRingFull => true;

    /// <summary>C.5: whether a page that leaves is counted.</summary>
    static virtual bool CountsRelease => true;

    /// <summary>C.5: whether a page that leaves loses the pool's page reference.</summary>
    static virtual bool DropsReleasedPage => true;

    /// <summary>C.2.4: whether a page is counted as held only after it was mapped.</summary>
    static virtual bool CountsHoldAfterMapping => true;

    /// <summary>C.2.5, 6.12: whether a page that cannot be registered in the index is unmapped.</summary>
    static virtual bool UnmapsUnregistered => true;

    /// <summary>C.2.3: whether a refill stops at a page of another node.</summary>
    static virtual bool StopsAtOtherNode => true;

    /// <summary>C.1: whether the bias leaves half of the counter to other users, where the era has that.</summary>
    static virtual bool HalvesBias => true;

    /// <summary>C.7: bytes that a put syncs for the device.</summary>
    /// <param name="asked">What the caller said, 0 for all.</param>
    /// <param name="all">All that the device may write.</param>
    /// <param name="thing">Length of what was put last.</param>
    static virtual int BytesToSync(int asked, int all, int thing) => asked == 0 ? all : Math.Min(asked, all);

    /// <summary>C.7: whether a new page is synced for the device after it was mapped.</summary>
    static virtual bool SyncsNewPage => true;

    /// <summary>C.3.3.3: whether a page that a drain got back is synced for the device.</summary>
    static virtual bool SyncsDrainedPage => true;

    /// <summary>C.4, D-36: whether a page carries the pool's signature; the two lowest bits of the word belong to others.</summary>
    static virtual bool IsSigned(ulong word, ulong signature) => (word & ~3ul) == signature;

    /// <summary>C.4, B.7 #13: the pool that a page goes back to: the one it names, whatever pool its queue registered.</summary>
    /// <param name="named">Number of the pool that the page names, 0 for none.</param>
    /// <param name="registered">Number of the pool that its queue registered.</param>
    static virtual int PoolOf(int named, int registered) => named;

    /// <summary>C.4.2: whether a put from another processor stays away from the cache.</summary>
    static virtual bool KeepsOthersOutOfCache => true;

    /// <summary>C.5, D-39: whether direct recycling ends when the pool is destroyed.</summary>
    static virtual bool EndsDirectRecycling => true;

    /// <summary>C.5, D-41: whether destruction waits for puts that have already decided to go into the cache.</summary>
    static virtual bool WaitsForDirectPuts => true;

    /// <summary>C.5: whether destruction gives back the current page.</summary>
    static virtual bool DropsCurrentPage => true;

    /// <summary>C.5: whether destruction forgets the current page that it gave back.</summary>
    static virtual bool ForgetsDroppedPage => true;

    /// <summary>C.5, D-29: whether pages outside are unmapped when the pool is destroyed, where the era has that.</summary>
    static virtual bool UnmapsPagesOutside => true;

    /// <summary>C.5.3, D-27: whether destruction waits until no producer is inside.</summary>
    static virtual bool WaitsForProducers => true;

    /// <summary>C.4, D-28: whether a bulk put still holds the producer's lock when it counts what it produced.</summary>
    static virtual bool CountsBulkUnderLock => true;

    /// <summary>C.5.4: whether a destroyed pool may be freed.</summary>
    static virtual bool MayBeFreed(int inflight) => inflight == 0;

    /// <summary>C.5.4, D-42: whether the delayed work is to look again.</summary>
    static virtual bool LooksAgain(int inflight) => inflight > 0;

    /// <summary>C.1, F-C19: whether the XDP memory model counts as a user.</summary>
    static virtual bool CountsSecondUser => true;
}

/// <summary>The right rules.</summary>
public readonly struct RightPoolRules : IPoolRules;
