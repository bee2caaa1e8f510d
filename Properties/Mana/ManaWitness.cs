using RxVerify.Implementation.Mana;
using RxVerify.Implementation.Memory;
using RxVerify.Implementation.PagePool;
using RxVerify.Model.Vocabulary.Mana;

namespace RxVerify.Properties.Mana;

/// <summary>
/// Checks every claim of the MANA queue after each step, from what memory, IOMMU, device, readers and holders can see. The driver's
/// own memory is read where a claim is about it, and never believed.
/// </summary>
public sealed partial class ManaWitness
{
    // SKB_DATA_ALIGN(sizeof(struct skb_shared_info)), B.1.
    private const int SharedInfo = 320;

    private const int None = -1;

    private readonly ManaWorld _world;
    private readonly ManaQueue _queue;
    private readonly GdmaDevice _device;
    private readonly PhysicalMemory _memory;
    private readonly ClaimSet _claims;
    private readonly ManaReaders _readers;
    private readonly ManaImage _image;
    private readonly Sighting[] _seen;
    private readonly (int Stamp, int Place)[] _postedOn;
    private readonly int[] _postedBefore;
    private ManaCounters _before;
    private int _postedStamp;
    private bool _mustDecideAll;

    // A pool that there is, if any: what a page knows of its pool is the same whichever is asked.
    private Pool? _any;

    /// <summary>A witness of a world, from its start.</summary>
    /// <param name="world">What is watched.</param>
    /// <param name="claims">The claims that end a run. A wrong access always does.</param>
    public ManaWitness(ManaWorld world, ClaimSet claims)
    {
        _world = world;
        _queue = world.Queue;
        _device = world.Device;
        _memory = world.Memory;
        _claims = claims;
        _readers = new ManaReaders(world);
        _image = new ManaImage(world);
        _seen = new Sighting[_memory.Frames];
        _postedOn = new (int, int)[_memory.Frames];
        _postedBefore = new int[world.Configuration.QueueSize];
        Restart();
    }

    /// <summary>Whether every claim is decided from nothing after each step, changed or not: slower, and it must find the same.</summary>
    public bool DecidesEverything { get; init; }

    /// <summary>Where a page was found.</summary>
    private struct Sighting
    {
        /// <summary>Whether it is in cache or ring of a pool, or being cut.</summary>
        public bool IsInPool;

        /// <summary>Times it was found in slots, packets, transmissions, frames, or saved.</summary>
        public int Outside;

        public readonly bool IsSeen => IsInPool || Outside > 0;
    }

    /// <summary>The world is back at its start.</summary>
    public void Restart()
    {
        _readers.Restart();
        _mustDecideAll = true;
    }

    /// <summary>What is wrong with a queue just created, or null.</summary>
    public Finding? CheckStart() =>
        _memory.Trap is { Kind: not TrapKind.None } trap
            ? (_claims.Contains(BrokenBy(trap.Kind)) ? Caught(trap) : null)
            : CheckRoom() ?? CheckState();

    /// <summary>An operation is about to be done: what the claims compare with is noted.</summary>
    public void BeginStep()
    {
        _mustDecideAll |= DecidesEverything;
        _readers.BeginStep();
        _before = _queue.Counters;
    }

    /// <summary>The operation was done: every claim is checked. Null when all hold.</summary>
    public Finding? EndStep(ManaOperation operation)
    {
        _readers.EndStep();
        if (_memory.Trap is { Kind: not TrapKind.None } trap)
        {
            return Caught(trap);
        }

        if (_readers.Finding is { } seen && _claims.Contains(seen.Claim))
        {
            return seen;
        }

        var state = CheckState();
        _mustDecideAll = state is not null;
        return state
            ?? CheckLosses()
            ?? (operation.Kind == ManaOperationKind.Create ? CheckRoom() : null)
            ?? (operation.Kind == ManaOperationKind.Settle ? CheckEnd(operation.KeepsHeld) : null);
    }

    /// <summary>The claim that a wrong access breaks.</summary>
    internal static Claim BrokenBy(TrapKind trap) => trap switch
    {
        TrapKind.UseAfterFree or TrapKind.DoubleFree or TrapKind.FreedWhileHeld or TrapKind.WriteAfterFree => ManaClaims.PagesAreOwned,
        TrapKind.FreedWhileMapped or TrapKind.DoubleUnmap or TrapKind.DeviceFault => ManaClaims.MappedWhileNeeded,
        TrapKind.OutOfBounds or TrapKind.FragmentOverflow => ManaClaims.AccessesAreInside,
        TrapKind.DeviceWroteHeldBytes => ManaClaims.OneOwner,
        TrapKind.ReadBeforeSync => ManaClaims.ReadAfterSync,
        TrapKind.SkbUseAfterFree => ManaClaims.SkbsAreOwned,
        TrapKind.ResourceNotHeld => ManaClaims.UndoneOnce,
        TrapKind.PoolUseAfterFree or TrapKind.CounterUnderflow or TrapKind.CacheOverflow => ManaClaims.PoolsGetTheirOwn,
        _ => throw new ArgumentOutOfRangeException(nameof(trap), trap, "not a wrong access of a MANA queue"),
    };

    /// <summary>B.2: a buffer has room for headroom, packet and the skb's own data.</summary>
    private Finding? CheckRoom()
    {
        if (!_queue.IsUp)
        {
            return null;
        }

        ref readonly var layout = ref _queue.Layout;
        int needed = layout.Headroom + layout.DataSize + SharedInfo;
        int most = layout.IsFragmented ? layout.AllocSize : _memory.PageSize;
        return needed > most ? NoRoom(needed, most) : null;
    }

    /// <summary>Each completion consumed is accounted for.</summary>
    private Finding? CheckLosses()
    {
        ref readonly var now = ref _queue.Counters;
        long consumed = now.Completed - _before.Completed;
        long told = now.Packets - _before.Packets + (now.Dropped - _before.Dropped)
            + (now.CompletionErrors - _before.CompletionErrors) + (now.Fences - _before.Fences);
        return consumed == told ? null : LostSilently(consumed, told);
    }

    /// <summary>After settling: everything posted again, and nothing left of what was let go.</summary>
    private Finding? CheckEnd(bool keepsHeld)
    {
        if (_queue.IsUp)
        {
            return _world.Pending == 0 && _device.Visible != _world.Configuration.QueueSize ? NotRefilled() : null;
        }

        bool isLeft = _memory.LivePages > 0 || _memory.Mappings > 0 || _world.WaitingPools > 0;
        return !keepsHeld && isLeft ? SomethingLeft() : null;
    }

    private bool IsOfPool(int frame) => _any is not null && _any.IsOfPool(frame);
}
