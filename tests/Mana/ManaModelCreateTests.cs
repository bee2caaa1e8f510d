using RxVerify.Model.Vocabulary.Mana;
using RxVerify.Model.Vocabulary.PagePool;

namespace RxVerify.Tests.Mana;

/// <summary>How the model's driver builds a queue, and what is left when a step fails (B.4.6, B.4.8).</summary>
public sealed class ManaModelCreateTests
{
    private const int OutOfMemory = -12;

    private static readonly ManaConfiguration Fragments = ManaModelRun.Fragments;

    public static TheoryData<ManaConfiguration, bool> Modes => new()
    {
        { ManaModelRun.Fragments, false },
        { ManaModelRun.Pages, false },
        { ManaModelRun.Fragments, true },
    };

    [Fact]
    public void A_queue_in_fragment_mode_is_mapped_by_its_pool()
    {
        var run = new ManaModelRun(Fragments);
        Assert.Equal(new ManaLayout(1514, 1856, 0, 2, 2, 3, 0), run.Queue.Layout);
        Assert.Equal((0, 2, 2, 2), (run.Queue.DriverMappings, run.Model.Mappings, run.Model.PagesLive, run.Model.PagesBorn));
        Assert.Equal((2, true, true, 3), (run.Pool.Users, run.Pool.Configuration.Maps, run.Pool.IsSyncing, run.Pool.Ring.Places.Length));
        Assert.Equal([0, 1, 2, 3], run.Visible);
        Assert.Equal(new ManaCounters { Posted = 4 }, run.Counters);
    }

    [Theory]
    [InlineData(false, 0, 2062)]
    [InlineData(true, 256, 2062)]
    public void A_queue_in_single_buffer_mode_is_mapped_by_the_driver(bool program, int headroom, int dataSize)
    {
        var run = new ManaModelRun(ManaModelRun.Pages, program);
        Assert.Equal(new ManaLayout(dataSize, 4096, headroom, 1, 1, 5, 0), run.Queue.Layout);
        Assert.Equal((4, 4, 4), (run.Queue.DriverMappings, run.Model.Mappings, run.Model.PagesLive));
        Assert.Equal((2, false, false, program), (run.Pool.Users, run.Pool.Configuration.Maps, run.Pool.IsSyncing, run.Queue.HasProgram));
    }

    [Theory]
    [MemberData(nameof(Modes))]
    public void Buffers_allocated_before_are_taken_last_first_and_the_pool_stays_empty(ManaConfiguration configuration, bool program)
    {
        var run = new ManaModelRun(configuration, program, preallocated: true);
        Assert.Equal([(4, 0), (3, 0), (2, 0), (1, 0)], run.Slots);
        Assert.All(run.Queue.Slots, buffer => Assert.False(buffer.IsFromPool));
        Assert.Empty(run.Pool.Pages);
        Assert.Equal((4, 4, 4), (run.Queue.DriverMappings, run.Queue.ForeignPages, run.Model.PagesLive));
    }

    [Fact]
    public void Foreign_buffers_are_unmapped_one_by_one_where_the_pool_maps_its_own()
    {
        var run = new ManaModelRun(Fragments, program: false, preallocated: true);
        run.Deliver(packets: 3);

        // Three fragments on pages 5 and 6, which the pool mapped; one foreign page is left.
        Assert.Equal([(5, 0), (5, 1856), (6, 0), (1, 0)], run.Slots);
        Assert.Equal((1, 3, 1), (run.Queue.DriverMappings, run.Model.Mappings, run.Queue.ForeignPages));
    }

    [Theory]
    [InlineData(ManaFault.Page, 0, 0)]
    [InlineData(ManaFault.Page, 3, 3)]
    [InlineData(ManaFault.Mapping, 0, 1)]
    [InlineData(ManaFault.Mapping, 3, 4)]
    public void When_a_buffer_cannot_be_allocated_before_all_are_given_back(ManaFault fault, int after, int born)
    {
        foreach (bool program in (bool[])[false, true])
        {
            var run = Down(Fragments);
            Assert.Equal(OutOfMemory, run.Do(ManaOperation.Create(program, preallocated: true, fault, after)).Value);
            AssertNothing(run, born);
        }
    }

