using RxVerify.Model.Vocabulary.Mana;
using RxVerify.Model.Vocabulary.Port;

namespace RxVerify.Model.Port;

/// <summary>Packets come and are polled (docs/mana.md, "One completion", without fault).</summary>
internal static class PortTraffic
{
    /// <summary>The device fills the next buffer of a queue and completes it.</summary>
    internal static PortModelStep Receive(PortModel world, PortOperation operation)
    {
        var queue = world.Queues[operation.Pick]!;
        queue = queue with { Completions = queue.Completions.Add(operation.Verdict) };
        return PortModelStep.Quiet(WithQueue(world, operation.Pick, queue) with { PacketsReceived = world.PacketsReceived + 1 }, value: 1);
    }

    /// <summary>One poll of a queue.</summary>
    internal static PortModelStep Poll(PortModel world, int number)
    {
        var next = Polled(world, number);
        var outcome = new PortOutcome(world.Queues[number]!.Pending, next.LastSerial - world.LastSerial, Ended: false);
        return new PortModelStep(next, outcome);
    }

    /// <summary>All completions of a queue are handled: a poll takes more of them than there can be.</summary>
    internal static PortModel Polled(PortModel world, int number)
    {
        var queue = world.Queues[number]!;
        if (queue.Pending == 0)
        {
            return world;
        }

        var completions = queue.Completions;
        queue = queue with { Completions = [] };
        foreach (var verdict in completions)
        {
            bool wasForeign = queue.Foreign[queue.NextSlot];
            queue = Refilled(queue);

            // Without a program every packet passes. With one there are no fragments, so a page that is dropped can be saved.
            switch (queue.Program == 0 ? ManaVerdict.Pass : verdict)
            {
                case ManaVerdict.Drop:
                    queue = wasForeign ? queue with { HasSaved = true } : queue;
                    break;
                case ManaVerdict.Tx when world.IsUp:
                    world = world with { Transmissions = world.Transmissions.Add(new PortPacket(Serial: 0, number, wasForeign, queue.Program)) };
                    break;
                case ManaVerdict.Pass:
                    var packet = new PortPacket(world.LastSerial + 1, number, wasForeign, queue.Program);
                    world = world with { LastSerial = packet.Serial, Packets = world.Packets.Add(packet) };
                    break;
            }
        }

        return WithQueue(world, number, queue);
    }

    /// <summary>The world with another queue, or none, under a number.</summary>
    internal static PortModel WithQueue(PortModel world, int number, PortQueueModel? queue) =>
        world with { Queues = world.Queues.SetItem(number, queue) };

    /// <summary>The next slot gets a fresh buffer: the saved page if there is one, else the pool's (B.4.1).</summary>
    private static PortQueueModel Refilled(PortQueueModel queue)
    {
        int slot = queue.NextSlot;
        return queue with
        {
            Foreign = queue.Foreign[slot] == queue.HasSaved ? queue.Foreign : queue.Foreign.SetItem(slot, queue.HasSaved),
            HasSaved = false,
            NextSlot = (slot + 1) % queue.Foreign.Length,
        };
    }
}
