namespace RxVerify.Explorer;

/// <summary>
/// Goes on from the last state found, and back only when all that follows is known. States and transitions are those of any
/// complete walk; only the states of the present way are waiting, and a story is the way that happened to be taken.
/// </summary>
public static class DepthFirst
{
    /// <summary>Explores from the start until every state is expanded, something is wrong, or a limit is reached.</summary>
    /// <param name="create">Makes a system; called once more to replay a story.</param>
    /// <param name="options">When to end; one thread, whole keys, no graph, no checkpoint.</param>
    /// <param name="cancellation">Ends the walk with what is known.</param>
    public static Exploration Explore<TSystem>(Func<TSystem> create, ExploreOptions options, CancellationToken cancellation = default)
        where TSystem : struct, ITransitionSystem
    {
        using var walk = new DepthFirst<TSystem>(create, options with { Order = ExploreOrder.Depth }, cancellation);
        return walk.Run();
    }
}

/// <summary>One depth-first walk.</summary>
internal sealed class DepthFirst<TSystem>(Func<TSystem> create, ExploreOptions options, CancellationToken cancellation) : IDisposable
    where TSystem : struct, ITransitionSystem
{
    // A step of the way and its place in the list, as the runtime lays them out.
    private const int StepBytes = 48;

    private readonly Walker<TSystem> _walker = new(create(), options, cancellation);
    private readonly List<Step> _way = [];
    private Problem? _problem;
    private bool _isCut;

    public Exploration Run()
    {
        _problem = _walker.System.Start();
        bool isBrokenAtStart = _problem is not null;
        _walker.Know(0, 0, out uint first);
        Reach(first);
        while (_way.Count > 0 && _problem is null && _walker.MayGoOn(_way.Count - 1, _way.Count))
        {
            if (!GoOn(_way[^1]))
            {
                RemoveLast();
            }
        }

        _walker.EndedBy ??= _isCut ? $"depth limit of {Quantity.Of(options.DepthMax)}" : null;
        var result = _walker.Result(_problem);
        if (_problem is null || isBrokenAtStart)
        {
            return result;
        }

        using var story = new Story<TSystem>(create, _walker.Log);
        return story.Tell(result, _way[^1].State);
    }

    public void Dispose() => _walker.Dispose();

    /// <summary>Takes the next steps from the last state of the way, up to the first that leads to a new state. Returns whether one did.</summary>
    private bool GoOn(Step last)
    {
        // Loaded even when it is the present state: under a symmetry what is loaded has other operations than what was reached.
        Load(last);
        var enabled = _walker.Enabled(counts: last.Next == 0);
        if (enabled.IsEmpty && !_walker.System.MayRest())
        {
            _problem = new Problem(Problem.Deadlock, "nothing can happen any more");
            return true;
        }

        for (bool hasMoved = false; last.Next < enabled.Length && _walker.EndedBy is null; hasMoved = true)
        {
            if (hasMoved)
            {
                _walker.System.Back();
            }

            _problem = _walker.Take(enabled[last.Next++]);
            if (_problem is not null)
            {
                return true;
            }

            if (_walker.Know(last.State, _way.Count, out uint next) && Reach(next))
            {
                return true;
            }
        }

        return false;
    }

    private void Load(Step step)
    {
        if (step.Saved is null)
        {
            _walker.LoadKey(step.State);
        }
        else
        {
            _walker.System.Load(step.Saved);
        }
    }

    /// <summary>The way goes on to the present state, which is new. Returns false where ways end.</summary>
    private bool Reach(uint state)
    {
        if (_way.Count == options.DepthMax)
        {
            _isCut = true;
            return false;
        }

        byte[]? saved = null;
        if (_walker.System.SnapshotSize > 0)
        {
            saved = new byte[_walker.System.SnapshotSize];
            _walker.System.Save(saved);
        }

        _walker.OtherBytes += StepBytes + (saved?.Length ?? 0);
        _way.Add(new Step(state, saved));
        return true;
    }

    private void RemoveLast()
    {
        _walker.OtherBytes -= StepBytes + (_way[^1].Saved?.Length ?? 0);
        _way.RemoveAt(_way.Count - 1);
    }

    /// <summary>A state of the present way.</summary>
    private sealed class Step(uint state, byte[]? saved)
    {
        public uint State => state;

        public byte[]? Saved => saved;

        /// <summary>Place of the operation to take next.</summary>
        public int Next { get; set; }
    }
}
