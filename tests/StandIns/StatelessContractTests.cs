using Stateless;

namespace RxVerify.Tests.StandIns;

/// <summary>What RxVerify expects of Stateless, whether it is the package or the stand-in.</summary>
public sealed class StatelessContractTests
{
    private enum Light
    {
        Off,
        On,
        Dimmed,
        Broken,
    }

    private enum Event
    {
        Press,
        Dim,
        Hit,
        Look,
    }

    [Fact]
    public void Fire_moves_to_the_state_that_was_permitted()
    {
        var machine = TwoStates();
        machine.Fire(Event.Press);
        Assert.Equal(Light.On, machine.State);
    }

    [Fact]
    public void A_trigger_that_is_not_configured_is_an_invalid_operation_and_changes_nothing()
    {
        var machine = TwoStates();
        Assert.Throws<InvalidOperationException>(() => machine.Fire(Event.Hit));
        Assert.Equal(Light.Off, machine.State);
        Assert.False(machine.CanFire(Event.Hit));
    }

    [Fact]
    public void OnUnhandledTrigger_replaces_the_exception()
    {
        var machine = TwoStates();
        List<(Light, Event)> unhandled = [];
        machine.OnUnhandledTrigger((state, trigger) => unhandled.Add((state, trigger)));
        machine.Fire(Event.Hit);
        Assert.Equal([(Light.Off, Event.Hit)], unhandled);
    }

    [Fact]
    public void OnUnhandledTrigger_is_told_the_guards_that_refused()
    {
        StateMachine<Light, Event> machine = new(Light.Off);
        machine.Configure(Light.Off).PermitIf(Event.Press, Light.On, () => false, "there is power");
        ICollection<string> unmet = [];
        machine.OnUnhandledTrigger((_, _, guards) => unmet = guards);
        machine.Fire(Event.Press);
        Assert.Equal(["there is power"], unmet);
    }

    [Fact]
    public void Of_several_guards_all_have_to_agree_and_only_those_that_do_not_are_told()
    {
        bool power = false;
        StateMachine<Light, Event> machine = new(Light.Off);
        machine.Configure(Light.Off)
            .PermitIf(Event.Press, Light.On, Tuple.Create<Func<bool>, string>(() => power, "there is power"), Tuple.Create<Func<bool>, string>(() => true, "it is dark"))
            .IgnoreIf(Event.Look, Tuple.Create<Func<bool>, string>(() => power, "there is power"), Tuple.Create<Func<bool>, string>(() => false, "eyes are open"));
        Assert.False(machine.CanFire(Event.Press, out var unmet));
        Assert.Equal(["there is power"], unmet);
        Assert.False(machine.CanFire(Event.Look, out unmet));
        Assert.Equal(["there is power", "eyes are open"], unmet);
        power = true;
        Assert.True(machine.CanFire(Event.Press));
    }

    [Fact]
    public void PermitIf_takes_the_transition_whose_guard_agrees()
    {
        bool power = false;
        StateMachine<Light, Event> machine = new(Light.Off);
        machine.Configure(Light.Off)
            .PermitIf(Event.Press, Light.On, () => power)
            .PermitIf(Event.Press, Light.Broken, () => !power);
        machine.Fire(Event.Press);
        Assert.Equal(Light.Broken, machine.State);
    }

    [Fact]
    public void Two_guards_that_agree_are_an_invalid_operation()
    {
        StateMachine<Light, Event> machine = new(Light.Off);
        machine.Configure(Light.Off)
            .PermitIf(Event.Press, Light.On, () => true)
            .PermitIf(Event.Press, Light.Broken, () => true);
        Assert.Throws<InvalidOperationException>(() => machine.Fire(Event.Press));
        Assert.Equal(Light.Off, machine.State);
    }

    [Fact]
    public void Permit_to_the_same_state_is_an_argument_error()
    {
        StateMachine<Light, Event> machine = new(Light.Off);
        Assert.ThrowsAny<ArgumentException>(() => machine.Configure(Light.Off).Permit(Event.Press, Light.Off));
        Assert.ThrowsAny<ArgumentException>(() => machine.Configure(Light.Off).PermitIf(Event.Press, Light.Off, () => true));
    }

    [Fact]
    public void PermitReentry_leaves_and_enters_the_state_and_Ignore_does_neither()
    {
        List<string> log = [];
        StateMachine<Light, Event> machine = new(Light.On);
        machine.Configure(Light.On)
            .PermitReentry(Event.Press).Ignore(Event.Look)
            .OnEntry(() => log.Add("entry")).OnExit(() => log.Add("exit"));
        machine.Fire(Event.Look);
        Assert.Empty(log);
        machine.Fire(Event.Press);
        Assert.Equal(["exit", "entry"], log);
        Assert.True(machine.CanFire(Event.Look));
    }

    [Fact]
    public void InternalTransition_runs_its_action_and_stays()
    {
        List<string> log = [];
        StateMachine<Light, Event> machine = new(Light.On);
        machine.Configure(Light.On)
            .InternalTransition(Event.Look, () => log.Add("look"))
            .OnEntry(() => log.Add("entry")).OnExit(() => log.Add("exit"));
        machine.Fire(Event.Look);
        Assert.Equal(["look"], log);
        Assert.Equal(Light.On, machine.State);
    }

