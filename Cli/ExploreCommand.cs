using System.CommandLine;
using RxVerify.Explorer;
using RxVerify.Model.Dqo;
using RxVerify.Properties;
using RxVerify.Properties.Dqo;

namespace RxVerify.Cli;

/// <summary>The verb explore: every reachable state of a small configuration, nearest first.</summary>
internal static class ExploreCommand
{
    private const string DefaultCore = "3 2 3 3 5 3 0";
    private const long Mebibyte = 1 << 20;
    private static readonly TimeSpan CheckpointEvery = TimeSpan.FromMinutes(2);

    public static Command Create(Screen screen) => new("explore", "Walks every reachable state of a small configuration of the driver itself.") { CreateDqo(screen), ExplorePortCommand.Create(screen) };

    private static Command CreateDqo(Screen screen)
    {
        var scope = new Option<DqoExploreScope>("--scope")
        {
            Description = "What is walked: core (the recycling alone), full (rings, packets, failures, teardown), hostile (full, and the device lies)",
            HelpName = "core|full|hostile",
        };
        scope.AcceptOnlyFromAmong(NamesOf<DqoExploreScope>());
        var configuration = new Option<string>("--configuration")
        {
            Description = $"With --scope full or hostile: which one, the first when left out. full: {NamesOf(DqoExploreScope.Full)}; hostile: {NamesOf(DqoExploreScope.Hostile)}",
            HelpName = "NAME",
        };
        var core = Values.Core(DefaultCore);
        var defect = Values.Defect(DqoDefects.All);
        defect.Description += "; the walk is for the claim that breaks, without the core model";
        var symmetry = new Option<DqoSymmetry>("--symmetry") { Description = "What passes for the same state: none, pages (their names; core alone), all (chunks turned too, and with --scope full or hostile rings; right rules alone there)", HelpName = "none|pages|all" };
        symmetry.AcceptOnlyFromAmong(NamesOf<DqoSymmetry>());
        var threads = Values.Number("--threads", "Workers; results do not depend on how many (one for each processor)", 1, 64);
        var noRefinement = new Option<bool>("--no-refinement") { Description = "Check the claims alone, without comparing each step with the core model" };
        var everyStep = new Option<bool>("--every-step") { Description = "In the core, with claims alone: take every step of the driver in every state, also where it sees nothing new; so it is anyway with --symmetry, --interleave, another --order, and keys that leave no room for more" };
        var interleave = new Option<bool>("--interleave") { Description = "Let readers on other processors let go before each read of a page's count; without the core model, at most 3 references" };
        var order = new Option<ExploreOrder>("--order") { Description = "Which states come first: breadth (the nearest, so stories are shortest), depth (the last found), random (walks by chance, never exhaustive)", HelpName = "breadth|depth|random" };
        order.AcceptOnlyFromAmong(NamesOf<ExploreOrder>());
        var seed = Values.Seed("With --order random: the only source of chance; a fresh one when left out");
        var walks = Values.Number("--walks", $"With --order random: walks from the start ({new ExploreOptions().Walks})", 1, long.MaxValue);
        var length = Values.Number("--length", $"With --order random: most steps of a walk ({new ExploreOptions().Length})", 1, int.MaxValue);
        var ends = new Option<bool>("--ends") { Description = "Also check that the queue can fill again from every state, and that no loop keeps it from it; one thread, keeps the graph" };
        var fingerprints = new Option<bool>("--fingerprints") { Description = "Remember states by 64-bit hashes: less memory, and a printed chance of missing one" };
        var states = Values.Number("--states", "End after so many states, not exhaustive", 1, long.MaxValue);
        var depth = Values.Number("--depth", "Expand nothing beyond this depth", 0, int.MaxValue);
        var memory = Values.Number("--memory", "End when states and frontier take so many MiB", 1, int.MaxValue);
        var time = Values.Duration("--for", "End after this time");
        var checkpoint = Values.Folder("--checkpoint", "Keep the walk in this folder, and go on from there");
        var every = Values.Duration("--checkpoint-every", $"Time between two checkpoints ({CheckpointEvery.TotalSeconds:0}s)");
        var graph = Values.Output("--graph", $"Also write the graph of the nearest {Words.Count(GraphFile.StatesMax, "state")}, as .dot or .graphml");
        var json = Values.Output("--json", "Also write the result as JSON");
        var command = new Command("dqo", "gVNIC DQO page recycling.")
        {
            scope, configuration, core, defect, symmetry, interleave, order, seed, walks, length, threads, noRefinement, everyStep, ends, fingerprints, states, depth, memory, time, checkpoint, every, graph, json,
        };
        command.SetAction((parsed, cancellation) => Task.Run(() =>
        {
            bool keepsGraph = parsed.GetValue(ends) || parsed.GetValue(graph) is not null;
            var asked = new ExploreAsked(
                parsed.GetValue(scope),
                ConfigurationOf(parsed.GetValue(scope), parsed.GetValue(configuration)),
                parsed.GetValue(core) ?? DqoCoreConfiguration.Parse(DefaultCore),
                parsed.GetValue(defect),
                parsed.GetValue(symmetry),
                !parsed.GetValue(noRefinement) && !parsed.GetValue(interleave) && parsed.GetValue(defect) is null,
                parsed.GetValue(interleave),
                parsed.GetValue(order),
                parsed.GetValue(everyStep),
                OutputFile.At(parsed.GetValue(json), "--json"),
                GraphOutput.At(parsed.GetValue(graph)));
            bool isCore = asked.Scope == DqoExploreScope.Core;
            Refuse(!isCore && parsed.GetValue(core) is not null, "--core is the configuration of the core; expected it with --scope core");
            Refuse(!isCore && asked.Interleaves, "--interleave is for the core; expected it with --scope core");
            Refuse(!isCore && asked.EveryStep, "--every-step is for the core; expected it with --scope core, in the others every step is taken");
            Refuse(asked.Interleaves, DqoDriver.FaultOfInterleaving(asked.Core));
            Refuse(!isCore, DqoWholeConfigurations.FaultOf(asked.Symmetry, isRight: asked.Defect is null));
            Refuse(!isCore && asked.Graph is not null, "--graph is for the core; expected it with --scope core");
            Refuse(!isCore && asked.Defect?.Breaks == DqoClaims.Refills && !parsed.GetValue(ends), $"{asked.Defect?.Name} shows in what happens in the end; expected --ends");
            Refuse(keepsGraph && parsed.GetValue(fingerprints), "--ends and --graph keep whole states; expected them without --fingerprints");
            Refuse(keepsGraph && parsed.GetValue(checkpoint) is not null, "--ends and --graph cannot go on from a checkpoint; expected them without --checkpoint");
            Refuse(keepsGraph && parsed.GetValue(threads) > 1, "--ends and --graph number the states in order; expected them with --threads 1");
            Refuse(parsed.GetValue(every) is not null && parsed.GetValue(checkpoint) is null, "--checkpoint-every is for a walk that is kept; expected it with --checkpoint");
            var first = asked.Order;
            bool isBreadth = first == ExploreOrder.Breadth;
            Refuse(!isBreadth && keepsGraph, "--ends and --graph number the states nearest first; expected them with --order breadth");
            Refuse(!isBreadth && parsed.GetValue(fingerprints), "--fingerprints is for --order breadth");
            Refuse(!isBreadth && parsed.GetValue(checkpoint) is not null, "--checkpoint keeps a walk by depths; expected it with --order breadth");
            Refuse(!isBreadth && parsed.GetValue(threads) > 1, "--order depth and random take one state at a time; expected them with --threads 1");
            Refuse(first != ExploreOrder.Random && (parsed.GetValue(seed) is not null || parsed.GetValue(walks) is not null || parsed.GetValue(length) is not null),
                "--seed, --walks and --length are for walks by chance; expected them with --order random");
            var usual = new ExploreOptions();
            var options = usual with
            {
                Order = first,
                Seed = parsed.GetValue(seed) ?? Values.FreshSeed(),
                Walks = parsed.GetValue(walks) ?? usual.Walks,
                Length = (int)(parsed.GetValue(length) ?? usual.Length),
                Threads = (int)(parsed.GetValue(threads) ?? (keepsGraph || !isBreadth ? 1 : Environment.ProcessorCount)),
                Fingerprints = parsed.GetValue(fingerprints),
                StatesMax = parsed.GetValue(states) ?? long.MaxValue,
                DepthMax = (int)(parsed.GetValue(depth) ?? int.MaxValue),
                BytesMax = parsed.GetValue(memory) * Mebibyte ?? long.MaxValue,
                TimeMax = parsed.GetValue(time),
                KeepsGraph = keepsGraph,
                Checkpoint = parsed.GetValue(checkpoint) is { } folder ? new CheckpointPlace(folder, $"{asked.Of}{(asked.EveryStep ? ", every step taken" : "")}, code {CodeVersion.OfExplorer}", parsed.GetValue(every) ?? CheckpointEvery) : null,
                GoesOn = (reached, at) => screen.LineBeside($"going on from {Words.Count(reached, "state")}, depth {at}, in {parsed.GetValue(checkpoint)}"),
            };
            using var taken = options.Checkpoint?.Take();
            return Run(screen, asked, options, cancellation);
        }, CancellationToken.None));
        return command;
    }

