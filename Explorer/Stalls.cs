namespace RxVerify.Explorer;

/// <summary>A way into a loop that is never left and never good.</summary>
/// <param name="State">The state where the loop begins and ends, nearest to the start among all of them.</param>
/// <param name="Loop">The shortest loop, as steps from <paramref name="State"/>; the last leads back there.</param>
public sealed record Lasso(int State, IReadOnlyList<Edge> Loop);

/// <summary>
/// Loops of steps that have to happen, through states none of which is good, in which every such step that stays possible is
/// taken (weak fairness): the environment is silent, readers let go, the driver works, and nothing comes of it.
/// </summary>
public static class Stalls
{
    private const int ConditionsMax = 16;

    /// <summary>The nearest such loop, or null.</summary>
    /// <param name="graph">All states and transitions.</param>
    /// <param name="classOf">What each operation is.</param>
    /// <param name="kindOf">The kind of each operation: fairness is about kinds.</param>
    public static Lasso? Nearest(StateGraph graph, Func<int, StepClass> classOf, Func<int, int> kindOf)
    {
        int[] component = new Components(graph, classOf).Find();
        foreach (var members in Enumerable.Range(0, graph.States).Where(state => component[state] >= 0).GroupBy(state => component[state]))
        {
            if (Loop([.. members], graph, classOf, kindOf, component) is { } lasso)
            {
                return lasso;
            }
        }

        return null;
    }

    internal static bool IsWithin(StateGraph graph, Edge edge, Func<int, StepClass> classOf) =>
        classOf(edge.Operation) == StepClass.Fair && !graph.IsGood((int)edge.To);

    /// <summary>The shortest fair loop from the nearest state of a component; null when fairness leads out of it.</summary>
    private static Lasso? Loop(List<int> members, StateGraph graph, Func<int, StepClass> classOf, Func<int, int> kindOf, int[] component)
    {
        // A kind that is possible in every member has to be taken on the way; one that is not has to be seen impossible.
        ulong everywhere = ulong.MaxValue;
        ulong somewhere = 0;
        ulong taken = 0;
        foreach (int state in members)
        {
            ulong possible = Possible(graph, state, classOf, kindOf);
            everywhere &= possible;
            somewhere |= possible;
            for (int place = 0; place < graph.Degree(state); place++)
            {
                var edge = graph.EdgeAt(state, place);
                if (IsWithin(graph, edge, classOf) && component[edge.To] == component[state])
                {
                    taken |= 1ul << kindOf(edge.Operation);
                }
            }
        }

        if (taken == 0 || (everywhere & ~taken) != 0)
        {
            return null;
        }

        return Shortest(members[0], graph, classOf, kindOf, component, somewhere);
    }

    /// <summary>Breadth-first over pairs of a state and the kinds that fairness is satisfied for.</summary>
    private static Lasso Shortest(
        int start, StateGraph graph, Func<int, StepClass> classOf, Func<int, int> kindOf, int[] component, ulong kinds)
    {
        if (System.Numerics.BitOperations.PopCount(kinds) > ConditionsMax)
        {
            throw new InvalidOperationException($"more than {ConditionsMax} kinds of operations have to happen; expected fewer");
        }

        var from = new Dictionary<(int State, ulong Met), ((int State, ulong Met) At, Edge Step)>();
        var open = new Queue<(int State, ulong Met)>();
        var first = (start, Met: kinds & ~Possible(graph, start, classOf, kindOf));
        open.Enqueue(first);
        while (open.TryDequeue(out var at))
        {
            for (int place = 0; place < graph.Degree(at.State); place++)
            {
                var edge = graph.EdgeAt(at.State, place);
                if (!IsWithin(graph, edge, classOf) || component[edge.To] != component[start])
                {
                    continue;
                }

                int next = (int)edge.To;
                ulong met = (at.Met | (1ul << kindOf(edge.Operation)) | (kinds & ~Possible(graph, next, classOf, kindOf))) & kinds;
                if (from.TryAdd((next, met), (at, edge)))
                {
                    if (next == start && met == kinds)
                    {
                        return new Lasso(start, Unwind((next, met)));
                    }

                    open.Enqueue((next, met));
                }
            }
        }

        throw new InvalidOperationException("a fair component has a fair loop");

        List<Edge> Unwind((int State, ulong Met) end)
        {
            var loop = new List<Edge>();
            var at = end;
            do
            {
                (at, var step) = from[at];
                loop.Add(step);
            }
            while (at != first);
            loop.Reverse();
            return loop;
        }
    }

    /// <summary>The kinds of steps that have to happen and are possible in a state.</summary>
    private static ulong Possible(StateGraph graph, int state, Func<int, StepClass> classOf, Func<int, int> kindOf)
    {
        ulong kinds = 0;
        for (int place = 0; place < graph.Degree(state); place++)
        {
            int operation = graph.EdgeAt(state, place).Operation;
            kinds |= classOf(operation) == StepClass.Fair ? 1ul << kindOf(operation) : 0;
        }

        return kinds;
    }

    /// <summary>Tarjan's strongly connected components, without recursion, over fair steps through states that are not good.</summary>
    private sealed class Components(StateGraph graph, Func<int, StepClass> classOf)
    {
        private readonly int[] _number = new int[graph.States];
        private readonly int[] _low = new int[graph.States];
        private readonly int[] _component = new int[graph.States];
        private readonly bool[] _onStack = new bool[graph.States];
        private readonly Stack<int> _stack = new();
        private readonly Stack<(int State, int Place)> _calls = new();
        private int _count;
        private int _components;

        /// <summary>The component of each state, -1 for good ones.</summary>
        public int[] Find()
        {
            Array.Fill(_component, -1);
            for (int state = 0; state < graph.States; state++)
            {
                if (_number[state] == 0 && !graph.IsGood(state))
                {
                    Visit(state);
                }
            }

            return _component;
        }

        private void Visit(int root)
        {
            Enter(root);
            while (_calls.TryPop(out var call))
            {
                var (state, place) = call;
                if (place == graph.Degree(state))
                {
                    Leave(state);
                    continue;
                }

                _calls.Push((state, place + 1));
                var edge = graph.EdgeAt(state, place);
                int next = (int)edge.To;
                if (!IsWithin(graph, edge, classOf))
                {
                    continue;
                }

                if (_number[next] == 0)
                {
                    Enter(next);
                }
                else if (_onStack[next])
                {
                    _low[state] = Math.Min(_low[state], _number[next]);
                }
            }
        }

        private void Enter(int state)
        {
            _number[state] = _low[state] = ++_count;
            _stack.Push(state);
            _onStack[state] = true;
            _calls.Push((state, 0));
        }

        private void Leave(int state)
        {
            if (_calls.TryPeek(out var caller))
            {
                _low[caller.State] = Math.Min(_low[caller.State], _low[state]);
            }

            if (_low[state] != _number[state])
            {
                return;
            }

            int member;
            do
            {
                member = _stack.Pop();
                _onStack[member] = false;
                _component[member] = _components;
            }
            while (member != state);
            _components++;
        }
    }
}
