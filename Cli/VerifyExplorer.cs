using System.Diagnostics;
using RxVerify.Explorer;
using RxVerify.Model.Dqo;
using RxVerify.Properties;
using RxVerify.Properties.Dqo;

namespace RxVerify.Cli;

/// <summary>Part of the main job: every reachable state of small cores, and one planted mistake that has to be found there.</summary>
internal static class VerifyExplorer
{
    private static readonly Walked[] Walks =
    [
        new("3 2 3 3 5 3 0", DqoSymmetry.None, Interleaves: false),
        new("4 2 4 4 5 3 0", DqoSymmetry.All, Interleaves: false),
        new("3 2 3 3 5 3 0", DqoSymmetry.All, Interleaves: true),
    ];

    public static IReadOnlyList<VerifyPart> Run(Screen screen, VerifyFacts facts, CancellationToken cancellation)
    {
        var parts = new List<VerifyPart>();
        foreach (var asked in Walks)
        {
            if (!cancellation.IsCancellationRequested)
            {
                parts.Add(Walk(screen, asked, facts, cancellation));
            }
        }

        if (!cancellation.IsCancellationRequested)
        {
            parts.Add(Canary(screen, facts, cancellation));
        }

        return parts;
    }

    private static VerifyPart Walk(Screen screen, Walked asked, VerifyFacts facts, CancellationToken cancellation)
    {
        var watch = Stopwatch.StartNew();
        var walk = Explore(screen, DqoDriver.Right, asked, cancellation);
        facts.Explorer.Add(new ExplorerFacts(asked.Of, null, walk.States, walk.Transitions, walk.Depth, walk.IsExhaustive, walk.Problem?.ToString(), walk.StoryNames));
        bool held = walk.Outcome == ExploreOutcome.Held || cancellation.IsCancellationRequested;
        if (!held)
        {
            ExploreText.Show(screen, walk, new ExploreOptions(), DqoExploreScope.Core, ClaimSet.All, mistake: null);
        }

        string result = walk.Problem is { } problem ? $"broken: {problem.Claim}"
            : walk.Outcome != ExploreOutcome.Held ? "not exhaustive"
            : asked.Interleaves ? "no claim broke in any state, readers between count reads"
            : "no claim broke in any state, each step as in the core model";
        return new VerifyPart($"explorer, {asked.Of}", Words.Count(walk.States, "state"), result, held, watch.Elapsed);
    }

    /// <summary>A search that cannot find is no search.</summary>
    private static VerifyPart Canary(Screen screen, VerifyFacts facts, CancellationToken cancellation)
    {
        var watch = Stopwatch.StartNew();
        var defect = DqoDefects.Canary;
        var asked = new Walked("2 2 2 2 5 4 0", DqoSymmetry.None, Interleaves: false);
        var walk = Explore(screen, defect.Driver, asked with { Refines = false }, cancellation);
        facts.Explorer.Add(new ExplorerFacts(asked.Of, defect.Name, walk.States, walk.Transitions, walk.Depth, walk.IsExhaustive, walk.Problem?.ToString(), walk.StoryNames));
        bool found = walk.Problem?.Claim == defect.Breaks!.Id || cancellation.IsCancellationRequested;
        return new VerifyPart(
            $"explorer, {defect.Name}", Words.Count(walk.States, "state"),
            found ? $"found: {walk.Problem?.Claim} in {Words.Count(walk.Story.Count, "step")}, proven shortest" : "not found", found, watch.Elapsed);
    }

    private static Exploration Explore(Screen screen, DqoDriver driver, Walked asked, CancellationToken cancellation) =>
        screen.Watch($"exploring {asked.Of}", _ => driver.ExploreCore(
            DqoCoreConfiguration.Parse(asked.Core), asked.Symmetry, asked.Refines && !asked.Interleaves,
            new ExploreOptions { Threads = Environment.ProcessorCount }, asked.Interleaves, cancellation: cancellation));

    private sealed record Walked(string Core, DqoSymmetry Symmetry, bool Interleaves, bool Refines = true)
    {
        public string Of => $"{Core}{(Symmetry == DqoSymmetry.None ? "" : $", symmetry {Symmetry.ToString().ToLowerInvariant()}")}{(Interleaves ? ", interleaved" : "")}";
    }
}
