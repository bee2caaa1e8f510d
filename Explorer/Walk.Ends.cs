namespace RxVerify.Explorer;

/// <content>The claims about what happens in the end, on the whole graph.</content>
internal sealed partial class Walk<TSystem>
{
    private static readonly bool Recovers = typeof(IRecoveringSystem).IsAssignableFrom(typeof(TSystem));

    /// <summary>Recovery, then stalls. Null when both hold or the graph was not kept.</summary>
    private Exploration? CheckEnds(Exploration result)
    {
        if (_graph is null || !Recovers)
        {
            return null;
        }

        using var limit = CancellationTokenSource.CreateLinkedTokenSource(_cancellation);
        if (_options.TimeMax is { } time)
        {
            limit.CancelAfter(time > Elapsed ? time - Elapsed : TimeSpan.Zero);
        }

        try
        {
            return CheckEnds(result, limit.Token);
        }
        catch (OperationCanceledException) when (limit.IsCancellationRequested)
        {
            // The clock of the limit may be ahead of ours.
            string reason = _options.ReasonToEnd(0, 0, TimeSpan.MaxValue, _cancellation)!;
            return result with { Outcome = ExploreOutcome.NotExhaustive, EndedBy = $"{reason}; every state was expanded, what happens in the end was not" };
        }
    }

    private Exploration? CheckEnds(Exploration result, CancellationToken limit)
    {
        using var story = new Story<TSystem>(_create, _visited.Log!);
        using var system = (IRecoveringSystem)_create();
        int lost = Recovery.NearestLost(_graph!, ClassOf);
        if (lost >= 0)
        {
            story.GoTo((uint)lost);
            return Told(result, story, new Problem(Problem.Recovery, $"from here on no steps, with nothing failing any more, {system.Good}"), 0);
        }

        if (Stalls.Nearest(_graph!, ClassOf, system.KindOf) is not { } lasso)
        {
            return null;
        }

        // The loop is gone twice: a loop that cannot be repeated is none. Another kind of step may lead to the same state, but fair is this one.
        story.GoTo((uint)lasso.State);
        foreach (var step in lasso.Loop.Concat(lasso.Loop))
        {
            story.Step(step.To, operation => system.ClassOf(operation) == StepClass.Fair && system.KindOf(operation) == system.KindOf(step.Operation));
        }

        return Told(result, story, new Problem(Problem.Stall, $"the last {(lasso.Loop.Count == 1 ? "step repeats for ever and does" : $"{Quantity.Of(lasso.Loop.Count)} steps repeat for ever and do")} not {system.Good}"), lasso.Loop.Count);

        // Both searches ask it of every step, so that here each can be ended.
        StepClass ClassOf(int operation)
        {
            limit.ThrowIfCancellationRequested();
            return system.ClassOf(operation);
        }
    }

    private static Exploration Told(Exploration result, Story<TSystem> story, Problem problem, int loop)
    {
        // The second lap was a check, and is no part of the story.
        int length = story.Operations.Count - loop;
        return result with
        {
            Outcome = ExploreOutcome.Broke,
            Problem = problem,
            Story = story.Operations[..length],
            StoryNames = story.Names[..length],
            LoopLength = loop,
        };
    }
}
