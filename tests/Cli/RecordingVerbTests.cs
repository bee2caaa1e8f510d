using System.Text.Json;
using System.Xml.Linq;
using RxVerify.Cli;
using RxVerify.Properties.Recordings;
using RxVerify.Tests.Recordings;

namespace RxVerify.Tests.Cli;

/// <summary>The verb recording, from its words to files and exit code.</summary>
public sealed class RecordingVerbTests : IDisposable
{
    private readonly CommandLine _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_recording_of_which_every_claim_holds_ends_with_0_even_when_strict()
    {
        var ended = await CommandLine.Run("recording", Captures.Sample("tcp-toggle-under-load.txt.gz"), "--strict");

        Assert.Equal((0, ""), (ended.Code, ended.Error));
        Assert.Contains("every claim held, 45 verdicts", ended.Output, StringComparison.Ordinal);
        Assert.Contains("events       1,285 in 1.006829 s: 640 pages came in, 640 left, 5 looks at destroyed pools, 0 moves", ended.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_undecided_is_listed_and_only_a_strict_run_ends_with_3()
    {
        string sample = Captures.Sample("tcp-joined-midway.txt.gz");
        var ended = await CommandLine.Run("recording", sample);

        Assert.Equal((0, ""), (ended.Code, ended.Error));
        Assert.Contains("nothing broken; 5 of 9 verdicts not decidable from here", ended.Output, StringComparison.Ordinal);
        Assert.Contains("    owner     because pages left that came in before the recording began", ended.Output, StringComparison.Ordinal);
        Assert.Equal(ended with { Code = 3 }, await CommandLine.Run("recording", sample, "--strict"));
    }

    [Fact]
    public async Task A_broken_claim_ends_with_1_and_is_told_with_harm_line_and_parties()
    {
        string file = _folder.Put("twice.txt", new Recorded().Holds(1, 2).Hold(1, 3).Release(1, 1).Text);
        var ended = await CommandLine.Run("recording", file, "--strict");

        Assert.Equal((1, ""), (ended.Code, ended.Error));
        Assert.Contains($"once: {RecordingClaims.Once.Sentence}", ended.Output, StringComparison.Ordinal);
        Assert.Contains($"    Otherwise {RecordingClaims.Once.Harm}.", ended.Output, StringComparison.Ordinal);
        Assert.Contains(
            "Broken by pool 80b98fda, life 1 in line 3: page 0x110001 comes in, but pool 80b98fda holds it since line 1 (processor 0, task ping-9809).",
            ended.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_worst_of_several_recordings_decides_and_the_json_has_all()
    {
        string whole = _folder.Put("whole.txt", new Recorded().Life(3).Text);
        string broken = _folder.Put("broken.txt", new Recorded().Life(3).Hold(9, 4).Text);
        var ended = await CommandLine.Run("recording", whole, broken, whole, "--json", _folder["all.json"]);

        Assert.Equal((1, ""), (ended.Code, ended.Error));
        using var json = JsonDocument.Parse(await File.ReadAllTextAsync(_folder["all.json"]));
        var recordings = json.RootElement.GetProperty("recordings").EnumerateArray().ToList();
        Assert.Equal(["whole.txt", "broken.txt", "whole.txt"], recordings.Select(recording => recording.GetProperty("recording").GetString()!).ToList());
        Assert.Equal([false, true, false], recordings.Select(recording => recording.GetProperty("broken").GetBoolean()));
        var verdict = recordings[1].GetProperty("lives")[0].GetProperty("verdicts")[RecordingClaims.End.Number];
        Assert.Equal(("end", "broken", 8), (verdict.GetProperty("claim").GetString(), verdict.GetProperty("state").GetString(), verdict.GetProperty("line").GetInt32()));
    }

    [Fact]
    public async Task A_stalled_pool_is_named_with_the_pages_it_waits_for()
    {
        var recorded = new Recorded { Task = "iperf3" }.Holds(1, 13).Look(13, 13, 0, 1).Later(100).Look(13, 13, 0, 2);
        var ended = await CommandLine.Run("recording", _folder.Put("leak.txt", recorded.Text));

        Assert.Equal(1, ended.Code);
        Assert.Contains("stalled: 100", ended.Output, StringComparison.Ordinal);
        Assert.Contains("pool 80b98fda, life 1 is stalled and waits for 13 pages that came in here:", ended.Output, StringComparison.Ordinal);
        Assert.Contains("    page 0x110001, hold=1, came in 100.000014 s before the end in line 1, on processor 0, task iperf3-9809", ended.Output, StringComparison.Ordinal);
        Assert.Contains("    … and 3 more; --json has the first 1,000", ended.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_task_called_script_stays_text_everywhere()
    {
        var recorded = new Recorded { Task = "<script>" }.Holds(1, 2).Look(2, 2, 0, 1);
        string file = _folder.Put("<b>.txt", recorded.Text);
        string[] words = ["recording", file, "--svg", _folder["pages.svg"], "--json", _folder["facts.json"]];
        var ended = await CommandLine.Run(words);

        Assert.Equal((0, ""), (ended.Code, ended.Error));
        Assert.Contains("task <script>-9809", ended.Output, StringComparison.Ordinal);
        string svg = await File.ReadAllTextAsync(_folder["pages.svg"]);
        Assert.Equal("Pages of each pool, <b>.txt", XDocument.Parse(svg).Root!.Elements().First().Value);
        Assert.DoesNotContain("<b>", svg, StringComparison.Ordinal);

        // Same input, same bytes.
        string facts = await File.ReadAllTextAsync(_folder["facts.json"]);
        Assert.Equal(ended, await CommandLine.Run(words));
        Assert.Equal((svg, facts), (await File.ReadAllTextAsync(_folder["pages.svg"]), await File.ReadAllTextAsync(_folder["facts.json"])));
    }

    [Fact]
    public async Task A_damaged_recording_leaves_no_file_behind()
    {
        string file = _folder.Put("damaged.txt", new Recorded().Life(3).Text + "ping-1 [000] ..... 1300.5: page_pool_release: page_pool=zero\n");
        var ended = await CommandLine.Run("recording", file, "--svg", _folder["a.svg"], "--json", _folder["a.json"]);

        Assert.Equal(2, ended.Code);
        Assert.Equal($"rxverify: {file}: line 8: 'page_pool=zero'; expected 'page_pool=… inflight=… hold=… release=… cnt=…'\n", ended.Error);
        Assert.Equal(["damaged.txt"], _folder.Files());
    }

    [Fact]
    public async Task A_stopped_run_tells_what_it_knows_and_ends_like_any_other()
    {
        using var stop = new CancellationTokenSource();
        await stop.CancelAsync();
        var ended = await CommandLine.Run(stop.Token, "recording", Captures.Sample("ping-attach-detach.txt.gz"));

        Assert.Equal(130, ended.Code);
        Assert.Contains("stopped; ", ended.Output, StringComparison.Ordinal);
    }
}
