using RxVerify.Implementation.Memory;
using RxVerify.Model.Vocabulary.Dqo;

namespace RxVerify.Tests.Dqo;

/// <summary>Chunks, references and lists: A.4, A.5.1 to A.5.3, A.7.</summary>
public sealed class DqoQueueTests
{
    private const int Chunk = 2048;

    /// <summary>Pages of a single chunk: a page that was handed up waits on the used list until the stack lets go of it.</summary>
    private static readonly DqoConfiguration OneChunk = new()
    {
        ChunkSize = 4096,
        BufferSlots = 16,
        CompletionSlots = 16,
        BufferStates = 32,
        DoorbellBatch = 1,
        Copybreak = 0,
        StackCapacity = 64,
    };

    // The rows of the table in A.7: chunks of a page, how many of the oldest packets are released before each hand-up, and
    // for each hand-up (chunk, references outstanding, last single, next chunk, Recycled or Used).
    [Theory]
    [InlineData(2, "0 0", "(0,1,0,1,R) (1,2,0,0,U)")]
    [InlineData(2, "0 1 1 1", "(0,1,0,1,R) (1,1,1,0,R) (0,1,0,1,R) (1,1,1,0,R)")]
    [InlineData(8, "0 0 0 0 0 0 0 0", "(0,1,0,1,R) (1,2,0,2,R) (2,3,0,3,R) (3,4,0,4,R) (4,5,0,5,R) (5,6,0,6,R) (6,7,0,7,R) (7,8,0,0,U)")]
    [InlineData(8, "0 0 0 1 1 1 1 1", "(0,1,0,1,R) (1,2,0,2,R) (2,3,0,3,R) (3,3,0,4,R) (4,3,0,5,R) (5,3,0,6,R) (6,3,0,7,R) (7,3,0,0,U)")]
    [InlineData(
        8,
        "0 0 0 3 0 0 0 0 0 0 0",
        "(0,1,0,1,R) (1,2,0,2,R) (2,3,0,3,R) (3,1,3,4,R) (4,2,3,5,R) (5,3,3,6,R) (6,4,3,7,R) (7,5,3,0,R) (0,6,3,1,R) (1,7,3,2,R) (2,8,3,3,U)")]
    public void A_page_is_walked_round_exactly_as_far_as_is_proven_free(int chunks, string frees, string expected)
    {
        using var bench = new WorldBench(OnePage(chunks));
        var notes = new HandUps(bench, id: 0);
        foreach (string count in frees.Split(' '))
        {
            Release(bench, int.Parse(count));
            bench.HandUp(size: 1);
        }

        Assert.Equal(expected, string.Join(' ', notes.Lines));
    }

    [Fact]
    public void A_64_KiB_page_lends_32_chunks_before_it_waits()
    {
        using var bench = new WorldBench(OnePage(32));
        var notes = new HandUps(bench, id: 0);
        for (int chunk = 0; chunk < 32; chunk++)
        {
            bench.HandUp(size: 1);
        }

        // As the rows above without a release: references grow by one and chunk 0 stays the last single one.
        string[] expected = [.. Enumerable.Range(0, 32).Select(chunk => $"({chunk},{chunk + 1},0,{(chunk + 1) % 32},{(chunk < 31 ? 'R' : 'U')})")];
        Assert.Equal(string.Join(' ', expected), string.Join(' ', notes.Lines));
    }

    [Theory]
    [InlineData(256, true)]
    [InlineData(257, false)]
    public void A_packet_of_the_copybreak_is_copied_and_one_byte_more_is_lent(int size, bool copied)
    {
        using var bench = new WorldBench(OneChunk with { ChunkSize = Chunk, Copybreak = 256 });
        bench.HandUp(size);
        ref var skb = ref bench.Stack[bench.Stack.HeldAt(0)];

        Assert.Equal(copied ? 1 : 0, bench.Queue.Counters.Copied);
        Assert.Equal((copied ? 0 : 1, copied ? size : 0), (skb.Fragments, skb.LinearLength));
        Assert.Equal((size, copied ? size : Chunk), (skb.Length, skb.Truesize));

        // I5: a copied packet leaves its buffer as it was; a lent chunk is followed by the next one.
        Assert.Equal((copied ? 0 : Chunk, copied ? 0 : 1), (bench.Queue.States[0].Offset, bench.Outstanding(0)));
    }

