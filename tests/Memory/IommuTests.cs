using RxVerify.Implementation.Memory;
using RxVerify.Model.Vocabulary;

namespace RxVerify.Tests.Memory;

public sealed unsafe class IommuTests : IDisposable
{
    private readonly MemoryBench _bench = new();

    private Iommu Iommu => _bench.Iommu;

    public void Dispose() => _bench.Dispose();

    [Fact]
    public void A_mapping_that_fails_gives_the_error_address_and_maps_nothing()
    {
        int frame = _bench.Allocate();
        _bench.Faults.Arm(MemoryBench.MappingFault, 0);

        Assert.Equal(Iommu.MappingError, _bench.Map(frame));
        Assert.False(_bench.Memory.IsMapped(frame));
        Assert.Equal(0, _bench.Memory.Mappings);

        // It strikes once.
        Assert.True(Iommu.IsMapped(_bench.Map(frame)));
        Assert.Equal(1, _bench.Memory.Mappings);
    }

    [Theory]
    [InlineData(DmaDirection.FromDevice, true)]
    [InlineData(DmaDirection.Bidirectional, true)]
    [InlineData(DmaDirection.ToDevice, false)]
    public void A_device_writes_only_to_what_is_mapped_for_it_to_write(DmaDirection direction, bool mayWrite)
    {
        ulong address = Iommu.Map(_bench.Allocate(), MemoryBench.MappingFault, direction);

        Assert.Equal(mayWrite, Iommu.DeviceAccess(address, 1) != null);
        Assert.Equal(mayWrite ? TrapKind.None : TrapKind.DeviceFault, _bench.Memory.Trap.Kind);
    }

    [Fact]
    public void A_second_mapping_adds_its_direction_and_a_new_one_starts_afresh()
    {
        int frame = _bench.Allocate();
        ulong address = Iommu.Map(frame, MemoryBench.MappingFault, DmaDirection.ToDevice);
        Iommu.Map(frame, MemoryBench.MappingFault, DmaDirection.FromDevice);
        Assert.True(Iommu.Lets(frame, DmaDirection.Bidirectional));

        Iommu.Unmap(address);
        Iommu.Unmap(address);
        Iommu.Map(frame, MemoryBench.MappingFault, DmaDirection.ToDevice);
        Assert.False(Iommu.Lets(frame, DmaDirection.FromDevice));
    }

    [Fact]
    public void The_error_address_is_not_mapped() => Assert.False(Iommu.IsMapped(Iommu.MappingError));

    [Fact]
    public void A_bus_address_tells_itself_from_a_processor_address_and_knows_its_frame()
    {
        int[] frames = [_bench.Allocate(), _bench.Allocate(), _bench.Allocate()];
        foreach (int frame in frames)
        {
            ulong address = _bench.Map(frame);
            Assert.True(Iommu.IsBusAddress(address));
            Assert.Equal(frame, Iommu.FrameOf(address));
            Assert.Equal(frame, Iommu.FrameOf(address + 4095));
        }

        Assert.False(Iommu.IsBusAddress((ulong)_bench.Memory.ProcessorAccess(frames[0], 0, 1)));
    }

    [Fact]
    public void Mapping_a_freed_page_is_a_use_after_free()
    {
        int frame = _bench.Allocate();
        _bench.Memory.Put(frame);
        _bench.Map(frame);
        Assert.Equal(TrapKind.UseAfterFree, _bench.Trapped);
    }

    [Theory]
    [InlineData(4096)]
    [InlineData(16384)]
    [InlineData(65536)]
    public void The_device_reaches_the_whole_page_and_nothing_beyond(int pageSize)
    {
        using var bench = new MemoryBench(frames: 2, pageSize);
        ulong address = bench.Map(bench.Allocate());

        Assert.True(bench.Iommu.DeviceAccess(address, pageSize) != null);
        Assert.True(bench.Iommu.DeviceAccess(address + (ulong)pageSize - 1, 1) != null);
        Assert.Equal(TrapKind.None, bench.Trapped);
        Assert.True(bench.Iommu.DeviceAccess(address + (ulong)pageSize - 1, 2) == null);
        Assert.Equal(new Trap(TrapKind.DeviceFault, new PageId(1), pageSize - 1, 2), bench.Memory.Trap);
    }

    [Fact]
    public void A_page_that_is_not_mapped_is_out_of_the_devices_reach()
    {
        ulong address = _bench.Map(_bench.Allocate());
        Iommu.Unmap(address);

        Assert.True(Iommu.DeviceAccess(address, 1) == null);
        Assert.Equal(TrapKind.DeviceFault, _bench.Trapped);
    }

    [Fact]
    public void An_address_outside_memory_is_a_device_fault()
    {
        ulong last = 0;
        for (int page = 0; page < _bench.Memory.Frames; page++)
        {
            last = _bench.Map(_bench.Allocate());
        }

        // Frames lie 64 KiB apart on the bus (A.2: the largest page).
        Assert.True(Iommu.DeviceAccess(last + 0x10000, 1) == null);
        Assert.Equal(TrapKind.DeviceFault, _bench.Trapped);
    }

