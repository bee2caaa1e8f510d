using System.CommandLine;
using RxVerify.Properties;
using RxVerify.Properties.Traffic;

namespace RxVerify.Cli;

/// <summary>The verb traffic: a capture through an emulated queue.</summary>
internal static class TrafficCommand
{
    public static Command Create(Screen screen)
    {
        var file = new Argument<string>(Values.File) { Description = "A capture in pcap or pcapng format, plain or in gzip" };
        var svg = Values.Output("--svg", "Draw the lengths of the lists over time");
        var json = Values.Output("--json", "Also write the report as JSON");
        var folder = Counterexamples.Option();
        var scheme = new Option<string>("--scheme") { Description = "Whose queue", DefaultValueFactory = _ => Schemes.All[0].Name };
        TrafficQueueOptions[] queues = [new DqoTrafficQueueOptions(), new ManaTrafficQueueOptions()];
        scheme.AcceptOnlyFromAmong([.. queues.Select(queue => queue.Scheme.Name)]);
        var shared = new TrafficSharedOptions(scheme);
        var command = new Command("traffic", "Pushes a real capture through an emulated queue, with every claim checked after each step.") { file, scheme, svg, json, folder };
        foreach (var option in queues.SelectMany(queue => queue.Own).Concat(shared.All))
        {
            command.Options.Add(option);
        }

        command.SetAction((parsed, cancellation) => Task.Run(() =>
        {
            foreach (var other in queues.Where(queue => queue.Scheme.Name != parsed.GetValue(scheme)))
            {
                other.Refuse(parsed);
            }

            var options = queues.Single(queue => queue.Scheme.Name == parsed.GetValue(scheme)).Of(parsed, shared);
            if (options.Fault() is { } fault)
            {
                throw new BadInputException($"impossible configuration: {fault}");
            }

            var outputs = (Svg: OutputFile.At(parsed.GetValue(svg), "--svg"), Json: OutputFile.At(parsed.GetValue(json), "--json"));
            string path = parsed.GetValue(file)!;
            return Run(screen, path, options, outputs.Svg, outputs.Json, Counterexamples.Folder(parsed.GetValue(folder)), cancellation);
        }, CancellationToken.None));
        return command;
    }

    private static int Run(
        Screen screen, string file, TrafficOptions options, OutputFile? svg, OutputFile? json, string folder, CancellationToken cancellation)
    {
        var capture = Captures.Open(file);
        screen.LineAtOnce($"seed {options.Seed}");
        var report = screen.Watch("traffic", tell => TrafficRun.Run(capture, options, new Timed.Reported(tell, "packet", every: 1), cancellation));
        TrafficText.Show(screen, file, report);
        svg?.Write(report.Svg($"{TrafficText.Picture(report)}, {Path.GetFileName(file)}"));
        json?.Write(TrafficFacts.Json(Path.GetFileName(file), report));
        if (report.Finding is null)
        {
            return report.WasStopped ? ExitCode.Stopped : ExitCode.Held;
        }

        if (report.ToShrink() is { } found)
        {
            Counterexamples.Report(screen, found, folder, cancellation);
        }
        else
        {
            screen.Line($"the run is longer than {Words.Count(TrafficRun.KeptMax, "operation")} and was not kept for shrinking");
        }

        return ExitCode.Broke;
    }
}
