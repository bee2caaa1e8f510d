using RxVerify.Implementation.Memory;
using RxVerify.Model.Vocabulary;
using RxVerify.Properties;

namespace RxVerify.Tests.Memory;

public sealed unsafe class SyncTests : IDisposable
{
    private readonly MemoryBench _bench = new();

    private Iommu Iommu => _bench.Iommu;

    public void Dispose() => _bench.Dispose();

    [Theory]
    [InlineData(0, 99, 99, 1)] // the sync is one byte short
    [InlineData(1, 99, 0, 1)] // it begins one byte late
    [InlineData(0, 14, 14, 86)] // it covers the headers only
    public void Bytes_that_a_sync_leaves_out_cannot_be_read_and_the_others_can(int synced, int length, int left, int leftLength)
    {
        int frame = _bench.Allocate();
        ulong address = _bench.Map(frame);
        Iommu.DeviceAccess(address, 100);
        Iommu.SyncForProcessor(address, synced, length);

        Assert.True(_bench.Memory.ProcessorAccess(frame, synced, length) != null);
        Assert.Equal(TrapKind.None, _bench.Trapped);
        Assert.True(_bench.Memory.ProcessorAccess(frame, 0, 100) == null);
        Assert.Equal(new Trap(TrapKind.ReadBeforeSync, new PageId(1), 0, 100), _bench.Memory.Trap);
        Assert.True(_bench.Memory.ProcessorAccess(frame, left, leftLength) == null);
    }

    [Fact]
    public void A_sync_piece_by_piece_from_either_end_is_as_good_as_one()
    {
        int frame = _bench.Allocate();
        ulong address = _bench.Map(frame);
        Iommu.DeviceAccess(address, 100);
        Iommu.SyncForProcessor(address, 0, 30);
        Iommu.SyncForProcessor(address, 70, 30);
        Iommu.SyncForProcessor(address, 30, 40);

        Assert.True(_bench.Memory.ProcessorAccess(frame, 0, 100) != null);
    }

    [Fact]
    public void A_sync_in_the_middle_makes_nothing_readable()
    {
        int frame = _bench.Allocate();
        ulong address = _bench.Map(frame);
        Iommu.DeviceAccess(address, 100);
        Iommu.SyncForProcessor(address, 10, 80);

        // One range is kept for each chunk, and a range has no hole.
        Assert.True(_bench.Memory.ProcessorAccess(frame, 10, 80) == null);
    }

    [Fact]
    public void Bytes_before_and_after_what_the_device_wrote_need_no_sync()
    {
        int frame = _bench.Allocate();
        Iommu.DeviceAccess(_bench.Map(frame) + 100, 50);

        Assert.True(_bench.Memory.ProcessorAccess(frame, 0, 100) != null);
        Assert.True(_bench.Memory.ProcessorAccess(frame, 150, 4096 - 150) != null);
        Assert.True(_bench.Memory.ProcessorAccess(frame, 99, 2) == null);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(65535)]
    public void The_first_and_the_last_byte_of_the_largest_page_are_bytes_as_all_others(int at)
    {
        using var bench = new MemoryBench(frames: 1, pageSize: 65536);
        int frame = bench.Allocate();
        ulong address = bench.Map(frame);
        bench.Iommu.DeviceAccess(address + (ulong)at, 1);
        Assert.True(bench.Memory.ProcessorAccess(frame, at, 1) == null);

        bench.Iommu.SyncForProcessor(address, at, 1);
        Assert.True(bench.Memory.ProcessorAccess(frame, 0, 65536) != null);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(65535)]
    [InlineData(65536)]
    [InlineData(262143)]
    public void A_page_of_256_KiB_is_four_granules_of_64(int at)
    {
        using var bench = new MemoryBench(frames: 2, pageSize: 262144, granuleSize: 65536);
        bench.Allocate();
        int frame = bench.Allocate();
        ulong address = bench.Map(frame);
        bench.Iommu.DeviceAccess(address + (ulong)at, 1);
        Assert.True(bench.Memory.ProcessorAccess(frame, at, 1) == null);
        Assert.True(bench.Memory.ProcessorAccess(frame, at ^ 65536, 1) != null);

        bench.Iommu.SyncForProcessor(address, at, 1);
        Assert.True(bench.Memory.ProcessorAccess(frame, 0, 262144) != null);
        bench.Memory.Hold(frame, at);
        Assert.Equal(at / 65536, bench.Memory.HeldOnGranules(frame).IndexOf(1));
    }