    [Fact]
    public void A_long_packet_in_several_buffers_is_not_copied_however_few_bytes_it_has()
    {
        using var bench = new WorldBench(OneChunk with { Copybreak = 256 });
        bench.Apply(DqoOperation.Receive(2, buffers: 2));
        bench.Apply(DqoOperation.Poll());
        Assert.Equal((0L, 2), (bench.Queue.Counters.Copied, bench.Stack[bench.Stack.HeldAt(0)].Fragments));
    }

    [Fact]
    public void A_page_on_the_used_list_is_posted_again_only_when_nobody_references_it()
    {
        // One buffer at a time, three states: 0 is posted, 1 and 2 are free.
        using var bench = new WorldBench(OnePage(2) with { BufferStates = 3, StackCapacity = 16 });
        HandUp(bench, times: 2);
        Assert.Equal([0], bench.List(bench.Queue.UsedHead));
        Assert.Equal(2, bench.Memory.PagesBorn);

        // State 0 has one reference left: too many, so state 2 gets a third page.
        Release(bench, 1);
        HandUp(bench, times: 2);
        Assert.Equal(1, bench.Outstanding(0));
        Assert.Equal(3, bench.Memory.PagesBorn);

        // None left: state 0 is taken, and its offset is where it was.
        Release(bench, 1);
        HandUp(bench, times: 2);
        Assert.Equal((0, 3), (bench.World.Device.VisibleAt(0).BufferId, bench.Memory.PagesBorn));
        Assert.Equal((0, 0), (bench.Queue.States[0].Offset, bench.Outstanding(0)));
    }

    [Fact]
    public void Five_entries_of_the_used_list_are_looked_at_and_the_sixth_has_to_wait()
    {
        using var bench = new WorldBench(OneChunk);
        for (int packet = 0; packet < 6; packet++)
        {
            bench.Apply(DqoOperation.Receive(300));
        }

        // Six pages in use; the failing allocation ends the filling after its first look at 0 to 4.
        bench.Apply(DqoOperation.Poll(fault: DqoFault.Page));
        Assert.Equal([5, 0, 1, 2, 3, 4], bench.List(bench.Queue.UsedHead));

        // Packet 4 goes: five looks at 5, 0, 1, 2, 3 do not find it, so a fresh page is used.
        int born = bench.Memory.PagesBorn;
        bench.Apply(DqoOperation.Release(4));
        Assert.Equal(1, bench.Apply(DqoOperation.Post()).Value);
        Assert.Equal((born + 1, 6), (bench.Memory.PagesBorn, bench.Queue.UsedCount));
        Assert.Equal([4, 5, 0, 1, 2, 3], bench.List(bench.Queue.UsedHead));

        // Now it is the first one looked at.
        Assert.Equal(1, bench.Apply(DqoOperation.Post()).Value);
        Assert.Equal((born + 1, 5), (bench.Memory.PagesBorn, bench.Queue.UsedCount));
        Assert.Equal([5, 0, 1, 2, 3], bench.List(bench.Queue.UsedHead));
    }

    [Fact]
    public void A_page_is_discarded_only_when_no_state_is_free()
    {
        // Two states, one posted at a time.
        using var bench = new WorldBench(OneChunk with { BufferSlots = 2, CompletionSlots = 2, BufferStates = 2 });
        bench.HandUp();
        Assert.Equal([0], bench.List(bench.Queue.UsedHead));
        Assert.Equal(2, bench.Memory.Mappings);

        // Used: 0 and 1, both held. Five looks rotate to 1, 0; the first of them is given up and gets the third page.
        bench.HandUp();
        Assert.Equal([0], bench.List(bench.Queue.UsedHead));
        Assert.Equal((2, 3), (bench.Memory.Mappings, bench.Memory.LivePages));
        Assert.False(bench.Memory.IsMapped(FrameOfHeld(bench, 1)));
        Assert.Equal(1, bench.Memory.References(FrameOfHeld(bench, 1)));
    }

    [Fact]
    public void A_stack_that_hoards_every_packet_never_makes_the_driver_hold_more_pages_than_it_has_states()
    {
        const int States = 4;
        const int Packets = 40;
        using var bench = new WorldBench(OnePage(2) with { BufferSlots = 4, CompletionSlots = 4, BufferStates = States });
        for (int packet = 0; packet < Packets; packet++)
        {
            bench.HandUp();
            Assert.InRange(bench.Memory.Mappings, 1, States);
            Assert.Equal(CountPages(bench), bench.Memory.Mappings);
            Assert.Equal(3, bench.Posted);
        }

        // I9: the rest lives on without a mapping. 40 fragments of two a page need at least 20 pages.
        Assert.True(bench.Memory.LivePages >= Packets / 2, $"{bench.Memory.LivePages} pages hold {Packets} fragments");
        bench.Apply(DqoOperation.Settle());
        Assert.Equal(CountPages(bench), bench.Memory.LivePages);
    }

