using System.Globalization;
using System.Text;

namespace RxVerify.Properties;

/// <summary>Tells a counterexample: claim, harm, configuration, and each step with what it changed.</summary>
public static class Story
{
    /// <summary>When a claim broke that did so after this many steps.</summary>
    public static string Moment(int steps) => steps == 0 ? "on creation" : string.Create(CultureInfo.InvariantCulture, $"in step {steps}");

    internal static string Text<TConfiguration, TOperation>(Counterexample<TConfiguration, TOperation> counterexample)
        where TConfiguration : class
        where TOperation : struct, IEquatable<TOperation>
    {
        var text = new StringBuilder();
        var claim = counterexample.BrokenClaim;
        text.Append(CultureInfo.InvariantCulture, $"{claim.Id}: {claim.Sentence}\n");
        text.Append(CultureInfo.InvariantCulture, $"    Otherwise {claim.Harm}.\n");
        text.Append(CultureInfo.InvariantCulture, $"Broken {Moment(counterexample.Length)}: {counterexample.Detail}.\n\n");
        text.Append(CultureInfo.InvariantCulture, $"Driver         {counterexample.Defect ?? "right rules"}\n");
        text.Append(CultureInfo.InvariantCulture, $"Configuration  {counterexample.ConfigurationWords}\n");
        text.Append(CultureInfo.InvariantCulture, $"Seed           {counterexample.Seed}; {counterexample.FoundLength} steps found, {counterexample.Length} left\n\n");
        AppendSteps(text, counterexample);
        if (counterexample.RepeatDifference is { } difference)
        {
            text.Append(CultureInfo.InvariantCulture, $"\nNot deterministic: {difference}\n");
        }

        return text.ToString();
    }

    internal static string CSharp<TConfiguration, TOperation>(Counterexample<TConfiguration, TOperation> counterexample)
        where TConfiguration : class
        where TOperation : struct, IEquatable<TOperation>
    {
        var claim = counterexample.BrokenClaim;
        var words = counterexample.Scheme.Words;
        var scheme = counterexample.Scheme.GetType();
        var code = new StringBuilder();
        string name = $"{counterexample.Defect ?? "Found"}_{counterexample.Seed}".Replace('-', '_');
        code.Append(CultureInfo.InvariantCulture, $"using {typeof(TOperation).Namespace};\nusing RxVerify.Properties;\nusing {scheme.Namespace};\nusing Xunit;\n\n");
        code.Append(CultureInfo.InvariantCulture, $"public class {name}_story\n{{\n");
        code.Append(CultureInfo.InvariantCulture, $"    // {claim.Sentence}\n    // Otherwise {claim.Harm}.\n");
        code.Append(CultureInfo.InvariantCulture, $"    // {counterexample.Detail}.\n");
        code.Append("    [Fact]\n    public void The_right_rules_survive_it()\n    {\n");
        code.Append(CultureInfo.InvariantCulture, $"        var configuration = {words.CSharp(counterexample.Configuration)};\n");
        code.Append(CultureInfo.InvariantCulture, $"        var operations = new {typeof(TOperation).Name}[]\n        {{\n");
        foreach (var operation in counterexample.Operations)
        {
            code.Append(CultureInfo.InvariantCulture, $"            {words.CSharp(operation)}, // {words.Of(operation)}\n");
        }

        code.Append(CultureInfo.InvariantCulture, $"        }};\n\n        using var run = {scheme.Name}.All.NewRun(null, configuration, ClaimSet.All, withModel: true);\n");
        code.Append(CultureInfo.InvariantCulture, $"        Assert.IsType<Verdict.Held>(Runs.Replay<{typeof(TOperation).Name}>(run, operations));\n    }}\n}}\n");
        return code.ToString();
    }

    private static void AppendSteps<TConfiguration, TOperation>(StringBuilder text, Counterexample<TConfiguration, TOperation> counterexample)
        where TConfiguration : class
        where TOperation : struct, IEquatable<TOperation>
    {
        var scheme = counterexample.Scheme;
        using var run = counterexample.NewRun();
        var before = scheme.Observe(run);
        text.Append(CultureInfo.InvariantCulture, $"   0  {scheme.Beginning}\n");
        AppendLines(text, before);
        for (int step = 0; step < counterexample.Operations.Count; step++)
        {
            var operation = counterexample.Operations[step];
            text.Append(CultureInfo.InvariantCulture, $"{step + 1,4}  {scheme.Words.Of(operation)}\n");
            if (!run.Allows(operation))
            {
                text.Append("        not allowed here\n");
                return;
            }

            // A line that was there before the step is not repeated.
            run.Step(operation);
            var after = scheme.Observe(run);
            AppendLines(text, after.Except(before, StringComparer.Ordinal));
            before = after;
        }
    }

    private static void AppendLines(StringBuilder text, IEnumerable<string> lines)
    {
        foreach (string line in lines)
        {
            text.Append(CultureInfo.InvariantCulture, $"        {line}\n");
        }
    }
}
