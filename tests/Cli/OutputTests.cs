using System.CommandLine;
using RxVerify.Cli;

namespace RxVerify.Tests.Cli;

/// <summary>No result is written over another one, over a file that is read, or to a place that is no file; the work does not begin then.</summary>
public sealed class OutputTests : IDisposable
{
    private readonly CommandLine _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("recording OUT/in --svg OUT/in", "--svg OUT/in: this file is read")]
    [InlineData("recording other OUT/in --json OUT/nowhere/../in", "--json OUT/nowhere/../in: this file is read")]
    [InlineData("recording - --svg OUT/x --json OUT/x", "--json OUT/x: --svg is written there")]
    [InlineData("traffic OUT/in --svg OUT/in", "--svg OUT/in: this file is read")]
    [InlineData("traffic OUT/in --svg OUT/x --json OUT/./x", "--json OUT/./x: --svg is written there")]
    [InlineData("traffic OUT/in --out OUT/x --svg OUT/x", "--out OUT/x: --svg is written there")]
    [InlineData("traffic OUT/in --json counterexamples", "--out counterexamples: --json is written there")]
    [InlineData("replay OUT/in --html OUT/in", "--html OUT/in: this file is read")]
    [InlineData("replay OUT/in --html OUT/x --svg OUT/x", "--svg OUT/x: --html is written there")]
    [InlineData("verify --json OUT/x --out OUT/x", "--out OUT/x: --json is written there")]
    [InlineData("verify --json OUT/x --report OUT/x/", "--report OUT/x/: --json is written there")]
    [InlineData("verify --report OUT/x --json OUT/x/index.html", "--report OUT/x: --json is written there")]
    [InlineData("explore dqo --graph OUT/x.dot --json OUT/x.dot", "--json OUT/x.dot: --graph is written there")]
    [InlineData("explore dqo --checkpoint OUT/x --json OUT/x", "--json OUT/x: --checkpoint is written there")]
    [InlineData("explore port --json OUT/x --out OUT/x", "--json OUT/x: --out is written there")]
    public async Task Two_things_in_one_place_are_refused(string line, string expected)
    {
        string input = _folder.Put("in", "not to be touched");
        var ended = await Run(line);

        Assert.Equal((2, $"rxverify: {expected.Replace("OUT", _folder.Folder, StringComparison.Ordinal)}; expected another name\n", ""), (ended.Code, ended.Error, ended.Output));
        Assert.Equal(["in"], _folder.Files());
        Assert.Equal("not to be touched", await File.ReadAllTextAsync(input));
    }

    [Theory]
    [InlineData("layout --json -", "--json is '-'; expected a file name")]
    [InlineData("layout --json OUT/x/", "--json is 'OUT/x/'; expected a file name")]
    [InlineData("recording OUT/in --svg -", "--svg is '-'; expected a file name")]
    [InlineData("replay OUT/in --html -", "--html is '-'; expected a file name")]
    [InlineData("explore port --out -", "--out is '-'; expected a folder name")]
    [InlineData("verify --report -", "--report is '-'; expected a folder name")]
    public async Task Results_go_into_files_and_not_into_a_pipe(string line, string expected)
    {
        var ended = await Run(line);

        Assert.Equal((2, $"rxverify: {expected.Replace("OUT", _folder.Folder, StringComparison.Ordinal)}\n", ""), (ended.Code, ended.Error, ended.Output));
        Assert.Empty(_folder.Files());
        Assert.False(Path.Exists("-"));
    }

    [Fact]
    public async Task An_empty_name_is_no_name()
    {
        Assert.Equal("rxverify: --json is ''; expected a file name\n", (await CommandLine.Run("layout", "--json", "")).Error);
    }

    [Fact]
    public async Task Results_in_places_of_their_own_are_written_even_beside_each_other()
    {
        string story = _folder.Put("in.json", StoredStories.RightRules().Json());
        var ended = await Run($"replay OUT/in.json OUT/in.json");
        var drawn = await Run($"replay OUT/in.json --html OUT/in.html --svg OUT/in.svg");

        Assert.Equal((0, 0), (ended.Code, drawn.Code));
        Assert.Equal(["in.html", "in.json", "in.svg"], _folder.Files());
        Assert.Equal(StoredStories.RightRules().Json(), await File.ReadAllTextAsync(story));
    }

    [Fact]
    public async Task Help_is_given_whatever_else_is_asked() => Assert.Equal(0, (await Run("layout --json - --help")).Code);

    /// <summary>What is not of this kind would not be looked at.</summary>
    [Fact]
    public void Whatever_names_a_place_to_write_is_an_output()
    {
        var options = Commands(App.Root(new Screen(TextWriter.Null, TextWriter.Null))).SelectMany(command => command.Options).ToList();

        Assert.All(options.Where(option => option.HelpName is "FILE" or "DIR"), option => Assert.IsType<OutputOption>(option));
        Assert.Superset(
            new HashSet<string>(["--json", "--svg", "--html", "--graph", "--out", "--report", "--checkpoint"], StringComparer.Ordinal),
            options.OfType<OutputOption>().Select(option => option.Name).ToHashSet(StringComparer.Ordinal));
    }

    private static IEnumerable<Command> Commands(Command command) => [command, .. command.Subcommands.SelectMany(Commands)];

    private Task<Ended> Run(string line) => CommandLine.Run(line.Replace("OUT", _folder.Folder, StringComparison.Ordinal).Split(' '));
}
