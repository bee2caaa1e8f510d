using RxVerify.Properties.Dqo;
using Xunit.Abstractions;

namespace RxVerify.Tests.Dqo;

/// <summary>Turns a failing run into what a reader of the test output needs: the shortest story, as text, JSON and C#.</summary>
internal static class Stories
{
    /// <summary>Fails with the shortest story when a claim broke.</summary>
    public static void AssertHeld(DqoFuzzResult result, ITestOutputHelper output)
    {
        output.WriteLine($"seed {result.Options.Seed}: {result.Coverage.Operations} operations in {result.Coverage.Sequences} sequences");
        if (result.Failure is null)
        {
            return;
        }

        var counterexample = DqoShrinker.Shrink(result);
        string stem = Path.Combine(Directory.CreateDirectory(Folder()).FullName, $"dqo-{counterexample.Claim}-{counterexample.Seed}");
        File.WriteAllText(stem + ".json", DqoCounterexampleFile.Write(counterexample));
        File.WriteAllText(stem + ".cs", DqoStory.CSharp(counterexample));
        Assert.Fail($"{DqoStory.Text(counterexample)}\nReplay it: dotnet run -c Release --project Cli -- replay {stem}.json\nAs a test:  {stem}.cs\n");
    }

    private static string Folder() => Path.Combine(AppContext.BaseDirectory, "counterexamples");
}
