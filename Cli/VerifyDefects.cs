using System.Diagnostics;
using RxVerify.Properties.Dqo;

namespace RxVerify.Cli;

/// <summary>Part of the main job: every planted mistake is hunted, the canary first; the harmless one has to survive.</summary>
internal static class VerifyDefects
{
    /// <summary>Far above what any hunt has needed; a hunt that needs it has lost its scent.</summary>
    private const long HuntOperationsMax = 5_000_000;

    /// <summary>What the harmless mistake has to survive.</summary>
    private const long SurvivalOperations = 500_000;

    public static IReadOnlyList<VerifyPart> Run(Screen screen, VerifyOptions options, VerifyFacts facts, CancellationToken cancellation)
    {
        screen.Line();
        var parts = new List<VerifyPart>();
        var watch = Stopwatch.StartNew();
        var canary = HuntAll(screen, options, [DqoDefects.Canary], cancellation);
        facts.Defects.AddRange(canary);
        parts.AddRange(canary.Select(hunt => new VerifyPart(
            "canary", $"{hunt.Name} in {Words.Count(hunt.Operations, "operation")}", hunt.AsExpected ? "found" : "NOT found", hunt.AsExpected, watch.Elapsed)));

        watch.Restart();
        var others = HuntAll(screen, options, DqoDefects.All.Where(defect => defect != DqoDefects.Canary && defect.Breaks is not null), cancellation);
        facts.Defects.AddRange(others);
        string missed = string.Join(", ", others.Where(hunt => !hunt.AsExpected).Select(hunt => hunt.Name));
        if (others.Count > 0)
        {
            parts.Add(new VerifyPart(
                "planted defects", $"{Words.Count(others.Count, "hunt")}, {Words.Count(others.Sum(hunt => hunt.Operations), "operation")}",
                missed.Length == 0 ? $"{others.Count} found" : $"NOT found: {missed}", missed.Length == 0, watch.Elapsed));
        }

        foreach (var harmless in DqoDefects.All.Where(defect => defect.Breaks is null))
        {
            if (!cancellation.IsCancellationRequested)
            {
                parts.Add(Survive(screen, options, harmless, facts, cancellation));
            }
        }

        return parts;
    }

    /// <summary>Hunts one after the other; one that Ctrl-C cuts short says nothing and is left out.</summary>
    private static List<HuntFacts> HuntAll(Screen screen, VerifyOptions options, IEnumerable<DqoDefect> defects, CancellationToken cancellation)
    {
        var hunts = new List<HuntFacts>();
        foreach (var defect in defects)
        {
            var asked = DqoFuzzOptions.HuntFor(defect, options.Seed) with { Operations = HuntOperationsMax };
            var result = screen.Watch($"hunting {defect.Name}", _ => DqoFuzz.Run(asked, progress: null, cancellation));
            if (result.WasStopped)
            {
                break;
            }

            hunts.Add(Tell(screen, defect, result, cancellation));
        }

        return hunts;
    }

    private static HuntFacts Tell(Screen screen, DqoDefect defect, DqoFuzzResult result, CancellationToken cancellation)
    {
        var claim = defect.Breaks!;
        screen.Line($"{defect.Ids}  {defect.Name}: {defect.Mistake}");
        screen.Line($"      breaks {claim.Id}: {claim.Sentence}");
        if (result.Failure is null)
        {
            screen.Line($"      NOT found in {Words.Count(result.Coverage.Operations, "operation")}");
            screen.Line();
            return new HuntFacts(defect.Name, defect.Ids, claim.Id, AsExpected: false, result.Coverage.Operations, 0, null, [], null, null);
        }

        var story = screen.Watch($"shrinking {defect.Name}", _ => Counterexamples.Shortest(result, screen, cancellation));
        if (story is null)
        {
            return new HuntFacts(defect.Name, defect.Ids, claim.Id, AsExpected: false, result.Coverage.Operations, result.Failure.Operations.Length, null, [], null, null);
        }

        screen.Line($"      found after {Words.Count(result.Coverage.Operations, "operation")}; {story.FoundLength} steps, {story.Operations.Count} left, on {DqoWords.Of(story.Configuration)}");
        foreach (string step in Counterexamples.Steps(story))
        {
            screen.Line($"      {step}");
        }

        screen.Line($"            {story.Detail}");
        if (story.RepeatDifference is { } difference)
        {
            screen.Line($"            not deterministic: {difference}");
        }

        screen.Line();
        return new HuntFacts(
            defect.Name, defect.Ids, story.Claim, story.RepeatDifference is null && story.Claim == claim.Id, result.Coverage.Operations, story.FoundLength,
            DqoWords.Of(story.Configuration), [.. story.Operations.Select(DqoWords.Of)], story.Detail, null);
    }

    /// <summary>A mistake that is safe costs pages only: no claim breaks, and fewer postings are served without a fresh page.</summary>
    private static VerifyPart Survive(Screen screen, VerifyOptions options, DqoDefect defect, VerifyFacts facts, CancellationToken cancellation)
    {
        var watch = Stopwatch.StartNew();
        var asked = DqoFuzzOptions.HuntFor(defect, options.Seed) with { Operations = SurvivalOperations };
        var result = screen.Watch($"{defect.Name} has to survive", _ => DqoFuzz.Run(asked, progress: null, cancellation));
        var sample = screen.Watch($"{defect.Name} on the sample", _ => VerifyTraffic.Sample(options, defect, cancellation));
        double right = facts.Traffic!.ReuseRatio;
        bool survived = result.Failure is null && sample.Finding is null;
        bool isLower = sample.ReuseRatio < right;
        string what = result.Failure?.Finding.Claim.Id ?? sample.Finding?.Claim.Id ?? "";
        string reuse = $"reuse {Words.Percent(sample.ReuseRatio)} on the sample, right rules {Words.Percent(right)}";
        screen.Line($"{defect.Ids}  {defect.Name}: {defect.Mistake}");
        screen.Line($"      {(survived ? $"survived {Words.Count(result.Coverage.Operations, "operation")}" : $"broke {what}")}; {reuse}");
        facts.Defects.Add(new HuntFacts(
            defect.Name, defect.Ids, null, survived && isLower, result.Coverage.Operations, 0, null, [], result.Failure?.Finding.Detail, sample.ReuseRatio));
        return new VerifyPart(
            $"harmless {defect.Ids}", reuse,
            !survived ? $"broke {what}" : isLower ? "survived, with lower reuse" : "survived, but reuse is not lower",
            (survived && isLower) || cancellation.IsCancellationRequested, watch.Elapsed);
    }
}
