namespace RxVerify.Explorer;

/// <summary>
/// Walks every reachable state, nearest first, so that the first problem found has a shortest story. All workers expand one
/// depth before any begins the next.
/// </summary>
/// <remarks>
/// With one worker everything happens in a fixed order. With more, counts are the same, since a depth is a set; a problem is
/// looked for again by one worker, so that there is one story whatever the number of threads.
/// </remarks>
public static class BreadthFirst
{
    /// <summary>Explores from the start until every state is expanded, something is wrong, or a limit is reached.</summary>
    /// <param name="create">Makes a system; called once for each worker, and once more to replay a story.</param>
    /// <param name="options">How to walk and when to end.</param>
    /// <param name="cancellation">Ends the walk with what is known.</param>
    public static Exploration Explore<TSystem>(Func<TSystem> create, ExploreOptions options, CancellationToken cancellation = default)
        where TSystem : struct, ITransitionSystem
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(options.Threads, 1, nameof(options));
        if (options.KeepsGraph && (options.Threads != 1 || options.Fingerprints || options.Checkpoint is not null))
        {
            throw new ArgumentException("the graph is kept with one thread, whole keys and no checkpoint", nameof(options));
        }

        using var walk = new Walk<TSystem>(create, options, cancellation);
        var exploration = walk.Run();
        if (exploration.Problem is not null && exploration.Story.Count == 0 && (options.Threads > 1 || options.Fingerprints))
        {
            using var again = new Walk<TSystem>(create, options with
            {
                Threads = 1,
                Fingerprints = false,
                Checkpoint = null,

                // There is a problem at a depth that was reached, so the telling ends by itself.
                StatesMax = long.MaxValue,
                BytesMax = long.MaxValue,
                TimeMax = null,
            }, cancellation);
            var told = again.Run();
            var elapsed = exploration.Elapsed + told.Elapsed;
            exploration = (told.Problem is null ? exploration with { EndedBy = told.EndedBy } : told) with { Elapsed = elapsed };
        }

        return exploration;
    }
}
