using System.Globalization;
using System.IO.Compression;
using System.Text.RegularExpressions;
using RxVerify.Model.PagePool;
using RxVerify.Model.Vocabulary.PagePool;
using RxVerify.Properties.Recordings;
using RxVerify.Tests.House;

namespace RxVerify.Tests.Recordings;

/// <summary>What a real kernel (6.18) did, counted by hand: zcat samples/… | grep -c hold=, and so on.</summary>
public sealed partial class SampleRecordingTests
{
    private const int Patience = 10_000; // ms, for one line

    [Fact]
    public void The_whole_life_of_one_pool_keeps_every_claim()
    {
        var report = Read("ping-attach-detach");
        Assert.Equal((141L, 12L, (64L, 64L, 1L, 0L)), (report.Lines, report.PassedOver, report.Events));
        var life = Assert.Single(report.Lives);
        Assert.Equal(("80b98fda", true, true, 64, 0L), (life.Pool, life.IsWhole, life.IsOver, life.Peak, life.Outside));
        Assert.False(report.IsBroken || report.IsUndecided);

        // From 1224.258532 to 1224.564503.
        Assert.Equal(305_971_000, report.Nanoseconds);
    }

    [Fact]
    public void Five_lives_at_four_addresses_keep_every_claim()
    {
        var report = Read("tcp-toggle-under-load");
        Assert.Equal((1_297L, 12L, (640L, 640L, 5L, 0L)), (report.Lines, report.PassedOver, report.Events));
        Assert.Equal([("33d0829c", 1), ("cd04e9e0", 1), ("92ef1f99", 1), ("80b98fda", 1), ("33d0829c", 2)], report.Lives.Select(life => (life.Pool, life.Life)));
        Assert.All(report.Lives, life => Assert.Equal((128L, 128L, 128), (life.CameIn, life.Left, life.Peak)));
        Assert.False(report.IsBroken || report.IsUndecided);
    }

    [Fact]
    public void A_pool_joined_midway_leaves_open_what_came_in_before()
    {
        var report = Read("tcp-joined-midway");
        Assert.Equal((128L, 12L, (0L, 115L, 1L, 0L)), (report.Lines, report.PassedOver, report.Events));
        var life = Assert.Single(report.Lives);
        Assert.Equal((false, false, 13, false), (life.IsWhole, life.IsOver, life.Inflight, life.IsStalled));
        Assert.False(report.IsBroken);

        // release=1 to 115 are all there, 128 - 115 is 13, and it is the first look; the rest is about pages or an end that nobody recorded.
        Assert.Equal(
            ["release", "inflight", "looks", "order"],
            life.Verdicts.Where(verdict => verdict.State == ClaimState.Held).Select(verdict => verdict.Claim.Id).ToList());
    }

    [Fact]
    public void The_model_of_the_lockstep_gives_the_pages_of_the_ping_up_in_the_order_of_the_kernel()
    {
        // One page is taken, given back at once and again for each ping, and the pool is destroyed: pages by their hold count.
        var model = PoolModel.Start(new PoolConfiguration()).After(PoolOperation.Page()).Next;
        model = model.After(PoolOperation.Put(0, PutContext.Direct)).Next;
        Assert.Equal(64u, model.Counters.Hold);
        var cached = model.Pool!.Cache.Select(page => page.Value).Reverse().ToList();
        Assert.Null(model.After(PoolOperation.Destroy()).Next.Pool);
        Assert.Equal(64u, model.After(PoolOperation.Destroy()).Next.Counters.Release);

        Assert.Equal(ReleasedByHold("ping-attach-detach"), cached);
    }

    [Fact]
    public void The_picture_is_the_same_each_time_and_shows_each_pool()
    {
        string svg = Read("tcp-toggle-under-load").Svg("Pages");
        Assert.Equal(svg, Read("tcp-toggle-under-load").Svg("Pages"));
        Assert.All(Read("tcp-toggle-under-load").Lives, life => Assert.Contains($">{life.Pool}<", svg, StringComparison.Ordinal));
    }

    [Fact]
    public void A_picture_of_more_pools_than_it_can_show_has_those_with_most_pages_and_says_so()
    {
        var recorded = new Recorded();
        for (int pool = 1; pool <= 10; pool++)
        {
            for (uint page = 1; page <= pool; page++)
            {
                recorded.Hold((pool * 100) + (int)page, page, (ulong)pool);
            }
        }

        string svg = recorded.Read().Svg("<script>");
        Assert.Contains("&lt;script&gt;: 8 of 10 pools", svg, StringComparison.Ordinal);
        Assert.DoesNotContain("<script", svg, StringComparison.Ordinal);
        Assert.Contains(">a<", svg, StringComparison.Ordinal);
        Assert.DoesNotContain(">2<", svg[svg.IndexOf("M646", StringComparison.Ordinal)..], StringComparison.Ordinal);
    }

    [Fact]
    public void Many_pages_are_drawn_with_their_highest_point_and_in_bounded_size()
    {
        var recorded = new Recorded();
        for (int page = 1; page <= 20_000; page++)
        {
            recorded.Hold(page, (uint)page);
        }

        for (int page = 1; page <= 20_000; page++)
        {
            recorded.Release(page, (uint)page);
        }

        var report = recorded.Read();
        var points = Assert.Single(report.Curves).Points;
        Assert.InRange(points.Count, 500, 3 * 1_024);
        Assert.Equal((0.0, 20_000.0, 0.0), (points.Min(point => point.Y), points.Max(point => point.Y), points[^1].Y));
        Assert.Equal(20_000, report.Lives[0].Peak);
    }

    /// <summary>The hold counts of the pages in the order in which they leave.</summary>
    private static List<int> ReleasedByHold(string sample)
    {
        using var text = new StreamReader(new GZipStream(File.OpenRead(PathOf(sample)), CompressionMode.Decompress));
        var holds = new Dictionary<string, int>(StringComparer.Ordinal);
        var released = new List<int>();
        while (text.ReadLine() is { } line)
        {
            var found = PageEvent().Match(line);
            if (!found.Success)
            {
                continue;
            }

            if (found.Groups["kind"].Value == "hold")
            {
                holds.Add(found.Groups["frame"].Value, int.Parse(found.Groups["count"].Value, CultureInfo.InvariantCulture));
            }
            else
            {
                released.Add(holds[found.Groups["frame"].Value]);
            }
        }

        return released;
    }

    [GeneratedRegex("pfn=(?<frame>\\w+) (?<kind>hold|release)=(?<count>\\d+)$", RegexOptions.ExplicitCapture, Patience)]
    private static partial Regex PageEvent();

    private static RecordingReport Read(string sample) => RecordingReader.Read(PathOf(sample));

    private static string PathOf(string sample) => Path.Combine(SourceTree.Root, "samples", $"{sample}.txt.gz");
}
