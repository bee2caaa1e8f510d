using System.Reflection;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using RxVerify.Model.Dqo;
using RxVerify.Properties;
using RxVerify.Properties.Dqo;

namespace RxVerify.Tests.Dqo;

public class DqoCounterexampleTests
{
    [Theory]
    [MemberData(nameof(DqoDefectTests.Unsafe), MemberType = typeof(DqoDefectTests))]
    public void A_stored_counterexample_replays_to_the_same_end(string name)
    {
        var found = Found(name);

        var read = DqoCounterexampleFile.Read(DqoCounterexampleFile.Write(found), "stored.json");

        Assert.Equal(found.Replay(), read.Replay());
        Assert.Equal(DqoStory.Text(found), DqoStory.Text(read));
    }

    [Theory]
    [MemberData(nameof(DqoDefectTests.Unsafe), MemberType = typeof(DqoDefectTests))]
    public void Every_step_of_a_story_was_allowed_where_it_stands(string name)
    {
        var found = Found(name);
        using var run = new DqoRun(DqoDefects.WorldOf(DqoDefects.Named(name), found.Configuration), ClaimSet.Of(found.BrokenClaim), withModel: false);

        Assert.IsType<Verdict.Broke>(Runs.Replay<Model.Vocabulary.Dqo.DqoOperation>(run, [.. found.Operations]));
    }

    [Theory]
    [InlineData("NeverWaits")]
    [InlineData("RestStartsNewPacket")]
    [InlineData("CopiesOneTooLate")]
    [InlineData("WaitsForAFullBatch")]
    public void The_printed_test_compiles_and_passes_as_it_stands(string name)
    {
        var assembly = Compile(DqoStory.CSharp(Found(name)));

        var story = assembly.GetTypes().Single(type => type.Name.EndsWith("_story", StringComparison.Ordinal));
        var test = story.GetMethods().Single(method => method.GetCustomAttribute<FactAttribute>() is not null);
        test.Invoke(Activator.CreateInstance(story), null);

        Assert.Equal("The_right_rules_survive_it", test.Name);
    }

    [Fact]
    public void The_model_allows_every_step_that_the_implementation_with_right_rules_did()
    {
        var result = DqoFuzz.Run(new DqoFuzzOptions { Seed = 9, Operations = 50_000, Defect = DqoDefects.Named("F-A10") });
        var shrunk = DqoShrinker.Shrink(result);
        var model = DqoModel.Start(shrunk.Configuration);
        foreach (var operation in shrunk.Operations)
        {
            Assert.True(model.Allows(operation), $"{DqoWords.Of(operation)} is not allowed");
            model = model.After(operation).Next;
        }
    }

    [Theory]
    [InlineData("", "expected")]
    [InlineData("{", "expected", 1)]
    [InlineData("{\n  \"scheme\": \"mana\"\n}", "required", 3)]
    [InlineData("{\n  \"sheme\": \"dqo\"\n}", "sheme", 2)]
    public void What_is_no_counterexample_is_named_by_file_and_line(string text, string expected, int line = 1)
    {
        var problem = Assert.Throws<CounterexampleFormatException>(() => DqoCounterexampleFile.Read(text, "bad.json"));

        Assert.StartsWith($"bad.json:{line}: ", problem.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("\n", problem.Message, StringComparison.Ordinal);
        Assert.Contains(expected, problem.Message, StringComparison.OrdinalIgnoreCase);
    }

    [Theory]
    [InlineData("\"claim\": \"I3\"", "\"claim\": \"I99\"", "there is no claim")]
    [InlineData("\"defect\": \"NeverWaits\"", "\"defect\": \"Nobody\"", "there is no defect")]
    [InlineData("\"pageSize\": 4096", "\"pageSize\": 5000", "expected 4096, 16384 or 65536")]
    [InlineData("\"scheme\": \"dqo\"", "\"scheme\": \"other\"", "expected \"dqo\"")]
    public void A_counterexample_that_cannot_be_is_refused_with_what_was_expected(string part, string instead, string expected)
    {
        string text = DqoCounterexampleFile.Write(Found("NeverWaits"));
        Assert.Contains(part, text, StringComparison.Ordinal);

        var problem = Assert.Throws<CounterexampleFormatException>(() => DqoCounterexampleFile.Read(text.Replace(part, instead, StringComparison.Ordinal), "bad.json"));

        Assert.Contains(expected, problem.Message, StringComparison.Ordinal);
    }

    private static DqoCounterexample Found(string name) =>
        DqoShrinker.Shrink(DqoFuzz.Run(DqoFuzzOptions.HuntFor(DqoDefects.Named(name)!, seed: 4) with { Operations = 400_000 }));

    private static Assembly Compile(string code)
    {
        string[] platform = ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator);
        var compilation = CSharpCompilation.Create(
            "story",
            [CSharpSyntaxTree.ParseText(code)],
            platform.Select(path => MetadataReference.CreateFromFile(path)),
            new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary));
        using var image = new MemoryStream();
        var result = compilation.Emit(image);
        Assert.True(result.Success, string.Join("\n", result.Diagnostics.Where(found => found.Severity == DiagnosticSeverity.Error)) + "\n" + code);
        return Assembly.Load(image.ToArray());
    }
}
