using RxVerify.Cli;
using RxVerify.Model.Vocabulary.Mana;
using RxVerify.Properties;
using RxVerify.Properties.Mana;
using RxVerify.Properties.Traffic;

namespace RxVerify.Tests.Traffic;

public sealed class ManaTrafficRunTests
{
    private const int SamplePackets = 6_810;
    private const long SampleBytes = 8_412_622;

    /// <summary>Readers most of whom are quick and a few of whom hoard.</summary>
    private static readonly ManaTrafficOptions Mixed = new() { HoldPackets = 16, LongShare = 0.01 };

    private static readonly IReadOnlyList<CapturedPacket> Sample = [.. CaptureReader.Read(Captures.Sample())];

    private static ManaConfiguration Small => new() { QueueSize = 32, CompletionSlots = 32, HeldMax = 4_096 };

    [Fact]
    public void The_sample_goes_through_whole_with_every_claim_held()
    {
        var report = TrafficRun.Run(Sample, new ManaTrafficOptions());

        Assert.Null(report.Finding);
        Assert.Equal((SamplePackets, SampleBytes), (report.Packets.Captured, report.Packets.CapturedBytes));
        Assert.Equal((SamplePackets, SampleBytes), (report.Packets.Received, report.Packets.ReceivedBytes));
        Assert.Equal((SamplePackets, SampleBytes), (report.Counters.Packets, report.Counters.Bytes));
        Assert.Equal((0, 0), (report.Truncated, report.Counters.Dropped));
        Assert.Equal(Sample[^1].Nanoseconds, report.Nanoseconds);

        // The first filling, and one posting for each buffer that came back.
        Assert.Equal(report.Options.Configuration.QueueSize + SamplePackets, report.Posted);
    }

    [Theory]
    [InlineData(8, 4_096, 0)]
    [InlineData(256, 12, long.MaxValue)]
    public void Every_packet_of_the_sample_is_accounted_for_when_buffers_or_room_for_readers_are_few(int queueSize, int heldMax, long hold)
    {
        var queue = new ManaConfiguration { Mtu = 576, QueueSize = queueSize, CompletionSlots = queueSize, HeldMax = heldMax };
        var report = TrafficRun.Run(Sample, new ManaTrafficOptions { Configuration = queue, HoldNanoseconds = hold });
        var packets = report.Packets;

        // What is held and what waits never exceeds the twelve, so 256 buffers never run out.
        Assert.Null(report.Finding);
        Assert.Equal((queueSize == 8, heldMax == 12), (packets.DroppedNoBuffer > 0, packets.DroppedStackFull > 0));
        Assert.Equal(SamplePackets, packets.Received + packets.DroppedNoBuffer + packets.DroppedStackFull);
        Assert.Equal(packets.Received, report.Counters.Packets + report.Truncated);
        Assert.Equal(report.Truncated, report.Counters.Dropped);
    }

    [Fact]
    public void A_packet_longer_than_the_data_size_is_truncated_by_the_device_and_dropped_by_the_driver()
    {
        // MTU 1000: the data size is 1014 bytes, with the Ethernet header.
        CapturedPacket[] capture = [At(0, 1_014), At(1, 1_015), At(2, ushort.MaxValue), At(3, ushort.MaxValue + 1), At(4, 0)];
        var report = TrafficRun.Run(capture, new ManaTrafficOptions { Configuration = Small with { Mtu = 1_000 } });

        Assert.Null(report.Finding);
        Assert.Equal(1_014, report.Layout.DataSize);
        Assert.Equal((5, 3, 2), (report.Packets.Captured, report.Packets.Received, report.Packets.SkippedLength));
        Assert.Equal((2, 2, 1), (report.Truncated, report.Counters.Dropped, report.Counters.Packets));
    }

    [Fact]
    public void Readers_that_let_go_at_once_keep_the_memory_of_the_first_filling_nearly_still()
    {
        var report = TrafficRun.Run(Sample, new ManaTrafficOptions());
        int queue = report.Options.Configuration.QueueSize;

        // At 1500 bytes two buffers share a page of 4096 (B.2.1): 128 pages for 256 buffers. Pages come 64 at a time.
        Assert.Equal(2, report.Layout.FragmentsThatFit);
        Assert.InRange(report.FreshPostings, queue / 2, report.PagesAllocated);
        Assert.Equal(0, report.PagesAllocated % report.Options.Configuration.PoolRefill);
        Assert.Equal(1 - ((double)report.FreshPostings / report.Posted), report.ReuseRatio, 12);
        Assert.InRange(report.PagesPeak, queue / 2, report.PagesAllocated);
        Assert.InRange(report.PagesPinnedPeak, queue / 2, report.PagesPeak);
        Assert.Equal((long)report.PagesPeak * 4_096, report.MemoryPeak);
    }

    [Fact]
    public void The_pool_holds_what_was_allocated_and_the_last_sample_shows_what_it_did_not_release()
    {
        var report = TrafficRun.Run(Sample, Mixed);

        Assert.Equal(report.PagesAllocated, report.Pool.Hold);
        Assert.Equal(report.Pool.Hold - report.Pool.Release, report.Lists[0].Points[^1].Y);
    }

    [Fact]
    public void Readers_that_hold_longer_need_more_pages()
    {
        var (quick, slow, slower) = (PagesWhenHolding(0), PagesWhenHolding(1_000), PagesWhenHolding(3_000));

        Assert.True(quick < slow, $"{quick} < {slow}");
        Assert.True(slow < slower, $"{slow} < {slower}");
    }

