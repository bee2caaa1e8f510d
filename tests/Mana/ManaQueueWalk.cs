using RxVerify.Implementation.Mana;
using RxVerify.Model.Vocabulary.Mana;
using RxVerify.Model.Vocabulary.PagePool;
using RxVerify.Properties;

namespace RxVerify.Tests.Mana;

/// <summary>Operations by chance, and what must hold after each by the queue's own memory.</summary>
internal static class ManaQueueWalk
{
    /// <summary>An operation that may be allowed or not; teardown is rare, so that the queue is mostly up.</summary>
    public static ManaOperation Next(ref Dice dice, ManaWorld world)
    {
        int dataSize = world.Queue.Layout.DataSize;
        int size = dice.Below(8) == 0 ? dataSize + dice.Between(0, 2) : dice.Between(1, dataSize);
        var verdict = dice.Below(3) == 0 ? ManaVerdict.Pass : (ManaVerdict)dice.Below(8);
        int pick = dice.Below(4);
        int after = dice.Below(5);
        bool local = dice.Below(2) == 0;
        return dice.Below(24) switch
        {
            < 8 => ManaOperation.Receive(size, verdict),
            < 13 => dice.Below(5) == 0 ? ManaOperation.Poll((ManaFault)dice.Between(1, 3), after) : ManaOperation.Poll(),
            < 16 => ManaOperation.Release(pick, local),
            16 => ManaOperation.TxComplete(pick, local),
            17 => ManaOperation.Return(pick, dice.Between(1, 3)),
            18 => ManaOperation.Write(pick),
            19 => dice.Below(4) == 0 ? ManaOperation.Fence() : ManaOperation.Retry(dice.Below(2)),
            20 => dice.Below(4) == 0 ? ManaOperation.Teardown() : ManaOperation.Poll(),
            21 => dice.Below(4) == 0 ? ManaOperation.Settle(dice.Below(2) == 0) : ManaOperation.Receive(size, verdict),
            22 => ManaOperation.Lied((ManaLie)dice.Below(6), dice.Below(2) == 0 ? size : dataSize + dice.Between(1, 3000)),
            _ => dice.Below(3) == 0
                ? ManaOperation.Create(local, dice.Below(2) == 0, (ManaFault)dice.Between(1, 4), dice.Below(8))
                : ManaOperation.Create(local, dice.Below(2) == 0),
        };
    }

    /// <summary>Pages and mappings are where they can be counted, and slots, entries and completions are in step (B.3, B.5).</summary>
    public static void Check(ManaWorld world, ManaOperation operation)
    {
        var queue = world.Queue;
        Assert.True(world.Load <= world.Configuration.HeldMax, $"{operation}: the load is {world.Load}");
        Assert.Equal(0, world.Device.Missed);
        int pages = ForeignPackets(world) + (queue.SavedFrame >= 0 ? 1 : 0);
        int mappings = world.Transmissions.Length + MappedByPools(world);
        for (int place = 0; place < world.WaitingPools; place++)
        {
            pages += world.WaitingPoolAt(place).Inflight;
        }

        if (queue.Pool is { } pool)
        {
            CheckStep(world, operation);
            int foreign = Slots(world).Count(slot => !queue.SlotAt(slot).IsFromPool);
            pages += pool.Inflight + foreign;
            mappings += queue.Layout.IsFragmented ? foreign : world.Configuration.QueueSize;
            Assert.All(Slots(world), slot => Assert.False(world.Memory.IsDirty(queue.SlotAt(slot).Frame, Data(queue, slot), queue.Layout.DataSize)));
        }

        Assert.Equal((operation, pages), (operation, world.Memory.LivePages));
        Assert.Equal((operation, mappings), (operation, world.Memory.Mappings));
    }

    /// <summary>Pages that a pool has mapped: in fragment mode all it has, and on 6.12 none once it is destroyed.</summary>
    private static int MappedByPools(ManaWorld world)
    {
        int live = world.Queue.Pool is { } own && world.Queue.Layout.IsFragmented ? own.Inflight : 0;
        if ((world.Queue.Pool ?? (world.WaitingPools > 0 ? world.WaitingPoolAt(0) : null)) is not { } any)
        {
            return 0;
        }

        // What a page knows is the same whichever pool is asked.
        int mapped = Enumerable.Range(0, world.Memory.Frames).Count(frame => any.AddressOf(frame) != 0);
        Assert.True(world.Configuration.Era == PoolEra.Linux515 ? mapped >= live : mapped == live, $"{mapped} pages are mapped by pools, of {live}");
        return mapped;
    }

    private static IEnumerable<int> Slots(ManaWorld world) => Enumerable.Range(0, world.Configuration.QueueSize);

    private static int Data(ManaQueue queue, int slot) => queue.SlotAt(slot).Offset + queue.Layout.Headroom;

    private static void CheckStep(ManaWorld world, ManaOperation operation)
    {
        var queue = world.Queue;
        int size = world.Configuration.QueueSize;
        int returned = 0;
        for (long sequence = queue.Consumed; sequence < world.Device.Written; sequence++)
        {
            returned += world.Device.LogOf(sequence).ReturnsBuffer ? 1 : 0;
        }

        Assert.Equal((operation, (uint)size), (operation, queue.Head - queue.Tail));
        Assert.Equal((operation, size), (operation, world.Device.Visible + returned));
        Assert.Equal((operation, queue.NextSlot), (operation, (int)(queue.Tail % (uint)size)));
        Assert.Equal(0, world.Device.WrongDoorbells);
        for (int place = 0; place < world.Device.Visible; place++)
        {
            Assert.Equal(queue.SlotAt((queue.NextSlot + returned + place) % size).Address, world.Device.VisibleAt(place).Address);
        }
    }

    /// <summary>Packets and transmissions on pages that are no pool's.</summary>
    private static int ForeignPackets(ManaWorld world)
    {
        int pages = 0;
        for (int place = 0; place < world.Stack.HeldPackets; place++)
        {
            pages += world.Stack[world.Stack.HeldAt(place)].IsForRecycling ? 0 : 1;
        }

        foreach (ref readonly var sent in world.Transmissions)
        {
            pages += world.Stack[sent.Skb].IsForRecycling ? 0 : 1;
        }

        return pages;
    }
}
