using RxVerify.Implementation.Memory;
using RxVerify.Implementation.PagePool;
using RxVerify.Model.Vocabulary.Mana;
using RxVerify.Model.Vocabulary.PagePool;

namespace RxVerify.Implementation.Mana;

/// <summary>
/// The pools of one receive queue: that of the queue as it is now, and those of queues taken down that wait for their pages. A
/// page knows its pool (page-&gt;pp), so whatever comes back finds the right one.
/// </summary>
/// <typeparam name="TPoolRules">The pool's decisions, right or planted.</typeparam>
public sealed class ManaPools<TPoolRules> : StatePart, IRecycler
    where TPoolRules : struct, IPoolRules
{
    private readonly PhysicalMemory _memory;
    private readonly PoolPages _pages;
    private readonly Pool<TPoolRules>[] _pools;
    private HeldList<int> _waiting;

    /// <summary>Room for the pools of a queue with or without a program.</summary>
    /// <param name="configuration">The constants.</param>
    /// <param name="plain">The layout without a program.</param>
    /// <param name="withProgram">The layout with one, or that the port refuses it.</param>
    /// <param name="memory">Where pages come from.</param>
    /// <param name="iommu">The device's view of them.</param>
    /// <param name="faults">What fails.</param>
    public ManaPools(
        ManaConfiguration configuration, ManaLayout plain, ManaLayoutAnswer withProgram, PhysicalMemory memory, Iommu iommu, FaultPlan faults)
    {
        _memory = memory;
        _pools = new Pool<TPoolRules>[withProgram.IsRefused ? ManaConfiguration.PoolsMax : 2 * ManaConfiguration.PoolsMax];
        _pages = new PoolPages(memory.Frames, _pools.Length);
        for (int place = 0; place < _pools.Length; place++)
        {
            var layout = place < ManaConfiguration.PoolsMax ? plain : withProgram.Layout;
            _pools[place] = new Pool<TPoolRules>(configuration.Pool(layout), memory, iommu, faults, _pages, place);
        }
    }

    /// <summary>Where what comes back from holders is put.</summary>
    public PutContext Context { get; set; }

    /// <summary>Pools of queues taken down that wait for their pages.</summary>
    public int Waiting => _waiting.Count;

    /// <summary>A pool by its place.</summary>
    public Pool<TPoolRules> this[int place] => _pools[place];

    /// <summary>A waiting pool, the one that has waited longest first.</summary>
    public Pool<TPoolRules> WaitingAt(int place) => _pools[_waiting.Items[place]];

    /// <summary>Creates a pool where there is none; returns its place.</summary>
    public int Create(bool hasProgram)
    {
        // One pool of each layout is free: a queue is created while fewer wait than there is room for.
        int place = hasProgram ? ManaConfiguration.PoolsMax : 0;
        place += _pools[place].IsUp ? 1 : 0;
        _pools[place].Create();
        return place;
    }

    /// <summary>A queue was taken down and has destroyed its pool, which waits if it is not gone.</summary>
    public void Leave(int place)
    {
        if (_pools[place].IsUp)
        {
            _waiting.Add(place);
        }
    }

    /// <summary>The delayed work of a waiting pool, where some is scheduled; returns pages that left the pool.</summary>
    public int Retry(int place)
    {
        var pool = WaitingAt(place);
        long before = pool.Departures;
        if (pool.HasRetry)
        {
            pool.Retry();
        }

        if (!pool.IsUp)
        {
            _waiting.Remove(place, 1);
        }

        return (int)(pool.Departures - before);
    }

    /// <inheritdoc/>
    public void PutBack(int frame, int length)
    {
        // D-36: the signature tells, and only then whose it is.
        var pool = NumberedPool(_pages.PoolOf(frame));
        if (pool.Owns(frame))
        {
            pool.Put(frame, Context, 0, length);
        }
        else
        {
            _memory.Put(frame);
        }
    }

    /// <summary>Frames come back by the memory model of their queue (xdp_return_frame_bulk): runs of one pool's together.</summary>
    /// <param name="frames">As many as a bulk has room for, at most.</param>
    public void Return(ReadOnlySpan<RedirectedFrame> frames)
    {
        PutUnderWay put = default;
        var pool = _pools[0];
        foreach (ref readonly var frame in frames)
        {
            _memory.LetGo(frame.Frame, frame.Offset);
            var next = NumberedPool(TPoolRules.PoolOf(_pages.PoolOf(frame.Frame), frame.Pool));
            if (next != pool)
            {
                Finish(pool, ref put);
                pool = next;
            }

            pool.Count(ref put, frame.Frame, PutContext.Elsewhere, 0, _memory.PageSize);
        }

        Finish(pool, ref put);
    }

    /// <inheritdoc/>
    protected internal override void Lay(ref BlockCursor cursor)
    {
        _pages.Lay(ref cursor);
        foreach (var pool in _pools)
        {
            pool.Lay(ref cursor);
        }

        _waiting.Lay(ref cursor, ManaConfiguration.PoolsMax);
    }

    /// <summary>The pool of a number; of number 0 any, which finds that the page is no pool's.</summary>
    private Pool<TPoolRules> NumberedPool(int number) => _pools[(number - 1) & (_pools.Length - 1)];

    private static void Finish(Pool<TPoolRules> pool, ref PutUnderWay put)
    {
        while (put.Step != PutStep.Idle)
        {
            pool.Go(ref put);
        }

        put = default;
    }
}
