using RxVerify.Implementation.Dqo;
using RxVerify.Implementation.Mana;
using RxVerify.Implementation.PagePool;
using RxVerify.Implementation.Port;
using RxVerify.Model.Vocabulary.Dqo;
using RxVerify.Model.Vocabulary.Mana;
using RxVerify.Model.Vocabulary.Port;
using RxVerify.Properties;
using RxVerify.Properties.Dqo;
using RxVerify.Properties.Mana;
using RxVerify.Properties.Port;

namespace RxVerify.Benchmarks;

/// <summary>Sequences drawn once and replayed as they are, so that neither drawing nor asking what is allowed is measured.</summary>
internal abstract class RecordedRun : IDisposable
{
    /// <summary>Sequences recorded.</summary>
    public const int Sequences = 32;

    /// <summary>Operations in each.</summary>
    public const int Length = 1000;

    private static readonly DqoConfiguration SmallDqo = new()
    {
        BufferSlots = 8,
        CompletionSlots = 8,
        BufferStates = 8,
        DoorbellBatch = 2,
        StackCapacity = 16,
    };

    // As large as that of DQO: eight slots, sixteen packets; pages of six fragments, so that they are drained.
    private static readonly ManaConfiguration SmallMana = new()
    {
        Mtu = 300,
        QueueSize = 8,
        CompletionSlots = 8,
        PoolCache = 4,
        PoolRefill = 2,
        HeldMax = 16,
    };

    // Two queues of two or four buffers; a request takes some twenty steps.
    private static readonly PortConfiguration SmallPort = new();

    /// <summary>The schemes that can be recorded.</summary>
    public static IReadOnlyList<string> Schemes { get; } = ["dqo", "mana", "port"];

    /// <summary>A run that sequences of a scheme can be replayed on.</summary>
    public static RecordedRun Of(string scheme, bool withModel) => scheme switch
    {
        "dqo" => new RecordedRun<DqoOperation>(
            model => new DqoRun(new DqoWorld<RightRules>(SmallDqo), ClaimSet.All, model), seed => new DqoGenerator(seed, DqoScope.Hostile), withModel),
        "mana" => new RecordedRun<ManaOperation>(
            model => new ManaRun(new ManaWorld<RightManaRules, RightPoolRules>(SmallMana), ClaimSet.All, model), seed => new ManaGenerator(seed, lies: true), withModel),
        "port" => new RecordedRun<PortOperation>(
            model => new PortRun(new PortWorld<RightPortRules, RightManaRules, RightPoolRules>(SmallPort), ClaimSet.All, model), seed => new PortGenerator(seed), withModel),
        _ => throw new ArgumentOutOfRangeException(nameof(scheme), scheme, $"expected one of {string.Join(", ", Schemes)}"),
    };

    /// <summary>Replays one sequence from the start. Returns its operations.</summary>
    /// <exception cref="InvalidOperationException">A claim broke.</exception>
    public abstract int Replay(int sequence);

    /// <summary>Replays all sequences.</summary>
    public int ReplayAll()
    {
        int operations = 0;
        for (int sequence = 0; sequence < Sequences; sequence++)
        {
            operations += Replay(sequence);
        }

        return operations;
    }

    public abstract void Dispose();
}

/// <summary>Sequences of one scheme's operations.</summary>
/// <typeparam name="TOperation">The scheme's operations.</typeparam>
internal sealed class RecordedRun<TOperation> : RecordedRun
{
    // A swarm can leave a world in which nothing that it draws is allowed: full, and no release among its kinds.
    private const int RefusalsInARow = 100;

    private readonly Func<ulong, IGenerator<TOperation>> _newGenerator;
    private readonly TOperation[][] _recorded = new TOperation[Sequences][];
    private readonly IRun<TOperation> _run;

    /// <summary>Records sequences.</summary>
    /// <param name="newRun">A run with the model or without.</param>
    /// <param name="newGenerator">A generator for one sequence, by its seed.</param>
    /// <param name="withModel">Whether the model is replayed too.</param>
    public RecordedRun(Func<bool, IRun<TOperation>> newRun, Func<ulong, IGenerator<TOperation>> newGenerator, bool withModel)
    {
        _newGenerator = newGenerator;
        using var run = newRun(false);
        var dice = new Dice(1);
        for (int sequence = 0; sequence < Sequences; sequence++)
        {
            _recorded[sequence] = Record(run, ref dice);
        }

        _run = newRun(withModel);
    }

    /// <inheritdoc/>
    public override int Replay(int sequence)
    {
        _run.Restart();
        foreach (var operation in _recorded[sequence])
        {
            if (!_run.Step(operation))
            {
                throw new InvalidOperationException($"{_run.Finding}");
            }
        }

        return Length;
    }

    public override void Dispose() => _run.Dispose();

    private TOperation[] Record(IRun<TOperation> run, ref Dice dice)
    {
        run.Restart();
        var generator = _newGenerator(dice.Next());
        var operations = new TOperation[Length];
        int refused = 0;
        for (int done = 0; done < Length;)
        {
            var operation = generator.Next(run);
            if (run.Allows(operation))
            {
                run.Step(operation);
                operations[done++] = operation;
                refused = 0;
            }
            else if (++refused == RefusalsInARow)
            {
                generator = _newGenerator(dice.Next());
                refused = 0;
            }
        }

        return operations;
    }
}
