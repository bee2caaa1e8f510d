using RxVerify.Implementation.Memory;
using RxVerify.Implementation.PagePool;
using RxVerify.Model.Vocabulary;
using RxVerify.Model.Vocabulary.PagePool;

namespace RxVerify.Properties.PagePool;

/// <summary>
/// Checks every claim of the page pool after each step, from what memory, IOMMU and holders can see. Cache, ring and counters are
/// read where a claim is about them, and never believed.
/// </summary>
public sealed partial class PoolWitness
{
    private readonly PoolWorld _world;
    private readonly Pool _pool;
    private readonly PhysicalMemory _memory;
    private readonly PoolConfiguration _configuration;
    private readonly ClaimSet _claims;
    private readonly Sighting[] _seen;
    private readonly Past[] _past;
    private int _users;
    private int _cachedBefore;
    private int _pages;

    /// <summary>A witness of a world, from its start.</summary>
    /// <param name="world">What is watched.</param>
    /// <param name="claims">The claims that end a run. A wrong access always does.</param>
    public PoolWitness(PoolWorld world, ClaimSet claims)
    {
        _world = world;
        _pool = world.Pool;
        _memory = world.Memory;
        _configuration = world.Configuration;
        _claims = claims;
        _seen = new Sighting[_memory.Frames];
        _past = new Past[_memory.Frames];
        Restart();
    }

    /// <summary>Where a page was found, and by how many.</summary>
    private struct Sighting
    {
        /// <summary>Times it waits in cache or ring.</summary>
        public int Waiting;

        /// <summary>Times a put has it in hand.</summary>
        public int InHand;

        /// <summary>Pool references held outside.</summary>
        public int Outside;

        /// <summary>Page references held, each of a foreign page included.</summary>
        public int References;

        /// <summary>Whether it is the page being cut.</summary>
        public bool IsCurrent;

        /// <summary>Whether it is a page of the pool, for all that its holders know.</summary>
        public readonly bool IsOfPool => Waiting + InHand + Outside > 0 || IsCurrent;

        public readonly bool IsSeen => IsOfPool || References > 0;
    }

    /// <summary>What is remembered of the page in a frame, while it is the same page.</summary>
    private struct Past
    {
        public PageId Page;

        /// <summary>Its counter when it was begun to be cut.</summary>
        public long Bias;

        /// <summary>Fragments cut since.</summary>
        public int Cut;

        /// <summary>Whether it was ever given out.</summary>
        public bool WasGivenOut;

        /// <summary>Whether it is no pool's.</summary>
        public bool IsForeign;
    }

    /// <summary>The world is back at its start.</summary>
    public void Restart()
    {
        Array.Clear(_past);
        _users = 1;
    }

    /// <summary>What is wrong with a pool just created, or null.</summary>
    public Finding? CheckStart() => CheckState();

    /// <summary>An operation is about to be done: what the claims compare with is noted.</summary>
    public void BeginStep(PoolOperation operation) => _cachedBefore = _pool.Cached;

    /// <summary>The operation was done: every claim is checked. Null when all hold.</summary>
    public Finding? EndStep(PoolOperation operation, PoolOutcome outcome)
    {
        if (_memory.Trap is { Kind: not TrapKind.None } trap)
        {
            return new Finding(BrokenBy(trap.Kind), trap.ToString(), TrapConflict.Of(trap));
        }

        _users += operation.Kind switch
        {
            PoolOperationKind.Register or PoolOperationKind.Create => 1,
            PoolOperationKind.Destroy => -1,
            _ => 0,
        };
        return CheckGift(operation, outcome)
            ?? CheckState()
            ?? CheckContext(operation)
            ?? (operation is { Kind: PoolOperationKind.Settle, KeepsHeld: false } ? CheckEnd() : null);
    }

    /// <summary>The claim that a wrong access breaks.</summary>
    internal static Claim BrokenBy(TrapKind trap) => trap switch
    {
        TrapKind.UseAfterFree or TrapKind.DoubleFree or TrapKind.FreedWhileHeld or TrapKind.WriteAfterFree => PoolClaims.PagesAreOwned,
        TrapKind.FreedWhileMapped or TrapKind.DoubleUnmap or TrapKind.DeviceFault => PoolClaims.MappedWhileInPool,
        TrapKind.OutOfBounds or TrapKind.CacheOverflow => PoolClaims.AccessesAreInside,
        TrapKind.CounterUnderflow => PoolClaims.CounterBalances,
        TrapKind.PoolUseAfterFree => PoolClaims.PoolOutlivesPages,
        _ => throw new ArgumentOutOfRangeException(nameof(trap), trap, "not a wrong access to a pool"),
    };

    /// <summary>What was just given out: P3, P4, clean, reserve; and what is remembered of its page.</summary>
    private Finding? CheckGift(PoolOperation operation, PoolOutcome outcome)
    {
        if (outcome.Got.Page == PageId.None)
        {
            return null;
        }

        var thing = _world.Things[^1];
        ref var past = ref PastOf(thing.Frame);
        if (operation.Kind == PoolOperationKind.Foreign)
        {
            past.IsForeign = true;
            return null;
        }

        bool isBegun = thing.Offset == 0;
        var broken = CheckRange(operation, thing)
            ?? CheckOverlap(thing)
            ?? (isBegun && past.WasGivenOut && _pool.IsOfReserve(thing.Frame) ? ReserveGivenAgain(thing) : null)
            ?? (_pool.SyncsForDevice && _memory.IsDirty(thing.Frame, thing.Offset, thing.Length) ? GivenDirty(thing) : null);
        past.WasGivenOut = true;
        if (thing.Kind == ThingKind.Fragment && isBegun)
        {
            past.Bias = _pool.CounterOf(thing.Frame);
            past.Cut = 1;
        }
        else
        {
            past.Cut++;
        }

        return broken;
    }

    private Finding? CheckRange(PoolOperation operation, in HeldThing thing) =>
        thing.Offset < 0 || thing.Length < operation.Size || thing.Offset + thing.Length > _configuration.PageBytes ? LeavesPage(operation, thing) : null;

    /// <summary>P3 for memory just given out: nobody else, not even by a page reference, has any of its bytes.</summary>
    private Finding? CheckOverlap(in HeldThing given)
    {
        var others = _world.Things[..^1];
        foreach (ref readonly var other in others)
        {
            if (other.Frame == given.Frame && other.Offset < given.Offset + given.Length && given.Offset < other.Offset + other.Length
                && (other.IsOfPool || given.Offset == 0))
            {
                return GivenTwice(given, other);
            }
        }

        return null;
    }

    /// <summary>P7: a step on another processor left the cache alone.</summary>
    private Finding? CheckContext(PoolOperation operation)
    {
        bool isElsewhere = operation.Kind switch
        {
            PoolOperationKind.Put or PoolOperationKind.Begin => operation.Context == PutContext.Elsewhere,
            PoolOperationKind.Go => operation.Processor is > 0 and < PoolConfiguration.Processors,
            _ => false,
        };
        return isElsewhere && _pool.Cached != _cachedBefore ? CacheTouched() : null;
    }

    /// <summary>C.5: nothing is held any more, so a destroyed pool is gone.</summary>
    private Finding? CheckEnd() =>
        _users == 0 && _pool.IsUp && (_pool.Inflight >= 0 || _pool.HasRetry) ? NeverGone() : null;

    private ref Past PastOf(int frame)
    {
        ref var past = ref _past[frame];
        var page = _memory.PageOf(frame);
        if (past.Page != page)
        {
            past = new Past { Page = page };
        }

        return ref past;
    }
}
