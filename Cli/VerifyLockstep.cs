using System.Diagnostics;
using RxVerify.Properties;
using RxVerify.Properties.Dqo;

namespace RxVerify.Cli;

/// <summary>Part of the main job: model and implementation through generated sequences, under each kind of device and page.</summary>
internal static class VerifyLockstep
{
    /// <summary>What the traffic before, the explorer and the hunts after take; half of the time asked for is lockstep's in any case.</summary>
    private static readonly TimeSpan TimeOfTheRest = TimeSpan.FromSeconds(9);

    private static readonly (string Name, DqoScope Scope)[] Scopes =
        [("honest device", DqoScope.None), ("hostile device", DqoScope.Hostile), ("queue page list", DqoScope.PageList)];

    public static IReadOnlyList<VerifyPart> Run(Screen screen, VerifyOptions options, VerifyFacts facts, CancellationToken cancellation)
    {
        var parts = new List<VerifyPart>();
        var columns = new List<(string Name, ICoverage Coverage)>();
        var dice = new Dice(options.Seed);
        screen.Line();
        foreach (var (name, scope) in Scopes)
        {
            if (cancellation.IsCancellationRequested)
            {
                break;
            }

            var watch = Stopwatch.StartNew();
            var asked = new DqoFuzzOptions { Seed = dice.Next(), Operations = options.Operations ?? long.MaxValue, Scope = scope };
            var result = screen.Watch($"lockstep, {name}", report =>
                Timed.Fuzz(asked, TimeFor(options.Time) / Scopes.Length, text => report($"lockstep, {name}: {text}"), cancellation));
            screen.Line($"lockstep, {name}: {Words.Count(result.Coverage.Operations, "operation")} in {Words.Count(result.Coverage.Sequences, "sequence")}, seed {asked.Seed}");
            columns.Add((name, result.Coverage));
            facts.Lockstep.Add(new LockstepFacts(
                name, result.Coverage.Operations, result.Coverage.Sequences, result.Failure?.Finding.Claim.Id, result.Failure?.Finding.Detail, result.Coverage.Rows));
            parts.Add(Judge(screen, options, name, result, watch, cancellation));
        }

        CoverageTable.Show(screen, columns);
        return parts;
    }

    private static TimeSpan? TimeFor(TimeSpan? whole) =>
        whole is not { } time ? null : time - TimeOfTheRest > time / 2 ? time - TimeOfTheRest : time / 2;

    private static VerifyPart Judge(Screen screen, VerifyOptions options, string name, DqoFuzzResult result, Stopwatch watch, CancellationToken cancellation)
    {
        string done = Words.Count(result.Coverage.Operations, "operation");
        if (result.Failure is { } failure)
        {
            Counterexamples.Report(screen, result, options.Folder, cancellation);
            return new VerifyPart($"lockstep, {name}", done, $"broken: {failure.Finding.Claim}", Held: false, watch.Elapsed);
        }

        bool isIncomplete = CoverageTable.Judge(screen, name, result.Coverage);
        int never = CoverageTable.Never(result.Coverage).Count;
        string outcome = isIncomplete ? $"{Words.Count(never, "row")} never happened"
            : never > 0 ? "every claim held; too short to judge coverage"
            : "every claim held, everything happened";
        return new VerifyPart($"lockstep, {name}", done, outcome, !isIncomplete, watch.Elapsed);
    }
}
