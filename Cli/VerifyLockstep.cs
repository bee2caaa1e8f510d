using System.Diagnostics;
using RxVerify.Properties;

namespace RxVerify.Cli;

/// <summary>Part of the main job: model and implementation through generated sequences, one part of what each scheme draws after the other.</summary>
internal static class VerifyLockstep
{
    /// <summary>What the traffic before, the explorer and the hunts after take; half of the time asked for is lockstep's in any case.</summary>
    private static readonly TimeSpan TimeOfTheRest = TimeSpan.FromSeconds(9);

    public static IReadOnlyList<VerifyPart> Run(Screen screen, VerifyOptions options, VerifyFacts facts, CancellationToken cancellation)
    {
        var parts = new List<VerifyPart>();
        var dice = new Dice(options.Seed);
        int scopes = Schemes.All.Sum(scheme => scheme.Scopes.Count);
        foreach (var scheme in Schemes.All)
        {
            var columns = new List<(string Name, Coverage Coverage)>();
            screen.Line();
            foreach (var scope in scheme.Scopes)
            {
                if (cancellation.IsCancellationRequested)
                {
                    break;
                }

                string name = $"{scheme.Name}, {scope.Title}";
                var watch = Stopwatch.StartNew();
                var asked = new FuzzOptions { Seed = dice.Next(), Operations = options.Operations ?? long.MaxValue };
                var result = screen.Watch($"lockstep, {name}", report =>
                    Timed.Fuzz(scope.Scheme, asked, TimeFor(options.Time) / scopes, text => report($"lockstep, {name}: {text}"), cancellation));
                screen.Line($"lockstep, {name}: {Words.Count(result.Coverage.Operations, "operation")} in {Words.Count(result.Coverage.Sequences, "sequence")}, seed {asked.Seed}");
                columns.Add((scope.Title, result.Coverage));
                facts.Lockstep.Add(new LockstepFacts(
                    scheme.Name, scope.Title, result.Coverage.Operations, result.Coverage.Sequences, result.Finding?.Claim.Id, result.Finding?.Detail, result.Coverage.Rows));
                parts.Add(Judge(screen, options, name, result, watch, cancellation));
            }

            CoverageTable.Show(screen, columns);
        }

        return parts;
    }

    private static TimeSpan? TimeFor(TimeSpan? whole) =>
        whole is not { } time ? null : time - TimeOfTheRest > time / 2 ? time - TimeOfTheRest : time / 2;

    private static VerifyPart Judge(Screen screen, VerifyOptions options, string name, FuzzResult result, Stopwatch watch, CancellationToken cancellation)
    {
        string done = Words.Count(result.Coverage.Operations, "operation");
        if (result.Finding is { } finding)
        {
            options.Tell(screen, result, cancellation);
            return new VerifyPart($"lockstep, {name}", done, $"broken: {finding.Claim}", Held: false, watch.Elapsed);
        }

        bool isIncomplete = CoverageTable.Judge(screen, name, result.Coverage);
        int never = CoverageTable.Never(result.Coverage).Count;
        string outcome = isIncomplete ? $"{Words.Count(never, "row")} never happened"
            : never > 0 ? "every claim held; too short to judge coverage"
            : "every claim held, everything happened";
        return new VerifyPart($"lockstep, {name}", done, outcome, !isIncomplete, watch.Elapsed);
    }
}
