using RxVerify.Model.Vocabulary.Dqo;

namespace RxVerify.Properties.Dqo;

/// <summary>What a fuzzing run is to do.</summary>
public sealed record DqoFuzzOptions
{
    /// <summary>The only source of chance.</summary>
    public required ulong Seed { get; init; }

    /// <summary>Operations after which the run ends.</summary>
    public long Operations { get; init; } = 200_000;

    /// <summary>Which kinds of device and page are drawn.</summary>
    public DqoScope Scope { get; init; } = DqoScope.Hostile | DqoScope.PageList;

    /// <summary>The planted mistake, or null for the right rules.</summary>
    public DqoDefect? Defect { get; init; }

    /// <summary>Whether the model runs in lockstep.</summary>
    public bool WithModel { get; init; } = true;

    /// <summary>The claims that end the run. A wrong access that breaks another claim ends its sequence only.</summary>
    public ClaimSet Claims { get; init; } = ClaimSet.All;

    /// <summary>The configuration, or null to draw small ones.</summary>
    public DqoConfiguration? Configuration { get; init; }

    /// <summary>Longest sequence.</summary>
    public int LengthMax { get; init; } = 1000;

    /// <summary>
    /// A hunt for one planted mistake: the claim it breaks, and only that one, ends the run. The model and the claims about the
    /// driver's own books would notice most mistakes before they do harm; the hunt shows the harm.
    /// </summary>
    public static DqoFuzzOptions HuntFor(DqoDefect defect, ulong seed) => new()
    {
        Seed = seed,
        Defect = defect,
        WithModel = false,
        Claims = defect.Breaks is { } claim ? ClaimSet.Of(claim) : ClaimSet.All.Except(DqoClaims.Agreement),
    };
}

/// <summary>What a fuzzing run found.</summary>
/// <param name="Options">What was asked.</param>
/// <param name="Failure">The first failure, not shrunk; null when every claim held.</param>
/// <param name="FailureSeed">Seed of the failing sequence.</param>
/// <param name="Coverage">What happened.</param>
/// <param name="WasStopped">Whether the run was stopped before its operations were done.</param>
public sealed record DqoFuzzResult(
    DqoFuzzOptions Options, Failure<DqoConfiguration, DqoOperation>? Failure, ulong FailureSeed, DqoCoverage Coverage, bool WasStopped)
{
    /// <summary>Rows that never happened, of those the scope needs.</summary>
    public IEnumerable<string> NeverHappened => Coverage.Rows.Where(row => row.Count == 0).Select(row => row.Name);
}

/// <summary>Random sequences of operations through implementation, claims and, if wanted, the model.</summary>
public static class DqoFuzz
{
    private const int SequencesPerConfiguration = 8;

    /// <summary>Runs sequences until a claim breaks or the operations are done.</summary>
    /// <param name="options">What to do.</param>
    /// <param name="progress">Told of the operations done, after each configuration.</param>
    /// <param name="cancellation">Ends the run early; what was learnt so far is returned.</param>
    public static DqoFuzzResult Run(DqoFuzzOptions options, IProgress<long>? progress = null, CancellationToken cancellation = default)
    {
        var dice = new Dice(options.Seed);
        var coverage = new DqoCoverage { Scope = options.Scope };
        var operations = new DqoOperation[options.LengthMax + Epilogue.Length];
        while (coverage.Operations < options.Operations)
        {
            if (cancellation.IsCancellationRequested)
            {
                return new DqoFuzzResult(options, null, 0, coverage, WasStopped: true);
            }

            var configuration = options.Configuration ?? DqoConfigurations.Draw(ref dice, options.Scope);
            using var run = new DqoRun(DqoDefects.WorldOf(options.Defect, configuration), options.Claims, options.WithModel, coverage);
            for (int sequence = 0; sequence < SequencesPerConfiguration; sequence++)
            {
                ulong seed = dice.Next();
                int count = RunSequence(run, new DqoGenerator(seed, options.Scope), dice.Of(20, 100, 300, options.LengthMax), operations);
                if (run.Finding is { } finding && options.Claims.Contains(finding.Claim))
                {
                    var failure = new Failure<DqoConfiguration, DqoOperation>(configuration, operations[..count], finding);
                    return new DqoFuzzResult(options, failure, seed, coverage, WasStopped: false);
                }

                run.Restart();
            }

            progress?.Report(coverage.Operations);
        }

        return new DqoFuzzResult(options, null, 0, coverage, WasStopped: false);
    }

    /// <summary>
    /// Runs one generated sequence and then the epilogue, which asks what can only be asked at the end: does the queue
    /// recover, does anything leak. Returns the operations done, written to <paramref name="operations"/>.
    /// </summary>
    public static int RunSequence(DqoRun run, DqoGenerator generator, int length, Span<DqoOperation> operations)
    {
        int count = RunDrawn(run, generator, length, operations);
        foreach (var operation in Epilogue)
        {
            count += StepIfAllowed(run, operation, operations[count..]);
        }

        return count;
    }

    /// <summary>Runs at most <paramref name="length"/> drawn operations. Returns those done, which were allowed.</summary>
    public static int RunDrawn(DqoRun run, DqoGenerator generator, int length, Span<DqoOperation> operations)
    {
        int count = 0;
        for (int drawn = 0; drawn < length && run.Finding is null; drawn++)
        {
            count += StepIfAllowed(run, generator.Next(run.World), operations[count..]);
        }

        return count;
    }

    private static readonly DqoOperation[] Epilogue =
        [DqoOperation.Settle(keepsPackets: true), DqoOperation.Settle(), DqoOperation.Teardown(), DqoOperation.Settle()];

    private static int StepIfAllowed(DqoRun run, DqoOperation operation, Span<DqoOperation> done)
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
