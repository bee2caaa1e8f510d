using RxVerify.Implementation.Dqo;
using RxVerify.Model.Vocabulary.Dqo;

namespace RxVerify.Properties.Dqo;

/// <summary>
/// Draws operations for a world in its present state. Swarm: each sequence draws which kinds are enabled and how often, and
/// a few habits of the environment, so that unlike sequences stress unlike corners (Groce et al., Swarm Testing, 2012).
/// </summary>
public sealed class DqoGenerator : IGenerator<DqoOperation>
{
    private const int Kinds = (int)DqoOperationKind.Lie + 1;
    private const int HeavyWeight = 12;
    private readonly DqoScope _scope;
    private readonly int _weightSum;
    private readonly int _faultOneIn;
    private readonly int _damageOneIn;
    private readonly int _shortOneIn;
    private readonly int _orderOneIn;
    private readonly int _buffersMax;
    private readonly int _budgetMax;
    private readonly int[] _weights = new int[Kinds];
    private Dice _dice;

    /// <summary>A generator for one sequence.</summary>
    public DqoGenerator(ulong seed, DqoScope scope)
    {
        _dice = new Dice(seed);
        _scope = scope;
        for (int kind = 0; kind < Kinds; kind++)
        {
            _weights[kind] = DrawWeight((DqoOperationKind)kind);
            _weightSum += _weights[kind];
        }

        _faultOneIn = _dice.Of(2, 4, 10, 1000);
        _damageOneIn = _dice.Of(3, 10, 1000);
        _shortOneIn = _dice.Of(2, 5, 50);
        _orderOneIn = _dice.Of(1, 2, 100);
        _buffersMax = _dice.Of(1, 2, 4, 64);
        _budgetMax = _dice.Of(1, 3, 64, 200);
    }

    /// <summary>The next operation. It fits the world's state nearly always; the caller asks whether it is allowed.</summary>
    public DqoOperation Next(DqoWorld world)
    {
        if (!world.Queue.IsUp && _dice.OneIn(2))
        {
            return Create(world);
        }

        return Draw((DqoOperationKind)_dice.Weighted(_weights, _weightSum), world);
    }

    DqoOperation IGenerator<DqoOperation>.Next(IRun<DqoOperation> run) => Next(((DqoRun)run).World);

    private DqoOperation Draw(DqoOperationKind kind, DqoWorld world) => kind switch
    {
        DqoOperationKind.Receive => Receive(world, late: false),
        DqoOperationKind.ReceiveLate => Receive(world, late: true),
        DqoOperationKind.Poll => Poll(world),
        DqoOperationKind.Release => DqoOperation.Release(Held(world)),
        DqoOperationKind.Clone => DqoOperation.Cloned(Held(world)),
        DqoOperationKind.Post => DqoOperation.Post(PostingFault(world)),
        DqoOperationKind.Refill => DqoOperation.Refill(PostingFault(world), _dice.Below(4)),
        DqoOperationKind.Teardown => DqoOperation.Teardown(_dice.OneIn(3)),
        DqoOperationKind.Create => Create(world),
        DqoOperationKind.Settle => DqoOperation.Settle(_dice.OneIn(2)),
        _ => Lie(world),
    };

    /// <summary>Traffic and readers are nearly always on; the rest is on in half of the sequences, at unlike rates.</summary>
    private int DrawWeight(DqoOperationKind kind) => kind switch
    {
        DqoOperationKind.Receive or DqoOperationKind.Poll => _dice.Between(3, HeavyWeight),
        DqoOperationKind.Release => _dice.Between(0, HeavyWeight),
        DqoOperationKind.Lie => _scope.HasFlag(DqoScope.Hostile) ? _dice.Between(1, 4) : 0,
        DqoOperationKind.Teardown or DqoOperationKind.Create or DqoOperationKind.Settle => _dice.OneIn(2) ? 1 : 0,
        _ => _dice.OneIn(2) ? _dice.Between(1, 6) : 0,
    };

