using RxVerify.Implementation.Memory;
using RxVerify.Model.Vocabulary;

namespace RxVerify.Tests.Memory;

public sealed unsafe class PhysicalMemoryTests : IDisposable
{
    private readonly MemoryBench _bench = new();

    private PhysicalMemory Memory => _bench.Memory;

    public void Dispose() => _bench.Dispose();

    [Theory]
    [InlineData(4096, 2048, 2)]
    [InlineData(16384, 2048, 8)]
    [InlineData(65536, 2048, 32)]
    [InlineData(262144, 2048, 128)]
    [InlineData(4096, 1344, 4)] // 3 * 1344 = 4032: the last 64 bytes are a granule too
    public void A_page_of_any_size_is_poisoned_to_its_last_byte_and_ends_there(int pageSize, int granuleSize, int granules)
    {
        using var bench = new MemoryBench(frames: 2, pageSize, granuleSize);
        int frame = bench.Allocate();

        Assert.Equal(granules, bench.Memory.GranulesPerPage);
        Assert.Equal(-1, bench.Bytes(frame).IndexOfAnyExcept(PhysicalMemory.Poison));
        Assert.True(bench.Memory.ProcessorAccess(frame, pageSize - 1, 1) != null);
        Assert.Equal(TrapKind.None, bench.Trapped);
        Assert.True(bench.Memory.ProcessorAccess(frame, pageSize - 1, 2) == null);
        Assert.Equal(TrapKind.OutOfBounds, bench.Trapped);
    }

    [Fact]
    public void A_count_at_INT_MAX_wraps_negative_on_one_more_reference_and_the_outstanding_ones_stay_right()
    {
        const int Bias = int.MaxValue;
        int frame = _bench.Allocate();
        Memory.AddReferences(frame, Bias - 1);
        Assert.Equal(int.MaxValue, Memory.References(frame));

        // A-D11: INT_MAX + 1 = INT_MIN, and INT_MIN - INT_MAX = 1 modulo 2^32.
        Memory.AddReferences(frame, 1);
        Assert.Equal(int.MinValue, Memory.References(frame));
        Assert.Equal(1, unchecked(Memory.References(frame) - Bias));

        Memory.Put(frame);
        Assert.Equal(int.MaxValue, Memory.References(frame));
        Assert.True(Memory.IsAllocated(frame));
        Assert.Equal(TrapKind.None, _bench.Trapped);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(3)]
    public void A_failing_allocation_strikes_exactly_once_and_after_the_given_successes(int successes)
    {
        _bench.Faults.Arm(MemoryBench.PageFault, successes);
        bool[] failed = [.. Enumerable.Range(0, 6).Select(_ => _bench.Allocate() < 0)];

        Assert.Equal(Enumerable.Range(0, 6).Select(attempt => attempt == successes), failed);
        Assert.Equal(5, Memory.PagesBorn);
    }

    [Fact]
    public void A_fault_of_another_kind_neither_strikes_nor_counts()
    {
        _bench.Faults.Arm(MemoryBench.PageFault, successes: 1);

        Assert.True(Memory.Allocate(MemoryBench.NoFault, maySleep: false) >= 0);
        Assert.True(Memory.Allocate(MemoryBench.SkbFault, maySleep: false) >= 0);
        Assert.True(_bench.Allocate() >= 0);
        Assert.Equal(-1, _bench.Allocate());
    }

    [Fact]
    public void A_fault_that_has_not_struck_can_be_called_off()
    {
        _bench.Faults.Arm(MemoryBench.PageFault, successes: 0);
        _bench.Faults.Arm(0, 0);

        Assert.True(_bench.Allocate() >= 0);
    }

    [Fact]
    public void Memory_that_is_used_up_has_no_page()
    {
        for (int page = 0; page < Memory.Frames; page++)
        {
            Assert.True(_bench.Allocate() >= 0);
        }

        Assert.Equal(-1, _bench.Allocate());
        Assert.Equal(TrapKind.None, _bench.Trapped);
    }

    [Fact]
    public void A_freed_page_is_filled_with_poison()
    {
        int frame = _bench.Allocate();
        var bytes = _bench.Bytes(frame);
        bytes.Fill(0xaa);
        Memory.Put(frame);

        Assert.False(Memory.IsAllocated(frame));
        Assert.Equal(-1, bytes.IndexOfAnyExcept(PhysicalMemory.Poison));
    }

