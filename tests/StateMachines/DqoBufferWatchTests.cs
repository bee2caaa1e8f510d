using RxVerify.Implementation.Dqo;
using RxVerify.Model.Vocabulary.Dqo;
using RxVerify.Properties;
using RxVerify.Properties.Dqo;
using RxVerify.StateMachines.Dqo;

namespace RxVerify.Tests.StateMachines;

/// <summary>What the buffers of a running DQO queue do is what their machine has.</summary>
public sealed class DqoBufferWatchTests
{
    private const int Runs = 200;
    private const int StepsOfRun = 200;

    private static readonly DqoBufferTrigger[] Nothing = [];
    private static readonly DqoBufferTrigger[] Completing = [DqoBufferTrigger.Complete];
    private static readonly DqoBufferTrigger[] Posting = [DqoBufferTrigger.PostFresh, DqoBufferTrigger.PostAgain, DqoBufferTrigger.GiveUp];
    private static readonly DqoBufferTrigger[] Polling = [DqoBufferTrigger.Recycle, DqoBufferTrigger.Wait, .. Posting];
    private static readonly DqoBufferTrigger[] TakingDown = [DqoBufferTrigger.TakeDown];

    [Fact]
    public void Every_move_of_every_buffer_is_one_that_the_machine_has()
    {
        var seen = new HashSet<DqoBufferTrigger>();
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
        Assert.Equal(Enum.GetValues<DqoBufferTrigger>(), seen.Order());
    }

    [Fact]
    public void A_buffer_that_is_posted_while_somebody_reads_it_is_refused_by_the_machine()
    {
        var refusal = Assert.Throws<InvalidOperationException>(() =>
        {
            for (int run = 0; run < Runs; run++)
            {
                Watch(DqoDefects.Canary, (ulong)run, out _);
            }
        });

        Assert.Contains(
            "PostAgain is not legal while the buffer is Recycled, because it needs that nobody reads the chunk; legal: TakeDown", refusal.Message, StringComparison.Ordinal);
    }

    private static BufferWatch<DqoBufferState, DqoBufferTrigger> Watch(DqoDefect? defect, ulong seed, out int steps)
    {
        var dice = new Dice(seed);
        using var world = DqoDefects.WorldOf(defect, DqoConfigurations.Draw(ref dice, DqoScope.PageList));
        var generator = new DqoGenerator(dice.Next(), DqoScope.PageList);
        int watched = 0;
        var watch = new BufferWatch<DqoBufferState, DqoBufferTrigger>((read, write) => new DqoBufferMachine(read, write, () => IsRead(world, watched)));
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
            for (watched = 0; watched < after.Length; watched++)
            {
                watch.Explain(before[watched], after[watched], TriggersOf(operation.Kind), state => DqoBufferMachine.Detached(state));
            }

            before = after;
        }

        return watch;
    }

    /// <summary>What an operation may do to a buffer. A release or a clone moves none: the driver does not see it.</summary>
    private static DqoBufferTrigger[] TriggersOf(DqoOperationKind kind) => kind switch
    {
        DqoOperationKind.Receive or DqoOperationKind.ReceiveLate => Completing,
        DqoOperationKind.Poll or DqoOperationKind.Settle => Polling,
        DqoOperationKind.Post or DqoOperationKind.Refill or DqoOperationKind.Create => Posting,
        DqoOperationKind.Teardown => TakingDown,
        _ => Nothing,
    };

    /// <summary>Where each buffer state is, from the lists, the rings' indices and what the device wrote.</summary>
    private static DqoBufferState[] Places(DqoWorld world)
    {
        var queue = world.Queue;
        var places = new DqoBufferState[queue.States.Length];
        if (!queue.IsUp)
        {
            return places;
        }

        for (int id = 0; id < places.Length; id++)
        {
            places[id] = queue.States[id].Next == id ? DqoBufferState.Posted : DqoBufferState.Free;
        }

        for (long sequence = world.Device.Written - world.Pending; sequence < world.Device.Written; sequence++)
        {
            places[world.Device.LogOf(sequence).BufferId] = DqoBufferState.Filled;
        }

        Mark(queue, queue.RecycledHead, DqoBufferState.Recycled, places);
        Mark(queue, queue.UsedHead, DqoBufferState.Used, places);
        return places;
    }

    private static void Mark(DqoQueue queue, int head, DqoBufferState place, DqoBufferState[] places)
    {
        for (int id = head; id >= 0; id = queue.States[id].Next)
        {
            places[id] = place;
        }
    }

    private static bool IsRead(DqoWorld world, int id)
    {
        ref readonly var state = ref world.Queue.States[id];
        return state.HasPage && world.Memory.HeldOn(state.Frame, state.Offset) > 0;
    }
}
