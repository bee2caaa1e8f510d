using RxVerify.Model.Vocabulary.Mana;

namespace RxVerify.Model.Mana;

/// <summary>The driver polls: it consumes completions and posts the slots again that they came from (B.4.3).</summary>
internal static class ManaPolling
{
    /// <summary>One poll.</summary>
    internal static ManaStep Poll(ManaModel world, ManaOperation operation)
    {
        var luck = new ManaLuck(operation, world.PagesBorn);
        var ready = world.Queue!.Completions;
        var consumed = Math.Min(ready.Length, world.Configuration.PollMax);
        var counters = world.Counters;
        counters.Completed += consumed;
        var next = world with { Queue = world.Queue with { Completions = ready.RemoveRange(0, consumed) }, Counters = counters };
        for (var place = 0; place < consumed; place++)
        {
            next = Consume(next, ready[place], ref luck);
        }

        // A poll gives nothing of what it finds in the stack's hands back, so what is new there is at the end.
        var handedUp = next.Packets.RemoveRange(0, world.Packets.Length);
        return new ManaStep(next with { PagesBorn = luck.Memory.PagesBorn }, new ManaOutcome(consumed, handedUp.Length), handedUp);
    }

    /// <summary>One completion (docs/mana.md, steps 1 to 7).</summary>
    private static ManaModel Consume(ManaModel world, ManaCompletionModel completion, ref ManaLuck luck)
    {
        var counters = world.Counters;
        switch (completion.Report)
        {
            case ManaReport.Foreign:
                counters.CompletionErrors++;
                return world with { Counters = counters };
            case ManaReport.Fence:
                counters.Fences++;
                return world with { Counters = counters };
            case ManaReport.Truncated:
                counters.Dropped++;
                return PostAgain(world with { Counters = counters });
            case ManaReport.Packet when completion.Length >= 1 && completion.Length <= world.Queue!.Layout.DataSize:
                return PostAgain(ManaReceiving.Receive(world, completion, ref luck));
            default:
                // Of a type that was not asked for, or of a length that cannot be: the buffer did come back (B.7 #3, #12).
                counters.CompletionErrors++;
                return PostAgain(world with { Counters = counters });
        }
    }

    /// <summary>The tail moves past the slot, which is posted again, and the next one is to be completed (B.4.3.6). The poll rings before anybody looks.</summary>
    private static ManaModel PostAgain(ManaModel world)
    {
        var queue = world.Queue!;
        var counters = world.Counters;
        counters.Posted++;
        return world with
        {
            Counters = counters,
            Queue = queue with { Visible = queue.Visible.Add(queue.NextSlot), NextSlot = (queue.NextSlot + 1) % queue.Slots.Length },
        };
    }
}