    /// <summary>Names alone: the parser would take numbers too.</summary>
    private static string[] NamesOf<T>()
        where T : struct, Enum => [.. Enum.GetNames<T>().Select(name => name.ToLowerInvariant())];

    private static string NamesOf(DqoExploreScope scope) => string.Join(", ", DqoWholeConfigurations.NamesOf(scope));

    private static DqoWholeConfiguration? ConfigurationOf(DqoExploreScope scope, string? name)
    {
        Refuse(scope == DqoExploreScope.Core && name is not null, "--configuration is for the whole driver; expected it with --scope full or hostile, or --core");
        return scope == DqoExploreScope.Core
            ? null
            : DqoWholeConfigurations.Named(scope, name)
                ?? throw new BadInputException($"--configuration is '{name}'; expected one of scope {ExploreAsked.Lower(scope)}: {NamesOf(scope)}");
    }

    private static void Refuse(bool isWrong, string? message)
    {
        if (isWrong && message is not null)
        {
            throw new BadInputException(message);
        }
    }

    private static int Run(Screen screen, ExploreAsked asked, ExploreOptions options, CancellationToken cancellation)
    {
        if (options.Order == ExploreOrder.Random)
        {
            screen.LineAtOnce($"seed {options.Seed}");
        }

        screen.LineAtOnce(asked.Recalls ? $"{asked.Of}, each different step of the driver taken once" : asked.Of);
        var walk = screen.Watch("exploring", report =>
            asked.Explore(options with { Progress = new Reported(screen, report) }, cancellation));
        int code = ExploreText.Show(screen, walk, options, asked.Scope, asked.Claims, asked.Defect);
        asked.Json?.Write(Json.Of(ExploreFacts.Of(asked, walk)));
        if (asked.Graph is { } graph)
        {
            graph.Write(walk.Graph!, operation => DqoCoreStep.Of(operation).ToString());
            screen.Line(GraphOutput.Holds(walk));
        }

        if (walk.Outcome is not ExploreOutcome.NotExhaustive)
        {
            options.Checkpoint?.Delete();
        }

        return cancellation.IsCancellationRequested && code == ExitCode.NotExhaustive ? ExitCode.Stopped : code;
    }

