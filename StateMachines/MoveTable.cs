using System.Runtime.CompilerServices;

namespace RxVerify.StateMachines;

/// <summary>
/// The moves of a machine as it makes them, asked once: firing the machine itself builds lists and transitions, which showed in every run.
/// </summary>
/// <typeparam name="TState">Its states.</typeparam>
/// <typeparam name="TTrigger">Its triggers.</typeparam>
internal sealed class MoveTable<TState, TTrigger>
    where TState : struct, Enum
    where TTrigger : struct, Enum
{
    // A move's state is stored plus one, so that a cleared cell means refused.
    private readonly int[] _next;
    private readonly int _triggers;
    private readonly int _cases;

    /// <summary>Asks a machine without guards.</summary>
    /// <param name="make">Makes the machine on a state that is stored elsewhere.</param>
    public MoveTable(Func<Func<TState>, Action<TState>, Machine<TState, TTrigger>> make)
        : this(1, (_, read, write) => make(read, write))
    {
    }

    /// <summary>Asks a machine in every case that its guards tell apart.</summary>
    /// <param name="cases">How many there are.</param>
    /// <param name="make">Makes the machine for one of them.</param>
    public MoveTable(int cases, Func<int, Func<TState>, Action<TState>, Machine<TState, TTrigger>> make)
    {
        var states = Enum.GetValues<TState>();
        var triggers = Enum.GetValues<TTrigger>();
        _triggers = triggers.Length;
        _cases = cases;
        _next = new int[states.Length * _triggers * cases];
        for (int number = 0; number < cases; number++)
        {
            var now = states[0];
            var machine = make(number, () => now, next => now = next);
            foreach (var state in states)
            {
                foreach (var trigger in triggers)
                {
                    now = state;
                    if (machine.TryMove(trigger))
                    {
                        _next[Cell(state, trigger, number)] = Number(now) + 1;
                    }
                }
            }
        }
    }

    /// <summary>Where a trigger leads; false when it is refused.</summary>
    public bool TryFind(TState state, TTrigger trigger, int number, out TState next)
    {
        int found = _next[Cell(state, trigger, number)] - 1;
        next = found < 0 ? default : Value(found);
        return found >= 0;
    }

    private int Cell(TState state, TTrigger trigger, int number) => (((Number(state) * _triggers) + Number(trigger)) * _cases) + number;

    private static int Number<T>(T value)
        where T : struct, Enum => Unsafe.SizeOf<T>() == 1 ? Unsafe.As<T, byte>(ref value) : Unsafe.As<T, int>(ref value);

    private static TState Value(int number)
    {
        if (Unsafe.SizeOf<TState>() == 1)
        {
            byte small = (byte)number;
            return Unsafe.As<byte, TState>(ref small);
        }

        return Unsafe.As<int, TState>(ref number);
    }
}
