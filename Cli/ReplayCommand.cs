using System.CommandLine;
using RxVerify.Properties;
using RxVerify.Properties.Pictures;

namespace RxVerify.Cli;

/// <summary>The verb replay: stored counterexamples, run again.</summary>
internal static class ReplayCommand
{
    public static Command Create(Screen screen)
    {
        var files = new Argument<string[]>(Values.File) { Description = "Stored counterexamples (JSON)", Arity = ArgumentArity.OneOrMore };
        var csharp = new Option<bool>("--csharp") { Description = "Also print each one as a C# test" };
        var html = Values.Output("--html", "Draw the story as a page to look at, whole in one file");
        var svg = Values.Output("--svg", "Draw the story as one still picture");
        var command = new Command("replay", "Runs stored counterexamples again: exit code 1 when a claim still breaks, 0 when all hold.") { files, csharp, html, svg };
        command.SetAction((parsed, cancellation) => Task.Run(() =>
        {
            string[] asked = parsed.GetValue(files)!;
            var drawings = new Drawings(OutputFile.At(parsed.GetValue(html), "--html"), OutputFile.At(parsed.GetValue(svg), "--svg"));
            if (drawings != Drawings.None && asked.Length > 1)
            {
                throw new BadInputException($"--html and --svg draw one story, and {asked.Length} files are given; expected one file");
            }

            return Run(screen, asked, parsed.GetValue(csharp), drawings, cancellation);
        }, CancellationToken.None));
        return command;
    }

    private static int Run(Screen screen, string[] files, bool withCSharp, Drawings drawings, CancellationToken cancellation)
    {
        // All are read before the first one runs: a file that cannot be read ends everything.
        var stored = files.Select(file => (File: file, Counterexample: CounterexampleFile.Read(Text(file), file))).ToList();
        bool broke = false;
        foreach (var (file, counterexample) in stored)
        {
            if (cancellation.IsCancellationRequested)
            {
                return broke ? ExitCode.Broke : ExitCode.Stopped;
            }

            broke |= Replay(screen, file, counterexample, withCSharp);
            drawings.Write(counterexample);
        }

        return broke ? ExitCode.Broke : ExitCode.Held;
    }

    private static bool Replay(Screen screen, string file, Counterexample counterexample, bool withCSharp)
    {
        var verdict = counterexample.Replay();
        if (verdict is Verdict.NotAllowed refused)
        {
            string step = counterexample.Steps[refused.Step];
            throw new BadInputException($"{file}: operation {refused.Step + 1} ({step}) is not allowed where it stands; expected a run of this version's alphabet");
        }

        screen.Line($"== {file}");
        screen.Line();
        screen.Line(counterexample.Text());
        if (withCSharp)
        {
            screen.Line(counterexample.CSharp());
        }

        screen.Line(verdict is Verdict.Broke broke
            ? $"still broken: {broke.Finding.Claim} {Story.Moment(broke.Step + 1)}: {broke.Finding.Detail}"
            : $"holds now: {counterexample.Claim} did not break in any of the {Words.Count(counterexample.Length, "step")}; the story above is as it was stored");
        screen.Line();
        return verdict is Verdict.Broke;
    }

    private static string Text(string file)
    {
        try
        {
            return File.ReadAllText(file);
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException or ArgumentException)
        {
            string found = Directory.Exists(file) ? "this is a folder" : File.Exists(file) ? "cannot be read" : "there is no such file";
            throw new BadInputException($"{file}: {found}; expected a stored counterexample", problem);
        }
    }
}

/// <summary>Where the pictures of one counterexample go.</summary>
/// <param name="Html">The page, if asked for.</param>
/// <param name="Svg">The still picture, if asked for.</param>
internal sealed record Drawings(OutputFile? Html, OutputFile? Svg)
{
    /// <summary>Nothing is drawn.</summary>
    public static readonly Drawings None = new(null, null);

    /// <summary>Draws what was asked for.</summary>
    public void Write(Counterexample counterexample)
    {
        if (this != None)
        {
            var picture = counterexample.Picture();
            Html?.Write(HtmlPicture.Of(picture));
            Svg?.Write(SvgPicture.Of(picture));
        }
    }
}
