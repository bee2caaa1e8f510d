namespace RxVerify.Properties;

/// <summary>A property that must hold, and the harm when it does not: the first two lines of every report.</summary>
/// <param name="Id">Short name; I1 to I11 are those of facts A.7.</param>
/// <param name="Number">Place in its scheme's catalogue, below 64.</param>
/// <param name="Sentence">What must be true.</param>
/// <param name="Harm">Why anyone should care.</param>
public sealed record Claim(string Id, int Number, string Sentence, string Harm)
{
    /// <inheritdoc/>
    public override string ToString() => Id;
}

/// <summary>Some claims of one scheme.</summary>
/// <param name="Bits">One bit for each claim, by its number.</param>
public readonly record struct ClaimSet(ulong Bits)
{
    /// <summary>Every claim.</summary>
    public static readonly ClaimSet All = new(ulong.MaxValue);

    /// <summary>The claims given.</summary>
    public static ClaimSet Of(params ReadOnlySpan<Claim> claims)
    {
        ulong bits = 0;
        foreach (var claim in claims)
        {
            bits |= 1ul << claim.Number;
        }

        return new ClaimSet(bits);
    }

    /// <summary>Whether a claim is among them.</summary>
    public bool Contains(Claim claim) => ((Bits >> claim.Number) & 1) != 0;

    /// <summary>These claims without the given ones.</summary>
    public ClaimSet Except(params ReadOnlySpan<Claim> claims) => new(Bits & ~Of(claims).Bits);
}

/// <summary>A claim that broke, and how it showed.</summary>
/// <param name="Claim">What does not hold.</param>
/// <param name="Detail">The two parties in conflict, in one sentence.</param>
/// <param name="Conflict">The two parties and the bytes in question, for a picture; null where the sentence says all.</param>
public sealed record Finding(Claim Claim, string Detail, Conflict? Conflict = null);

/// <summary>How a run ended.</summary>
public abstract record Verdict
{
    private Verdict()
    {
    }

    /// <summary>Every claim held after each of these steps.</summary>
    /// <param name="Steps">Steps done.</param>
    public sealed record Held(int Steps) : Verdict;

    /// <summary>A claim broke.</summary>
    /// <param name="Step">Index of the step, counted from 0; -1 when it broke before the first one.</param>
    /// <param name="Finding">What broke, and how it showed.</param>
    public sealed record Broke(int Step, Finding Finding) : Verdict;

    /// <summary>A step is not allowed where it stands.</summary>
    /// <param name="Step">Index of the step, counted from 0.</param>
    public sealed record NotAllowed(int Step) : Verdict;
}

/// <summary>One run of one scheme: a world, perhaps a model beside it, and the claims, stepped by operations.</summary>
/// <typeparam name="TOperation">The scheme's alphabet.</typeparam>
public interface IRun<TOperation> : IDisposable
{
    /// <summary>The claim that broke, perhaps at the start already, after which nothing more may be stepped; null while all hold.</summary>
    Finding? Finding { get; }

    /// <summary>Back to the start.</summary>
    void Restart();

    /// <summary>Whether an operation makes sense now. Asking can already show that model and implementation differ (see <see cref="Finding"/>).</summary>
    bool Allows(TOperation operation);

    /// <summary>Does one allowed operation and checks every claim. False when one broke.</summary>
    bool Step(TOperation operation);
}

/// <summary>What every scheme's runs can do.</summary>
public static class Runs
{
    /// <summary>Runs operations from the start. An operation that is not allowed ends the run.</summary>
    public static Verdict Replay<TOperation>(IRun<TOperation> run, ReadOnlySpan<TOperation> operations)
    {
        run.Restart();
        if (run.Finding is { } atOnce)
        {
            return new Verdict.Broke(-1, atOnce);
        }

        for (int step = 0; step < operations.Length; step++)
        {
            if (!run.Allows(operations[step]) && run.Finding is null)
            {
                return new Verdict.NotAllowed(step);
            }

            if (run.Finding is not null || !run.Step(operations[step]))
            {
                return new Verdict.Broke(step, run.Finding!);
            }
        }

        return new Verdict.Held(operations.Length);
    }

    /// <summary>
    /// Runs what is allowed of a sequence, from the start, and leaves out the rest. Returns how many operations were done,
    /// written to the front of <paramref name="done"/>.
    /// </summary>
    public static int ReplayAllowed<TOperation>(IRun<TOperation> run, ReadOnlySpan<TOperation> operations, Span<TOperation> done)
    {
        run.Restart();
        if (run.Finding is not null)
        {
            return 0;
        }

        int count = 0;
        foreach (var operation in operations)
        {
            if (!run.Allows(operation) && run.Finding is null)
            {
                continue;
            }

            done[count++] = operation;
            if (run.Finding is not null || !run.Step(operation))
            {
                break;
            }
        }

        return count;
    }
}
