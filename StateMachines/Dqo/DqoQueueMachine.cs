using Stateless;
using Stateless.Graph;

namespace RxVerify.StateMachines.Dqo;

/// <summary>What a DQO queue is (A.5.8).</summary>
public enum DqoQueueState
{
    /// <summary>No rings, no pages; packets may still be held by the stack.</summary>
    Down,

    /// <summary>Memory for rings and states is being allocated; the device knows nothing yet.</summary>
    Building,

    /// <summary>The device has the queue; the driver polls it.</summary>
    Up,

    /// <summary>The device is being stopped and the pages are being freed.</summary>
    TearingDown,
}

/// <summary>What can be done to a DQO queue.</summary>
public enum DqoQueueTrigger
{
    /// <summary>Allocate rings and states.</summary>
    Build,

    /// <summary>An allocation failed; what was built is freed.</summary>
    RunOutOfMemory,

    /// <summary>The device accepted the queue.</summary>
    Start,

    /// <summary>Take the queue away from the device and free its pages.</summary>
    TearDown,

    /// <summary>Nothing of the queue is left.</summary>
    Finish,
}

/// <summary>
/// In which order a DQO queue may be built, used and torn down. Whatever is not configured is refused with an exception that
/// names state and trigger, and changes nothing.
/// </summary>
public sealed class DqoQueueMachine
{
    private const int Refused = -1;

    // The moves as the machine below makes them, asked once: firing it builds lists and transitions, which showed in every run.
    private static readonly int[,] Moves = AskForMoves();

    private readonly StateMachine<DqoQueueState, DqoQueueTrigger> _machine;
    private readonly Func<DqoQueueState> _read;
    private readonly Action<DqoQueueState> _write;

    /// <summary>A machine whose state is stored elsewhere, so that it is part of a snapshot.</summary>
    public DqoQueueMachine(Func<DqoQueueState> read, Action<DqoQueueState> write)
    {
        _read = read;
        _write = write;
        _machine = new StateMachine<DqoQueueState, DqoQueueTrigger>(read, write);
        _machine.Configure(DqoQueueState.Down)
            .Permit(DqoQueueTrigger.Build, DqoQueueState.Building);
        _machine.Configure(DqoQueueState.Building)
            .Permit(DqoQueueTrigger.RunOutOfMemory, DqoQueueState.Down)
            .Permit(DqoQueueTrigger.Start, DqoQueueState.Up);
        _machine.Configure(DqoQueueState.Up)
            .Permit(DqoQueueTrigger.TearDown, DqoQueueState.TearingDown);
        _machine.Configure(DqoQueueState.TearingDown)
            .Permit(DqoQueueTrigger.Finish, DqoQueueState.Down);
        _machine.OnUnhandledTrigger((state, trigger) => throw new InvalidOperationException(
            $"{trigger} is not legal while the queue is {state}; legal: {string.Join(", ", _machine.GetPermittedTriggers())}"));
    }

    /// <summary>A machine of its own, for reading and drawing.</summary>
    public static DqoQueueMachine Detached(DqoQueueState state = DqoQueueState.Down) => new(() => state, next => state = next);

    /// <summary>Whether a trigger is legal now. Asking changes nothing.</summary>
    public bool Allows(DqoQueueTrigger trigger) => _machine.CanFire(trigger);

    /// <summary>Moves on.</summary>
    /// <exception cref="InvalidOperationException">The trigger is not legal now; nothing was changed.</exception>
    public void Fire(DqoQueueTrigger trigger)
    {
        int next = Moves[(int)_read(), (int)trigger];
        if (next == Refused)
        {
            _machine.Fire(trigger);
            return;
        }

        _write((DqoQueueState)next);
    }

    /// <summary>The machine as a Mermaid diagram.</summary>
    public string Mermaid() => MermaidGraph.Format(_machine.GetInfo());

    private static int[,] AskForMoves()
    {
        var states = Enum.GetValues<DqoQueueState>();
        var triggers = Enum.GetValues<DqoQueueTrigger>();
        var moves = new int[states.Length, triggers.Length];
        foreach (var state in states)
        {
            foreach (var trigger in triggers)
            {
                var now = state;
                var machine = new DqoQueueMachine(() => now, next => now = next);
                bool isLegal = machine.Allows(trigger);
                if (isLegal)
                {
                    machine._machine.Fire(trigger);
                }

                moves[(int)state, (int)trigger] = isLegal ? (int)now : Refused;
            }
        }

        return moves;
    }
}
