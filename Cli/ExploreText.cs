using RxVerify.Explorer;
using RxVerify.Properties;
using RxVerify.Properties.Dqo;

namespace RxVerify.Cli;

/// <summary>What an exploration found, for people.</summary>
internal static class ExploreText
{
    private const int DepthsALine = 10;

    /// <summary>Prints it. Returns the exit code.</summary>
    /// <param name="screen">Where it goes.</param>
    /// <param name="walk">The exploration.</param>
    /// <param name="options">How it walked.</param>
    /// <param name="scope">What it walked.</param>
    /// <param name="claims">The claims it looked for.</param>
    /// <param name="mistake">The mistake planted, or null.</param>
    public static int Show(Screen screen, Exploration walk, ExploreOptions options, DqoExploreScope scope, ClaimSet claims, DqoDefect? mistake)
    {
        var counts = new List<(string, string)> { ("states", Words.Count(walk.States)), ("transitions", Words.Count(walk.Transitions)), ("depth", Words.Count(walk.Depth)) };
        if (walk.StepsKept is { } different)
        {
            counts.Add(("different steps of the driver", Words.Count(different)));
        }

        screen.Pairs([.. counts]);
        if (screen.IsTerminal)
        {
            screen.Line($"{Words.Seconds(walk.Elapsed)}, {walk.States / walk.Elapsed.TotalSeconds / 1e6:0.00} M states/s, {(double)walk.PeakBytes / walk.States:0} bytes a state");
        }

        if (walk.Order == ExploreOrder.Breadth)
        {
            ShowDepths(screen, walk.StatesAtDepth);
        }

        screen.Table(
            [new("operation"), new("enabled in states", IsNumber: true), new("taken", IsNumber: true), new("not possible in states", IsNumber: true)],
            walk.Kinds.Select(kind => (IReadOnlyList<string>)[kind.Name, Words.Count(kind.Enabled), kind.Taken == 0 ? "!0" : Words.Count(kind.Taken), Words.Count(kind.Refused)]));
        foreach (var landmark in walk.Landmarks)
        {
            screen.Line($"landmark: {landmark.Name}: {Words.Count(landmark.Transitions)}");
        }

        if (options.Fingerprints && walk.Problem is null)
        {
            screen.Line(walk.MissProbability == 0
                ? "no state was missed: where a key is one word, that word is kept and not a hash of it"
                : $"chance that a state was missed: {walk.MissProbability:0.0e+0}");
        }

        return Verdict(screen, walk, options, scope, claims, mistake);
    }

    /// <summary>How many states were first reached at each depth, ten depths to a line.</summary>
    private static void ShowDepths(Screen screen, IReadOnlyList<long> statesAtDepth) =>
        screen.Table(
            [new("states at depth"), .. Enumerable.Range(0, DepthsALine).Select(depth => new Column($"+{depth}", IsNumber: true))],
            statesAtDepth.Chunk(DepthsALine).Select((line, index) => (IReadOnlyList<string>)
                [$"{index * DepthsALine}", .. line.Select(Words.Count), .. Enumerable.Repeat("", DepthsALine - line.Length)]));

    private static int Verdict(Screen screen, Exploration walk, ExploreOptions options, DqoExploreScope scope, ClaimSet claims, DqoDefect? mistake)
    {
        switch (walk.Outcome)
        {
            case ExploreOutcome.Broke:
                Tell(screen, walk, scope);
                return ExitCode.Broke;
            case ExploreOutcome.NotExhaustive:
                screen.Line($"not exhaustive: {Words.Count(walk.States, "state")}, depth {walk.Depth} ({walk.EndedBy}); nothing had broken");
                return ExitCode.NotExhaustive;
            case ExploreOutcome.NeverTaken:
                screen.Line($"every reachable state was expanded, but never happened: {string.Join(", ", walk.Never)}");
                return ExitCode.Broke;
            default:
                screen.Line("every reachable state was expanded; "
                    + (options.KeepsGraph ? "from each the queue can fill again, and no loop keeps it from it; " : "")
                    + ClaimsText.Held(DqoClaims.All, claims));
                if (mistake is not null)
                {
                    screen.Line(mistake.Breaks is null
                        ? $"{mistake.Name} breaks no claim anywhere: it is harmless, and has to survive"
                        : $"{mistake.Name} does not show here; it may in another scope (--scope full, --scope hostile), configuration (--configuration), in between two reads (--interleave, in the core) or in the end (--ends)");
                }

                return ExitCode.Held;
        }
    }

    private static void Tell(Screen screen, Exploration walk, DqoExploreScope scope)
    {
        screen.Line($"broken: {walk.Problem}");
        if (DqoClaims.All.FirstOrDefault(claim => claim.Id == walk.Problem!.Claim) is { } claim)
        {
            screen.Line($"  {claim.Sentence} Otherwise {claim.Harm}.");
        }

        for (int step = 0; step < walk.StoryNames.Count; step++)
        {
            bool loops = walk.LoopLength > 0 && step >= walk.StoryNames.Count - walk.LoopLength;
            screen.Line($"  {step + 1,3}. {walk.StoryNames[step]}{(loops ? "   (repeats for ever)" : "")}");
        }

        if (walk.Story.Count == 0 && walk.EndedBy is { } reason)
        {
            screen.Line($"its story was not told: {reason}");
            return;
        }

        screen.Line(walk.Order == ExploreOrder.Breadth
            ? $"{Words.Count(walk.Story.Count, "step")}, proven shortest by {Words.Count(walk.States, "state")} to depth {walk.Depth}"
            : $"{Words.Count(walk.Story.Count, "step")}, the way that was taken; --order breadth gives a shortest one");
        screen.Line(scope == DqoExploreScope.Core
            ? "steps are those of the core, one buffer posted or one completion consumed: finer than the operations that a story of fuzz dqo counts"
            : "steps are operations of fuzz dqo, and count as those of its stories do");
    }
}

/// <summary>An exploration as JSON. Seconds and bytes of the process are of this run; everything else is the same in the next.</summary>
internal sealed record ExploreFacts(
    string Explored, ExploreOrder Order, long States, long Transitions, int Depth, bool Exhaustive, string Verdict, int StoryLength, long? DifferentSteps, double Seconds, long PeakBytes, long ProcessPeakBytes,
    double MissProbability, string? EndedBy, string? Claim, string? Detail, IReadOnlyList<string> Story, int LoopLength, IReadOnlyList<long> StatesAtDepth,
    IReadOnlyList<KindCoverage> Operations, IReadOnlyList<LandmarkCoverage> Landmarks)
{
    public static ExploreFacts Of(ExploreAsked asked, Exploration walk)
    {
        using var process = System.Diagnostics.Process.GetCurrentProcess();
        string verdict = walk.Outcome switch
        {
            ExploreOutcome.Held => "held",
            ExploreOutcome.Broke => "broke",
            ExploreOutcome.NeverTaken => "neverTaken",
            _ => "notExhaustive",
        };
        return new ExploreFacts(
            asked.Of, walk.Order, walk.States, walk.Transitions, walk.Depth, walk.IsExhaustive, verdict, walk.Story.Count, walk.StepsKept, walk.Elapsed.TotalSeconds, walk.PeakBytes,
            process.PeakWorkingSet64, walk.MissProbability, walk.EndedBy, walk.Problem?.Claim, walk.Problem?.Detail, walk.StoryNames, walk.LoopLength,
            walk.Order == ExploreOrder.Breadth ? walk.StatesAtDepth : [], walk.Kinds, walk.Landmarks);
    }
}
