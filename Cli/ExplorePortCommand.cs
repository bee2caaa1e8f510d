using System.CommandLine;
using System.Diagnostics;
using RxVerify.Model.Vocabulary.Port;
using RxVerify.Properties;
using RxVerify.Properties.Port;

namespace RxVerify.Cli;

/// <summary>The verb explore port: every request with a failure in each of its steps, and with a second one in each step after that.</summary>
internal static class ExplorePortCommand
{
    public static Command Create(Screen screen)
    {
        var queues = Values.Number("--queues", "Queues of the adapter (2); what there is to enumerate grows with their square", 1, PortConfiguration.QueuesLimit);
        var filter = new Option<bool>("--filter") { Description = "A physical function, which has a filter to add and to remove" };
        var defect = Values.Defect(PortDefects.All);
        defect.Description += "; the enumeration is for the claim that it breaks, without the model";
        var folder = Counterexamples.Option();
        var json = Values.Output("--json", "Also write the result as JSON");
        var command = new Command("port", "MANA port: every request, every failure, every second failure. Left to fuzz port: the RDMA driver, packets polled between the steps of a request, an MTU above the adapter's.") { queues, filter, defect, folder, json };
        command.SetAction((parsed, cancellation) => Task.Run(() =>
        {
            var configuration = new PortConfiguration { Queues = (int)(parsed.GetValue(queues) ?? 2), HasFilter = parsed.GetValue(filter) };
            var asked = parsed.GetValue(defect) is { } planted ? PortScheme.All.HuntFor(planted, seed: 0) : new FuzzOptions { Seed = 0 };
            return Run(screen, configuration, asked, Counterexamples.Folder(parsed.GetValue(folder)), OutputFile.At(parsed.GetValue(json), "--json"), cancellation);
        }, CancellationToken.None));
        return command;
    }

    /// <summary>The enumeration of one port as a part of the main job.</summary>
    public static VerifyPart Part(Screen screen, VerifyFacts facts, VerifyOptions options, int queues, CancellationToken cancellation)
    {
        var watch = Stopwatch.StartNew();
        var matrix = screen.Watch($"failures of a port, {queues}", _ => PortMatrix.Enumerate(new PortConfiguration { Queues = queues }, new FuzzOptions { Seed = 0 }, cancellation));
        facts.Port.Add(PortFacts.Of(queues, null, matrix));
        if (matrix.Result.Finding is not null)
        {
            options.Tell(screen, matrix.Result, cancellation);
        }

        return new VerifyPart(
            $"port, every failure, {Words.Count(queues, "queue")}", Words.Count(matrix.Runs, "run"),
            matrix.Result.Finding is { } finding ? $"broken: {finding.Claim}"
                : matrix.Silent > 0 ? $"the port received nothing after {Words.Count(matrix.Silent, "run")}"
                : "every claim held, each step as in the model",
            matrix.Result.Finding is null && matrix.Silent == 0, watch.Elapsed);
    }

    private static int Run(Screen screen, PortConfiguration configuration, FuzzOptions asked, string folder, OutputFile? json, CancellationToken cancellation)
    {
        var matrix = screen.Watch("enumerating", _ => PortMatrix.Enumerate(configuration, asked, cancellation));
        screen.Line($"{Words.Count(configuration.Queues, "queue")}{(configuration.HasFilter ? ", with a filter" : "")}, driver: {asked.Defect?.Name ?? "right rules"}, {(asked.WithModel ? "model in lockstep" : "without the model")}");
        screen.Pairs(
            ("requests without a failure", Words.Count(matrix.Requests)),
            ("with one failure", Words.Count(matrix.OneFailure)),
            ("with two", Words.Count(matrix.TwoFailures)),
            ("after which the port received nothing", Words.Count(matrix.Silent)),
            ("operations", Words.Count(matrix.Result.Coverage.Operations)));
        json?.Write(Json.Of(PortFacts.Of(configuration.Queues, asked.Defect?.Name, matrix)));
        if (matrix.Result.Finding is { } finding)
        {
            screen.Line($"broken: {finding.Claim} after {Words.Count(matrix.Runs, "run")}");
            Counterexamples.Report(screen, matrix.Result, folder, cancellation);
            return ExitCode.Broke;
        }

        screen.Line($"{(matrix.Result.WasStopped ? "stopped; " : "")}{ClaimsText.Held(PortScheme.All, asked, " in every run")}");
        bool isSilent = asked.Defect is null && matrix.Silent > 0;
        return isSilent ? ExitCode.Broke : matrix.Result.WasStopped ? ExitCode.Stopped : ExitCode.Held;
    }
}

/// <summary>The enumeration of all failures, for JSON.</summary>
internal sealed record PortFacts(int Queues, string? Defect, long Requests, long OneFailure, long TwoFailures, long Silent, long Operations, bool WasStopped, string? Claim, string? Detail)
{
    public static PortFacts Of(int queues, string? defect, PortMatrixResult matrix) => new(
        queues, defect, matrix.Requests, matrix.OneFailure, matrix.TwoFailures, matrix.Silent, matrix.Result.Coverage.Operations, matrix.Result.WasStopped,
        matrix.Result.Finding?.Claim.Id, matrix.Result.Finding?.Detail);
}
