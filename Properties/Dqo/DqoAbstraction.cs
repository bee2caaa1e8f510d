using System.Collections.Immutable;
using RxVerify.Explorer;
using RxVerify.Implementation.Dqo;
using RxVerify.Model.Dqo;
using RxVerify.Model.Vocabulary;
using RxVerify.Model.Vocabulary.Dqo;

namespace RxVerify.Properties.Dqo;

/// <summary>
/// What a state of the implementation is to the model: rings, links and counts become lists, packets and pages by their birth. A
/// step refines the model's when the abstraction of what follows is what the model makes of the abstraction of what was there.
/// </summary>
internal static class DqoAbstraction
{
    /// <summary>The model's state for a world's.</summary>
    /// <param name="world">The world.</param>
    /// <param name="places">Where each buffer state is (<see cref="DqoWitness.Places"/>).</param>
    public static DqoModel Of(DqoWorld world, ReadOnlySpan<DqoPlace> places) => new()
    {
        Configuration = world.Configuration,
        Queue = world.Queue.IsUp ? QueueOf(world, places) : null,
        Held = HeldBy(world),
        Counters = world.Queue.Counters,
        PagesBorn = world.Memory.PagesBorn,
        PacketsReceived = world.Device.Packets,
        Delivered = world.Stack.Delivered,
        LastSerial = world.Stack.Serials,
    };

    /// <summary>
    /// The first difference in what <see cref="DqoAgreement"/>, whose model runs along, would see when it is handed up: completions
    /// that wait, the packet under assembly, and what is inside the packets held. Null when there is none.
    /// </summary>
    public static string? DifferenceInside(DqoModel expected, DqoWorld world)
    {
        if (!AreEqual(expected.Held, HeldBy(world)))
        {
            return "a packet held is another one than the model's";
        }

        if (expected.Queue is not { } queue)
        {
            return null;
        }

        if (!AreEqual(queue.Assembly, AssemblyOf(world)))
        {
            return $"under assembly is {Text(AssemblyOf(world))} in the implementation, {Text(queue.Assembly)} in the model";
        }

        if (queue.Free.Length > 0 && queue.NextListPage != world.Memory.PageOf(world.Queue.NextListedFrame))
        {
            return $"the next page of the list is {world.Memory.PageOf(world.Queue.NextListedFrame)} in the implementation, {queue.NextListPage} in the model";
        }

        return queue.Completions.AsSpan().SequenceEqual(Landed(world).AsSpan()) && queue.LateCompletions.AsSpan().SequenceEqual(Late(world).AsSpan())
            ? null
            : $"the completions that wait are {string.Join("; ", Landed(world))} in the implementation, {string.Join("; ", queue.Completions)} in the model";
    }

    private static string Text(DqoAssembly? assembly) =>
        assembly is { } packet ? $"a packet of {Quantity.OfBytes(packet.Length)} in {string.Join(", ", packet.Fragments)}" : "nothing";

    private static bool AreEqual(DqoAssembly? left, DqoAssembly? right) =>
        left is { } one && right is { } other
            ? one with { Fragments = [] } == other with { Fragments = [] } && one.Fragments.AsSpan().SequenceEqual(other.Fragments.AsSpan())
            : left is null && right is null;

    private static bool AreEqual(ImmutableArray<DqoPacket> left, ImmutableArray<DqoPacket> right)
    {
        if (left.Length != right.Length)
        {
            return false;
        }

        for (int place = 0; place < left.Length; place++)
        {
            if (left[place].Serial != right[place].Serial || left[place].Facts != right[place].Facts
                || !left[place].Fragments.AsSpan().SequenceEqual(right[place].Fragments.AsSpan()))
            {
                return false;
            }
        }

        return true;
    }

    private static DqoQueueModel QueueOf(DqoWorld world, ReadOnlySpan<DqoPlace> places)
    {
        var queue = world.Queue;
        var states = queue.States;
        var buffers = ImmutableArray.CreateBuilder<DqoBuffer>(states.Length);
        for (int id = 0; id < states.Length; id++)
        {
            ref readonly var state = ref states[id];
            buffers.Add(state.HasPage
                ? new DqoBuffer(places[id], world.Memory.PageOf(state.Frame), state.Offset, state.LastSingle, state.Bias)
                : new DqoBuffer(places[id], PageId.None, 0, 0, 0));
        }

        return new DqoQueueModel
        {
            Buffers = buffers.MoveToImmutable(),
            Free = Listed(states, queue.FreeTop),
            Recycled = Listed(states, queue.RecycledHead),
            Used = Listed(states, queue.UsedHead),
            Visible = Visible(world.Device),
            Unrung = Unrung(world),
            Completions = Landed(world),
            LateCompletions = Late(world),
            Assembly = AssemblyOf(world),
            Dropping = queue.IsDropping,
            TimerArmed = queue.TimerArmed,
            NextListPage = world.Memory.PageOf(queue.NextListedFrame),
        };
    }