    [Theory]
    [InlineData(1, false)]
    [InlineData(2, false)]
    [InlineData(3, true)]
    [InlineData(4, true)]
    public void No_unsynced_byte_can_be_read_whatever_is_written_and_synced(int seed, bool fromChunkStart)
    {
        const int PageSize = 512;
        const int Granule = 96; // 5 granules, and 32 bytes that are one too
        using var bench = new MemoryBench(frames: 1, PageSize, Granule);
        int frame = bench.Allocate();
        ulong address = bench.Map(frame);
        bool[] unsynced = new bool[PageSize];
        var dice = new Dice((ulong)seed);
        for (int step = 0; step < 20_000; step++)
        {
            int offset = dice.Below(PageSize);
            offset -= fromChunkStart ? offset % Granule : 0;
            int length = Math.Min(dice.Between(1, dice.Of(1, 8, 200)), PageSize - offset);
            var bytes = unsynced.AsSpan(offset, length);
            switch (dice.Below(3))
            {
                case 0:
                    bench.Iommu.DeviceAccess(address + (ulong)offset, length);
                    bytes.Fill(true);
                    break;
                case 1:
                    bench.Iommu.SyncForProcessor(address, offset, length);
                    bytes.Clear();
                    break;
                default:
                    bool isRefused = bench.Memory.ProcessorAccess(frame, offset, length) == null;
                    Assert.True(isRefused || !bytes.Contains(true), $"step {step}: bytes {offset} to {offset + length - 1} were read, and one is unsynced");

                    // Where writes and syncs begin with the chunk, as a driver's do, a read is refused only when its chunks have such a byte.
                    int end = Math.Min(PageSize, ((offset + length - 1) / Granule * Granule) + Granule);
                    Assert.True(!isRefused || !fromChunkStart || unsynced.AsSpan(offset..end).Contains(true), $"step {step}: a read at {offset} was refused");
                    break;
            }
        }
    }

    [Fact]
    public void A_chunk_is_synced_apart_from_the_others_of_its_page()
    {
        int frame = _bench.Allocate();
        ulong address = _bench.Map(frame);
        *Iommu.DeviceAccess(address, MemoryBench.Chunk) = 0x11;
        *Iommu.DeviceAccess(address + MemoryBench.Chunk, MemoryBench.Chunk) = 0x22;
        Iommu.SyncForProcessor(address, MemoryBench.Chunk, MemoryBench.Chunk);

        Assert.Equal(0x22, *_bench.Memory.ProcessorAccess(frame, MemoryBench.Chunk, 1));
        Assert.Equal(TrapKind.None, _bench.Trapped);
        Assert.True(_bench.Memory.ProcessorAccess(frame, 0, 1) == null);
        Assert.Equal(TrapKind.ReadBeforeSync, _bench.Trapped);
    }

    [Fact]
    public void A_read_across_chunks_needs_all_of_them_synced()
    {
        int frame = _bench.Allocate();
        ulong address = _bench.Map(frame);
        Iommu.DeviceAccess(address, 4096);
        Iommu.SyncForProcessor(address, 0, MemoryBench.Chunk);

        Assert.True(_bench.Memory.ProcessorAccess(frame, MemoryBench.Chunk - 1, 2) == null);
        Assert.Equal(TrapKind.ReadBeforeSync, _bench.Trapped);
    }

    [Fact]
    public void A_write_after_the_sync_has_to_be_synced_again()
    {
        int frame = _bench.Allocate();
        ulong address = _bench.Map(frame);
        Iommu.DeviceAccess(address, 1);
        Iommu.SyncForProcessor(address, 0, 1);
        Iommu.DeviceAccess(address, 1);

        Assert.True(_bench.Memory.ProcessorAccess(frame, 0, 1) == null);
        Assert.Equal(TrapKind.ReadBeforeSync, _bench.Trapped);
    }

    [Fact]
    public void A_fresh_page_is_readable_although_its_frame_was_left_unsynced()
    {
        using var bench = new MemoryBench(frames: 1);
        int frame = bench.Allocate();
        ulong address = bench.Map(frame);
        bench.Iommu.DeviceAccess(address, 1);
        bench.Iommu.Unmap(address);
        bench.Memory.Put(frame);

        Assert.True(bench.Memory.ProcessorAccess(bench.Allocate(), 0, 4096) != null);
        Assert.Equal(TrapKind.None, bench.Trapped);
    }

    [Fact]
    public void Syncing_nothing_is_no_access()
    {
        int frame = _bench.Allocate();
        ulong address = _bench.Map(frame);
        Iommu.DeviceAccess(address, 1);
        Iommu.SyncForProcessor(address, 0, 0);

        Assert.Equal(TrapKind.None, _bench.Trapped);
        Assert.True(_bench.Memory.ProcessorAccess(frame, 0, 1) == null);
    }
}
