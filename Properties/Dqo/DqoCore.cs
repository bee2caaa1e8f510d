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
/// <typeparam name="TRules">The decisions, right or planted.</typeparam>
[SuppressMessage("Design", "CA1001", Justification = "It is disposable; the rule does not see that of structs.")]
public readonly struct DqoCore<TRules> : IRecoveringSystem
    where TRules : struct, IDqoRules
{
    // One byte is copied, two are handed up.
    private const int CopiedBytes = 1;
    private const int LentBytes = 2;

    private static readonly string[] AllKinds =
        ["post", "post without a page", "complete", "complete copied", "let go", "let go on a page given up", "clone", "clone on a page given up"];

    private readonly DqoCoreConfiguration _core;
    private readonly DqoWorld<TRules> _world;
    private readonly DqoArrangement _arrangement;
    private readonly DqoCoreView _view;
    private readonly DqoCoreKey _key;
    private readonly DqoCoreState _before;
    private readonly DqoCoreState _present;
    private readonly DqoCoreState? _expected;
    private readonly byte[] _mark;
    private readonly ulong[] _keyWords;

    /// <summary>The core on a driver with these rules.</summary>
    /// <param name="core">The constants.</param>
    /// <param name="symmetry">What passes for the same state.</param>
    /// <param name="refines">Whether each step is compared with the core model's.</param>
    /// <param name="balances">Whether the accounting claim (I4) is among those checked.</param>
    public DqoCore(DqoCoreConfiguration core, DqoSymmetry symmetry = DqoSymmetry.None, bool refines = true, bool balances = true)
    {
        if (core.Fault() is { } fault)
        {
            throw new ArgumentException(fault, nameof(core));
        }

        _core = core;
        _world = new DqoWorld<TRules>(ConfigurationOf(core));
        _world.Device.WritesPayload = false;
        _world.Memory.KeepsPoison = false;
        _arrangement = new DqoArrangement(_world);
        _view = new DqoCoreView(_world, core, balances);
        _key = new DqoCoreKey(core, symmetry, balances);
        _before = new DqoCoreState(core);
        _present = new DqoCoreState(core);
        _expected = refines ? new DqoCoreState(core) : null;
        _mark = new byte[_world.State.Size];
        _keyWords = new ulong[_key.Words];
    }

    /// <inheritdoc/>
    public int KeyWords => _key.Words;

    /// <inheritdoc/>
    public int SnapshotSize => 0;

    /// <inheritdoc/>
    public int EnabledMax => DqoCoreModel.StepsMax(_core);

    /// <inheritdoc/>
    public IReadOnlyList<string> Kinds => _core.Clones ? AllKinds : AllKinds[..(int)DqoCoreStepKind.Clone];

    /// <inheritdoc/>
    public IReadOnlyList<string> Landmarks => [];

    /// <inheritdoc/>
    public string Good => "fill the buffer queue";

    /// <inheritdoc/>
    public void Start()
    {
        _arrangement.Empty();
        _view.Read(_present);
    }

    /// <inheritdoc/>
    public int Enabled(Span<int> operations)
    {
        _before.CopyFrom(_present);
        return DqoCoreModel.Possible(_before, operations);
    }

    /// <inheritdoc/>
    public int KindOf(int operation) => (int)DqoCoreStep.Of(operation).Kind;

    /// <inheritdoc/>
    public Problem? Apply(int operation, ref ulong landmarks)
    {
        var step = DqoCoreStep.Of(operation);
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

        var problem = _view.Read(_present);
        return problem ?? (_expected is null ? null : Difference(step));
    }

    /// <inheritdoc/>
    public void WriteKey(Span<ulong> key) => _key.Write(_present, key);

    /// <inheritdoc/>
    public void Save(Span<byte> snapshot) => _key.Write(_present, MemoryMarshal.Cast<byte, ulong>(snapshot));

    /// <inheritdoc/>
    public void Load(ReadOnlySpan<byte> saved)
    {
        saved.CopyTo(MemoryMarshal.AsBytes(_keyWords.AsSpan()));
        _key.Read(_keyWords, _present);
        _arrangement.Begin();
        int chunkSize = _world.Configuration.ChunkSize;
        for (int id = 0; id < _core.States; id++)
        {
            if (_present.Count(id) == 0)
            {
                continue;
            }

            int paid = _present.Count(id) - _present.ReferencesOn(id);
            _arrangement.AddPage(id, _present.Offset(id) * chunkSize, _present.LastSingle(id) * chunkSize, _present.Bias(id), paid);
            for (int chunk = 0; chunk < _core.Chunks; chunk++)
            {
                for (int held = _present.Held(id, chunk); held > 0; held--)
                {
                    _arrangement.Hold(id, chunk * chunkSize, LentBytes);
                }
            }

            if (_present.Posted(id) != 0)
            {
                _arrangement.Post(id);
            }
        }

        _arrangement.HoldOrphans(_present.Orphans, LentBytes);
        foreach (byte id in _present.Listed(DqoCoreList.Recycled))
        {
            _arrangement.AddRecycled(id);
        }

        foreach (byte id in _present.Listed(DqoCoreList.Used))
        {
            _arrangement.AddUsed(id);
        }

        foreach (byte id in _present.Listed(DqoCoreList.Free))
        {
            _arrangement.AddFree(id);
        }
    }

    /// <inheritdoc/>
    public void Mark() => _world.State.Save(_mark);

    /// <inheritdoc/>
    public void Back() => _world.State.Restore(_mark);

    /// <inheritdoc/>
    public bool MayRest() => false;

    /// <inheritdoc/>
    public string Name(int operation) => DqoCoreStep.Of(operation).ToString();

    /// <inheritdoc/>
    public bool IsGood() => _present.PostedCount == _core.PostedMax;

    /// <inheritdoc/>
    public StepClass ClassOf(int operation) => DqoCoreStep.Of(operation).Kind switch
    {
        DqoCoreStepKind.PostWithoutPage => StepClass.Failure,
        DqoCoreStepKind.Post or DqoCoreStepKind.Put or DqoCoreStepKind.PutOrphan => StepClass.Fair,
        _ => StepClass.Possible,
    };

    /// <inheritdoc/>
    public void Dispose() => _world.Dispose();

    private static DqoConfiguration ConfigurationOf(DqoCoreConfiguration core) => new()
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
        StackCapacity = core.ReferencesMax + 1,
    };

    private void Complete(int id, int bytes)
    {
        int pick = 0;
        while (_world.Device.VisibleAt(pick).BufferId != id)
        {
            pick++;
        }

        _world.Device.Receive(bytes, 1, pick, 0, DqoTraits.None, late: false);
        _world.Queue.Consume(1);
    }

    private Problem? Difference(DqoCoreStep step)
    {
        _expected!.CopyFrom(_before);
        DqoCoreModel.Apply(_expected, step);
        return _expected.IsEqual(_present)
            ? null
            : new Problem(DqoClaims.Agreement.Id, $"after '{step}' the implementation has {_present}; the core model has {_expected}");
    }
}
