using RxVerify.Implementation.Memory;

namespace RxVerify.Properties.Traffic;

/// <summary>When readers let go: each packet handed up gets a due time, or a due packet number, and they come in that order.</summary>
internal sealed class TrafficReaders(TrafficOptions options)
{
    private const double TwoTo53 = 1L << 53;

    private readonly PriorityQueue<int, (long Due, int Serial)> _held = new();
    private readonly bool _countsPackets = options.HoldPackets > 0;
    private Dice _dice = new(options.Seed);

    /// <summary>When the next reader lets go, in nanoseconds, if time counts; else never.</summary>
    public long NextDue => !_countsPackets && _held.TryPeek(out _, out var first) ? first.Due : long.MaxValue;

    /// <summary>A packet was handed up.</summary>
    public void Take(int serial, long nanoseconds, long packets)
    {
        // One throw for each packet, so that another share changes nothing but who is chosen.
        long factor = (_dice.Next() >> 11) / TwoTo53 < options.LongShare ? options.LongFactor : 1;
        long due = _countsPackets ? packets + (options.HoldPackets * factor) : Later(nanoseconds, factor);
        _held.Enqueue(serial, (due, serial));
    }

    /// <summary>A packet whose reader is done by now, as its place among those held; false when there is none.</summary>
    public bool TryRelease(NetworkStack stack, long nanoseconds, long packets, out int place)
    {
        place = -1;
        if (!_held.TryPeek(out int serial, out var first) || first.Due > (_countsPackets ? packets : nanoseconds))
        {
            return false;
        }

        _held.Dequeue();
        place = PlaceOf(stack, serial);
        return true;
    }

    private long Later(long nanoseconds, long factor)
    {
        long room = (long.MaxValue - nanoseconds) / factor;
        return options.HoldNanoseconds > room ? long.MaxValue : nanoseconds + (options.HoldNanoseconds * factor);
    }

    /// <summary>Packets are held in the order of their serials.</summary>
    private static int PlaceOf(NetworkStack stack, int serial)
    {
        int low = 0;
        int high = stack.HeldPackets - 1;
        while (low < high)
        {
            int middle = (low + high) / 2;
            if (stack[stack.HeldAt(middle)].Serial < serial)
            {
                low = middle + 1;
            }
            else
            {
                high = middle;
            }
        }

        return low;
    }
}