    private static ImmutableArray<int> Listed(ReadOnlySpan<BufferState> states, int head)
    {
        var list = ImmutableArray.CreateBuilder<int>();
        for (int id = head; id >= 0; id = states[id].Next)
        {
            list.Add(id);
        }

        return list.DrainToImmutable();
    }

    private static ImmutableArray<int> Visible(DqoDevice device)
    {
        var list = ImmutableArray.CreateBuilder<int>(device.Visible);
        for (int place = 0; place < device.Visible; place++)
        {
            list.Add(device.VisibleAt(place).BufferId);
        }

        return list.MoveToImmutable();
    }

    private static unsafe ImmutableArray<int> Unrung(DqoWorld world)
    {
        var list = ImmutableArray.CreateBuilder<int>();
        int mask = world.Configuration.BufferSlots - 1;
        for (int slot = world.Device.Fetched; slot != world.Queue.BufferTail; slot = (slot + 1) & mask)
        {
            list.Add(world.Queue.PostRing[slot].BufferId);
        }

        return list.DrainToImmutable();
    }

    /// <summary>What the driver will find in the ring.</summary>
    private static unsafe ImmutableArray<DqoCompletion> Landed(DqoWorld world)
    {
        var list = ImmutableArray.CreateBuilder<DqoCompletion>(world.Pending);
        long end = world.Device.Written - world.Device.Late;
        for (long sequence = world.Consumed; sequence < end; sequence++)
        {
            list.Add(CompletionOf(world.Queue.CompletionRing[sequence & (world.Configuration.CompletionSlots - 1)]));
        }

        return list.DrainToImmutable();
    }

    private static ImmutableArray<DqoCompletion> Late(DqoWorld world)
    {
        var list = ImmutableArray.CreateBuilder<DqoCompletion>(world.Device.Late);
        for (int place = 0; place < world.Device.Late; place++)
        {
            list.Add(CompletionOf(world.Device.LateAt(place)));
        }

        return list.MoveToImmutable();
    }

    /// <summary>The alphabet has two kinds of header: plain ones, and those of a coalesced packet that is UDP.</summary>
    private static DqoCompletion CompletionOf(in CompletionDescriptor completion) => new(
        completion.BufferId,
        completion.Length,
        completion.EndOfPacket,
        completion.Error,
        completion.Hash,
        completion.Coalesced ? DqoTraits.Rsc | DqoTraits.Udp : DqoTraits.None,
        completion.SegmentLength);

    private static DqoAssembly? AssemblyOf(DqoWorld world)
    {
        int head = world.Queue.PartialSkb;
        if (head < 0)
        {
            return null;
        }

        ref var packet = ref world.Stack[head];
        return new DqoAssembly(packet.Length, packet.Truesize, packet.FragmentsInAll == 0, FragmentsOf(world, head));
    }

    private static ImmutableArray<DqoPacket> HeldBy(DqoWorld world)
    {
        var stack = world.Stack;
        var held = ImmutableArray.CreateBuilder<DqoPacket>(stack.HeldPackets);
        for (int place = 0; place < stack.HeldPackets; place++)
        {
            int head = stack.HeldAt(place);
            ref var packet = ref stack[head];
            var facts = new DqoPacketFacts(
                packet.Length, packet.Truesize, packet.FragmentsInAll == 0, packet.Hash, (DqoHashType)packet.HashType, packet.ChecksumUnnecessary, packet.SegmentSize);
            held.Add(new DqoPacket(packet.Serial, facts, FragmentsOf(world, head)));
        }

        return held.MoveToImmutable();
    }

    private static ImmutableArray<Fragment> FragmentsOf(DqoWorld world, int head)
    {
        var fragments = ImmutableArray.CreateBuilder<Fragment>(world.Stack[head].FragmentsInAll);
        for (int skb = head; skb >= 0; skb = world.Stack.NextPart(head, skb))
        {
            foreach (ref readonly var fragment in world.Stack.FragmentsOf(skb))
            {
                fragments.Add(new Fragment(world.Memory.PageOf(fragment.Frame), fragment.Offset, fragment.Length));
            }
        }

        return fragments.DrainToImmutable();
    }
}