    [Fact]
    public void Freed_frames_are_used_again_as_late_as_possible_and_oldest_first()
    {
        int[] frames = [.. Enumerable.Range(0, 6).Select(_ => _bench.Allocate())];
        Memory.Put(frames[4]);
        Memory.Put(frames[1]);
        Memory.Put(frames[3]);

        // 8 frames: the two that were never used come first, then the freed ones in the order in which they were freed.
        int[] later = [.. Enumerable.Range(0, 5).Select(_ => _bench.Allocate())];
        Assert.DoesNotContain(later[0], frames);
        Assert.DoesNotContain(later[1], frames);
        Assert.Equal([frames[4], frames[1], frames[3]], later[2..]);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(2047)]
    [InlineData(4095)]
    public void Damage_to_poison_is_caught_when_the_frame_is_used_again(int at)
    {
        int frame = _bench.Allocate();
        var bytes = _bench.Bytes(frame);
        Memory.Put(frame);
        bytes[at] ^= 1;
        Assert.Equal(TrapKind.None, _bench.Trapped);

        int other = _bench.Allocate();
        _bench.FreeAndUseAgain(other);
        Assert.Equal(new Trap(TrapKind.WriteAfterFree, new PageId(1), at, 1), Memory.Trap);
    }

    [Fact]
    public void A_frame_whose_poison_is_whole_is_used_again_without_a_trap()
    {
        int frame = _bench.Allocate();
        _bench.Bytes(frame).Fill(0xaa);
        _bench.FreeAndUseAgain(frame);

        Assert.True(Memory.IsAllocated(frame));
        Assert.Equal(TrapKind.None, _bench.Trapped);
    }

    [Fact]
    public void Dropping_a_reference_nobody_has_is_a_double_free()
    {
        int frame = _bench.Allocate();
        Memory.Put(frame);
        Assert.Equal(TrapKind.None, _bench.Trapped);
        Memory.Put(frame);
        Assert.Equal(new Trap(TrapKind.DoubleFree, new PageId(1), 0, 0), Memory.Trap);
    }

    [Fact]
    public void A_page_with_a_reference_left_is_not_freed()
    {
        int frame = _bench.Allocate();
        Memory.AddReferences(frame, 1);
        Memory.Put(frame);

        Assert.True(Memory.IsAllocated(frame));
        Assert.Equal(1, Memory.References(frame));
    }

    [Fact]
    public void Touching_a_freed_page_in_any_way_is_a_use_after_free()
    {
        Assert.Equal(TrapKind.UseAfterFree, AfterFree((memory, frame) => memory.AddReferences(frame, 1)));
        Assert.Equal(TrapKind.UseAfterFree, AfterFree((memory, frame) => memory.Hold(frame, 0)));
        Assert.Equal(TrapKind.UseAfterFree, AfterFree((memory, frame) => Assert.Equal(0, memory.References(frame))));
        Assert.Equal(TrapKind.UseAfterFree, AfterFree((memory, frame) => Assert.True(memory.ProcessorAccess(frame, 0, 1) == null)));
    }

    [Fact]
    public void A_page_freed_while_a_reader_holds_bytes_on_it_is_named_so()
    {
        int frame = _bench.Allocate();
        Memory.Hold(frame, MemoryBench.Chunk);
        Memory.Put(frame);
        Assert.Equal(new Trap(TrapKind.FreedWhileHeld, new PageId(1), 0, 4096), Memory.Trap);
    }

    [Fact]
    public void A_page_freed_while_the_device_can_reach_it_is_named_so()
    {
        int frame = _bench.Allocate();
        _bench.Map(frame);
        Memory.Put(frame);
        Assert.Equal(new Trap(TrapKind.FreedWhileMapped, new PageId(1), 0, 4096), Memory.Trap);
    }

    [Theory]
    [InlineData(-1, 1)]
    [InlineData(0, 4097)]
    [InlineData(4096, 1)]
    [InlineData(0, -1)]
    public void An_access_outside_the_page_is_out_of_bounds(int offset, int length)
    {
        int frame = _bench.Allocate();
        Assert.True(Memory.ProcessorAccess(frame, offset, length) == null);
        Assert.Equal(new Trap(TrapKind.OutOfBounds, new PageId(1), offset, length), Memory.Trap);
    }

    [Fact]
    public void A_frame_outside_memory_is_a_page_nobody_owns()
    {
        Assert.Equal(PageId.None, Memory.PageOf(Memory.Frames));
        Memory.AddReferences(Memory.Frames, 1);
        Assert.Equal(new Trap(TrapKind.UseAfterFree, PageId.None, 0, 0), Memory.Trap);
    }

    [Fact]
    public void Bytes_that_the_device_wrote_cannot_be_read_before_they_are_synced()
    {
        int frame = _bench.Allocate();
        _bench.Iommu.DeviceAccess(_bench.Map(frame), 16);

        Assert.True(Memory.ProcessorAccess(frame, 0, 16) == null);
        Assert.Equal(new Trap(TrapKind.ReadBeforeSync, new PageId(1), 0, 16), Memory.Trap);
    }

