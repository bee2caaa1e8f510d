using RxVerify.Implementation.Memory;
using RxVerify.Model.Vocabulary;
using RxVerify.Model.Vocabulary.Dqo;

namespace RxVerify.Tests.Dqo;

/// <summary>Queues with a fixed page list: A.9.2, A.9.3.</summary>
public sealed class DqoPageListTests : IDisposable
{
    private const int Limit = 5;

    /// <summary>Four states and pages of one chunk, three posted at a time; copies from two used states on.</summary>
    private static readonly DqoConfiguration Small = new()
    {
        ChunkSize = 4096,
        BufferSlots = 4,
        CompletionSlots = 4,
        BufferStates = 4,
        BiasLimit = Limit,
        DoorbellBatch = 1,
        Copybreak = 0,
        StackCapacity = 32,
        QueuePageList = true,
        CopyThreshold = 2,
    };

    private readonly WorldBench _bench = new(Small);

    public void Dispose() => _bench.Dispose();

    [Fact]
    public void All_pages_are_allocated_and_mapped_with_the_queue_whether_posted_or_not()
    {
        Assert.Equal((4, 4, 3), (_bench.Memory.LivePages, _bench.Memory.Mappings, _bench.Posted));

        // A state's first use pays the bias; the page that no state uses yet has the list's own reference only.
        Assert.Equal([Limit, Limit, Limit, 1], Enumerable.Range(0, 4).Select(_bench.Memory.References));
        Assert.False(_bench.Queue.States[3].HasPage);
    }

    [Fact]
    public void A_free_state_takes_the_next_page_of_the_list()
    {
        _bench.HandUp();
        Assert.True(_bench.Queue.States[3].HasPage);
        Assert.Equal(new PageId(4), _bench.Memory.PageOf(_bench.Queue.States[3].Frame));
        Assert.Equal((4, Limit), (_bench.Memory.PagesBorn, _bench.Memory.References(3)));
    }

    [Fact]
    public void Packets_are_lent_until_the_threshold_and_copied_from_there_on()
    {
        _bench.HandUp();
        _bench.HandUp();
        Assert.Equal((2, 0L), (_bench.Queue.UsedCount, _bench.Queue.Counters.CopiedOnDemand));

        // Two used of four, threshold two: 2 >= 4 - 2.
        int id = _bench.World.Device.VisibleAt(0).BufferId;
        var before = _bench.Queue.States[id];
        _bench.HandUp();
        Assert.Equal((2, 1L), (_bench.Queue.UsedCount, _bench.Queue.Counters.CopiedOnDemand));

        // The copy is on page 5, which is the packet's own and charged whole; the buffer is posted again as it was.
        int skb = _bench.Stack.HeldAt(2);
        var fragment = _bench.Stack.FragmentsOf(skb)[0];
        Assert.Equal(new Fragment(new PageId(5), 0, 300), new Fragment(_bench.Memory.PageOf(fragment.Frame), fragment.Offset, fragment.Length));
        Assert.Equal((4096, 1), (_bench.Stack[skb].Truesize, _bench.Memory.References(fragment.Frame)));
        Assert.False(_bench.Memory.IsMapped(fragment.Frame));
        var after = _bench.Queue.States[id];
        Assert.Equal((before.Offset, before.Bias, before.Frame), (after.Offset, after.Bias, after.Frame));
        Assert.Equal(2, _bench.Posted);
    }

    [Fact]
    public unsafe void A_copy_on_demand_has_the_bytes_of_the_packet()
    {
        using var bench = new WorldBench(Small with { CopyThreshold = 4 });
        bench.HandUp(size: 3000);
        Assert.Equal(1, bench.Queue.Counters.CopiedOnDemand);
        var fragment = bench.Stack.FragmentsOf(bench.Stack.HeldAt(0))[0];
        byte* bytes = bench.Memory.ProcessorAccess(fragment.Frame, fragment.Offset, fragment.Length);
        Assert.Equal(-1, PacketPattern.FirstDifference(bytes, 3000, number: 1, position: 0));
    }

