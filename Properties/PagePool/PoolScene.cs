using RxVerify.Implementation.PagePool;
using RxVerify.Model.Vocabulary.PagePool;
using RxVerify.Properties.Pictures;

namespace RxVerify.Properties.PagePool;

/// <summary>What there is to see of a page pool's world, for pictures.</summary>
internal static class PoolScene
{
    /// <summary>The scene of a run as it stands.</summary>
    public static Scene Of(PoolRun run)
    {
        var world = run.World;
        var scene = new SceneBuilder();
        var memory = new SceneMemory(scene, world.Memory);
        memory.AddPages();
        AddNotes(world, memory);
        scene.Queue("things held", AddThings(world, memory));
        scene.Queue("puts under way", AddPuts(world, memory));
        AddPool(scene, memory, world.Pool, world.Memory.PageSize, "");
        scene.Fact("destruction", world.Pool.DestroyStep == DestroyStep.Idle ? "not under way" : $"is about to do {world.Pool.DestroyStep}");
        scene.Fact("users", world.Pool.Users);
        scene.Fact("mappings", world.Memory.Mappings);
        return scene.Build();
    }

    /// <summary>What a pool keeps, in cache, in ring and of the page it cuts; of a pool that is gone, that it is gone.</summary>
    /// <param name="scene">The scene that is put together.</param>
    /// <param name="memory">Its pages.</param>
    /// <param name="pool">The pool.</param>
    /// <param name="pageSize">Bytes of a page.</param>
    /// <param name="name">What tells it from other pools of the scene, before each of its lists and counters; empty when it is alone.</param>
    internal static void AddPool(SceneBuilder scene, SceneMemory memory, Pool pool, int pageSize, string name)
    {
        scene.Fact($"{name}pool", pool.IsUp ? pool.HasRetry ? "will look again" : "exists" : "gone");
        if (!pool.IsUp)
        {
            return;
        }

        int[] cache = [.. Enumerable.Range(0, pool.Cached).Select(pool.CacheAt)];
        int[] ring = [.. PoolObservation.Ring(pool)];
        AddWaiting(scene, memory, $"{name}cache", cache, pageSize);
        AddWaiting(scene, memory, $"{name}ring", ring, pageSize);
        if (pool.Current >= 0 && pool.CurrentOffset < pageSize)
        {
            memory.PageAt(pool.Current)?.Mark(pool.CurrentOffset, pageSize - pool.CurrentOffset, Holder.Pool, $"{name}rest being cut");
        }

        scene.Fact($"{name}pages held", pool.Counters.Hold);
        scene.Fact($"{name}pages released", pool.Counters.Release);
        scene.Fact($"{name}cut from", pool.Current < 0 ? "no page" : memory.Entry(pool.Current, pool.CurrentOffset));
    }

    private static void AddWaiting(SceneBuilder scene, SceneMemory memory, string name, int[] frames, int pageSize)
    {
        foreach (int frame in frames)
        {
            memory.PageAt(frame)?.Mark(0, pageSize, Holder.Pool, $"waits in the {name}");
        }

        scene.Queue(name, frames.Select(frame => memory.Name(frame)));
    }

    private static void AddNotes(PoolWorld world, SceneMemory memory)
    {
        for (int frame = 0; frame < world.Memory.FramesUsed; frame++)
        {
            if (world.Memory.IsAllocated(frame) && memory.PageAt(frame) is { } page)
            {
                page.IsOwned = world.Pool.IsUp && world.Pool.Current == frame;
                page.Note($"page count {world.Memory.Count(frame)}{(world.Pool.IsOfPool(frame) ? $", pool counter {PoolObservation.Counter(world, frame)}" : ", no pool's")}");
            }
        }
    }

    private static List<string> AddThings(PoolWorld world, SceneMemory memory)
    {
        var entries = new List<string>();
        foreach (ref readonly var thing in world.Things)
        {
            string what = thing.Kind switch
            {
                ThingKind.Page => "page",
                ThingKind.Fragment => "fragment",
                ThingKind.Reference => "page reference",
                _ => "foreign page, marked for recycling",
            };
            string text = $"thing {entries.Count + 1}, {what}";
            int length = thing.Kind == ThingKind.Fragment ? thing.Length : world.Memory.PageSize - thing.Offset;
            memory.PageAt(thing.Frame)?.Mark(thing.Offset, length, thing.Kind == ThingKind.Reference ? Holder.Reader : Holder.User, text);
            entries.Add($"{what}: {thing.Page}{(thing.Kind == ThingKind.Fragment ? $" bytes {thing.Offset} to {thing.Offset + thing.Length - 1}" : "")}");
        }

        return entries;
    }

    private static List<string> AddPuts(PoolWorld world, SceneMemory memory)
    {
        var entries = new List<string>();
        for (int processor = 0; processor < PoolConfiguration.Processors; processor++)
        {
            ref readonly var put = ref world.UnderWay(processor);
            if (put.Step == PutStep.Idle)
            {
                continue;
            }

            var pages = new List<string>();
            for (int place = 0; place < put.Count; place++)
            {
                int frame = put.Frames[place];
                memory.PageAt(frame)?.Mark(0, world.Memory.PageSize, Holder.Put, $"put on processor {processor}");
                pages.Add(memory.Name(frame));
            }

            entries.Add($"processor {processor} is about to {PoolObservation.Next(put)}{(pages.Count == 0 ? "" : ": " + string.Join(", ", pages))}");
        }

        return entries;
    }
}
