using System.Runtime.InteropServices;
using RxVerify.Explorer;
using RxVerify.Implementation.Dqo;
using RxVerify.Model.Dqo;

namespace RxVerify.Properties.Dqo;

/// <summary>
/// Every reachable state of a core and every pair of states that one step joins, as the explorer finds them.
/// </summary>
internal sealed class DqoCoreMap : IDisposable
{
    /// <summary>Most states of a core that is mapped: beyond, no fuzzing gets near all of them.</summary>
    public const int StatesMax = 1_000_000;

    private const int KeyWordsMax = 2;
    private readonly DqoCoreConfiguration _core;
    private readonly DqoCoreKey _key;
    private readonly ulong[] _keys;
    private readonly Edge[] _stepTo;
    private readonly ulong[] _words;
    private readonly StateGraph _graph;
    private readonly Dictionary<UInt128, int> _indexOf;

    // The edges of state n begin at place n; of several to the same state only the first stands for the pair.
    private readonly int[] _firstEdge;

    /// <summary>Explores a core.</summary>
    /// <exception cref="ArgumentException">The core has too many states; the message says what was expected.</exception>
    public DqoCoreMap(DqoCoreConfiguration core, CancellationToken cancellation)
    {
        _core = core;
        _key = new DqoCoreKey(core, DqoSymmetry.None, balances: true);
        _words = new ulong[_key.Words];
        var options = new ExploreOptions { KeepsGraph = true, StatesMax = StatesMax };
        var walk = DqoDriver.Right.ExploreCore(core, DqoSymmetry.None, refines: false, options, cancellation: cancellation);
        _graph = walk.Graph!;
        cancellation.ThrowIfCancellationRequested();
        if (!walk.IsExhaustive || _key.Words > KeyWordsMax)
        {
            _graph.Dispose();
            throw new ArgumentException($"{core} has more states than can be compared; expected at most {StatesMax}", nameof(core));
        }

        _stepTo = FirstSteps();
        _keys = ReadKeys();
        _indexOf = new Dictionary<UInt128, int>(_graph.States);
        _firstEdge = new int[_graph.States + 1];
        for (int state = 0; state < _graph.States; state++)
        {
            _indexOf.Add(Packed(KeyOf(state)), state);
            _firstEdge[state + 1] = _firstEdge[state] + _graph.Degree(state);
            for (int place = 0; place < _graph.Degree(state); place++)
            {
                Pairs += PlaceOf(state, (int)_graph.EdgeAt(state, place).To) == place ? 1 : 0;
            }
        }
    }

    /// <summary>Reachable states.</summary>
    public int States => _graph.States;

    /// <summary>Pairs of states that a step joins: steps that lead from the same state to the same one are one pair.</summary>
    public int Pairs { get; }

    /// <summary>Steps, so many that each pair has a number below.</summary>
    public int Steps => _firstEdge[^1];

    /// <summary>Index of a state, or -1 when it cannot be reached.</summary>
    public int IndexOf(DqoCoreState state)
    {
        _key.Write(state, _words);
        return _indexOf.GetValueOrDefault(Packed(_words), -1);
    }

    /// <summary>Number of the pair, or -1 when no step joins the two.</summary>
    public int PairOf(int from, int to)
    {
        int place = PlaceOf(from, to);
        return place < 0 ? -1 : _firstEdge[from] + place;
    }

    /// <summary>States in words, each with a shortest way there.</summary>
    public IReadOnlyList<DqoCoreUnvisited> Told(IEnumerable<int> states)
    {
        var told = new List<DqoCoreUnvisited>();
        foreach (int state in states)
        {
            var story = new List<string>();
            for (int at = state; at != 0; at = (int)_stepTo[at].To)
            {
                story.Insert(0, DqoCoreStep.Of(_stepTo[at].Operation).ToString());
            }

            told.Add(new DqoCoreUnvisited(TextOf(state), story));
        }

        return told;
    }

    /// <inheritdoc/>
    public void Dispose() => _graph.Dispose();

    private static UInt128 Packed(ReadOnlySpan<ulong> key) => new(key.Length > 1 ? key[1] : 0, key[0]);

    private Span<ulong> KeyOf(int state) => _keys.AsSpan(state * _key.Words, _key.Words);

    private int PlaceOf(int from, int to)
    {
        for (int place = 0; place < _graph.Degree(from); place++)
        {
            if (_graph.EdgeAt(from, place).To == to)
            {
                return place;
            }
        }

        return -1;
    }

    /// <summary>
    /// For each state the step by which it is first reached, and where that comes from. States are numbered nearest first, so
    /// this is the last step of a shortest way.
    /// </summary>
    private Edge[] FirstSteps()
    {
        var steps = new Edge[States];
        bool[] isReached = new bool[States];
        isReached[0] = true;
        for (int from = 0; from < States; from++)
        {
            for (int place = 0; place < _graph.Degree(from); place++)
            {
                var edge = _graph.EdgeAt(from, place);
                if (!isReached[edge.To])
                {
                    isReached[edge.To] = true;
                    steps[edge.To] = new Edge((uint)from, edge.Operation);
                }
            }
        }

        return steps;
    }

    /// <summary>The graph numbers states; their keys are those that the driver has after their first steps.</summary>
    private ulong[] ReadKeys()
    {
        int words = _key.Words;
        ulong[] keys = new ulong[States * words];
        var system = new DqoCore<RightRules>(_core, refines: false);
        int[] enabled = new int[system.EnabledMax];
        ulong landmarks = 0;
        system.Start();
        system.WriteKey(keys.AsSpan(0, words));
        for (int state = 1; state < States; state++)
        {
            // Those before it have their keys, since they are nearer or were reached sooner.
            system.Load(MemoryMarshal.AsBytes(keys.AsSpan((int)_stepTo[state].To * words, words)));
            system.Mark();
            system.Enabled(enabled);
            system.Apply(_stepTo[state].Operation, ref landmarks);
            system.WriteKey(keys.AsSpan(state * words, words));
        }

        system.Dispose();
        return keys;
    }

    private string TextOf(int index)
    {
        var state = new DqoCoreState(_core);
        _key.Read(KeyOf(index), state);
        return state.ToString();
    }
}

/// <summary>Which states and pairs of a map somebody has been to.</summary>
internal sealed class DqoCoreMarks(DqoCoreMap map)
{
    private readonly bool[] _states = new bool[map.States];
    private readonly bool[] _pairs = new bool[map.Steps];

    /// <summary>States visited.</summary>
    public int States { get; private set; }

    /// <summary>Pairs visited.</summary>
    public int Pairs { get; private set; }

    /// <summary>Whether there is nothing left to visit.</summary>
    public bool IsComplete => States == map.States && Pairs == map.Pairs;

    /// <summary>States never visited, nearest first.</summary>
    public IEnumerable<int> Unvisited => Enumerable.Range(0, map.States).Where(state => !_states[state]);

    /// <summary>Marks a state. Returns whether it is the first time.</summary>
    public bool Visit(int state)
    {
        bool isNew = !_states[state];
        States += isNew ? 1 : 0;
        _states[state] = true;
        return isNew;
    }

    /// <summary>Marks a pair, if a step joins the two.</summary>
    public void Visit(int from, int to)
    {
        int pair = map.PairOf(from, to);
        if (pair >= 0)
        {
            Pairs += _pairs[pair] ? 0 : 1;
            _pairs[pair] = true;
        }
    }
}
