namespace RxVerify.Explorer;

/// <summary>Rebuilds the way to a state from the log, by going it.</summary>
internal sealed unsafe class Story<TSystem> : IDisposable
    where TSystem : struct, ITransitionSystem
{
    private readonly StateLog _log;
    private readonly int[] _enabled;
    private readonly ulong[] _key;
    private TSystem _system;

    public Story(Func<TSystem> create, StateLog log)
    {
        _system = create();
        _log = log;
        _enabled = new int[_system.EnabledMax];
        _key = new ulong[_system.KeyWords];
        _system.Start();
    }

    /// <summary>The operations taken so far.</summary>
    public List<int> Operations { get; } = [];

    /// <summary>The same in words, as they were when they were taken.</summary>
    public List<string> Names { get; } = [];

    /// <summary>Goes to a state as the walk first reached it.</summary>
    public void GoTo(uint state)
    {
        var path = new List<uint>();
        for (; _log.Parent(state) != state; state = _log.Parent(state))
        {
            path.Add(state);
        }

        path.Reverse();
        path.ForEach(next => Step(next, static _ => true));
    }

    /// <summary>A result with the way to a state, told anew, and what is wrong there.</summary>
    /// <param name="result">A result with a problem.</param>
    /// <param name="state">The state in which it was found.</param>
    public Exploration Tell(Exploration result, uint state)
    {
        GoTo(state);
        var problem = result.Problem!.Claim == Problem.Deadlock ? result.Problem : Break(result.Problem);
        return result with { Problem = problem, Story = Operations, StoryNames = Names };
    }

    /// <summary>Takes one step, to a state that follows.</summary>
    /// <param name="next">The state.</param>
    /// <param name="may">Which operations it may be.</param>
    public void Step(uint next, Func<int, bool> may)
    {
        bool isThere = Take(may, problem =>
        {
            if (problem is null)
            {
                _system.WriteKey(_key);
            }

            return problem is null && new ReadOnlySpan<ulong>(_log.Key(next), _key.Length).SequenceEqual(_key);
        });
        if (!isThere)
        {
            throw new InvalidOperationException($"no operation leads on to state {next}: equal keys do not stand for equal states");
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _system.Dispose();

    /// <summary>Takes the step that breaks a claim. Returns how it shows on this way.</summary>
    private Problem Break(Problem expected)
    {
        Problem? shown = null;
        return Take(static _ => true, problem => (shown = problem)?.Claim == expected.Claim)
            ? shown!
            : throw new InvalidOperationException($"no operation breaks '{expected.Claim}' on the way that is told");
    }

    /// <summary>
    /// The operations of a representative need not be those of the state it stands for, so the one that leads on is looked for.
    /// </summary>
    private bool Take(Func<int, bool> may, Func<Problem?, bool> leadsOn)
    {
        _system.Mark();
        int count = _system.Enabled(_enabled);
        for (int at = 0; at < count; at++)
        {
            if (!may(_enabled[at]))
            {
                continue;
            }

            string name = _system.Name(_enabled[at]);
            ulong landmarks = 0;
            if (leadsOn(_system.Apply(_enabled[at], ref landmarks)))
            {
                Operations.Add(_enabled[at]);
                Names.Add(name);
                return true;
            }

            _system.Back();
        }

        return false;
    }
}
