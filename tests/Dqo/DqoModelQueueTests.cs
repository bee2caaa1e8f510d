using RxVerify.Model.Vocabulary;
using RxVerify.Model.Vocabulary.Dqo;

namespace RxVerify.Tests.Dqo;

/// <summary>The model's queue: filling, doorbell and timer, pages given up, page list (A.5.1, A.5.2, A.9.2, A.9.3).</summary>
public sealed class DqoModelQueueTests
{
    /// <summary>Seven of eight buffers can be posted.</summary>
    private static readonly DqoConfiguration Small =
        new() { BufferSlots = 8, CompletionSlots = 8, BufferStates = 8, DoorbellBatch = 1, StackCapacity = 64 };

    /// <summary>One chunk a page, so that each buffer handed up goes to the used list.</summary>
    private static readonly DqoConfiguration WholePages = Small with { ChunkSize = 4096 };

    [Fact]
    public void A_queue_starts_with_all_but_one_slot_posted_and_whole_batches_visible()
    {
        var run = new DqoModelRun(Small with { DoorbellBatch = 4 });

        // 8 slots - 1 = 7 posted; the doorbell was rung at tail 4 and would be rung next at 8.
        Assert.Equal([0, 1, 2, 3], run.Queue.Visible.ToArray());
        Assert.Equal([4, 5, 6], run.Queue.Unrung.ToArray());
        Assert.Equal([7], run.Queue.Free.ToArray());
        Assert.Equal(7, run.Model.Counters.Posted);
        Assert.Equal(7, run.Model.PagesBorn);
        Assert.False(run.Queue.TimerArmed);
    }

    [Fact]
    public void A_page_still_referenced_is_given_up_when_no_buffer_is_free()
    {
        var run = new DqoModelRun(Small with { BufferSlots = 2, BufferStates = 1 });
        run.HandUp(size: 1000);
        run.HandUp(size: 1000);

        // Both chunks of page 1 are held and no other buffer exists: page 1 is the stack's, buffer 0 starts anew on page 2.
        Assert.Equal(new DqoBufferFacts(DqoPlace.Posted, 2), DqoBufferFacts.Of(run, 0));
        Assert.Equal(2, run.Outstanding(1));
        Assert.Equal(2, run.Model.PagesBorn);
    }

    [Fact]
    public void A_given_up_page_stays_given_up_when_the_next_allocation_fails()
    {
        var run = new DqoModelRun(Small with { BufferSlots = 2, BufferStates = 1 });
        run.HandUp(size: 1000);
        run.Do(DqoOperation.Receive(1000), DqoOperation.Poll(fault: DqoFault.Mapping));

        // The page that could not be mapped was born all the same, as page 2.
        Assert.Equal(default, run.Queue.Buffers[0]);
        Assert.Equal([0], run.Queue.Free.ToArray());
        Assert.Equal((1, 1, 0), (run.Model.Counters.MappingFailures, run.Model.Counters.BufferFailures, run.Model.Counters.PageFailures));
        Assert.True(run.Queue.TimerArmed);
        Assert.Equal(1, run.Do(DqoOperation.Post()).Value);
        Assert.Equal(new DqoBufferFacts(DqoPlace.Posted, 3), DqoBufferFacts.Of(run, 0));
    }

    [Fact]
    public void Five_looks_rotate_the_used_list_and_no_more()
    {
        var run = new DqoModelRun(WholePages with { BufferStates = 16 });
        for (var packet = 0; packet < 7; packet++)
        {
            run.Do(DqoOperation.Receive(1000));
        }

        run.Do(DqoOperation.Poll(fault: DqoFault.Page));

        // All of 0 … 6 are used and held: five looks move 0 … 4 behind 6, and the allocation that fails does not move them back.
        Assert.Equal([5, 6, 0, 1, 2, 3, 4], run.Queue.Used.ToArray());
        Assert.Equal((1, 1), (run.Model.Counters.PageFailures, run.Model.Counters.BufferFailures));

        // Buffer 4, on page 5, is let go, but the five looks end before it: a free buffer is posted.
        run.Do(DqoOperation.Release(run.HolderOf(page: 5, offset: 0)), DqoOperation.Post());
        Assert.Equal([3, 4, 5, 6, 0, 1, 2], run.Queue.Used.ToArray());
        Assert.Equal([7], run.Queue.Visible.ToArray());

        // The second look finds it.
        run.Do(DqoOperation.Post());
        Assert.Equal([5, 6, 0, 1, 2, 3], run.Queue.Used.ToArray());
        Assert.Equal([7, 4], run.Queue.Visible.ToArray());
    }

