using RxVerify.Implementation.Memory;
using RxVerify.Model.Vocabulary.PagePool;

namespace RxVerify.Implementation.PagePool;

/// <summary>What who destroys the pool does next (docs/pool.md, "Destruction, step by step"; C.5).</summary>
public enum DestroyStep : byte
{
    /// <summary>Nothing: no destruction is under way.</summary>
    Idle,

    /// <summary>Gives back the page being cut.</summary>
    CurrentPage,

    /// <summary>Empties the cache, and unmaps what is outside.</summary>
    Scrub,

    /// <summary>Empties the ring.</summary>
    Ring,

    /// <summary>Subtracts what left from what entered.</summary>
    Inflight,

    /// <summary>Takes and drops the producer's lock.</summary>
    Lock,

    /// <summary>Frees the pool, or leaves that to a retry.</summary>
    FreeOrWait,
}

/// <summary>The pool's own variables. What may be none is stored plus one, so that a cleared block means none.</summary>
internal struct PoolHeader
{
    public PoolCounters Counters;
    public long CurrentUsers;
    public int Existing;
    public int Created;
    public int Users;
    public int Destroys;
    public int Node;
    public int Cached;
    public int RingProducer;
    public int RingHead;
    public int RingTail;
    public int CurrentPlusOne;
    public int CurrentOffset;
    public int Inflight;
    public DestroyStep Step;
    public bool HasRetry;
    public bool RecyclesDirectly;
    public bool Syncs;
    public bool ProducerInside;
}

/// <summary>
/// A page pool as laid out in memory: what a debugger attached to the kernel sees. Reading it changes nothing. The functions are
/// declared here, for who uses a pool whatever its rules are, and written in <see cref="Pool{TRules}"/>.
/// </summary>
public abstract unsafe class Pool : StatePart
{
    /// <summary>No page.</summary>
    public const int None = -1;

    /// <summary>What a page's word is or-ed with while it belongs to a pool (PP_SIGNATURE); its two lowest bits are 0.</summary>
    private protected const ulong Signature = 0xdead_0000_0000_0040;

    /// <summary>The allocator's mark of a page from its emergency reserve, in the same word (pfmemalloc, C.4).</summary>
    private protected const ulong ReserveMark = 2;

    private readonly PoolPages _pages;

    private protected Pool(PoolConfiguration configuration, PoolPages pages)
    {
        Configuration = configuration;
        RingSlots = configuration.RingSlots;
        _pages = pages;
    }

    /// <summary>The pool's number, by which its pages name it; of one that is gone 0.</summary>
    public int Number => Header->Existing;

    /// <summary>Whether there is a pool, be it one that waits for its last pages.</summary>
    public bool IsUp => Header->Existing != 0;

    /// <summary>Users (user_cnt): the driver, and the XDP memory model once it is registered; 0 when the pool is destroyed.</summary>
    public int Users => Header->Users;

    /// <summary>How often the destroyed pool was scrubbed (destroy_cnt).</summary>
    public int Destroys => Header->Destroys;

    /// <summary>Whether the delayed work will look again.</summary>
    public bool HasRetry => Header->HasRetry;

    /// <summary>What who destroys the pool does next.</summary>
    public DestroyStep DestroyStep => Header->Step;

    /// <summary>The statistics; those of a pool that is gone stay until the next one.</summary>
    public ref readonly PoolCounters Counters => ref Header->Counters;

    /// <summary>Pages that entered the pool and did not leave it (C.5.2), signed.</summary>
    public int Inflight => (int)(Header->Counters.Hold - Header->Counters.Release);

    /// <summary>What <see cref="Inflight"/> was when who destroys the pool looked last.</summary>
    public int InflightSeen => Header->Inflight;

    /// <summary>Pages in the cache.</summary>
    public int Cached => Header->Cached;

    /// <summary>Places of the ring.</summary>
    public int RingSlots { get; }

    /// <summary>Where the ring's producer writes next.</summary>
    public int RingProducer => Header->RingProducer;

    /// <summary>Where the ring's consumer reads next.</summary>
    public int RingHead => Header->RingHead;

    /// <summary>The first place that the consumer has read and not cleared; <see cref="RingHead"/> when there is none.</summary>
    public int RingTail => Header->RingTail;

    /// <summary>Frame of the page being cut into fragments (frag_page), or -1.</summary>
    public int Current => Header->CurrentPlusOne - 1;

    /// <summary>Where the next fragment begins on it (frag_offset); 0 without such a page.</summary>
    public int CurrentOffset => Header->CurrentOffset;

