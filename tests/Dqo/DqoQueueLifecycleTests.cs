using RxVerify.Model.Vocabulary.Dqo;

namespace RxVerify.Tests.Dqo;

/// <summary>Building the queue and taking it down: A.5.8, A-D1.</summary>
public sealed class DqoQueueLifecycleTests
{
    private static readonly DqoConfiguration Small = new()
    {
        BufferSlots = 8,
        CompletionSlots = 8,
        BufferStates = 16,
        DoorbellBatch = 1,
        StackCapacity = 32,
    };

    private static readonly DqoConfiguration Listed = Small with { QueuePageList = true, CopyThreshold = 4 };

    [Fact]
    public void Pages_of_held_packets_survive_a_teardown_unmapped_and_vanish_at_the_last_release()
    {
        using var bench = new WorldBench(Small);
        bench.HandUp();
        int frame = bench.Stack.FragmentsOf(bench.Stack.HeldAt(0))[0].Frame;
        bench.Apply(DqoOperation.Cloned());

        // Seven posted buffers have a page; nothing else does.
        Assert.Equal(7, bench.Apply(DqoOperation.Teardown()).Value);
        Assert.Equal((0, 1), (bench.Memory.Mappings, bench.Memory.LivePages));
        Assert.Equal(2, bench.Memory.References(frame));

        bench.Apply(DqoOperation.Release());
        Assert.Equal((1, 1), (bench.Memory.LivePages, bench.Memory.References(frame)));
        bench.Apply(DqoOperation.Release());
        Assert.Equal(0, bench.Memory.LivePages);
    }

    [Fact]
    public void A_held_packet_outlives_the_next_queue_too()
    {
        using var bench = new WorldBench(Small);
        bench.HandUp();
        bench.Apply(DqoOperation.Teardown());
        Assert.Equal(7, bench.Apply(DqoOperation.Create()).Value);
        Assert.Equal(8, bench.Memory.LivePages);

        bench.Apply(DqoOperation.Release());
        Assert.Equal((7, 7), (bench.Memory.LivePages, bench.Memory.Mappings));
    }

    [Fact]
    public void A_teardown_forgets_buffers_completions_and_the_packet_under_assembly()
    {
        using var bench = new WorldBench(Small);
        bench.Apply(DqoOperation.Lied(DqoLie.Stale, size: 300, endOfPacket: false));
        bench.Apply(DqoOperation.Poll());
        Assert.True(bench.Queue.PartialSkb >= 0);
        bench.Apply(DqoOperation.Receive(300));
        bench.Apply(DqoOperation.Receive(300, late: true));

        bench.Apply(DqoOperation.Teardown());
        Assert.Equal((false, -1, false), (bench.Queue.IsUp, bench.Queue.PartialSkb, bench.Queue.TimerArmed));
        Assert.Equal((0, 0, 0), (bench.World.Device.Visible, bench.World.Pending, bench.World.Load));
        Assert.Equal((0, 0, 0), (bench.Stack.LiveSkbs, bench.Memory.LivePages, bench.Memory.Mappings));
    }

    [Fact]
    public void A_device_that_does_not_obey_is_reset_and_the_rest_is_the_same()
    {
        using var obeyed = new WorldBench(Small);
        using var refused = new WorldBench(Small);
        Assert.Equal(obeyed.Apply(DqoOperation.Teardown()), refused.Apply(DqoOperation.Teardown(adminFails: true)));
        Assert.Equal((0, 1), (obeyed.World.Device.Resets, refused.World.Device.Resets));
        Assert.Equal(obeyed.Memory.LivePages, refused.Memory.LivePages);
        Assert.False(refused.World.Device.IsRunning);
    }

    public static TheoryData<bool, int> StepsOfMemory => new()
    {
        { false, 0 },
        { false, 1 },
        { false, 2 },
        { false, 3 },
        { true, 0 },
        { true, 1 },
        { true, 2 },
        { true, 3 },
        { true, 4 },
    };