    [Fact]
    public void A_processor_address_is_a_device_fault()
    {
        int frame = _bench.Allocate();
        _bench.Map(frame);
        Assert.True(Iommu.DeviceAccess((ulong)_bench.Memory.ProcessorAccess(frame, 0, 1), 1) == null);
        Assert.Equal(TrapKind.DeviceFault, _bench.Trapped);
    }

    [Fact]
    public void A_stale_address_is_a_device_fault_after_the_page_was_mapped_again()
    {
        int frame = _bench.Allocate();
        ulong stale = _bench.Map(frame);
        Iommu.Unmap(stale);
        ulong present = _bench.Map(frame);

        Assert.NotEqual(stale, present);
        Assert.True(Iommu.DeviceAccess(present, 1) != null);
        Assert.Equal(TrapKind.None, _bench.Trapped);
        Assert.True(Iommu.DeviceAccess(stale, 1) == null);
        Assert.Equal(TrapKind.DeviceFault, _bench.Trapped);
    }

    [Fact]
    public void A_stale_address_does_not_reach_the_next_page_in_its_frame()
    {
        using var bench = new MemoryBench(frames: 1);
        int frame = bench.Allocate();
        ulong stale = bench.Map(frame);
        bench.Iommu.Unmap(stale);
        bench.Memory.Put(frame);
        bench.Map(bench.Allocate());

        Assert.True(bench.Iommu.DeviceAccess(stale, 1) == null);
        Assert.Equal(new Trap(TrapKind.DeviceFault, new PageId(2), 0, 1), bench.Memory.Trap);
    }

    [Fact]
    public void A_page_that_is_mapped_twice_has_one_address_and_is_reached_until_the_last_mapping_goes()
    {
        int frame = _bench.Allocate();
        ulong address = _bench.Map(frame);
        Assert.Equal(address, _bench.Map(frame));
        Assert.Equal(2, _bench.Memory.Mappings);

        Iommu.Unmap(address);
        Assert.True(Iommu.IsMapped(address));
        Iommu.Unmap(address);
        Assert.False(Iommu.IsMapped(address));
        Assert.Equal((0, TrapKind.None), (_bench.Memory.Mappings, _bench.Trapped));
    }

    [Fact]
    public void Unmapping_twice_is_named_so_and_counts_once()
    {
        ulong address = _bench.Map(_bench.Allocate());
        Iommu.Unmap(address);
        Assert.Equal(TrapKind.None, _bench.Trapped);
        Iommu.Unmap(address);
        Assert.Equal(TrapKind.DoubleUnmap, _bench.Trapped);
        Assert.Equal(0, _bench.Memory.Mappings);
    }

    [Fact]
    public void Unmapping_with_a_stale_address_leaves_the_present_mapping_alone()
    {
        int frame = _bench.Allocate();
        ulong stale = _bench.Map(frame);
        Iommu.Unmap(stale);
        ulong present = _bench.Map(frame);
        Iommu.Unmap(stale);

        Assert.Equal(TrapKind.DoubleUnmap, _bench.Trapped);
        Assert.True(Iommu.IsMapped(present));
    }

    [Theory]
    [InlineData(4000, 97)]
    [InlineData(-1, 1)]
    public void A_sync_outside_the_mapping_is_a_device_fault(int offset, int length)
    {
        Iommu.SyncForProcessor(_bench.Map(_bench.Allocate()), offset, length);
        Assert.Equal(new Trap(TrapKind.DeviceFault, new PageId(1), offset, length), _bench.Memory.Trap);
    }

    [Fact]
    public void A_sync_of_a_page_that_is_not_mapped_is_a_device_fault()
    {
        ulong address = _bench.Map(_bench.Allocate());
        Iommu.Unmap(address);
        Iommu.SyncForProcessor(address, 0, 1);
        Assert.Equal(TrapKind.DeviceFault, _bench.Trapped);
    }

    [Fact]
    public void The_device_writing_to_bytes_a_reader_holds_is_caught()
    {
        int frame = _bench.Allocate();
        ulong address = _bench.Map(frame);
        _bench.Memory.Hold(frame, MemoryBench.Chunk);

        // The other chunk of the page is free, which is the point of recycling pages by halves.
        Iommu.DeviceAccess(address, MemoryBench.Chunk);
        Assert.Equal(TrapKind.None, _bench.Trapped);
        Iommu.DeviceAccess(address + MemoryBench.Chunk, 1);
        Assert.Equal(new Trap(TrapKind.DeviceWroteHeldBytes, new PageId(1), MemoryBench.Chunk, 1), _bench.Memory.Trap);
    }

    [Fact]
    public void The_device_writing_across_into_held_bytes_is_caught()
    {
        int frame = _bench.Allocate();
        ulong address = _bench.Map(frame);
        _bench.Memory.Hold(frame, MemoryBench.Chunk);
        Iommu.DeviceAccess(address, MemoryBench.Chunk + 1);
        Assert.Equal(TrapKind.DeviceWroteHeldBytes, _bench.Trapped);
    }

    [Fact]
    public void An_empty_access_to_held_bytes_writes_nothing()
    {
        int frame = _bench.Allocate();
        ulong address = _bench.Map(frame);
        _bench.Memory.Hold(frame, 0);
        Iommu.DeviceAccess(address, 0);
        Assert.Equal(TrapKind.None, _bench.Trapped);
    }
}
