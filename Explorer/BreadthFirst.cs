namespace RxVerify.Explorer;

/// <summary>What an exploration found.</summary>
/// <param name="States">States reached.</param>
/// <param name="Transitions">Enabled operations over all states, also those that lead back.</param>
/// <param name="Depth">Largest number of operations that a state is away from the start.</param>
/// <param name="IsExhaustive">Whether every reachable state was expanded. Only then is the absence of a problem a result.</param>
/// <param name="Problem">What was found wrong, or null.</param>
/// <param name="Story">The shortest way to it, as operation numbers; empty when nothing was wrong.</param>
/// <param name="Taken">How often each operation was taken.</param>
public sealed record Exploration(
    long States, long Transitions, int Depth, bool IsExhaustive, string? Problem, IReadOnlyList<int> Story, IReadOnlyList<long> Taken);

/// <summary>Walks every reachable state, nearest first, so that the first problem found has a shortest story.</summary>
public static class BreadthFirst
{
    /// <summary>Explores from the start until every state is expanded, something is wrong, or the limit is reached.</summary>
    /// <param name="system">What is explored.</param>
    /// <param name="statesMax">States after which the walk ends, not exhaustive.</param>
    public static Exploration Explore<TSystem>(TSystem system, int statesMax)
        where TSystem : ITransitionSystem
    {
        var visited = new KeySet(system.KeySize);
        var from = new List<(int Parent, int Operation)>();
        var frontier = new Queue<byte[]>();
        var taken = new long[system.Operations];
        var key = new byte[system.KeySize];
        long transitions = 0;
        int depth = 0;
        int lastOfDepth = 0;

        system.Start();
        Visit(parent: -1, operation: -1);
        for (int index = 0; frontier.TryDequeue(out byte[]? snapshot); index++)
        {
            if (index > lastOfDepth)
            {
                depth++;
                lastOfDepth = visited.Count - 1;
            }

            for (int operation = 0; operation < system.Operations; operation++)
            {
                system.Restore(snapshot);
                if (!system.IsEnabled(operation))
                {
                    continue;
                }

                transitions++;
                taken[operation]++;
                if (system.Apply(operation) is { } problem)
                {
                    return new Exploration(visited.Count, transitions, depth + 1, false, problem, [.. StoryTo(index), operation], taken);
                }

                Visit(index, operation);
            }

            if (visited.Count > statesMax)
            {
                return new Exploration(visited.Count, transitions, depth, false, null, [], taken);
            }
        }

        return new Exploration(visited.Count, transitions, depth, true, null, [], taken);

        void Visit(int parent, int operation)
        {
            system.WriteKey(key);
            visited.Add(key, out bool isNew);
            if (isNew)
            {
                from.Add((parent, operation));
                byte[] snapshot = new byte[system.SnapshotSize];
                system.Save(snapshot);
                frontier.Enqueue(snapshot);
            }
        }

        List<int> StoryTo(int index)
        {
            var story = new List<int>();
            for (; from[index].Parent >= 0; index = from[index].Parent)
            {
                story.Add(from[index].Operation);
            }

            story.Reverse();
            return story;
        }
    }
}
