using RxVerify.Explorer;
using RxVerify.Implementation.PagePool;
using RxVerify.Model.PagePool;
using RxVerify.Model.Vocabulary;
using RxVerify.Model.Vocabulary.PagePool;
using static RxVerify.Properties.Agreement;

namespace RxVerify.Properties.PagePool;

/// <summary>Compares model and implementation of the page pool after a step: every page, place, order, offset and count.</summary>
internal static class PoolAgreement
{
    /// <summary>The first difference, or null.</summary>
    public static string? Difference(PoolStep step, PoolWorld world, PoolOutcome outcome)
    {
        var model = step.Next;
        if (step.Outcome != outcome)
        {
            return $"the step returned {outcome} in the implementation, {step.Outcome} in the model";
        }

        if (model.Pool is not null != world.Pool.IsUp)
        {
            return $"there is a pool in the {(world.Pool.IsUp ? "implementation" : "model")} only";
        }

        return Different("counters", world.Pool.Counters, model.Counters)
            ?? Different("pages born", world.Memory.PagesBorn, model.PagesBorn)
            ?? (model.Pool is { } pool ? PoolDifference(pool, world) : null)
            ?? HeldDifference(model, world)
            ?? UnderWayDifference(model, world);
    }

    private static string? PoolDifference(PoolState model, PoolWorld world)
    {
        var pool = world.Pool;
        return Different("users", pool.Users, model.Users)
            ?? Different("times scrubbed", pool.Destroys, model.DestroyCount)
            ?? Different("retry", pool.HasRetry, model.RetryScheduled)
            ?? Different("node", pool.Node, model.Node)
            ?? Different("recycles directly", pool.RecyclesDirectly, model.RecyclesDirectly)
            ?? Different("syncs for the device", pool.SyncsForDevice, model.IsSyncing)
            ?? CacheDifference(model, world)
            ?? RingDifference(model.Ring, world)
            ?? CurrentDifference(model.Current, world)
            ?? PagesDifference(model, world);
    }

    private static string? CacheDifference(PoolState model, PoolWorld world)
    {
        if (world.Pool.Cached != model.Cache.Length)
        {
            return $"the cache has {Quantity.Of(world.Pool.Cached, "page")} in the implementation, {model.Cache.Length} in the model";
        }

        for (int place = 0; place < model.Cache.Length; place++)
        {
            if (world.Memory.PageOf(world.Pool.CacheAt(place)) != model.Cache[place])
            {
                return $"place {place} of the cache has {world.Memory.PageOf(world.Pool.CacheAt(place))} in the implementation, {model.Cache[place]} in the model";
            }
        }

        return null;
    }

    private static string? RingDifference(PoolRing model, PoolWorld world)
    {
        for (int slot = 0; slot < model.Places.Length; slot++)
        {
            // A place that was read and not cleared names a frame whose page may be another by now.
            bool isRead = slot >= model.Tail && slot < model.Head;
            int frame = world.Pool.RingAt(slot);
            if (isRead ? frame < 0 : PageAt(world, frame) != model.Places[slot])
            {
                return $"place {slot} of the ring has {PageAt(world, frame)} in the implementation, {model.Places[slot]} in the model";
            }
        }

        return Different("the ring's producer", world.Pool.RingProducer, model.Producer)
            ?? Different("the ring's head", world.Pool.RingHead, model.Head)
            ?? Different("the ring's tail", world.Pool.RingTail, model.Tail);
    }

    private static string? CurrentDifference(PoolCut? model, PoolWorld world)
    {
        var pool = world.Pool;
        PoolCut? actual = pool.Current < 0 ? null : new PoolCut(world.Memory.PageOf(pool.Current), pool.CurrentOffset, (int)pool.CurrentUsers);
        return actual == model ? null : $"the page being cut is {actual} in the implementation, {model} in the model";
    }

    private static string? PagesDifference(PoolState model, PoolWorld world)
    {
        foreach (ref readonly var thing in world.Things)
        {
            if (thing.IsOfPool && !(model.Pages.TryGetValue(thing.Page, out var page) && model.IsMapped == world.Memory.IsMapped(thing.Frame)
                && page.Node == world.Pool.NodeOf(thing.Frame) && page.FromReserve == world.Pool.IsOfReserve(thing.Frame)))
            {
                return $"{thing.Page} is mapped: {world.Memory.IsMapped(thing.Frame)}, on node {world.Pool.NodeOf(thing.Frame)} in the implementation, mapped: {model.IsMapped}, {page} in the model";
            }
        }

        return null;
    }

    private static string? HeldDifference(PoolModel model, PoolWorld world)
    {
        if (world.Things.Length != model.Held.Length)
        {
            return $"{Quantity.Of(world.Things.Length, "thing is", "things are")} held in the implementation, {model.Held.Length} in the model";
        }

        for (int place = 0; place < model.Held.Length; place++)
        {
            ref readonly var thing = ref world.Things[place];
            var actual = new PoolThing((PoolThingKind)thing.Kind, new Fragment(thing.Page, thing.Offset, thing.Length));
            if (actual != model.Held[place])
            {
                return $"the thing at place {place} is {actual} in the implementation, {model.Held[place]} in the model";
            }
        }

        return Different("load", world.Load, model.Load);
    }

    private static string? UnderWayDifference(PoolModel model, PoolWorld world)
    {
        for (int processor = 0; processor < PoolConfiguration.Processors; processor++)
        {
            ref readonly var put = ref world.UnderWay(processor);
            var expected = model.Processors[processor];
            bool isSame = put.Step == PutStep.Idle ? expected is null
                : expected is not null && (int)put.Step == (int)expected.Step + 1 && put.IsDirect == expected.IsDirect && HasPages(put, expected, world);
            if (!isSame)
            {
                return $"the put on processor {processor} is about to {put.Step} {Quantity.Of(put.Count, "page")} in the implementation, {expected} in the model";
            }
        }

        return Different("destruction's step", (int)world.DestroyStep, (int)model.Destroyer);
    }

    private static bool HasPages(in PutUnderWay put, PoolPut expected, PoolWorld world)
    {
        if (put.Count != expected.Pages.Length || put.Produced != expected.Produced)
        {
            return false;
        }

        for (int place = 0; place < put.Count; place++)
        {
            if (world.Memory.PageOf(put.Frames[place]) != expected.Pages[place])
            {
                return false;
            }
        }

        return true;
    }

    private static PageId PageAt(PoolWorld world, int frame) => frame < 0 ? PageId.None : world.Memory.PageOf(frame);
}
