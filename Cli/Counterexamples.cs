using System.Globalization;
using RxVerify.Properties;
using RxVerify.Properties.Pictures;

namespace RxVerify.Cli;

/// <summary>What is done with a claim that broke: shrunk, told, and kept as JSON, C# and a page to look at.</summary>
internal static class Counterexamples
{
    // A story tells what each step changed; one that was not shrunk to its end may have thousands.
    private const int StepsToldMax = 200;

    private const string DefaultFolder = "counterexamples";

    /// <summary>The option that names where counterexamples go.</summary>
    public static OutputOption Option() => Values.Folder("--out", $"Folder for counterexamples (./{DefaultFolder})", usual: DefaultFolder);

    /// <summary>Makes sure that counterexamples can be kept, before the work begins. A folder that is missing is made when one is found.</summary>
    public static string Folder(string? folder)
    {
        string path = folder ?? DefaultFolder;
        if (File.Exists(path))
        {
            throw new BadInputException($"--out {path}: this is a file; expected a folder, or a name that is free");
        }

        if (!Directory.Exists(Path.GetDirectoryName(Path.GetFullPath(path))))
        {
            throw new BadInputException($"--out {path}: the folder above it does not exist; expected one that does");
        }

        return path;
    }

    /// <summary>Shrinks a failure, tells its story and keeps it. Null when the failure does not repeat.</summary>
    public static Counterexample? Report(Screen screen, FuzzResult result, string folder, CancellationToken cancellation)
    {
        screen.Line();
        var shortest = screen.Watch("shrinking", _ => Shortest(result, screen, cancellation));
        if (shortest is not null)
        {
            Tell(screen, shortest);
            Keep(screen, shortest, folder);
        }

        return shortest;
    }

    /// <summary>The shortest story of a failure; null, with a line that says so, when the failure does not repeat.</summary>
    public static Counterexample? Shortest(FuzzResult result, Screen screen, CancellationToken cancellation)
    {
        try
        {
            return result.Shrink(cancellation);
        }
        catch (InvalidOperationException problem)
        {
            screen.Line($"not deterministic: {problem.Message}");
            return null;
        }
    }

    /// <summary>The steps of a story, a line each, without what they changed.</summary>
    public static IEnumerable<string> Steps(Counterexample counterexample) =>
        counterexample.Steps.Select((words, step) => string.Create(CultureInfo.InvariantCulture, $"{step + 1,4}  {words}"));

    private static void Tell(Screen screen, Counterexample shortest)
    {
        if (shortest.Length <= StepsToldMax)
        {
            screen.Line(shortest.Text());
            return;
        }

        screen.Line($"{shortest.Claim}: {shortest.Detail}");
        screen.Line($"{Words.Count(shortest.Length, "step")} are left, too many to tell");
    }

    private static void Keep(Screen screen, Counterexample counterexample, string folder)
    {
        try
        {
            Directory.CreateDirectory(folder);
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            throw new BadInputException($"--out {folder}: cannot be made; expected a place that may be written to", problem);
        }

        string name = counterexample.FileName;
        string json = Path.Combine(folder, name + ".json");
        string code = Path.Combine(folder, name + ".cs");
        OutputFile.At(json, "--out")!.Write(counterexample.Json());
        OutputFile.At(code, "--out")!.Write(counterexample.CSharp());
        string page = Path.Combine(folder, name + ".html");
        OutputFile.At(page, "--out")!.Write(HtmlPicture.Of(counterexample.Picture()));
        screen.Line($"kept as {json} and {code}");
        screen.Line($"look at it: {page}");
        screen.Line($"run it again: rxverify replay {json}");
    }
}
