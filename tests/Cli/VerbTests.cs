using System.Globalization;
using System.Text.Json;
using System.Xml.Linq;
using RxVerify.Properties.Dqo;
using RxVerify.Properties.Mana;
using RxVerify.Properties.Pictures;
using RxVerify.Properties.Port;

namespace RxVerify.Tests.Cli;

public sealed class VerbTests : IDisposable
{
    private readonly CommandLine _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Fuzz_prints_its_seed_first_and_ends_well_when_every_claim_holds()
    {
        var ended = await CommandLine.Run("fuzz", "dqo", "--seed", "7", "--operations", "20000", "--out", _folder["out"]);

        Assert.Equal((0, ""), (ended.Code, ended.Error));
        Assert.Equal("seed 7", ended.Lines[0]);
        Assert.Contains("what happened", ended.Output, StringComparison.Ordinal);
        Assert.Contains("landmark: a page came back from the used list", ended.Output, StringComparison.Ordinal);
        Assert.Contains("every claim held", ended.Output, StringComparison.Ordinal);
        Assert.False(Directory.Exists(_folder["out"]));
    }

    [Theory]
    [InlineData("honest")]
    [InlineData("hostile")]
    [InlineData("pagelist")]
    [InlineData("all")]
    public async Task The_same_seed_gives_the_same_bytes_in_every_scope(string scope)
    {
        string[] words = ["fuzz", "dqo", "--seed", "11", "--operations", "10000", "--scope", scope];

        var first = await CommandLine.Run(words);
        Assert.Equal(0, first.Code);
        Assert.Equal(first, await CommandLine.Run(words));
    }

    [Fact]
    public async Task A_timed_run_says_how_to_have_it_again()
    {
        var timed = await CommandLine.Run("fuzz", "dqo", "--seed", "5", "--for", "300ms", "--no-model");
        string again = timed.Lines.Single(line => line.StartsWith("the same again: ", StringComparison.Ordinal));
        var counted = await CommandLine.Run(["fuzz", "dqo", "--no-model", .. again.Split(' ')[3..]]);

        Assert.Equal(timed.Output.Replace(again + "\n", "", StringComparison.Ordinal), counted.Output);
    }

    [Fact]
    public async Task A_fresh_seed_is_drawn_when_none_is_given()
    {
        var first = await CommandLine.Run("fuzz", "dqo", "--operations", "100");
        var second = await CommandLine.Run("fuzz", "dqo", "--operations", "100");

        Assert.False(first.Lines[0] == second.Lines[0], "both runs drew the same seed");
    }

