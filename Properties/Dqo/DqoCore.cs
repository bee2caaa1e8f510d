using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;
using RxVerify.Explorer;
using RxVerify.Implementation.Dqo;
using RxVerify.Model.Dqo;
using RxVerify.Model.Vocabulary.Dqo;

namespace RxVerify.Properties.Dqo;

/// <summary>
/// The core model's steps on the driver itself: one buffer posted, one completion consumed, one reference dropped or cloned.
/// The key is exactly what decides about safety: offsets, biases, counts, references, and the order of the three lists.
/// </summary>
/// <remarks>
/// Readers are no part of the driver. Where steps are not compared with the core model's, what a reader does is worked out on
/// the description of the state instead of in the stack; where they are, it is done in the stack and found to be the same.
/// </remarks>
/// <typeparam name="TRules">The decisions, right or planted.</typeparam>
[SuppressMessage("Design", "CA1001", Justification = "It is disposable; the rule does not see that of structs.")]
public struct DqoCore<TRules> : IRecoveringSystem
    where TRules : struct, IDqoRules
{
    // One byte is copied, two are handed up.
    private const int CopiedBytes = 1;
    private const int LentBytes = 2;

    // Three releases can be spread over the eight reads of counts that are numbered.
    private const int PlansMax = 256;

    private static readonly string[] AllKinds =
        ["post", "post without a page", "complete", "complete copied", "let go", "let go on a page given up", "clone", "clone on a page given up"];

    /// <summary>Where the present state is to be found.</summary>
    private enum Standing
    {
        /// <summary>Arranged: the world can be brought there.</summary>
        AtHome,

        /// <summary>In the world, where a step of the driver led.</summary>
        InWorld,

        /// <summary>In the description alone, after a reader's step.</summary>
        OnPaper,
    }

    private readonly DqoCoreConfiguration _core;
    private readonly DqoWorld<TRules> _world;
    private readonly DqoWorld<TRules> _home;
    private readonly DqoArrangement _arrangement;
    private readonly DqoCoreView _view;
    private readonly DqoCoreKey _key;
    private readonly DqoCoreState _before;
    private readonly DqoCoreState _present;
    private readonly DqoCoreState? _expected;
    private readonly ulong[] _keyWords;
    private readonly DqoInterleaving? _interleaving;
    private Standing _standing;

    // Whether nothing was done in the world since it was brought to where it is arranged to be.
    private bool _isHome;

    // A reader's step that was taken and is not in the description yet.
    private DqoCoreStep? _owed;

    /// <summary>The core on a driver with these rules.</summary>
    /// <param name="core">The constants.</param>
    /// <param name="symmetry">What passes for the same state.</param>
    /// <param name="refines">Whether each step is compared with the core model's.</param>
    /// <param name="balances">Whether the accounting claim (I4) is among those checked.</param>
    /// <param name="interleaves">Whether readers may let go before each read of a page's count; the core model knows no such steps.</param>
    public DqoCore(
        DqoCoreConfiguration core, DqoSymmetry symmetry = DqoSymmetry.None, bool refines = true, bool balances = true, bool interleaves = false)
    {
        if ((core.Fault() ?? (interleaves ? DqoDriver.FaultOfInterleaving(core) : null)) is { } fault)
        {
            throw new ArgumentException(fault, nameof(core));
        }

        if (interleaves && refines)
        {
            throw new ArgumentException("the core model knows no interleaving; expected it without refinement", nameof(refines));
        }

        _core = core;
        _world = new DqoWorld<TRules>(ConfigurationOf(core));
        _world.Device.WritesPayload = false;
        _world.Memory.KeepsPoison = false;
        _home = new DqoWorld<TRules>(ConfigurationOf(core));
        _arrangement = new DqoArrangement(_world, _home);
        _view = new DqoCoreView(_world, core, balances);
        _key = new DqoCoreKey(core, symmetry, balances);
        _before = new DqoCoreState(core);
        _present = new DqoCoreState(core);
        _expected = refines ? new DqoCoreState(core) : null;
        _keyWords = new ulong[_key.Words];
        _interleaving = interleaves ? new DqoInterleaving(_world) : null;
    }

    /// <inheritdoc/>
    public readonly int KeyWords => _key.Words;

    /// <inheritdoc/>
    public readonly int SnapshotSize => 0;

    /// <inheritdoc/>
    public readonly int EnabledMax => DqoCoreModel.StepsMax(_core) * (_interleaving is null ? 1 : PlansMax);

    /// <inheritdoc/>
    public readonly IReadOnlyList<string> Kinds => _core.Clones ? AllKinds : AllKinds[..(int)DqoCoreStepKind.Clone];

    /// <inheritdoc/>
    public readonly IReadOnlyList<string> Landmarks => [];

    /// <inheritdoc/>
    public readonly string Good => "fill the buffer queue";

    /// <inheritdoc/>
    public Problem? Start()
    {
        _owed = null;
        _arrangement.Empty();
        _arrangement.Bring();
        (_standing, _isHome) = (Standing.InWorld, true);
        return _view.Read(_present);
    }

    /// <inheritdoc/>
    public int Enabled(Span<int> operations)
    {
        _before.CopyFrom(_present);
        int count = DqoCoreModel.Possible(_before, operations);
        return _interleaving is null ? count : Interleave(operations, count);
    }

    /// <inheritdoc/>
    public readonly int KindOf(int operation) => (int)StepOf(operation).Kind;

    /// <inheritdoc/>
    public Problem? Apply(int operation, ref ulong landmarks)
    {
        var step = StepOf(operation);
        if (_expected is null && step.Kind >= DqoCoreStepKind.Put)
        {
            _owed = step;
            return null;
        }

        _interleaving?.Begin(operation >>> DqoCoreStep.Bits);
        Do(step);
        _interleaving?.End();
        _standing = Standing.InWorld;
        return _view.Read(_present, _arrangement, _before) ?? _view.CheckLoans(_present) ?? (_expected is null ? null : Difference(step));
    }

    /// <inheritdoc/>
    public void WriteKey(Span<ulong> key)
    {
        if (_owed is { } step && _key.FollowsReaders)
        {
            key[0] = _key.After(_keyWords[0], step);
            return;
        }

        Describe();
        _key.Write(_present, key);
    }

    /// <inheritdoc/>
    public readonly void Save(Span<byte> snapshot) => throw new NotSupportedException("states are loaded from keys");

    /// <inheritdoc/>
    public void Load(ReadOnlySpan<byte> saved)
    {
        saved.CopyTo(MemoryMarshal.AsBytes(_keyWords.AsSpan()));
        _key.Read(_keyWords, _present);
        _owed = null;
        Arrange();
    }

    /// <inheritdoc/>
    public void Mark()
    {
        Describe();
        if (_standing == Standing.AtHome)
        {
            return;
        }

        if (_standing == Standing.InWorld)
        {
            _arrangement.Take();
            (_standing, _isHome) = (Standing.AtHome, true);
        }
        else
        {
            Arrange();
        }

        if (_key.FollowsReaders)
        {
            _key.Write(_present, _keyWords);
            _key.Read(_keyWords, _present);
        }
    }

    /// <inheritdoc/>
    public void Back()
    {
        _owed = null;
        _standing = Standing.AtHome;
    }

    /// <inheritdoc/>
    public readonly bool MayRest() => false;

    /// <inheritdoc/>
    public readonly string Name(int operation) => StepOf(operation) + DqoInterleaving.Words(operation >>> DqoCoreStep.Bits);

    /// <inheritdoc/>
    public bool IsGood()
    {
        Describe();
        return _present.PostedCount == _core.PostedMax;
    }

    /// <inheritdoc/>
    public readonly StepClass ClassOf(int operation) => StepOf(operation).Kind switch
    {
        DqoCoreStepKind.PostWithoutPage => StepClass.Failure,
        DqoCoreStepKind.Post or DqoCoreStepKind.Put or DqoCoreStepKind.PutOrphan => StepClass.Fair,
        _ => StepClass.Possible,
    };

    /// <inheritdoc/>
    public readonly void Dispose()
    {
        _world.Dispose();
        _home.Dispose();
    }

    /// <summary>The queue in which the core's steps are all that happens.</summary>
    internal static DqoConfiguration ConfigurationOf(DqoCoreConfiguration core) => new()
    {
        ChunkSize = 4096 / core.Chunks / 64 * 64,
        BufferSlots = (int)System.Numerics.BitOperations.RoundUpToPowerOf2((uint)core.PostedMax + 1),
        CompletionSlots = (int)System.Numerics.BitOperations.RoundUpToPowerOf2((uint)Math.Max(2, core.PostedMax)),
        BufferStates = core.States,
        BiasLimit = core.BiasLimit,
        UsedProbes = core.Probes,
        DoorbellBatch = 1,
        Copybreak = CopiedBytes,
        FragmentsMax = 1,
        StackCapacity = core.ReferencesMax,
    };

    /// <summary>Does what is owed to the description of the present state.</summary>
    private void Describe()
    {
        if (_owed is { } step)
        {
            _owed = null;
            _present.CopyFrom(_before);
            DqoCoreModel.Apply(_present, step);
            _standing = Standing.OnPaper;
        }
    }

    /// <summary>Arranges the present state, so that the world can be brought there.</summary>
    private void Arrange()
    {
        (_standing, _isHome) = (Standing.AtHome, false);
        _arrangement.Begin();
        for (int id = 0; id < _core.States; id++)
        {
            ref readonly var buffer = ref _present.Buffers[id];
            if (buffer.Count == 0)
            {
                continue;
            }

            _arrangement.AddPage(id, buffer.Offset, buffer.LastSingle, buffer.Bias, buffer.Count, buffer.HeldOnChunks, LentBytes);
            if (_present.IsPosted(id))
            {
                _arrangement.Post(id);
            }
        }

        _arrangement.Ring();
        _arrangement.HoldOrphans(_present.Orphans, LentBytes);
        for (int place = 0; place < _present.CountOf(DqoCoreList.Recycled); place++)
        {
            _arrangement.AddRecycled(_present.At(DqoCoreList.Recycled, place));
        }

        for (int place = 0; place < _present.CountOf(DqoCoreList.Used); place++)
        {
            _arrangement.AddUsed(_present.At(DqoCoreList.Used, place));
        }

        for (int place = 0; place < _present.CountOf(DqoCoreList.Free); place++)
        {
            _arrangement.AddFree(_present.At(DqoCoreList.Free, place));
        }
    }

    private static DqoCoreStep StepOf(int operation) => DqoCoreStep.Of(operation & ((1 << DqoCoreStep.Bits) - 1));

    /// <summary>Adds each of the driver's steps once more for every way in which readers can let go while it is done.</summary>
    private int Interleave(Span<int> operations, int count)
    {
        for (int at = 0; at < count; at++)
        {
            var step = StepOf(operations[at]);
            if (step.Kind >= DqoCoreStepKind.Put)
            {
                continue;
            }

            _interleaving!.Begin(operations[at] >>> DqoCoreStep.Bits);
            Do(step);
            _interleaving.End();
            foreach (int plan in _interleaving.Longer)
            {
                operations[count++] = step.Code | (plan << DqoCoreStep.Bits);
            }
        }

        return count;
    }

    private void Do(DqoCoreStep step)
    {
        if (!_isHome)
        {
            _arrangement.Bring();
        }

        _isHome = false;
        switch (step.Kind)
        {
            case DqoCoreStepKind.Post:
                _world.Apply(DqoOperation.Post());
                break;
            case DqoCoreStepKind.PostWithoutPage:
                _world.Apply(DqoOperation.Post(DqoFault.Page));
                break;
            case DqoCoreStepKind.Complete:
                Complete(step.Id, LentBytes);
                break;
            case DqoCoreStepKind.CompleteCopied:
                _world.Stack.DropsAtOnce = true;
                Complete(step.Id, CopiedBytes);
                _world.Stack.DropsAtOnce = false;
                break;
            case DqoCoreStepKind.Put:
                _world.Stack.Release(_view.PlaceOf(step.Id, step.Chunk));
                break;
            case DqoCoreStepKind.PutOrphan:
                _world.Stack.Release(_view.PlaceOfOrphan());
                break;
            case DqoCoreStepKind.Clone:
                _world.Stack.Clone(_view.PlaceOf(step.Id, step.Chunk));
                break;
            default:
                _world.Stack.Clone(_view.PlaceOfOrphan());
                break;
        }
    }

    private readonly void Complete(int id, int bytes)
    {
        int pick = 0;
        while (_world.Device.VisibleAt(pick).BufferId != id)
        {
            pick++;
        }

        _world.Device.Receive(bytes, 1, pick, 0, DqoTraits.None, late: false);
        _world.Queue.Consume(1);
    }

    private readonly Problem? Difference(DqoCoreStep step)
    {
        _expected!.CopyFrom(_before);
        DqoCoreModel.Apply(_expected, step);
        return _expected.IsEqual(_present)
            ? null
            : new Problem(DqoClaims.Agreement.Id, $"after '{step}' the implementation has {_present}; the core model has {_expected}");
    }
}
