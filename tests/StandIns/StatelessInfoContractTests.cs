using Stateless;
using Stateless.Graph;
using Stateless.Reflection;

namespace RxVerify.Tests.StandIns;

/// <summary>What RxVerify expects of Stateless as a description of itself, whether it is the package or the stand-in.</summary>
public sealed class StatelessInfoContractTests
{
    private enum Light
    {
        Off,
        On,
        Broken,
    }

    private enum Event
    {
        Press,
        Hit,
        Look,
    }

    [Fact]
    public void GetInfo_names_states_transitions_and_guards()
    {
        StateMachineInfo info = Described().GetInfo();
        Assert.Equal(Light.Off, info.InitialState.UnderlyingState);
        Assert.Equal([Light.Off, Light.On, Light.Broken], info.States.Select(state => (Light)state.UnderlyingState).Order());
        StateInfo off = info.States.Single(state => (Light)state.UnderlyingState == Light.Off);
        FixedTransitionInfo press = off.FixedTransitions.Single(transition => (Event)transition.Trigger.UnderlyingTrigger == Event.Press);
        Assert.Equal(Light.On, press.DestinationState.UnderlyingState);
        Assert.Equal("there is power", Assert.Single(press.GuardConditionsMethodDescriptions).Description);
        Assert.Equal(Event.Look, Assert.Single(off.IgnoredTriggers).Trigger.UnderlyingTrigger);
    }

    [Fact]
    public void The_graphs_have_the_arrows_of_the_machine()
    {
        StateMachineInfo info = Described().GetInfo();
        string mermaid = MermaidGraph.Format(info);
        Assert.StartsWith("stateDiagram-v2", mermaid, StringComparison.Ordinal);
        Assert.Contains("[*] --> Off", mermaid, StringComparison.Ordinal);
        Assert.Contains("Off --> On : Press [there is power]", mermaid, StringComparison.Ordinal);
        Assert.Contains("Off --> Off : Look", mermaid, StringComparison.Ordinal);
        string dot = UmlDotGraph.Format(info);
        Assert.StartsWith("digraph {", dot, StringComparison.Ordinal);
        Assert.Contains("\"Off\" -> \"Broken\"", dot, StringComparison.Ordinal);
    }

    private static StateMachine<Light, Event> Described()
    {
        StateMachine<Light, Event> machine = new(Light.Off);
        machine.Configure(Light.Off)
            .PermitIf(Event.Press, Light.On, () => true, "there is power").Permit(Event.Hit, Light.Broken).Ignore(Event.Look);
        machine.Configure(Light.On).Permit(Event.Press, Light.Off);
        return machine;
    }
}
