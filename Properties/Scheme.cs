using RxVerify.Properties.Pictures;

namespace RxVerify.Properties;

/// <summary>A scheme as the tool and the reports see it, whatever its constants and operations are.</summary>
public abstract class Scheme
{
    private protected Scheme()
    {
    }

    /// <summary>Its name on the command line and in stored counterexamples.</summary>
    public abstract string Name { get; }

    /// <summary>What it is, in a few words.</summary>
    public abstract string Title { get; }

    /// <summary>All claims, by number.</summary>
    public abstract IReadOnlyList<Claim> Claims { get; }

    /// <summary>The claim that model and implementation agree.</summary>
    public abstract Claim Agreement { get; }

    /// <summary>All planted mistakes.</summary>
    public abstract IReadOnlyList<Defect> Defects { get; }

    /// <summary>The one that each default run has to report, so that a silent pipeline fails.</summary>
    public abstract Defect Canary { get; }

    /// <summary>The parts that the main job runs one after the other; together they are everything that the scheme draws.</summary>
    public abstract IReadOnlyList<SchemeScope> Scopes { get; }

    /// <summary>Runs generated sequences until a claim breaks or the operations are done.</summary>
    /// <param name="options">What to do.</param>
    /// <param name="progress">Told of the operations done, after each configuration.</param>
    /// <param name="cancellation">Ends the run early; what was learnt so far is returned.</param>
    public abstract FuzzResult Fuzz(FuzzOptions options, IProgress<long>? progress = null, CancellationToken cancellation = default);

    /// <summary>
    /// A hunt for one planted mistake: the claim it breaks, and only that one, ends the run. The model and the claims about the
    /// driver's own books would notice most mistakes before they do harm; the hunt shows the harm.
    /// </summary>
    public FuzzOptions HuntFor(Defect defect, ulong seed) => new()
    {
        Seed = seed,
        Defect = defect,
        WithModel = false,
        Claims = defect.Breaks is { } claim ? ClaimSet.Of(claim) : ClaimSet.All.Except(Agreement),
    };

    /// <summary>A hunt for each claim that a planted mistake is known to break; one hunt for whatever breaks where none is known.</summary>
    public IEnumerable<FuzzOptions> HuntsFor(Defect defect, ulong seed)
    {
        var hunt = HuntFor(defect, seed);
        return [hunt, .. defect.AlsoBreaks.Select(claim => hunt with { Claims = ClaimSet.Of(claim) })];
    }

    /// <summary>Reads a stored counterexample of this scheme.</summary>
    internal abstract Counterexample Read(string text, string file);
}

/// <summary>A part of what a scheme draws.</summary>
/// <param name="Name">Its name on the command line.</param>
/// <param name="Title">What is special about it.</param>
/// <param name="Scheme">The scheme, which draws only that.</param>
public sealed record SchemeScope(string Name, string Title, Scheme Scheme);

/// <summary>All that the search, the shrinker and the reports need of a scheme.</summary>
/// <typeparam name="TConfiguration">The scheme's constants.</typeparam>
/// <typeparam name="TOperation">The scheme's alphabet.</typeparam>
public abstract class Scheme<TConfiguration, TOperation> : Scheme
    where TConfiguration : class
    where TOperation : struct, IEquatable<TOperation>
{
    /// <summary>The one configuration that is drawn, or null to draw small ones.</summary>
    public TConfiguration? Only { get; init; }

    /// <summary>What is simpler.</summary>
    public abstract ISimplify<TConfiguration, TOperation> Simplify { get; }

    /// <summary>Operations and configurations as people read them, and as C# that compiles.</summary>
    public abstract IWords<TConfiguration, TOperation> Words { get; }

    /// <summary>How a world begins, in a few words.</summary>
    internal abstract string Beginning { get; }

    /// <summary>What can only be asked at the end of a sequence: does it recover, does anything leak.</summary>
    internal abstract ReadOnlySpan<TOperation> Epilogue { get; }

    /// <summary>A run from the start.</summary>
    /// <param name="defect">The planted mistake, or null for the right rules.</param>
    /// <param name="configuration">The constants.</param>
    /// <param name="claims">The claims that end the run. A wrong access always does.</param>
    /// <param name="withModel">Whether the model runs in lockstep.</param>
    /// <param name="coverage">What is counted, over as many runs as share it; null to count nothing that anybody sees.</param>
    public abstract IRun<TOperation> NewRun(Defect? defect, TConfiguration configuration, ClaimSet claims, bool withModel, Coverage? coverage = null);

    /// <summary>What looks through every run of few steps of the driver with a planted mistake, or with the right rules; null where nobody can.</summary>
    public virtual ILookThrough<TConfiguration, TOperation>? LookThrough(Defect? defect) => null;

    /// <inheritdoc/>
    public override FuzzResult<TConfiguration, TOperation> Fuzz(FuzzOptions options, IProgress<long>? progress = null, CancellationToken cancellation = default) =>
        Properties.Fuzz.Run(this, options, progress, cancellation);

    /// <summary>A valid configuration. The same dice give the same configuration.</summary>
    internal abstract TConfiguration Draw(ref Dice dice);

    /// <summary>A generator of one sequence.</summary>
    internal abstract IGenerator<TOperation> Generator(ulong seed);

    /// <summary>Counts for runs of this scheme.</summary>
    internal abstract Coverage NewCoverage();

    /// <summary>Says in one sentence what is wrong with some constants, or null.</summary>
    internal abstract string? FaultOf(TConfiguration configuration);

    /// <summary>What there is to see of a run, a line each.</summary>
    internal abstract IReadOnlyList<string> Observe(IRun<TOperation> run);

    /// <summary>The same for a picture: pages and who has which bytes, lists, and facts.</summary>
    internal abstract Scene SceneOf(IRun<TOperation> run);

    /// <inheritdoc/>
    internal override Counterexample Read(string text, string file) => CounterexampleFile.Read(this, text, file);
}

/// <summary>A scheme's values as people read them, and as C# that compiles.</summary>
/// <typeparam name="TConfiguration">The scheme's constants.</typeparam>
/// <typeparam name="TOperation">The scheme's alphabet.</typeparam>
public interface IWords<TConfiguration, TOperation>
{
    /// <summary>An operation in words.</summary>
    string Of(TOperation operation);

    /// <summary>An operation as a C# expression.</summary>
    string CSharp(TOperation operation);

    /// <summary>What a configuration changes of the production values, as "name value" pairs.</summary>
    string Of(TConfiguration configuration);

    /// <summary>A configuration as a C# expression.</summary>
    string CSharp(TConfiguration configuration);
}
