using RxVerify.Model.Port;
using RxVerify.Model.Vocabulary.Port;
using RxVerify.StateMachines.Port;

namespace RxVerify.Tests.Port;

/// <summary>The machine that the implementation asks and the plain tables of the model, pair by pair.</summary>
public sealed class PortMachineAgainstTableTests
{
    private static readonly bool[] BothWays = [false, true];

    private static readonly PortState[] Ups = [PortState.UpWithFragments, PortState.UpWithProgram, PortState.UpWithJumbo];

    [Fact]
    public void Machine_and_model_move_the_same_way_at_each_event_in_each_state()
    {
        int legal = 0;
        foreach (var (state, happened, up) in from state in Enum.GetValues<PortState>() from happened in Enum.GetValues<PortEvent>() from up in Ups select (state, happened, up))
        {
            var now = state;
            var machine = new PortMachine(() => now, next => now = next, () => new PortFacts(true, true, up == PortState.UpWithProgram, up));
            var expected = PortTable.Next(state, happened, up);

            Assert.True(machine.Allows(happened) == expected is not null, $"{happened} in {state}: the model has {expected}, the machine allows it: {machine.Allows(happened)}");
            if (expected is { } next)
            {
                machine.Fire(happened);
                Assert.True(next == now, $"{happened} in {state}: the model goes to {next}, the machine to {now}");
                legal++;
            }
        }

        // docs/port.md, "States": 41 pairs, each for three ways of being up.
        Assert.Equal(41 * Ups.Length, legal);
    }

    [Fact]
    public void Machine_and_model_take_the_same_requests_in_each_state_present_or_not()
    {
        foreach (var (state, isPresent, request) in
            from state in Enum.GetValues<PortState>() from isPresent in BothWays from request in Enum.GetValues<PortRequest>() select (state, isPresent, request))
        {
            var machine = PortMachine.Detached(state, new PortFacts(isPresent, IsBusy: false, HasProgram: false, PortState.UpWithFragments));
            int error = PortTable.Refusal(state, isPresent, request);

            Assert.True((machine.Refusal(request) is null) == (error == 0), $"{request} in {state}, present {isPresent}: the model says {error}, the machine {machine.Refusal(request)}");
        }
    }
}
