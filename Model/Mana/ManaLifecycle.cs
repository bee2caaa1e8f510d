using System.Collections.Immutable;
using RxVerify.Model.PagePool;
using RxVerify.Model.Vocabulary;
using RxVerify.Model.Vocabulary.Mana;
using RxVerify.Model.Vocabulary.PagePool;

namespace RxVerify.Model.Mana;

/// <summary>The driver builds a queue and takes it down (B.4.6 to B.4.8).</summary>
internal static class ManaLifecycle
{
    /// <summary>Step of Create: the queue's structure.</summary>
    internal const int StructureStep = 0;

    /// <summary>Step of Create: the pool.</summary>
    internal const int PoolStep = 1;

    /// <summary>Step of Create, behind that of the buffers: the work queue.</summary>
    internal const int WorkQueueStep = 3;

    /// <summary>Step of Create: the completion queue.</summary>
    internal const int CompletionQueueStep = 4;

    /// <summary>Step of Create: the WQ object, with which the device knows the queue.</summary>
    internal const int ObjectStep = 5;

    /// <summary>Step of Create, behind the posting: registration with XDP.</summary>
    internal const int RegistrationStep = 7;

    /// <summary>Builds a queue; when a step fails, what was done is undone.</summary>
    internal static ManaStep Create(ManaModel world, ManaOperation operation)
    {
        var luck = new ManaLuck(operation, world.PagesBorn);
        var (next, value) = Build(world, operation, ref luck);
        return ManaStep.Quiet(next with { PagesBorn = luck.Memory.PagesBorn }, value);
    }

    /// <summary>
    /// NAPI off, unregistered (the pool's first user leaves), WQ object destroyed: what the device had is forgotten, completions
    /// too. Then as any queue that is given up (B.4.7).
    /// </summary>
    internal static ManaStep Teardown(ManaModel world)
    {
        var queue = world.Queue!;
        var (pool, _) = PoolDestruction.Destroy(queue.Pool);
        return ManaStep.Quiet(GivenUp(world, queue with { Pool = pool! }), value: queue.Slots.Length);
    }

    /// <summary>The steps of docs/mana.md, Create, in order.</summary>
    private static (ManaModel Next, int Value) Build(ManaModel world, ManaOperation operation, ref ManaLuck luck)
    {
        var configuration = world.Configuration;
        var layout = ManaLayouts.Of(configuration.Request(operation.HasProgram)).Layout;
        var wanted = operation.IsPreallocated ? configuration.QueueSize : 0;
        var list = Preallocated(wanted, ref luck);
        if (list.Length < wanted || luck.LacksResource(StructureStep) || luck.LacksResource(PoolStep))
        {
            // There is nothing of the queue yet, and the pages of the list are freed.
            return (world, ManaOutcome.OutOfMemory);
        }

        var queue = new ManaQueueModel
        {
            Layout = layout,
            HasProgram = operation.HasProgram,
            Pool = PoolState.Created(configuration.Pool(layout)),
        };
        queue = Filled(queue, configuration.QueueSize, list, ref luck);
        if (queue.Slots.Length < configuration.QueueSize
            || luck.LacksResource(WorkQueueStep) || luck.LacksResource(CompletionQueueStep) || luck.LacksResource(ObjectStep))
        {
            return (GivenUp(world, queue), ManaOutcome.OutOfMemory);
        }

        var counters = world.Counters;
        counters.Posted += configuration.QueueSize;
        world = world with { Counters = counters };
        if (luck.LacksResource(RegistrationStep))
        {
            return (GivenUp(world, queue), ManaOutcome.OutOfMemory);
        }

        queue = queue with { Pool = queue.Pool.Registered(), Visible = [.. Enumerable.Range(0, configuration.QueueSize)] };
        return (world with { Queue = queue }, 0);
    }

    /// <summary>Whole pages, each mapped by the driver (B.4.8); fewer than wanted when one was not to be had or could not be mapped.</summary>
    private static ImmutableArray<PageId> Preallocated(int wanted, ref ManaLuck luck)
    {
        var list = ImmutableArray.CreateBuilder<PageId>();
        while (list.Count < wanted && luck.Memory.Given(1) == 1)
        {
            var page = luck.Memory.Birth();
            if (luck.CannotMap())
            {
                break;
            }

            list.Add(page);
        }

        return list.ToImmutable();
    }

    /// <summary>A buffer for each slot, from the list as long as it has one, the last allocated first; fewer slots when there was none (B.4.6.4).</summary>
    private static ManaQueueModel Filled(ManaQueueModel queue, int slots, ImmutableArray<PageId> list, ref ManaLuck luck)
    {
        while (queue.Slots.Length < slots)
        {
            (queue, var buffer) = list.IsEmpty
                ? ManaFilling.Fresh(queue, PutContext.Elsewhere, ref luck)
                : (queue, new ManaBuffer(list[^1], Offset: 0, IsFromPool: false));
            if (buffer is not { } fresh)
            {
                break;
            }

            list = list.IsEmpty ? list : list.RemoveAt(list.Length - 1);
            queue = queue with { Slots = queue.Slots.Add(fresh) };
        }

        return queue;
    }

    /// <summary>
    /// The end of a queue (B.4.7): the saved page and foreign pages are freed, the pool's buffers go back to it, and its last user
    /// destroys it. A pool that still has pages outside waits for them.
    /// </summary>
    private static ManaModel GivenUp(ManaModel world, ManaQueueModel queue)
    {
        var context = queue.Layout.IsFragmented ? PutContext.DirectInProcess : PutContext.Elsewhere;
        var pool = queue.Pool;
        foreach (var buffer in queue.Slots)
        {
            if (buffer.IsFromPool)
            {
                pool = PoolPutting.Whole(pool, [buffer.Page], context, sync: 0);
            }
        }

        var (left, _) = PoolDestruction.Destroy(pool);
        return world with { Queue = null, Waiting = left is null ? world.Waiting : world.Waiting.Add(left) };
    }
}
