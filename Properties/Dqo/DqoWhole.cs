using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using RxVerify.Explorer;
using RxVerify.Implementation.Dqo;
using RxVerify.Implementation.Memory;
using RxVerify.Model.Vocabulary.Dqo;

namespace RxVerify.Properties.Dqo;

/// <summary>
/// The whole driver as it is, with rings, doorbells, packets of several buffers, errors, failures, teardown and re-creation, and,
/// for the scope hostile, a device that lies: the operations of a run, on snapshots.
/// </summary>
/// <remarks>
/// What a packet says is off: payload is no part of a snapshot. Every access that would touch it is made and checked, and a packet
/// handed up has to have the length and the buffers of one that the device received.
/// </remarks>
/// <typeparam name="TRules">The decisions, right or planted.</typeparam>
[SuppressMessage("Design", "CA1001", Justification = "It is disposable; the rule does not see that of structs.")]
public readonly struct DqoWhole<TRules> : IRecoveringSystem
    where TRules : struct, IDqoRules
{
    private readonly DqoWorld<TRules> _world;
    private readonly DqoWitness _witness;
    private readonly DqoWholeAlphabet _alphabet;
    private readonly DqoWholeLandmarks _landmarks;
    private readonly IDqoWholeKey _key;
    private readonly DqoWholeRefinement? _refinement;
    private readonly ClaimSet _claims;
    private readonly byte[] _mark;

    /// <summary>The whole driver with these rules.</summary>
    /// <param name="configuration">The constants; small, or there is no end of states.</param>
    /// <param name="hostile">Whether the device lies.</param>
    /// <param name="claims">The claims looked for. A wrong access that breaks another one ends its way there.</param>
    /// <param name="refines">Whether each step is compared with the model's.</param>
    /// <param name="symmetry">What passes for the same state; with a mistake planted, nothing but the state itself.</param>
    /// <param name="forRuns">Whether it walks through runs of few steps: packets are cloned and the queue settled too, and the bias may be any.</param>
    public DqoWhole(DqoConfiguration configuration, bool hostile, ClaimSet claims, bool refines, DqoSymmetry symmetry = DqoSymmetry.None, bool forRuns = false)
    {
        string? wrong = forRuns ? DqoWholeConfigurations.FaultForRunsOf(configuration) : DqoWholeConfigurations.FaultOf(configuration);
        if ((wrong ?? DqoWholeConfigurations.FaultOf(symmetry, isRight: typeof(TRules) == typeof(RightRules))) is { } fault)
        {
            throw new ArgumentException(fault, nameof(configuration));
        }

        _claims = claims;
        _world = new DqoWorld<TRules>(configuration);
        _world.Device.WritesPattern = false;
        _world.Memory.KeepsPoison = false;
        _world.Memory.Ignored = DqoRun.Passing(claims);
        _witness = new DqoWitness(_world, claims, keepsFacts: refines, readsContent: false);
        _alphabet = new DqoWholeAlphabet(configuration, hostile, forRuns);
        _landmarks = new DqoWholeLandmarks(_world, _witness, hostile, namesSlots: symmetry == DqoSymmetry.None);
        _key = symmetry == DqoSymmetry.All ? new DqoWholeSymmetricKey(_world) : new DqoWholeKey<TRules>(_world);
        _refinement = refines ? new DqoWholeRefinement(_world, _witness, _alphabet) : null;
        _mark = new byte[_world.State.Size + Unsafe.SizeOf<DqoWitness.Past>()];
    }

    /// <inheritdoc/>
    public int KeyWords => _key.Words;

    /// <inheritdoc/>
    public int SnapshotSize => _mark.Length;

    /// <inheritdoc/>
    public int EnabledMax => _alphabet.Count;

    /// <inheritdoc/>
    public IReadOnlyList<string> Kinds => _alphabet.Kinds;

    /// <inheritdoc/>
    public IReadOnlyList<string> Landmarks => _landmarks.Names;

    /// <inheritdoc/>
    public string Good => "give the device a doorbell batch, or what the rings can show of one";

    /// <summary>A wrong access was let pass because the search is after another claim: nothing after it means anything.</summary>
    private bool IsRuined => _world.Memory.Trap.Kind != TrapKind.None;

    /// <inheritdoc/>
    public Problem? Start()
    {
        _world.Restart();
        _witness.Restart();
        return _witness.CheckStart() is { } finding && _claims.Contains(finding.Claim) ? new Problem(finding.Claim.Id, finding.Detail) : null;
    }

    /// <inheritdoc/>
    public int Enabled(Span<int> operations) => IsRuined ? 0 : _alphabet.Enabled(_world, operations);

    /// <inheritdoc/>
    public int KindOf(int operation) => _alphabet.KindOf(operation);

    /// <inheritdoc/>
    public Problem? Apply(int operation, ref ulong landmarks)
    {
        var step = _alphabet[operation];
        var before = _landmarks.Present;
        if (_refinement?.Begin(operation) is { } refused)
        {
            return refused;
        }

        _witness.BeginStep(step);
        var outcome = _world.Apply(step);
        if (_witness.EndStep(step, outcome) is { } finding)
        {
            return _claims.Contains(finding.Claim) ? new Problem(finding.Claim.Id, finding.Detail) : null;
        }

        landmarks |= _landmarks.Passed(before, step, outcome);
        return _refinement?.End(step, outcome);
    }

    /// <inheritdoc/>
    public void WriteKey(Span<ulong> key)
    {
        if (IsRuined)
        {
            key.Fill(ulong.MaxValue);
            return;
        }

        _key.Write(key, _witness.Remembered);
    }

    /// <inheritdoc/>
    public void Save(Span<byte> snapshot)
    {
        _world.State.Save(snapshot);
        MemoryMarshal.Write(snapshot[_world.State.Size..], _witness.Remembered);
    }

    /// <inheritdoc/>
    public void Load(ReadOnlySpan<byte> saved)
    {
        _world.State.Restore(saved);
        _witness.Remembered = MemoryMarshal.Read<DqoWitness.Past>(saved[_world.State.Size..]);
    }

    /// <inheritdoc/>
    public void Mark()
    {
        Save(_mark);
        _refinement?.Forget();
    }

    /// <inheritdoc/>
    public void Back() => Load(_mark);

    /// <inheritdoc/>
    public bool MayRest() => IsRuined;

    /// <inheritdoc/>
    public string Name(int operation) => DqoWords.Of(_alphabet[operation]);

    /// <summary>
    /// Whether the device has what the claim promises (I10), or its premise is broken: there is no queue, or a device that keeps
    /// buffers, or never ends a packet, does not go on completing.
    /// </summary>
    public bool IsGood()
    {
        var configuration = _world.Configuration;
        return !_world.Queue.IsUp
            || IsRuined
            || _world.Device.Swallowed > 0
            || (_world.Queue.PartialSkb >= 0 && _world.Pending == 0)
            || _world.Device.Visible >= Math.Min(configuration.DoorbellBatch, configuration.PostedMax - configuration.DoorbellBatch + 1);
    }

    /// <inheritdoc/>
    public StepClass ClassOf(int operation) => _alphabet.ClassOf(operation);

    /// <inheritdoc/>
    public void Dispose() => _world.Dispose();
}
