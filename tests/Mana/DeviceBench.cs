using RxVerify.Implementation.Mana;
using RxVerify.Implementation.Memory;

namespace RxVerify.Tests.Mana;

/// <summary>A device alone: a test writes the work queue by hand, as a driver would, and reads the completion queue by its owner bits.</summary>
internal sealed unsafe class DeviceBench : IDisposable
{
    public const int Queue = 0x00abcd;
    public const int Length = 1514;
    public const uint Key = 0x11223344;
    private const int Stride = 2048;
    private readonly Queues _queues;
    private readonly int _units;
    private readonly int _slots;
    private uint _rung;
    private uint _read;

    public DeviceBench(int units = 8, int slots = 8, int frames = 32)
    {
        (_units, _slots, _read) = (units, slots, (uint)slots);
        Memory = new PhysicalMemory(frames, 4096, Stride, Faults);
        Iommu = new Iommu(Memory, Faults);
        Device = new GdmaDevice(Iommu, units, slots, Queue);
        _queues = new Queues(units, slots);
        State = new StateBlock(Memory, Device, _queues);
        Device.Connect(_queues.Work, _queues.Completed);
        Device.Start();
    }

    public FaultPlan Faults { get; } = new();

    public PhysicalMemory Memory { get; }

    public Iommu Iommu { get; }

    public GdmaDevice Device { get; }

    public StateBlock State { get; }

    /// <summary>The driver's head, in basic units since creation.</summary>
    public uint Head { get; private set; }

    /// <summary>What was posted, oldest first.</summary>
    public List<(int Frame, ulong Address)> Posted { get; } = [];

    public TrapKind Trapped => Memory.Trap.Kind;

    public ref ManaCompletion this[int slot] => ref _queues.Completed[slot];

    /// <summary>The raw bytes of a completion.</summary>
    public ReadOnlySpan<byte> RawAt(int slot) => new(_queues.Completed + slot, ManaCompletion.Size);

    /// <summary>Bus address of byte 0 of a fresh page.</summary>
    public (int Frame, ulong Address) MapPage()
    {
        int frame = Memory.Allocate(0, maySleep: false);
        return (frame, Iommu.Map(frame, 0));
    }

    /// <summary>Writes one entry without a doorbell.</summary>
    public void Write(int frame, ulong address, int length = Length)
    {
        _queues.Work[Head++ & (uint)(_units - 1)] = ManaWorkQueueEntry.Post(address, length, Key);
        Posted.Add((frame, address));
    }

    /// <summary>Writes entries for so many buffers, two on each page, without a doorbell.</summary>
    public void Write(int buffers)
    {
        for (int buffer = 0; buffer < buffers; buffer++)
        {
            if (Posted.Count % 2 == 0)
            {
                var (frame, address) = MapPage();
                Write(frame, address);
            }
            else
            {
                Write(Posted[^1].Frame, Posted[^1].Address + Stride);
            }
        }
    }

    /// <summary>Rings for all that was written.</summary>
    public void Ring() => Ring(Head);

    /// <summary>Rings for what was written before a head.</summary>
    public void Ring(uint head) => Device.Doorbell(_rung = head * ManaWorkQueueEntry.Size);

    /// <summary>Rings with a tail that is so many bytes from the last one.</summary>
    public void RingBeyond(int bytes) => Device.Doorbell(_rung + (uint)bytes);

    public void Post(int buffers)
    {
        Write(buffers);
        Ring();
    }

    /// <summary>The next completion as mana_gd_read_cqe looks at it.</summary>
    public ManaSlot Look() => _queues.Completed[_read % (uint)_slots].LookAt(_read, _slots);

    /// <summary>Takes the next completion, which has to be there.</summary>
    public ManaCompletion Poll()
    {
        Assert.Equal(ManaSlot.Ready, Look());
        return _queues.Completed[_read++ % (uint)_slots];
    }

    /// <summary>The bytes of a posted buffer, of so many, that the processor may see once they were synced; traps otherwise.</summary>
    public int FirstDifference(int buffer, int length, int number)
    {
        var (frame, address) = Posted[buffer];
        byte* bytes = Memory.ProcessorAccess(frame, (int)(address & 0xffff), length);
        return bytes == null ? int.MaxValue : PacketPattern.FirstDifference(bytes, length, number, 0);
    }

    /// <summary>Whether no byte of a posted buffer's room of 2048 bytes was written from an offset on, synced or not.</summary>
    public bool IsPoisonFrom(int buffer, int offset)
    {
        var (frame, address) = Posted[buffer];
        int first = (int)(address & 0xffff);
        Iommu.SyncForProcessor(address - (uint)first, first, Stride);
        return new ReadOnlySpan<byte>(Memory.ProcessorAccess(frame, first + offset, Stride - offset), Stride - offset).IndexOfAnyExcept(PhysicalMemory.Poison) < 0;
    }

    /// <summary>Makes what the device wrote visible, as the driver has to.</summary>
    public void Sync(int buffer, int length)
    {
        ulong address = Posted[buffer].Address;
        Iommu.SyncForProcessor(address - (address & 0xffff), (int)(address & 0xffff), length);
    }

    public void Dispose()
    {
        Memory.Dispose();
        State.Dispose();
    }

    private sealed class Queues(int units, int slots) : StatePart
    {
        public ManaWorkQueueEntry* Work { get; private set; }

        public ManaCompletion* Completed { get; private set; }

        protected override void Lay(ref BlockCursor cursor)
        {
            Work = cursor.Take<ManaWorkQueueEntry>(units);
            Completed = cursor.Take<ManaCompletion>(slots);
        }
    }
}
