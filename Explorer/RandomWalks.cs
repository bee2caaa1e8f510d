namespace RxVerify.Explorer;

/// <summary>
/// Walks from the start, each step chosen evenly among those enabled. Finds what it stumbles upon, and says of what it did not
/// meet nothing at all: the result is never exhaustive.
/// </summary>
public static class RandomWalks
{
    /// <summary>Walks until all walks are done, something is wrong, or a limit is reached.</summary>
    /// <param name="create">Makes a system; called once more to replay a story.</param>
    /// <param name="options">The seed, the number of walks and their length, and when to end; one thread, whole keys, no graph, no checkpoint.</param>
    /// <param name="cancellation">Ends the walks with what is known.</param>
    public static Exploration Explore<TSystem>(Func<TSystem> create, ExploreOptions options, CancellationToken cancellation = default)
        where TSystem : struct, ITransitionSystem
    {
        using var walker = new Walker<TSystem>(create(), options with { Order = ExploreOrder.Random }, cancellation);
        var way = new List<int>();
        Problem? problem = null;
        for (long walk = 0; walk < options.Walks && problem is null && walker.EndedBy is null; walk++)
        {
            way.Clear();
            problem = Walk(walker, new Chance(options.Seed, walk), Math.Min(options.Length, options.DepthMax), way);
        }

        walker.EndedBy ??= $"{Quantity.Of(options.Walks, "random walk")} of at most {Quantity.Of(Math.Min(options.Length, options.DepthMax), "step")} from seed {options.Seed}";
        var result = walker.Result(problem);
        return problem is null ? result : Tell(create(), result, way);
    }

    private static Problem? Walk<TSystem>(Walker<TSystem> walker, Chance chance, int length, List<int> way)
        where TSystem : struct, ITransitionSystem
    {
        var atStart = walker.System.Start();
        walker.Know(0, 0, out uint at);
        if (atStart is not null)
        {
            return atStart;
        }

        while (way.Count < length && walker.MayGoOn(way.Count, waiting: 0))
        {
            var enabled = walker.Enabled(counts: true);
            if (enabled.IsEmpty)
            {
                return walker.System.MayRest() ? null : new Problem(Problem.Deadlock, "nothing can happen any more");
            }

            int operation = enabled[chance.Below(enabled.Length)];
            way.Add(operation);
            if (walker.Take(operation) is { } problem)
            {
                return problem;
            }

            walker.Know(at, way.Count, out at);
        }

        return null;
    }

    /// <summary>Goes the way once more: what cannot be repeated is no story.</summary>
    private static Exploration Tell<TSystem>(TSystem system, Exploration result, List<int> way)
        where TSystem : struct, ITransitionSystem
    {
        var names = new List<string>();
        int[] enabled = new int[system.EnabledMax];
        var shown = system.Start();
        foreach (int operation in way)
        {
            system.Mark();
            if (!enabled.AsSpan(0, system.Enabled(enabled)).Contains(operation))
            {
                throw new InvalidOperationException($"'{system.Name(operation)}' was possible in the first run and is not in the second");
            }

            names.Add(system.Name(operation));
            ulong landmarks = 0;
            shown = system.Apply(operation, ref landmarks);
        }

        system.Dispose();
        return shown?.Claim == result.Problem!.Claim || result.Problem.Claim == Problem.Deadlock
            ? result with { Problem = shown ?? result.Problem, Story = way, StoryNames = names }
            : throw new InvalidOperationException($"'{result.Problem.Claim}' does not break again on the way on which it broke");
    }

    /// <summary>The chance of one walk (SplitMix64: Steele, Lea, Flood, 2014): any walk can be gone again without those before.</summary>
    private struct Chance(ulong seed, long walk)
    {
        private const ulong Step = 0x9E3779B97F4A7C15;
        private ulong _state = Mix(Mix(seed) + (Step * ((ulong)walk + 1)));

        public int Below(int exclusive)
        {
            _state += Step;
            return (int)(((Mix(_state) >> 32) * (ulong)(uint)exclusive) >> 32);
        }

        private static ulong Mix(ulong value)
        {
            value = (value ^ (value >> 30)) * 0xBF58476D1CE4E5B9;
            value = (value ^ (value >> 27)) * 0x94D049BB133111EB;
            return value ^ (value >> 31);
        }
    }
}
