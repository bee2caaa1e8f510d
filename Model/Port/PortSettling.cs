using RxVerify.Model.Vocabulary.Port;

namespace RxVerify.Model.Port;

/// <summary>The environment lets everything end (docs/port.md, Settle).</summary>
internal static class PortSettling
{
    /// <summary>The request ends without failures and the driver polls; holders let go unless they keep what they hold.</summary>
    internal static PortModelStep Settle(PortModel world, bool keepsHeld)
    {
        var next = world;
        int value = 0;
        while (next.Task is not null)
        {
            next = PortRequests.Once(next, PortFault.None, successes: 0).Next;
            value++;
        }

        for (int queue = 0; queue < PortConfiguration.QueuesLimit; queue++)
        {
            if (next.Queues[queue] is { Pending: > 0 })
            {
                next = PortTraffic.Polled(next, queue);
                value++;
            }
        }

        var outcome = new PortOutcome(value, next.LastSerial - world.LastSerial, Ended: world.Task is not null);
        if (!keepsHeld)
        {
            next = next with { Transmissions = [], Packets = [] };
        }

        return new PortModelStep(next, outcome);
    }
}
