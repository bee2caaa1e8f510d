using RxVerify.Implementation.Dqo;
using RxVerify.Model.Vocabulary.Dqo;
using RxVerify.Properties;
using RxVerify.Properties.Dqo;

namespace RxVerify.Benchmarks;

/// <summary>Sequences drawn once and replayed as they are, so that neither drawing nor asking what is allowed is measured.</summary>
internal sealed class RecordedRun : IDisposable
{
    /// <summary>Sequences recorded.</summary>
    public const int Sequences = 32;

    /// <summary>Operations in each.</summary>
    public const int Length = 1000;

    // A swarm can leave a world in which nothing that it draws is allowed: full, and no release among its kinds.
    private const int RefusalsInARow = 100;

    private static readonly DqoConfiguration Configuration = new()
    {
        BufferSlots = 8,
        CompletionSlots = 8,
        BufferStates = 8,
        DoorbellBatch = 2,
        StackCapacity = 16,
    };

    private static readonly DqoOperation[][] Recorded = Record();
    private readonly DqoRun _run;

    /// <summary>A run that sequences can be replayed on.</summary>
    public RecordedRun(bool withModel) => _run = NewRun(withModel);

    /// <summary>Replays one sequence from the start. Returns its operations.</summary>
    /// <exception cref="InvalidOperationException">A claim broke.</exception>
    public int Replay(int sequence)
    {
        _run.Restart();
        foreach (var operation in Recorded[sequence])
        {
            if (!_run.Step(operation))
            {
                throw new InvalidOperationException($"{_run.Finding}");
            }
        }

        return Length;
    }

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

    public void Dispose() => _run.Dispose();

    private static DqoRun NewRun(bool withModel) => new(new DqoWorld<RightRules>(Configuration), ClaimSet.All, withModel);

    private static DqoOperation[][] Record()
    {
        using var run = NewRun(withModel: false);
        var dice = new Dice(1);
        var sequences = new DqoOperation[Sequences][];
        for (int sequence = 0; sequence < Sequences; sequence++)
        {
            sequences[sequence] = Record(run, ref dice);
        }

        return sequences;
    }

    private static DqoOperation[] Record(DqoRun run, ref Dice dice)
    {
        run.Restart();
        var generator = new DqoGenerator(dice.Next(), DqoScope.Hostile);
        var operations = new DqoOperation[Length];
        int refused = 0;
        for (int done = 0; done < Length;)
        {
            var operation = generator.Next(run.World);
            if (run.Allows(operation))
            {
                run.Step(operation);
                operations[done++] = operation;
                refused = 0;
            }
            else if (++refused == RefusalsInARow)
            {
                generator = new DqoGenerator(dice.Next(), DqoScope.Hostile);
                refused = 0;
            }
        }

        return operations;
    }
}