    [Fact]
    public async Task A_planted_mistake_is_told_kept_and_replayed()
    {
        var found = await CommandLine.Run("fuzz", "dqo", "--seed", "1", "--defect", "F-A2", "--out", _folder["out"]);
        string json = Directory.GetFiles(_folder["out"], "*.json").Single();
        string code = Directory.GetFiles(_folder["out"], "*.cs").Single();
        string page = Directory.GetFiles(_folder["out"], "*.html").Single();
        var replayed = await CommandLine.Run("replay", json, "--csharp");

        Assert.Equal(1, found.Code);
        Assert.Contains(DqoClaims.PostedIsUnreferenced.Sentence, found.Output, StringComparison.Ordinal);
        Assert.Contains($"rxverify replay {json}", found.Output, StringComparison.Ordinal);
        Assert.Contains($"look at it: {page}", found.Output, StringComparison.Ordinal);
        Assert.Equal(1, replayed.Code);
        Assert.Contains("still broken: I3 in step ", replayed.Output, StringComparison.Ordinal);
        Assert.Contains(await File.ReadAllTextAsync(code), replayed.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_driver_with_many_mistakes_is_told_a_story_a_hunt_and_not_what_each_hunt_drew()
    {
        var published = PortDefects.Published;
        var found = await CommandLine.Run("fuzz", "port", "--seed", "1", "--operations", "200000", "--defect", published.Name, "--out", _folder["out"]);

        Assert.Equal(1, found.Code);
        Assert.Equal(
            [published.Breaks!.Id, .. published.AlsoBreaks.Select(claim => claim.Id)],
            found.Lines.Where(line => line.StartsWith("broken: ", StringComparison.Ordinal)).Select(line => line.Split(' ')[1]).ToList());
        Assert.Equal(1 + published.AlsoBreaks.Count, Directory.GetFiles(_folder["out"], "*.json").Length);
        Assert.DoesNotContain("what happened", found.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("landmark: ", found.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_hunt_in_vain_says_only_of_the_claim_it_was_for_that_it_held()
    {
        // Where each buffer has a page for itself there is no fragment to read.
        var ended = await CommandLine.Run("fuzz", "mana", "--seed", "1", "--operations", "5000", "--scope", "pages", "--defect", "ReadsUnsyncedFragments");

        Assert.Equal((0, ""), (ended.Code, ended.Error));
        Assert.Equal($"claim sync held: {ManaClaims.ReadAfterSync.Sentence}", ended.Lines[^2]);
    }

    [Fact]
    public async Task Replay_draws_the_story_as_a_page_and_as_a_still_picture()
    {
        string file = _folder.Put("found.json", StoredStories.NeverWaits().Json());
        var ended = await CommandLine.Run("replay", file, "--html", _folder["p.html"], "--svg", _folder["p.svg"]);
        var picture = StoredStories.NeverWaits().Picture();

        Assert.Equal(1, ended.Code);
        Assert.Equal(HtmlPicture.Of(picture), await File.ReadAllTextAsync(_folder["p.html"]));
        Assert.Equal(SvgPicture.Of(picture), await File.ReadAllTextAsync(_folder["p.svg"]));
        Assert.Equal(["found.json", "p.html", "p.svg"], _folder.Files());
    }

    [Fact]
    public async Task A_stored_story_that_holds_now_ends_well()
    {
        string file = _folder.Put("fixed.json", StoredStories.RightRules().Json());
        var ended = await CommandLine.Run("replay", file);

        Assert.Equal(0, ended.Code);
        Assert.Contains("holds now: I3 did not break in any of the 4 steps", ended.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task One_story_that_breaks_among_several_is_enough()
    {
        string holds = _folder.Put("fixed.json", StoredStories.RightRules().Json());
        string breaks = _folder.Put("found.json", StoredStories.NeverWaits().Json());

        Assert.Equal(1, (await CommandLine.Run("replay", breaks, holds)).Code);
    }

    [Fact]
    public async Task Defects_lists_all_of_them_and_writes_them_as_JSON()
    {
        var ended = await CommandLine.Run("defects", "--json", _folder["d.json"]);
        using var json = JsonDocument.Parse(await File.ReadAllTextAsync(_folder["d.json"]));

        Assert.Equal(0, ended.Code);
        var defects = Properties.Schemes.All.SelectMany(scheme => scheme.Defects).ToList();
        Assert.All(defects, defect => Assert.Contains(defect.Name, ended.Output, StringComparison.Ordinal));
        Assert.All(defects.Select(defect => defect.Breaks).OfType<Properties.Claim>(), claim => Assert.Contains(claim.Sentence, ended.Output, StringComparison.Ordinal));
        Assert.Equal(defects.Select(defect => defect.Name).ToList(), json.RootElement.EnumerateArray().Select(row => row.GetProperty("name").GetString()!).ToList());
        Assert.Equal(["d.json"], _folder.Files());
    }

    [Fact]
    public async Task Traffic_reports_the_sample_in_text_picture_and_JSON()
    {
        string[] words = ["traffic", CommandLine.Sample, "--hold-us", "500", "--long-share", "0.01", "--svg", _folder["a.svg"], "--json", _folder["a.json"]];
        var ended = await CommandLine.Run(words);
        string svg = await File.ReadAllTextAsync(_folder["a.svg"]);
        string text = await File.ReadAllTextAsync(_folder["a.json"]);
        using var json = JsonDocument.Parse(text);

        Assert.Equal((0, ""), (ended.Code, ended.Error));
        Assert.Contains("6,810 packets, 8,412,622 bytes", ended.Output, StringComparison.Ordinal);
        Assert.Equal("svg", XDocument.Parse(svg).Root!.Name.LocalName);
        Assert.Equal(6_810, json.RootElement.GetProperty("packets").GetProperty("captured").GetInt64());
        Assert.Equal(8_412_622, json.RootElement.GetProperty("counters").GetProperty("bytes").GetInt64());
        Assert.Equal(4_096, json.RootElement.GetProperty("configuration").GetProperty("pageSize").GetInt32());
        Assert.True(json.RootElement.GetProperty("held").GetBoolean());

        Assert.Equal(ended, await CommandLine.Run(words));
        Assert.Equal(svg, await File.ReadAllTextAsync(_folder["a.svg"]));
        Assert.Equal(text, await File.ReadAllTextAsync(_folder["a.json"]));
        Assert.Equal(["a.json", "a.svg"], _folder.Files());
    }

    [Fact]
    public async Task Traffic_tells_the_claim_and_the_packet_that_broke_it()
    {
        var ended = await CommandLine.Run(
            "traffic", CommandLine.Sample, "--defect", "NeverWaits", "--hold-packets", "16", "--long-share", "0.01", "--buffer-slots", "64",
            "--json", _folder["a.json"], "--out", _folder["out"]);
        using var json = JsonDocument.Parse(await File.ReadAllTextAsync(_folder["a.json"]));
        var finding = json.RootElement.GetProperty("finding");

        Assert.Equal(1, ended.Code);
        Assert.Equal("I3", finding.GetProperty("claim").GetString());
        string packet = finding.GetProperty("packet").GetInt64().ToString("N0", CultureInfo.InvariantCulture);
        Assert.Contains($"broken: I3 at packet {packet}: ", ended.Output, StringComparison.Ordinal);
        Assert.Single(Directory.GetFiles(_folder["out"], "*.json"));
    }

    [Fact]
    public async Task Traffic_reports_the_sample_through_a_MANA_queue_in_text_picture_and_JSON()
    {
        string[] words = ["traffic", CommandLine.Sample, "--scheme", "mana", "--mtu", "1000", "--hold-packets", "16", "--svg", _folder["a.svg"], "--json", _folder["a.json"]];
        var ended = await CommandLine.Run(words);
        string svg = await File.ReadAllTextAsync(_folder["a.svg"]);
        string text = await File.ReadAllTextAsync(_folder["a.json"]);
        using var json = JsonDocument.Parse(text);
        var root = json.RootElement;

        Assert.Equal((0, ""), (ended.Code, ended.Error));
        Assert.Contains("6,810 packets, 8,412,622 bytes", ended.Output, StringComparison.Ordinal);
        Assert.Equal("svg", XDocument.Parse(svg).Root!.Name.LocalName);
        Assert.Contains("Pages of the pool, mixed-mtu1500.pcap", svg, StringComparison.Ordinal);
        Assert.Equal("mana", root.GetProperty("scheme").GetString());
        Assert.Equal(1_014, root.GetProperty("layout").GetProperty("dataSize").GetInt32());
        long truncated = root.GetProperty("truncated").GetInt64();
        Assert.Contains($"{truncated.ToString("N0", CultureInfo.InvariantCulture)} packets of those received, longer than the data size", ended.Output, StringComparison.Ordinal);
        Assert.Equal(6_810, truncated + root.GetProperty("counters").GetProperty("packets").GetInt64());
        Assert.True(root.GetProperty("held").GetBoolean());

        Assert.Equal(ended, await CommandLine.Run(words));
        Assert.Equal(svg, await File.ReadAllTextAsync(_folder["a.svg"]));
        Assert.Equal(text, await File.ReadAllTextAsync(_folder["a.json"]));
    }

    [Fact]
    public async Task Traffic_tells_the_claim_that_a_MANA_driver_broke_and_keeps_its_story()
    {
        var ended = await CommandLine.Run(
            "traffic", CommandLine.Sample, "--scheme", "mana", "--defect", "ReadsUnsyncedFragments", "--queue-size", "32", "--out", _folder["out"]);

        Assert.Equal(1, ended.Code);
        Assert.Contains("broken: sync at packet ", ended.Output, StringComparison.Ordinal);
        Assert.Single(Directory.GetFiles(_folder["out"], "mana-ReadsUnsyncedFragments-sync-1.json"));
    }

    [Theory]
    [InlineData("fuzz dqo --for 1h --seed 1")]
    [InlineData("traffic SAMPLE")]
    [InlineData("traffic SAMPLE --scheme mana")]
    [InlineData("verify --for 1h")]
    public async Task Ctrl_C_ends_with_what_was_learnt_so_far(string line)
    {
        using var stop = new CancellationTokenSource();
        await stop.CancelAsync();
        var ended = await CommandLine.Run(stop.Token, line.Replace("SAMPLE", CommandLine.Sample, StringComparison.Ordinal).Split(' '));

        Assert.Equal((130, ""), (ended.Code, ended.Error));
        Assert.StartsWith("seed 1\n", ended.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task No_escape_code_is_written_where_no_terminal_is()
    {
        foreach (string[] words in new string[][] { ["defects"], ["fuzz", "dqo", "--operations", "1000"], ["traffic", CommandLine.Sample] })
        {
            Assert.DoesNotContain('\e', (await CommandLine.Run(words)).Output);
        }
    }
}