    [Theory]
    [InlineData(true, true, TrapKind.SleptWhileAtomic)]
    [InlineData(true, false, TrapKind.None)]
    [InlineData(false, true, TrapKind.None)]
    public void Only_an_allocation_that_may_sleep_where_sleeping_is_not_allowed_is_caught(bool isAtomic, bool maySleep, TrapKind expected)
    {
        Memory.IsAtomic = isAtomic;
        Assert.True(Memory.Allocate(MemoryBench.PageFault, maySleep) >= 0);
        Assert.Equal(expected, _bench.Trapped);
    }

    [Fact]
    public void Only_the_first_wrong_access_of_a_run_is_kept()
    {
        int frame = _bench.Allocate();
        Memory.ProcessorAccess(frame, 4000, 97);
        Memory.Put(frame);
        Memory.Put(frame);
        Memory.AddReferences(frame, 1);
        Assert.Equal(new Trap(TrapKind.OutOfBounds, new PageId(1), 4000, 97), Memory.Trap);

        _bench.State.Clear();
        Assert.Equal(TrapKind.None, _bench.Trapped);
    }

    [Fact]
    public void A_kind_that_is_let_pass_leaves_room_for_the_next_one()
    {
        Memory.Ignored = 1UL << (int)TrapKind.OutOfBounds;
        int frame = _bench.Allocate();
        Memory.ProcessorAccess(frame, 4096, 1);
        Assert.Equal(TrapKind.None, _bench.Trapped);

        Memory.Put(frame);
        Memory.Put(frame);
        Assert.Equal(TrapKind.DoubleFree, _bench.Trapped);
    }

    [Fact]
    public void Page_ids_count_births()
    {
        using var bench = new MemoryBench(frames: 1);
        int frame = bench.Allocate();
        Assert.Equal(new PageId(1), bench.Memory.PageOf(frame));

        bench.Memory.Put(frame);
        bench.Faults.Arm(MemoryBench.PageFault, 0);
        Assert.Equal(-1, bench.Allocate());

        // Birth two: what failed was not born, and the same frame is another page.
        Assert.Equal(frame, bench.Allocate());
        Assert.Equal(new PageId(2), bench.Memory.PageOf(frame));
        Assert.Equal(2, bench.Memory.PagesBorn);
    }

    [Fact]
    public void The_peak_is_the_most_pages_that_were_live_at_once()
    {
        int first = _bench.Allocate();
        int second = _bench.Allocate();
        Memory.Put(first);
        Memory.Put(second);
        _bench.Allocate();

        Assert.Equal(1, Memory.LivePages);
        Assert.Equal(2, Memory.LivePagesPeak);
    }

    [Fact]
    public void The_ledger_of_readers_counts_by_granule_and_by_page()
    {
        int frame = _bench.Allocate();
        Memory.Hold(frame, 0);
        Memory.Hold(frame, 2047);
        Memory.Hold(frame, 2048);

        // Two chunks on a page: bytes 0 and 2047 are in the first, byte 2048 begins the second.
        Assert.Equal((2, 1, 3), (Memory.HeldOn(frame, 0), Memory.HeldOn(frame, 2048), Memory.HeldOn(frame)));
        Memory.LetGo(frame, 0);
        Assert.Equal((1, 1, 2), (Memory.HeldOn(frame, 0), Memory.HeldOn(frame, 2048), Memory.HeldOn(frame)));
        Assert.Equal((3, 3), (Memory.Holds, Memory.LastHold(frame)));
    }

    [Fact]
    public void A_trap_reads_as_a_sentence()
    {
        Assert.Equal("a freed page was written to (page 3 at byte 7, 1 byte)", new Trap(TrapKind.WriteAfterFree, new PageId(3), 7, 1).ToString());
        Assert.Equal("an skb was used after it was freed (index 5)", new Trap(TrapKind.SkbUseAfterFree, PageId.None, 5, 0).ToString());
    }

    [Fact]
    public void Every_kind_of_trap_has_words_of_its_own()
    {
        var words = Enum.GetValues<TrapKind>().Select(kind => new Trap(kind, PageId.None, 0, 0).ToString()).ToList();
        Assert.Equal(words.Count, words.Distinct(StringComparer.Ordinal).Count());
    }

    private static TrapKind AfterFree(Action<PhysicalMemory, int> act)
    {
        using var bench = new MemoryBench();
        int frame = bench.Allocate();
        bench.Memory.Put(frame);
        act(bench.Memory, frame);
        return bench.Trapped;
    }
}
