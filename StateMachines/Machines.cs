using RxVerify.StateMachines.Dqo;
using RxVerify.StateMachines.Mana;
using RxVerify.StateMachines.Port;

namespace RxVerify.StateMachines;

/// <summary>A machine with a name, for reading and drawing.</summary>
/// <param name="Name">What it is called on a command line.</param>
/// <param name="Title">What it decides.</param>
/// <param name="Machine">The machine.</param>
public sealed record NamedMachine(string Name, string Title, IMachine Machine);

/// <summary>The machines there are.</summary>
public static class Machines
{
    /// <summary>All of them, from the smallest thing to the largest, each at its start.</summary>
    public static readonly IReadOnlyList<NamedMachine> All =
    [
        new("dqo-buffer", "Where a receive buffer of a DQO queue is, and how it may move", DqoBufferMachine.Detached()),
        new("mana-buffer", "Where a receive buffer of a MANA queue is, and how it may move", ManaBufferMachine.Detached()),
        new("dqo-queue", "In which order a DQO queue is built, used and torn down", DqoQueueMachine.Detached()),
        new("mana-queue", "In which order a MANA queue is built, used and torn down", ManaQueueMachine.Detached()),
        new("port", "What may be asked of a MANA port, and what it becomes", PortMachine.Detached()),
        new("xdp", "What may happen to a port's program", XdpMachine.Detached()),
        new("transition", "In which order the stages of a request to a port follow each other", TransitionMachine.Detached()),
    ];

    /// <summary>The machine with this name, or null.</summary>
    public static NamedMachine? Named(string name) => All.FirstOrDefault(machine => machine.Name == name);
}
