using RxVerify.Model.Vocabulary.Port;
using RxVerify.StateMachines.Port;

namespace RxVerify.Tests.Port;

public sealed class PortMachineTests
{
    private static readonly bool[] NoYes = [false, true];

    [Fact]
    public Task Every_pair_of_state_and_trigger_is_decided_and_the_legal_ones_are_these()
    {
        var lines = Enum.GetValues<PortState>().SelectMany(state => Enum.GetValues<PortTrigger>().Select(trigger => $"{state,-16} {trigger,-20} {Decision(state, trigger)}"));
        return Verify(string.Join("\n", lines));
    }

    [Fact]
    public Task The_table_has_these_rows() => Verify(PortMachine.Detached().Table());

    [Fact]
    public void What_is_refused_is_refused_by_name_with_what_would_be_legal_and_changes_nothing()
    {
        int refused = 0;
        foreach (var (state, facts, trigger) in Pairs().Where(pair => !PortMachine.Detached(pair.State, pair.Facts).Allows(pair.Trigger)))
        {
            int writes = 0;
            var machine = new PortMachine(() => state, _ => writes++, () => facts);
            string legal = string.Join(", ", Enum.GetValues<PortTrigger>().Where(machine.Allows));

            var refusal = Assert.Throws<InvalidOperationException>(() => machine.Fire(trigger));

            Assert.StartsWith($"{trigger} is not legal while the port is {state}", refusal.Message, StringComparison.Ordinal);
            Assert.EndsWith("; legal: " + (legal.Length == 0 ? "nothing" : legal), refusal.Message, StringComparison.Ordinal);
            Assert.Equal(0, writes);
            refused++;
        }

        Assert.InRange(refused, 1, Pairs().Count() - 1);
    }

    [Fact]
    public void A_request_moves_nothing_and_says_why_it_is_refused()
    {
        int refused = 0;
        foreach (var (state, facts, trigger) in Pairs().Where(pair => pair.Trigger < PortTrigger.Probed))
        {
            var now = state;
            var machine = new PortMachine(() => now, next => now = next, () => facts);
            var request = Enum.Parse<PortRequest>(trigger.ToString());

            Assert.Equal(machine.Allows(request), machine.Refusal(request) is null);
            if (machine.Allows(request))
            {
                machine.Fire(request);
            }
            else
            {
                refused++;
            }

            Assert.Equal(state, now);
        }

        Assert.NotEqual(0, refused);
    }

    [Theory]
    [InlineData(PortState.Down, true, true, PortRequest.ChangeMtu, "it needs that no request is under way")]
    [InlineData(PortState.DetachedUp, false, false, PortRequest.ChangeMtu, "it needs that the net device is present")]
    [InlineData(PortState.DetachedUp, false, true, PortRequest.SetProgram, "it needs that the net device is present and that no request is under way")]
    [InlineData(PortState.UpWithJumbo, true, false, PortRequest.Open, "nothing is configured for it in UpWithJumbo")]
    [InlineData(PortState.Absent, false, false, PortRequest.Remove, "nothing is configured for it in Absent")]
    [InlineData(PortState.DetachedDown, true, false, PortRequest.Resume, "it needs that the net device is not present")]
    [InlineData(PortState.DetachedUp, false, false, PortRequest.Suspend, "it needs that the net device is present or the port is dead")]
    public void A_refused_request_says_what_it_needs(PortState state, bool isPresent, bool isBusy, PortRequest request, string why) =>
        Assert.Equal(why, PortMachine.Detached(state, new PortFacts(isPresent, isBusy, false, PortState.UpWithJumbo)).Refusal(request));

    [Fact]
    public void The_whole_refusal_reads_as_a_sentence()
    {
        var machine = PortMachine.Detached(PortState.Dead, new PortFacts(false, false, false, PortState.UpWithFragments));

        var refusal = Assert.Throws<InvalidOperationException>(() => machine.Fire(PortRequest.SetProgram));

        Assert.Equal(
            "SetProgram is not legal while the port is Dead, because it needs that the net device is present; legal: Suspend, Resume, Reset, Remove, "
            + "Closed, Preallocated, PreallocationFailed, Detached, Attached, AttachFailed, Removed, GaveUp",
            refusal.Message);
    }

    [Theory]
    [InlineData(PortState.UpWithFragments, false)]
    [InlineData(PortState.UpWithFragments, true)]
    [InlineData(PortState.UpWithProgram, true)]
    [InlineData(PortState.UpWithJumbo, false)]
    public void The_layout_decides_which_Up_it_is(PortState up, bool hasProgram)
    {
        foreach (var (state, happened) in new[] { (PortState.Down, PortEvent.Opened), (PortState.DetachedUp, PortEvent.Attached), (PortState.Dead, PortEvent.Attached) })
        {
            var now = state;
            new PortMachine(() => now, next => now = next, () => new PortFacts(true, true, hasProgram, up)).Fire(happened);
            Assert.Equal(up, now);
        }
    }