    [Fact]
    public void A_program_gives_each_buffer_a_page_and_what_the_queue_before_it_took_does_not_count()
    {
        var report = TrafficRun.Run(Sample, Mixed with { HasProgram = true });
        int queue = report.Options.Configuration.QueueSize;

        Assert.Null(report.Finding);
        Assert.False(report.Layout.IsFragmented);
        Assert.Equal((SamplePackets, SamplePackets), (report.Packets.Received, report.Counters.Packets));
        Assert.Equal(queue + SamplePackets, report.Posted);
        Assert.Equal(report.PagesAllocated, report.Pool.Hold);
        Assert.InRange(report.FreshPostings, queue, report.PagesAllocated);
    }

    [Theory]
    [InlineData(1_500, 4_096, false)]
    [InlineData(1_500, 65_536, false)]
    [InlineData(9_000, 4_096, false)]
    [InlineData(1_500, 4_096, true)]
    public void Model_and_implementation_agree_on_the_start_of_the_sample(int mtu, int pageSize, bool program)
    {
        var options = Mixed with { WithModel = true, HasProgram = program, Configuration = Small with { Mtu = mtu, PageSize = pageSize, HeldMax = 256 } };
        var report = TrafficRun.Run(Sample.Take(1_000), options);

        Assert.Null(report.Finding);
        Assert.Equal(1_000, report.Packets.Received + report.Packets.DroppedNoBuffer + report.Packets.DroppedStackFull);
    }

    [Fact]
    public void A_burst_beyond_the_queue_is_dropped_by_the_device()
    {
        var report = TrafficRun.Run(Enumerable.Repeat(At(0), 40), new ManaTrafficOptions { Configuration = Small });

        Assert.Null(report.Finding);
        Assert.Equal((32, 8), (report.Packets.Received, report.Packets.DroppedNoBuffer));
    }

    [Fact]
    public void The_pages_of_the_pool_are_in_cache_or_ring_or_outside_at_every_moment()
    {
        var report = TrafficRun.Run(Sample, Mixed);

        Assert.Equal(["pages of the pool", "cache", "ring", "outside"], report.Lists.Select(list => list.Name).ToList());
        Assert.All(Enumerable.Range(0, report.Lists[0].Points.Count), sample =>
            Assert.Equal(report.Lists[0].Points[sample].Y, report.Lists.Skip(1).Sum(list => list.Points[sample].Y)));
        Assert.All(report.Lists, list => Assert.All(list.Points, point => Assert.True(point.Y >= 0)));
        Assert.Contains(report.Lists[2].Points, point => point.Y > 0);
    }

    [Fact]
    public void The_same_seed_gives_the_same_run_and_another_seed_another()
    {
        var first = TrafficRun.Run(Sample, Mixed);
        var again = TrafficRun.Run(Sample, Mixed);
        var other = TrafficRun.Run(Sample, Mixed with { Seed = 2 });

        Assert.Equal((first.Counters, first.Pool), (again.Counters, again.Pool));
        Assert.Equal((first.Operations, first.PagesAllocated, first.PagesPeak), (again.Operations, again.PagesAllocated, again.PagesPeak));
        Assert.Equal(first.Svg("a"), again.Svg("a"));
        Assert.False(first.Svg("a") == other.Svg("a"), "another seed chose the same slow readers");
    }

    [Fact]
    public void A_driver_that_hands_up_fragments_unsynced_is_caught_on_the_sample_and_its_story_is_short()
    {
        var report = TrafficRun.Run(Sample, Mixed with { Configuration = Small, Defect = ManaDefects.Named("ReadsUnsyncedFragments") });

        Assert.Equal(ManaClaims.ReadAfterSync, report.Finding?.Claim);
        Assert.InRange(report.FindingPacket, 1, Sample.Count);
        var story = report.ToShrink()!.Shrink();

        // One packet, handed up.
        Assert.Equal([ManaOperationKind.Receive, ManaOperationKind.Poll], story.Operations.Select(operation => operation.Kind).ToList());
        Assert.IsType<Verdict.Broke>(story.Replay());
    }

    [Fact]
    public void A_driver_that_never_marks_for_recycling_is_caught_when_its_packets_go()
    {
        var report = TrafficRun.Run(Sample, Mixed with { Configuration = Small, Defect = ManaDefects.Named("NeverMarksForRecycling") });

        Assert.NotNull(report.Finding);
        Assert.InRange(report.FindingPacket, 1, Sample.Count);
    }

    [Fact]
    public void A_capture_without_packets_is_a_queue_that_is_built_and_taken_down()
    {
        var report = TrafficRun.Run([], new ManaTrafficOptions());

        // The end asks four things: settle twice, teardown, settle.
        Assert.Null(report.Finding);
        Assert.Equal((0, 0.0, 4), (report.Packets.Captured, report.PagesPerMillion, report.Operations));
    }

    [Theory]
    [InlineData("queueSize is 100", 1_500, 100, 64, false)]
    [InlineData("mtu is 67", 67, 32, 64, false)]
    [InlineData("heldMax is 65536; expected at most 65535", 1_500, 32, 65_536, false)]
    [InlineData("an MTU of at most 3506", 4_000, 32, 64, true)]
    public void A_queue_that_cannot_be_is_refused_in_one_sentence(string words, int mtu, int queueSize, int heldMax, bool program)
    {
        var queue = new ManaConfiguration { Mtu = mtu, QueueSize = queueSize, CompletionSlots = queueSize, HeldMax = heldMax };
        var options = new ManaTrafficOptions { Configuration = queue, HasProgram = program };

        Assert.Contains(words, options.Fault(), StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => TrafficRun.Run(Sample, options));
    }

    private static CapturedPacket At(long nanoseconds, int length = 1_000) => new(nanoseconds, length, 0, PacketProtocol.Other);

    private static long PagesWhenHolding(int packets) => TrafficRun.Run(Sample, new ManaTrafficOptions { HoldPackets = packets }).PagesAllocated;
}
