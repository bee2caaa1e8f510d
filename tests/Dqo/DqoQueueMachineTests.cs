using RxVerify.StateMachines.Dqo;

namespace RxVerify.Tests.Dqo;

public class DqoQueueMachineTests
{
    [Fact]
    public Task Every_pair_of_state_and_trigger_is_decided_and_the_legal_ones_are_these()
    {
        var lines = Enum.GetValues<DqoQueueState>().SelectMany(state => Enum.GetValues<DqoQueueTrigger>()
            .Select(trigger => $"{state,-12} {trigger,-16} {(DqoQueueMachine.Detached(state).Allows(trigger) ? "legal" : "refused")}"));
        return Verify(string.Join("\n", lines));
    }

    [Theory]
    [MemberData(nameof(IllegalPairs))]
    public void What_is_not_configured_is_refused_by_name_and_changes_nothing(DqoQueueState state, DqoQueueTrigger trigger)
    {
        var now = state;
        var machine = new DqoQueueMachine(() => now, next => now = next);

        var refusal = Assert.Throws<InvalidOperationException>(() => machine.Fire(trigger));

        Assert.Contains($"{trigger} is not legal while the queue is {state}", refusal.Message, StringComparison.Ordinal);
        Assert.Equal(state, now);
    }

    [Fact]
    public void The_diagram_shows_every_legal_move()
    {
        string diagram = DqoQueueMachine.Detached().Mermaid();

        Assert.Contains("Down --> Building : Build", diagram, StringComparison.Ordinal);
        Assert.Contains("Building --> Up : Start", diagram, StringComparison.Ordinal);
        Assert.Contains("Building --> Down : RunOutOfMemory", diagram, StringComparison.Ordinal);
        Assert.Contains("Up --> TearingDown : TearDown", diagram, StringComparison.Ordinal);
        Assert.Contains("TearingDown --> Down : Finish", diagram, StringComparison.Ordinal);
    }

    public static TheoryData<DqoQueueState, DqoQueueTrigger> IllegalPairs()
    {
        // 4 states and 5 triggers are 20 pairs, of which the 5 of the diagram are legal.
        var pairs = new TheoryData<DqoQueueState, DqoQueueTrigger>();
        foreach (var state in Enum.GetValues<DqoQueueState>())
        {
            foreach (var trigger in Enum.GetValues<DqoQueueTrigger>().Where(trigger => !DqoQueueMachine.Detached(state).Allows(trigger)))
            {
                pairs.Add(state, trigger);
            }
        }

        Assert.Equal(15, pairs.Count);
        return pairs;
    }
}
