using System.CommandLine;
using RxVerify.Properties;
using RxVerify.Properties.Dqo;

namespace RxVerify.Cli;

/// <summary>The verb fuzz: generated sequences through model and implementation until a claim breaks.</summary>
internal sealed class FuzzCommand
{
    private const long DefaultOperations = 1_000_000;
    private const string Everything = "all";

    private readonly Scheme _scheme;
    private readonly Option<ulong?> _seed = Values.Seed("The only source of chance; a fresh one when left out");
    private readonly Option<long?> _operations = Values.Number("--operations", $"End after so many operations ({DefaultOperations} when neither this nor --for is given)", 1, long.MaxValue);
    private readonly Option<TimeSpan?> _time = Values.Duration("--for", "End after this time; the operations done are printed");
    private readonly Option<Defect?> _defect;
    private readonly Option<string> _scope = new("--scope") { Description = "Which part of what can be drawn is drawn", DefaultValueFactory = _ => Everything };
    private readonly Option<bool> _noModel = new("--no-model") { Description = "Check the claims alone, without the model in lockstep" };
    private readonly OutputOption _folder = Counterexamples.Option();

    private FuzzCommand(Scheme scheme)
    {
        _scheme = scheme;
        _defect = Values.Defect(scheme.Defects);
        _defect.Description += "; the hunt is for the claim that it breaks, without the model";
        _scope.AcceptOnlyFromAmong([.. scheme.Scopes.Select(scope => scope.Name), Everything]);
    }

    public static Command Create(Screen screen)
    {
        var fuzz = new Command("fuzz", "Drives a scheme with generated sequences until a claim breaks.");
        foreach (var scheme in Schemes.All)
        {
            var verb = new FuzzCommand(scheme);
            fuzz.Add(scheme is DqoScheme ? verb.WithExplorer(screen) : verb.Alone(screen));
        }

        return fuzz;
    }

    private Command Alone(Screen screen)
    {
        var command = Plain();
        command.SetAction((parsed, cancellation) => Task.Run(() => Hunt(screen, parsed, cancellation), CancellationToken.None));
        return command;
    }

    /// <summary>The verb with the comparison of generator and explorer besides.</summary>
    private Command WithExplorer(Screen screen)
    {
        var against = new Option<bool>("--against-explorer") { Description = "Compare what the generator visits with what the explorer reaches, on one core; not a hunt" };
        var core = Values.Core(AgainstExplorer.DefaultCore);
        var json = Values.Output("--json", "With --against-explorer: also write the result as JSON");
        var command = Plain();
        command.Add(against);
        command.Add(core);
        command.Add(json);
        command.SetAction((parsed, cancellation) => Task.Run(() =>
        {
            if (!parsed.GetValue(against))
            {
                AgainstExplorer.RefuseAlone([core, json], parsed);
                return Hunt(screen, parsed, cancellation);
            }

            AgainstExplorer.Refuse([_time, _defect, _scope, _noModel, _folder], parsed);
            var asked = new AgainstExplorer(parsed.GetValue(core), Seed(parsed), parsed.GetValue(_operations), OutputFile.At(parsed.GetValue(json), "--json"));
            return asked.Run(screen, cancellation);
        }, CancellationToken.None));
        return command;
    }

    private Command Plain() => new(_scheme.Name, $"{_scheme.Title}.") { _seed, _operations, _time, _defect, _scope, _noModel, _folder };

    private int Hunt(Screen screen, ParseResult parsed, CancellationToken cancellation)
    {
        if (parsed.GetValue(_operations) is not null && parsed.GetValue(_time) is not null)
        {
            throw new BadInputException("--operations and --for are both given; expected one of the two");
        }

        ulong seed = Seed(parsed);
        IEnumerable<FuzzOptions> hunts = parsed.GetValue(_defect) is { } planted
            ? _scheme.HuntsFor(planted, seed)
            : [new FuzzOptions { Seed = seed, WithModel = !parsed.GetValue(_noModel) }];
        var time = parsed.GetValue(_time);
        long operations = time is null ? parsed.GetValue(_operations) ?? DefaultOperations : long.MaxValue;
        var scheme = _scheme.Scopes.FirstOrDefault(scope => scope.Name == parsed.GetValue(_scope))?.Scheme ?? _scheme;
        string folder = Counterexamples.Folder(parsed.GetValue(_folder));
        screen.LineAtOnce($"seed {seed}");
        int code = ExitCode.Held;
        foreach (var hunt in hunts)
        {
            int next = Run(screen, scheme, hunt with { Operations = operations }, time, folder, cancellation);
            code = code == ExitCode.Broke ? code : next;
            if (cancellation.IsCancellationRequested)
            {
                break;
            }
        }

        return code;
    }

    private static int Run(Screen screen, Scheme scheme, FuzzOptions options, TimeSpan? time, string folder, CancellationToken cancellation)
    {
        var result = screen.Watch("fuzzing", report => Timed.Fuzz(scheme, options, time, report, cancellation));
        screen.Line($"{Words.Count(result.Coverage.Operations, "operation")} in {Words.Count(result.Coverage.Sequences, "sequence")}, "
            + $"{(options.WithModel ? "model in lockstep" : "without the model")}, driver: {options.Defect?.Name ?? "right rules"}");

        // What a hunt drew until it found something says little; its story says all.
        if (options.Defect is null)
        {
            CoverageTable.Show(screen, ("count", result.Coverage));
        }

        if (result.Finding is { } finding)
        {
            screen.Line($"broken: {finding.Claim} after {Words.Count(result.Coverage.Operations, "operation")}");
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
            : $"{(cancellation.IsCancellationRequested ? "stopped; " : "")}{ClaimsText.Held(scheme, options)}");
        return isIncomplete ? ExitCode.Broke : cancellation.IsCancellationRequested ? ExitCode.Stopped : ExitCode.Held;
    }

    private ulong Seed(ParseResult parsed) => parsed.GetValue(_seed) ?? Values.FreshSeed();
}
