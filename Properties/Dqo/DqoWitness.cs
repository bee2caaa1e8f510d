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
    private int _stamp;

    /// <summary>A witness of a world, from its start.</summary>
    /// <param name="world">What is watched.</param>
    /// <param name="claims">The claims that end a run. A wrong access always does.</param>
    /// <param name="keepsFacts">Whether packets are noted for a comparison.</param>
    public DqoWitness(DqoWorld world, ClaimSet claims, bool keepsFacts)
    {
        _world = world;
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
        Restart();
    }

    /// <summary>Where each buffer state was found by the last check.</summary>
    public ReadOnlySpan<DqoPlace> Places => _placeOf;

    /// <summary>States on the used list at the last check.</summary>
    public int UsedStates => _usedNow;

    internal DqoReaders Readers => _readers;

    internal ref readonly BufferState Before(int id) => ref _before[id];

    internal ref readonly DqoCounters CountersBefore => ref _countersBefore;

    internal bool HadPartialPacket { get; private set; }

    internal bool HadTimerArmed { get; private set; }

    internal DqoPlace PlaceBefore(int id) => _placesBefore[id];

    /// <summary>The world is back at its start.</summary>
    public void Restart()
    {
        _readers.Restart();
        WalkLists();
    }

    /// <summary>An operation is about to be done: what the claims compare with is noted.</summary>
    public void BeginStep()
    {
        _readers.BeginStep();
        Remember();
    }

    /// <summary>The operation was done: every claim is checked. Null when all hold.</summary>
    public Finding? EndStep(DqoOperation operation, DqoOutcome outcome)
    {
        bool isUp = _world.Queue.IsUp;
        if (isUp)
        {
            _readers.EndStep(_world.Consumed);
        }

        if (operation.Kind is DqoOperationKind.Create or DqoOperationKind.Teardown)
        {
            _readers.QueueRebuilt();
        }

        var trap = _world.Memory.Trap;
        if (trap.Kind != TrapKind.None)
        {
            return new Finding(DqoClaims.BrokenBy(trap.Kind), trap.ToString());
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
        return broken
            ?? CheckLoans()
            ?? CheckSlots()
            ?? CheckAttachedPages()
            ?? (operation.Kind is DqoOperationKind.Poll or DqoOperationKind.Settle ? CheckNeutrality() ?? CheckCopies() : null);
    }

    private Finding? Broken(Claim claim, string detail) => _claims.Contains(claim) ? new Finding(claim, detail) : null;

    /// <summary>Keeps what the next step's claims compare with.</summary>
    private void Remember()
    {
        _countersBefore = _world.Queue.Counters;
        HadPartialPacket = _world.Queue.PartialSkb >= 0;
        HadTimerArmed = _world.Queue.TimerArmed;
        _placeOf.CopyTo(_placesBefore, 0);
        _usedBefore = _usedNow;
        var states = _world.Queue.States;
        states.CopyTo(_before);
        for (int id = 0; id < states.Length; id++)
        {
            _holdsBefore[id] = states[id].HasPage ? _world.Memory.HoldsEver(states[id].Frame) : 0;
        }
    }
}