    /// <summary>Fragments cut from it (frag_users); 0 without such a page.</summary>
    public long CurrentUsers => Header->CurrentUsers;

    /// <summary>The node whose pages the pool prefers.</summary>
    public int Node => Header->Node;

    /// <summary>Whether a put on the pool's processor goes into the cache unasked (cpuid, napi): 6.12, until the pool is destroyed.</summary>
    public bool RecyclesDirectly => Header->RecyclesDirectly;

    /// <summary>Whether the pool syncs for the device now (dma_sync): until it is scrubbed on 6.12, always on 5.15.</summary>
    public bool SyncsForDevice => Header->Syncs;

    /// <summary>Whether a producer holds the ring's lock.</summary>
    public bool ProducerInside => Header->ProducerInside;

    /// <summary>Whether pages that the allocator gives now are of its emergency reserve (pfmemalloc). No part of the state.</summary>
    public bool FromReserve { get; set; }

    /// <summary>Pages that ever left a pool for good, counted for outcomes and whatever the rules count. No part of the state.</summary>
    internal long Departures { get; private protected set; }

    internal PoolHeader* Header { get; private set; }

    private protected PoolConfiguration Configuration { get; }

    private protected PoolPage* Pages { get; private set; }

    private protected int* Cache { get; private set; }

    private protected int* Ring { get; private set; }

    /// <summary>Counts, cache and ring, byte for byte: where they are the same, the pool has done nothing.</summary>
    public ReadOnlySpan<byte> Variables => new(Header, (int)((byte*)(Ring + RingSlots) - (byte*)Header));

    /// <summary>The frame at a place of the cache, the one taken next at the last place.</summary>
    public int CacheAt(int place) => Cache[place];

    /// <summary>The frame that a place of the ring names, be it one read and not cleared, or -1 for an empty place.</summary>
    public int RingAt(int slot) => Ring[slot] - 1;

    /// <summary>The frame of the page that the ring's consumer reads after <paramref name="others"/> others, or -1 behind the last one.</summary>
    public int RingPageAt(int others)
    {
        // Places between tail and head were read and not cleared yet.
        int slot = RingHead + others;
        return others >= RingSlots - (RingHead - RingTail) ? None : RingAt(slot < RingSlots ? slot : slot - RingSlots);
    }

    /// <summary>The fragment counter of the page in a frame.</summary>
    public long CounterOf(int frame) => Pages[frame].Counter;

    /// <summary>The bus address of the page in a frame, 0 when it is not mapped by the pool.</summary>
    public ulong AddressOf(int frame) => Pages[frame].Address;

    /// <summary>Whether the page in a frame belongs to a pool, this one or one before it, whatever the rules make of its signature.</summary>
    public bool IsOfPool(int frame) => Pages[frame].Pool != 0;

    /// <summary>Whether the page in a frame is of the emergency reserve; pages of a pool only.</summary>
    public bool IsOfReserve(int frame) => (Pages[frame].Word & ReserveMark) != 0;

    /// <summary>The node of the page in a frame; pages of a pool only.</summary>
    public int NodeOf(int frame) => Pages[frame].Node;

    /// <summary>The signature test by which the stack recognises a page of a pool (C.4).</summary>
    public abstract bool Owns(int frame);

    /// <summary>Creates a pool, where there is none (C.1).</summary>
    public abstract void Create();

    /// <summary>A whole page (C.2), or -1. Single-threaded: the pool's own processor.</summary>
    public abstract int TakePage();

    /// <summary>A fragment of <paramref name="size"/> bytes (C.3). Single-threaded, as <see cref="TakePage"/>.</summary>
    public abstract bool TakeFragment(int size, out int frame, out int offset);

    /// <summary>A fragment or a whole page, whichever suits the size (C.3, helper); <paramref name="size"/> becomes what was given.</summary>
    public abstract bool TakeAny(ref int size, out int frame, out int offset);

    /// <summary>One more pool reference on a page of the pool (page_pool_ref_page).</summary>
    public abstract void AddReference(int frame);

    /// <summary>Puts one pool reference, all steps (C.4).</summary>
    /// <param name="frame">A page of the pool.</param>
    /// <param name="context">Where it runs and what the caller says.</param>
    /// <param name="sync">Bytes that may have been written and are to be synced for the device; 0 for all.</param>
    /// <param name="length">Bytes of what is put, 0 for the page; only a wrong rule looks at it.</param>
    public abstract void Put(int frame, PutContext context, int sync, int length = 0);

