using System.Diagnostics;
using RxVerify.Properties;
using RxVerify.Properties.Dqo;

namespace RxVerify.Cli;

/// <summary>Part of the main job: every planted mistake is hunted, each scheme's canary first; the harmless ones have to survive.</summary>
internal static class VerifyDefects
{
    /// <summary>Far above what any hunt has needed; a hunt that needs it has lost its scent.</summary>
    private const long HuntOperationsMax = 5_000_000;

    /// <summary>What a harmless mistake has to survive.</summary>
    private const long SurvivalOperations = 500_000;

    public static IReadOnlyList<VerifyPart> Run(Screen screen, VerifyOptions options, VerifyFacts facts, CancellationToken cancellation)
    {
        screen.Line();
        var parts = new List<VerifyPart>();
        foreach (var scheme in Schemes.All)
        {
            Run(screen, scheme, options, facts, parts, cancellation);
        }

        return parts;
    }

    private static void Run(Screen screen, Scheme scheme, VerifyOptions options, VerifyFacts facts, List<VerifyPart> parts, CancellationToken cancellation)
    {
        var watch = Stopwatch.StartNew();
        var canary = HuntAll(screen, scheme, options, [scheme.Canary], cancellation);
        facts.Defects.AddRange(canary);
        parts.AddRange(canary.Select(hunt => new VerifyPart(
            $"{scheme.Name}, canary", $"{hunt.Name} in {Words.Count(hunt.Operations, "operation")}", hunt.AsExpected ? "found" : "NOT found", hunt.AsExpected, watch.Elapsed)));

        watch.Restart();
        var others = HuntAll(screen, scheme, options, scheme.Defects.Where(defect => defect != scheme.Canary && defect.Breaks is not null), cancellation);
        facts.Defects.AddRange(others);
        string missed = string.Join(", ", others.Where(hunt => !hunt.AsExpected).Select(hunt => hunt.Name));
        if (others.Count > 0)
        {
            parts.Add(new VerifyPart(
                $"{scheme.Name}, planted defects", $"{Words.Count(others.Count, "hunt")}, {Words.Count(others.Sum(hunt => hunt.Operations), "operation")}",
                missed.Length == 0 ? $"{others.Count} found" : $"NOT found: {missed}", missed.Length == 0, watch.Elapsed));
        }

        foreach (var harmless in scheme.Defects.Where(defect => defect.Breaks is null))
        {
            if (!cancellation.IsCancellationRequested)
            {
                parts.Add(Survive(screen, scheme, options, harmless, facts, cancellation));
            }
        }
    }

    /// <summary>Hunts one after the other; one that Ctrl-C cuts short says nothing and is left out.</summary>
    private static List<HuntFacts> HuntAll(Screen screen, Scheme scheme, VerifyOptions options, IEnumerable<Defect> defects, CancellationToken cancellation)
    {
        var hunts = new List<HuntFacts>();
        foreach (var defect in defects)
        {
            var asked = scheme.HuntFor(defect, options.Seed) with { Operations = HuntOperationsMax };
            var result = screen.Watch($"hunting {defect.Name}", _ => scheme.Fuzz(asked, progress: null, cancellation));
            if (result.WasStopped)
            {
                break;
            }

            hunts.Add(Tell(screen, scheme, options, defect, result, cancellation));
        }

        return hunts;
    }

    private static HuntFacts Tell(Screen screen, Scheme scheme, VerifyOptions options, Defect defect, FuzzResult result, CancellationToken cancellation)
    {
        var claim = defect.Breaks!;
        var nothing = new HuntFacts(scheme.Name, defect.Name, defect.Ids, claim.Id, AsExpected: false, result.Coverage.Operations, result.FailureLength, null, [], null, null);
        screen.Line($"{defect.Ids}  {defect.Name}: {defect.Mistake}");
        screen.Line($"      breaks {claim.Id}: {claim.Sentence}");
        if (result.Finding is null)
        {
            screen.Line($"      NOT found in {Words.Count(result.Coverage.Operations, "operation")}");
            screen.Line();
            return nothing;
        }

        var story = screen.Watch($"shrinking {defect.Name}", _ => Counterexamples.Shortest(result, screen, cancellation));
        if (story is null)
        {
            return nothing;
        }

        screen.Line($"      found after {Words.Count(result.Coverage.Operations, "operation")}; {Words.Count(story.FoundLength, "step")}, {Words.Count(story.Length)} left, on {story.ConfigurationWords}");
        foreach (string step in Counterexamples.Steps(story))
        {
            screen.Line($"      {step}");
        }

        options.Report?.Add(story, isHunted: true);
        screen.Line($"            {story.Detail}");
        if (story.RepeatDifference is { } difference)
        {
            screen.Line($"            not deterministic: {difference}");
        }

        screen.Line();
        return nothing with
        {
            AsExpected = story.RepeatDifference is null && story.Claim == claim.Id,
            Claim = story.Claim,
            Configuration = story.ConfigurationWords,
            Steps = story.Steps,
            Detail = story.Detail,
        };
    }

    /// <summary>No claim may break; where the mistake is known to cost pages, fewer postings may be served without a fresh one.</summary>
    private static VerifyPart Survive(Screen screen, Scheme scheme, VerifyOptions options, Defect defect, VerifyFacts facts, CancellationToken cancellation)
    {
        var watch = Stopwatch.StartNew();
        var asked = scheme.HuntFor(defect, options.Seed) with { Operations = SurvivalOperations };
        var result = screen.Watch($"{defect.Name} has to survive", _ => scheme.Fuzz(asked, progress: null, cancellation));
        var sample = defect is DqoDefect driver ? screen.Watch($"{defect.Name} on the sample", _ => VerifyTraffic.Sample(options, driver, cancellation)) : null;
        string? broken = result.Finding?.Claim.Id ?? sample?.Finding?.Claim.Id;
        bool isLower = sample is null || sample.ReuseRatio < facts.Traffic!.ReuseRatio;
        string done = sample is null
            ? Words.Count(result.Coverage.Operations, "operation")
            : $"reuse {Words.Percent(sample.ReuseRatio)} on the sample, right rules {Words.Percent(facts.Traffic!.ReuseRatio)}";
        screen.Line($"{defect.Ids}  {defect.Name}: {defect.Mistake}");
        screen.Line($"      {(broken is null ? $"survived {Words.Count(result.Coverage.Operations, "operation")}" : $"broke {broken}")}{(sample is null ? "" : $"; {done}")}");
        facts.Defects.Add(new HuntFacts(
            scheme.Name, defect.Name, defect.Ids, null, broken is null && isLower, result.Coverage.Operations, 0, null, [], result.Finding?.Detail, sample?.ReuseRatio));
        return new VerifyPart(
            $"{scheme.Name}, harmless {defect.Ids}", done,
            broken is not null ? $"broke {broken}" : sample is null ? "survived" : isLower ? "survived, with lower reuse" : "survived, but reuse is not lower",
            (broken is null && isLower) || cancellation.IsCancellationRequested, watch.Elapsed);
    }
}
