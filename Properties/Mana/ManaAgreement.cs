using RxVerify.Explorer;
using RxVerify.Implementation.Mana;
using RxVerify.Model.Mana;
using RxVerify.Model.PagePool;
using RxVerify.Model.Vocabulary;
using RxVerify.Model.Vocabulary.Mana;
using static RxVerify.Properties.Agreement;

namespace RxVerify.Properties.Mana;

/// <summary>Compares model and implementation of the MANA queue after a step: every buffer, slot, page, packet, place and count.</summary>
internal static class ManaAgreement
{
    /// <summary>The first difference, or null.</summary>
    public static string? Difference(ManaStep step, ManaWorld world, ManaOutcome outcome)
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

        return Different("counters", world.Queue.Counters, model.Counters)
            ?? Different("pages born", world.Memory.PagesBorn, model.PagesBorn)
            ?? Different("packets received", world.Device.Packets, model.PacketsReceived)
            ?? Different("packets handed up", world.Stack.Delivered, model.Delivered)
            ?? Different("load", world.Load, model.Load)
            ?? (model.Queue is { } queue ? QueueDifference(queue, world) : null)
            ?? WaitingDifference(model, world)
            ?? PacketDifference(model, world)
            ?? SentDifference(model, world)
            ?? Different("live pages", world.Memory.LivePages, model.PagesLive)
            ?? Different("mappings", world.Memory.Mappings - world.Transmissions.Length, model.Mappings);
    }

    private static string? QueueDifference(ManaQueueModel model, ManaWorld world)
    {
        var queue = world.Queue;
        for (int slot = 0; slot < model.Slots.Length; slot++)
        {
            ref readonly var buffer = ref queue.SlotAt(slot);
            var actual = new ManaBuffer(world.Memory.PageOf(buffer.Frame), buffer.Offset, buffer.IsFromPool);
            if (!buffer.HasBuffer || actual != model.Slots[slot])
            {
                return $"slot {slot} has {actual} in the implementation, {model.Slots[slot]} in the model";
            }
        }

        var saved = queue.SavedFrame < 0 ? PageId.None : world.Memory.PageOf(queue.SavedFrame);
        return Different("next slot", queue.NextSlot, model.NextSlot)
            ?? Different("visible buffers", world.Device.Visible, model.Visible.Length)
            ?? Different("completions waiting", world.Pending, model.Completions.Length)
            ?? Different("layout", queue.Layout, model.Layout)
            ?? Different("program", queue.HasProgram, model.HasProgram)
            ?? (saved == model.Saved ? null : $"{saved} is saved in the implementation, {model.Saved} in the model")
            ?? PoolDifference(model.Pool, queue.Pool!, world);
    }

    private static string? WaitingDifference(ManaModel model, ManaWorld world)
    {
        if (world.WaitingPools != model.Waiting.Length)
        {
            return $"{Quantity.Of(world.WaitingPools, "pool waits", "pools wait")} in the implementation, {model.Waiting.Length} in the model";
        }

        for (int place = 0; place < model.Waiting.Length; place++)
        {
            if (PoolDifference(model.Waiting[place], world.WaitingPoolAt(place), world) is { } difference)
            {
                return difference;
            }
        }

        return null;
    }

    private static string? PoolDifference(PoolState model, Implementation.PagePool.Pool pool, ManaWorld world)
    {
        if (pool.Cached != model.Cache.Length)
        {
            return $"a cache has {Quantity.Of(pool.Cached, "page")} in the implementation, {model.Cache.Length} in the model";
        }

        for (int place = 0; place < model.Cache.Length; place++)
        {
            if (world.Memory.PageOf(pool.CacheAt(place)) != model.Cache[place])
            {
                return $"place {place} of a cache has {world.Memory.PageOf(pool.CacheAt(place))} in the implementation, {model.Cache[place]} in the model";
            }
        }

        PoolCut? cut = pool.Current < 0 ? null : new PoolCut(world.Memory.PageOf(pool.Current), pool.CurrentOffset, (int)pool.CurrentUsers);
        return Different("a pool's counters", pool.Counters, model.Counters)
            ?? Different("a pool's users", pool.Users, model.Users)
            ?? Different("a pool's retry", pool.HasRetry, model.RetryScheduled)
            ?? Different("a ring's producer", pool.RingProducer, model.Ring.Producer)
            ?? Different("a ring's head", pool.RingHead, model.Ring.Head)
            ?? (cut == model.Current ? null : $"the page being cut is {cut} in the implementation, {model.Current} in the model");
    }

    private static string? PacketDifference(ManaModel model, ManaWorld world)
    {
        if (world.Stack.HeldPackets != model.Packets.Length)
        {
            return $"{Quantity.Of(world.Stack.HeldPackets, "packet is", "packets are")} held in the implementation, {model.Packets.Length} in the model";
        }

        for (int place = 0; place < model.Packets.Length; place++)
        {
            int skb = world.Stack.HeldAt(place);
            var bytes = world.Stack.FragmentsOf(skb)[0];
            ref var packet = ref world.Stack[skb];
            var expected = model.Packets[place];
            var range = new Fragment(world.Memory.PageOf(bytes.Frame), bytes.Offset, bytes.Length);
            if (range != expected.Range || packet.Serial != expected.Serial || packet.Truesize != expected.Truesize
                || packet.IsForRecycling != expected.IsRecycled || packet.Hash != expected.Hash
                || packet.ChecksumUnnecessary != expected.ChecksumUnnecessary || packet.Length != expected.Range.Length)
            {
                return $"packet {packet.Serial} is {range}, charges {packet.Truesize}, marked {packet.IsForRecycling}, hash {packet.Hash}, checksum unnecessary {packet.ChecksumUnnecessary} in the implementation, {expected} in the model";
            }
        }

        return null;
    }

    private static string? SentDifference(ManaModel model, ManaWorld world)
    {
        if (world.Transmissions.Length != model.Transmissions.Length || world.Frames.Length != model.Frames.Length)
        {
            return $"{Quantity.Of(world.Transmissions.Length, "transmission")} and {Quantity.Of(world.Frames.Length, "frame")} are out in the implementation, {model.Transmissions.Length} and {model.Frames.Length} in the model";
        }

        for (int place = 0; place < model.Transmissions.Length; place++)
        {
            ref readonly var sent = ref world.TransmissionAt(place);
            var range = new Fragment(world.Memory.PageOf(sent.Frame), sent.Offset, sent.Length);
            if (range != model.Transmissions[place].Range || sent.Packet != model.Transmissions[place].Number)
            {
                return $"the transmission at place {place} is packet {sent.Packet} in {range} in the implementation, {model.Transmissions[place]} in the model";
            }
        }

        for (int place = 0; place < model.Frames.Length; place++)
        {
            ref readonly var frame = ref world.FrameAt(place);
            var range = new Fragment(world.Memory.PageOf(frame.Frame), frame.Offset, frame.Length);
            if (range != model.Frames[place].Range || frame.Packet != model.Frames[place].Number)
            {
                return $"the frame at place {place} is packet {frame.Packet} in {range} in the implementation, {model.Frames[place]} in the model";
            }
        }

        return null;
    }
}
