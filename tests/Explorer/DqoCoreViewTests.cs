using RxVerify.Implementation.Dqo;
using RxVerify.Model.Dqo;
using RxVerify.Model.Vocabulary.Dqo;
using RxVerify.Properties;
using RxVerify.Properties.Dqo;

namespace RxVerify.Tests.Explorer;

/// <summary>States that are none of the core's: each has to be told from those that are, or the key would stand for another.</summary>
public sealed class DqoCoreViewTests : IDisposable
{
    internal static readonly DqoCoreConfiguration Core = DqoCoreConfiguration.Parse("2 2 2 2 5 4 0");

    /// <summary>The queue of <see cref="Core"/>.</summary>
    internal static readonly DqoConfiguration Configuration = new()
    {
        ChunkSize = 2048,
        BufferSlots = 4,
        CompletionSlots = 2,
        BufferStates = 2,
        BiasLimit = 4,
        UsedProbes = 5,
        DoorbellBatch = 1,
        Copybreak = 1,
        FragmentsMax = 1,
        StackCapacity = 2,
    };

    private readonly DqoWorld<RightRules> _world = new(Configuration);
    private readonly DqoWorld<RightRules> _home = new(Configuration);

    public void Dispose()
    {
        _world.Dispose();
        _home.Dispose();
    }

    [Fact]
    public void A_page_on_the_recycled_list_and_a_free_state_without_one_are_a_state_of_the_core() =>
        Assert.Null(Wrong(queue =>
        {
            Give(queue, 0);
            queue.AddRecycled(0);
            queue.AddFree(1);
        }));

    [Fact]
    public void A_free_state_that_keeps_its_page_is_told() =>
        Assert.Equal("I9: buffer 1 is free and keeps its page", Wrong(queue =>
        {
            Give(queue, 0);
            Give(queue, 1);
            queue.AddRecycled(0);
            queue.AddFree(1);
        }));

    [Fact]
    public void A_listed_state_without_a_page_is_told() =>
        Assert.Equal("I1: buffer 0 has no page, and is not where free ones are", Wrong(queue =>
        {
            queue.AddRecycled(0);
            queue.AddFree(1);
        }));

    [Fact]
    public void A_state_that_is_in_two_places_while_another_is_in_none_is_told() =>
        Assert.Equal("I1: buffer 0 is in a second place, or a list runs back to it", Wrong(queue =>
        {
            Give(queue, 0);
            queue.AddRecycled(0);
            queue.AddUsed(0);
        }));

    [Fact]
    public void A_state_that_is_in_no_place_is_told() =>
        Assert.Equal("I1: buffer 1 is on no list and not posted", Wrong(queue =>
        {
            Give(queue, 0);
            queue.AddRecycled(0);
        }));

    [Fact]
    public void A_page_that_nobody_has_is_told_also_when_the_step_that_lost_it_took_it()
    {
        var queue = new DqoArrangement(_world, _home);
        queue.Begin();
        Give(queue, 0);
        queue.AddRecycled(0);
        queue.AddFree(1);
        queue.Bring();
        var view = new DqoCoreView(_world, Core, balances: true);
        var before = new DqoCoreState(Core);
        Assert.Null(view.Read(before));

        _world.Memory.Allocate(fault: 0, maySleep: false);

        Assert.Equal("I4: the count of page 2, which no buffer has, is 1, the references outside 0", view.Read(new DqoCoreState(Core), queue, before)?.ToString());
    }

    [Fact]
    public void What_is_read_of_what_a_step_changed_is_what_is_read_of_all_of_it()
    {
        // Mistakes of recycling, since the view sees no ring.
        string[] names = ["NeverWaits", "UsedListAcceptsOneReference", "CountsBeforePaying", "ClassifiesAfterCopy", "ReplenishesTooMuch", "DiscardTakesAReference", "DiscardKeepsPage"];
        int changes = names.Select(name => DqoDefects.Named(name)!.Driver).Append(DqoDriver.Right).Sum(ReadBothWays);
        Assert.True(changes > 1_000, $"{changes} steps changed the state");
    }

    private static int ReadBothWays(DqoDriver driver)
    {
        using var world = driver.World(Configuration);
        using var home = driver.World(Configuration);
        var arrangement = new DqoArrangement(world, home);
        var view = new DqoCoreView(world, Core, balances: true);
        var (before, changed, all) = (new DqoCoreState(Core), new DqoCoreState(Core), new DqoCoreState(Core));
        var dice = new Dice(1);
        int changes = 0;
        for (int step = 0; step < 1000; step++)
        {
            arrangement.Take();
            if (view.Read(before) is not null)
            {
                world.Restart();
                continue;
            }

            if (!Step(world, ref dice))
            {
                continue;
            }

            var ofChanged = view.Read(changed, arrangement, before);
            var ofAll = view.Read(all);
            Assert.Equal(ofAll, ofChanged);
            Assert.True(ofAll is not null || all.IsEqual(changed), $"{driver}: {all}, and of what changed {changed}");
            changes += ofAll is null && !all.IsEqual(before) ? 1 : 0;
        }

        return changes;
    }

    private static bool Step(DqoWorld world, ref Dice dice)
    {
        var operation = dice.Of(
            DqoOperation.Post(), DqoOperation.Post(DqoFault.Page), DqoOperation.Release(), DqoOperation.Cloned(), DqoOperation.Receive(size: 1), DqoOperation.Receive(size: 2));
        if (!world.Allows(operation))
        {
            return false;
        }

        world.Apply(operation);
        world.Queue.Consume(1);
        return true;
    }

    private static void Give(DqoArrangement queue, int id) =>
        queue.AddPage(id, offset: 0, lastSingle: 0, bias: 4, count: 4, heldOnChunks: 0, length: 2);

    private string? Wrong(Action<DqoArrangement> arrange)
    {
        var queue = new DqoArrangement(_world, _home);
        queue.Begin();
        arrange(queue);
        queue.Bring();
        return new DqoCoreView(_world, Core, balances: true).Read(new DqoCoreState(Core))?.ToString();
    }
}
