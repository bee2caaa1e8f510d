using RxVerify.Implementation.Memory;
using RxVerify.Model.Vocabulary;
using RxVerify.Properties;

namespace RxVerify.Tests.Memory;

/// <summary>The ledger of bytes that the processor wrote and nobody synced for the device.</summary>
public sealed class DirtyTests : IDisposable
{
    private const int PageSize = 4096;
    private readonly MemoryBench _bench = new(granuleSize: PageSize, window: new DeviceWindow(0, PageSize));

    private PhysicalMemory Memory => _bench.Memory;

    private Iommu Iommu => _bench.Iommu;

    public void Dispose() => _bench.Dispose();

    [Fact]
    public void A_fresh_page_is_dirty_because_somebody_had_it_before()
    {
        int frame = _bench.Allocate();
        Assert.True(Memory.IsDirty(frame, 0, 1));
        Assert.True(Memory.IsDirty(frame, PageSize - 1, 1));
    }

    [Theory]
    [InlineData(false, false)]
    [InlineData(true, true)]
    public void A_mapping_makes_a_page_clean_unless_it_leaves_that_to_its_caller(bool skipsSync, bool expected)
    {
        int frame = _bench.Allocate();
        Iommu.Map(frame, MemoryBench.MappingFault, skipsSync: skipsSync);
        Assert.Equal(expected, Memory.IsDirty(frame, 0, PageSize));
    }

    [Fact]
    public void Bytes_that_a_sync_leaves_out_stay_dirty_and_the_others_are_clean()
    {
        int frame = _bench.Allocate();
        ulong address = _bench.Map(frame);
        Memory.MarkDirty(frame, 0, 100);
        Iommu.SyncForDevice(address, 0, 99);

        Assert.False(Memory.IsDirty(frame, 0, 99));
        Assert.True(Memory.IsDirty(frame, 99, 1));
        Assert.False(Memory.IsDirty(frame, 100, PageSize - 100));
        Iommu.SyncForDevice(address, 99, 1);
        Assert.False(Memory.IsDirty(frame, 0, PageSize));
    }

    [Fact]
    public void A_sync_for_one_side_says_nothing_to_the_other()
    {
        int frame = _bench.Allocate();
        ulong address = _bench.Map(frame);
        Memory.MarkDirty(frame, 0, 10);
        Iommu.SyncForProcessor(address, 0, PageSize);
        Assert.True(Memory.IsDirty(frame, 0, 10));
    }

    [Fact]
    public void The_ledger_follows_the_part_that_the_device_is_given_and_no_other()
    {
        using var bench = new MemoryBench(granuleSize: PageSize, window: new DeviceWindow(256, 1024));
        int frame = bench.Allocate();
        Assert.False(bench.Memory.IsDirty(frame, 0, 256));
        Assert.True(bench.Memory.IsDirty(frame, 256, 1));
        Assert.False(bench.Memory.IsDirty(frame, 1280, PageSize - 1280));

        // A sync of that part is enough although the page was written on both sides of it.
        ulong address = bench.Iommu.Map(frame, MemoryBench.MappingFault, skipsSync: true);
        bench.Memory.MarkDirty(frame, 0, PageSize);
        bench.Iommu.SyncForDevice(address, 256, 1024);
        Assert.False(bench.Memory.IsDirty(frame, 0, PageSize));
    }

    [Fact]
    public void Memory_without_the_ledger_has_no_dirty_byte_and_spends_none_on_it()
    {
        using var without = new MemoryBench(frames: 64, granuleSize: PageSize);
        using var with = new MemoryBench(frames: 64, granuleSize: PageSize, window: new DeviceWindow(0, PageSize));
        int frame = without.Allocate();
        without.Memory.MarkDirty(frame, 0, PageSize);
        Assert.False(without.Memory.IsDirty(frame, 0, PageSize));

        // One granule a page, of four bytes.
        Assert.Equal(without.State.Size + (64 * 4), with.State.Size);
    }

    [Fact]
    public void A_sync_for_the_device_needs_a_mapping_and_stays_on_the_page()
    {
        int frame = _bench.Allocate();
        ulong address = _bench.Map(frame);
        Iommu.SyncForDevice(address, 1, PageSize);
        Assert.Equal(new Trap(TrapKind.DeviceFault, new PageId(1), 1, PageSize), Memory.Trap);

        _bench.State.Clear();
        frame = _bench.Allocate();
        address = _bench.Map(frame);
        Iommu.Unmap(address);
        Iommu.SyncForDevice(address, 0, 1);
        Assert.Equal(new Trap(TrapKind.DeviceFault, new PageId(1), 0, 1), Memory.Trap);
    }

    [Theory]
    [InlineData(-1, 1)]
    [InlineData(0, PageSize + 1)]
    [InlineData(0, -1)]
    public void A_write_outside_the_page_is_out_of_bounds(int offset, int length)
    {
        Memory.MarkDirty(_bench.Allocate(), offset, length);
        Assert.Equal(new Trap(TrapKind.OutOfBounds, new PageId(1), offset, length), Memory.Trap);
    }

    [Fact]
    public void A_write_to_a_freed_page_is_a_use_after_free()
    {
        int frame = _bench.Allocate();
        Memory.Put(frame);
        Memory.MarkDirty(frame, 0, 1);
        Assert.Equal(TrapKind.UseAfterFree, _bench.Trapped);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void No_dirty_byte_is_taken_for_clean_whatever_is_written_and_synced(int seed)
    {
        const int Large = 262144;
        const int First = 70_000; // in the second granule of four
        const int Length = 150_000;
        using var bench = new MemoryBench(frames: 1, Large, granuleSize: 65536, window: new DeviceWindow(First, Length));
        int frame = bench.Allocate();
        ulong address = bench.Map(frame);
        bool[] dirty = new bool[Large];
        var dice = new Dice((ulong)seed);
        for (int step = 0; step < 2_000; step++)
        {
            int offset = dice.Below(Large);
            int length = Math.Min(dice.Between(1, dice.Of(1, 3_000, 100_000)), Large - offset);
            int from = Math.Clamp(offset, First, First + Length);
            var inWindow = dirty.AsSpan(from..Math.Clamp(offset + length, from, First + Length));
            switch (dice.Below(3))
            {
                case 0:
                    bench.Memory.MarkDirty(frame, offset, length);
                    inWindow.Fill(true);
                    break;
                case 1:
                    bench.Iommu.SyncForDevice(address, offset, length);
                    inWindow.Clear();
                    break;
                default:
                    bool isClean = !bench.Memory.IsDirty(frame, offset, length);
                    Assert.False(isClean && inWindow.Contains(true), $"step {step}: bytes {offset} to {offset + length - 1} were clean, and one is dirty");
                    break;
            }
        }
    }
}
