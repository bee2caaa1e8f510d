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
    private readonly DqoImage _image;
    private readonly ClaimSet _claims;
    private readonly DqoPlace[] _placeOf;
    private readonly DqoPlace[] _placesBefore;
    private readonly int[] _seenAt;
    private readonly int[] _loanAt;
    private readonly int[] _attachedAt;
    private DqoCounters _countersBefore;
    private int _usedBefore;
    private int _usedNow;
    private int _postedNow;
    private int _lentNow;
    private int _returnedNow;
    private int _pagesNow;
    private int _failureCarried;
    private ulong _pagesInDoubt;
    private ulong _othersInDoubt;
    private ulong _attachedFrames;
    private int _walkStamp;
    private int _loanStamp;
    private int _attachStamp;
    private bool _mustDecideAll;

    /// <summary>A witness of a world, from its start.</summary>
    /// <param name="world">What is watched.</param>
    /// <param name="claims">The claims that end a run. A wrong access always does.</param>
    /// <param name="keepsFacts">Whether packets are noted for a comparison.</param>
    /// <param name="readsContent">Whether readers compare bytes, which are no part of a snapshot.</param>
    public DqoWitness(DqoWorld world, ClaimSet claims, bool keepsFacts, bool readsContent = true)
    {
        _world = world;
        _queue = world.Queue;
        _device = world.Device;
        _memory = world.Memory;
        _iommu = world.Iommu;
        _configuration = world.Configuration;
        _chunkSize = world.Configuration.ChunkSize;
        _claims = claims;
        _readers = new DqoReaders(world) { KeepsFacts = keepsFacts, ReadsContent = readsContent };
        int states = world.Configuration.BufferStates;
        _placeOf = new DqoPlace[states];
        _placesBefore = new DqoPlace[states];
        _seenAt = new int[states];
        _loanAt = new int[world.Memory.Frames];
        _attachedAt = new int[world.Memory.Frames];
        _ownerOf = new short[world.Memory.Frames];
        world.Iommu.Observer = this;
        _image = new DqoImage(world);
        Restart();
    }

    /// <summary>Whether every claim is decided from nothing after each step, changed or not: slower, and it must find the same.</summary>
    public bool DecidesEverything { get; init; }

    /// <summary>Where each buffer state was found by the last check.</summary>
    public ReadOnlySpan<DqoPlace> Places => _placeOf;

    internal DqoReaders Readers => _readers;

    internal ReadOnlySpan<BufferState> StatesBefore => _image.StatesBefore;

    internal ref readonly DqoCounters CountersBefore => ref _countersBefore;

    internal bool HadPartialPacket { get; private set; }

    internal bool HadTimerArmed { get; private set; }

    internal ReadOnlySpan<DqoPlace> PlacesBefore => _placesBefore;

    /// <summary>Whether the driver's states are, byte for byte, what they were before the step, as after most idle polls.</summary>
    internal bool StatesAreUnchanged => !_image.StatesChanged;

    /// <summary>The world is back at its start.</summary>
    public void Restart()
    {
        _readers.Restart();
        _failureCarried = 0;
        _misplacedWrite = null;
        _image.Look();
        WalkLists();
        _mustDecideAll = true;
    }

    /// <summary>
    /// What is wrong with the world as it was created and filled, before its first step; null when every claim about a state holds.
    /// A wrong access that breaks none of the claims watched is left to the first step, as in every later one.
    /// </summary>
    public Finding? CheckStart()
    {
        if (_memory.Trap is { Kind: not TrapKind.None } trap)
        {
            return _claims.Contains(DqoClaims.BrokenBy(trap.Kind)) ? Caught(trap) : null;
        }

        _pagesInDoubt = EveryFrame;
        _othersInDoubt = EveryFrame;
        return WalkLists() ?? CheckLoans(EveryFrame) ?? CheckConsumption() ?? CheckSlots() ?? CheckAttachedPages() ?? CheckOtherPages(_queue.IsUp);
    }

    /// <summary>An operation is about to be done: what the claims compare with is noted.</summary>
    public void BeginStep(DqoOperation operation)
    {
        _mustDecideAll |= DecidesEverything;
        _readers.BeginStep();
        _countersBefore = _queue.Counters;
        _usedBefore = _usedNow;
        HadPartialPacket = _queue.PartialSkb >= 0;
        HadTimerArmed = _queue.TimerArmed;
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
            return Caught(trap);
        }

        if (_misplacedWrite is not null)
        {
            return _misplacedWrite;
        }

        if (_readers.Finding is { } seen && _claims.Contains(seen.Claim))
        {
            return seen;
        }

        var finding = (isUp ? CheckQueue(operation) : CheckLeaks())
            ?? CheckOtherPages(isUp)
            ?? CheckLosses()
            ?? (operation.Kind switch
            {
                DqoOperationKind.Poll => CheckBudget(operation, outcome),
                DqoOperationKind.Settle when isUp => CheckRefill(operation),
                _ => null,
            });
        _mustDecideAll = !isUp || finding is not null;
        return finding;
    }

    private Finding? CheckQueue(DqoOperation operation)
    {
        var image = _image;
        image.Look();
        Finding? broken = null;
        if (image.ListsChanged || _mustDecideAll)
        {
            _placeOf.CopyTo(_placesBefore, 0);
            broken = WalkLists();
        }

        // In doubt are pages that were touched; with other states all those that belong to one, and those that did.
        bool all = _mustDecideAll || _pagesNow == None;
        _pagesInDoubt = all || image.ListsChanged ? EveryFrame : image.Touched;
        _othersInDoubt = all ? EveryFrame : image.Touched | (image.ListsChanged ? _attachedFrames : 0);
        ulong lent = image.IsMoreLent || _mustDecideAll ? EveryFrame : image.Touched;
        broken ??= CheckLoans(lent) ?? CheckConsumption() ?? CheckSlots() ?? CheckAttachedPages();
        return broken is null && operation.Kind is (DqoOperationKind.Poll or DqoOperationKind.Settle)
            ? (StatesAreUnchanged ? null : CheckNeutrality()) ?? CheckCopies()
            : broken;
    }
}
