using RxVerify.Implementation.Mana;
using RxVerify.Model.Vocabulary.Mana;
using RxVerify.Properties;
using RxVerify.Properties.Mana;
using RxVerify.StateMachines.Mana;

namespace RxVerify.Tests.StateMachines;

/// <summary>What the buffers of a running MANA queue do is what their machine has.</summary>
public sealed class ManaBufferWatchTests
{
    private const int Runs = 200;
    private const int StepsOfRun = 200;

    private static readonly ManaBufferTrigger[] Nothing = [];
    private static readonly ManaBufferTrigger[] Completing = [ManaBufferTrigger.Complete];
    private static readonly ManaBufferTrigger[] LettingGo = [ManaBufferTrigger.LetGo];
    private static readonly ManaBufferTrigger[] TakingDown = [ManaBufferTrigger.TakeDown];
    private static readonly ManaBufferTrigger[] Posting = [ManaBufferTrigger.Post];

    private static readonly ManaBufferTrigger[] Polling =
    [
        ManaBufferTrigger.Post, ManaBufferTrigger.HandUp, ManaBufferTrigger.Transmit, ManaBufferTrigger.Redirect, ManaBufferTrigger.Save, ManaBufferTrigger.Drop,
        ManaBufferTrigger.TakeCopy,
    ];

    private static readonly ManaBufferTrigger[] Settling = [.. Polling, ManaBufferTrigger.LetGo];

    [Fact]
    public void Every_move_of_every_buffer_is_one_that_the_machine_has()
    {
        var seen = new HashSet<ManaBufferTrigger>();
        int steps = 0;
        int moves = 0;
        for (int run = 0; run < Runs; run++)
        {
            var watch = Watch(null, (ulong)run, out int done);
            seen.UnionWith(watch.Seen);
            steps += done;
            moves += watch.Moves;
        }

        Assert.InRange(steps, 10_000, Runs * StepsOfRun);
        Assert.InRange(moves, 10_000, int.MaxValue);
        Assert.Equal(Enum.GetValues<ManaBufferTrigger>(), seen.Order());
    }

    [Fact]
    public void A_buffer_that_is_handed_up_and_posted_as_well_is_refused_by_the_machine()
    {
        var refusal = Assert.Throws<InvalidOperationException>(() =>
        {
            for (int run = 0; run < Runs; run++)
            {
                Watch(ManaDefects.Named("F-B5"), (ulong)run, out _);
            }
        });

        Assert.Contains("Posted and WithStack at once", refusal.Message, StringComparison.Ordinal);
        Assert.Contains("Post is not legal while the buffer is WithStack; legal: LetGo", refusal.Message, StringComparison.Ordinal);
    }

    private static BufferWatch<ManaBufferState, ManaBufferTrigger> Watch(ManaDefect? defect, ulong seed, out int steps)
    {
        var dice = new Dice(seed);
        using var world = ManaDefects.WorldOf(defect, ManaConfigurations.Draw(ref dice, fragments: null));
        var generator = new ManaGenerator(dice.Next(), lies: false);
        var watch = new BufferWatch<ManaBufferState, ManaBufferTrigger>((read, write) => new ManaBufferMachine(read, write));
        var before = Places(world);
        steps = 0;
        for (int step = 0; step < StepsOfRun; step++)
        {
            var operation = generator.Next(world);
            if (!world.Allows(operation))
            {
                continue;
            }

            world.Apply(operation);
            steps++;
            var after = Places(world);
            foreach (var buffer in before.Keys.Union(after.Keys))
            {
                watch.Explain(
                    before.GetValueOrDefault(buffer), after.GetValueOrDefault(buffer), TriggersOf(operation.Kind), state => ManaBufferMachine.Detached(state));
            }

            before = after;
        }

        return watch;
    }

    private static ManaBufferTrigger[] TriggersOf(ManaOperationKind kind) => kind switch
    {
        ManaOperationKind.Receive => Completing,
        ManaOperationKind.Poll => Polling,
        ManaOperationKind.Settle => Settling,
        ManaOperationKind.Release or ManaOperationKind.TxComplete or ManaOperationKind.Return => LettingGo,
        ManaOperationKind.Create => Posting,
        ManaOperationKind.Teardown => TakingDown,
        _ => Nothing,
    };

    /// <summary>Where each buffer is that is not free, by frame and first byte of its packet.</summary>
    private static Dictionary<(int Frame, int Offset), ManaBufferState> Places(ManaWorld world)
    {
        var places = new Dictionary<(int Frame, int Offset), ManaBufferState>();
        var queue = world.Queue;
        for (int place = 0; place < world.Stack.HeldPackets; place++)
        {
            var packet = world.Stack.FragmentsOf(world.Stack.HeldAt(place))[0];
            Put(places, packet.Frame, packet.Offset, ManaBufferState.WithStack);
        }

        foreach (ref readonly var sent in world.Transmissions)
        {
            Put(places, sent.Frame, sent.Offset, ManaBufferState.Transmitting);
        }

        foreach (ref readonly var frame in world.Frames)
        {
            Put(places, frame.Frame, frame.Offset, ManaBufferState.Redirected);
        }

        if (queue.SavedFrame >= 0)
        {
            Put(places, queue.SavedFrame, queue.Layout.Headroom, ManaBufferState.Saved);
        }

        int filled = Filled(world);
        for (int place = 0; queue.IsUp && place < world.Configuration.QueueSize; place++)
        {
            ref readonly var slot = ref queue.SlotAt((queue.NextSlot + place) % world.Configuration.QueueSize);
            Put(places, slot.Frame, slot.Offset + queue.Layout.Headroom, place < filled ? ManaBufferState.Filled : ManaBufferState.Posted);
        }

        return places;
    }

    /// <summary>Slots whose completion waits.</summary>
    private static int Filled(ManaWorld world)
    {
        int filled = 0;
        for (long sequence = world.Queue.Consumed; sequence < world.Queue.Consumed + world.Pending; sequence++)
        {
            filled += world.Device.LogOf(sequence).ReturnsBuffer ? 1 : 0;
        }

        return filled;
    }

    /// <summary>One buffer in one place: from where it is it would have to move to where it is as well.</summary>
    private static void Put(Dictionary<(int Frame, int Offset), ManaBufferState> places, int frame, int offset, ManaBufferState place)
    {
        if (places.TryAdd((frame, offset), place))
        {
            return;
        }

        var first = places[(frame, offset)];
        try
        {
            ManaBufferMachine.Detached(first).Fire(place == ManaBufferState.Filled ? ManaBufferTrigger.Complete : ManaBufferTrigger.Post);
        }
        catch (InvalidOperationException refusal)
        {
            throw new InvalidOperationException($"{place} and {first} at once: {refusal.Message}", refusal);
        }
    }
}