    [Fact]
    public void Replenishment_keeps_the_outstanding_references()
    {
        using var bench = new WorldBench(OnePage(2) with { BiasLimit = 3 });
        List<(int References, int Bias)> seen = [];
        for (int packet = 0; packet < 5; packet++)
        {
            bench.HandUp();
            seen.Add((bench.Memory.References(bench.Queue.States[0].Frame), bench.Queue.States[0].Bias));
            Release(bench, 1);
        }

        // A.4.9: each hand-up takes one of the bias and each release one of the count. At bias 0 the count is 1, which is what is
        // outstanding: 3 - 1 = 2 references are added and the bias is 2, so one is outstanding as before.
        Assert.Equal([(3, 2), (2, 1), (3, 2), (2, 1), (3, 2)], seen);
    }

    [Fact]
    public void The_bias_is_replenished_before_a_reader_can_let_go_of_the_packet_that_took_the_last_of_it()
    {
        using var bench = new WorldBench(OnePage(2) with { BiasLimit = 3 });
        for (int packet = 0; packet < 2; packet++)
        {
            bench.HandUp();
            Release(bench, 1);
        }

        // F-A26: one reference is left and goes with the third packet, which is dropped at the moment it is handed up. 3 - 1 = 2
        // were added before, and those two are the driver's; after it, the page would be gone.
        bench.Apply(DqoOperation.Receive(300));
        bench.Apply(DqoOperation.Poll(dropsAtOnce: true));
        Assert.Equal((2, 2), (bench.Memory.References(bench.Queue.States[0].Frame), bench.Queue.States[0].Bias));
    }

    [Fact]
    public void Replenishment_counts_what_other_readers_hold()
    {
        // As above, but the second packet is kept: at bias 0 the count is 2, 3 - 2 = 1 is added and the bias is 1.
        using var bench = new WorldBench(OnePage(2) with { BiasLimit = 3, BufferStates = 2 });
        bench.HandUp();
        Release(bench, 1);
        bench.HandUp();
        bench.HandUp();
        Assert.Equal((3, 1), (bench.Memory.References(bench.Queue.States[0].Frame), bench.Queue.States[0].Bias));
        Assert.Equal(2, bench.Outstanding(0));

        // Chunk 1 was the only referenced one when it was handed up, so chunk 0 may be lent once and chunk 1 is where it ends.
        Assert.Equal([0], bench.List(bench.Queue.UsedHead));
        Assert.Equal(Chunk, bench.Queue.States[0].LastSingle);
    }

    [Fact]
    public void A_count_that_a_clone_wraps_negative_leaves_the_outstanding_references_right()
    {
        using var bench = new WorldBench(OnePage(2));
        bench.HandUp();
        int frame = bench.Queue.States[0].Frame;
        Assert.Equal((int.MaxValue, int.MaxValue - 1), (bench.Memory.References(frame), bench.Queue.States[0].Bias));

        // A-D11: INT_MAX and one more reference is INT_MIN; INT_MIN - (INT_MAX - 1) = 2 modulo 2^32.
        Assert.Equal(1, bench.Apply(DqoOperation.Cloned()).Value);
        Assert.Equal((int.MinValue, 2), (bench.Memory.References(frame), bench.Outstanding(0)));

        // Chunk 1 makes it three, so chunk 0 stays the last single one and the page waits.
        var notes = new HandUps(bench, id: 0);
        bench.HandUp();
        Assert.Equal(["(1,3,0,0,U)"], notes.Lines);
    }

    [Fact]
    public void The_first_filling_writes_all_but_one_slot_and_rings_at_whole_batches()
    {
        using var bench = new WorldBench(new DqoConfiguration { BufferSlots = 64, CompletionSlots = 64, BufferStates = 256, StackCapacity = 64 });

        // Slots 0 to 62 are written; the doorbell is rung at 32 and would be next at 64.
        Assert.Equal((63, 63L, 0), (bench.Queue.BufferTail, bench.Queue.Counters.Posted, bench.Queue.BufferHead));
        Assert.Equal((32, 32), (bench.World.Device.Visible, bench.World.Device.Fetched));
        Assert.Equal(64 - 63, bench.Queue.FreeCompletionSlots);
        Assert.Equal((false, 0L), (bench.Queue.TimerArmed, bench.Queue.Counters.CriticallyLow));

        // One buffer comes back and goes out: the tail is 64, which is 0, and the device sees 31 + 32.
        bench.HandUp();
        Assert.Equal((0, 1, 63), (bench.Queue.BufferTail, bench.Queue.BufferHead, bench.World.Device.Visible));
    }

