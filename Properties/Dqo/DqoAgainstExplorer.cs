using RxVerify.Explorer;
using RxVerify.Implementation.Dqo;
using RxVerify.Model.Dqo;
using RxVerify.Model.Vocabulary.Dqo;

namespace RxVerify.Properties.Dqo;

/// <summary>A state of the core that was never visited.</summary>
/// <param name="State">The state.</param>
/// <param name="Story">A shortest way there, in the core's steps.</param>
public sealed record DqoCoreUnvisited(string State, IReadOnlyList<string> Story);

/// <summary>What one way of running sequences has visited.</summary>
/// <param name="Way">The way.</param>
/// <param name="Sequences">Sequences run.</param>
/// <param name="Operations">Operations done.</param>
/// <param name="States">States visited.</param>
/// <param name="Transitions">Pairs of states that one step joins, visited one after the other.</param>
public sealed record DqoCoreVisits(string Way, long Sequences, long Operations, int States, int Transitions);

/// <summary>How much of what the explorer reaches generated sequences have visited.</summary>
/// <param name="Core">The constants.</param>
/// <param name="Seed">The only source of chance.</param>
/// <param name="States">States that the explorer reaches.</param>
/// <param name="Transitions">Pairs of states that one step of the core joins.</param>
/// <param name="ByWay">What each way of running sequences has visited.</param>
/// <param name="Together">What all of them have.</param>
/// <param name="AllStatesAfter">Operations after which every state had been visited; null when some never was.</param>
/// <param name="Problem">What was found wrong, or null.</param>
/// <param name="Nearest">The nearest states never visited.</param>
public sealed record DqoAgainstExplorerResult(
    DqoCoreConfiguration Core, ulong Seed, int States, int Transitions, IReadOnlyList<DqoCoreVisits> ByWay, DqoCoreVisits Together,
    long? AllStatesAfter, Problem? Problem, IReadOnlyList<DqoCoreUnvisited> Nearest);

/// <summary>
/// Drives a world with the generator that fuzzing uses, and looks at it as the core does after each of the driver's own pieces:
/// one completion consumed, one buffer posted.
/// </summary>
/// <remarks>
/// <para>What it sees: offsets, biases, counts, lists and references, whatever the device has completed already, since the core
/// completes a buffer when the driver consumes it; packets under assembly hold their references as others do. What it cannot
/// see: rings, descriptors and bytes, which are no part of the core. A packet of two buffers that is let go is two steps of the
/// core in one; between them nothing is seen.</para>
/// <para>A poll consumes and refills in one go, and after it nothing is recycled that could be posted. The core's readers let go
/// in between, as on other processors they can. So besides sequences with whole polls there are some in which a drawn poll is
/// the half that consumes, and the other half is left to the Post and Refill drawn besides; a poll is no more than one after the
/// other.</para>
/// <para>From the start the deepest states are met about never, by any choice of weights: after two million steps, chosen evenly
/// from those possible, one state in seven of 2 2 2 2 5 4 0 is missing. So there are sequences that go on from a state met
/// before, the one from which fewest went on (Ecoffet et al., First return, then explore, 2021). What is new is judged by what
/// was met, not by what the explorer knows.</para>
/// </remarks>
public sealed class DqoAgainstExplorer : IDisposable
{
    /// <summary>Operations after which a run ends when nobody says otherwise.</summary>
    public const long DefaultOperations = 20_000_000;

    private const int NearestShown = 3;
    private const long SnapshotBytesMax = 1 << 28;

    // On from a state there is more to find in many short looks than in a few long ones.
    private const int StepsOn = 30;
    private static readonly string[] Names = ["whole polls", "polls in halves", "in halves, on from states met"];

    private readonly DqoCoreConfiguration _core;
    private readonly DqoWorld _world;
    private readonly DqoCoreView _view;
    private readonly DqoCoreState _state;
    private readonly DqoCoreMap _map;
    private readonly DqoCoreMarks _together;
    private readonly Visits[] _byWay;
    private readonly List<byte[]> _snapshots = [];
    private readonly PriorityQueue<int, (int Times, int State)> _leastGoneOn = new();
    private Way _way;
    private int _at;
    private Problem? _problem;

