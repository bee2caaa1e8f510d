using RxVerify.Cli;
using RxVerify.Model.Vocabulary.Dqo;
using RxVerify.Properties;
using RxVerify.Properties.Dqo;
using RxVerify.Properties.Traffic;

namespace RxVerify.Tests.Traffic;

public sealed class TrafficDefectsTests
{
    /// <summary>Readers most of whom are quick and a few of whom hoard.</summary>
    private static readonly DqoTrafficOptions Mixed = new() { HoldPackets = 16, LongShare = 0.01 };

    private static readonly DqoConfiguration Small = new() { BufferSlots = 64, CompletionSlots = 64, BufferStates = 256, DoorbellBatch = 16, StackCapacity = 4_096 };

    private static readonly IReadOnlyList<CapturedPacket> Sample = [.. CaptureReader.Read(Captures.Sample())];

    [Fact]
    public void The_harmless_mistake_survives_the_sample_and_reuses_less()
    {
        var right = TrafficRun.Run(Sample, Mixed);
        var harmless = TrafficRun.Run(Sample, Mixed with { Defect = DqoDefects.Named("F-A3") });

        Assert.Null(right.Finding);
        Assert.Null(harmless.Finding);
        Assert.True(harmless.ReuseRatio < right.ReuseRatio, $"{harmless.ReuseRatio} < {right.ReuseRatio}");
    }

    [Fact]
    public void A_driver_that_never_waits_is_caught_on_the_sample_and_its_story_is_short()
    {
        var report = TrafficRun.Run(Sample, Mixed with { Configuration = Small, Defect = DqoDefects.Named("NeverWaits") });

        Assert.Equal(DqoClaims.PostedIsUnreferenced, report.Finding?.Claim);
        Assert.InRange(report.FindingPacket, 1, Sample.Count);
        var story = report.ToShrink()!.Shrink();

        // Two packets of one page, handed up; the second hand-up lets the first one's chunk be posted.
        Assert.Equal(4, story.Operations.Count);
        Assert.IsType<Verdict.Broke>(story.Replay());
    }
}
