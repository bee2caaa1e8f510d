using System.CommandLine;
using System.CommandLine.Parsing;
using RxVerify.Cli;

namespace RxVerify.Tests.Cli;

public sealed class HelpTests
{
    /// <summary>The words of every command there is; none for the tool itself.</summary>
    public static TheoryData<string> Verbs => [.. WordsOf(Root(), "")];

    [Fact]
    public void Every_scheme_has_its_verbs()
    {
        Assert.Superset(
            new HashSet<string>(StringComparer.Ordinal) { "", "verify", "explore dqo", "explore port", "fuzz dqo", "fuzz pool", "fuzz mana", "fuzz port" },
            WordsOf(Root(), "").ToHashSet(StringComparer.Ordinal));
    }

    [Theory]
    [MemberData(nameof(Verbs))]
    public async Task The_help_of_every_verb_has_an_example_of_it_and_the_exit_codes(string verb)
    {
        var ended = await HelpOf(verb);

        Assert.Equal((0, ""), (ended.Code, ended.Error));
        Assert.StartsWith($"rxverify {verb}".TrimEnd(), ExampleOf(ended), StringComparison.Ordinal);
        Assert.Contains("Exit codes: 0 ", ended.Output, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Verbs))]
    public async Task The_example_is_a_command_line_that_parses(string verb)
    {
        // Without help asked for, which would forgive everything; nothing is run.
        string example = ExampleOf(await HelpOf(verb));

        Assert.Empty(Root().Parse([.. CommandLineParser.SplitCommandLine(example).Skip(1)]).Errors);
    }

    private static Task<Ended> HelpOf(string verb) => CommandLine.Run([.. verb.Split(' ', StringSplitOptions.RemoveEmptyEntries), "--help"]);

    private static string ExampleOf(Ended help) => help.Lines[Array.IndexOf(help.Lines, "Example:") + 1].Trim();

    private static RootCommand Root() => App.Root(new Screen(TextWriter.Null, TextWriter.Null));

    private static IEnumerable<string> WordsOf(Command command, string words) =>
        [words, .. command.Subcommands.SelectMany(verb => WordsOf(verb, $"{words} {verb.Name}".TrimStart()))];
}
