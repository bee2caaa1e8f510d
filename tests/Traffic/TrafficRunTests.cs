using RxVerify.Cli;
using RxVerify.Model.Vocabulary.Dqo;
using RxVerify.Properties.Traffic;

namespace RxVerify.Tests.Traffic;

public sealed class TrafficRunTests
{
    private const int SamplePackets = 6_810;
    private const long SampleBytes = 8_412_622;

    /// <summary>Readers most of whom are quick and a few of whom hoard.</summary>
    private static readonly DqoTrafficOptions Mixed = new() { HoldPackets = 16, LongShare = 0.01 };

    private static readonly IReadOnlyList<CapturedPacket> Sample = [.. CaptureReader.Read(Captures.Sample())];

    [Fact]
    public void The_sample_goes_through_whole_with_every_claim_held()
    {
        var report = TrafficRun.Run(Sample, new DqoTrafficOptions());

        Assert.Null(report.Finding);
        Assert.Equal((SamplePackets, SampleBytes), (report.Packets.Captured, report.Packets.CapturedBytes));
        Assert.Equal((SamplePackets, SampleBytes), (report.Packets.Received, report.Packets.ReceivedBytes));
        Assert.Equal((SamplePackets, SampleBytes), (report.Counters.Packets, report.Counters.Bytes));
        Assert.Equal(Sample[^1].Nanoseconds, report.Nanoseconds);
        Assert.Equal(Sample.Count(packet => packet.OriginalLength <= report.Options.Configuration.Copybreak), report.Counters.Copied);
    }

    [Fact]
    public void Each_packet_of_the_sample_costs_one_receive_one_release_and_its_share_of_a_poll()
    {
        var options = new DqoTrafficOptions();
        var report = TrafficRun.Run(Sample, options);

        // The end asks four things: settle twice, teardown, settle.
        Assert.Equal(SamplePackets + Polls(options) + SamplePackets + 4, report.Operations);
    }

    [Fact]
    public void A_reader_that_lets_go_at_once_needs_no_page_beyond_the_first_filling()
    {
        var report = TrafficRun.Run(Sample, new DqoTrafficOptions());
        var queue = report.Options.Configuration;

        // The first filling posts a fresh page in each place; each packet needs one buffer, and each buffer is posted again.
        Assert.Equal(queue.PostedMax, report.PagesAllocated);
        Assert.Equal(queue.PostedMax, report.PagesPeak);
        Assert.Equal(queue.PostedMax + SamplePackets, report.Counters.Posted);
        Assert.Equal(1 - ((double)queue.PostedMax / (queue.PostedMax + SamplePackets)), report.ReuseRatio, 12);
        Assert.Equal(queue.PostedMax * 1e6 / SamplePackets, report.PagesPerMillion, 6);
        Assert.Equal((long)queue.PostedMax * queue.PageSize, report.MemoryPeak);
        Assert.InRange(report.PagesAllocated, 1, queue.BufferStates);
    }

    [Fact]
    public void Readers_that_hold_longer_need_more_pages()
    {
        var (quick, slow, slower) = (PagesWhenHolding(0), PagesWhenHolding(1_000), PagesWhenHolding(3_000));

        Assert.True(quick < slow, $"{quick} < {slow}");
        Assert.True(slow < slower, $"{slow} < {slower}");
    }

    [Fact]
    public void Readers_that_hold_to_the_end_release_nothing_before_it()
    {
        var report = TrafficRun.Run(Sample, new DqoTrafficOptions { HoldNanoseconds = long.MaxValue });

        Assert.Null(report.Finding);
        Assert.Equal(SamplePackets + Polls(report.Options) + 4, report.Operations);
    }

    [Fact]
    public void A_reader_lets_go_when_its_time_has_come()
    {
        // Polled at 20 us, held for 100 us: still held when the second packet comes at 119 us, gone before the one at 120 us.
        CapturedPacket[] capture = [At(0), At(119_000), At(120_000)];
        var options = new DqoTrafficOptions { Configuration = Tiny with { StackCapacity = 1 }, HoldNanoseconds = 100_000 };

        var report = TrafficRun.Run(capture, options);

        Assert.Equal((2, 1), (report.Packets.Received, report.Packets.DroppedStackFull));
    }

