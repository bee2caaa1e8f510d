using System.Diagnostics.CodeAnalysis;
using System.Reflection;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using RxVerify.Properties;

namespace RxVerify.Tests.EveryScheme;

/// <summary>What holds of the stories of each scheme as values: stored, read, printed as tests.</summary>
[SuppressMessage("Design", "CA1000", Justification = "xunit looks for the rows of a theory in the class that declares it.")]
public abstract class CounterexampleTests<TTested>
    where TTested : ITestedScheme
{
    private const int Compiled = 4;

    public static TheoryData<string> Unsafe => DefectTests<TTested>.Unsafe;

    /// <summary>Some of them, evenly spread over the catalogue: compiling takes long.</summary>
    public static TheoryData<string> Some =>
        [.. TTested.Scheme.Defects.Where(defect => defect.Breaks is not null).Select(defect => defect.Name).Where((_, index) => index % (TTested.Scheme.Defects.Count / Compiled) == 1)];

    [Theory]
    [MemberData(nameof(Unsafe))]
    public void A_stored_counterexample_replays_to_the_same_end(string name)
    {
        var found = Found(name);

        var read = CounterexampleFile.Read(found.Json(), "stored.json");

        Assert.Equal(found.Replay(), read.Replay());
        Assert.Equal(found.Text(), read.Text());
        Assert.Equal(found.Json(), read.Json());
    }

    [Theory]
    [MemberData(nameof(Unsafe))]
    public void Every_step_of_a_story_was_allowed_where_it_stands(string name) => Assert.IsType<Verdict.Broke>(Found(name).Replay());

    [Theory]
    [MemberData(nameof(Some))]
    public void The_printed_test_compiles_and_says_what_replaying_on_the_right_rules_says(string name)
    {
        var found = Found(name);
        var assembly = Compile(found.CSharp());
        var story = assembly.GetTypes().Single(type => type.Name.EndsWith("_story", StringComparison.Ordinal));
        var test = story.GetMethods().Single(method => method.GetCustomAttribute<FactAttribute>() is not null);

        var problem = Record.Exception(() => test.Invoke(Activator.CreateInstance(story), null));

        // A step that only the mistake made possible is not allowed on the right rules, and then the test has to say so.
        Assert.Equal("The_right_rules_survive_it", test.Name);
        Assert.Equal(found.ReplayOnRightRules() is Verdict.Held, problem is null);
    }

    [Theory]
    [InlineData("\"claim\": \"", "\"claim\": \"no-", "there is no claim")]
    [InlineData("\"defect\": \"", "\"defect\": \"No", "there is no defect")]
    [InlineData("\"pageSize\": ", "\"pageSize\": 1", "expected 4096, 16384 or 65536")]
    [InlineData("\"scheme\": \"", "\"scheme\": \"other-", "expected \"dqo\"")]
    public void A_counterexample_that_cannot_be_is_refused_with_what_was_expected(string part, string instead, string expected)
    {
        string text = Found(TTested.Scheme.Canary.Name).Json();
        Assert.Contains(part, text, StringComparison.Ordinal);

        var problem = Assert.Throws<CounterexampleFormatException>(() => CounterexampleFile.Read(text.Replace(part, instead, StringComparison.Ordinal), "bad.json"));

        Assert.Contains(expected, problem.Message, StringComparison.Ordinal);
    }

    private protected static Counterexample Found(string name) =>
        TTested.Scheme.Fuzz(TTested.Scheme.HuntFor(Defect.Named(TTested.Scheme.Defects, name)!, seed: 4) with { Operations = 400_000 }).Shrink();

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
