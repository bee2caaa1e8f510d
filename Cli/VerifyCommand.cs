using System.CommandLine;
using RxVerify.Properties;

namespace RxVerify.Cli;

/// <summary>The verb verify, the main job: real traffic, recordings of a kernel, lockstep, exhaustive exploration, and the hunt for every planted mistake.</summary>
internal static class VerifyCommand
{
    private const ulong DefaultSeed = 1;
    private static readonly TimeSpan DefaultTime = TimeSpan.FromSeconds(60);

    public static Command Create(Screen screen)
    {
        var time = Values.Duration("--for", $"About how long ({DefaultTime.TotalSeconds:0}s); decides only how many operations are done");
        var operations = Values.Number("--operations", "Operations of each lockstep run, in place of --for: the same seed then gives the same bytes", 1, long.MaxValue);
        var seed = Values.Seed($"The only source of chance ({DefaultSeed})");
        var json = Values.Output("--json", "Also write the results as JSON");
        var folder = Counterexamples.Option();
        var report = VerifyReport.Option();
        var command = new Command("verify", "The main job: real traffic, recordings of a kernel, model and implementation in lockstep, every state of small queues, and the hunt for every planted mistake.")
        {
            time, operations, seed, json, folder, report,
        };
        command.SetAction((parsed, cancellation) => Task.Run(() =>
        {
            if (parsed.GetValue(operations) is not null && parsed.GetValue(time) is not null)
            {
                throw new BadInputException("--operations and --for are both given; expected one of the two");
            }

            var options = new VerifyOptions(
                parsed.GetValue(seed) ?? DefaultSeed,
                parsed.GetValue(operations),
                parsed.GetValue(operations) is null ? parsed.GetValue(time) ?? DefaultTime : null,
                Counterexamples.Folder(parsed.GetValue(folder)),
                VerifyReport.At(parsed.GetValue(report)));
            return Run(screen, options, OutputFile.At(parsed.GetValue(json), "--json"), cancellation);
        }, CancellationToken.None));
        return command;
    }

    private static int Run(Screen screen, VerifyOptions options, OutputFile? json, CancellationToken cancellation)
    {
        screen.LineAtOnce($"seed {options.Seed}");
        var parts = new List<VerifyPart>();
        var facts = new VerifyFacts { Seed = options.Seed };
        parts.AddRange(VerifyTraffic.Run(screen, options, facts, cancellation));
        parts.AddRange(VerifyRecordings.Run(screen, options, facts, cancellation));
        parts.AddRange(VerifyLockstep.Run(screen, options, facts, cancellation));
        parts.AddRange(VerifyExplorer.Run(screen, facts, cancellation));
        if (!cancellation.IsCancellationRequested)
        {
            parts.Add(ExplorePortCommand.Part(screen, facts, options, queues: 1, cancellation));
        }

        parts.AddRange(VerifyDefects.Run(screen, options, facts, cancellation));

        screen.Line();
        screen.Table(
            [new("part", IsWhole: true), new("what was done"), new("result"), .. screen.IsTerminal ? [new Column("time", IsNumber: true)] : Array.Empty<Column>()],
            parts.Select(part => Row(part, screen.IsTerminal)));
        bool held = parts.TrueForAll(part => part.Held);
        bool wasStopped = cancellation.IsCancellationRequested;
        string verdict = !held ? "FAILED: see above" : wasStopped ? "stopped; nothing had broken" : "all held";
        screen.Line(verdict);
        facts.Held = held;
        facts.WasStopped = wasStopped;
        facts.Parts = [.. parts.Select(part => new VerifyPartFacts(part.Name, part.Done, part.Result, part.Held))];
        json?.Write(Json.Of(facts));
        options.Report?.Write(facts);
        return !held ? ExitCode.Broke : wasStopped ? ExitCode.Stopped : ExitCode.Held;
    }

    private static IReadOnlyList<string> Row(VerifyPart part, bool withTime)
    {
        string result = part.Held ? part.Result : $"!{part.Result}";
        return withTime ? [part.Name, part.Done, result, Words.Seconds(part.Took)] : [part.Name, part.Done, result];
    }
}

/// <summary>What the main job was asked.</summary>
/// <param name="Seed">The only source of chance.</param>
/// <param name="Operations">Operations of each lockstep run, or null when time decides.</param>
/// <param name="Time">About how long all of it takes, or null when operations decide.</param>
/// <param name="Folder">Where counterexamples go.</param>
/// <param name="Report">Where pages to look at go, or null for none.</param>
internal sealed record VerifyOptions(ulong Seed, long? Operations, TimeSpan? Time, string Folder, VerifyReport? Report)
{
    /// <summary>A claim that broke and was not meant to: shrunk, told, kept, and drawn where a report is asked for.</summary>
    public void Tell(Screen screen, FuzzResult found, CancellationToken cancellation)
    {
        if (Counterexamples.Report(screen, found, Folder, cancellation) is { } shortest)
        {
            Report?.Add(shortest, isHunted: false);
        }
    }
}

/// <summary>One line of the table at the end.</summary>
internal sealed record VerifyPart(string Name, string Done, string Result, bool Held, TimeSpan Took);
