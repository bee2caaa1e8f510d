using RxVerify.Implementation.Memory;
using RxVerify.Implementation.PagePool;
using RxVerify.Model.Vocabulary;
using RxVerify.Model.Vocabulary.PagePool;

namespace RxVerify.Tests.PagePool;

/// <summary>A pool with everything round it. Each operation has to be allowed and, unless a trap is waited for, must not be trapped.</summary>
internal sealed class PoolWorldBench(PoolWorld world) : IDisposable
{
    /// <summary>A cache of four, refilled by two, a ring of four that is cleared at once, and room for eight things.</summary>
    public static readonly PoolConfiguration Small = new() { CacheSize = 4, Refill = 2, PoolSize = 4, CounterMax = 1000, HeldMax = 8 };

    /// <summary>The same on 5.15, of whole pages.</summary>
    public static readonly PoolConfiguration Pages515 = Small with { Era = PoolEra.Linux515, Fragments = false };

    /// <summary>The same on 5.15, of fragments.</summary>
    public static readonly PoolConfiguration Fragments515 = Small with { Era = PoolEra.Linux515 };

    public PoolWorldBench(PoolConfiguration configuration)
        : this(new PoolWorld<RightPoolRules>(configuration))
    {
    }

    public PoolWorld World { get; } = world;

    public Pool Pool => World.Pool;

    public PhysicalMemory Memory => World.Memory;

    public PoolCounters Counters => World.Pool.Counters;

    /// <summary>Pages in the cache, the one taken next last.</summary>
    public string Cache => string.Join(' ', Enumerable.Range(0, Pool.Cached).Select(place => NameOf(Pool.CacheAt(place))));

    /// <summary>Places of the ring, a dash for an empty one.</summary>
    public string Ring => string.Join(' ', Enumerable.Range(0, Pool.RingSlots).Select(slot => NameOf(Pool.RingAt(slot))));

    /// <summary>Pages held, oldest first.</summary>
    public string Held => string.Join(' ', World.Things.ToArray().Select(thing => $"{thing.Page.Value}"));

    public PoolOutcome Apply(PoolOperation operation, TrapKind trap = TrapKind.None)
    {
        Assert.True(World.Allows(operation), $"{operation} is not allowed");
        var outcome = World.Apply(operation);
        Assert.Equal(trap, Memory.Trap.Kind);
        return outcome;
    }

    /// <summary>Applies each of these; returns the value of the last.</summary>
    public int Apply(params ReadOnlySpan<PoolOperation> operations)
    {
        int value = 0;
        foreach (var operation in operations)
        {
            value = Apply(operation).Value;
        }

        return value;
    }

    /// <summary>Takes whole pages; returns the id of the last.</summary>
    public int TakePages(int count)
    {
        PageId page = default;
        for (int time = 0; time < count; time++)
        {
            page = Apply(PoolOperation.Page()).Got.Page;
        }

        return page.Value;
    }

    /// <summary>A fragment of so many bytes: its page and offset.</summary>
    public (int Page, int Offset) Cut(int size)
    {
        var outcome = Apply(PoolOperation.Fragment(size));
        Assert.Equal((1, size), (outcome.Value, outcome.Got.Length));
        return (outcome.Got.Page.Value, outcome.Got.Offset);
    }

    /// <summary>The frame of the thing at a place.</summary>
    public int FrameAt(int place) => World.Things[place].Frame;

    public void Dispose() => World.Dispose();

    private string NameOf(int frame) => frame < 0 ? "-" : $"{Memory.PageOf(frame).Value}";
}
