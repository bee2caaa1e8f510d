using RxVerify.Implementation.Dqo;
using RxVerify.Implementation.Memory;
using RxVerify.Model.Vocabulary.Dqo;

namespace RxVerify.Tests.Dqo;

/// <summary>A device alone: a test writes the post ring by hand, as a driver would, and reads the completion ring.</summary>
internal sealed unsafe class DeviceBench : IDisposable
{
    private readonly Rings _rings;

    public DeviceBench(int bufferSlots = 8, int completionSlots = 8, int pageSize = 4096)
    {
        Configuration = new DqoConfiguration
        {
            PageSize = pageSize,
            BufferSlots = bufferSlots,
            CompletionSlots = completionSlots,
            BufferStates = 100,
            DoorbellBatch = 1,
        };
        Memory = new PhysicalMemory(16, pageSize, Configuration.ChunkSize, Faults);
        Iommu = new Iommu(Memory, Faults);
        Device = new DqoDevice(Configuration, Iommu);
        _rings = new Rings(Configuration);
        State = new StateBlock(Memory, Device, _rings);
        Device.Connect(_rings.Posted, _rings.Completed);
        Device.Start();
    }

    public DqoConfiguration Configuration { get; }

    public FaultPlan Faults { get; } = new();

    public PhysicalMemory Memory { get; }

    public Iommu Iommu { get; }

    public DqoDevice Device { get; }

    public StateBlock State { get; }

    /// <summary>Index of the next descriptor to write.</summary>
    public int Tail { get; private set; }

    /// <summary>Pages that were posted, by buffer id.</summary>
    public Dictionary<int, int> FrameOf { get; } = [];

    public ref CompletionDescriptor this[int slot] => ref _rings.Completed[slot];

    /// <summary>The raw bytes of a completion.</summary>
    public ReadOnlySpan<byte> RawAt(int slot) => new(_rings.Completed + slot, CompletionDescriptor.Size);

    /// <summary>Writes one descriptor for a chunk of a fresh page, without a doorbell.</summary>
    public void Write(ushort id, int chunk = 0)
    {
        int frame = FrameOf[id] = Memory.Allocate(0, maySleep: false);
        ulong address = Iommu.Map(frame, 0) + (ulong)(chunk * Configuration.ChunkSize);
        _rings.Posted[Tail] = new PostDescriptor { BufferId = id, Address = address };
        Tail = (Tail + 1) & (Configuration.BufferSlots - 1);
    }

    /// <summary>Posts a chunk of a fresh page for each id, and rings.</summary>
    public void Post(params ReadOnlySpan<ushort> ids)
    {
        foreach (ushort id in ids)
        {
            Write(id);
        }

        Device.Doorbell(Tail);
    }

    /// <summary>A packet, complete at once.</summary>
    public void Receive(int size, int buffers = 1, int pick = 0, int damaged = 0, DqoTraits traits = DqoTraits.None, bool late = false) =>
        Assert.Equal(buffers, Device.Receive(size, buffers, pick, damaged, traits, late));

    /// <summary>The bytes of a buffer's page as they are in memory, whoever may read them.</summary>
    public ReadOnlySpan<byte> PageOf(int id)
    {
        int frame = FrameOf[id];
        for (int offset = 0; offset < Memory.PageSize; offset += Configuration.ChunkSize)
        {
            Iommu.SyncForProcessor(AddressOf(frame), offset, Math.Min(Configuration.ChunkSize, Memory.PageSize - offset));
        }

        return new(Memory.ProcessorAccess(frame, 0, Memory.PageSize), Memory.PageSize);
    }

    /// <summary>Index of the first byte on a buffer's page, from its start, that is not the packet's; -1 when all are.</summary>
    public int FirstDifference(int id, int length, int number, int position)
    {
        fixed (byte* bytes = PageOf(id))
        {
            return PacketPattern.FirstDifference(bytes, length, number, position);
        }
    }

    public void Dispose()
    {
        Memory.Dispose();
        State.Dispose();
    }

    /// <summary>Each frame is mapped once here, so its address is that of the first mapping.</summary>
    private ulong AddressOf(int frame)
    {
        for (int slot = 0; slot < Configuration.BufferSlots; slot++)
        {
            ulong address = _rings.Posted[slot].Address;
            if (Iommu.IsMapped(address) && Iommu.FrameOf(address) == frame)
            {
                return address - (address & 0xffff);
            }
        }

        throw new InvalidOperationException("the page was never posted, or its descriptor was overwritten");
    }

    private sealed class Rings(DqoConfiguration configuration) : StatePart
    {
        public PostDescriptor* Posted { get; private set; }

        public CompletionDescriptor* Completed { get; private set; }

        protected override void Lay(ref BlockCursor cursor)
        {
            Posted = cursor.Take<PostDescriptor>(configuration.BufferSlots);
            Completed = cursor.Take<CompletionDescriptor>(configuration.CompletionSlots);
        }
    }
}
