using RxVerify.Model.Vocabulary;
using RxVerify.Model.Vocabulary.Dqo;

namespace RxVerify.Model.Dqo;

/// <summary>What became of one completion.</summary>
internal enum DqoFate
{
    /// <summary>Its bytes are part of the packet under assembly.</summary>
    Taken,

    /// <summary>Its packet failed before: neither counted nor charged.</summary>
    Dropped,

    /// <summary>The device reported nonsense or damage (descriptor error).</summary>
    Refused,

    /// <summary>Memory was missing.</summary>
    OutOfMemory,
}

/// <summary>The driver consumes one completion (A.5.5), in the order of "One completion" of docs/dqo.md.</summary>
internal static class DqoCompletions
{
    /// <summary>One completion and what follows from its failure: the packet under assembly is freed, the rest of it is dropped (A-D7).</summary>
    internal static (DqoModel Next, DqoFate Fate) Consume(DqoModel world, DqoCompletion completion, ref DqoLuck luck)
    {
        var (next, fate) = Take(world, completion, ref luck);
        if (fate is DqoFate.Taken)
        {
            return (next, fate);
        }

        var counters = next.Counters;
        counters.DescriptorErrors += fate is DqoFate.Refused ? 1 : 0;
        counters.SkbFailures += fate is DqoFate.OutOfMemory ? 1 : 0;
        var queue = next.Queue! with { Assembly = null, Dropping = !completion.EndOfPacket };
        return (next with { Queue = queue, Counters = counters }, fate);
    }

    /// <summary>Points 1 to 7 of "One completion, in order"; A.5.5 with the right rules.</summary>
    private static (DqoModel Next, DqoFate Fate) Take(DqoModel world, DqoCompletion completion, ref DqoLuck luck)
    {
        var configuration = world.Configuration;
        var queue = world.Queue!;
        if (!queue.IsPosted(completion.BufferId))
        {
            // No buffer came back, so no slot does: the lists, and with them the count of posted buffers, stay (A-D2, A-D8).
            return (world, DqoFate.Refused);
        }

        if (completion.Error || completion.Length > configuration.ChunkSize)
        {
            return (Recycle(world, completion), DqoFate.Refused);
        }

        if (queue.Dropping)
        {
            return (Recycle(world, completion), DqoFate.Dropped);
        }

        // The first skb of a packet, linear or not, and one more each time the last one is full (A.5.4.1, A.5.5.6).
        var fragments = queue.Assembly?.Fragments.Length ?? 0;
        if (fragments % configuration.FragmentsMax == 0 && luck.Strikes(DqoFault.Skb))
        {
            return (Recycle(world, completion), DqoFate.OutOfMemory);
        }

        if (queue.Assembly is null && completion.EndOfPacket && completion.Length <= configuration.Copybreak)
        {
            return (Copy(world, completion), DqoFate.Taken);
        }

        if (configuration.QueuePageList && queue.Used.Length >= configuration.BufferStates - configuration.CopyThreshold)
        {
            return luck.Strikes(DqoFault.CopyPage)
                ? (Recycle(world, completion), DqoFate.OutOfMemory)
                : (CopyOnDemand(world, completion), DqoFate.Taken);
        }

        return (HandUp(world, completion), DqoFate.Taken);
    }

    /// <summary>The chunk was not handed up, so it is posted again as it is (I5).</summary>
    private static DqoModel Recycle(DqoModel world, DqoCompletion completion) =>
        world with { Queue = world.Queue!.Recycle(completion.BufferId) };

    /// <summary>Copybreak: the bytes move into a linear skb, no reference is given away (A.5.5.6.1, I5).</summary>
    private static DqoModel Copy(DqoModel world, DqoCompletion completion)
    {
        var counters = world.Counters;
        counters.Copied++;
        var packet = new DqoAssembly(completion.Length, completion.Length, Copied: true, []);
        return world with { Queue = world.Queue!.Recycle(completion.BufferId) with { Assembly = packet }, Counters = counters };
    }

    /// <summary>The bytes move to the start of a page that the packet alone owns, so the stack never pins the last list pages (A.9.3).</summary>
    private static DqoModel CopyOnDemand(DqoModel world, DqoCompletion completion)
    {
        var counters = world.Counters;
        counters.CopiedOnDemand++;
        var fragment = new Fragment(new PageId(world.PagesBorn + 1), Offset: 0, completion.Length);
        var packet = Append(world.Queue!.Assembly, fragment, world.Configuration.PageSize);
        return world with
        {
            Queue = world.Queue.Recycle(completion.BufferId) with { Assembly = packet },
            Counters = counters,
            PagesBorn = fragment.Page.Value,
        };
    }

    /// <summary>The packet gets the chunk and one reference paid from the bias; the buffer is classified (A.5.4.3, A.4.9, A.5.3).</summary>
    private static DqoModel HandUp(DqoModel world, DqoCompletion completion)
    {
        var configuration = world.Configuration;
        var queue = world.Queue!;
        var id = completion.BufferId;
        var buffer = queue.Buffers[id];
        var packet = Append(queue.Assembly, new Fragment(buffer.Page, buffer.Offset, completion.Length), configuration.ChunkSize);

        // The chunk just handed up counts exactly one: nobody else has seen it yet (A.5.3.2).
        var outstanding = DqoStack.Outstanding(world, buffer.Page) + 1;
        buffer = Classified(configuration, Paid(configuration, buffer, outstanding), outstanding);
        var reusable = buffer.Place is DqoPlace.Recycled;
        return world with
        {
            Queue = queue with
            {
                Assembly = packet,
                Buffers = queue.Buffers.SetItem(id, buffer),
                Recycled = reusable ? queue.Recycled.Add(id) : queue.Recycled,
                Used = reusable ? queue.Used : queue.Used.Add(id),
            },
        };
    }

    /// <summary>The packet under assembly, or a new one, with one more fragment that charges this many bytes.</summary>
    private static DqoAssembly Append(DqoAssembly? assembly, Fragment fragment, int truesize) => assembly is { } packet
        ? new DqoAssembly(packet.Length + fragment.Length, packet.Truesize + truesize, Copied: false, packet.Fragments.Add(fragment))
        : new DqoAssembly(fragment.Length, truesize, Copied: false, [fragment]);

    /// <summary>One prepaid reference changes its owner; at none left, the driver buys up to the limit again (A.4.9).</summary>
    private static DqoBuffer Paid(DqoConfiguration configuration, DqoBuffer buffer, int outstanding) =>
        buffer with { Bias = buffer.Bias > 1 ? buffer.Bias - 1 : configuration.BiasLimit - outstanding };

    /// <summary>
    /// Where a buffer goes after its chunk was handed up (A.5.3): when that chunk is the only one referenced, all others are free
    /// and the driver may go round until it meets this one again.
    /// </summary>
    private static DqoBuffer Classified(DqoConfiguration configuration, DqoBuffer buffer, int outstanding)
    {
        if (2 * configuration.ChunkSize > configuration.PageSize)
        {
            return buffer with { Place = DqoPlace.Used };
        }

        var lastSingle = outstanding == 1 ? buffer.Offset : buffer.LastSingle;
        var following = buffer.Offset + configuration.ChunkSize;
        var next = following + configuration.ChunkSize <= configuration.PageSize ? following : 0;
        return buffer with { Place = next == lastSingle ? DqoPlace.Used : DqoPlace.Recycled, Offset = next, LastSingle = lastSingle };
    }
}
