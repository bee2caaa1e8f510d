namespace RxVerify.Properties;

/// <summary>Simpler variants of a scheme's values, simplest first; repeated use ends.</summary>
/// <typeparam name="TConfiguration">The scheme's constants.</typeparam>
/// <typeparam name="TOperation">The scheme's alphabet.</typeparam>
public interface ISimplify<TConfiguration, TOperation>
{
    /// <summary>Operations simpler than this one.</summary>
    IEnumerable<TOperation> SimplerThan(TOperation operation);

    /// <summary>Valid configurations simpler than this one.</summary>
    IEnumerable<TConfiguration> SimplerThan(TConfiguration configuration);
}

/// <summary>A failing run: its constants, its steps (all of them allowed where they stand), and what broke in the last one.</summary>
public sealed record Failure<TConfiguration, TOperation>(TConfiguration Configuration, TOperation[] Operations, Finding Finding);

/// <summary>
/// Makes a failing run short: cuts after the failing step, removes chunks, then single steps and pairs, then simplifies
/// arguments and the configuration, until nothing helps. A candidate counts only when the same claim breaks; steps that are not
/// allowed in it are left out, so every accepted run is legal (delta debugging: Zeller, Hildebrandt, 2002).
/// </summary>
/// <param name="runFor">Makes a run for a configuration; the shrinker disposes of it.</param>
/// <param name="simplify">What is simpler.</param>
public sealed class Shrinker<TConfiguration, TOperation>(
    Func<TConfiguration, IRun<TOperation>> runFor, ISimplify<TConfiguration, TOperation> simplify)
    where TConfiguration : notnull
    where TOperation : struct, IEquatable<TOperation>
{
    // Beyond this length, trying every pair costs more than it finds: 40 * 39 / 2 = 780 replays of 40 steps.
    private const int PairsBelow = 40;

    private TConfiguration _configuration = default!;
    private TOperation[] _operations = [];
    private TOperation[] _done = [];
    private Finding _finding = null!;
    private IRun<TOperation> _run = null!;

    /// <summary>Replays that were tried in the last call.</summary>
    public int Tries { get; private set; }

    /// <summary>The simplest failure of the same claim that can be reached from this one.</summary>
    /// <exception cref="InvalidOperationException">The failure does not repeat.</exception>
    public Failure<TConfiguration, TOperation> Shrink(Failure<TConfiguration, TOperation> failure)
    {
        Tries = 0;
        _configuration = failure.Configuration;
        _operations = failure.Operations;
        _finding = failure.Finding;
        _done = new TOperation[_operations.Length];
        _run = runFor(_configuration);
        try
        {
            if (!Accept(_run, _operations))
            {
                throw new InvalidOperationException($"The failure of {failure.Finding.Claim} did not repeat: {failure.Finding.Detail}");
            }

            while (RemoveChunks() | RemovePairs() | SimplifyOperations() | SimplifyConfiguration())
            {
                // Each pass can open the way for another; all of them only ever make the run simpler, so this ends.
            }

            return new Failure<TConfiguration, TOperation>(_configuration, _operations, _finding);
        }
        finally
        {
            _run.Dispose();
        }
    }

    private bool RemoveChunks()
    {
        bool any = false;
        for (int size = Math.Max(1, _operations.Length / 2); size >= 1; size /= 2)
        {
            for (int start = _operations.Length - size; start >= 0; start = Math.Min(start - size, _operations.Length - size))
            {
                any |= AcceptWithout(start, size);
            }
        }

        return any;
    }

    private bool RemovePairs()
    {
        bool any = false;
        for (int second = _operations.Length - 1; second > 0 && _operations.Length < PairsBelow; second--)
        {
            for (int first = second - 1; first >= 0 && second < _operations.Length; first--)
            {
                TOperation[] candidate = [.. _operations[..first], .. _operations[(first + 1)..second], .. _operations[(second + 1)..]];
                any |= Accept(_run, candidate);
            }
        }

        return any;
    }

    private bool SimplifyOperations()
    {
        bool any = false;
        for (int index = 0; index < _operations.Length; index++)
        {
            bool simpler;
            do
            {
                simpler = false;
                foreach (var replacement in simplify.SimplerThan(_operations[index]))
                {
                    TOperation[] candidate = [.. _operations];
                    candidate[index] = replacement;
                    if (Accept(_run, candidate))
                    {
                        simpler = any = true;
                        break;
                    }
                }
            }
            while (simpler && index < _operations.Length);
        }

        return any;
    }

    private bool SimplifyConfiguration()
    {
        foreach (var candidate in simplify.SimplerThan(_configuration))
        {
            var run = runFor(candidate);
            if (Accept(run, _operations))
            {
                _run.Dispose();
                _run = run;
                _configuration = candidate;
                return true;
            }

            run.Dispose();
        }

        return false;
    }

    private bool AcceptWithout(int start, int count) => Accept(_run, [.. _operations[..start], .. _operations[(start + count)..]]);

    /// <summary>Takes the candidate over when the same claim breaks in it.</summary>
    private bool Accept(IRun<TOperation> run, ReadOnlySpan<TOperation> candidate)
    {
        Tries++;
        int done = Runs.ReplayAllowed(run, candidate, _done);
        if (run.Finding?.Claim != _finding.Claim)
        {
            return false;
        }

        _operations = _done[..done];
        _finding = run.Finding;
        return true;
    }
}
