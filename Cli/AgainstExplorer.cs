using System.CommandLine;
using RxVerify.Model.Dqo;
using RxVerify.Properties.Dqo;

namespace RxVerify.Cli;

/// <summary>fuzz --against-explorer: which share of what the explorer reaches the generator has visited.</summary>
/// <param name="core">The core, or null for the default.</param>
/// <param name="seed">The only source of chance.</param>
/// <param name="operations">Operations after which it ends, or null for the default.</param>
/// <param name="json">Where the result goes as JSON, or null.</param>
internal sealed class AgainstExplorer(DqoCoreConfiguration? core, ulong seed, long? operations, OutputFile? json)
{
    public const string DefaultCore = "2 2 2 2 5 4 0";

    /// <summary>Refuses options that are for a hunt.</summary>
    public static void Refuse(IEnumerable<Option> others, ParseResult parsed)
    {
        if (others.FirstOrDefault(option => parsed.GetResult(option) is { Implicit: false }) is { } other)
        {
            throw new BadInputException($"{other.Name} is for a hunt; expected it without --against-explorer");
        }
    }

    /// <summary>Refuses options that are for this comparison.</summary>
    public static void RefuseAlone(IEnumerable<Option> ours, ParseResult parsed)
    {
        if (ours.FirstOrDefault(option => parsed.GetResult(option) is { Implicit: false }) is { } alone)
        {
            throw new BadInputException($"{alone.Name} is for the comparison with the explorer; expected it with --against-explorer");
        }
    }

    /// <summary>Explores, visits and prints. Returns the exit code.</summary>
    public int Run(Screen screen, CancellationToken cancellation)
    {
        screen.LineAtOnce($"seed {seed}");
        DqoAgainstExplorerResult result;
        try
        {
            result = screen.Watch("visiting", report => Visit(new Timed.Reported(report), cancellation));
        }
        catch (ArgumentException problem)
        {
            throw new BadInputException($"--core {problem.Message}", problem);
        }
        catch (OperationCanceledException)
        {
            screen.Line("stopped before the core was explored");
            return ExitCode.Stopped;
        }

        Show(screen, result);
        json?.Write(Json.Of(AgainstExplorerFacts.Of(result)));
        return result.Problem is not null ? ExitCode.Broke : cancellation.IsCancellationRequested ? ExitCode.Stopped : ExitCode.Held;
    }

    private DqoAgainstExplorerResult Visit(IProgress<long> progress, CancellationToken cancellation)
    {
        using var visitor = new DqoAgainstExplorer(core ?? DqoCoreConfiguration.Parse(DefaultCore), cancellation);
        return visitor.Run(seed, operations ?? DqoAgainstExplorer.DefaultOperations, progress, cancellation);
    }

    private static void Show(Screen screen, DqoAgainstExplorerResult result)
    {
        screen.Line($"core {result.Core}: the explorer reaches {Words.Count(result.States, "state")} and {Words.Count(result.Transitions, "transition")} (pairs of states that a step joins)");
        screen.Table(
            [new("sequences with"), new("operations", IsNumber: true), new("states", IsNumber: true), new("share", IsNumber: true), new("transitions", IsNumber: true), new("share", IsNumber: true)],
            result.ByWay.Append(result.Together).Select(visits => (IReadOnlyList<string>)
            [
                visits.Way, Words.Count(visits.Operations),
                Words.Count(visits.States), Words.Percent((double)visits.States / result.States),
                Words.Count(visits.Transitions), Words.Percent((double)visits.Transitions / result.Transitions),
            ]));
        if (result.AllStatesAfter is { } operations)
        {
            screen.Line($"every state had been visited after {Words.Count(operations, "operation")}");
        }

        foreach (var state in result.Nearest)
        {
            screen.Line($"never visited, {Words.Count(state.Story.Count, "step")} away: {state.State}");
            for (int step = 0; step < state.Story.Count; step++)
            {
                screen.Line($"  {step + 1,3}. {state.Story[step]}");
            }
        }

        if (result.Problem is { } problem)
        {
            screen.Line($"broken: {problem}");
        }
    }
}

/// <summary>The comparison as JSON.</summary>
internal sealed record AgainstExplorerFacts(
    string Core, ulong Seed, int States, int Transitions, double ShareOfStates, double ShareOfTransitions, DqoCoreVisits Visited,
    IReadOnlyList<DqoCoreVisits> ByWay, long? AllStatesAfter, string? Problem, IReadOnlyList<DqoCoreUnvisited> NearestNeverVisited)
{
    public static AgainstExplorerFacts Of(DqoAgainstExplorerResult result) => new(
        result.Core.ToString(), result.Seed, result.States, result.Transitions, (double)result.Together.States / result.States,
        (double)result.Together.Transitions / result.Transitions, result.Together, result.ByWay, result.AllStatesAfter, result.Problem?.ToString(), result.Nearest);
}
