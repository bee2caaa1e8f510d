using RxVerify.Explorer;
using RxVerify.Implementation.Mana;
using RxVerify.Implementation.Memory;
using RxVerify.Implementation.PagePool;

namespace RxVerify.Properties.Mana;

/// <summary>What there is to see of a MANA world, for stories.</summary>
internal static class ManaObservation
{
    /// <summary>Queue, device, pools, and what is outside, a line each.</summary>
    public static List<string> Lines(ManaWorld world)
    {
        var lines = new List<string>();
        var queue = world.Queue;
        if (queue.IsUp)
        {
            string layout = queue.Layout.IsFragmented ? $"fragments of {Quantity.OfBytes(queue.Layout.AllocSize)}" : "whole pages";
            lines.Add($"{layout}{(queue.HasProgram ? ", with a program" : "")}");
            lines.AddRange(Enumerable.Range(0, world.Configuration.QueueSize).Select(slot => Slot(world, slot)));
            lines.Add($"the device has {Posted(world)}; completions waiting {world.Pending}; slot {queue.NextSlot} is next");
            lines.Add($"pool: {Pool(world, queue.Pool!)}{(queue.SavedFrame < 0 ? "" : $"; {world.Memory.PageOf(queue.SavedFrame)} is saved")}");
        }
        else
        {
            lines.Add("the queue is down");
        }

        lines.AddRange(Enumerable.Range(0, world.WaitingPools).Select(place => $"waiting pool: {Pool(world, world.WaitingPoolAt(place))}"));
        lines.AddRange(Enumerable.Range(0, world.Stack.HeldPackets).Select(place => Packet(world, place)));
        lines.AddRange(Enumerable.Range(0, world.Transmissions.Length).Select(place => Range(world, "sent back", world.TransmissionAt(place).Packet, world.TransmissionAt(place).Frame, world.TransmissionAt(place).Offset)));
        lines.AddRange(Enumerable.Range(0, world.Frames.Length).Select(place => Range(world, "redirected", world.FrameAt(place).Packet, world.FrameAt(place).Frame, world.FrameAt(place).Offset)));
        return lines;
    }

    private static string Slot(ManaWorld world, int slot)
    {
        ref readonly var buffer = ref world.Queue.SlotAt(slot);
        return !buffer.HasBuffer ? $"slot {slot} is empty" : $"slot {slot}: {world.Memory.PageOf(buffer.Frame)} byte {buffer.Offset}{(buffer.IsFromPool ? "" : ", allocated before")}";
    }

    private static string Posted(ManaWorld world)
    {
        var posted = new List<string>();
        for (int place = 0; place < world.Device.Visible; place++)
        {
            ulong address = world.Device.VisibleAt(place).Address;
            posted.Add($"{world.Memory.PageOf(Iommu.FrameOf(address)).Value}:{Iommu.OffsetOf(address)}");
        }

        return posted.Count == 0 ? "nothing" : string.Join(" ", posted);
    }

    private static string Pool(ManaWorld world, Pool pool)
    {
        string cached = string.Join(" ", Enumerable.Range(0, pool.Cached).Select(place => world.Memory.PageOf(pool.CacheAt(place)).Value));
        string cut = pool.Current < 0 ? "" : $", cutting {world.Memory.PageOf(pool.Current)} from byte {pool.CurrentOffset}";
        return $"cache {(cached.Length == 0 ? "none" : cached)}{cut}, held {pool.Counters.Hold}, released {pool.Counters.Release}";
    }

    private static string Packet(ManaWorld world, int place)
    {
        int skb = world.Stack.HeldAt(place);
        var bytes = world.Stack.FragmentsOf(skb)[0];
        return $"packet {world.Stack[skb].Serial} held: {world.Memory.PageOf(bytes.Frame)} byte {bytes.Offset}, {Quantity.OfBytes(bytes.Length)}, charges {world.Stack[skb].Truesize}{(world.Stack[skb].IsForRecycling ? ", for recycling" : "")}";
    }

    private static string Range(ManaWorld world, string what, int number, int frame, int offset) => $"{what}: packet {number}, {world.Memory.PageOf(frame)} byte {offset}";
}