    [Fact]
    public void A_packet_that_ends_the_allowance_is_lent_in_part_and_copied_in_part()
    {
        _bench.Apply(DqoOperation.Receive(3, buffers: 3));
        _bench.Apply(DqoOperation.Poll());
        int skb = _bench.Stack.HeldAt(0);

        // Two chunks of the list make two used states; the third buffer is copied to page 5. Each is charged 4096.
        Assert.Equal([1, 2, 5], _bench.Stack.FragmentsOf(skb).ToArray().Select(fragment => _bench.Memory.PageOf(fragment.Frame).Value));
        Assert.Equal((3 * 4096, 1L), (_bench.Stack[skb].Truesize, _bench.Queue.Counters.CopiedOnDemand));
    }

    [Fact]
    public void A_stack_that_hoards_every_packet_can_pin_no_more_of_the_list()
    {
        for (int packet = 0; packet < 30; packet++)
        {
            _bench.HandUp();
            Assert.Equal(4, _bench.Memory.Mappings);
            Assert.InRange(_bench.Posted, 2, 3);
        }

        // Nothing of the list is discarded: two packets are on its pages, and 28 on pages of their own.
        Assert.Equal((28L, 4 + 28, 2), (_bench.Queue.Counters.CopiedOnDemand, _bench.Memory.LivePages, _bench.Queue.UsedCount));
    }

    [Fact]
    public void Lending_resumes_when_readers_let_go()
    {
        for (int packet = 0; packet < 3; packet++)
        {
            _bench.HandUp();
        }

        // The first two, which pin the list. One of their states can be posted (three at a time), so one used state is left.
        _bench.Apply(DqoOperation.Release());
        _bench.Apply(DqoOperation.Release());
        Assert.Equal(1, _bench.Apply(DqoOperation.Refill()).Value);
        Assert.Equal(1, _bench.Queue.UsedCount);

        _bench.HandUp();
        Assert.Equal(1, _bench.Queue.Counters.CopiedOnDemand);
    }

    [Fact]
    public void A_packet_for_whose_copy_no_page_is_there_is_dropped_and_its_buffer_kept()
    {
        _bench.HandUp();
        _bench.HandUp();
        _bench.Apply(DqoOperation.Receive(300));
        Assert.Equal(new DqoOutcome(Value: 1, Delivered: 0), _bench.Apply(DqoOperation.Poll(fault: DqoFault.CopyPage)));

        Assert.Equal((1L, 0L, 2L), (_bench.Queue.Counters.SkbFailures, _bench.Queue.Counters.CopiedOnDemand, _bench.Queue.Counters.Packets));
        Assert.Equal((2, 2, 4), (_bench.Posted, _bench.Stack.LiveSkbs, _bench.Memory.LivePages));
    }

    [Fact]
    public void A_teardown_unmaps_the_whole_list_and_leaves_the_stack_its_pages()
    {
        for (int packet = 0; packet < 3; packet++)
        {
            _bench.HandUp();
        }

        // All four states have their page by now. Held: pages 1 and 2 of the list, and the copy.
        Assert.Equal(4, _bench.Apply(DqoOperation.Teardown()).Value);
        Assert.Equal((0, 3), (_bench.Memory.Mappings, _bench.Memory.LivePages));
        Assert.Equal([1, 1], Enumerable.Range(0, 2).Select(_bench.Memory.References));

        _bench.Apply(DqoOperation.Settle());
        Assert.Equal(0, _bench.Memory.LivePages);
    }

    [Fact]
    public void A_state_keeps_its_page_of_the_list_for_as_long_as_the_queue_exists()
    {
        int[] frames = Frames();
        for (int packet = 0; packet < 20; packet++)
        {
            _bench.HandUp();
            _bench.Apply(DqoOperation.Release());
        }

        Assert.Equal(frames[..3], Frames()[..3]);
        Assert.Equal((4, 0L), (_bench.Memory.PagesBorn, _bench.Queue.Counters.CopiedOnDemand));
    }

    [Fact]
    public void Page_and_mapping_faults_have_nothing_to_strike()
    {
        Assert.False(_bench.World.Allows(DqoOperation.Refill(DqoFault.Page)));
        Assert.False(_bench.World.Allows(DqoOperation.Poll(fault: DqoFault.Mapping)));
        Assert.True(_bench.World.Allows(DqoOperation.Poll(fault: DqoFault.CopyPage)));
    }

    private int[] Frames()
    {
        int[] frames = new int[4];
        for (int id = 0; id < frames.Length; id++)
        {
            frames[id] = _bench.Queue.States[id].Frame;
        }

        return frames;
    }
}
