namespace RxVerify.Properties;

/// <summary>Simpler variants of a scheme's values, simplest first; repeated use ends.</summary>
/// <typeparam name="TConfiguration">The scheme's constants.</typeparam>
/// <typeparam name="TOperation">The scheme's alphabet.</typeparam>
public interface ISimplify<TConfiguration, TOperation>
    where TOperation : struct
{
    /// <summary>Operations simpler than this one.</summary>
    IEnumerable<TOperation> SimplerThan(TOperation operation);

    /// <summary>One operation that may do what two do, or null where there is none.</summary>
    TOperation? Together(TOperation first, TOperation second) => null;

    /// <summary>Valid configurations simpler than this one.</summary>
    IEnumerable<TConfiguration> SimplerThan(TConfiguration configuration);

    /// <summary>
    /// Draws a run, from the start, of at most as many operations as <paramref name="done"/> has room for, ending where a claim
    /// breaks: first those kept, then fresh ones. Returns how many were done. The same seed draws the same run.
    /// </summary>
    int Draw(IRun<TOperation> run, ulong seed, ReadOnlySpan<TOperation> kept, Span<TOperation> done);
}

/// <summary>A failing run.</summary>
/// <typeparam name="TConfiguration">The scheme's constants.</typeparam>
/// <typeparam name="TOperation">The scheme's alphabet.</typeparam>
/// <param name="Configuration">Its constants.</param>
/// <param name="Operations">Its steps, all of them allowed where they stand.</param>
/// <param name="Finding">What broke in the last one.</param>
public sealed record Failure<TConfiguration, TOperation>(TConfiguration Configuration, TOperation[] Operations, Finding Finding)
{
    /// <summary>That no run of fewer steps breaks the claim in this configuration, where that was shown.</summary>
    public ProvenShortest? Proof { get; init; }
}

