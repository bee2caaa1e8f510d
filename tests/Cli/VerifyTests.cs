using System.Globalization;
using System.Text.Json;
using System.Xml.Linq;
using RxVerify.Properties;
using RxVerify.Properties.Dqo;
using RxVerify.Properties.Recordings;

namespace RxVerify.Tests.Cli;

public sealed class VerifyTests
{
    [Fact]
    public async Task The_main_job_holds_finds_every_mistake_and_gives_the_same_bytes_again()
    {
        using var folder = new CommandLine();
        string[] words = ["verify", "--operations", "20000", "--seed", "3", "--json", folder["v.json"], "--out", folder["out"], "--report", folder["report"]];
        var ended = await CommandLine.Run(words);
        string text = await File.ReadAllTextAsync(folder["v.json"]);

        Assert.Equal((0, ""), (ended.Code, ended.Error));
        Assert.Equal("seed 3", ended.Lines[0]);
        Assert.Equal("all held", ended.Lines[^2]);
        CheckJson(text);
        string index = await File.ReadAllTextAsync(Path.Combine(folder["report"], "index.html"));
        CheckReport(folder["report"], index);
        CheckTables(index, text);

        Assert.Equal(ended, await CommandLine.Run(words));
        Assert.Equal(text, await File.ReadAllTextAsync(folder["v.json"]));
        Assert.Equal(index, await File.ReadAllTextAsync(Path.Combine(folder["report"], "index.html")));
        Assert.Equal(["report", "v.json"], folder.Files());
    }

    /// <summary>Every planted mistake that breaks a claim has its page and its still picture; both kinds of traffic and the recordings have theirs in the index.</summary>
    private static void CheckReport(string folder, string index)
    {
        var page = XDocument.Parse(index);
        var links = page.Descendants("a").Select(link => (string)link.Attribute("href")!).ToList();
        Assert.Equal(2 * Schemes.All.Sum(scheme => scheme.Defects.Count(defect => defect.Breaks is not null)), links.Count);
        Assert.All(links, link => Assert.True(File.Exists(Path.Combine(folder, link)), link));
        Assert.Equal(links.Count, Directory.GetFiles(Path.Combine(folder, "stories")).Length);
        Assert.Equal(["traffic", "traffic, mana", "ping-attach-detach.txt.gz", "tcp-toggle-under-load.txt.gz", "tcp-joined-midway.txt.gz"], page.Descendants("img").Select(image => (string)image.Attribute("alt")!).ToList());
        Assert.Contains("All held", page.Descendants("header").Single().Value, StringComparison.Ordinal);
        Assert.DoesNotContain(page.Descendants("td"), cell => cell.Value.StartsWith('✗'));
        Assert.Contains(page.Descendants("td"), cell => cell.Value.StartsWith("landmark: ", StringComparison.Ordinal));
    }

    /// <summary>What the JSON knows of the recordings and of the enumeration, the index shows.</summary>
    private static void CheckTables(string index, string text)
    {
        var tables = XDocument.Parse(index).Descendants("section").Where(section => section.Descendants("table").Any()).ToDictionary(
            section => section.Element("h2")!.Value,
            section => section.Descendants("tbody").Elements("tr").Select(row => row.Elements("td").Select(cell => cell.Value).ToList()).ToList(),
            StringComparer.Ordinal);
        using var json = JsonDocument.Parse(text);
        foreach (var recording in json.RootElement.GetProperty("recordings").EnumerateArray())
        {
            var rows = tables.Single(table => table.Key.StartsWith($"Recording {recording.GetProperty("recording").GetString()}: ", StringComparison.Ordinal)).Value;
            Assert.Equal(recording.GetProperty("lives").EnumerateArray().Select(life => life.GetProperty("pool").GetString()!).ToList(), rows.Select(row => row[0]).ToList());

            // Held, broken and undecided: every claim has its verdict.
            Assert.All(rows, row => Assert.Equal(RecordingClaims.All.Count, row[8..].Sum(cell => cell[0] - '0')));
        }

        var joined = tables.Single(table => table.Key.StartsWith("Recording tcp-joined-midway", StringComparison.Ordinal)).Value.Single();
        Assert.StartsWith("5", joined[10], StringComparison.Ordinal);
        Assert.Contains("owner: pages left that came in before the recording began", joined[10], StringComparison.Ordinal);
        var port = json.RootElement.GetProperty("port").EnumerateArray().Single();
        Assert.Equal(
            [port.GetProperty("queues").GetInt64(), port.GetProperty("requests").GetInt64(), port.GetProperty("oneFailure").GetInt64(), port.GetProperty("twoFailures").GetInt64()],
            tables["Port: every request, every failure, every second failure"].Single()[..4].Select(cell => long.Parse(cell, NumberStyles.AllowThousands, CultureInfo.InvariantCulture)));
    }

