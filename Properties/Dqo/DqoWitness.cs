using System.Runtime.InteropServices;
using RxVerify.Implementation.Dqo;
using RxVerify.Implementation.Memory;
using RxVerify.Model.Vocabulary.Dqo;

namespace RxVerify.Properties.Dqo;

/// <summary>
/// Checks every claim after each step, from what memory, IOMMU, device and stack can see. The driver's own memory is read
/// where a claim is about it (I1, I4, I5, I6, I9), and never believed.
/// </summary>
public sealed partial class DqoWitness
{
    private readonly DqoWorld _world;
    private readonly DqoQueue _queue;
    private readonly DqoDevice _device;
    private readonly PhysicalMemory _memory;
    private readonly Iommu _iommu;
    private readonly DqoConfiguration _configuration;
    private readonly int _chunkSize;
    private readonly DqoReaders _readers;
    private readonly ClaimSet _claims;
    private readonly DqoPlace[] _placeOf;
    private readonly DqoPlace[] _placesBefore;
    private readonly int[] _seenAt;
    private readonly int[] _loanAt;
    private readonly int[] _attachedAt;
    private readonly BufferState[] _before;
    private readonly int[] _holdsBefore;
    private DqoCounters _countersBefore;
    private int _usedBefore;
    private int _usedNow;
    private int _postedNow;
    private int _pagesNow;
    private int _failureCarried;
    private int _stamp;

    /// <summary>A witness of a world, from its start.</summary>
    /// <param name="world">What is watched.</param>
    /// <param name="claims">The claims that end a run. A wrong access always does.</param>
    /// <param name="keepsFacts">Whether packets are noted for a comparison.</param>
    public DqoWitness(DqoWorld world, ClaimSet claims, bool keepsFacts)
    {
        _world = world;
        _queue = world.Queue;
        _device = world.Device;
        _memory = world.Memory;
        _iommu = world.Iommu;
        _configuration = world.Configuration;
        _chunkSize = world.Configuration.ChunkSize;
        _claims = claims;
        _readers = new DqoReaders(world) { KeepsFacts = keepsFacts };
        int states = world.Configuration.BufferStates;
        _placeOf = new DqoPlace[states];
        _placesBefore = new DqoPlace[states];
        _seenAt = new int[states];
        _loanAt = new int[world.Memory.Frames];
        _attachedAt = new int[world.Memory.Frames];
        _before = new BufferState[states];
        _holdsBefore = new int[states];
        _ownerOf = new short[world.Memory.Frames];
        world.Iommu.Observer = this;
        Restart();
    }

    /// <summary>Where each buffer state was found by the last check.</summary>
    public ReadOnlySpan<DqoPlace> Places => _placeOf;

    internal DqoReaders Readers => _readers;

    internal ReadOnlySpan<BufferState> StatesBefore => _before;

    internal ref readonly DqoCounters CountersBefore => ref _countersBefore;

    internal bool HadPartialPacket { get; private set; }

    internal bool HadTimerArmed { get; private set; }

    internal ReadOnlySpan<DqoPlace> PlacesBefore => _placesBefore;

    /// <summary>Whether the driver's states are, byte for byte, what they were before it worked on them, as after most idle polls.</summary>
    internal bool StatesAreUnchanged { get; private set; }

    /// <summary>The world is back at its start.</summary>
    public void Restart()
    {
        _readers.Restart();
        _failureCarried = 0;
        _misplacedWrite = null;
        WalkLists();
    }

    /// <summary>An operation is about to be done: what the claims compare with is noted.</summary>
    public void BeginStep(DqoOperation operation)
    {
        _readers.BeginStep();
        _countersBefore = _queue.Counters;
        _usedBefore = _usedNow;
        HadPartialPacket = _queue.PartialSkb >= 0;
        HadTimerArmed = _queue.TimerArmed;
        if (LetsDriverWork(operation))
        {
            RememberStates();
        }
    }

    /// <summary>The operation was done: every claim is checked. Null when all hold.</summary>
    public Finding? EndStep(DqoOperation operation, DqoOutcome outcome)
    {
        bool isUp = _queue.IsUp;
        if (isUp)
        {
            _readers.EndStep(_world.Consumed);
        }

        if (operation.Kind is DqoOperationKind.Create or DqoOperationKind.Teardown)
        {
            _readers.QueueRebuilt();
        }

        if (_memory.Trap is { Kind: not TrapKind.None } trap)
        {
            return new Finding(DqoClaims.BrokenBy(trap.Kind), trap.ToString());
        }

        if (_misplacedWrite is not null)
        {
            return _misplacedWrite;
        }

        if (_readers.Finding is { } seen && _claims.Contains(seen.Claim))
        {
            return seen;
        }

        var finding = isUp ? CheckQueue(operation) : CheckLeaks();
        return finding
            ?? CheckOtherPages(isUp)
            ?? CheckLosses()
            ?? (operation.Kind switch
            {
                DqoOperationKind.Poll => CheckBudget(operation, outcome),
                DqoOperationKind.Settle when isUp => CheckRefill(operation),
                _ => null,
            });
    }

    private Finding? CheckQueue(DqoOperation operation)
    {
        var broken = WalkLists();
        broken ??= CheckLoans() ?? CheckSlots() ?? CheckAttachedPages();
        if (broken is not null || !LetsDriverWork(operation))
        {
            return broken;
        }

        StatesAreUnchanged = MemoryMarshal.AsBytes(_queue.States).SequenceEqual(MemoryMarshal.AsBytes<BufferState>(_before));
        return operation.Kind is DqoOperationKind.Poll or DqoOperationKind.Settle
            ? (StatesAreUnchanged ? null : CheckNeutrality()) ?? CheckCopies()
            : null;
    }

    /// <summary>Whether the driver works on buffer states of a queue that stays up.</summary>
    private static bool LetsDriverWork(DqoOperation operation) =>
        operation.Kind is DqoOperationKind.Poll or DqoOperationKind.Post or DqoOperationKind.Refill or DqoOperationKind.Settle;

    /// <summary>Keeps the states as they are before the driver works on them.</summary>
    private void RememberStates()
    {
        _placeOf.CopyTo(_placesBefore, 0);
        var states = _queue.States;
        states.CopyTo(_before);
        var memory = _memory;
        var holds = _holdsBefore;
        for (int id = 0; id < holds.Length; id++)
        {
            holds[id] = states[id].HasPage ? memory.HoldsEver(states[id].Frame) : 0;
        }
    }
}