    /// <summary>A line a second: beside the spinner on a terminal, otherwise on the error stream, where it disturbs no result.</summary>
    private sealed class Reported(Screen screen, Action<string> report) : IProgress<ExploreProgress>
    {
        public void Report(ExploreProgress value)
        {
            string rest = value.ExpectedRest is { } states ? $"some {Words.Count(states)} to come" : "still growing";
            string text = $"{Words.Count(value.States, "state")}, {Words.Count(value.Transitions, "transition")}, depth {value.Depth}, "
                + $"{value.States / value.Elapsed.TotalSeconds / 1e6:0.00} M states/s, {value.Bytes / Mebibyte} MiB, {Words.Count(value.Waiting)} waiting, {rest}";
            report(text);
            if (!screen.IsTerminal)
            {
                screen.Error.WriteLine(text);
            }
        }
    }
}

/// <summary>What is explored.</summary>
internal sealed record ExploreAsked(
    DqoExploreScope Scope, DqoWholeConfiguration? Whole, DqoCoreConfiguration Core, DqoDefect? Defect, DqoSymmetry Symmetry, bool Refines, bool Interleaves, ExploreOrder Order, bool EveryStep, OutputFile? Json, GraphOutput? Graph)
{
    /// <summary>Whether steps of the driver are recalled where they see nothing new.</summary>
    public bool Recalls => !EveryStep && Whole is null && DqoDriver.CanRecall(Core, Symmetry, Refines, Interleaves, Order);

    /// <summary>In one line.</summary>
    public string Of => Whole is null
        ? $"core {Core}, driver: {Defect?.Name ?? "right rules"}, symmetry: {Lower(Symmetry)}, "
            + (Interleaves ? "readers let go between count reads, claims alone" : Refines ? "each step compared with the core model" : "claims alone")
        : $"scope {Lower(Scope)}, configuration {Whole.Name} ({DqoWords.Of(Whole.Constants)}), driver: {Defect?.Name ?? "right rules"}, symmetry: {Lower(Symmetry)}, "
            + (Refines ? "each step compared with the model" : Defect?.Breaks is { } claim ? $"for claim {claim.Id} alone" : "claims alone");

    /// <summary>
    /// The claims looked for. In the core a planted mistake is seen as the first claim it breaks, in the other scopes as the one it is
    /// known for.
    /// </summary>
    public ClaimSet Claims => Whole is not null && Defect?.Breaks is { } claim ? ClaimSet.Of(claim) : ClaimSet.All;

    /// <summary>A name of an enumeration as it is typed.</summary>
    public static string Lower<T>(T value)
        where T : struct, Enum => value.ToString().ToLowerInvariant();

    /// <summary>Explores it.</summary>
    public Exploration Explore(ExploreOptions options, CancellationToken cancellation)
    {
        var driver = Defect?.Driver ?? DqoDriver.Right;
        return Whole is null
            ? driver.ExploreCore(Core, Symmetry, Refines, options, Interleaves, !EveryStep, cancellation)
            : driver.ExploreWhole(Whole.Constants, Scope == DqoExploreScope.Hostile, Claims, Refines, options, Symmetry, cancellation);
    }
}

