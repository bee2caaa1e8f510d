using System.CommandLine;
using RxVerify.Properties.Recordings;

namespace RxVerify.Cli;

/// <summary>The verb recording: what a real kernel did, held against the law of the page pool.</summary>
internal static class RecordingCommand
{
    /// <summary>The word for standard input.</summary>
    private const string Live = "-";

    public static Command Create(Screen screen)
    {
        var files = new Argument<string[]>(Values.File)
        {
            Description = "Text of the page_pool tracepoints by tracefs, trace-cmd report or perf script, plain or in gzip; - is standard input, live",
            Arity = ArgumentArity.OneOrMore,
        };
        var svg = Values.Output("--svg", "Draw the pages of each pool over time (one recording only)");
        var json = Values.Output("--json", "Also write the verdicts as JSON");
        var strict = new Option<bool>("--strict") { Description = "Exit with 3 when a claim could not be decided" };
        var command = new Command("recording", "Holds what a real kernel did, as its tracepoints tell it, against the law of the page pool.") { files, svg, json, strict };
        command.SetAction((parsed, cancellation) => Task.Run(() =>
        {
            string[] paths = parsed.GetValue(files)!;
            if (parsed.GetValue(svg) is not null && paths.Length > 1)
            {
                throw new BadInputException($"--svg shows one recording; expected one FILE, not {paths.Length}");
            }

            var outputs = (Svg: OutputFile.At(parsed.GetValue(svg), "--svg"), Json: OutputFile.At(parsed.GetValue(json), "--json"));
            return Run(screen, paths, outputs.Svg, outputs.Json, parsed.GetValue(strict), cancellation);
        }, CancellationToken.None));
        return command;
    }

    private static int Run(Screen screen, string[] paths, OutputFile? svg, OutputFile? json, bool isStrict, CancellationToken cancellation)
    {
        var reports = new List<RecordingReport>();
        foreach (string path in paths)
        {
            var report = screen.Watch("recording", _ => Read(path, cancellation));
            if (reports.Count > 0)
            {
                screen.Line();
            }

            RecordingText.Show(screen, report);
            reports.Add(report);
            if (report.WasStopped)
            {
                break;
            }
        }

        svg?.Write(reports[0].Svg($"Pages of each pool, {NameOf(paths[0])}"));
        json?.Write(Json.Of(new RecordingFacts([.. reports.Zip(paths, (report, path) => RecordingFact.Of(NameOf(path), report))])));
        return reports.Exists(report => report.IsBroken) ? ExitCode.Broke
            : reports.Exists(report => report.WasStopped) ? ExitCode.Stopped
            : isStrict && reports.Exists(report => report.IsUndecided) ? ExitCode.NotExhaustive
            : ExitCode.Held;
    }

    private static string NameOf(string path) => path == Live ? "standard input" : Path.GetFileName(path);

    private static RecordingReport Read(string path, CancellationToken cancellation)
    {
        if (path == Live)
        {
            return RecordingReader.Read(Console.OpenStandardInput(), NameOf(path), isLive: true, cancellation);
        }

        const string Expected = "a recording of page_pool events";
        if (!File.Exists(path))
        {
            throw new BadInputException($"{path}: {(Directory.Exists(path) ? "this is a folder" : "there is no such file")}; expected {Expected}");
        }

        try
        {
            return RecordingReader.Read(path, cancellation);
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            throw new BadInputException($"{path}: cannot be read ({problem.Message}); expected {Expected}", problem);
        }
    }
}
