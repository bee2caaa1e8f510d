using RxVerify.Implementation.PagePool;
using RxVerify.Model.Vocabulary.PagePool;

namespace RxVerify.Properties.PagePool;

/// <summary>
/// Draws operations for a pool's world in its present state. Swarm: each sequence draws which kinds are enabled and how often, and
/// a few habits of the environment, so that unlike sequences stress unlike corners (Groce et al., Swarm Testing, 2012).
/// </summary>
public sealed class PoolGenerator : IGenerator<PoolOperation>
{
    private const int Kinds = (int)PoolOperationKind.Create + 1;
    private const int HeavyWeight = 12;
    private const int SlowOneIn = 12;
    private readonly int[] _weights = new int[Kinds];
    private readonly int _weightSum;
    private readonly int _faultOneIn;
    private readonly int _reserveOneIn;
    private readonly int _oldestOneIn;
    private readonly int _bulkOneIn;
    private readonly int _localOneIn;
    private readonly int _share;
    private readonly int _slow;
    private readonly bool _lastTogether;
    private Dice _dice;

    /// <summary>A generator for one sequence.</summary>
    public PoolGenerator(ulong seed)
    {
        _dice = new Dice(seed);
        for (int kind = 0; kind < Kinds; kind++)
        {
            _weights[kind] = DrawWeight((PoolOperationKind)kind);
            _weightSum += _weights[kind];
        }

        _faultOneIn = _dice.Of(3, 10, 1000);
        _reserveOneIn = _dice.Of(4, 20, 1000);
        _oldestOneIn = _dice.Of(1, 2, 20);
        _bulkOneIn = _dice.Of(2, 6, 50);
        _localOneIn = _dice.Of(1, 2, 4, 20);
        _share = _dice.Of(2, 3, 5, 17);

        // One of those under way may be slow, so that the others overtake it.
        _slow = _dice.Below(2 * (PoolOperation.Destroyer + 1));
        _lastTogether = _dice.OneIn(3);
    }

    /// <inheritdoc/>
    public PoolOperation Next(IRun<PoolOperation> run) => Next(((PoolRun)run).World);

    /// <summary>The next operation. It fits the world's state nearly always; the caller asks whether it is allowed.</summary>
    public PoolOperation Next(PoolWorld world)
    {
        if (!world.Pool.IsUp && _dice.OneIn(2))
        {
            return PoolOperation.Create();
        }

        // What is under way mostly goes on, now this one, now that one: else a sequence would be full of puts that nobody ends.
        if (_dice.OneIn(2) && SomebodyUnderWay(world) is >= 0 and int processor)
        {
            return PoolOperation.Go(processor);
        }

        // The last pages of a destroyed pool often come back together: who returns them must not touch a pool that is gone.
        if (_lastTogether && world.Pool.Users == 0 && world.Things.Length is > 0 and <= PoolConfiguration.BulkMax && _dice.OneIn(3))
        {
            return PoolOperation.Begin(_dice.Between(1, 2), 0, count: world.Things.Length);
        }

        return Draw((PoolOperationKind)_dice.Weighted(_weights, _weightSum), world);
    }

    private PoolOperation Draw(PoolOperationKind kind, PoolWorld world) => kind switch
    {
        PoolOperationKind.Page or PoolOperationKind.Fragment or PoolOperationKind.Any => Take(kind, world),
        PoolOperationKind.Put => Put(world),
        PoolOperationKind.Write => Write(world),
        PoolOperationKind.Reference => PoolOperation.Reference(Pick(world)),
        PoolOperationKind.Share => PoolOperation.Share(Pick(world)),
        PoolOperationKind.Foreign => PoolOperation.Foreign(),
        PoolOperationKind.Move => PoolOperation.Move(),
        PoolOperationKind.Register => PoolOperation.Register(),
        PoolOperationKind.Begin => Begin(world),
        PoolOperationKind.Go => PoolOperation.Go(_dice.Below(PoolOperation.Destroyer + 1)),
        PoolOperationKind.Destroy => PoolOperation.Destroy(_dice.OneIn(2)),
        PoolOperationKind.Retry => PoolOperation.Retry(_dice.OneIn(2)),
        PoolOperationKind.Settle => PoolOperation.Settle(_dice.OneIn(2)),
        _ => PoolOperation.Create(),
    };