    [Theory]
    [MemberData(nameof(StepsOfMemory))]
    public void A_creation_that_fails_at_any_step_leaves_nothing_and_the_next_one_succeeds(bool isListed, int step)
    {
        using var bench = new WorldBench(isListed ? Listed : Small);
        bench.Apply(DqoOperation.Teardown());
        var create = DqoOperation.Create(DqoFault.Ring, step);
        Assert.Equal(DqoOutcome.OutOfMemory, bench.Apply(create).Value);
        Assert.Equal((false, false), (bench.Queue.IsUp, bench.World.Device.IsRunning));
        Assert.Equal((0, 0), (bench.Memory.LivePages, bench.Memory.Mappings));

        Assert.Equal(7, bench.Apply(DqoOperation.Create()).Value);
        bench.HandUp();
    }

    [Theory]
    [InlineData(false, 4)]
    [InlineData(true, 5)]
    public void There_is_no_step_beyond_the_last(bool isListed, int steps)
    {
        using var bench = new WorldBench(isListed ? Listed : Small);
        bench.Apply(DqoOperation.Teardown());
        Assert.True(bench.World.Allows(DqoOperation.Create(DqoFault.Ring, steps - 1)));
        Assert.False(bench.World.Allows(DqoOperation.Create(DqoFault.Ring, steps)));
    }

    [Theory]
    [InlineData(DqoFault.Page, 0)]
    [InlineData(DqoFault.Page, 3)]
    [InlineData(DqoFault.Mapping, 3)]
    public void A_first_filling_that_lacks_a_page_ends_early_with_a_queue_that_can_be_filled_later(DqoFault fault, int successes)
    {
        using var bench = new WorldBench(Small);
        bench.Apply(DqoOperation.Teardown());
        Assert.Equal(successes, bench.Apply(DqoOperation.Create(fault, successes)).Value);
        Assert.True(bench.Queue.IsUp);
        Assert.Equal((successes, successes), (bench.Memory.LivePages, bench.World.Device.Visible));

        Assert.Equal(7 - successes, bench.Apply(DqoOperation.Refill()).Value);
    }

    [Fact]
    public void Counters_and_page_ids_run_on_and_the_rings_begin_anew()
    {
        using var bench = new WorldBench(Small);
        for (int packet = 0; packet < 3; packet++)
        {
            bench.HandUp();
        }

        bench.Apply(DqoOperation.Teardown());
        bench.Apply(DqoOperation.Create());

        // 7 pages for each creation; 7 + 3 + 7 postings.
        Assert.Equal((3L, 3L, 17L), (bench.Queue.Counters.Packets, bench.Queue.Counters.Completed, bench.Queue.Counters.Posted));
        Assert.Equal(14, bench.Memory.PagesBorn);
        Assert.Equal((7, 0, 1), (bench.Queue.BufferTail, bench.Queue.BufferHead, bench.Queue.FreeCompletionSlots));

        // The device begins at slot 0 with generation 1 again, and the driver finds it there.
        bench.HandUp();
        Assert.Equal(4, bench.Queue.Counters.Completed);
    }

    [Fact]
    public void A_queue_that_was_dropping_does_not_drop_after_it_was_built_again()
    {
        using var bench = new WorldBench(Small);
        bench.Apply(DqoOperation.Lied(DqoLie.TooLong, size: 3000, endOfPacket: false));
        bench.Apply(DqoOperation.Poll());
        Assert.True(bench.Queue.IsDropping);
        bench.Apply(DqoOperation.Teardown());
        bench.Apply(DqoOperation.Create());
        Assert.False(bench.Queue.IsDropping);
        bench.HandUp();
    }

    [Fact]
    public void A_state_forgets_a_page_that_could_not_be_mapped()
    {
        using var bench = new WorldBench(Small with { ChunkSize = 4096 });
        bench.HandUp(fault: DqoFault.Mapping);
        int unmapped = bench.Queue.FreeTop;
        Assert.False(bench.Queue.States[unmapped].HasPage);

        // A-D1: the teardown does not free it a second time. Six posted buffers and the used one have a page.
        Assert.Equal(6 + 1, bench.Apply(DqoOperation.Teardown()).Value);
        bench.Apply(DqoOperation.Settle());
        Assert.Equal(0, bench.Memory.LivePages);
    }
}
