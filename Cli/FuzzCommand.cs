using System.CommandLine;
using RxVerify.Properties.Dqo;

namespace RxVerify.Cli;

/// <summary>The verb fuzz: generated sequences through model and implementation until a claim breaks.</summary>
internal static class FuzzCommand
{
    private const long DefaultOperations = 1_000_000;

    public static Command Create(Screen screen) => new("fuzz", "Drives a scheme with generated sequences until a claim breaks.") { CreateDqo(screen) };

    private static Command CreateDqo(Screen screen)
    {
        var seed = Values.Seed("The only source of chance; a fresh one when left out");
        var operations = Values.Number("--operations", $"End after so many operations ({DefaultOperations} when neither this nor --for is given)", 1, long.MaxValue);
        var time = Values.Duration("--for", "End after this time; the operations done are printed");
        var defect = Values.Defect();
        defect.Description += "; the hunt is for the claim that it breaks, without the model";
        var scope = new Option<string>("--scope") { Description = "Which kinds of device and page are drawn", DefaultValueFactory = _ => "all" };
        scope.AcceptOnlyFromAmong("honest", "hostile", "pagelist", "all");
        var noModel = new Option<bool>("--no-model") { Description = "Check the claims alone, without the model in lockstep" };
        var folder = new Option<string?>("--out") { Description = $"Folder for counterexamples (./{Counterexamples.DefaultFolder})", HelpName = "DIR" };
        var against = new Option<bool>("--against-explorer") { Description = "Compare what the generator visits with what the explorer reaches, on one core; not a hunt" };
        var core = Values.Core(AgainstExplorer.DefaultCore);
        var json = Values.Output("--json", "With --against-explorer: also write the result as JSON");
        var command = new Command("dqo", "gVNIC DQO page recycling.") { seed, operations, time, defect, scope, noModel, folder, against, core, json };
        command.SetAction((parsed, cancellation) => Task.Run(() =>
        {
            if (parsed.GetValue(operations) is not null && parsed.GetValue(time) is not null)
            {
                throw new BadInputException("--operations and --for are both given; expected one of the two");
            }

            if (parsed.GetValue(against))
            {
                AgainstExplorer.Refuse([time, defect, scope, noModel, folder], parsed);
                var asked = new AgainstExplorer(parsed.GetValue(core), SeedOr(parsed.GetValue(seed)), parsed.GetValue(operations), OutputFile.At(parsed.GetValue(json), "--json"));
                return asked.Run(screen, cancellation);
            }

            AgainstExplorer.RefuseAlone([core, json], parsed);
            var options = parsed.GetValue(defect) is { } planted
                ? DqoFuzzOptions.HuntFor(planted, SeedOr(parsed.GetValue(seed)))
                : new DqoFuzzOptions { Seed = SeedOr(parsed.GetValue(seed)), WithModel = !parsed.GetValue(noModel) };
            long end = parsed.GetValue(time) is null ? parsed.GetValue(operations) ?? DefaultOperations : long.MaxValue;
            options = options with { Operations = end, Scope = ScopeOf(parsed.GetValue(scope)!) };
            return Run(screen, options, parsed.GetValue(time), Counterexamples.Folder(parsed.GetValue(folder)), cancellation);
        }, CancellationToken.None));
        return command;
    }

    private static int Run(Screen screen, DqoFuzzOptions options, TimeSpan? time, string folder, CancellationToken cancellation)
    {
        screen.LineAtOnce($"seed {options.Seed}");
        var result = screen.Watch("fuzzing", report => Timed.Fuzz(options, time, report, cancellation));
        screen.Line($"{Words.Count(result.Coverage.Operations, "operation")} in {Words.Count(result.Coverage.Sequences, "sequence")}, "
            + $"{(options.WithModel ? "model in lockstep" : "without the model")}, driver: {options.Defect?.Name ?? "right rules"}");
        CoverageTable.Show(screen, ("count", result.Coverage));
        if (result.Failure is { } failure)
        {
            screen.Line($"broken: {failure.Finding.Claim} after {Words.Count(result.Coverage.Operations, "operation")}");
            Counterexamples.Report(screen, result, folder, cancellation);
            return ExitCode.Broke;
        }

        if (time is not null)
        {
            screen.Line($"the same again: --seed {options.Seed} --operations {result.Coverage.Operations}");
        }

        // A planted mistake may well keep something from ever happening.
        bool isIncomplete = options.Defect is null && CoverageTable.Judge(screen, "in this run", result.Coverage);
        screen.Line(isIncomplete ? "every claim held, but what never happened was not checked"
            : cancellation.IsCancellationRequested ? "stopped; every claim held"
            : "every claim held");
        return isIncomplete ? ExitCode.Broke : cancellation.IsCancellationRequested ? ExitCode.Stopped : ExitCode.Held;
    }

    private static ulong SeedOr(ulong? given) => given ?? Values.FreshSeed();

    private static DqoScope ScopeOf(string name) => name switch
    {
        "honest" => DqoScope.None,
        "hostile" => DqoScope.Hostile,
        "pagelist" => DqoScope.PageList,
        _ => DqoScope.Hostile | DqoScope.PageList,
    };
}
