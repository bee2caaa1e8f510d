using System.Numerics;
using RxVerify.Model.Vocabulary.Mana;
using RxVerify.Model.Vocabulary.PagePool;

namespace RxVerify.Model.Vocabulary.Port;

/// <summary>The constants of one port, its adapter and the environment round them. The defaults are small, so that every step is soon reached.</summary>
public sealed record PortConfiguration
{
    /// <summary>Most queues of a port here.</summary>
    public const int QueuesLimit = 4;

    /// <summary>Bytes of every packet that is received.</summary>
    public const int PacketBytes = 64;

    /// <summary>The kernel whose page pool it is.</summary>
    public PoolEra Era { get; init; } = PoolEra.Linux612;

    /// <summary>Bytes in one page: 4096, 16384 or 65536.</summary>
    public int PageSize { get; init; } = 4096;

    /// <summary>Queues that the adapter has, 1 to 4; the port begins with all of them.</summary>
    public int Queues { get; init; } = 2;

    /// <summary>The MTU that the port begins with.</summary>
    public int Mtu { get; init; } = 1500;

    /// <summary>The largest MTU that the adapter takes (adapter_mtu - 14).</summary>
    public int MtuMax { get; init; } = 2048;

    /// <summary>Buffers of each queue that the port begins with, a power of two (rx_queue_size).</summary>
    public int RingSize { get; init; } = 2;

    /// <summary>The other number of buffers that can be asked for, a power of two.</summary>
    public int OtherRingSize { get; init; } = 4;

    /// <summary>Whether it is a physical function, which has a filter to add and to remove (B.4.9).</summary>
    public bool HasFilter { get; init; }

    /// <summary>Packets and transmissions outside and completions waiting, at most, over all queues. It bounds the environment, not the driver.</summary>
    public int HeldMax { get; init; } = 4;

    /// <summary>Buffers of the larger ring.</summary>
    public int RingSizeMax => Math.Max(RingSize, OtherRingSize);

    /// <summary>The MTU that is meant.</summary>
    /// <param name="mtu">Which one.</param>
    public int MtuOf(PortMtu mtu) => mtu switch { PortMtu.Standard => Mtu, PortMtu.Largest => MtuMax, _ => MtuMax + 1 };

    /// <summary>What decides the layout of a queue.</summary>
    /// <param name="mtu">The port's MTU.</param>
    /// <param name="ringSize">Buffers of the queue.</param>
    /// <param name="hasProgram">Whether the port has a program.</param>
    public ManaLayoutRequest Request(int mtu, int ringSize, bool hasProgram) =>
        new() { Mtu = mtu, PageSize = PageSize, HasProgram = hasProgram, QueueSize = ringSize };

    /// <summary>The constants of one queue of the port (docs/mana.md); its pool is small.</summary>
    /// <param name="mtu">The port's MTU.</param>
    /// <param name="ringSize">Buffers of the queue.</param>
    public ManaConfiguration Queue(int mtu, int ringSize) => new()
    {
        Era = Era,
        Mtu = mtu,
        PageSize = PageSize,
        QueueSize = ringSize,
        // One more than packets can wait, for a fence.
        CompletionSlots = Math.Max(ringSize, (int)BitOperations.RoundUpToPowerOf2((uint)HeldMax + 1)),
        PollMax = 512,
        PoolCache = 2,
        PoolRefill = 1,
        HeldMax = HeldMax,
    };

    /// <summary>Says in one sentence what is wrong with these constants, or null when a port can be built from them.</summary>
    public string? Fault()
    {
        if (Queues is < 1 or > QueuesLimit)
        {
            return $"queues is {Queues}; expected 1 to {QueuesLimit}";
        }

        if (HeldMax is < 1 or > 64)
        {
            return $"heldMax is {HeldMax}; expected 1 to 64";
        }

        if (RingSize > 64 || OtherRingSize > 64 || RingSize == OtherRingSize)
        {
            return $"ringSize is {RingSize}, otherRingSize {OtherRingSize}; expected two different powers of two, at most 64";
        }

        if (MtuMax <= Mtu || MtuMax >= ManaLayoutRequest.MtuMax)
        {
            return $"mtuMax is {MtuMax}; expected more than mtu, {Mtu}, and less than {ManaLayoutRequest.MtuMax}";
        }

        return Queue(Mtu, RingSize).Fault() ?? Queue(MtuMax, OtherRingSize).Fault();
    }
}
