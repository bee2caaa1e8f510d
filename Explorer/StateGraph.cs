namespace RxVerify.Explorer;

/// <summary>One edge: an operation and the state it leads to.</summary>
/// <param name="To">Index of the state.</param>
/// <param name="Operation">The operation.</param>
public readonly record struct Edge(uint To, int Operation);

/// <summary>
/// Every reachable state and transition, states numbered in the order in which one worker reaches them: the nearest first.
/// </summary>
public sealed class StateGraph : IDisposable
{
    // The edges of state n begin where those of the states before end.
    private readonly NativeList<long> _first = new();
    private readonly NativeList<Edge> _edges = new();
    private readonly NativeList<bool> _isGood = new();
    private long _end;

    /// <summary>States expanded.</summary>
    public int States => (int)_first.Count;

    /// <summary>Edges.</summary>
    public long Edges => _edges.Count;

    /// <summary>Bytes held.</summary>
    public long Bytes => _first.Bytes + _edges.Bytes + _isGood.Bytes;

    /// <summary>How many edges leave a state.</summary>
    public int Degree(int state) => (int)((state + 1 < States ? _first[state + 1] : _edges.Count) - _first[state]);

    /// <summary>One of the edges that leave a state, in the order of its operations.</summary>
    public Edge EdgeAt(int state, int place) => _edges[_first[state] + place];

    /// <summary>Whether a state is good, for a system that is to recover; all are, for another.</summary>
    public bool IsGood(int state) => _isGood[state];

    /// <inheritdoc/>
    public void Dispose()
    {
        _first.Dispose();
        _edges.Dispose();
        _isGood.Dispose();
    }

    /// <summary>The next state is expanded, which is the present one of the system; so many edges follow.</summary>
    internal void Begin<TSystem>(TSystem system, int edges)
        where TSystem : struct, ITransitionSystem
    {
        _first.Add(_end);
        _end += edges;
        _isGood.Add(system is not IRecoveringSystem recovering || recovering.IsGood());
    }

    /// <summary>The next edge.</summary>
    internal void Add(uint to, int operation) => _edges.Add(new Edge(to, operation));
}
