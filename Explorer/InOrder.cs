namespace RxVerify.Explorer;

/// <summary>In which order states are taken.</summary>
public enum ExploreOrder
{
    /// <summary>The nearest first: stories are shortest.</summary>
    Breadth,

    /// <summary>The last found first: as complete, and a story is only as short as it happens to be.</summary>
    Depth,

    /// <summary>Walks from the start that choose each step by chance: for state spaces too large for anything else; never complete.</summary>
    Random,
}

/// <summary>Explores in the order that the options name.</summary>
public static class InOrder
{
    /// <summary>Explores until every state is expanded, the walks are done, something is wrong, or a limit is reached.</summary>
    /// <param name="create">Makes a system.</param>
    /// <param name="options">How to walk and when to end.</param>
    /// <param name="cancellation">Ends the walk with what is known.</param>
    public static Exploration Explore<TSystem>(Func<TSystem> create, ExploreOptions options, CancellationToken cancellation = default)
        where TSystem : struct, ITransitionSystem =>
        options.Order switch
        {
            ExploreOrder.Breadth => BreadthFirst.Explore(create, options, cancellation),
            ExploreOrder.Depth => DepthFirst.Explore(create, options, cancellation),
            _ => RandomWalks.Explore(create, options, cancellation),
        };
}
