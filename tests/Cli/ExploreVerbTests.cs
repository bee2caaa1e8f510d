using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using System.Xml.Linq;
using RxVerify.Cli;
using RxVerify.Explorer;
using RxVerify.Properties;
using RxVerify.Properties.Dqo;
using RxVerify.Tests.Explorer;

namespace RxVerify.Tests.Cli;

public sealed class ExploreVerbTests : IDisposable
{
    private readonly CommandLine _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task More_references_than_interleaving_is_for_are_refused_in_one_line()
    {
        var ended = await CommandLine.Run("explore", "dqo", "--core", "4 2 4 4 5 3 0", "--interleave");

        Assert.Equal(2, ended.Code);
        Assert.Contains("K is 4; with --interleave expected at most 3 references", ended.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Explore_counts_every_state_and_says_that_every_claim_held()
    {
        var ended = await CommandLine.Run("explore", "dqo", "--core", "2 2 2 2 5 3 0", "--json", _folder["core.json"]);

        Assert.Equal((0, ""), (ended.Code, ended.Error));
        Assert.Contains("every reachable state was expanded; every claim held", ended.Output, StringComparison.Ordinal);
        var facts = JsonDocument.Parse(await File.ReadAllTextAsync(_folder["core.json"])).RootElement;

        // facts/model_checking.md, section 2.
        Assert.Equal((1_520, 4_840, 32), (Number("states"), Number("transitions"), Number("depth")));
        Assert.True(facts.GetProperty("exhaustive").GetBoolean());
        Assert.Equal(("held", 0), (facts.GetProperty("verdict").GetString(), Number("storyLength")));
        Assert.True(facts.GetProperty("seconds").GetDouble() > 0);
        Assert.True(Number("peakBytes") > 0);

        int Number(string name) => facts.GetProperty(name).GetInt32();
    }

    [Fact]
    public async Task A_planted_mistake_ends_with_its_shortest_story_whatever_the_number_of_threads()
    {
        string[] words = ["explore", "dqo", "--core", "2 2 2 2 5 4 0", "--defect", "NeverWaits"];
        var one = await CommandLine.Run([.. words, "--threads", "1"]);
        var four = await CommandLine.Run([.. words, "--threads", "4"]);

        Assert.Equal(1, one.Code);
        Assert.Contains("5 steps, proven shortest by", one.Output, StringComparison.Ordinal);
        Assert.Contains("finer than the operations that a story of fuzz dqo counts", one.Output, StringComparison.Ordinal);
        Assert.Equal(one, four);
    }

    [Theory]
    [InlineData("--states", "1000", "state limit of 1,000")]
    [InlineData("--depth", "3", "depth limit of 3")]
    [InlineData("--memory", "1", "memory limit of 1 MiB")]
    [InlineData("--for", "1ms", "time limit of 1ms")]
    public async Task A_limit_is_never_reported_as_a_pass_and_told_in_the_units_in_which_it_was_given(string option, string value, string told)
    {
        var ended = await CommandLine.Run("explore", "dqo", "--core", "3 2 3 3 5 3 0", "--no-refinement", option, value);

        Assert.Equal(3, ended.Code);
        Assert.Contains("not exhaustive: ", ended.Output, StringComparison.Ordinal);
        Assert.Contains($" ({told}); nothing had broken", ended.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("every claim held", ended.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task By_fingerprints_a_chance_is_told_only_where_a_state_can_be_missed()
    {
        var one = await CommandLine.Run("explore", "dqo", "--core", "2 2 2 2 5 3 0", "--fingerprints", "--json", _folder["core.json"]);
        var many = await CommandLine.Run("explore", "dqo", "--scope", "full", "--fingerprints", "--states", "1000", "--json", _folder["whole.json"]);

        Assert.Equal((0, 3), (one.Code, many.Code));
        Assert.Contains("no state was missed: where a key is one word, that word is kept and not a hash of it", one.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("chance", one.Output, StringComparison.Ordinal);
        Assert.Equal(0, (await Facts("core.json")).GetProperty("missProbability").GetDouble());

        var facts = await Facts("whole.json");
        double chance = Fingerprint.MissProbability(facts.GetProperty("states").GetInt64());
        Assert.True(chance > 0);
        Assert.Equal(chance, facts.GetProperty("missProbability").GetDouble());
        Assert.Contains(string.Create(CultureInfo.InvariantCulture, $"chance that a state was missed: {chance:0.0e+0}"), many.Lines, StringComparer.Ordinal);

        async Task<JsonElement> Facts(string name) => JsonDocument.Parse(await File.ReadAllTextAsync(_folder[name])).RootElement;
    }

    [Fact]
    public async Task A_walk_that_is_stopped_prints_what_is_known()
    {
        using var stop = new CancellationTokenSource();
        await stop.CancelAsync();

        var ended = await CommandLine.Run(stop.Token, "explore", "dqo");

        Assert.Equal(130, ended.Code);
        Assert.Contains("(stopped); nothing had broken", ended.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Depth_first_counts_the_same_and_does_not_call_its_story_shortest()
    {
        var right = await CommandLine.Run("explore", "dqo", "--core", "2 2 2 2 5 3 0", "--order", "depth");
        var wrong = await CommandLine.Run("explore", "dqo", "--core", "2 2 2 2 5 4 0", "--order", "depth", "--defect", "NeverWaits");

        // facts/model_checking.md, section 2.
        Assert.Equal(0, right.Code);
        Assert.Contains("1,520", right.Output, StringComparison.Ordinal);
        Assert.Contains("every reachable state was expanded; every claim held", right.Output, StringComparison.Ordinal);
        Assert.Equal(1, wrong.Code);
        Assert.Contains("the way that was taken", wrong.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("proven shortest", wrong.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Random_walks_begin_with_their_seed_and_are_never_a_pass()
    {
        string[] words = ["explore", "dqo", "--order", "random", "--walks", "100", "--length", "50"];
        var first = await CommandLine.Run(words);
        var again = await CommandLine.Run([.. words, "--seed", first.Lines[0].Split(' ')[1]]);

        Assert.Equal(3, first.Code);
        Assert.StartsWith("seed ", first.Lines[0], StringComparison.Ordinal);
        Assert.Contains("100 random walks of at most 50 steps", first.Output, StringComparison.Ordinal);
        Assert.Equal(first, again);
    }

    [Theory]
    [InlineData("--core", "1 2 3")]
    [InlineData("--core", "2 2 2 2 5 2 0")]
    [InlineData("--symmetry", "some")]
    [InlineData("--threads", "0")]
    [InlineData("--graph", "states.svg")]
    [InlineData("--order", "width")]
    [InlineData("--seed", "1")]
    [InlineData("--checkpoint-every", "5s")]
    [InlineData("--order", "depth", "--ends")]
    [InlineData("--order", "depth", "--threads", "2")]
    [InlineData("--order", "random", "--fingerprints")]
    public async Task What_cannot_be_explored_is_refused_in_one_line(params string[] words)
    {
        var ended = await CommandLine.Run(["explore", "dqo", .. words]);

        Assert.Equal(2, ended.Code);
        Assert.Single(ended.Error.TrimEnd().Split('\n'));
    }

    [Fact]
    public async Task A_configuration_that_has_no_name_is_refused_with_the_names_there_are()
    {
        var unknown = await CommandLine.Run("explore", "dqo", "--scope", "hostile", "--configuration", "huge");
        var core = await CommandLine.Run("explore", "dqo", "--configuration", "batch");
        var mistaken = await CommandLine.Run("explore", "dqo", "--scope", "full", "--symmetry", "all", "--defect", "NeverWaits");

        Assert.Equal((2, 2, 2), (unknown.Code, core.Code, mistaken.Code));
        Assert.Contains($"expected one of scope hostile: {string.Join(", ", DqoWholeConfigurations.NamesOf(DqoExploreScope.Hostile))}", unknown.Error, StringComparison.Ordinal);
        Assert.Contains("expected it with --scope full or hostile", core.Error, StringComparison.Ordinal);
        Assert.Contains("expected none with a mistake", mistaken.Error, StringComparison.Ordinal);
        Assert.All([unknown, core, mistaken], ended => Assert.Single(ended.Error.TrimEnd().Split('\n')));
    }

    [Fact]
    public async Task A_configuration_is_walked_by_its_name_and_a_mistake_in_it_is_told_in_operations()
    {
        var right = await CommandLine.Run("explore", "dqo", "--scope", "full", "--configuration", "Whole-Pages", "--symmetry", "all", "--states", "1000");
        var wrong = await CommandLine.Run("explore", "dqo", "--scope", "full", "--configuration", "whole-page-list", "--defect", "CopiesOneTooLate", "--threads", "1");

        Assert.Equal((3, 1), (right.Code, wrong.Code));
        Assert.StartsWith("scope full, configuration whole-pages (ChunkSize 4096, ", right.Lines[0], StringComparison.Ordinal);
        Assert.Contains("symmetry: all, each step compared with the model", right.Lines[0], StringComparison.Ordinal);
        Assert.Contains("broken: pinning", wrong.Output, StringComparison.Ordinal);
        Assert.Contains("steps are operations of fuzz dqo", wrong.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void Of_a_walk_for_one_claim_only_that_is_said_to_hold()
    {
        // On pages that are no list nothing is copied on demand.
        var claim = DqoClaims.CopiesOnlyWhenShort;
        var claims = ClaimSet.Of(claim);
        var walk = DqoDefects.Named("KeepsCountingUsedStates")!.Driver.ExploreWhole(WholeConfigurations.Small(1), hostile: false, claims, refines: false, new ExploreOptions());
        using var output = new StringWriter();

        int code = ExploreText.Show(new Screen(output, TextWriter.Null), walk, new ExploreOptions(), DqoExploreScope.Full, claims, mistake: null);

        Assert.Equal(0, code);
        Assert.EndsWith($"every reachable state was expanded; claim {claim.Id} held: {claim.Sentence}", output.ToString().TrimEnd(), StringComparison.Ordinal);
        Assert.DoesNotContain("every claim", output.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_graph_of_a_small_core_has_a_node_for_each_state_and_an_edge_for_each_transition()
    {
        // facts/model_checking.md, section 2: 45 states, 102 transitions.
        Assert.Equal(0, (await CommandLine.Run("explore", "dqo", "--core", "1 2 1 2 5 3 0", "--graph", _folder["core.graphml"])).Code);
        Assert.Equal(0, (await CommandLine.Run("explore", "dqo", "--core", "1 2 1 2 5 3 0", "--graph", _folder["core.dot"])).Code);

        var graph = XDocument.Load(_folder["core.graphml"]).Root!;
        XNamespace space = graph.Name.Namespace;
        Assert.Equal((45, 102), (graph.Descendants(space + "node").Count(), graph.Descendants(space + "edge").Count()));
        string dot = await File.ReadAllTextAsync(_folder["core.dot"]);
        Assert.Equal(102, dot.Split(" -> ").Length - 1);
        Assert.DoesNotContain("dashed", dot, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0, 10_000, 10_000, "--core", "3 2 3 3 5 3 0")]
    [InlineData(1, 1, 4_067, "--core", "2 2 2 2 5 4 0", "--defect", "NeverWaits")]
    [InlineData(3, 1, 4_067, "--core", "2 2 2 2 5 4 0", "--depth", "4")]
    [InlineData(3, 0, 0, "--core", "2 2 2 2 5 4 0", "--depth", "0")]
    public async Task The_graph_of_a_walk_that_ended_early_or_is_too_large_has_a_node_at_each_end_of_each_edge(int code, int least, int most, params string[] words)
    {
        var ended = await CommandLine.Run(["explore", "dqo", .. words, "--no-refinement", "--graph", _folder["core.graphml"]]);

        Assert.Equal(code, ended.Code);
        Assert.Contains("the graph has the steps of the nearest", ended.Output, StringComparison.Ordinal);
        var graph = XDocument.Load(_folder["core.graphml"]).Root!;
        XNamespace space = graph.Name.Namespace;
        var nodes = graph.Descendants(space + "node").ToDictionary(
            node => node.Attribute("id")!.Value, node => (bool)node.Elements().Single(data => data.Attribute("key")!.Value == "expanded"), StringComparer.Ordinal);
        var edges = graph.Descendants(space + "edge").ToList();
        Assert.True(nodes.ContainsKey("s0"));
        Assert.All(edges, edge => Assert.True(nodes[edge.Attribute("source")!.Value] && nodes.ContainsKey(edge.Attribute("target")!.Value)));
        Assert.Contains(false, nodes.Values);
        Assert.InRange(nodes.Values.Count(isExpanded => isExpanded), least, most);
    }

    [Fact]
    public async Task After_a_kill_the_walk_goes_on_from_its_checkpoint_and_ends_with_the_same_counts()
    {
        string[] words = ["explore", "dqo", "--core", "3 2 3 3 5 4 1", "--no-refinement", "--checkpoint", _folder["kept"], "--checkpoint-every", "100ms"];
        using (var process = Process.Start(new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "rxverify.dll"), .. words]) { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true })!)
        {
            // The first checkpoint is whole when it is there; the second replaces it while the walk is under way.
            while (!File.Exists(Path.Combine(_folder["kept"], "walk.checkpoint")) && !process.HasExited)
            {
                await Task.Delay(10);
            }

            process.Kill();
            await process.WaitForExitAsync();
            Assert.NotEqual(0, process.ExitCode);
        }

        var ended = await CommandLine.Run([.. words, "--json", _folder["core.json"]]);

        // facts/model_checking.md, section 2.
        var facts = JsonDocument.Parse(await File.ReadAllTextAsync(_folder["core.json"])).RootElement;
        Assert.Equal(0, ended.Code);
        Assert.Equal(
            (837_047, 3_694_289, 62),
            (facts.GetProperty("states").GetInt32(), facts.GetProperty("transitions").GetInt32(), facts.GetProperty("depth").GetInt32()));
        Assert.Empty(Directory.EnumerateFileSystemEntries(_folder["kept"]));
    }

    [Fact]
    public async Task A_walk_too_short_for_a_checkpoint_ends_well_and_one_that_ends_early_leaves_one()
    {
        string[] words = ["explore", "dqo", "--core", "2 2 2 2 5 4 0", "--checkpoint", Path.Combine(_folder["a"], "b")];

        Assert.Equal(0, (await CommandLine.Run(words)).Code);
        Assert.Equal(3, (await CommandLine.Run([.. words, "--depth", "5"])).Code);
        Assert.True(File.Exists(Path.Combine(_folder["a"], "b", "walk.checkpoint")));
        Assert.Contains("4,068", (await CommandLine.Run(words)).Output, StringComparison.Ordinal);
        Assert.Empty(Directory.EnumerateFileSystemEntries(Path.Combine(_folder["a"], "b")));
    }

    [Theory]
    [InlineData("--depth", "9")]
    [InlineData("--states", "1500")]
    public async Task A_walk_that_goes_on_from_a_checkpoint_says_so_first_with_the_states_and_the_depth_at_which_the_one_before_ended(string limit, string value)
    {
        string[] words = ["explore", "dqo", "--core", "2 2 2 2 5 4 0", "--threads", "1", "--checkpoint", _folder["kept"]];
        var before = await CommandLine.Run([.. words, limit, value]);
        var after = await CommandLine.Run(words);

        string ended = Assert.Single(before.Lines, line => line.StartsWith("not exhaustive: ", StringComparison.Ordinal));
        Assert.DoesNotContain("going on", before.Output, StringComparison.Ordinal);
        Assert.Equal($"going on from {ended["not exhaustive: ".Length..ended.IndexOf(" (", StringComparison.Ordinal)]}, in {_folder["kept"]}", after.Lines[1]);
        Assert.Equal((3, 0), (before.Code, after.Code));
    }

    [Fact]
    public async Task A_second_walk_on_the_checkpoint_folder_of_another_is_refused_until_the_other_is_killed()
    {
        string[] words = ["explore", "dqo", "--core", "4 2 4 4 5 3 0", "--no-refinement", "--checkpoint", _folder["kept"], "--checkpoint-every", "100ms"];
        string[] shorter = [.. words, "--depth", "1"];
        using (var process = Process.Start(new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "rxverify.dll"), .. words]) { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true })!)
        {
            while (!File.Exists(Path.Combine(_folder["kept"], "walk.checkpoint")) && !process.HasExited)
            {
                await Task.Delay(10);
            }

            var second = await CommandLine.Run(shorter);

            Assert.False(process.HasExited);
            Assert.Equal((2, $"rxverify: {_folder["kept"]}: another walk uses it; expected a folder of its own for each walk, or that the other one has ended\n"), (second.Code, second.Error));
            process.Kill();
            await process.WaitForExitAsync();
        }

        // What the killed walk reached goes no further; what it left behind besides its checkpoint is gone.
        var third = await CommandLine.Run(shorter);
        Assert.Equal((3, ""), (third.Code, third.Error));
        Assert.StartsWith("going on from ", third.Lines[1], StringComparison.Ordinal);
        Assert.Equal("walk.checkpoint", Path.GetFileName(Assert.Single(Directory.EnumerateFileSystemEntries(_folder["kept"]))));
    }

    [Fact]
    public async Task A_checkpoint_of_something_else_or_a_damaged_one_is_refused()
    {
        string[] words = ["explore", "dqo", "--checkpoint", _folder["kept"], "--checkpoint-every", "1ms", "--states", "20000"];
        Assert.Equal(3, (await CommandLine.Run(words)).Code);

        var other = await CommandLine.Run([.. words, "--symmetry", "pages"]);
        string path = Path.Combine(_folder["kept"], "walk.checkpoint");
        byte[] bytes = await File.ReadAllBytesAsync(path);
        bytes[bytes.Length / 2] ^= 1;
        await File.WriteAllBytesAsync(path, bytes);
        var damaged = await CommandLine.Run(words);

        Assert.Equal((2, 2), (other.Code, damaged.Code));
        Assert.Contains("expected 'core 3 2 3 3 5 3 0, driver: right rules, symmetry: pages", other.Error, StringComparison.Ordinal);
        Assert.Contains("damaged", damaged.Error, StringComparison.Ordinal);
    }
}