/// <summary>
/// Makes a failing run short: cuts after the failing step, removes chunks, then single steps and pairs, simplifies arguments
/// and the configuration, and looks for a shorter run or a shorter end of its own, until nothing helps. A candidate counts only
/// when the same claim breaks; steps that are not allowed in it are left out, so every accepted run is legal (delta debugging:
/// Zeller, Hildebrandt, 2002).
/// </summary>
/// <remarks>
/// Removing steps ends in a local minimum: a story that needs one page more has other steps, not fewer. Short fresh runs on
/// the configuration found so far, and on simpler ones, leave it. Their number is limited, so shrinking stays a matter of
/// milliseconds. Where every run of fewer steps can be looked through, that is done before, and ends the search: with a shorter run,
/// which is replayed as any other candidate, or with the proof that there is none. Where there are too many of them, there are fewer
/// on simpler configurations, on which other steps may fail than these. And where a story cannot be shorter on its configuration it
/// may be on another one, which removing steps and making numbers smaller, one at a time, does not come by: the smallest are asked last.
/// </remarks>
/// <param name="runFor">Makes a run for a configuration; the shrinker disposes of it.</param>
/// <param name="simplify">What is simpler.</param>
/// <param name="lookThrough">Looks through all runs of few steps; null where nobody can.</param>
public sealed class Shrinker<TConfiguration, TOperation>(
    Func<TConfiguration, IRun<TOperation>> runFor, ISimplify<TConfiguration, TOperation> simplify, ILookThrough<TConfiguration, TOperation>? lookThrough = null)
    where TConfiguration : notnull
    where TOperation : struct, IEquatable<TOperation>
{
    // Beyond this length, trying every pair costs more than it finds: 24 * 23 / 2 = 276 replays of 24 steps.
    private const int PairsBelow = 24;

    // What it costs to begin a run, in operations.
    private const int RestartCost = 16;

    // Operations drawn afresh in one call, and in one attempt on one configuration: some hundredths of a second in all.
    private const int DrawnInAll = 100_000;
    private const int DrawnAtOnce = 20_000;
    private const int DrawnPerConfiguration = 1_000;

    // The same for runs that begin as the shortest does.
    private const int EndsInAll = 60_000;
    private const int EndsAtOnce = 20_000;

    // Looks on simpler configurations in one call: each may take as long as all else together.
    private const int LooksInAll = 24;

    // Shorter stories than this are not worth a search: create nothing, break at once.
    private const int WorthSearching = 4;
    private const int WorthBetterEnd = 2;

    private TConfiguration _configuration = default!;
    private TOperation[] _operations = [];
    private TOperation[] _done = [];
    private Finding _finding = null!;
    private ProvenShortest? _proof;
    private IRun<TOperation> _run = null!;
    private CancellationToken _cancellation;
    private int _drawn;
    private int _endsDrawn;
    private int _looks;
    private bool _lookedElsewhere;
    private ulong _seed;
    private ulong _endSeed;

    /// <summary>Replays that were tried in the last call.</summary>
    public int Tries { get; private set; }

    /// <summary>The simplest failure of the same claim that can be reached from this one.</summary>
    /// <param name="failure">What was found.</param>
    /// <param name="cancellation">Ends the search early; the simplest failure found so far is returned.</param>
    /// <exception cref="InvalidOperationException">The failure does not repeat.</exception>
    public Failure<TConfiguration, TOperation> Shrink(Failure<TConfiguration, TOperation> failure, CancellationToken cancellation = default)
    {
        Tries = 0;
        _cancellation = CancellationToken.None;
        _drawn = 0;
        _endsDrawn = 0;
        _looks = 0;
        _lookedElsewhere = false;
        _seed = 0;
        _endSeed = 0;
        _configuration = failure.Configuration;
        _operations = failure.Operations;
        _finding = failure.Finding;
        _proof = null;
        _done = new TOperation[_operations.Length];
        _run = runFor(_configuration);
        try
        {
            if (!Accept(_run, _operations))
            {
                throw new InvalidOperationException($"The failure of {failure.Finding.Claim} did not repeat: {failure.Finding.Detail}");
            }

            _cancellation = cancellation;
            while (Simplify())
            {
                // Each pass can open the way for another; all of them only ever make the run simpler, so this ends.
            }
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            // What was accepted last is a failure of the same claim, and the shortest so far.
        }
        finally
        {
            _run.Dispose();
        }

        return new Failure<TConfiguration, TOperation>(_configuration, _operations, _finding) { Proof = _proof };
    }

    /// <summary>One round of everything. A look through all runs takes longest, so it waits until nothing else helps; chance is for what nobody can look through.</summary>
    private bool Simplify()
    {
        bool any = SimplifyConfiguration() | RemoveChunks() | JoinOperations() | SimplifyOperations();
        return lookThrough?.CanSee(_configuration, _finding.Claim) == true
            ? any || LookThroughAll() || LookElsewhere() || (_proof is null && (LookOnSimpler() | FindByChance()))
            : any | FindByChance() || LookElsewhere() || LookOnSimpler();
    }

    /// <summary>Looks for a run that has other steps and not merely some of these.</summary>
    private bool FindByChance() => FindShorter(_run, DrawnAtOnce) | RemovePairs() | FindBetterEnd();

    /// <summary>Looks through every run of fewer steps.</summary>
    private bool LookThroughAll()
    {
        if (_operations.Length == 0)
        {
            return false;
        }

        var all = Look(_configuration, _operations.Length - 1);

        // In the run found another claim may break first; then it is not known whether a third run would do.
        if (all?.Shorter is { } shorter)
        {
            return Accept(_run, shorter);
        }

        _proof = all?.Proof;
        return false;
    }

    /// <summary>Looks for a simpler configuration on which the claim breaks in no more steps, if not in these.</summary>
    private bool LookOnSimpler()
    {
        foreach (var candidate in simplify.SimplerThan(_configuration))
        {
            if (_looks++ < LooksInAll && Look(candidate, _operations.Length)?.Shorter is { } other && TakeConfiguration(candidate, run => Accept(run, other)))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>
    /// Looks on the smallest configurations for a shorter run, and where nothing is proven yet for one that is as long. Once is
    /// enough: it asks for the shortest of all of them.
    /// </summary>
    private bool LookElsewhere()
    {
        if (_lookedElsewhere || _operations.Length == 0)
        {
            return false;
        }

        _lookedElsewhere = true;
        _cancellation.ThrowIfCancellationRequested();
        int stepsMax = _operations.Length - (_proof is null ? 0 : 1);
        return lookThrough?.Elsewhere(_configuration, _finding.Claim, stepsMax, _cancellation) is { } other
            && TakeConfiguration(other.Configuration, run => Accept(run, other.Operations));
    }

    private ShortRuns<TOperation>? Look(TConfiguration configuration, int stepsMax)
    {
        _cancellation.ThrowIfCancellationRequested();
        return lookThrough?.CanSee(configuration, _finding.Claim) == true ? lookThrough.Runs(configuration, _finding.Claim, stepsMax, _cancellation) : null;
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

    private bool JoinOperations()
    {
        bool any = false;
        for (int second = _operations.Length - 1; second > 0; second = Math.Min(second, _operations.Length) - 1)
        {
            if (simplify.Together(_operations[second - 1], _operations[second]) is { } both)
            {
                any |= Accept(_run, [.. _operations[..(second - 1)], both, .. _operations[(second + 1)..]]);
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
        bool any = false;
        while (simplify.SimplerThan(_configuration).Any(simpler => TakeConfiguration(simpler, run => Accept(run, _operations) || FindShorter(run, DrawnPerConfiguration))))
        {
            any = true;
        }

        return any;
    }

    /// <summary>Goes on with another configuration if it fails too.</summary>
    private bool TakeConfiguration(TConfiguration candidate, Func<IRun<TOperation>, bool> fails)
    {
        var run = runFor(candidate);
        try
        {
            if (!fails(run))
            {
                return false;
            }

            (_run, run) = (run, _run);
            _configuration = candidate;
            return true;
        }
        finally
        {
            run.Dispose();
        }
    }

    /// <summary>Looks for a run of its own that is shorter than what is left.</summary>
    private bool FindShorter(IRun<TOperation> run, int operations)
    {
        bool any = false;
        int end = Math.Min(DrawnInAll, _drawn + operations);
        while (_drawn < end && _operations.Length > WorthSearching)
        {
            CountTry();
            int done = simplify.Draw(run, _seed++, [], _done.AsSpan(0, _operations.Length - 1));
            _drawn += RestartCost + done;
            any |= TakeOver(run, done);
        }

        return any;
    }

    /// <summary>Looks for a shorter run that begins as this one does: one that is nearly right needs a better end, not another start.</summary>
    private bool FindBetterEnd()
    {
        bool any = false;
        int end = Math.Min(EndsInAll, _endsDrawn + EndsAtOnce);
        while (_endsDrawn < end && _operations.Length > WorthBetterEnd)
        {
            CountTry();
            int kept = (int)(_endSeed % (ulong)(_operations.Length - 1));
            int done = simplify.Draw(_run, _endSeed++, _operations.AsSpan(0, kept), _done.AsSpan(0, _operations.Length - 1));
            _endsDrawn += RestartCost + done;
            any |= TakeOver(_run, done);
        }

        return any;
    }

    private bool AcceptWithout(int start, int count) => Accept(_run, [.. _operations[..start], .. _operations[(start + count)..]]);

    private bool Accept(IRun<TOperation> run, ReadOnlySpan<TOperation> candidate)
    {
        CountTry();
        return TakeOver(run, Runs.ReplayAllowed(run, candidate, _done));
    }

    /// <summary>Before each replay: the place where shrinking can end early.</summary>
    private void CountTry()
    {
        _cancellation.ThrowIfCancellationRequested();
        Tries++;
    }

    /// <summary>Takes over the run that was just done when the same claim broke in it.</summary>
    private bool TakeOver(IRun<TOperation> run, int done)
    {
        if (run.Finding?.Claim != _finding.Claim)
        {
            return false;
        }

        _operations = _done[..done];
        _finding = run.Finding;
        _proof = null;
        return true;
    }
}
