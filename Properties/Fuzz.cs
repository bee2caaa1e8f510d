namespace RxVerify.Properties;

/// <summary>What a fuzzing run is to do.</summary>
public sealed record FuzzOptions
{
    /// <summary>The only source of chance.</summary>
    public required ulong Seed { get; init; }

    /// <summary>Operations after which the run ends.</summary>
    public long Operations { get; init; } = 200_000;

    /// <summary>The planted mistake, or null for the right rules.</summary>
    public Defect? Defect { get; init; }

    /// <summary>Whether the model runs in lockstep.</summary>
    public bool WithModel { get; init; } = true;

    /// <summary>The claims that end the run. A wrong access that breaks another claim ends its sequence only.</summary>
    public ClaimSet Claims { get; init; } = ClaimSet.All;

    /// <summary>Longest sequence.</summary>
    public int LengthMax { get; init; } = 1000;
}

/// <summary>What a fuzzing run found, whatever the scheme.</summary>
/// <param name="Options">What was asked.</param>
/// <param name="FailureSeed">Seed of the failing sequence.</param>
/// <param name="Coverage">What happened.</param>
/// <param name="WasStopped">Whether the run was stopped before its operations were done.</param>
public abstract record FuzzResult(FuzzOptions Options, ulong FailureSeed, Coverage Coverage, bool WasStopped)
{
    /// <summary>What broke first; null when every claim held.</summary>
    public abstract Finding? Finding { get; }

    /// <summary>Steps of the failing sequence; 0 when every claim held, or one broke on creation.</summary>
    public abstract int FailureLength { get; }

    /// <summary>Rows that never happened, of those the scheme's scope needs.</summary>
    public IEnumerable<string> NeverHappened => Coverage.Rows.Where(row => row.Count == 0).Select(row => row.Name);

    /// <summary>Shrinks what was found to its shortest story, and runs that twice more to see that it repeats.</summary>
    /// <param name="cancellation">Ends the search early; the shortest story so far is returned.</param>
    /// <exception cref="InvalidOperationException">Nothing was found, or what was found does not repeat.</exception>
    public abstract Counterexample Shrink(CancellationToken cancellation = default);
}

/// <summary>What a fuzzing run of one scheme found.</summary>
/// <typeparam name="TConfiguration">The scheme's constants.</typeparam>
/// <typeparam name="TOperation">The scheme's alphabet.</typeparam>
/// <param name="Scheme">The scheme, which knows how to run it again.</param>
/// <param name="Options">What was asked.</param>
/// <param name="Failure">The first failure, not shrunk; null when every claim held.</param>
/// <param name="FailureSeed">Seed of the failing sequence.</param>
/// <param name="Coverage">What happened.</param>
/// <param name="WasStopped">Whether the run was stopped before its operations were done.</param>
public sealed record FuzzResult<TConfiguration, TOperation>(
    Scheme<TConfiguration, TOperation> Scheme, FuzzOptions Options, Failure<TConfiguration, TOperation>? Failure, ulong FailureSeed, Coverage Coverage, bool WasStopped)
    : FuzzResult(Options, FailureSeed, Coverage, WasStopped)
    where TConfiguration : class
    where TOperation : struct, IEquatable<TOperation>
{
    /// <inheritdoc/>
    public override Finding? Finding => Failure?.Finding;

    /// <inheritdoc/>
    public override int FailureLength => Failure?.Operations.Length ?? 0;

    /// <inheritdoc/>
    public override Counterexample<TConfiguration, TOperation> Shrink(CancellationToken cancellation = default)
    {
        if (Failure is not { } found)
        {
            throw new InvalidOperationException("there is no failure to shrink");
        }

        var shortest = new Shrinker<TConfiguration, TOperation>(RunFor, Scheme.Simplify, Scheme.LookThrough(Options.Defect)).Shrink(found, cancellation);
        return new Counterexample<TConfiguration, TOperation>(
            Scheme, Options.Defect?.Name, Options.Seed, shortest.Configuration, shortest.Operations, shortest.Finding.Claim.Id, shortest.Finding.Detail, found.Operations.Length)
        {
            WithModel = Options.WithModel,
            Proof = shortest.Proof,
            RepeatDifference = RepeatDifference(),
        };

        // The claims asked for are those of the search: the same claim has to break, however many others break before it.
        IRun<TOperation> RunFor(TConfiguration configuration) => Scheme.NewRun(Options.Defect, configuration, Options.Claims, Options.WithModel);

        string? RepeatDifference()
        {
            using var run = RunFor(shortest.Configuration);
            var first = Runs.Replay<TOperation>(run, shortest.Operations);
            var second = Runs.Replay<TOperation>(run, shortest.Operations);
            return first == second ? null : $"two runs of the same steps differ: {first} and {second}";
        }
    }
}

