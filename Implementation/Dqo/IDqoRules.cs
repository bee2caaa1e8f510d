using System.Diagnostics.CodeAnalysis;

namespace RxVerify.Implementation.Dqo;

/// <summary>
/// Every decision of the receive path that a known bug got wrong. The defaults are the right rules; a defect is a struct that
/// overrides one of them. Taken as a type argument, so that the right rules cost nothing at run time.
/// </summary>
[SuppressMessage("Design", "CA1000", Justification = "Static virtual members are what lets the compiler inline the right rules; see bench/README.md.")]
public interface IDqoRules
{
    /// <summary>A.5.3.2: the count is read after the reference for the chunk just handed up was paid.</summary>
    static virtual bool CountsAfterPaying => true;

    /// <summary>A.5.3.2, D-50: whether a state is classified before its packet is handed up, while nobody can let go of it.</summary>
    static virtual bool ClassifiesBeforeHandUp => true;

    /// <summary>A.5.3.3: whether the chunk just handed up is the only referenced one of its page.</summary>
    static virtual bool IsOnlyReference(int outstanding) => outstanding == 1;

    /// <summary>A.5.3.5: whether nothing is known about the next chunk, so that the page has to wait on the used list.</summary>
    static virtual bool MustWait(int nextOffset, int lastSingle) => nextOffset == lastSingle;

    /// <summary>A.5.3.4: the offset of the next chunk, round the page.</summary>
    static virtual int NextOffset(int offset, int chunkSize, int pageSize) =>
        offset + (2 * chunkSize) <= pageSize ? offset + chunkSize : 0;

    /// <summary>A.5.5.6.1, I5: whether a buffer whose packet was copied is classified as if it had been handed up.</summary>
    static virtual bool ClassifiesAfterCopy => false;

    /// <summary>A.5.5.3, I5: whether a buffer that came back with an error moves on to its next chunk.</summary>
    static virtual bool AdvancesAfterError => false;

    /// <summary>A.5.1.3: whether a page of the used list may be posted again.</summary>
    static virtual bool MayLeaveUsedList(int outstanding) => outstanding == 0;

    /// <summary>A.5.1.1, A.7: whether a buffer keeps its last single offset when it is posted again from the recycled list.</summary>
    static virtual bool KeepsLastSingle => true;

    /// <summary>A.4.8: references subtracted before the driver drops its last one on a page it gives up.</summary>
    static virtual int ReferencesToReturn(int bias) => bias - 1;

    /// <summary>A.5.1.4: whether a discarded buffer's page is freed.</summary>
    static virtual bool DiscardFreesPage => true;

    /// <summary>A.5.1.4, A.4.8: whether a discard removes the mapping itself, although freeing the page does.</summary>
    static virtual bool DiscardUnmaps => false;

    /// <summary>A.4.9: references to add when the bias has run out, <paramref name="count"/> being the page count then.</summary>
    static virtual int ReferencesToAdd(int limit, int count) => limit - count;

    /// <summary>A.4.9: whether the bias is replenished before the packet that took the last reference is handed up.</summary>
    static virtual bool ReplenishesBeforeHandUp => true;

    /// <summary>A.4.7, I2: the page a state gets: the one just allocated, not its neighbour's.</summary>
    static virtual int PageFor(int allocated, int neighbours) => allocated;

    /// <summary>A.4.7.2, I7: the bus address that a state posts: its present page's, not that of the page <paramref name="before"/>, 0 for none.</summary>
    static virtual ulong AddressFor(ulong mapped, ulong before) => mapped;

    /// <summary>A-D1: whether a state forgets a page that could not be mapped.</summary>
    static virtual bool ForgetsUnmappedPage => true;

    /// <summary>A-D6: whether the page allocator may sleep although the caller may not.</summary>
    static virtual bool AllocatesSleeping => false;

    /// <summary>A.5.5.1: whether a buffer id exists.</summary>
    static virtual bool IdExists(int id, int states) => id < states;

    /// <summary>A.5.5.2: whether a completion for a buffer that is not posted is refused.</summary>
    static virtual bool RefusesUnposted => true;

    /// <summary>A.5.5.4: bytes of a buffer that are synced for the processor.</summary>
    static virtual int BytesToSync(int length) => length;

    /// <summary>A-D13: whether a length is compared with the chunk.</summary>
    static virtual bool ChecksLength => true;

    /// <summary>A-D3: whether the bus address of a buffer is prefetched.</summary>
    static virtual bool PrefetchesBusAddress => false;

    /// <summary>A.5.7.1.1-2, I8: whether the generation bit is read before the other fields.</summary>
    static virtual bool ReadsGenerationFirst => true;

    /// <summary>A.5.7.1.4, I8: whether the generation flips when the head has moved to <paramref name="nextHead"/>.</summary>
    static virtual bool FlipsGeneration(int nextHead, int mask) => nextHead == 0;

    /// <summary>A.5.2.1, I6: buffer slots that may be full.</summary>
    static virtual int UsableSlots(int mask) => mask;

    /// <summary>A.5.2.1, I6: whether posting stops for want of completion slots.</summary>
    static virtual bool HeedsCompletionSlots => true;

    /// <summary>A-D8: whether a completion whose buffer is unknown or not posted returns its slots all the same.</summary>
    static virtual bool UnknownBufferReturnsSlots => false;

    /// <summary>A-D10, D-6: whether a timer wakes a queue that left the device too little.</summary>
    static virtual bool RetriesWhenStarved => true;

    /// <summary>A.5.7.1.3, F-A19: whether the packet under assembly is freed when a completion fails.</summary>
    static virtual bool FreesPartialPacket => true;

    /// <summary>A-D5: whether the NAPI forgets the skb that is freed.</summary>
    static virtual bool ClearsNapiSkb => true;

    /// <summary>A-D7, I11: whether the rest of a failed packet is dropped.</summary>
    static virtual bool DropsRestOfPacket => true;

    /// <summary>A.5.7.1.8: whether a packet that cannot be what the device says (A.5.6.2) is counted when it is freed.</summary>
    static virtual bool CountsRefusedPackets => true;

    /// <summary>A-D9: whether a failed completion costs one of the budget.</summary>
    static virtual bool ChargesFailures => true;

    /// <summary>A-D4: whether each extra skb of a long packet hangs on the frag_list of the one before instead of being its sibling.</summary>
    static virtual bool NestsExtraSkbs => false;

    /// <summary>A.9.3: whether so few states are clear of the used list that packets have to be copied.</summary>
    static virtual bool CopiesOnDemand(int used, int states, int threshold) => used >= states - threshold;

    /// <summary>A.9.3: whether a state that leaves the used list is no longer counted there.</summary>
    static virtual bool UncountsTakenStates => true;

    /// <summary>A.5.8: whether the device is stopped before the pages are freed.</summary>
    static virtual bool StopsDeviceFirst => true;
}

/// <summary>The right rules.</summary>
public readonly struct RightRules : IDqoRules;