    [Fact]
    public void A_share_of_one_makes_every_reader_slow_and_a_share_of_none_makes_no_difference()
    {
        var slow = TrafficRun.Run(Sample, new DqoTrafficOptions { HoldPackets = 10, LongShare = 1, LongFactor = 100 });
        var same = TrafficRun.Run(Sample, new DqoTrafficOptions { HoldPackets = 1_000 });
        var quick = TrafficRun.Run(Sample, new DqoTrafficOptions { HoldPackets = 10, LongFactor = 100 });

        Assert.Equal(same.PagesAllocated, slow.PagesAllocated);
        Assert.True(quick.PagesAllocated < slow.PagesAllocated);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Model_and_implementation_agree_on_the_sample(bool pageList)
    {
        var options = Mixed with { WithModel = true, Configuration = Small with { QueuePageList = pageList } };

        Assert.Null(TrafficRun.Run(Sample, options).Finding);
    }

    [Fact]
    public void Of_a_page_list_only_the_pages_that_were_posted_count_as_fresh()
    {
        var report = TrafficRun.Run(Sample, new DqoTrafficOptions { Configuration = Small with { QueuePageList = true } });

        Assert.Equal(Small.BufferStates, report.PagesAllocated);
        Assert.Equal(Small.PostedMax, report.FreshPostings);
    }

    [Fact]
    public void Packets_that_no_queue_can_hold_are_skipped_with_their_reason()
    {
        // Three buffers of 2048 bytes can be posted.
        CapturedPacket[] capture = [At(0, 6_144), At(1, 6_145), At(2, ushort.MaxValue), At(3, ushort.MaxValue + 1), At(4, int.MaxValue), At(5, 0)];

        var packets = TrafficRun.Run(capture, new DqoTrafficOptions { Configuration = Tiny }).Packets;

        Assert.Equal((6, 1, 2, 3), (packets.Captured, packets.Received, packets.SkippedBuffers, packets.SkippedLength));
    }

    [Fact]
    public void A_burst_beyond_the_ring_is_dropped_by_the_device()
    {
        var report = TrafficRun.Run(Enumerable.Repeat(At(0), 5), new DqoTrafficOptions { Configuration = Tiny });

        Assert.Null(report.Finding);
        Assert.Equal((Tiny.PostedMax, 5 - Tiny.PostedMax), (report.Packets.Received, report.Packets.DroppedNoBuffer));
    }

    [Fact]
    public void Every_packet_is_in_exactly_one_place()
    {
        var packets = TrafficRun.Run(Sample, new DqoTrafficOptions { Configuration = Tiny with { ChunkSize = 512, StackCapacity = 8 }, HoldPackets = 5 }).Packets;

        Assert.True(packets is { DroppedNoBuffer: > 0, DroppedStackFull: > 0 } or { SkippedBuffers: > 0, DroppedStackFull: > 0 });
        Assert.Equal(
            packets.Captured,
            packets.Received + packets.DroppedNoBuffer + packets.DroppedStackFull + packets.SkippedLength + packets.SkippedBuffers);
    }

    [Fact]
    public void The_same_seed_gives_the_same_run_and_another_seed_another()
    {
        var first = TrafficRun.Run(Sample, Mixed);
        var again = TrafficRun.Run(Sample, Mixed);
        var other = TrafficRun.Run(Sample, Mixed with { Seed = 2 });

        Assert.Equal(first.Counters, again.Counters);
        Assert.Equal((first.Operations, first.PagesAllocated, first.PagesPeak), (again.Operations, again.PagesAllocated, again.PagesPeak));
        Assert.Equal(first.Svg("a"), again.Svg("a"));
        Assert.False(first.Svg("a") == other.Svg("a"), "another seed chose the same slow readers");
    }

    [Fact]
    public void The_lists_add_up_to_all_states_at_every_moment_and_stay_small()
    {
        // More polls than samples are kept: one for each packet.
        var capture = Enumerable.Range(0, 20_000).Select(millisecond => At(millisecond * 1_000_000L));
        var report = TrafficRun.Run(capture, new DqoTrafficOptions { Configuration = Tiny });

        Assert.Equal(["posted", "recycled list", "used list", "free stack"], report.Lists.Select(list => list.Name).ToList());
        Assert.All(report.Lists, list => Assert.InRange(list.Points.Count, 8_192, 16_384));
        for (int sample = 0; sample < report.Lists[0].Points.Count; sample++)
        {
            Assert.Equal(Tiny.BufferStates, report.Lists.Sum(list => list.Points[sample].Y));
        }

        Assert.InRange(report.Lists[0].Points[^1].X, 19_990, 20_000);
    }

    [Fact]
    public void A_capture_without_packets_is_a_queue_that_is_built_and_taken_down()
    {
        var report = TrafficRun.Run([], new DqoTrafficOptions());

        Assert.Null(report.Finding);
        Assert.Equal((0, 0.0, 4), (report.Packets.Captured, report.PagesPerMillion, report.Operations));
    }

    [Fact]
    public void A_run_that_is_stopped_says_so_and_still_checks_for_leaks()
    {
        using var stop = new CancellationTokenSource();
        var report = TrafficRun.Run(Sample.Select((packet, index) => Stopping(packet, index == 100, stop)), Mixed, cancellation: stop.Token);

        Assert.True(report.WasStopped);
        Assert.Null(report.Finding);
        Assert.Equal(100, report.Packets.Captured);
    }

    [Theory]
    [InlineData("batchPackets", 0, 0, 0, 0.0, 1)]
    [InlineData("batchPackets", 256, 0, 0, 0.0, 1)]
    [InlineData("negative", 1, -1, 0, 0.0, 1)]
    [InlineData("one of the two", 1, 1, 1, 0.0, 1)]
    [InlineData("longShare", 1, 1, 0, double.NaN, 1)]
    [InlineData("longFactor", 1, 1, 0, 0.0, 0)]
    public void Impossible_options_are_refused_in_one_sentence(string word, int batch, int holdPackets, long hold, double share, int factor)
    {
        var options = new DqoTrafficOptions { BatchPackets = batch, HoldPackets = holdPackets, HoldNanoseconds = hold, LongShare = share, LongFactor = factor };

        Assert.Contains(word, options.Fault(), StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => TrafficRun.Run(Sample, options));
    }

    private static DqoConfiguration Tiny => new() { BufferSlots = 4, CompletionSlots = 4, BufferStates = 8, DoorbellBatch = 1, StackCapacity = 64 };

    private static DqoConfiguration Small => new() { BufferSlots = 64, CompletionSlots = 64, BufferStates = 256, DoorbellBatch = 16, StackCapacity = 4_096 };

    private static CapturedPacket At(long nanoseconds, int length = 1_000) => new(nanoseconds, length, 0, PacketProtocol.Other);

    private static long PagesWhenHolding(int packets) => TrafficRun.Run(Sample, new DqoTrafficOptions { HoldPackets = packets }).PagesAllocated;

    private static CapturedPacket Stopping(CapturedPacket packet, bool isNow, CancellationTokenSource stop)
    {
        if (isNow)
        {
            stop.Cancel();
        }

        return packet;
    }

    /// <summary>Counted from the time stamps alone: a poll when the period since the first waiting packet is over, or a batch is full.</summary>
    private static int Polls(DqoTrafficOptions options)
    {
        int polls = 0;
        var waiting = new List<CapturedPacket>();
        foreach (var packet in Sample)
        {
            if (waiting.Count == options.BatchPackets || (waiting.Count > 0 && packet.Nanoseconds - waiting[0].Nanoseconds >= options.InterruptNanoseconds))
            {
                polls++;
                waiting.Clear();
            }

            waiting.Add(packet);
        }

        return waiting.Count > 0 ? polls + 1 : polls;
    }
}
