using RxVerify.Implementation.Port;
using RxVerify.Model.Vocabulary.Mana;
using RxVerify.Model.Vocabulary.Port;

namespace RxVerify.Properties.Port;

/// <summary>
/// Draws operations for a port in its present state. Swarm: each sequence draws which kinds are enabled and how often, and a few
/// habits of the environment, so that unlike sequences stress unlike corners (Groce et al., Swarm Testing, 2012).
/// </summary>
public sealed class PortGenerator : IGenerator<PortOperation>
{
    private const int Kinds = (int)PortOperationKind.Settle + 1;
    private const int Requests = (int)PortRequest.Probe + 1;

    // Longer than any request with one attempt to attach: 4 queues take 37 steps.
    private const int ManySteps = 40;
    private readonly int[] _weights = new int[Kinds];
    private readonly int[] _requestWeights = new int[Requests];
    private readonly int _weightSum;
    private readonly int _requestSum;
    private readonly int _faultOneIn;
    private readonly int _stepsOneIn;
    private readonly int _verdictOneIn;
    private Dice _dice;

    /// <summary>A generator for one sequence.</summary>
    /// <param name="seed">The only source of chance.</param>
    public PortGenerator(ulong seed)
    {
        _dice = new Dice(seed);
        for (int kind = 0; kind < Kinds; kind++)
        {
            _weights[kind] = DrawWeight((PortOperationKind)kind);
            _weightSum += _weights[kind];
        }

        for (int request = 0; request < Requests; request++)
        {
            _requestWeights[request] = _dice.Between(0, 4);
            _requestSum += _requestWeights[request];
        }

        // Changes are what this is about, so one of them is always drawn.
        int favourite = _dice.Between((int)PortRequest.SetProgram, (int)PortRequest.ChangeChannels);
        _requestWeights[favourite] += 4;
        _requestSum += 4;
        _faultOneIn = _dice.Of(3, 6, 12, 30, 1000);
        _stepsOneIn = _dice.Of(1, 2, 8, 1000);
        _verdictOneIn = _dice.Of(1, 2, 5);
    }

    /// <inheritdoc/>
    public PortOperation Next(IRun<PortOperation> run) => Next(((PortRun)run).World);

    /// <summary>The next operation. It fits the world's state nearly always; the caller asks whether it is allowed.</summary>
    public PortOperation Next(PortWorld world)
    {
        var kind = (PortOperationKind)_dice.Weighted(_weights, _weightSum);
        bool isUnderWay = world.Driver.Request is not null;
        return kind switch
        {
            PortOperationKind.Receive => PortOperation.Receive(_dice.Below(world.Configuration.Queues), Verdict()),
            PortOperationKind.Poll => PortOperation.Poll(_dice.Below(world.Configuration.Queues)),
            PortOperationKind.Release => PortOperation.Release(_dice.Below(Math.Max(1, world.Stack.HeldPackets)), _dice.OneIn(3)),
            PortOperationKind.TxComplete => PortOperation.TxComplete(_dice.Below(Math.Max(1, world.Transmissions.Length)), _dice.OneIn(3)),
            PortOperationKind.Request or PortOperationKind.Step => isUnderWay ? Step(world) : Request(world),
            PortOperationKind.TakeVport => PortOperation.TakeVport(),
            PortOperationKind.GiveVport => PortOperation.GiveVport(),
            _ => PortOperation.Settle(_dice.OneIn(2)),
        };
    }

    /// <summary>What can fail in the next step, where anything can.</summary>
    /// <param name="step">The step.</param>
    internal static ReadOnlySpan<PortFault> FaultsOf(PortStep step) => step switch
    {
        PortStep.Preallocate => [PortFault.Page, PortFault.Mapping],
        PortStep.Drain => [PortFault.Stuck],
        PortStep.InitPort => [PortFault.Command, PortFault.Shrink],
        PortStep.CreateQueue => [PortFault.Buffer, PortFault.Resource],
        PortStep.RemoveFilter or PortStep.SteerOff or PortStep.Fence or PortStep.DestroyQueue or PortStep.ConfigureVport or PortStep.CreateTransmit
            or PortStep.SetTransmitCount or PortStep.SetReceiveCount or PortStep.SteerOn or PortStep.AddFilter or PortStep.AllocatePort or PortStep.Register => [PortFault.Command],
        _ => [],
    };

    private int DrawWeight(PortOperationKind kind) => kind switch
    {
        PortOperationKind.Step => _dice.Between(6, 20),
        PortOperationKind.Request => _dice.Between(1, 4),
        PortOperationKind.Settle => 1,
        PortOperationKind.TakeVport or PortOperationKind.GiveVport => _dice.OneIn(2) ? 1 : 0,
        _ => _dice.Between(0, 8),
    };

    private PortOperation Step(PortWorld world)
    {
        var faults = FaultsOf(world.Driver.NextStep);
        if (faults.Length > 0 && _dice.OneIn(_faultOneIn))
        {
            var fault = faults[_dice.Below(faults.Length)];
            int most = fault is PortFault.Page or PortFault.Mapping ? world.Configuration.Queues * world.Configuration.RingSizeMax
                : fault == PortFault.Buffer ? world.Configuration.RingSizeMax
                : fault == PortFault.Resource ? 8 : 1;
            return PortOperation.Step(1, fault, _dice.Below(most));
        }

        if (!_dice.OneIn(_stepsOneIn))
        {
            return PortOperation.Step();
        }

        // Many steps at once, and a failure wherever they end: what a command does is the same for nearly all of them.
        return PortOperation.Step(_dice.Between(1, ManySteps), _dice.OneIn(2) ? PortFault.None : PortFault.Command);
    }

    private PortOperation Request(PortWorld world)
    {
        var driver = world.Driver;
        if (driver.State == PortState.Absent)
        {
            return PortOperation.Ask(_dice.OneIn(20) ? (PortRequest)_dice.Below(Requests) : PortRequest.Probe);
        }

        if (driver.State is PortState.Down && _dice.OneIn(3))
        {
            return PortOperation.Ask(PortRequest.Open);
        }

        if (!driver.IsPresent && !_dice.OneIn(4))
        {
            return PortOperation.Ask(_dice.Of(PortRequest.Resume, PortRequest.Resume, PortRequest.Reset));
        }

        return (PortRequest)_dice.Weighted(_requestWeights, _requestSum) switch
        {
            PortRequest.ChangeMtu => PortOperation.AskForMtu((PortMtu)_dice.Below((int)PortMtu.TooLarge + 1)),
            PortRequest.ChangeRing => PortOperation.AskForRing(_dice.OneIn(2)),
            PortRequest.ChangeChannels => PortOperation.AskForQueues(_dice.OneIn(20) ? PortConfiguration.QueuesLimit + 1 : _dice.Between(_dice.OneIn(20) ? 0 : 1, world.Configuration.Queues)),
            var plain => PortOperation.Ask(plain),
        };
    }

    private ManaVerdict Verdict() => _dice.OneIn(_verdictOneIn) ? _dice.Of(ManaVerdict.Drop, ManaVerdict.Tx) : ManaVerdict.Pass;
}
