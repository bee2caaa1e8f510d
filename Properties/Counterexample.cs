using RxVerify.Explorer;
using RxVerify.Properties.Pictures;

namespace RxVerify.Properties;

/// <summary>The shortest story of a failure, whatever the scheme: everything that is needed to run it again, to read it and to keep it as a test.</summary>
/// <param name="Defect">Name of the planted mistake, or null for the right rules.</param>
/// <param name="Seed">Seed of the search that found it.</param>
/// <param name="Claim">Id of the claim.</param>
/// <param name="Detail">How it showed.</param>
/// <param name="FoundLength">Steps before shrinking.</param>
public abstract record Counterexample(string? Defect, ulong Seed, string Claim, string Detail, int FoundLength)
{
    /// <summary>Whether the model ran in lockstep.</summary>
    public bool WithModel { get; init; }

    /// <summary>That no run of fewer steps breaks the claim, where that was shown.</summary>
    public ProvenShortest? Proof { get; init; }

    /// <summary>What two runs of the same steps differed in; null when they did not.</summary>
    public string? RepeatDifference { get; init; }

    /// <summary>The claim that breaks.</summary>
    public Claim BrokenClaim => Of.Claims.Single(claim => claim.Id == Claim);

    /// <summary>The scheme it is of.</summary>
    public abstract Scheme Of { get; }

    /// <summary>Steps left.</summary>
    public abstract int Length { get; }

    /// <summary>How long the story was and is, and whether there is a shorter one.</summary>
    public string Lengths => $"{Quantity.Of(FoundLength, "step")} found, {Quantity.Of(Length)} left{(Proof is null ? "" : $", {Proof}")}";

    /// <summary>The steps in words.</summary>
    public abstract IReadOnlyList<string> Steps { get; }

    /// <summary>What the configuration changes of the production values, in words.</summary>
    public abstract string ConfigurationWords { get; }

    /// <summary>Runs the steps again and says how that ended.</summary>
    public abstract Verdict Replay();

    /// <summary>Runs on the right rules, with the model and all claims, what of the steps is allowed there, and says how that ended.</summary>
    public abstract Verdict ReplayOnRightRules();

    /// <summary>The counterexample without one step.</summary>
    /// <param name="step">Its index, from 0.</param>
    public abstract Counterexample Without(int step);

    /// <summary>The story as text, one block a step. The same counterexample gives the same bytes.</summary>
    public abstract string Text();

    /// <summary>A test that replays the story against the right rules, as C# that compiles where xunit is referenced.</summary>
    public abstract string CSharp();

    /// <summary>The counterexample as JSON, with a final newline.</summary>
    public abstract string Json();

    /// <summary>The steps run again, with what is seen after each: for a picture.</summary>
    public abstract Picture Picture();

    /// <summary>What its files are called, without an extension.</summary>
    public string FileName => $"{Of.Name}-{Defect ?? "right-rules"}-{Claim}-{Seed}";
}

/// <summary>The shortest story of a failure of one scheme.</summary>
/// <typeparam name="TConfiguration">The scheme's constants.</typeparam>
/// <typeparam name="TOperation">The scheme's alphabet.</typeparam>
/// <param name="Scheme">The scheme.</param>
/// <param name="Defect">Name of the planted mistake, or null for the right rules.</param>
/// <param name="Seed">Seed of the search that found it.</param>
/// <param name="Configuration">The constants.</param>
/// <param name="Operations">The steps; the claim breaks in the last one.</param>
/// <param name="Claim">Id of the claim.</param>
/// <param name="Detail">How it showed.</param>
/// <param name="FoundLength">Steps before shrinking.</param>
public sealed record Counterexample<TConfiguration, TOperation>(
    Scheme<TConfiguration, TOperation> Scheme, string? Defect, ulong Seed, TConfiguration Configuration, IReadOnlyList<TOperation> Operations, string Claim, string Detail, int FoundLength)
    : Counterexample(Defect, Seed, Claim, Detail, FoundLength)
    where TConfiguration : class
    where TOperation : struct, IEquatable<TOperation>
{
    /// <inheritdoc/>
    public override Scheme Of => Scheme;

    /// <inheritdoc/>
    public override int Length => Operations.Count;

    /// <inheritdoc/>
    public override IReadOnlyList<string> Steps => [.. Operations.Select(Scheme.Words.Of)];

    /// <inheritdoc/>
    public override string ConfigurationWords => Scheme.Words.Of(Configuration);

    /// <inheritdoc/>
    public override Verdict Replay()
    {
        using var run = NewRun();
        return Runs.Replay<TOperation>(run, [.. Operations]);
    }

    /// <inheritdoc/>
    public override Verdict ReplayOnRightRules()
    {
        using var run = Scheme.NewRun(null, Configuration, ClaimSet.All, withModel: true);
        var done = new TOperation[Operations.Count];
        int count = Runs.ReplayAllowed<TOperation>(run, [.. Operations], done);
        return run.Finding is { } finding ? new Verdict.Broke(count - 1, finding)
            : count < done.Length ? new Verdict.NotAllowed(done.AsSpan(0, count).CommonPrefixLength([.. Operations]))
            : new Verdict.Held(count);
    }

    /// <inheritdoc/>
    public override Counterexample Without(int step) => this with { Operations = [.. Operations.Where((_, index) => index != step)], Proof = null };

    /// <inheritdoc/>
    public override string Text() => Story.Text(this);

    /// <inheritdoc/>
    public override string CSharp() => Story.CSharp(this);

    /// <inheritdoc/>
    public override string Json() => CounterexampleFile.Write(this);

    /// <inheritdoc/>
    public override Picture Picture() => Pictures.Picture.Of(this);

    /// <summary>A run of this configuration and driver in which the claim of the story ends the run.</summary>
    internal IRun<TOperation> NewRun()
    {
        var defect = Defect is null ? null
            : Properties.Defect.Named(Scheme.Defects, Defect) ?? throw new InvalidOperationException($"there is no defect named {Defect}");
        return Scheme.NewRun(defect, Configuration, ClaimSet.Of(BrokenClaim), WithModel);
    }
}
