using RxVerify.Model.Vocabulary.Dqo;

namespace RxVerify.Tests.Dqo;

/// <summary>The model's queue comes, goes and comes to rest (A.5.8, I10).</summary>
public sealed class DqoModelLifecycleTests
{
    private static readonly DqoConfiguration Small =
        new() { BufferSlots = 8, CompletionSlots = 8, BufferStates = 8, DoorbellBatch = 1, StackCapacity = 64 };

    /// <summary>One chunk a page, so that each buffer handed up goes to the used list.</summary>
    private static readonly DqoConfiguration WholePages = Small with { ChunkSize = 4096 };

    [Fact]
    public void Packets_outlive_their_queue_and_a_new_queue_starts_on_new_pages()
    {
        var run = new DqoModelRun(Small);
        run.HandUp(size: 1000);
        run.Do(DqoOperation.Receive(3000, buffers: 2));

        // Seven buffers were given a page, and the one handed up was posted again.
        Assert.Equal(7, run.Do(DqoOperation.Teardown()).Value);
        Assert.Null(run.Model.Queue);
        Assert.Equal(1, run.Outstanding(1));
        Assert.False(run.Model.Allows(DqoOperation.Poll()));
        Assert.False(run.Model.Allows(DqoOperation.Teardown()));

        Assert.Equal(DqoOutcome.OutOfMemory, run.Do(DqoOperation.Create(DqoFault.Ring, after: 3)).Value);
        Assert.Null(run.Model.Queue);
        Assert.False(run.Model.Allows(DqoOperation.Create(DqoFault.Ring, after: 4)));

        Assert.Equal(7, run.Do(DqoOperation.Create()).Value);
        Assert.Equal((DqoPlace.Posted, 8), (run.Queue.Buffers[0].Place, run.Queue.Buffers[0].Page.Value));
        Assert.Equal(0, run.Queue.Pending);
        // Posted: 7 at the start, 1 after the packet handed up, 7 by the new queue. The second packet was forgotten with its completions.
        Assert.Equal((15, 1, 2), (run.Model.Counters.Posted, run.Model.Counters.Packets, run.Model.PacketsReceived));
    }

    [Fact]
    public void A_queue_created_without_a_page_is_a_queue_that_waits_for_its_timer()
    {
        var run = new DqoModelRun(Small);
        run.Do(DqoOperation.Teardown());

        Assert.Equal(0, run.Do(DqoOperation.Create(DqoFault.Page)).Value);
        Assert.True(run.Queue.TimerArmed);
        Assert.Equal(1, run.Do(DqoOperation.Settle()).Value);
        Assert.Equal(7, run.Queue.Visible.Length);
    }

    [Fact]
    public void Settling_lets_go_of_all_packets_and_consumes_what_waits()
    {
        var run = new DqoModelRun(Small);
        run.HandUp(size: 1000);
        run.Do(DqoOperation.Receive(1000), DqoOperation.Receive(5000, buffers: 3));

        // One poll consumes all four completions; nothing waits afterwards.
        Assert.Equal(new DqoOutcome(Value: 1, Delivered: 2), run.Do(DqoOperation.Settle()));
        Assert.Empty(run.Model.Held);
        Assert.Equal(3, run.Model.Delivered);
        Assert.Equal(0, run.Queue.Pending);
    }

    [Fact]
    public void Settling_does_not_stop_at_a_poll_in_which_late_completions_land()
    {
        var run = new DqoModelRun(Small);
        run.Do(DqoOperation.Receive(1000, late: true));

        // The first poll finds nothing at its first look and has nothing to post; the second consumes what landed meanwhile.
        Assert.Equal(new DqoOutcome(Value: 2, Delivered: 1), run.Do(DqoOperation.Settle()));
        Assert.Equal(0, run.Queue.Pending);
    }

    [Fact]
    public void Settling_stops_when_the_timer_finds_nothing_to_post()
    {
        // The list's pages are all held and the timer stays armed: without a stop this would run for ever.
        var run = new DqoModelRun(WholePages with { QueuePageList = true, CopyThreshold = 2, DoorbellBatch = 2 });
        for (var packet = 0; packet < 6; packet++)
        {
            run.Do(DqoOperation.Receive(1000));
        }

        run.Do(DqoOperation.Poll());
        Assert.Equal([6, 7], run.Queue.Visible.ToArray());
        run.Do(DqoOperation.Lied(DqoLie.Swallow), DqoOperation.Lied(DqoLie.TooLong, size: 5000));

        // First poll: both fail, 7 is posted again behind the doorbell, and the device sees one, the swallowed buffer. Second: nothing.
        Assert.Equal(2, run.Do(DqoOperation.Settle(keepsPackets: true)).Value);
        Assert.True(run.Queue.TimerArmed);
        Assert.Equal([7], run.Queue.Unrung.ToArray());
    }
}