/// <summary>The file that the graph goes to; its name says how it is written.</summary>
internal sealed class GraphOutput
{
    private readonly OutputFile _file;
    private readonly bool _isDot;

    private GraphOutput(OutputFile file, bool isDot) => (_file, _isDot) = (file, isDot);

    /// <summary>Makes sure that the file can be written later. Null when none was asked for.</summary>
    public static GraphOutput? At(string? path)
    {
        if (path is null)
        {
            return null;
        }

        string kind = Path.GetExtension(path);
        return kind is ".dot" or ".graphml"
            ? new GraphOutput(OutputFile.At(path, "--graph")!, kind == ".dot")
            : throw new BadInputException($"--graph {path}: expected a name that ends in .dot or .graphml");
    }

    /// <summary>Writes the graph.</summary>
    public void Write(StateGraph graph, Func<int, string> nameOf) =>
        _file.Write(_isDot ? GraphFile.Dot(graph, nameOf) : GraphFile.GraphMl(graph, nameOf));

    /// <summary>What the file holds, in one line.</summary>
    public static string Holds(Exploration walk)
    {
        long shown = Math.Min(walk.Graph!.States, GraphFile.StatesMax);
        return shown == walk.States ? "the graph has every state" : $"the graph has the steps of the nearest {Words.Count(shown)} of {Words.Count(walk.States, "state")}";
    }
}
