using RxVerify.Implementation.Mana;
using RxVerify.Model.Vocabulary.Mana;

namespace RxVerify.Properties.Mana;

/// <summary>
/// Draws operations for a MANA world in its present state. Swarm: each sequence draws which kinds are enabled and how often, and a
/// few habits of the environment, so that unlike sequences stress unlike corners (Groce et al., Swarm Testing, 2012).
/// </summary>
public sealed class ManaGenerator : IGenerator<ManaOperation>
{
    private const int Kinds = (int)ManaOperationKind.Lie + 1;
    private const int HeavyWeight = 12;
    private readonly int[] _weights = new int[Kinds];
    private readonly int _weightSum;
    private readonly int _faultOneIn;
    private readonly int _verdictOneIn;
    private readonly int _oldestOneIn;
    private readonly int _longOneIn;
    private readonly int _programOneIn;
    private readonly int _preallocatedOneIn;
    private readonly ManaVerdict _favourite;
    private readonly int _traitsOneIn;
    private Dice _dice;

    // Of their own, so that what is drawn about packets moves nothing else.
    private Dice _traitDice;

    /// <summary>A generator for one sequence.</summary>
    /// <param name="seed">The only source of chance.</param>
    /// <param name="lies">Whether the device reports what was not asked for or is not true.</param>
    public ManaGenerator(ulong seed, bool lies)
    {
        _dice = new Dice(seed);
        for (int kind = 0; kind < Kinds; kind++)
        {
            _weights[kind] = kind == (int)ManaOperationKind.Lie && !lies ? 0 : DrawWeight((ManaOperationKind)kind);
            _weightSum += _weights[kind];
        }

        _faultOneIn = _dice.Of(2, 4, 10, 1000);
        _verdictOneIn = _dice.Of(1, 2, 5);
        _oldestOneIn = _dice.Of(1, 2, 20);
        _longOneIn = _dice.Of(4, 20, 200);
        _programOneIn = _dice.Of(1, 2, 4);
        _preallocatedOneIn = _dice.Of(1, 2, 6);
        _traitDice = new Dice(~seed);
        _traitsOneIn = _traitDice.Of(1, 2, 8);
        _favourite = (ManaVerdict)_dice.Below((int)ManaVerdict.TxFails + 1);
    }

    /// <inheritdoc/>
    public ManaOperation Next(IRun<ManaOperation> run) => Next(((ManaRun)run).World);

    /// <summary>The next operation. It fits the world's state nearly always; the caller asks whether it is allowed.</summary>
    public ManaOperation Next(ManaWorld world)
    {
        if (!world.Queue.IsUp && _dice.OneIn(2))
        {
            return world.WaitingPools == ManaConfiguration.PoolsMax ? ManaOperation.Settle() : Create(world);
        }

        return Draw((ManaOperationKind)_dice.Weighted(_weights, _weightSum), world);
    }

    private ManaOperation Draw(ManaOperationKind kind, ManaWorld world) => kind switch
    {
        ManaOperationKind.Receive => ManaOperation.Receive(Size(world), Verdict(), Traits()),
        ManaOperationKind.Poll => Poll(world),
        ManaOperationKind.Release => ManaOperation.Release(Pick(world.Stack.HeldPackets), _dice.OneIn(3)),
        ManaOperationKind.TxComplete => ManaOperation.TxComplete(Pick(world.Transmissions.Length), _dice.OneIn(3)),
        ManaOperationKind.Return => Return(world),
        ManaOperationKind.Write => ManaOperation.Write(Pick(world.Stack.HeldPackets)),
        ManaOperationKind.Teardown => ManaOperation.Teardown(),
        ManaOperationKind.Create => Create(world),
        ManaOperationKind.Retry => ManaOperation.Retry(Pick(world.WaitingPools)),
        ManaOperationKind.Fence => ManaOperation.Fence(),
        ManaOperationKind.Settle => ManaOperation.Settle(_dice.OneIn(2)),
        _ => Lie(world),
    };

    /// <summary>Traffic and readers are nearly always on; the rest is on in half of the sequences, at unlike rates.</summary>
    private int DrawWeight(ManaOperationKind kind) => kind switch
    {
        ManaOperationKind.Receive or ManaOperationKind.Poll => _dice.Between(4, HeavyWeight),
        ManaOperationKind.Release or ManaOperationKind.TxComplete or ManaOperationKind.Return => _dice.Between(0, HeavyWeight / 2),
        ManaOperationKind.Lie => _dice.Between(1, 4),
        ManaOperationKind.Teardown or ManaOperationKind.Settle => _dice.OneIn(2) ? 1 : 0,
        ManaOperationKind.Create or ManaOperationKind.Retry => 1,
        _ => _dice.OneIn(2) ? _dice.Between(1, 3) : 0,
    };

    /// <summary>Small packets mostly: bytes cost time. Some fill their buffer, some are larger.</summary>
    private int Size(ManaWorld world)
    {
        int room = world.Queue.Layout.DataSize;
        return _dice.OneIn(_longOneIn) ? _dice.Of(room, room + 1, room - 1) : _dice.Between(1, Math.Min(room, 80));
    }

    private ManaTraits Traits() => _traitDice.OneIn(_traitsOneIn) ? (ManaTraits)_traitDice.Below((int)ManaTraits.All + 1) : ManaTraits.None;

    private ManaVerdict Verdict() => !_dice.OneIn(_verdictOneIn) ? ManaVerdict.Pass
        : _dice.OneIn(2) ? _favourite
        : (ManaVerdict)_dice.Below((int)ManaVerdict.TxFails + 1);

    private ManaOperation Poll(ManaWorld world)
    {
        if (!_dice.OneIn(_faultOneIn))
        {
            return ManaOperation.Poll();
        }

        var fault = _dice.OneIn(2) ? ManaFault.Skb : world.Queue.Layout.IsFragmented || _dice.OneIn(2) ? ManaFault.Page : ManaFault.Mapping;
        return ManaOperation.Poll(fault, _dice.Below(3));
    }

    private ManaOperation Create(ManaWorld world)
    {
        bool program = world.TakesProgram && _dice.OneIn(_programOneIn);
        bool preallocated = _dice.OneIn(_preallocatedOneIn);
        if (!_dice.OneIn(_faultOneIn))
        {
            return ManaOperation.Create(program, preallocated);
        }

        var fault = _dice.Of(ManaFault.Page, ManaFault.Mapping, ManaFault.Resource);
        return ManaOperation.Create(program, preallocated, fault, _dice.Below(8));
    }

    private ManaOperation Return(ManaWorld world)
    {
        int first = Pick(world.Frames.Length);
        return ManaOperation.Return(first, _dice.OneIn(3) ? Math.Max(1, world.Frames.Length - first) : 1);
    }

    private int Pick(int count) => _dice.OneIn(_oldestOneIn) ? 0 : _dice.Below(Math.Max(1, count));

    private ManaOperation Lie(ManaWorld world)
    {
        var lie = (ManaLie)_dice.Below((int)ManaLie.ForeignQueue + 1);
        int room = world.Queue.Layout.DataSize;
        int size = lie == ManaLie.TooLong ? Math.Min(ushort.MaxValue, room + _dice.Of(1, 100, 4096)) : _dice.Between(1, Math.Min(room, 80));
        return ManaOperation.Lied(lie, size);
    }
}