    /// <summary>Taking and putting are always on; the rest is on in half of the sequences, at unlike rates.</summary>
    private int DrawWeight(PoolOperationKind kind) => kind switch
    {
        PoolOperationKind.Page or PoolOperationKind.Fragment => _dice.Between(2, HeavyWeight),
        PoolOperationKind.Put => _dice.Between(2, HeavyWeight),
        PoolOperationKind.Destroy or PoolOperationKind.Settle => _dice.OneIn(2) ? 1 : 0,
        PoolOperationKind.Retry or PoolOperationKind.Create => _dice.Between(1, 3),
        _ => _dice.OneIn(2) ? _dice.Between(1, 6) : 0,
    };

    private int SomebodyUnderWay(PoolWorld world)
    {
        int first = _dice.Below(PoolOperation.Destroyer + 1);
        for (int offset = 0; offset <= PoolOperation.Destroyer; offset++)
        {
            int processor = (first + offset) % (PoolOperation.Destroyer + 1);
            if (world.Allows(PoolOperation.Go(processor)) && (processor != _slow || _dice.OneIn(SlowOneIn)))
            {
                return processor;
            }
        }

        return -1;
    }

    private PoolOperation Take(PoolOperationKind kind, PoolWorld world)
    {
        var configuration = world.Configuration;
        var fault = _dice.OneIn(_faultOneIn) ? _dice.Of(PoolFault.Page, PoolFault.Mapping, PoolFault.Index) : PoolFault.None;
        int after = fault == PoolFault.None ? 0 : _dice.Below(configuration.Refill + 1);
        bool reserve = _dice.OneIn(_reserveOneIn);
        return kind switch
        {
            PoolOperationKind.Page => PoolOperation.Page(fault, after, reserve),
            PoolOperationKind.Fragment => PoolOperation.Fragment(Size(configuration), fault, after, reserve),
            _ => PoolOperation.Any(Size(configuration), fault, after, reserve),
        };
    }

    /// <summary>Most sizes leave room for a few fragments on a page; a few are the whole page, more than it, or one byte.</summary>
    private int Size(PoolConfiguration configuration) =>
        Math.Min(ushort.MaxValue, _dice.OneIn(12) ? _dice.Of(1, configuration.PageBytes, configuration.PageBytes + 1) : (configuration.PageBytes / _share) - _dice.Of(0, 0, 1, 63));

    private PoolOperation Put(PoolWorld world)
    {
        int pick = Pick(world);
        return PoolOperation.Put(pick, Context(), Sync(world, pick), Count(world, pick));
    }

    private PoolOperation Begin(PoolWorld world)
    {
        int pick = Pick(world);
        int processor = _dice.Below(PoolConfiguration.Processors);
        var context = processor == 0 ? _dice.Of(PutContext.Local, PutContext.Direct) : PutContext.Elsewhere;
        return PoolOperation.Begin(processor, pick, context, Sync(world, pick), Count(world, pick));
    }

    private PutContext Context() =>
        _dice.OneIn(_localOneIn) ? _dice.Of(PutContext.Local, PutContext.Local, PutContext.Direct, PutContext.DirectInProcess) : PutContext.Elsewhere;

    private int Count(PoolWorld world, int pick) => _dice.OneIn(_bulkOneIn) ? Math.Clamp(world.Things.Length - pick, 1, _dice.Between(1, PoolConfiguration.BulkMax)) : 1;

    private int Sync(PoolWorld world, int pick) =>
        pick < world.Things.Length && world.Things[pick].Kind == ThingKind.Page && _dice.OneIn(2) ? Math.Max(world.Written(world.Things[pick].Frame), _dice.Of(0, 64)) : 0;

    private int Pick(PoolWorld world) => _dice.OneIn(_oldestOneIn) ? 0 : _dice.Below(Math.Max(1, world.Things.Length));

    private PoolOperation Write(PoolWorld world)
    {
        int pick = Pick(world);
        int length = pick < world.Things.Length ? Math.Min(world.Things[pick].Length, world.Configuration.SyncBytes) : 1;
        return PoolOperation.Write(pick, _dice.OneIn(3) ? Math.Min(length, ushort.MaxValue) : _dice.Between(1, Math.Min(length, 200)));
    }
}
