using System.Collections.Immutable;
using RxVerify.Model.Vocabulary.Dqo;

namespace RxVerify.Model.Dqo;

/// <summary>The driver polls: it consumes completions, hands packets up and fills the buffer queue (A.5.6, A.5.7).</summary>
internal static class DqoPolling
{
    /// <summary>What one poll did.</summary>
    private readonly record struct Polled(DqoModel Next, int Work, int Consumed, int Posted, ImmutableArray<DqoPacket> HandedUp);

    /// <summary>One poll as an operation.</summary>
    internal static DqoStep Poll(DqoModel world, DqoOperation operation)
    {
        var luck = new DqoLuck(operation);
        var polled = Poll(world, operation.Count, operation.DropsAtOnce, ref luck);
        return new DqoStep(polled.Next, new DqoOutcome(polled.Work, polled.HandedUp.Length), polled.HandedUp);
    }

    /// <summary>Failures stop, and the driver runs as long as completions or the timer wake it and it gets on (I10).</summary>
    internal static DqoStep Settle(DqoModel world, DqoOperation operation)
    {
        var keeps = operation.KeepsPackets;
        var handedUp = ImmutableArray<DqoPacket>.Empty;
        var polls = 0;
        if (!keeps)
        {
            world = world with { Held = [] };
        }

        while (world.Queue is { } queue && (queue.Pending > 0 || queue.TimerArmed))
        {
            var noFault = default(DqoLuck);
            var polled = Poll(world, world.Configuration.CompletionSlots, dropsAtOnce: !keeps, ref noFault);
            polls++;
            world = polled.Next;
            handedUp = handedUp.AddRange(polled.HandedUp);
            if (polled.Posted == 0 && polled.Consumed == 0 && queue.LateCompletions.IsEmpty)
            {
                break;
            }
        }

        return new DqoStep(world, new DqoOutcome(polls, handedUp.Length), handedUp);
    }

    /// <summary>
    /// A.5.7: completions within the budget, then the filling. A look that finds nothing ends the consuming; a late completion
    /// lands during that look, when the generation bit has been read already (I8), and so waits for the next poll.
    /// </summary>
    private static Polled Poll(DqoModel world, int budget, bool dropsAtOnce, ref DqoLuck luck)
    {
        var ready = world.Queue!.Completions;
        var handedUp = ImmutableArray<DqoPacket>.Empty;
        var work = 0;
        var consumed = 0;
        while (work < budget && consumed < ready.Length)
        {
            var completion = ready[consumed];
            consumed++;
            (world, var fate) = DqoCompletions.Consume(world, completion, ref luck);
            if (fate is DqoFate.Taken && completion.EndOfPacket)
            {
                work++;
                (world, var packet) = Finish(world, completion, dropsAtOnce);
                handedUp = packet is null ? handedUp : handedUp.Add(packet);
            }
            else if (fate is DqoFate.Refused or DqoFate.OutOfMemory)
            {
                // A failed completion costs as much as a packet (A-D9).
                work++;
            }
        }

        if (work < budget)
        {
            world = world with { Queue = DqoDeviceModel.Land(world.Queue!) };
        }

        (world, var posted) = DqoFilling.Fill(Forget(world, consumed), limit: int.MaxValue, ref luck);
        return new Polled(world, work, consumed, posted, handedUp);
    }

    /// <summary>The driver moves its completion head past what it consumed (A.5.7.1.4).</summary>
    private static DqoModel Forget(DqoModel world, int consumed)
    {
        if (consumed == 0)
        {
            return world;
        }

        var counters = world.Counters;
        counters.Completed += consumed;
        var left = world.Queue!.Completions.RemoveRange(0, consumed);
        return world with { Queue = world.Queue with { Completions = left }, Counters = counters };
    }

    /// <summary>
    /// Completes the packet under assembly from the completion that ended it and hands it up (A.5.6). A coalesced packet
    /// that is not TCP over IP is freed instead (A.5.6.2).
    /// </summary>
    private static (DqoModel Next, DqoPacket? HandedUp) Finish(DqoModel world, DqoCompletion last, bool dropsAtOnce)
    {
        var assembly = world.Queue!.Assembly!.Value;
        var queue = world.Queue with { Assembly = null };
        var counters = world.Counters;
        if (last.Traits.HasFlag(DqoTraits.Rsc) && HasAny(last.Traits, DqoTraits.Udp | DqoTraits.OtherProtocol))
        {
            counters.DescriptorErrors++;
            return (world with { Queue = queue, Counters = counters }, null);
        }

        var facts = new DqoPacketFacts(
            assembly.Length,
            assembly.Truesize,
            assembly.Copied,
            last.Hash,
            HashType(last.Traits),
            ChecksumUnnecessary(last.Traits),
            last.SegmentSize);
        var packet = new DqoPacket(world.LastSerial + 1, facts, assembly.Fragments);
        counters.Packets++;
        counters.Bytes += assembly.Length;
        world = world with
        {
            Queue = queue,
            Counters = counters,
            Held = dropsAtOnce ? world.Held : world.Held.Add(packet),
            Delivered = world.Delivered + 1,
            LastSerial = packet.Serial,
        };
        return (world, packet);
    }

    /// <summary>What the hash covers, by packet type (A.5.6.1; docs/dqo.md, Protocol).</summary>
    private static DqoHashType HashType(DqoTraits traits) => (traits & (DqoTraits.OtherProtocol | DqoTraits.Udp)) switch
    {
        DqoTraits.OtherProtocol | DqoTraits.Udp => DqoHashType.L2,
        DqoTraits.OtherProtocol => DqoHashType.L3,
        _ => DqoHashType.L4,
    };

    /// <summary>Whether the stack may skip its own checksum (A.5.6.1); each IP version looks at its own flags only.</summary>
    private static bool ChecksumUnnecessary(DqoTraits traits)
    {
        var ipError = traits.HasFlag(DqoTraits.Ipv6) ? DqoTraits.Ipv6Extension : DqoTraits.IpChecksumError | DqoTraits.OuterIpChecksumError;
        return !HasAny(traits, DqoTraits.OtherProtocol | DqoTraits.HeadersUnprocessed | DqoTraits.L4ChecksumError | ipError);
    }

    /// <summary>Whether at least one of the wanted traits is there.</summary>
    private static bool HasAny(DqoTraits traits, DqoTraits wanted) => (traits & wanted) != DqoTraits.None;
}