    private static void CheckJson(string text)
    {
        using var json = JsonDocument.Parse(text);
        var root = json.RootElement;
        Assert.True(root.GetProperty("held").GetBoolean());
        Assert.False(root.GetProperty("wasStopped").GetBoolean());
        Assert.Equal(3, root.GetProperty("seed").GetInt32());
        Assert.Equal(
            Schemes.All.SelectMany(scheme => scheme.Scopes.Select(scope => scope.Title)).ToList(),
            root.GetProperty("lockstep").EnumerateArray().Select(run => run.GetProperty("scope").GetString()!).ToList());
        Assert.All(root.GetProperty("lockstep").EnumerateArray(), run => Assert.True(run.GetProperty("operations").GetInt64() >= 20_000));
        Assert.Equal(
            ["traffic", "traffic, mana", "recordings",
                .. Schemes.All.SelectMany(scheme => scheme.Scopes.Select(scope => $"lockstep, {scheme.Name}, {scope.Title}")),
                "explorer, 3 2 3 3 5 3 0", "explorer, 4 2 4 4 5 3 0, symmetry all", "explorer, 3 2 3 3 5 3 0, symmetry all, interleaved", "explorer, NeverWaits", "port, every failure, 1 queue",
                .. Schemes.All.SelectMany(HuntsOf)],
            root.GetProperty("parts").EnumerateArray().Select(part => part.GetProperty("name").GetString()!).ToList());

        var hunts = root.GetProperty("defects").EnumerateArray().ToList();
        Assert.Equal(
            Schemes.All.SelectMany(scheme => scheme.Defects.Select(defect => $"{scheme.Name} {defect.Name}")).Order(StringComparer.Ordinal).ToList(),
            hunts.Select(hunt => $"{hunt.GetProperty("scheme")} {hunt.GetProperty("name")}").Order(StringComparer.Ordinal).ToList());
        Assert.All(hunts, hunt => Assert.True(hunt.GetProperty("asExpected").GetBoolean()));
        Assert.All(hunts, hunt => Assert.Equal(hunt.GetProperty("claim").ValueKind == JsonValueKind.Null, hunt.GetProperty("configuration").ValueKind == JsonValueKind.Null));
        Assert.Equal(DqoDefects.Canary.Name, hunts[0].GetProperty("name").GetString());

        // One recording was joined midway, so five verdicts about it are open; nothing is broken in any.
        var recordings = root.GetProperty("recordings").EnumerateArray().ToList();
        Assert.Equal([129, 1_285, 116], recordings.Select(recording => recording.GetProperty("events").GetInt32()));
        Assert.Equal([false, false, true], recordings.Select(recording => recording.GetProperty("undecided").GetBoolean()));
        Assert.All(recordings, recording => Assert.False(recording.GetProperty("broken").GetBoolean()));

        Assert.True(root.GetProperty("manaTraffic").GetProperty("held").GetBoolean());
        Assert.Equal(6_810, root.GetProperty("manaTraffic").GetProperty("packets").GetProperty("received").GetInt64());
        double right = root.GetProperty("traffic").GetProperty("reuseRatio").GetDouble();
        var harmless = hunts.Single(hunt => hunt.GetProperty("ids").GetString() == "F-A3");
        Assert.True(harmless.GetProperty("reuseRatio").GetDouble() < right);
    }

    private static IEnumerable<string> HuntsOf(Scheme scheme) =>
        [$"{scheme.Name}, canary", $"{scheme.Name}, planted defects", .. scheme.Defects.Where(defect => defect.Breaks is null).Select(defect => $"{scheme.Name}, harmless {defect.Ids}")];
}
