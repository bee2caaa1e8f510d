using RxVerify.Implementation.Mana;
using RxVerify.Implementation.Memory;
using RxVerify.Implementation.PagePool;
using RxVerify.Model.Vocabulary.Mana;

namespace RxVerify.Tests.Mana;

/// <summary>A queue with everything round it. Each operation has to be allowed and, unless a trap is waited for, must not be trapped.</summary>
internal sealed unsafe class ManaQueueBench(ManaWorld world) : IDisposable
{
    /// <summary>Two fragments of 1856 bytes on each page of 4096; four buffers; a cache of four, refilled by two.</summary>
    public static readonly ManaConfiguration Fragments = new()
    {
        QueueSize = 4,
        CompletionSlots = 8,
        PollMax = 8,
        PoolCache = 4,
        PoolRefill = 2,
        HeldMax = 8,
    };

    /// <summary>The same with a page for each buffer.</summary>
    public static readonly ManaConfiguration Pages = Fragments with { Mtu = 2048 };

    public ManaQueueBench(ManaConfiguration configuration)
        : this(new ManaWorld<RightManaRules, RightPoolRules>(configuration))
    {
    }

    public ManaWorld World { get; } = world;

    public ManaQueue Queue => World.Queue;

    public PhysicalMemory Memory => World.Memory;

    public NetworkStack Stack => World.Stack;

    public GdmaDevice Device => World.Device;

    public ManaCounters Counters => World.Queue.Counters;

    public Pool Pool => World.Queue.Pool ?? throw new InvalidOperationException("there is no queue");

    /// <summary>Pages of the slots, in their order.</summary>
    public string Slots => string.Join(' ', Enumerable.Range(0, World.Configuration.QueueSize).Select(PageAt));

    /// <summary>A queue for a program, of pages allocated before or of the pool's.</summary>
    public static ManaQueueBench WithProgram(ManaConfiguration configuration, bool preallocated = false)
    {
        var bench = new ManaQueueBench(configuration);
        bench.Apply(ManaOperation.Teardown(), ManaOperation.Settle(), ManaOperation.Create(program: true, preallocated));
        return bench;
    }

    /// <summary>A queue of pages allocated before.</summary>
    public static ManaQueueBench Preallocated(ManaConfiguration configuration)
    {
        var bench = new ManaQueueBench(configuration);
        bench.Apply(ManaOperation.Teardown(), ManaOperation.Settle(), ManaOperation.Create(preallocated: true));
        return bench;
    }

    public ManaOutcome Apply(ManaOperation operation, TrapKind trap = TrapKind.None)
    {
        Assert.True(World.Allows(operation), $"{operation} is not allowed");
        var outcome = World.Apply(operation);
        Assert.Equal(trap, Memory.Trap.Kind);
        return outcome;
    }

    /// <summary>Applies each of these; returns the value of the last.</summary>
    public int Apply(params ReadOnlySpan<ManaOperation> operations)
    {
        int value = 0;
        foreach (var operation in operations)
        {
            value = Apply(operation).Value;
        }

        return value;
    }

    /// <summary>So many packets arrive and are polled; returns how many were handed up.</summary>
    public int Deliver(int packets = 1, int size = 100, ManaVerdict verdict = ManaVerdict.Pass, ManaFault fault = ManaFault.None)
    {
        for (int packet = 0; packet < packets; packet++)
        {
            Apply(ManaOperation.Receive(size, verdict));
        }

        return Apply(ManaOperation.Poll(fault)).Delivered;
    }

    /// <summary>Page and offset of a slot's buffer, and whether it is the pool's.</summary>
    public (int Page, int Offset, bool IsFromPool) SlotAt(int slot)
    {
        ref readonly var buffer = ref Queue.SlotAt(slot);
        return (Memory.PageOf(buffer.Frame).Value, buffer.Offset, buffer.IsFromPool);
    }

    public int PageAt(int slot) => Memory.PageOf(Queue.SlotAt(slot).Frame).Value;

    /// <summary>The packet held at a place: its page, first byte, length, charge and mark.</summary>
    public (int Page, int Offset, int Length, int Charged, bool IsForRecycling) PacketAt(int place)
    {
        ref var skb = ref Stack[Stack.HeldAt(place)];
        var bytes = Stack.FragmentsOf(Stack.HeldAt(place))[0];
        return (Memory.PageOf(bytes.Frame).Value, bytes.Offset, skb.Length, skb.Truesize, skb.IsForRecycling);
    }

    /// <summary>Whether so many bytes of a page are those of a packet, as the processor sees them.</summary>
    public bool Holds(int frame, int offset, int length, int packet)
    {
        byte* bytes = Memory.ProcessorAccess(frame, offset, length);
        return bytes != null && PacketPattern.FirstDifference(bytes, length, packet, 0) < 0;
    }

    /// <summary>Takes everything down and lets everything go; nothing may be left.</summary>
    public void End()
    {
        if (Queue.IsUp)
        {
            Apply(ManaOperation.Teardown());
        }

        Apply(ManaOperation.Settle());
        Assert.Equal((0, 0, 0, 0, 0), (Memory.LivePages, Memory.Mappings, World.WaitingPools, World.Load, Stack.LiveSkbs));
    }

    public void Dispose() => World.Dispose();
}
