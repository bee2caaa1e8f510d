using RxVerify.Implementation.Memory;
using RxVerify.Model.Vocabulary.Mana;
using RxVerify.Model.Vocabulary.PagePool;

namespace RxVerify.Tests.Mana;

/// <summary>Building the queue and taking it down, and pools that outlive it (B.4.6 to B.4.8, B.5).</summary>
public sealed class ManaQueueLifecycleTests
{
    private static readonly ManaConfiguration Fragments = ManaQueueBench.Fragments;

    /// <summary>Each way in which a creation can fail, by its fault and how often that is spared before.</summary>
    public static TheoryData<ManaFault, int, bool, int> Failures
    {
        get
        {
            var data = new TheoryData<ManaFault, int, bool, int>();
            foreach (int mtu in new[] { 1500, 2048 })
            {
                foreach (bool preallocated in new[] { false, true })
                {
                    foreach (int step in new[] { 0, 1, 3, 4, 5, 7 })
                    {
                        data.Add(ManaFault.Resource, step, preallocated, mtu);
                    }

                    // With pages allocated before, four are; without, refills of one take two or four.
                    data.Add(ManaFault.Page, 0, preallocated, mtu);
                    data.Add(ManaFault.Page, 1, preallocated, mtu);
                    data.Add(ManaFault.Mapping, 0, preallocated, mtu);
                    data.Add(ManaFault.Mapping, 1, preallocated, mtu);
                }
            }

            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Failures))]
    public void A_creation_that_fails_leaves_nothing_and_the_next_one_succeeds(ManaFault fault, int after, bool preallocated, int mtu)
    {
        using var bench = Down(Fragments with { Mtu = mtu, PoolRefill = 1 });
        var failing = ManaOperation.Create(preallocated: preallocated, fault: fault, after: after);
        long posted = bench.Counters.Posted;
        Assert.Equal(ManaOutcome.OutOfMemory, bench.Apply(failing).Value);
        Assert.Equal((0, 0, 0), (bench.Memory.LivePages, bench.Memory.Mappings, bench.World.WaitingPools));
        Assert.Equal((false, false, -1), (bench.Queue.IsUp, bench.Device.IsRunning, bench.Queue.SavedFrame));
        Assert.All(Enum.GetValues<RxVerify.Implementation.Mana.ManaResource>(), resource => Assert.False(bench.Queue.Has(resource)));
        Assert.All(Enumerable.Range(0, 4), slot => Assert.False(bench.Queue.SlotAt(slot).HasBuffer));

        // Step 7 comes after the slots were posted.
        Assert.Equal(fault == ManaFault.Resource && after == 7 ? 4 : 0, bench.Counters.Posted - posted);
        Assert.Equal(0, bench.Apply(ManaOperation.Create(preallocated: preallocated)).Value);
        Assert.Equal(1, bench.Deliver());
        bench.End();
    }

    [Fact]
    public void A_refill_of_which_some_pages_are_had_is_no_failure()
    {
        using var bench = Down(Fragments);

        // Two pages for four fragments; the second is not to be had, and after it the fault is spent.
        Assert.Equal(0, bench.Apply(ManaOperation.Create(fault: ManaFault.Page, after: 1)).Value);
        Assert.Equal((true, 4), (bench.Queue.IsUp, bench.Device.Visible));
        bench.End();
    }

    [Fact]
    public void Pages_allocated_before_are_taken_from_the_last_to_the_first_and_are_older_than_the_pools()
    {
        using var bench = Down(Fragments with { PoolRefill = 1 });
        int born = bench.Memory.PagesBorn;
        bench.Apply(ManaOperation.Create(preallocated: true));
        Assert.Equal([born + 4, born + 3, born + 2, born + 1], Enumerable.Range(0, 4).Select(bench.PageAt));
        Assert.Equal((0, 4), (bench.Pool.Inflight, bench.Memory.LivePages));
        bench.Deliver();
        Assert.Equal((born + 5, 0, true), bench.SlotAt(0));
        bench.End();
    }

    [Theory]
    [InlineData(1500, false)]
    [InlineData(1500, true)]
    [InlineData(2048, false)]
    [InlineData(2048, true)]
    public void A_teardown_gives_every_buffer_back_to_whom_it_belongs(int mtu, bool preallocated)
    {
        using var bench = Down(Fragments with { Mtu = mtu });
        bench.Apply(ManaOperation.Create(preallocated: preallocated));
        Assert.Equal(4, bench.Apply(ManaOperation.Teardown()).Value);
        Assert.Equal((0, 0, 0), (bench.Memory.LivePages, bench.Memory.Mappings, bench.World.WaitingPools));
        Assert.False(bench.Queue.IsUp);
        Assert.Null(bench.Queue.Pool);
        bench.End();
    }

    [Fact]
    public void A_teardown_forgets_completions_and_frees_the_saved_page()
    {
        using var bench = ManaQueueBench.WithProgram(Fragments, preallocated: true);
        bench.Deliver(verdict: ManaVerdict.Drop);
        bench.Apply(ManaOperation.Receive(100), ManaOperation.Teardown());
        Assert.Equal((0, 0, 1L), (bench.World.Pending, bench.Memory.LivePages, bench.Counters.Completed));
        bench.End();
    }

    [Fact]
    public void A_pool_with_pages_outside_waits_and_is_gone_when_a_retry_finds_them()
    {
        using var bench = new ManaQueueBench(Fragments);
        bench.Deliver(2);
        bench.Apply(ManaOperation.Teardown());
        Assert.Equal((1, 1, 2), (bench.World.WaitingPools, bench.World.WaitingPoolAt(0).Inflight, bench.World.Load));
        Assert.Equal(0, bench.Apply(ManaOperation.Retry()).Value);

        // Both fragments were of one page, which the reader unmapped no more than the pool did when it was destroyed.
        Assert.Equal(0, bench.Memory.Mappings);
        bench.Apply(ManaOperation.Release(local: true), ManaOperation.Release());
        Assert.Equal(1, bench.Apply(ManaOperation.Retry()).Value);
        Assert.Equal((0, 0), (bench.World.WaitingPools, bench.Memory.LivePages));
    }

    [Fact]
    public void A_new_queue_has_a_pool_of_its_own_and_pages_go_back_where_they_came_from()
    {
        using var bench = new ManaQueueBench(Fragments);
        bench.Deliver();
        bench.Apply(ManaOperation.Teardown(), ManaOperation.Create());
        bench.Deliver();
        var waiting = bench.World.WaitingPoolAt(0);
        Assert.NotSame(waiting, bench.Pool);
        bench.Apply(ManaOperation.Release());
        Assert.Equal((1L, 0L), (waiting.Counters.Ringed, bench.Pool.Counters.Ringed));
        Assert.Equal(1, bench.Apply(ManaOperation.Retry()).Value);
        bench.Apply(ManaOperation.Release());
        bench.End();
    }

    [Fact]
    public void No_queue_is_built_while_two_pools_wait()
    {
        using var bench = new ManaQueueBench(Fragments);
        bench.Deliver();
        bench.Apply(ManaOperation.Teardown(), ManaOperation.Create(program: true));
        bench.Deliver();
        bench.Apply(ManaOperation.Teardown());
        Assert.Equal(2, bench.World.WaitingPools);
        Assert.False(bench.World.Allows(ManaOperation.Create()));
        bench.Apply(ManaOperation.Release(), ManaOperation.Retry());
        Assert.True(bench.World.Allows(ManaOperation.Create()));
        bench.End();
    }

    [Fact]
    public void A_program_comes_and_goes_with_queues_and_every_layout_has_two_pools()
    {
        using var bench = new ManaQueueBench(Fragments);
        for (int time = 0; time < 6; time++)
        {
            bench.Deliver();
            bench.Apply(ManaOperation.Teardown(), ManaOperation.Create(program: time % 2 == 0));
            Assert.Equal(time % 2 == 0, bench.Queue.HasProgram);
            bench.Apply(ManaOperation.Release(), ManaOperation.Retry());
        }

        bench.End();
    }

    [Fact]
    public void A_port_whose_packets_do_not_fit_a_page_with_a_program_builds_none()
    {
        using var bench = Down(Fragments with { Mtu = 3507 });
        Assert.False(bench.World.TakesProgram);
        Assert.False(bench.World.Allows(ManaOperation.Create(program: true)));
        Assert.True(bench.World.Allows(ManaOperation.Create()));
    }

    [Theory]
    [InlineData(4000, 4096, 8192)]
    [InlineData(9000, 4096, 16384)]
    [InlineData(65535, 16384, 131072)]
    public void A_page_is_what_one_allocation_of_the_pool_gives(int mtu, int pageSize, int pageBytes)
    {
        using var bench = new ManaQueueBench(Fragments with { Mtu = mtu, PageSize = pageSize });
        Assert.Equal(pageBytes, bench.Memory.PageSize);
        int size = Math.Min(mtu + 14, ushort.MaxValue);
        Assert.Equal(1, bench.Deliver(size: size));
        Assert.Equal((size, pageBytes), (bench.PacketAt(0).Length, bench.PacketAt(0).Charged));
        Assert.True(bench.Holds(bench.Stack.FragmentsOf(bench.Stack.HeldAt(0))[0].Frame, 0, size, 1));
        bench.End();
    }

    [Fact]
    public void On_5_15_direct_puts_in_process_context_go_to_the_ring_and_pages_outside_stay_mapped()
    {
        using var bench = new ManaQueueBench(Fragments with { Era = PoolEra.Linux515 });
        bench.Deliver(2);
        var pool = bench.Pool;
        bench.Apply(ManaOperation.Teardown());
        Assert.Equal((1, 1, 0L), (bench.World.WaitingPools, bench.Memory.Mappings, pool.Counters.Cached));
        bench.End();
    }

    [Fact]
    public void Settling_polls_twice_at_most_lets_everybody_go_and_looks_for_pages()
    {
        using var bench = ManaQueueBench.WithProgram(Fragments with { PollMax = 2 });
        bench.Deliver(verdict: ManaVerdict.Redirect);
        bench.Deliver(verdict: ManaVerdict.Tx);
        bench.Apply(ManaOperation.Receive(100), ManaOperation.Receive(100), ManaOperation.Receive(100));
        Assert.Equal(2, bench.Apply(ManaOperation.Settle(keepsHeld: true)).Value);
        Assert.Equal((3, 1, 1, 0), (bench.Stack.HeldPackets, bench.World.Frames.Length, bench.World.Transmissions.Length, bench.World.Pending));
        bench.Apply(ManaOperation.Teardown());

        // One retry finds the five pages, of which four fit the ring's five places or all do, and frees the pool.
        Assert.Equal(1, bench.Apply(ManaOperation.Settle()).Value);
        Assert.Equal((0, 0, 0), (bench.World.Load, bench.World.WaitingPools, bench.Memory.LivePages));
    }

    [Fact]
    public void Settling_stops_at_a_retry_in_which_no_page_left()
    {
        using var bench = new ManaQueueBench(Fragments);
        bench.Deliver();
        bench.Apply(ManaOperation.Teardown());
        Assert.Equal(1, bench.Apply(ManaOperation.Settle(keepsHeld: true)).Value);
        Assert.Equal(1, bench.World.WaitingPools);
    }

    [Fact]
    public void Faults_of_the_pool_and_of_the_driver_have_the_same_numbers_where_they_are_the_same() =>
        Assert.Equal(
            ((byte)PoolFault.Page, (byte)PoolFault.Mapping), ((byte)ManaFault.Page, (byte)ManaFault.Mapping));

    [Fact]
    public void An_skb_that_cannot_be_had_is_no_fault_of_the_pool()
    {
        // PoolFault.Index has the number of ManaFault.Skb.
        using var bench = new ManaQueueBench(Fragments with { PoolRefill = 1 });
        Assert.Equal(0, bench.Deliver(fault: ManaFault.Skb));
        Assert.Equal((1L, 0L, 3u), (bench.Counters.Dropped, bench.Counters.CompletionErrors, bench.Pool.Counters.Hold));
        bench.End();
    }

    [Fact]
    public void A_transmission_that_the_device_cannot_read_is_trapped()
    {
        using var bench = ManaQueueBench.WithProgram(Fragments);
        bench.Deliver(verdict: ManaVerdict.Tx);
        bench.World.Iommu.Unmap(bench.World.TransmissionAt(0).Address);
        bench.Apply(ManaOperation.TxComplete(), TrapKind.DeviceFault);
    }

    private static ManaQueueBench Down(ManaConfiguration configuration)
    {
        var bench = new ManaQueueBench(configuration);
        bench.Apply(ManaOperation.Teardown());
        return bench;
    }
}
