using System.Collections.Immutable;
using RxVerify.Explorer;
using RxVerify.Implementation.Dqo;
using RxVerify.Model.Dqo;
using RxVerify.Model.Vocabulary;
using RxVerify.Model.Vocabulary.Dqo;
using static RxVerify.Properties.Agreement;

namespace RxVerify.Properties.Dqo;

/// <summary>Compares model and implementation after a step: every value, place, order, offset, bias, count and packet.</summary>
internal static class DqoAgreement
{
    private const int End = -1;

    /// <summary>The first difference, or null.</summary>
    public static string? Difference(DqoStep step, DqoWorld world, DqoWitness witness, DqoOutcome outcome)
    {
        var model = step.Next;
        if (step.Outcome != outcome)
        {
            return $"the step returned {outcome} in the implementation, {step.Outcome} in the model";
        }

        if (model.Queue is not null != world.Queue.IsUp)
        {
            return $"the queue is {(world.Queue.IsUp ? "up" : "down")} in the implementation only";
        }

        return (model.Queue is { } queue ? QueueDifference(queue, world, witness) : null)
            ?? CountDifference(model, world)
            ?? HeldDifference(model.Held, world)
            ?? HandedUpDifference(step.Delivered, witness.Readers);
    }

    private static string? QueueDifference(DqoQueueModel model, DqoWorld world, DqoWitness witness)
    {
        var states = world.Queue.States;
        var places = witness.Places;
        for (int id = 0; id < states.Length; id++)
        {
            ref readonly var state = ref states[id];
            var expected = model.Buffers[id];
            var actual = state.HasPage
                ? new DqoBuffer(places[id], world.Memory.PageOf(state.Frame), state.Offset, state.LastSingle, state.Bias)
                : new DqoBuffer(places[id], PageId.None, 0, 0, 0);
            if (actual != expected)
            {
                return $"buffer {id} is {actual} in the implementation, {expected} in the model";
            }
        }

        var queue = world.Queue;
        var device = world.Device;
        return ListDifference("free stack", model.Free, states, queue.FreeTop)
            ?? ListDifference("recycled list", model.Recycled, states, queue.RecycledHead)
            ?? ListDifference("used list", model.Used, states, queue.UsedHead)
            ?? VisibleDifference(model.Visible, device)
            ?? UnrungDifference(model.Unrung, world)
            ?? Different("completions waiting", world.Pending, model.Completions.Length + model.LateCompletions.Length)
            ?? Different("late completions", device.Late, model.LateCompletions.Length)
            ?? Different("dropping", queue.IsDropping, model.Dropping)
            ?? Different("timer armed", queue.TimerArmed, model.TimerArmed)
            ?? Different("used states counted", queue.UsedCount, model.Used.Length);
    }

    private static string? ListDifference(string name, ImmutableArray<int> expected, ReadOnlySpan<BufferState> states, int head)
    {
        int id = head;
        foreach (int next in expected)
        {
            if (id != next)
            {
                return $"the {name} has {(id == End ? "ended" : $"buffer {id}")} where the model has buffer {next}";
            }

            id = states[id].Next;
        }

        return id != End ? $"the {name} goes on with buffer {id} where the model's ends" : null;
    }

    private static string? VisibleDifference(ImmutableArray<int> expected, DqoDevice device)
    {
        if (device.Visible != expected.Length)
        {
            return $"the device sees {Quantity.Of(device.Visible, "buffer")} in the implementation, {expected.Length} in the model";
        }

        for (int place = 0; place < expected.Length; place++)
        {
            if (device.VisibleAt(place).BufferId != expected[place])
            {
                return $"the device sees buffer {device.VisibleAt(place).BufferId} where the model has buffer {expected[place]}";
            }
        }

        return null;
    }

    private static unsafe string? UnrungDifference(ImmutableArray<int> expected, DqoWorld world)
    {
        int mask = world.Configuration.BufferSlots - 1;
        int slot = world.Device.Fetched;
        foreach (int id in expected)
        {
            if (slot == world.Queue.BufferTail || world.Queue.PostRing[slot].BufferId != id)
            {
                return $"buffer {id} is not the one written behind the doorbell";
            }

            slot = (slot + 1) & mask;
        }

        return slot != world.Queue.BufferTail ? $"buffer {world.Queue.PostRing[slot].BufferId} is behind the doorbell in the implementation only" : null;
    }

    private static string? CountDifference(DqoModel model, DqoWorld world) =>
        world.Queue.Counters != model.Counters
            ? $"the counters are {world.Queue.Counters} in the implementation, {model.Counters} in the model"
            : Different("pages born", world.Memory.PagesBorn, model.PagesBorn)
            ?? Different("packets received", world.Device.Packets, model.PacketsReceived)
            ?? Different("packets handed up", world.Stack.Delivered, model.Delivered);

    private static string? HeldDifference(ImmutableArray<DqoPacket> expected, DqoWorld world)
    {
        if (world.Stack.HeldPackets != expected.Length)
        {
            return $"readers hold {Quantity.Of(world.Stack.HeldPackets, "packet")} in the implementation, {expected.Length} in the model";
        }

        for (int place = 0; place < expected.Length; place++)
        {
            ref var packet = ref world.Stack[world.Stack.HeldAt(place)];
            if (packet.Serial != expected[place].Serial || packet.FragmentsInAll != expected[place].Fragments.Length)
            {
                return $"readers hold packet {packet.Serial} of {Quantity.Of(packet.FragmentsInAll, "fragment")} where the model has packet {expected[place].Serial} of {expected[place].Fragments.Length}";
            }
        }

        return null;
    }

    private static string? HandedUpDifference(ImmutableArray<DqoPacket> expected, DqoReaders readers)
    {
        var actual = readers.PacketsOfStep;
        if (actual.Length != expected.Length)
        {
            return $"{Quantity.Of(actual.Length, "packet was", "packets were")} handed up in the implementation, {expected.Length} in the model";
        }

        for (int index = 0; index < actual.Length; index++)
        {
            var packet = actual[index];
            var fragments = readers.FragmentsOfStep.Slice(packet.FirstFragment, packet.Fragments);
            if (packet.Serial != expected[index].Serial || packet.Facts != expected[index].Facts || !fragments.SequenceEqual(expected[index].Fragments.AsSpan()))
            {
                return $"packet {packet.Serial} is {packet.Facts} in {Quantity.Of(packet.Fragments, "fragment")} in the implementation, {expected[index].Facts} in {expected[index].Fragments.Length} in the model";
            }
        }

        return null;
    }
}
