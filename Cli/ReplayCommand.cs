using System.CommandLine;
using RxVerify.Properties;

namespace RxVerify.Cli;

/// <summary>The verb replay: stored counterexamples, run again.</summary>
internal static class ReplayCommand
{
    public static Command Create(Screen screen)
    {
        var files = new Argument<string[]>("FILE") { Description = "Stored counterexamples (JSON)", Arity = ArgumentArity.OneOrMore };
        var csharp = new Option<bool>("--csharp") { Description = "Also print each one as a C# test" };
        var command = new Command("replay", "Runs stored counterexamples again: exit code 1 when a claim still breaks, 0 when all hold.") { files, csharp };
        command.SetAction((parsed, cancellation) => Task.Run(() => Run(screen, parsed.GetValue(files)!, parsed.GetValue(csharp), cancellation), CancellationToken.None));
        return command;
    }

    private static int Run(Screen screen, string[] files, bool withCSharp, CancellationToken cancellation)
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
