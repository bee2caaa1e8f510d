using RxVerify.StateMachines;

namespace RxVerify.Tests.StateMachines;

/// <summary>Holds what buffers are seen to do against their machine: between two looks each move is one that is configured.</summary>
/// <typeparam name="TState">Where a buffer is.</typeparam>
/// <typeparam name="TTrigger">How it moves.</typeparam>
/// <param name="make">The machine on a state that is stored here.</param>
internal sealed class BufferWatch<TState, TTrigger>(Func<Func<TState>, Action<TState>, Machine<TState, TTrigger>> make)
    where TState : struct, Enum
    where TTrigger : struct, Enum
{
    /// <summary>Moves seen so far.</summary>
    public int Moves { get; private set; }

    /// <summary>Triggers that were needed to explain them.</summary>
    public HashSet<TTrigger> Seen { get; } = [];

    /// <summary>Explains a move by triggers that may have come, the fewest possible.</summary>
    /// <exception cref="InvalidOperationException">It cannot be explained, or a guard refuses it; the machine says which trigger in which state.</exception>
    /// <param name="from">Where the buffer was.</param>
    /// <param name="to">Where it is.</param>
    /// <param name="triggers">What may have happened in between.</param>
    /// <param name="unguarded">The machine when all its guards agree: it finds the way, and the real one goes it.</param>
    public void Explain(TState from, TState to, IReadOnlyList<TTrigger> triggers, Func<TState, Machine<TState, TTrigger>> unguarded)
    {
        if (EqualityComparer<TState>.Default.Equals(from, to))
        {
            return;
        }

        var now = from;
        var machine = make(() => now, next => now = next);
        foreach (var trigger in Way(from, to, triggers, unguarded) ?? throw new InvalidOperationException(
            $"from {from} to {to}: no way with {(triggers.Count == 0 ? "nothing" : string.Join(", ", triggers))}; legal: {Legal(machine)}"))
        {
            machine.Fire(trigger);
            Seen.Add(trigger);
        }

        Moves++;
    }

    private static string Legal(Machine<TState, TTrigger> machine) => string.Join(", ", Enum.GetValues<TTrigger>().Where(machine.Allows));

    private static List<TTrigger>? Way(TState from, TState to, IReadOnlyList<TTrigger> triggers, Func<TState, Machine<TState, TTrigger>> unguarded)
    {
        var ways = new Dictionary<TState, List<TTrigger>> { [from] = [] };
        var open = new Queue<TState>([from]);
        while (open.TryDequeue(out var state))
        {
            foreach (var trigger in triggers.Where(unguarded(state).Allows))
            {
                var next = After(state, trigger, unguarded);
                if (ways.TryAdd(next, [.. ways[state], trigger]))
                {
                    open.Enqueue(next);
                }
            }
        }

        return ways.GetValueOrDefault(to);
    }

    private static TState After(TState state, TTrigger trigger, Func<TState, Machine<TState, TTrigger>> unguarded)
    {
        var machine = unguarded(state);
        machine.Fire(trigger);
        return machine.State;
    }
}