    [Theory]
    [InlineData(PortState.UpWithProgram, false, "there is a program")]
    [InlineData(PortState.UpWithJumbo, true, "there is no program")]
    [InlineData(PortState.Down, true, "the layout gives fragments")]
    public void A_layout_that_does_not_go_with_the_program_is_no_Up(PortState up, bool hasProgram, string needed)
    {
        var machine = PortMachine.Detached(PortState.Down, new PortFacts(true, true, hasProgram, up));

        var refusal = Assert.Throws<InvalidOperationException>(() => machine.Fire(PortEvent.Opened));

        Assert.Contains(needed, refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_machine_has_the_names_of_states_requests_and_events()
    {
        Assert.Equal(Enum.GetValues<PortState>().Select(state => (PortMachineState)state), PortMachine.Detached().States);
        Assert.All(Enum.GetValues<PortState>(), state => Assert.Equal(state.ToString(), ((PortMachineState)state).ToString()));
        Assert.Equal(Enum.GetValues<PortTrigger>().Length, Enum.GetValues<PortRequest>().Length + Enum.GetValues<PortEvent>().Length);
        Assert.All(Enum.GetValues<PortRequest>(), request => Assert.Equal(request.ToString(), PortMachine.TriggerOf(request).ToString()));
        Assert.All(Enum.GetValues<PortEvent>(), happened => Assert.Equal(happened.ToString(), PortMachine.TriggerOf(happened).ToString()));
    }

    [Fact]
    public void Reading_and_drawing_a_machine_runs_no_effect()
    {
        int writes = 0;
        int questions = 0;
        var machine = new PortMachine(() => PortState.DetachedUp, _ => writes++, () => { questions++; return default; });

        Assert.StartsWith("stateDiagram-v2", machine.Mermaid(), StringComparison.Ordinal);
        Assert.StartsWith("digraph {", machine.Dot(), StringComparison.Ordinal);
        Assert.NotEmpty(machine.Table());
        Assert.Equal(0, questions);
        machine.Allows(PortRequest.Close);
        Assert.NotNull(machine.Refusal(PortRequest.Close));
        Assert.Equal(0, writes);
        Assert.NotEqual(0, questions);
    }

    [Fact]
    public void Firing_what_is_legal_allocates_nothing()
    {
        var state = PortState.Down;
        var machine = new PortMachine(() => state, next => state = next, static () => new PortFacts(true, false, false, PortState.UpWithFragments));
        Cycle(machine);

        long before = GC.GetAllocatedBytesForCurrentThread();
        Cycle(machine);

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
        Assert.Equal(PortState.Down, state);
    }

    private static void Cycle(PortMachine machine)
    {
        machine.Fire(PortRequest.Open);
        machine.Fire(PortEvent.Opened);
        machine.Fire(PortRequest.ChangeMtu);
        machine.Fire(PortEvent.Preallocated);
        machine.Fire(PortEvent.Detached);
        machine.Fire(PortEvent.Attached);
        machine.Fire(PortRequest.Close);
        machine.Fire(PortEvent.Closed);
    }

    /// <summary>In words: refused, or when it is legal and where it leads.</summary>
    private static string Decision(PortState state, PortTrigger trigger)
    {
        var moves = Facts().Where(facts => PortMachine.Detached(state, facts).Allows(trigger)).ToList();
        if (moves.Count == 0)
        {
            return "refused";
        }

        string conditions = string.Concat(
            Needed(moves, facts => facts.IsPresent, "present"), Needed(moves, facts => facts.IsBusy, "busy"));
        var destinations = moves.Select(facts => NextOf(state, facts, trigger)).Distinct();
        return $"-> {string.Join(" or ", destinations)}{conditions}";
    }

    private static string Needed(IReadOnlyList<PortFacts> moves, Func<PortFacts, bool> fact, string name) =>
        moves.All(fact) ? $", {name}" : moves.Any(fact) ? "" : $", not {name}";

    private static PortState NextOf(PortState state, PortFacts facts, PortTrigger trigger)
    {
        var now = state;
        new PortMachine(() => now, next => now = next, () => facts).Fire(trigger);
        return now;
    }

    private static IEnumerable<(PortState State, PortFacts Facts, PortTrigger Trigger)> Pairs() =>
        from state in Enum.GetValues<PortState>()
        from facts in Facts()
        from trigger in Enum.GetValues<PortTrigger>()
        select (state, facts, trigger);

    private static IEnumerable<PortFacts> Facts() =>
        from isPresent in NoYes
        from isBusy in NoYes
        from hasProgram in NoYes
        from up in new[] { PortState.UpWithFragments, PortState.UpWithProgram, PortState.UpWithJumbo, PortState.Absent }
        select new PortFacts(isPresent, isBusy, hasProgram, up);
}
