using System.Numerics;
using RxVerify.Implementation.Memory;
using RxVerify.Implementation.PagePool;
using RxVerify.Model.Vocabulary.PagePool;

namespace RxVerify.Implementation.Mana;

/// <summary>
/// The pools of receive queues: those of the queues as they are now, and those of queues taken down that wait for their pages. A
/// page knows its pool (page-&gt;pp), so whatever comes back finds the right one.
/// </summary>
/// <typeparam name="TPoolRules">The pool's decisions, right or planted.</typeparam>
public sealed class ManaPools<TPoolRules> : StatePart, IRecycler
    where TPoolRules : struct, IPoolRules
{
    private readonly PhysicalMemory _memory;
    private readonly PoolPages _pages;
    private readonly Pool<TPoolRules>[] _pools;
    private readonly int _places;
    private readonly int _count;
    private HeldList<int> _waiting;

    /// <summary>Room for pools of several kinds.</summary>
    /// <param name="kinds">The constants of each kind.</param>
    /// <param name="places">Pools of one kind that can be alive at once.</param>
    /// <param name="memory">Where pages come from.</param>
    /// <param name="iommu">The device's view of them.</param>
    /// <param name="faults">What fails.</param>
    public ManaPools(IReadOnlyList<PoolConfiguration> kinds, int places, PhysicalMemory memory, Iommu iommu, FaultPlan faults)
    {
        _memory = memory;
        _places = places;
        _count = kinds.Count * places;
        _pools = new Pool<TPoolRules>[BitOperations.RoundUpToPowerOf2((uint)_count)];
        _pages = new PoolPages(memory.Frames, _pools.Length);
        for (int place = 0; place < _pools.Length; place++)
        {
            // No page has a number of those that only fill up the power of two.
            _pools[place] = place < _count ? new Pool<TPoolRules>(kinds[place / places], memory, iommu, faults, _pages, place) : _pools[0];
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

    /// <summary>Creates a pool of a kind where there is none; returns its place, or -1 when all are alive, as after leaks of a wrong rule.</summary>
    public int Create(int kind)
    {
        for (int place = kind * _places; place < (kind + 1) * _places; place++)
        {
            if (!_pools[place].IsUp)
            {
                _pools[place].Create();
                return place;
            }
        }

        return Pool.None;
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

    /// <summary>Each waiting pool looks once, the one that has waited longest first.</summary>
    public void RetryAll()
    {
        for (int place = 0; place < Waiting;)
        {
            int waiting = Waiting;
            Retry(place);
            place += waiting == Waiting ? 1 : 0;
        }
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
        foreach (var pool in _pools.AsSpan(0, _count))
        {
            pool.Lay(ref cursor);
        }

        _waiting.Lay(ref cursor, _count);
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
