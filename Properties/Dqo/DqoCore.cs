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
/// So a step of the driver leads to the same wherever what it sees is the same: see <see cref="DqoCoreSight"/>.
/// </remarks>
/// <typeparam name="TRules">The decisions, right or planted.</typeparam>
[SuppressMessage("Design", "CA1001", Justification = "It is disposable; the rule does not see that of structs.")]
public partial struct DqoCore<TRules> : IRecoveringSystem, IForeseeingSystem
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
        /// <summary>In the description: it is the one that is marked.</summary>
        AtMark,

        /// <summary>In the world, where a step of the driver led.</summary>
        InWorld,

        /// <summary>In the description alone, after a reader's step.</summary>
        OnPaper,

        /// <summary>In the key alone.</summary>
        InKey,
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
    private readonly DqoCoreSight? _sight;
    private Standing _standing;
    private ulong _reached;

    // Whether the marked state is arranged, so that the world can be brought there; and whether the world is there.
    private bool _isArranged;
    private bool _isHome;

    // Whether the marked state came out of a key: whoever tells a story takes each step anew.
    private bool _isLoaded;

    /// <summary>The core on a driver with these rules.</summary>
    /// <param name="core">The constants.</param>
    /// <param name="symmetry">What passes for the same state.</param>
    /// <param name="refines">Whether each step is compared with the core model's.</param>
    /// <param name="balances">Whether the accounting claim (I4) is among those checked.</param>
    /// <param name="interleaves">Whether readers may let go before each read of a page's count; the core model knows no such steps.</param>
    /// <param name="outcomes">
    /// Where to keep what the driver's steps led to, for states that are the same to them; null for nowhere. Only where every name matters, nothing is compared, nobody lets go within a step, and the
    /// core is one that <see cref="DqoCoreSight.Fits"/>.
    /// </param>
    public DqoCore(
        DqoCoreConfiguration core,
        DqoSymmetry symmetry = DqoSymmetry.None,
        bool refines = true,
        bool balances = true,
        bool interleaves = false,
        OutcomeTable? outcomes = null)
    {
        if ((core.Fault() ?? (interleaves ? DqoDriver.FaultOfInterleaving(core) : null)) is { } fault)
        {
            throw new ArgumentException(fault, nameof(core));
        }

        if (interleaves && refines)
        {
            throw new ArgumentException("the core model knows no interleaving; expected it without refinement", nameof(refines));
        }

        if (outcomes is not null && (refines || interleaves || !balances || symmetry != DqoSymmetry.None || !DqoCoreSight.Fits(core)))
        {
            throw new ArgumentException("expected steps to be recalled with claims alone, all names and a core that fits", nameof(outcomes));
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
        _sight = outcomes is null ? null : new DqoCoreSight(core, _key, _world, _arrangement, outcomes);
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
        _arrangement.Empty();
        _arrangement.Bring();
        _standing = Standing.InWorld;
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
            LetGo(step);
            return null;
        }

        if (_isLoaded && _sight is not null && _sight.TryRecall(_keyWords[0], _before, step, out _reached))
        {
            _standing = Standing.InKey;
            return null;
        }

        return Take(step, operation >>> DqoCoreStep.Bits);
    }

    /// <inheritdoc/>
    public readonly void WriteKey(Span<ulong> key)
    {
        if (_standing == Standing.InKey)
        {
            key[0] = _reached;
        }
        else
        {
            _key.Write(_present, key);
        }
    }

    /// <inheritdoc/>
    public readonly void Save(Span<byte> snapshot) => throw new NotSupportedException("states are loaded from keys");

    /// <inheritdoc/>
    public void Load(ReadOnlySpan<byte> saved)
    {
        saved.CopyTo(MemoryMarshal.AsBytes(_keyWords.AsSpan()));
        _key.Read(_keyWords, _present);
        (_standing, _isArranged, _isLoaded) = (Standing.AtMark, false, true);
    }

    /// <inheritdoc/>
    public readonly void Foresee(ReadOnlySpan<byte> saved) => _sight?.Foresee(MemoryMarshal.Read<ulong>(saved));

    /// <inheritdoc/>
    public void Mark()
    {
        Describe();
        if (_standing == Standing.AtMark)
        {
            return;
        }

        _isArranged = _isHome = _standing == Standing.InWorld;
        if (_isArranged)
        {
            _arrangement.Take();
        }

        if (_key.FollowsReaders)
        {
            _key.Write(_present, _keyWords);
        }

        (_standing, _isLoaded) = (Standing.AtMark, false);
    }

    /// <inheritdoc/>
    public void Back()
    {
        if (_standing is Standing.InWorld or Standing.OnPaper)
        {
            _present.CopyFrom(_before);
        }

        _standing = Standing.AtMark;
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

    /// <summary>Makes sure that the description is that of the present state.</summary>
    private void Describe()
    {
        if (_standing == Standing.InKey)
        {
            _key.Read(new ReadOnlySpan<ulong>(in _reached), _present);
            _standing = Standing.OnPaper;
        }
    }

    /// <summary>Takes a reader's step without the stack.</summary>
    private void LetGo(DqoCoreStep step)
    {
        if (_key.FollowsReaders)
        {
            _reached = _key.After(_keyWords[0], step);
            _standing = Standing.InKey;
            return;
        }

        _present.CopyFrom(_before);
        DqoCoreModel.Apply(_present, step);
        _standing = Standing.OnPaper;
    }
}
