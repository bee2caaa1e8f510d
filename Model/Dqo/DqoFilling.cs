using System.Collections.Immutable;
using RxVerify.Model.Vocabulary;
using RxVerify.Model.Vocabulary.Dqo;

namespace RxVerify.Model.Dqo;

/// <summary>The driver fills the buffer queue (A.5.1, A.5.2, A.4.7).</summary>
internal static class DqoFilling
{
    /// <summary>The driver's three places (A.1): top or head first.</summary>
    private readonly record struct Lists(ImmutableArray<int> Free, ImmutableArray<int> Recycled, ImmutableArray<int> Used);

    /// <summary>Post and Refill as operations; the first filling of Create.</summary>
    internal static DqoStep Fill(DqoModel world, int limit, DqoOperation operation)
    {
        var luck = new DqoLuck(operation);
        var (next, posted) = Fill(world, limit, ref luck);
        return DqoStep.Quiet(next, posted);
    }

    /// <summary>Posts until no slot is left, the limit is reached or no buffer can be had (A.5.2); then the test of A-D10.</summary>
    internal static (DqoModel Next, int Posted) Fill(DqoModel world, int limit, ref DqoLuck luck)
    {
        // Buffers on their way through this function are in no list and in no ring, so the room is counted once (A.5.2.1).
        var room = Math.Min(limit, Room(world.Configuration, world.Queue!));
        var posted = 0;
        while (posted < room)
        {
            (world, var taken) = PostOne(world, ref luck);
            if (!taken)
            {
                break;
            }

            posted++;
        }

        return (LookForStarvation(world, posted), posted);
    }

    /// <summary>Slots left: one buffer slot stays empty, and each posted buffer keeps a completion slot (A.5.2.1, I6).</summary>
    private static int Room(DqoConfiguration configuration, DqoQueueModel queue) =>
        Math.Min(configuration.BufferSlots - 1, configuration.CompletionSlots) - queue.Posted;

    /// <summary>One turn of the loop of A.5.2.2: a reusable buffer, else a free one with a page of its own, else nothing.</summary>
    private static (DqoModel Next, bool Taken) PostOne(DqoModel world, ref DqoLuck luck)
    {
        var queue = world.Queue!;
        var (reusable, lists) = TakeReusable(world, queue);
        if (reusable is { } id)
        {
            return (world with { Queue = Post(world.Configuration, queue, lists, id, queue.Buffers[id]) }, true);
        }

        if (lists.Free.IsEmpty)
        {
            return (world with { Queue = queue with { Used = lists.Used } }, false);
        }

        var free = lists.Free[0];
        var (next, page) = world.Configuration.QueuePageList ? TakeListPage(world) : AllocatePage(world, ref luck);
        if (page == PageId.None)
        {
            // The buffer stays on top of the free stack; a page it gave up before is not its own any more (A-D1).
            queue = queue with { Buffers = queue.Buffers.SetItem(free, default), Free = lists.Free, Used = lists.Used };
            return (next with { Queue = queue }, false);
        }

        var buffer = new DqoBuffer(DqoPlace.Free, page, Offset: 0, LastSingle: 0, world.Configuration.BiasLimit);
        lists = lists with { Free = lists.Free.RemoveAt(0) };
        return (next with { Queue = Post(world.Configuration, next.Queue!, lists, free, buffer) }, true);
    }

