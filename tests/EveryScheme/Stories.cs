using RxVerify.Properties;
using RxVerify.Properties.Pictures;
using Xunit.Abstractions;

namespace RxVerify.Tests.EveryScheme;

/// <summary>Turns a failing run into what a reader of the test output needs: the shortest story, as text, JSON, C# and pictures.</summary>
internal static class Stories
{
    /// <summary>Fails with the shortest story when a claim broke.</summary>
    public static void AssertHeld(FuzzResult result, ITestOutputHelper output)
    {
        output.WriteLine($"seed {result.Options.Seed}: {result.Coverage.Operations} operations in {result.Coverage.Sequences} sequences");
        if (result.Finding is null)
        {
            return;
        }

        var counterexample = result.Shrink();
        string stem = Path.Combine(Directory.CreateDirectory(Folder()).FullName, $"{counterexample.Of.Name}-{counterexample.Claim}-{counterexample.Seed}");
        File.WriteAllText(stem + ".json", counterexample.Json());
        File.WriteAllText(stem + ".cs", counterexample.CSharp());
        var picture = counterexample.Picture();
        File.WriteAllText(stem + ".html", HtmlPicture.Of(picture));
        File.WriteAllText(stem + ".svg", SvgPicture.Of(picture));
        Assert.Fail($"{counterexample.Text()}\nReplay it: dotnet run -c Release --project Cli -- replay {stem}.json\nAs a test:  {stem}.cs\nLook at it: {stem}.html, or {stem}.svg\n");
    }

    private static string Folder() => Path.Combine(AppContext.BaseDirectory, "counterexamples");
}