    [Fact]
    public void PermitDynamic_asks_for_the_destination_when_the_trigger_fires()
    {
        Light next = Light.On;
        StateMachine<Light, Event> machine = new(Light.Off);
        machine.Configure(Light.Off).PermitDynamic(Event.Press, () => next);
        next = Light.Dimmed;
        machine.Fire(Event.Press);
        Assert.Equal(Light.Dimmed, machine.State);
    }

    [Fact]
    public void A_substate_inherits_triggers_and_is_in_its_superstate()
    {
        var machine = Hierarchy([]);
        machine.Fire(Event.Dim);
        Assert.True(machine.IsInState(Light.On));
        Assert.True(machine.IsInState(Light.Dimmed));
        Assert.Equal([Event.Press, Event.Dim, Event.Hit, Event.Look], machine.GetPermittedTriggers().Order());
        machine.Fire(Event.Press);
        Assert.Equal(Light.Off, machine.State);
        Assert.False(machine.IsInState(Light.On));
    }

    [Fact]
    public void Between_superstate_and_substate_only_the_substate_is_entered_and_left()
    {
        List<string> log = [];
        var machine = Hierarchy(log);
        machine.Fire(Event.Dim);
        machine.Fire(Event.Look);
        Assert.Equal(["enter Dimmed", "leave Dimmed"], log);
        Assert.Equal(Light.On, machine.State);
    }

    [Fact]
    public void The_innermost_state_is_left_first_and_the_outermost_entered_first()
    {
        List<string> log = [];
        var machine = Hierarchy(log);
        machine.Fire(Event.Dim);
        log.Clear();
        machine.Fire(Event.Hit);
        machine.Fire(Event.Dim);
        Assert.Equal(["leave Dimmed", "leave On", "enter On", "enter Dimmed"], log);
    }

    [Fact]
    public void A_cycle_of_substates_is_an_argument_error()
    {
        StateMachine<Light, Event> machine = new(Light.Off);
        machine.Configure(Light.Dimmed).SubstateOf(Light.On);
        Assert.ThrowsAny<ArgumentException>(() => machine.Configure(Light.On).SubstateOf(Light.Dimmed));
    }

    [Fact]
    public void OnTransitioned_runs_between_exit_and_entry_and_knows_the_transition()
    {
        List<string> log = [];
        StateMachine<Light, Event> machine = new(Light.Off);
        machine.Configure(Light.Off).Permit(Event.Press, Light.On).OnExit(() => log.Add("exit"));
        machine.Configure(Light.On).OnEntry(transition => log.Add($"entry by {transition.Trigger}"));
        machine.OnTransitioned(t => log.Add($"{t.Source} {t.Destination} {machine.State} {t.IsReentry}"));
        machine.OnTransitionCompleted(_ => log.Add("completed"));
        machine.Fire(Event.Press);
        Assert.Equal(["exit", "Off On On False", "entry by Press", "completed"], log);
    }

    [Fact]
    public void A_trigger_fired_by_an_action_waits_until_the_first_is_done()
    {
        List<string> log = [];
        StateMachine<Light, Event> machine = new(Light.Off);
        machine.Configure(Light.Off).Permit(Event.Press, Light.On);
        machine.Configure(Light.On).Permit(Event.Dim, Light.Dimmed).OnEntry(() =>
        {
            machine.Fire(Event.Dim);
            log.Add($"still {machine.State}");
        });
        machine.Fire(Event.Press);
        Assert.Equal(["still On"], log);
        Assert.Equal(Light.Dimmed, machine.State);
    }

    [Fact]
    public void The_state_can_be_kept_elsewhere()
    {
        Light kept = Light.Off;
        StateMachine<Light, Event> machine = new(() => kept, state => kept = state);
        machine.Configure(Light.Off).Permit(Event.Press, Light.On);
        machine.Configure(Light.On).Permit(Event.Press, Light.Off);
        machine.Fire(Event.Press);
        Assert.Equal(Light.On, kept);
        kept = Light.Off;
        Assert.Equal(Light.Off, machine.State);
    }

    private static StateMachine<Light, Event> TwoStates()
    {
        StateMachine<Light, Event> machine = new(Light.Off);
        machine.Configure(Light.Off).Permit(Event.Press, Light.On);
        machine.Configure(Light.On).Permit(Event.Press, Light.Off);
        return machine;
    }

    private static StateMachine<Light, Event> Hierarchy(List<string> log)
    {
        StateMachine<Light, Event> machine = new(Light.On);
        machine.Configure(Light.On)
            .Permit(Event.Press, Light.Off).Permit(Event.Hit, Light.Broken).Permit(Event.Dim, Light.Dimmed)
            .OnEntry(() => log.Add("enter On")).OnExit(() => log.Add("leave On"));
        machine.Configure(Light.Dimmed).SubstateOf(Light.On).Permit(Event.Look, Light.On).Ignore(Event.Dim)
            .OnEntry(() => log.Add("enter Dimmed")).OnExit(() => log.Add("leave Dimmed"));
        machine.Configure(Light.Broken).Permit(Event.Dim, Light.Dimmed);
        return machine;
    }
}