/// <summary>Draws the operations of one sequence.</summary>
/// <typeparam name="TOperation">The scheme's alphabet.</typeparam>
public interface IGenerator<TOperation>
{
    /// <summary>The next operation. It fits the run's state nearly always; the caller asks whether it is allowed.</summary>
    TOperation Next(IRun<TOperation> run);
}

/// <summary>Random sequences of operations through implementation, claims and, if wanted, the model.</summary>
public static class Fuzz
{
    private const int SequencesPerConfiguration = 8;

    /// <summary>Runs sequences until a claim breaks or the operations are done.</summary>
    /// <param name="scheme">What is driven.</param>
    /// <param name="options">What to do.</param>
    /// <param name="progress">Told of the operations done, after each configuration.</param>
    /// <param name="cancellation">Ends the run early; what was learnt so far is returned.</param>
    internal static FuzzResult<TConfiguration, TOperation> Run<TConfiguration, TOperation>(
        Scheme<TConfiguration, TOperation> scheme, FuzzOptions options, IProgress<long>? progress, CancellationToken cancellation)
        where TConfiguration : class
        where TOperation : struct, IEquatable<TOperation>
    {
        var dice = new Dice(options.Seed);
        var coverage = scheme.NewCoverage();
        var operations = new TOperation[options.LengthMax + scheme.Epilogue.Length];
        while (coverage.Operations < options.Operations)
        {
            if (cancellation.IsCancellationRequested)
            {
                return new(scheme, options, null, 0, coverage, WasStopped: true);
            }

            var configuration = scheme.Only ?? scheme.Draw(ref dice);
            using var run = scheme.NewRun(options.Defect, configuration, options.Claims, options.WithModel, coverage);
            for (int sequence = 0; sequence < SequencesPerConfiguration; sequence++)
            {
                ulong seed = dice.Next();
                int length = dice.Of(20, 100, 300, options.LengthMax);
                int count = RunSequence(run, scheme.Generator(seed), length, scheme.Epilogue, operations);
                if (run.Finding is { } finding && options.Claims.Contains(finding.Claim))
                {
                    return new(scheme, options, new(configuration, operations[..count], finding), seed, coverage, WasStopped: false);
                }

                run.Restart();
            }

            progress?.Report(coverage.Operations);
        }

        return new(scheme, options, null, 0, coverage, WasStopped: false);
    }

    /// <summary>
    /// Runs one generated sequence and then the epilogue, which asks what can only be asked at the end: does the queue
    /// recover, does anything leak. Returns the operations done, written to <paramref name="operations"/>.
    /// </summary>
    private static int RunSequence<TOperation>(
        IRun<TOperation> run, IGenerator<TOperation> generator, int length, ReadOnlySpan<TOperation> epilogue, Span<TOperation> operations)
    {
        int count = RunDrawn(run, generator, length, operations);
        foreach (var operation in epilogue)
        {
            count += StepIfAllowed(run, operation, operations[count..]);
        }

        return count;
    }

    /// <summary>Runs at most <paramref name="length"/> drawn operations. Returns those done, which were allowed.</summary>
    public static int RunDrawn<TOperation>(IRun<TOperation> run, IGenerator<TOperation> generator, int length, Span<TOperation> operations)
    {
        int count = 0;
        for (int drawn = 0; drawn < length && run.Finding is null; drawn++)
        {
            count += StepIfAllowed(run, generator.Next(run), operations[count..]);
        }

        return count;
    }

    private static int StepIfAllowed<TOperation>(IRun<TOperation> run, TOperation operation, Span<TOperation> done)
    {
        if (run.Finding is not null || (!run.Allows(operation) && run.Finding is null))
        {
            return 0;
        }

        done[0] = operation;
        if (run.Finding is null)
        {
            run.Step(operation);
        }

        return 1;
    }
}
