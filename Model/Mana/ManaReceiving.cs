using RxVerify.Model.PagePool;
using RxVerify.Model.Vocabulary;
using RxVerify.Model.Vocabulary.Mana;
using RxVerify.Model.Vocabulary.PagePool;

namespace RxVerify.Model.Mana;

/// <summary>The driver receives one packet: a fresh buffer takes the slot, and the old one goes where the program says (B.4.2, B.4.4, B.4.5).</summary>
internal static class ManaReceiving
{
    /// <summary>Steps 4 to 6 of docs/mana.md: without a fresh buffer the packet is dropped and its buffer stays where it is.</summary>
    internal static ManaModel Receive(ManaModel world, ManaCompletionModel completion, ref ManaLuck luck)
    {
        var (queue, fresh) = ManaFilling.Fresh(world.Queue!, PutContext.Local, ref luck);
        if (fresh is not { } buffer)
        {
            return world with { Queue = queue, Counters = Dropped(world.Counters) };
        }

        var old = queue.Slots[queue.NextSlot];
        world = world with { Queue = queue with { Slots = queue.Slots.SetItem(queue.NextSlot, buffer) } };
        return (queue.HasProgram ? completion.Verdict : ManaVerdict.Pass) switch
        {
            ManaVerdict.Pass => HandUp(world, old, completion, ref luck),
            ManaVerdict.Tx => SendBack(world, old, completion, isTaken: true, ref luck),
            ManaVerdict.TxFails => SendBack(world, old, completion, isTaken: false, ref luck),
            ManaVerdict.Redirect => Redirect(world, old, completion, ref luck),
            _ => DropByProgram(world, old),
        };
    }

    /// <summary>XDP_PASS, or no program.</summary>
    private static ManaModel HandUp(ManaModel world, ManaBuffer buffer, ManaCompletionModel completion, ref ManaLuck luck)
    {
        if (luck.LacksSkb())
        {
            return Drop(world, buffer);
        }

        var packet = Skb(world, buffer, completion, serial: world.LastSerial + 1);
        return world with { Counters = Received(world.Counters, completion), Packets = world.Packets.Add(packet), LastSerial = packet.Serial };
    }

    /// <summary>XDP_TX: the skb is the transmit queue's until it was sent; when that refuses it, it is freed at once. It was counted before either way.</summary>
    private static ManaModel SendBack(ManaModel world, ManaBuffer buffer, ManaCompletionModel completion, bool isTaken, ref ManaLuck luck)
    {
        if (luck.LacksSkb())
        {
            return Drop(world, buffer);
        }

        var counters = Received(world.Counters, completion);
        counters.XdpTransmitted++;
        counters.TxDropped += isTaken ? 0 : 1;
        world = world with { Counters = counters };
        var skb = Skb(world, buffer, completion, serial: 0);
        return isTaken ? world with { Transmissions = world.Transmissions.Add(skb) } : ManaStack.Freed(world, skb, PutContext.Local);
    }

    /// <summary>XDP_REDIRECT: the frame comes back to a pool, so a packet on a page that is no pool's is copied to one that is (B.7 #13).</summary>
    private static ManaModel Redirect(ManaModel world, ManaBuffer buffer, ManaCompletionModel completion, ref ManaLuck luck)
    {
        var target = buffer.Page;
        if (!buffer.IsFromPool)
        {
            var (pool, got) = PoolAllocation.Page(world.Queue!.Pool, ref luck.Memory);
            world = world with { Queue = world.Queue with { Pool = pool } };
            if (got is not { } thing)
            {
                return DropByProgram(world, buffer);
            }

            target = thing.Range.Page;
            world = GivenBack(world, buffer);
        }

        var counters = Received(world.Counters, completion);
        counters.XdpRedirected++;
        var frame = new ManaFrame(completion.Number, Packet(world.Queue!, buffer, completion) with { Page = target });
        return world with { Counters = counters, Frames = world.Frames.Add(frame) };
    }

    /// <summary>XDP_DROP, XDP_ABORTED, a redirect that failed, and any number that is no verdict (B.4.4.4).</summary>
    private static ManaModel DropByProgram(ManaModel world, ManaBuffer buffer)
    {
        var counters = Dropped(world.Counters);
        counters.XdpDropped++;
        return GivenBack(world with { Counters = counters }, buffer);
    }

    /// <summary>The packet is lost and its buffer, which has lost its slot, goes back (B.4.4.8).</summary>
    private static ManaModel Drop(ManaModel world, ManaBuffer buffer) =>
        GivenBack(world with { Counters = Dropped(world.Counters) }, buffer);

    /// <summary>A buffer that nobody holds: the pool's goes to the pool; a foreign page is saved where the next refill looks for it, else freed (B.7 #6).</summary>
    private static ManaModel GivenBack(ManaModel world, ManaBuffer buffer)
    {
        var queue = world.Queue!;
        if (buffer.IsFromPool)
        {
            return world with { Queue = queue with { Pool = PoolPutting.Whole(queue.Pool, [buffer.Page], PutContext.Direct, sync: 0) } };
        }

        return queue.Layout.IsFragmented ? world : world with { Queue = queue with { Saved = buffer.Page } };
    }

    /// <summary>The skb round a buffer: marked for recycling exactly when the buffer is the pool's, and charged all that it holds (B.4.4.6, B.7 #5).</summary>
    private static ManaPacket Skb(ManaModel world, ManaBuffer buffer, ManaCompletionModel completion, int serial)
    {
        var queue = world.Queue!;
        var truesize = buffer.IsFromPool ? queue.Layout.AllocSize : ManaLayouts.AllocatedBytes(queue.Layout, world.Configuration.PageSize);
        return new ManaPacket(serial, completion.Number, Packet(queue, buffer, completion), truesize, buffer.IsFromPool, completion.Hash, completion.Checked);
    }

    /// <summary>The bytes of the packet in its buffer.</summary>
    private static Fragment Packet(ManaQueueModel queue, ManaBuffer buffer, ManaCompletionModel completion) =>
        new(buffer.Page, buffer.Offset + queue.Layout.Headroom, completion.Length);

    private static ManaCounters Received(ManaCounters counters, ManaCompletionModel completion) => counters with
    {
        Packets = counters.Packets + 1,
        Bytes = counters.Bytes + completion.Length,
    };

    private static ManaCounters Dropped(ManaCounters counters) => counters with { Dropped = counters.Dropped + 1 };
}