    [Fact]
    public void When_no_buffer_is_free_a_sixth_look_comes_before_a_page_is_given_up()
    {
        // Buffers 0 … 4 are used and held, 5 … 11 posted: none is free, and 12 pages were born.
        var run = new DqoModelRun(WholePages with { BufferStates = 12 });
        for (var packet = 0; packet < 5; packet++)
        {
            run.Do(DqoOperation.Receive(1000));
        }

        run.Do(DqoOperation.Poll());
        Assert.Equal([0, 1, 2, 3, 4], run.Queue.Used.ToArray());
        Assert.Empty(run.Queue.Free);

        run.Do(DqoOperation.Receive(1000), DqoOperation.Poll(dropsAtOnce: true));

        // Buffer 5 is sixth on the used list, and its packet is gone: it is posted on the page it has.
        Assert.Equal([0, 1, 2, 3, 4], run.Queue.Used.ToArray());
        Assert.Equal(new DqoBufferFacts(DqoPlace.Posted, 6), DqoBufferFacts.Of(run, 5));
        Assert.Equal(12, run.Model.PagesBorn);
    }

    [Fact]
    public void A_filling_that_leaves_less_than_a_batch_arms_the_timer_and_the_timer_fills()
    {
        var run = new DqoModelRun(WholePages with { DoorbellBatch = 4 });
        for (var packet = 0; packet < 4; packet++)
        {
            run.Do(DqoOperation.Receive(1000));
        }

        run.Do(DqoOperation.Poll(fault: DqoFault.Page));

        // 0 … 3 are used; 4, 5, 6 lie behind the last doorbell, so the device sees 3 - 3 = 0.
        Assert.Empty(run.Queue.Visible);
        Assert.True(run.Queue.TimerArmed);
        Assert.Equal(1, run.Model.Counters.CriticallyLow);

        // The timer's poll posts 7, the fourth behind the doorbell, and three more of the buffers that were used.
        Assert.Equal(1, run.Do(DqoOperation.Settle(keepsPackets: true)).Value);
        Assert.Equal([4, 5, 6, 7], run.Queue.Visible.ToArray());
        Assert.Equal(3, run.Queue.Unrung.Length);
        Assert.False(run.Queue.TimerArmed);
        Assert.Equal(1, run.Model.Counters.CriticallyLow);
    }

    [Fact]
    public void Completions_not_consumed_count_as_seen_by_the_device()
    {
        var run = new DqoModelRun(Small with { DoorbellBatch = 4 });
        for (var packet = 0; packet < 4; packet++)
        {
            run.Do(DqoOperation.Receive(1000));
        }

        run.Do(DqoOperation.Refill());

        Assert.Empty(run.Queue.Visible);
        Assert.False(run.Queue.TimerArmed);
    }

    [Fact]
    public void A_page_list_is_born_with_the_queue_and_never_gives_a_page_up()
    {
        var run = new DqoModelRun(WholePages with { QueuePageList = true, CopyThreshold = 1 });
        Assert.Equal(8, run.Model.PagesBorn);
        for (var packet = 0; packet < 7; packet++)
        {
            run.Do(DqoOperation.Receive(1000));
        }

        run.Do(DqoOperation.Poll());

        // 0 … 6 are used and held: buffer 7 takes the last list page, and then there is none, though slots are left.
        Assert.Equal(7, run.Queue.Used.Length);
        Assert.Equal([7], run.Queue.Visible.ToArray());
        Assert.Equal(8, run.Model.PagesBorn);
        Assert.Equal(0, run.Model.Counters.BufferFailures);
    }

    [Fact]
    public void A_packet_is_copied_on_demand_when_too_few_list_pages_are_left()
    {
        var run = new DqoModelRun(WholePages with { QueuePageList = true, CopyThreshold = 4 });
        for (var packet = 0; packet < 5; packet++)
        {
            run.Do(DqoOperation.Receive(1000));
        }

        run.Do(DqoOperation.Poll());

        // At the fifth hand-up 4 >= 8 - 4 buffers are used: it gets page 9, the first one after the list, and is charged all of it.
        Assert.Equal(new Fragment(new PageId(9), 0, 1000), Assert.Single(run.Model.Held[4].Fragments));
        Assert.Equal(4096, run.Model.Held[4].Facts.Truesize);
        Assert.False(run.Model.Held[4].Facts.Copied);
        Assert.Equal(1, run.Model.Counters.CopiedOnDemand);
        Assert.Equal(4, run.Queue.Used.Length);
        Assert.Equal(int.MaxValue, run.Queue.Buffers[4].Bias);

        run.Do(DqoOperation.Receive(1000), DqoOperation.Poll(fault: DqoFault.CopyPage));
        Assert.Equal((1, 0), (run.Model.Counters.SkbFailures, run.Model.Counters.PageFailures));
        Assert.Equal(5, run.Model.Held.Length);
        Assert.Equal(9, run.Model.PagesBorn);
    }

    private readonly record struct DqoBufferFacts(DqoPlace Place, int Page)
    {
        public static DqoBufferFacts Of(DqoModelRun run, int id) => new(run.Queue.Buffers[id].Place, run.Queue.Buffers[id].Page.Value);
    }
}
