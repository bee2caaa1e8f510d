using System.Diagnostics.CodeAnalysis;

namespace RxVerify.Implementation.Mana;

/// <summary>
/// Every decision of the receive path that a known bug got wrong. The defaults are the right rules; a defect is a struct that
/// overrides one of them. Taken as a type argument, so that the right rules cost nothing at run time.
/// </summary>
[SuppressMessage("Design", "CA1000", Justification = "Static virtual members are what lets the compiler inline the right rules; see bench/README.md.")]
public interface IManaRules
{
    /// <summary>B.2.3, F-B18: bytes that a fragment or a buffer without a program is given, before they are aligned, of those it needs with the skb's own data.</summary>
    static virtual int BytesToAllocate(int needed, int sharedInfo) => needed;

    /// <summary>B.2.3, F-B17: the bytes of which frag_count says how many fit a page: as they are aligned, not as they were needed.</summary>
    static virtual int BytesToCount(int needed, int aligned) => aligned;

    /// <summary>B.2.2, B.7 #4: bytes charged for a buffer that has an allocation for itself, all of it or what was asked for.</summary>
    static virtual int BytesToCharge(int asked, int allocated) => allocated;

    /// <summary>B.7 #5: bytes charged for a page allocated before that serves as a fragment's place: the page that is held, or the fragment.</summary>
    static virtual int BytesToChargeForForeignPage(int fragment, int page) => page;

    /// <summary>B.2.2, F-B19: where the device writes in a buffer whose packet begins behind a headroom.</summary>
    static virtual int HeadroomInAddress(int headroom) => headroom;

    /// <summary>B.4.2, F-B4: whether the driver unmaps a buffer when it is handed over: it unmaps what it mapped itself.</summary>
    static virtual bool UnmapsAtHandOver(bool isWholePage, bool isFromPool) => isWholePage || !isFromPool;

    /// <summary>B.4.7.6, F-B3: whether a buffer is unmapped by the driver at teardown.</summary>
    static virtual bool UnmapsAtTeardown(bool isWholePage, bool isFromPool) => isWholePage || !isFromPool;

    /// <summary>B.4.7.6, B.7.1, F-B3: whether a buffer goes back to the pool at teardown.</summary>
    static virtual bool ReturnsToPoolAtTeardown(bool isWholePage, bool isFromPool) => isFromPool;

    /// <summary>B.7 #2: whether a fragment is synced for the processor before it is read.</summary>
    static virtual bool SyncsFragments => true;

    /// <summary>B.7 #3: whether a length is compared with the buffer.</summary>
    static virtual bool ChecksLength => true;

    /// <summary>B.7 #12, F-B7: whether the buffer of a completion without a length is posted again.</summary>
    static virtual bool RepostsAfterNoLength => true;

    /// <summary>B.7 #12: whether the buffer of a completion of a type that was not asked for is posted again.</summary>
    static virtual bool RepostsAfterUnknownType => true;

    /// <summary>B.4.3: whether a poll goes on after a completion of another queue.</summary>
    static virtual bool GoesOnAfterForeignCompletion => true;

    /// <summary>B.4.2, F-B5: whether a packet whose buffer has no replacement stays where it is, and is dropped.</summary>
    static virtual bool KeepsBufferWithoutReplacement => true;

    /// <summary>B.4.2, F-B6: whether a buffer without a replacement is posted again.</summary>
    static virtual bool RepostsWithoutReplacement => true;

    /// <summary>B.4.3.6, B.7 #18: whether the tail moves before a slot is posted again, so that there is room.</summary>
    static virtual bool MovesTailFirst => true;

    /// <summary>B.4.4.8, F-B8: whether a dropped fragment returns one reference and not its whole page.</summary>
    static virtual bool DropsFragmentAlone => true;

    /// <summary>B.4.4.8, F-B9: whether a dropped buffer goes back to the pool.</summary>
    static virtual bool DropsToPool(bool isFromPool) => isFromPool;

    /// <summary>B.4.4.8, B.7 #6: whether a dropped page that is not the pool's is kept for the next refill, which looks for it only where buffers are whole pages.</summary>
    static virtual bool SavesDroppedPage(bool isWholePage) => isWholePage;

    /// <summary>B.4.4.3, F-B11: whether a buffer that was redirected is left alone.</summary>
    static virtual bool LeavesRedirected => true;

    /// <summary>B.4.4.4, F-B12: whether a buffer that could not be redirected is dropped.</summary>
    static virtual bool DropsAfterFailedRedirect => true;

    /// <summary>B.7 #13: whether a packet on a page that is not the pool's is copied to one that is before it is redirected.</summary>
    static virtual bool CopiesForeignPageToRedirect => true;

    /// <summary>B.4.4.5, F-B13: whether the skb is built after the program has run.</summary>
    static virtual bool BuildsSkbAfterVerdict => true;

    /// <summary>B.4.4.6, F-B14, F-B15: whether an skb is marked for recycling.</summary>
    static virtual bool MarksForRecycling(bool isFromPool) => isFromPool;

    /// <summary>B.4.5, F-B26: whether a buffer that is sent back stays until the transmission completes.</summary>
    static virtual bool KeepsUntilTransmitted => true;

    /// <summary>B.4.7, F-B25: whether the buffers are given back before the pool is destroyed.</summary>
    static virtual bool GivesBuffersBackFirst => true;

    /// <summary>B.7 #8, F-B22: whether a failed creation undoes each step once and only what it did.</summary>
    static virtual bool UndoesWhatWasDone => true;
}

/// <summary>The right rules.</summary>
public readonly struct RightManaRules : IManaRules;