    /// <summary>
    /// Picks a buffer whose chunk nobody references, or none (A.5.1). When none is found and no buffer is free, the next
    /// used one gives its page up to the stack and lies on the free stack afterwards.
    /// </summary>
    private static (int? Id, Lists Lists) TakeReusable(DqoModel world, DqoQueueModel queue)
    {
        var lists = new Lists(queue.Free, queue.Recycled, queue.Used);
        if (!lists.Recycled.IsEmpty)
        {
            return (lists.Recycled[0], lists with { Recycled = lists.Recycled.RemoveAt(0) });
        }

        if (lists.Used.IsEmpty)
        {
            return (null, lists);
        }

        for (var probe = 0; probe < world.Configuration.UsedProbes; probe++)
        {
            // Each look that fails moves the head to the tail, so look k sees place k, round and round (A.5.1.3).
            var place = probe % lists.Used.Length;
            if (IsUnreferenced(world, lists.Used[place]))
            {
                return (lists.Used[place], lists with { Used = RotatedLeft(lists.Used, place).RemoveAt(0) });
            }
        }

        lists = lists with { Used = RotatedLeft(lists.Used, world.Configuration.UsedProbes % lists.Used.Length) };
        if (!lists.Free.IsEmpty || world.Configuration.QueuePageList)
        {
            // Pages of a list are finite: none is given up (A.9.2).
            return (null, lists);
        }

        var head = lists.Used[0];
        lists = lists with { Used = lists.Used.RemoveAt(0) };
        return IsUnreferenced(world, head) ? (head, lists) : (null, lists with { Free = [head] });
    }

    /// <summary>The only evidence that takes a buffer off the used list: no reference on any chunk of its page (A.5.1.3).</summary>
    private static bool IsUnreferenced(DqoModel world, int id) => DqoStack.Outstanding(world, world.Queue!.Buffers[id].Page) == 0;

    /// <summary>The list after this many heads went to the tail (A.5.1.3).</summary>
    private static ImmutableArray<int> RotatedLeft(ImmutableArray<int> list, int places) =>
        places == 0 ? list : [.. list.AsSpan(places, list.Length - places), .. list.AsSpan(0, places)];

    /// <summary>Allocates and maps a page (A.4.7); a page id is given even when the mapping then fails.</summary>
    private static (DqoModel Next, PageId Page) AllocatePage(DqoModel world, ref DqoLuck luck)
    {
        var counters = world.Counters;
        if (luck.Strikes(DqoFault.Page))
        {
            counters.PageFailures++;
            counters.BufferFailures++;
            return (world with { Counters = counters }, PageId.None);
        }

        var born = world.PagesBorn + 1;
        if (luck.Strikes(DqoFault.Mapping))
        {
            counters.MappingFailures++;
            counters.BufferFailures++;
            return (world with { Counters = counters, PagesBorn = born }, PageId.None);
        }

        return (world with { PagesBorn = born }, new PageId(born));
    }

    /// <summary>Takes the next page of the queue page list, which cannot fail: there is one for each buffer (A.9.2).</summary>
    private static (DqoModel Next, PageId Page) TakeListPage(DqoModel world)
    {
        var page = world.Queue!.NextListPage;
        return (world with { Queue = world.Queue with { NextListPage = new PageId(page.Value + 1) } }, page);
    }

    /// <summary>Writes a descriptor; the doorbell is rung when a whole batch lies behind the last one (A.5.2.2.2 to 4).</summary>
    private static DqoQueueModel Post(DqoConfiguration configuration, DqoQueueModel queue, Lists lists, int id, DqoBuffer buffer)
    {
        // The first tail is 0 and the batch divides the ring, so "tail is a multiple of the batch" is "a batch is unrung".
        var unrung = queue.Unrung.Add(id);
        var rings = unrung.Length == configuration.DoorbellBatch;
        return queue with
        {
            Buffers = queue.Buffers.SetItem(id, buffer with { Place = DqoPlace.Posted }),
            Free = lists.Free,
            Recycled = lists.Recycled,
            Used = lists.Used,
            Visible = rings ? queue.Visible.AddRange(unrung) : queue.Visible,
            Unrung = rings ? [] : unrung,
        };
    }

    /// <summary>Arms and counts the timer exactly when the device sees fewer buffers than one doorbell batch (right rule for A-D10).</summary>
    private static DqoModel LookForStarvation(DqoModel world, int posted)
    {
        var queue = world.Queue!;
        var starved = queue.Posted - queue.Unrung.Length < world.Configuration.DoorbellBatch;
        var counters = world.Counters;
        counters.Posted += posted;
        counters.CriticallyLow += starved ? 1 : 0;
        return world with { Queue = starved == queue.TimerArmed ? queue : queue with { TimerArmed = starved }, Counters = counters };
    }
}