    /// <summary>Explores the core, and makes a queue that matches it.</summary>
    /// <param name="core">The constants.</param>
    /// <param name="cancellation">Ends the exploration.</param>
    /// <exception cref="ArgumentException">The core cannot be compared; the message says what was expected.</exception>
    public DqoAgainstExplorer(DqoCoreConfiguration core, CancellationToken cancellation = default)
    {
        // A copied packet needs no reference in the core, but room in the stack: one more than the core's.
        var configuration = DqoCore<RightRules>.ConfigurationOf(core) with { StackCapacity = core.ReferencesMax + 1 };
        int postedMax = Math.Min(Math.Min(configuration.BufferSlots - 1, configuration.CompletionSlots), core.States);
        if (postedMax != core.PostedMax)
        {
            throw new ArgumentException($"{core}: rings of powers of two hold {Quantity.Of(postedMax, "buffer")}; expected R to be that", nameof(core));
        }

        _core = core;
        _map = new DqoCoreMap(core, cancellation);
        _together = new DqoCoreMarks(_map);
        _byWay = [.. Names.Select(_ => new Visits(new DqoCoreMarks(_map)))];
        _world = DqoDriver.Right.World(configuration);

        // Bytes are no part of the core, nor of a snapshot.
        _world.Device.WritesPayload = false;
        _world.Memory.KeepsPoison = false;
        _view = new DqoCoreView(_world, core, balances: true);
        _state = new DqoCoreState(core);
    }

    /// <summary>Runs generated sequences until every state and transition was visited, something is wrong, or the operations are done.</summary>
    /// <param name="seed">The only source of chance.</param>
    /// <param name="operations">Operations after which the run ends.</param>
    /// <param name="progress">Told of the operations done, after each sequence.</param>
    /// <param name="cancellation">Ends the run early with what was visited so far.</param>
    public DqoAgainstExplorerResult Run(ulong seed, long operations, IProgress<long>? progress = null, CancellationToken cancellation = default)
    {
        var dice = new Dice(seed);
        long done = 0;
        long? allStatesAfter = null;
        while (done < operations && _problem is null && !cancellation.IsCancellationRequested && !_together.IsComplete)
        {
            _way = NextWay(done);
            var generator = new DqoGenerator(dice.Next(), DqoScope.None);
            int length = _way == Way.HalvesOn ? StepsOn : dice.Of(20, 100, 300);
            Begin();
            ref var visits = ref _byWay[(int)_way];
            visits.Sequences++;
            for (int drawn = 0; drawn < length && _problem is null; drawn++)
            {
                var operation = generator.Next(_world);
                if (Allows(operation))
                {
                    Do(operation);
                    visits.Operations++;
                    done++;
                    allStatesAfter ??= _together.States == _map.States ? done : null;
                }
            }

            progress?.Report(done);
        }

        return new DqoAgainstExplorerResult(
            _core, seed, _map.States, _map.Pairs, [.. Names.Select((name, way) => Told(name, _byWay[way]))],
            Told("together", new Visits(_together) { Sequences = _byWay.Sum(visits => visits.Sequences), Operations = done }),
            allStatesAfter, _problem, _map.Told(_together.Unvisited.Take(NearestShown)));
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _world.Dispose();
        _map.Dispose();
    }

    private static DqoCoreVisits Told(string name, Visits visits) => new(name, visits.Sequences, visits.Operations, visits.Marks.States, visits.Marks.Pairs);

    /// <summary>Most operations are done where most is found.</summary>
    private Way NextWay(long done) =>
        _byWay[(int)Way.WholePolls].Operations < done / 8 ? Way.WholePolls
        : _byWay[(int)Way.Halves].Operations < done / 8 ? Way.Halves
        : Way.HalvesOn;

    /// <summary>To the state from which the fewest sequences went on, or to the start.</summary>
    private void Begin()
    {
        if (_way == Way.HalvesOn && _leastGoneOn.TryDequeue(out int snapshot, out var order))
        {
            _leastGoneOn.Enqueue(snapshot, (order.Times + 1, order.State));
            _world.State.Restore(_snapshots[snapshot]);
            _at = order.State;
            return;
        }

        // The core starts with nothing posted and no page: as a queue that is created while there is no page.
        _world.Restart();
        _world.Apply(DqoOperation.Teardown());
        _world.Apply(DqoOperation.Create(DqoFault.Page));
        _at = -1;
        Look(isPost: false);
    }

