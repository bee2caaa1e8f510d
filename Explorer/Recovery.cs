namespace RxVerify.Explorer;

/// <summary>From every reachable state something good can be reached without further failures.</summary>
public static class Recovery
{
    /// <summary>Searches backward from the good states. Returns the nearest state from which none can be reached, or -1.</summary>
    /// <param name="graph">All states and transitions.</param>
    /// <param name="classOf">What each operation is; failures are no way to recover.</param>
    public static int NearestLost(StateGraph graph, Func<int, StepClass> classOf)
    {
        var (first, sources) = Reverse(graph, classOf);
        bool[] canRecover = new bool[graph.States];
        var open = new Stack<int>();
        for (int state = 0; state < graph.States; state++)
        {
            if (graph.IsGood(state))
            {
                canRecover[state] = true;
                open.Push(state);
            }
        }

        while (open.TryPop(out int state))
        {
            for (long at = first[state]; at < first[state + 1]; at++)
            {
                int source = sources[at];
                if (!canRecover[source])
                {
                    canRecover[source] = true;
                    open.Push(source);
                }
            }
        }

        return Array.IndexOf(canRecover, false);
    }

    /// <summary>For each state those that lead to it: where its part of the list begins, and the list.</summary>
    private static (long[] First, int[] Sources) Reverse(StateGraph graph, Func<int, StepClass> classOf)
    {
        long[] first = new long[graph.States + 1];
        ForEach((_, to) => first[to + 1]++);
        for (int state = 0; state < graph.States; state++)
        {
            first[state + 1] += first[state];
        }

        int[] sources = new int[first[^1]];
        long[] next = [.. first];
        ForEach((from, to) => sources[next[to]++] = from);
        return (first, sources);

        void ForEach(Action<int, int> visit)
        {
            for (int from = 0; from < graph.States; from++)
            {
                for (int place = 0; place < graph.Degree(from); place++)
                {
                    var edge = graph.EdgeAt(from, place);
                    if (classOf(edge.Operation) != StepClass.Failure)
                    {
                        visit(from, (int)edge.To);
                    }
                }
            }
        }
    }
}
