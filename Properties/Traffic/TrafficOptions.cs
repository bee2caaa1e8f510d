namespace RxVerify.Properties.Traffic;

/// <summary>How a capture is pushed through a queue, whatever its scheme: when the driver looks, and how long readers hold packets.</summary>
public abstract record TrafficOptions
{
    /// <summary>Longest packet that one receive operation can carry, in bytes.</summary>
    public const int LengthMax = ushort.MaxValue;

    private protected TrafficOptions()
    {
    }

    /// <summary>Packets after whose arrival the driver polls at once.</summary>
    public int BatchPackets { get; init; } = 64;

    /// <summary>Longest time in the capture between the arrival of a packet and the poll that takes it, in nanoseconds.</summary>
    public long InterruptNanoseconds { get; init; } = 20_000;

    /// <summary>Packets that arrive before a reader lets go of one; 0 when time counts, or when readers are done at once.</summary>
    public int HoldPackets { get; init; }

    /// <summary>Time in the capture before a reader lets go of a packet, in nanoseconds; not together with <see cref="HoldPackets"/>.</summary>
    public long HoldNanoseconds { get; init; }

    /// <summary>Share of the packets that are held long, from 0 to 1.</summary>
    public double LongShare { get; init; }

    /// <summary>How many times longer those are held.</summary>
    public int LongFactor { get; init; } = 100;

    /// <summary>The only source of chance: which packets are held long.</summary>
    public ulong Seed { get; init; } = 1;

    /// <summary>The planted mistake of the scheme, or null for the right rules.</summary>
    public Defect? Defect { get; init; }

    /// <summary>Whether the model runs in lockstep.</summary>
    public bool WithModel { get; init; }

    /// <summary>Says in one sentence what is wrong with these options, or null.</summary>
    public string? Fault()
    {
        if (QueueFault() is { } fault)
        {
            return fault;
        }

        if (BatchPackets is < 1 or > byte.MaxValue)
        {
            return $"batchPackets is {BatchPackets}; expected 1 to {byte.MaxValue}";
        }

        if (InterruptNanoseconds < 0)
        {
            return $"interruptNanoseconds is {InterruptNanoseconds}; expected 0 or more";
        }

        return HoldFault();
    }

    /// <summary>What is wrong with the queue, or null.</summary>
    private protected abstract string? QueueFault();

    /// <summary>Readers cannot hold more: a release names its packet by a place of 16 bits.</summary>
    private protected static string? HeldFault(string name, int most) =>
        most > ushort.MaxValue ? $"{name} is {most}; expected at most {ushort.MaxValue}" : null;

    private string? HoldFault()
    {
        if (HoldPackets < 0 || HoldNanoseconds < 0)
        {
            return "a reader holds packets for a negative number; expected 0 or more";
        }

        if (HoldPackets > 0 && HoldNanoseconds > 0)
        {
            return "readers hold for packets and for microseconds; expected one of the two";
        }

        if (!(LongShare >= 0 && LongShare <= 1))
        {
            return $"longShare is {LongShare}; expected 0 to 1";
        }

        return LongFactor is < 1 or > 1_000_000 ? $"longFactor is {LongFactor}; expected 1 to 1000000" : null;
    }
}