    [Fact]
    public void Production_values_write_511_descriptors_of_which_480_are_seen()
    {
        using var bench = new WorldBench(new DqoConfiguration());
        Assert.Equal((511, 480), (bench.Posted, bench.World.Device.Visible));
    }

    [Fact]
    public void Posting_stops_where_completion_slots_end()
    {
        using var bench = new WorldBench(OneChunk with { CompletionSlots = 4 });
        Assert.Equal((4, 0), (bench.Posted, bench.Queue.FreeCompletionSlots));
        Assert.Equal(0, bench.Apply(DqoOperation.Refill()).Value);
    }

    [Fact]
    public void A_descriptor_names_its_state_and_the_chunk_that_comes_next()
    {
        using var bench = new WorldBench(OnePage(2));
        ulong page = bench.Queue.States[0].Address;
        Assert.Equal((0, page), (bench.World.Device.VisibleAt(0).BufferId, bench.World.Device.VisibleAt(0).Address));
        bench.HandUp();
        Assert.Equal((0, page + Chunk), (bench.World.Device.VisibleAt(0).BufferId, bench.World.Device.VisibleAt(0).Address));
    }

    [Fact]
    public void A_queue_that_leaves_the_device_less_than_a_batch_arms_the_timer_which_wakes_it()
    {
        using var bench = new WorldBench(OneChunk with { BufferSlots = 64, CompletionSlots = 64, BufferStates = 64, DoorbellBatch = 32 });
        bench.HandUp(fault: DqoFault.Page);

        // 32 were seen, one came back, and no page was there to go out with descriptor 64: 31.
        Assert.Equal((31, 62), (bench.World.Device.Visible, bench.Posted));
        Assert.Equal((true, 1L, 1L), (bench.Queue.TimerArmed, bench.Queue.Counters.CriticallyLow, bench.Queue.Counters.BufferFailures));

        // The timer polls once, a page is there, and the batch is full.
        Assert.Equal(1, bench.Apply(DqoOperation.Settle(keepsPackets: true)).Value);
        Assert.Equal((63, false, 1L), (bench.World.Device.Visible, bench.Queue.TimerArmed, bench.Queue.Counters.CriticallyLow));
    }

    private static DqoConfiguration OnePage(int chunks) => new()
    {
        PageSize = chunks * Chunk,
        BufferSlots = 2,
        CompletionSlots = 2,
        BufferStates = 1,
        DoorbellBatch = 1,
        Copybreak = 0,
        StackCapacity = 64,
    };

    private static void HandUp(WorldBench bench, int times)
    {
        for (int time = 0; time < times; time++)
        {
            bench.HandUp();
        }
    }

    private static void Release(WorldBench bench, int oldest)
    {
        for (int time = 0; time < oldest; time++)
        {
            bench.Apply(DqoOperation.Release());
        }
    }

    private static int FrameOfHeld(WorldBench bench, int place) => bench.Stack.FragmentsOf(bench.Stack.HeldAt(place))[0].Frame;

    private static int CountPages(WorldBench bench)
    {
        int count = 0;
        foreach (var state in bench.Queue.States)
        {
            count += state.HasPage ? 1 : 0;
        }

        return count;
    }

    /// <summary>Notes a state at the moment a packet on its page is handed up: after it was classified, before it is posted again.</summary>
    private sealed class HandUps : IPacketObserver
    {
        private readonly WorldBench _bench;
        private readonly int _id;

        public HandUps(WorldBench bench, int id)
        {
            _bench = bench;
            _id = id;
            bench.Stack.Observer = this;
        }

        public List<string> Lines { get; } = [];

        public void HandedUp(NetworkStack stack, int skb)
        {
            var state = _bench.Queue.States[_id];
            int chunk = stack.FragmentsOf(skb)[0].Offset / Chunk;
            bool isRecycled = _bench.List(_bench.Queue.RecycledHead).Contains(_id);
            Assert.NotEqual(isRecycled, _bench.List(_bench.Queue.UsedHead).Contains(_id));
            Lines.Add($"({chunk},{_bench.Outstanding(_id)},{state.LastSingle / Chunk},{state.Offset / Chunk},{(isRecycled ? 'R' : 'U')})");
        }

        public void LettingGo(NetworkStack stack, int skb)
        {
        }

        public void Cloned(int original, int clone)
        {
        }
    }
}