    /// <summary>What the core has too: no re-creation, clones where it clones, and no more references than it knows.</summary>
    private bool Allows(DqoOperation operation) => _world.Allows(operation) && operation.Kind switch
    {
        DqoOperationKind.Receive or DqoOperationKind.ReceiveLate =>
            (operation.Count == 1 && operation.Size <= _world.Configuration.Copybreak) || _world.Load + operation.Count <= _core.ReferencesMax,
        DqoOperationKind.Clone => _core.Clones && _world.Load + Math.Max(1, _world.Stack[_world.Stack.HeldAt(operation.Pick)].FragmentsInAll) <= _core.ReferencesMax,
        DqoOperationKind.Poll or DqoOperationKind.Post or DqoOperationKind.Refill or DqoOperationKind.Release => true,
        _ => false,
    };

    private void Do(DqoOperation operation)
    {
        switch (operation.Kind)
        {
            case DqoOperationKind.Poll:
                Consume(operation.Count, operation.DropsAtOnce);
                if (_way == Way.WholePolls)
                {
                    Refill(operation);
                }

                break;
            case DqoOperationKind.Refill:
                Refill(operation);
                break;
            default:
                _world.Apply(operation);
                Look(isPost: operation.Kind == DqoOperationKind.Post);
                break;
        }
    }

    /// <summary>The first half of a poll, a completion at a time. A failing skb is left out: to the core it is a copied packet.</summary>
    private void Consume(int budget, bool dropsAtOnce)
    {
        _world.Stack.DropsAtOnce = dropsAtOnce;
        for (; budget > 0 && _problem is null; budget--)
        {
            long before = _world.Consumed;
            _world.Queue.Consume(1);
            if (_world.Consumed == before)
            {
                break;
            }

            Look(isPost: false);
        }

        _world.Stack.DropsAtOnce = false;
    }

    /// <summary>The second half of a poll, a buffer at a time; one that fails is the last.</summary>
    private void Refill(DqoOperation operation)
    {
        int posted;
        int left = operation.SuccessesBeforeFault;
        do
        {
            posted = _world.Apply(DqoOperation.Post(left-- > 0 ? DqoFault.None : PostingFault(operation.Fault))).Value;
            Look(isPost: true);
        }
        while (posted > 0 && _problem is null);
    }

    private static DqoFault PostingFault(DqoFault fault) => fault is DqoFault.Page or DqoFault.Mapping ? fault : DqoFault.None;

    /// <summary>Marks what the world looks like to the core, and the way there from what it looked like before.</summary>
    /// <param name="isPost">Whether the driver tried to post: only then is a state that stayed as it was a step of the core.</param>
    private void Look(bool isPost)
    {
        _problem = _view.Read(_state);
        if (_problem is not null)
        {
            return;
        }

        _state.Orphans = 0;
        _state.Orphans = References() - _state.References;
        int next = _map.IndexOf(_state);
        if (next < 0)
        {
            _problem = new Problem("explorer", $"the generator reached a state that the explorer does not: {_state}");
            return;
        }

        if (_together.Visit(next) && (_snapshots.Count + 1L) * _world.State.Size <= SnapshotBytesMax)
        {
            byte[] snapshot = new byte[_world.State.Size];
            _world.State.Save(snapshot);
            _leastGoneOn.Enqueue(_snapshots.Count, (0, next));
            _snapshots.Add(snapshot);
        }

        var marks = _byWay[(int)_way].Marks;
        marks.Visit(next);
        if (_at >= 0 && (isPost || next != _at))
        {
            _together.Visit(_at, next);
            marks.Visit(_at, next);
        }

        _at = next;
    }

    /// <summary>References of the stack and of the packet under assembly; a copied packet has none.</summary>
    private int References()
    {
        var stack = _world.Stack;
        int references = _world.Queue.PartialSkb < 0 ? 0 : stack[_world.Queue.PartialSkb].FragmentsInAll;
        for (int place = 0; place < stack.HeldPackets; place++)
        {
            references += stack[stack.HeldAt(place)].FragmentsInAll;
        }

        return references;
    }

    /// <summary>What a sequence does with polls, and where it begins.</summary>
    private enum Way
    {
        WholePolls,
        Halves,
        HalvesOn,
    }

    private struct Visits(DqoCoreMarks marks)
    {
        public readonly DqoCoreMarks Marks => marks;
        public long Sequences;
        public long Operations;
    }
}
