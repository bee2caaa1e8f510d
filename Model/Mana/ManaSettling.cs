using RxVerify.Model.Vocabulary.Mana;

namespace RxVerify.Model.Mana;

/// <summary>The environment lets everything end (docs/mana.md, Settle).</summary>
internal static class ManaSettling
{
    private const int PollsMax = 2;

    /// <summary>Failures stop and the driver polls; holders let go unless they keep what they hold; pools look again.</summary>
    internal static ManaStep Settle(ManaModel world, ManaOperation operation)
    {
        var (next, polled) = Polled(world);
        var handedUp = next.Packets.RemoveRange(0, world.Packets.Length);
        if (!operation.KeepsHeld)
        {
            next = LetGo(next);
        }

        (next, var retries) = Retried(next);
        return new ManaStep(next, new ManaOutcome(polled + retries, handedUp.Length), handedUp);
    }

    private static (ManaModel Next, int Polls) Polled(ManaModel world)
    {
        var polls = 0;
        while (polls < PollsMax && world.Queue is { Completions.IsEmpty: false })
        {
            world = ManaPolling.Poll(world, ManaOperation.Poll()).Next;
            polls++;
        }

        return (world, polls);
    }

    private static ManaModel LetGo(ManaModel world)
    {
        while (!world.Transmissions.IsEmpty)
        {
            world = ManaStack.TxComplete(world, ManaOperation.TxComplete()).Next;
        }

        while (!world.Frames.IsEmpty)
        {
            world = ManaStack.Return(world, ManaOperation.Return()).Next;
        }

        while (!world.Packets.IsEmpty)
        {
            world = ManaStack.Release(world, ManaOperation.Release()).Next;
        }

        return world;
    }

    /// <summary>Each waiting pool, oldest first, looks again until it is gone or a look found nothing.</summary>
    private static (ManaModel Next, int Retries) Retried(ManaModel world)
    {
        var retries = 0;
        var pick = 0;
        while (pick < world.Waiting.Length)
        {
            var before = world.Waiting.Length;
            (world, var outcome, _) = ManaStack.Retry(world, pick);
            retries++;
            if (outcome.Value == 0 && world.Waiting.Length == before)
            {
                pick++;
            }
        }

        return (world, retries);
    }
}