    private DqoOperation Receive(DqoWorld world, bool late)
    {
        int visible = Math.Max(1, world.Device.Visible);
        int room = Math.Max(1, world.Configuration.StackCapacity - world.Load);
        int buffers = _dice.Between(1, Math.Min(Math.Min(_buffersMax, visible), room));
        int chunk = world.Configuration.ChunkSize;
        int size = Size(buffers, chunk, world.Configuration.Copybreak);
        int pick = _dice.OneIn(_orderOneIn) ? _dice.Below(visible) : 0;
        int damaged = _dice.OneIn(_damageOneIn) ? _dice.Between(1, buffers) : 0;
        return DqoOperation.Receive(size, buffers, pick, damaged, Traits(), late);
    }

    /// <summary>Small packets mostly: what matters is which side of the copybreak and how many buffers, and bytes cost time.</summary>
    private int Size(int buffers, int chunk, int copybreak)
    {
        int size = buffers > 1 || !_dice.OneIn(_shortOneIn)
            ? _dice.OneIn(16) ? _dice.Between(1, chunk) : Math.Min(chunk, copybreak + 1 + _dice.Below(24))
            : _dice.Between(1, Math.Max(1, Math.Min(copybreak, 24)));
        return Math.Clamp(size + ((buffers - 1) * _dice.Between(1, 8)), buffers, Math.Min(buffers * chunk, ushort.MaxValue));
    }

    private DqoTraits Traits() => _dice.OneIn(4)
        ? AnyTraits()
        : _dice.OneIn(8) ? DqoTraits.Rsc : DqoTraits.None;

    /// <summary>The lowest bit drawn is the trait that came last, so that a seed draws the others as it did before.</summary>
    private DqoTraits AnyTraits()
    {
        int drawn = _dice.Below(512);
        return (DqoTraits)((drawn >> 1) | ((drawn & 1) << 8));
    }

    private DqoOperation Poll(DqoWorld world)
    {
        int budget = _dice.Between(1, _budgetMax);
        if (!_dice.OneIn(_faultOneIn))
        {
            return DqoOperation.Poll(budget, dropsAtOnce: _dice.OneIn(8));
        }

        var fault = _dice.OneIn(2) ? DqoFault.Skb
            : world.Configuration.QueuePageList ? DqoFault.CopyPage
            : _dice.Of(DqoFault.Page, DqoFault.Mapping);
        return DqoOperation.Poll(budget, fault, _dice.Below(3), _dice.OneIn(8));
    }

    private DqoFault PostingFault(DqoWorld world) => !world.Configuration.QueuePageList && _dice.OneIn(_faultOneIn)
        ? _dice.Of(DqoFault.Page, DqoFault.Mapping)
        : DqoFault.None;

    private DqoOperation Create(DqoWorld world) => _dice.OneIn(_faultOneIn)
        ? DqoOperation.Create(DqoFault.Ring, _dice.Below(4))
        : DqoOperation.Create(PostingFault(world), _dice.Below(4));

    private int Held(DqoWorld world) => _dice.Below(Math.Max(1, world.Stack.HeldPackets));

    private DqoOperation Lie(DqoWorld world)
    {
        var lie = (DqoLie)_dice.Below((int)DqoLie.Stale + 1);
        int chunk = world.Configuration.ChunkSize;
        int pick = lie switch
        {
            DqoLie.UnknownId => _dice.OneIn(2) ? 0 : _dice.Below(1000),
            DqoLie.IdOnList => _dice.Below(world.Configuration.BufferStates),
            _ => _dice.Below(Math.Max(1, world.Device.Visible)),
        };
        int size = lie == DqoLie.TooLong ? _dice.Between(chunk + 1, CompletionDescriptor.LengthMax) : _dice.Between(1, Math.Min(chunk, 64));
        return DqoOperation.Lied(lie, pick, size, endOfPacket: !_dice.OneIn(3));
    }
}
