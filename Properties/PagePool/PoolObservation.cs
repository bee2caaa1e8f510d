using RxVerify.Implementation.PagePool;
using RxVerify.Model.Vocabulary.PagePool;

namespace RxVerify.Properties.PagePool;

/// <summary>What there is to see of a page pool's world, for stories.</summary>
internal static class PoolObservation
{
    /// <summary>Pool, cache, ring, current page, things held and puts under way, a line each.</summary>
    public static List<string> Lines(PoolRun run)
    {
        var world = run.World;
        var pool = world.Pool;
        var lines = new List<string>();
        if (pool.IsUp)
        {
            lines.Add($"cache {Pages(world, Enumerable.Range(0, pool.Cached).Select(pool.CacheAt))}, ring {Pages(world, Ring(pool))}{Current(world)}");
            lines.Add($"held {pool.Counters.Hold}, released {pool.Counters.Release}, users {pool.Users}{Destruction(pool)}");
        }
        else
        {
            lines.Add("the pool is gone");
        }

        lines.AddRange(Enumerable.Range(0, world.Things.Length).Select(place => Thing(world, place)));
        for (int processor = 0; processor < PoolConfiguration.Processors; processor++)
        {
            lines.AddRange(Put(world, processor));
        }

        return lines;
    }

    /// <summary>The frames in a pool's ring, in the order in which a refill reads them.</summary>
    internal static IEnumerable<int> Ring(Pool pool)
    {
        for (int place = 0; pool.RingPageAt(place) is >= 0 and int frame; place++)
        {
            yield return frame;
        }
    }

    private static string Current(PoolWorld world) => world.Pool.Current < 0
        ? ""
        : $", cutting {world.Memory.PageOf(world.Pool.Current)} from byte {world.Pool.CurrentOffset}, {world.Pool.CurrentUsers} cut";

    private static string Destruction(Pool pool) =>
        $"{(pool.DestroyStep == DestroyStep.Idle ? "" : $", destruction is about to do {pool.DestroyStep}")}{(pool.HasRetry ? ", will look again" : "")}";

    private static string Thing(PoolWorld world, int place)
    {
        var thing = world.Things[place];
        string what = thing.Kind switch
        {
            ThingKind.Page => $"{thing.Page}",
            ThingKind.Fragment => $"{thing.Page} bytes {thing.Offset} to {thing.Offset + thing.Length}",
            ThingKind.Reference => $"a page reference on {thing.Page}",
            _ => $"foreign {thing.Page}",
        };
        string counter = thing.IsOfPool ? $", counter {Counter(world, thing.Frame)}" : "";
        return $"thing {place + 1}: {what}{counter}, count {world.Memory.Count(thing.Frame)}";
    }

    /// <summary>The counter, as a difference to the bias where it is near that.</summary>
    internal static string Counter(PoolWorld world, int frame)
    {
        long counter = world.Pool.CounterOf(frame);
        long bias = world.Configuration.BiasMax;
        return counter <= bias / 2 ? $"{counter}" : counter == bias ? "bias" : $"bias {(counter < bias ? "-" : "+")} {Math.Abs(bias - counter)}";
    }

    private static IEnumerable<string> Put(PoolWorld world, int processor)
    {
        var put = world.UnderWay(processor);
        if (put.Step != PutStep.Idle)
        {
            yield return $"processor {processor} is about to {Next(put)}{(put.Count == 0 ? "" : $" pages {Pages(world, Enumerable.Range(0, put.Count).Select(place => put.Frames[place]))}")}";
        }
    }

    /// <summary>What a put that is under way does next.</summary>
    internal static string Next(in PutUnderWay put) => put.Step switch
    {
        PutStep.Decide => "decide about",
        PutStep.Publish => put.IsDirect ? "publish in the cache" : "publish in the ring",
        _ => put.Count == 0 ? "end its put" : "end its put and give up",
    };

    private static string Pages(PoolWorld world, IEnumerable<int> frames) =>
        string.Join(" ", frames.Select(frame => world.Memory.PageOf(frame).Value)) is { Length: > 0 } text ? text : "none";
}
