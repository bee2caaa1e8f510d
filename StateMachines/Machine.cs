using Stateless;
using Stateless.Graph;

namespace RxVerify.StateMachines;

/// <summary>What can be seen of a machine without firing it. Nothing of it runs an effect.</summary>
public interface IMachine
{
    /// <summary>The machine as a Mermaid diagram.</summary>
    string Mermaid();

    /// <summary>The machine in the DOT language of Graphviz.</summary>
    string Dot();

    /// <summary>The machine as a table: state, trigger, where it leads, when.</summary>
    string Table();
}

/// <summary>
/// In which order something may happen. Whatever is not configured is refused with an exception that names state, trigger and
/// what would be legal, and changes nothing.
/// </summary>
/// <typeparam name="TState">What the thing is.</typeparam>
/// <typeparam name="TTrigger">What can be done to it or happen to it.</typeparam>
public abstract class Machine<TState, TTrigger> : IMachine
    where TState : struct, Enum
    where TTrigger : struct, Enum
{
    private readonly string _subject;
    private readonly Func<TState> _read;
    private readonly Action<TState> _write;
    private readonly StateMachine<TState, TTrigger> _machine;

    /// <summary>A machine whose state is stored elsewhere, so that it is part of a snapshot.</summary>
    private protected Machine(string subject, Func<TState> read, Action<TState> write)
    {
        _subject = subject;
        _read = read;
        _write = write;
        _machine = new StateMachine<TState, TTrigger>(read, write);
        _machine.OnUnhandledTrigger((state, trigger, unmet) => throw new InvalidOperationException(Refused(state, trigger, unmet)));
    }

    /// <summary>What the thing is.</summary>
    public TState State => _read();

    /// <summary>What the thing can be, without the superstates that only group.</summary>
    public virtual IReadOnlyList<TState> States => Enum.GetValues<TState>();

    /// <summary>Whether a trigger is legal now. Asking changes nothing.</summary>
    public bool Allows(TTrigger trigger) => Moves.TryFind(_read(), trigger, Case, out _);

    /// <summary>Moves on.</summary>
    /// <exception cref="InvalidOperationException">The trigger is not legal now; nothing was changed.</exception>
    public void Fire(TTrigger trigger)
    {
        if (Moves.TryFind(_read(), trigger, Case, out var next))
        {
            _write(next);
        }
        else
        {
            _machine.Fire(trigger);
        }
    }

    /// <inheritdoc/>
    public string Mermaid() => Rows().Mermaid();

    /// <inheritdoc/>
    public string Dot() => UmlDotGraph.Format(_machine.GetInfo());

    /// <inheritdoc/>
    public string Table() => Rows().Table();

    /// <summary>Makes a move with the machine itself; false, and no move, when it is refused.</summary>
    internal bool TryMove(TTrigger trigger)
    {
        if (!_machine.CanFire(trigger))
        {
            return false;
        }

        _machine.Fire(trigger);
        return true;
    }

    /// <summary>The machine's moves.</summary>
    private protected abstract MoveTable<TState, TTrigger> Moves { get; }

    /// <summary>Which of the cases that the guards tell apart it is now.</summary>
    private protected virtual int Case => 0;

    /// <summary>Begins, or goes on with, a row of the configuration.</summary>
    private protected StateMachine<TState, TTrigger>.StateConfiguration Configure(TState state) => _machine.Configure(state);

    /// <summary>Why a trigger is refused now: the conditions that are not met, or that there are none to meet; null when it is legal.</summary>
    private protected string? WhyNot(TTrigger trigger) =>
        _machine.CanFire(trigger, out var unmet) ? null
        : unmet.Count == 0 ? $"nothing is configured for it in {_read()}"
        : Needs(unmet);

    private MachineRows Rows() => new(_machine.GetInfo(), States.Select(state => state.ToString()));

    private string Refused(TState state, TTrigger trigger, ICollection<string> unmet)
    {
        string reasons = unmet.Count == 0 ? "" : ", because " + Needs(unmet);
        string legal = string.Join(", ", _machine.GetPermittedTriggers().Order());
        return $"{trigger} is not legal while the {_subject} is {state}{reasons}; legal: {(legal.Length == 0 ? "nothing" : legal)}";
    }

    private static string Needs(IEnumerable<string> unmet) => "it needs that " + string.Join(" and that ", unmet.Distinct(StringComparer.Ordinal));
}
