using RxVerify.Implementation.Memory;

namespace RxVerify.Tests.Memory;

/// <summary>Memory, IOMMU and stack on one block, with two chunks on a page unless a test asks for something else.</summary>
internal sealed unsafe class MemoryBench : IDisposable
{
    public const byte PageFault = 1;
    public const byte MappingFault = 2;
    public const byte SkbFault = 3;
    public const byte NoFault = 0;
    public const int Chunk = 2048;

    public MemoryBench(int frames = 8, int pageSize = 4096, int granuleSize = Chunk, int fragmentsMax = 2, DeviceWindow window = default)
    {
        Memory = new PhysicalMemory(frames, pageSize, granuleSize, Faults, window);
        Iommu = new Iommu(Memory, Faults);
        Stack = new NetworkStack(Memory, skbs: 16, fragmentsMax, linearSize: 64, Faults, SkbFault);
        State = new StateBlock(Memory, Stack);
    }

    public FaultPlan Faults { get; } = new();

    public PhysicalMemory Memory { get; }

    public Iommu Iommu { get; }

    public NetworkStack Stack { get; }

    public StateBlock State { get; }

    public TrapKind Trapped => Memory.Trap.Kind;

    public int Allocate() => Memory.Allocate(PageFault, maySleep: false);

    public ulong Map(int frame) => Iommu.Map(frame, MappingFault);

    /// <summary>Frees a page and takes it again: the poison of a freed page is checked when its frame is used again.</summary>
    public void FreeAndUseAgain(int frame)
    {
        Memory.Put(frame);
        while (Memory.LivePages < Memory.Frames)
        {
            Allocate();
        }
    }

    /// <summary>A packet of one fragment for each chunk, all on a page of its own of which only the fragments hold references.</summary>
    public int Packet(params ReadOnlySpan<int> offsets) => PacketOn(Allocate(), offsets);

    /// <summary>A packet with a fragment at each offset of a page; the page's first reference becomes the first fragment's.</summary>
    public int PacketOn(int frame, params ReadOnlySpan<int> offsets)
    {
        int skb = Stack.Allocate();
        Memory.AddReferences(frame, offsets.Length - 1);
        foreach (int offset in offsets)
        {
            Stack.AddFragment(skb, frame, offset, Chunk);
        }

        Stack[skb].FragmentsInAll = offsets.Length;
        return skb;
    }

    public Span<byte> Bytes(int frame) => new(Memory.ProcessorAccess(frame, 0, Memory.PageSize), Memory.PageSize);

    public void Dispose()
    {
        Memory.Dispose();
        Stack.Dispose();
        State.Dispose();
    }
}
