using RxVerify.Model.PagePool;
using RxVerify.Model.Vocabulary.PagePool;

namespace RxVerify.Tests.PagePool;

/// <summary>A model on its way through a test.</summary>
internal sealed class PoolModelRun(PoolConfiguration configuration)
{
    public PoolModel Model { get; private set; } = Checked(configuration);

    public PoolState Pool => Model.Pool!;

    public PoolCounters Counters => Model.Counters;

    /// <summary>The pages in the cache, the last of which is given out first.</summary>
    public int[] Cache => [.. Pool.Cache.Select(page => page.Value)];

    /// <summary>The pages in the ring, the first of which is read first.</summary>
    public int[] Ring => [.. Pool.Ring.Pages.Select(page => page.Value)];

    /// <summary>The pages of the things held, oldest first.</summary>
    public int[] Held => [.. Model.Held.Select(thing => thing.Range.Page.Value)];

    /// <summary>Does the operations and returns what the last one returned.</summary>
    public PoolOutcome Do(params PoolOperation[] operations)
    {
        var outcome = default(PoolOutcome);
        foreach (var operation in operations)
        {
            var step = Model.After(operation);
            Model = step.Next;
            outcome = step.Outcome;
        }

        return outcome;
    }

    /// <summary>Does one operation several times.</summary>
    public void Repeat(int times, PoolOperation operation) => Do([.. Enumerable.Repeat(operation, times)]);

    public bool Allows(PoolOperation operation) => Model.Allows(operation);

    /// <summary>Takes a whole page, whose number is returned.</summary>
    public int TakePage()
    {
        var outcome = Do(PoolOperation.Page());
        Assert.Equal(1, outcome.Value);
        return outcome.Got.Page.Value;
    }

    /// <summary>What is known of a page of the pool.</summary>
    public PoolPage Facts(int page) => Pool.Pages[new(page)];

    private static PoolModel Checked(PoolConfiguration configuration)
    {
        Assert.Null(configuration.Fault());
        return PoolModel.Start(configuration);
    }
}