    [Theory]
    [InlineData(ManaFault.Page)]
    [InlineData(ManaFault.Mapping)]
    public void What_fails_behind_the_last_buffer_allocated_before_does_not_matter(ManaFault fault)
    {
        var run = Down(Fragments);
        Assert.Equal(0, run.Do(ManaOperation.Create(preallocated: true, fault: fault, after: 4)).Value);
        Assert.Equal([4, 3, 2, 1], run.SlotPages);
    }

    [Theory]
    [InlineData(1500, ManaFault.Page, 0, 0)]
    [InlineData(1500, ManaFault.Page, 1, 1)]
    [InlineData(1500, ManaFault.Mapping, 1, 2)]
    [InlineData(2048, ManaFault.Page, 3, 3)]
    [InlineData(2048, ManaFault.Mapping, 0, 1)]
    [InlineData(2048, ManaFault.Mapping, 3, 4)]
    public void When_a_slot_gets_no_buffer_the_others_are_given_back_and_the_pool_is_gone(int mtu, ManaFault fault, int after, int born)
    {
        foreach (var era in Enum.GetValues<PoolEra>())
        {
            var run = Down(Fragments with { Mtu = mtu, Era = era });
            Assert.Equal(OutOfMemory, run.Do(ManaOperation.Create(fault: fault, after: after)).Value);
            AssertNothing(run, born);
        }
    }

    [Fact]
    public void A_page_that_the_pool_cannot_map_does_not_matter_while_it_got_others_with_it()
    {
        var run = Down(Fragments with { PoolRefill = 2 });
        // Pages 1 and 2 come together; 1 cannot be mapped. Pages 3 and 4 come together, of which 4 is cut first.
        Assert.Equal(0, run.Do(ManaOperation.Create(fault: ManaFault.Mapping)).Value);
        Assert.Equal([2, 2, 4, 4], run.SlotPages);
        Assert.Equal((4, 3), (run.Model.PagesBorn, run.Model.PagesLive));
    }

    [Theory]
    [InlineData(1500, false, 2)]
    [InlineData(2048, false, 4)]
    [InlineData(1500, true, 4)]
    public void Each_step_of_the_queues_own_that_fails_undoes_those_before(int mtu, bool preallocated, int pages)
    {
        foreach (int step in (int[])[0, 1, 3, 4, 5, 7])
        {
            var run = Down(Fragments with { Mtu = mtu });
            Assert.Equal(OutOfMemory, run.Do(ManaOperation.Create(false, preallocated, ManaFault.Resource, step)).Value);

            // Steps 0 and 1 come before the pool's pages, and behind those allocated before; step 7 comes behind the posting.
            AssertNothing(run, born: step <= 1 && !preallocated ? 0 : pages, posted: step == 7 ? 4 : 0);
            Assert.Equal(0, run.Do(ManaOperation.Create()).Value);
        }
    }

    [Fact]
    public void The_device_begins_anew_with_each_queue_and_packets_are_numbered_on()
    {
        var run = new ManaModelRun(Fragments);
        run.Deliver(packets: 3);
        run.Do(ManaOperation.Receive(100), ManaOperation.Teardown(), ManaOperation.Create());

        Assert.Equal((0, 4), (run.Queue.NextSlot, run.Model.PacketsReceived));
        Assert.Empty(run.Queue.Completions);
        Assert.Equal([0, 1, 2, 3], run.Visible);
        Assert.Equal(5, run.Do(ManaOperation.Receive(100)).Value);
        run.Do(ManaOperation.Poll());
        Assert.Equal((4, 5), (run.Model.Packets[^1].Serial, run.Model.Packets[^1].Number));
        // Two creations, and a slot for each of the four packets polled.
        Assert.Equal((12, 4), (run.Counters.Posted, run.Counters.Packets));
    }

    /// <summary>A world in which there is no queue and never was a page.</summary>
    private static ManaModelRun Down(ManaConfiguration configuration)
    {
        var run = new ManaModelRun(configuration);
        run.TakeDown();
        return run;
    }

    private static void AssertNothing(ManaModelRun run, int born, int posted = 0)
    {
        Assert.Null(run.Model.Queue);
        Assert.Empty(run.Model.Waiting);
        Assert.Equal((0, 0, born), (run.Model.PagesLive, run.Model.Mappings, run.Model.PagesBorn));
        Assert.Equal(new ManaCounters { Posted = posted }, run.Counters);
    }
}