    /// <summary>Puts a page whole, whatever its fragment counter says (page_pool_put_unrefed_page).</summary>
    public abstract void PutWhole(int frame, PutContext context);

    /// <summary>First step of a put, once for each thing of the pool that is put together; <paramref name="put"/> is idle before the first.</summary>
    public abstract void Count(ref PutUnderWay put, int frame, PutContext context, int sync, int length);

    /// <summary>Whether a put that is about to publish will take the producer's lock.</summary>
    public abstract bool NeedsRing(in PutUnderWay put);

    /// <summary>The next step of a put.</summary>
    public abstract void Go(ref PutUnderWay put);

    /// <summary>The driver runs on a node from now on; the cache is emptied, since only a refill looks at nodes (page_pool_update_nid).</summary>
    public abstract void MoveTo(int node);

    /// <summary>A second user, the XDP memory model, shares the pool.</summary>
    public abstract void Register();

    /// <summary>A user destroys the pool, all steps (C.5).</summary>
    public abstract void Destroy();

    /// <summary>The delayed work looks again, all steps.</summary>
    public abstract void Retry();

    /// <summary>First step of <see cref="Destroy"/>.</summary>
    public abstract void BeginDestroy();

    /// <summary>First step of <see cref="Retry"/>.</summary>
    public abstract void BeginRetry();

    /// <summary>The next step of who destroys the pool.</summary>
    public abstract void GoDestroy();

    /// <summary>Whether a step of destruction need not wait now.</summary>
    /// <param name="step">The step.</param>
    /// <param name="directPutIsDecided">Whether a put on the pool's processor has decided to go into the cache and is not there yet.</param>
    public abstract bool MayDo(DestroyStep step, bool directPutIsDecided);

    /// <inheritdoc/>
    protected internal override void Lay(ref BlockCursor cursor)
    {
        Header = cursor.Take<PoolHeader>(1);
        Cache = cursor.Take<int>(Configuration.CacheSize);
        Ring = cursor.Take<int>(RingSlots);
        Pages = _pages.At;
    }
}

/// <summary>
/// The page pool: net/core/page_pool.c as functions of the same steps, with a LIFO cache, a ptr_ring, and references to
/// fragments paid in advance. Allocates nothing.
/// </summary>
/// <typeparam name="TRules">The decisions, right or planted.</typeparam>
public sealed unsafe partial class Pool<TRules> : Pool
    where TRules : struct, IPoolRules
{
    private readonly PhysicalMemory _memory;
    private readonly Iommu _iommu;
    private readonly FaultPlan _faults;
    private readonly bool _is612;
    private readonly bool _countsFragments;
    private readonly int _pageBytes;
    private readonly int _syncBytes;
    private readonly int _alignmentMask;
    private readonly int _cacheSize;
    private readonly int _ringClears;
    private readonly int _place;
    private readonly int _pools;
    private readonly long _bias;

    /// <summary>Room for a pool, which is not created yet.</summary>
    /// <param name="configuration">The constants.</param>
    /// <param name="memory">Where pages come from.</param>
    /// <param name="iommu">The device's view of them.</param>
    /// <param name="faults">What fails.</param>
    /// <param name="pages">What the pages know of their pools; laid into the block before the pool is.</param>
    /// <param name="place">Which of the pools that share <paramref name="pages"/> this is, from 0.</param>
    public Pool(PoolConfiguration configuration, PhysicalMemory memory, Iommu iommu, FaultPlan faults, PoolPages pages, int place = 0)
        : base(configuration, pages)
    {
        _place = place;
        _pools = pages.Pools;
        _memory = memory;
        _iommu = iommu;
        _faults = faults;
        _is612 = configuration.Era == PoolEra.Linux612;
        _countsFragments = _is612 || configuration.Fragments;
        _pageBytes = configuration.PageBytes;
        _syncBytes = configuration.SyncBytes;
        _alignmentMask = configuration.Alignment - 1;
        _cacheSize = configuration.CacheSize;
        _ringClears = configuration.RingClears;
        _bias = TRules.HalvesBias ? configuration.BiasMax : configuration.CounterMax;
    }

    /// <inheritdoc/>
    public override bool Owns(int frame) => TRules.IsSigned(Pages[frame].Word, Signature);

    /// <summary>Whether the pool of this number can be touched; what is left of one that was freed is a trap (P6, D-27).</summary>
    private bool CanTouch(int pool, int frame)
    {
        if (pool != 0 && pool == Header->Existing)
        {
            return true;
        }

        _memory.Catch(TrapKind.PoolUseAfterFree, frame, 0, 0);
        return false;
    }
}
