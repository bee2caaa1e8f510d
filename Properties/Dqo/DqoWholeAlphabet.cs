using RxVerify.Explorer;
using RxVerify.Implementation.Dqo;
using RxVerify.Model.Vocabulary.Dqo;

namespace RxVerify.Properties.Dqo;

/// <summary>
/// The operations of the scopes full and hostile, in a fixed order, with canonical arguments only: of arguments that are equal in
/// effect one is there.
/// </summary>
/// <remarks>
/// A packet is as short as its kind allows, because only two comparisons look at a length: with the copybreak and with the chunk.
/// Headers say TCP over IPv4, because what else they say is passed on and decides nothing; the one that does, a coalesced packet
/// that is not TCP, is among the lies. An unknown id is the first, and queue memory fails at its first step, because those
/// further on end the same way. Nobody clones: the core scope does. That failures stop while the stack keeps everything is a
/// sequence of polls; it is here because what it leads to is claimed (A.9.3). Letting go of everything as well is what the claim about the end is about.
/// To look through runs of few steps all three are there, since as one step they make runs shorter; and so is every poll that is several of these at once.
/// </remarks>
internal sealed class DqoWholeAlphabet
{
    private readonly List<(DqoOperation Operation, int Kind)> _table = [];
    private readonly List<string> _kinds = [];
    private readonly List<StepClass> _classes = [];
    private readonly DqoConfiguration _configuration;
    private readonly bool _hostile;
    private readonly bool _forRuns;
    private readonly int _copiedBytes;
    private readonly int _lentBytes;

    /// <summary>The operations that a configuration gives a meaning to.</summary>
    /// <param name="configuration">The constants.</param>
    /// <param name="hostile">Whether the device lies.</param>
    /// <param name="forRuns">Whether packets are cloned and the queue settled too.</param>
    public DqoWholeAlphabet(DqoConfiguration configuration, bool hostile, bool forRuns = false)
    {
        _configuration = configuration;
        (_hostile, _forRuns) = (hostile, forRuns);
        _copiedBytes = configuration.Copybreak;
        _lentBytes = configuration.Copybreak + 1;
        AddReceives();
        AddPolls();
        AddFillings();
        AddLifecycle();
        if (hostile)
        {
            AddLies();
        }

        if (forRuns)
        {
            AddPollsOfEveryKind();
            AddSettlingAndClones();
        }
    }

    /// <summary>Operations.</summary>
    public int Count => _table.Count;

    /// <summary>Names of their kinds.</summary>
    public IReadOnlyList<string> Kinds => _kinds;

    /// <summary>An operation.</summary>
    public DqoOperation this[int index] => _table[index].Operation;

    /// <summary>Buffers of the longest packet: enough for a third skb, which hangs on the chain otherwise than the second.</summary>
    public static int BuffersMax(DqoConfiguration configuration) =>
        Math.Min((2 * configuration.FragmentsMax) + 1, Math.Min(configuration.PostedMax, configuration.StackCapacity));

    /// <summary>Index of an operation's kind.</summary>
    public int KindOf(int index) => _table[index].Kind;

    /// <summary>What an operation is to the claims about what happens in the end.</summary>
    public StepClass ClassOf(int index) => _classes[_table[index].Kind];

    /// <summary>Whether something wakes the driver by itself: a completion that waits, or the timer.</summary>
    public static bool Wakes(DqoWorld world) => world.Pending > 0 || world.Queue.TimerArmed;

    /// <summary>Writes the operations that are allowed and not equal in effect to an earlier one. Returns how many.</summary>
    public int Enabled(DqoWorld world, Span<int> operations)
    {
        int count = 0;
        for (int index = 0; index < _table.Count; index++)
        {
            var operation = _table[index].Operation;
            if (world.Allows(operation) && IsCanonical(operation, world))
            {
                operations[count++] = index;
            }
        }

        return count;
    }

    private bool IsCanonical(DqoOperation operation, DqoWorld world) => operation.Kind switch
    {
        DqoOperationKind.Poll => IsCanonicalPoll(operation, world),
        DqoOperationKind.Settle => _forRuns || (world.Queue.IsUp && Wakes(world)),

        // When only the timer calls, a poll that consumes nothing is this.
        DqoOperationKind.Refill => (world.Pending > 0 || !world.Queue.TimerArmed) && MayStrike(operation, world, returned: 0),
        DqoOperationKind.Post => MayStrike(operation, world, returned: 0),
        DqoOperationKind.Release or DqoOperationKind.Clone => !DqoHeldPackets.HasEarlierEqual(world, operation.Pick),
        _ => true,
    };

    /// <summary>Nothing calls a poll that nothing woke; with one completion any budget is enough.</summary>
    private static bool IsCanonicalPoll(DqoOperation operation, DqoWorld world)
    {
        int pending = world.Pending;
        return Wakes(world)
            && (operation.Count > 1 || pending > 1)
            && (!operation.DropsAtOnce || pending > 0)
            && operation.Fault switch
            {
                DqoFault.Skb => pending > operation.SuccessesBeforeFault,
                DqoFault.CopyPage => pending - SurelyLent(world) > operation.SuccessesBeforeFault,
                _ => MayStrike(operation, world, pending),
            };
    }

    /// <summary>Completions of a poll before the first that can be copied on demand: each adds at most one state to the used list (A.9.3).</summary>
    private static int SurelyLent(DqoWorld world) =>
        Math.Max(0, world.Configuration.BufferStates - world.Configuration.CopyThreshold - world.Queue.UsedCount);

    /// <summary>
    /// Whether so many pages can be asked for that the fault strikes: each goes to a slot, and to a state that is free, or becomes free
    /// because its page is given up. It may not strike all the same when a page that is there is found to serve; then the step is one
    /// more way to the same state.
    /// </summary>
    private static bool MayStrike(DqoOperation operation, DqoWorld world, int returned)
    {
        if (operation.Fault == DqoFault.None)
        {
            return true;
        }

        int posted = 0;
        var states = world.Queue.States;
        for (int id = 0; id < states.Length; id++)
        {
            posted += states[id].Next == id ? 1 : 0;
        }

        int pageless = Listed(states, world.Queue.FreeTop) + Listed(states, world.Queue.UsedHead) + returned;
        return pageless > operation.SuccessesBeforeFault && world.Configuration.BufferSlots - posted + returned > operation.SuccessesBeforeFault;
    }

    /// <summary>States on a list, also where a mistake has tangled it.</summary>
    private static int Listed(ReadOnlySpan<BufferState> states, int head)
    {
        int count = 0;
        for (int id = head; id >= 0 && id < states.Length && count < states.Length; id = states[id].Next)
        {
            count++;
        }

        return count;
    }

    private int Kind(string name, StepClass step)
    {
        _kinds.Add(name);
        _classes.Add(step);
        return _kinds.Count - 1;
    }

    private void Add(int kind, DqoOperation operation)
    {
        // What is there already is of the kind that was first.
        if (!_table.Exists(known => known.Operation == operation))
        {
            _table.Add((operation, kind));
        }
    }

    private void ForEachVisible(int kind, Func<int, DqoOperation> operation)
    {
        for (int pick = 0; pick < _configuration.PostedMax; pick++)
        {
            Add(kind, operation(pick));
        }
    }

    private void AddReceives()
    {
        ForEachVisible(Kind("receive", StepClass.Possible), pick => DqoOperation.Receive(_lentBytes, pick: pick));
        if (_copiedBytes > 0)
        {
            ForEachVisible(Kind("receive, short enough to be copied", StepClass.Possible), pick => DqoOperation.Receive(_copiedBytes, pick: pick));
        }

        int damaged = Kind("receive, damaged", StepClass.Possible);
        int late = Kind("receive, late", StepClass.Possible);
        ForEachVisible(damaged, pick => DqoOperation.Receive(_lentBytes, pick: pick, damaged: 1));
        ForEachVisible(late, pick => DqoOperation.Receive(_lentBytes, pick: pick, late: true));
        int buffersMax = BuffersMax(_configuration);
        if (buffersMax < 2)
        {
            return;
        }

        int several = Kind("receive in several buffers", StepClass.Possible);
        int severalDamaged = Kind("receive in several buffers, one damaged", StepClass.Possible);
        int severalLate = Kind("receive in several buffers, the last late", StepClass.Possible);
        for (int buffers = 2; buffers <= buffersMax; buffers++)
        {
            // Each buffer but the last is filled; the last has the byte that the others leave it.
            int count = buffers;
            int size = ((buffers - 1) * _configuration.ChunkSize) + 1;
            ForEachVisible(several, pick => DqoOperation.Receive(size, count, pick));
            ForEachVisible(severalLate, pick => DqoOperation.Receive(size, count, pick, late: true));
            for (int wrong = 1; wrong <= buffers; wrong++)
            {
                int buffer = wrong;
                ForEachVisible(severalDamaged, pick => DqoOperation.Receive(size, count, pick, buffer));
            }
        }
    }

    private void AddPolls()
    {
        int poll = Kind("poll", StepClass.Fair);
        Add(poll, DqoOperation.Poll());
        Add(poll, DqoOperation.Poll(budget: 1));
        Add(Kind("poll, the stack drops at once", StepClass.Possible), DqoOperation.Poll(dropsAtOnce: true));
        AddTwice(Kind("poll without an skb", StepClass.Failure), after => DqoOperation.Poll(fault: DqoFault.Skb, after: after));
        if (_configuration.QueuePageList)
        {
            AddTwice(Kind("poll without a page to copy into", StepClass.Failure), after => DqoOperation.Poll(fault: DqoFault.CopyPage, after: after));
        }
        else
        {
            AddTwice(Kind("poll without a page", StepClass.Failure), after => DqoOperation.Poll(fault: DqoFault.Page, after: after));
            AddTwice(Kind("poll without a mapping", StepClass.Failure), after => DqoOperation.Poll(fault: DqoFault.Mapping, after: after));
        }

        int release = Kind("release", StepClass.Fair);
        for (int pick = 0; pick < _configuration.StackCapacity; pick++)
        {
            Add(release, DqoOperation.Release(pick));
        }
    }

    /// <summary>
    /// Nobody promises that these are done: the claim that the queue recovers by itself (I10) is about polls that something wakes. So
    /// they count as failures do, which neither help to recover nor keep a stall going.
    /// </summary>
    private void AddFillings()
    {
        Add(Kind("post", StepClass.Failure), DqoOperation.Post());
        Add(Kind("refill", StepClass.Failure), DqoOperation.Refill());
        Add(Kind("settle, the stack keeps its packets", StepClass.Failure), DqoOperation.Settle(keepsPackets: true));
        if (_configuration.QueuePageList)
        {
            return;
        }

        Add(Kind("post without a page", StepClass.Failure), DqoOperation.Post(DqoFault.Page));
        Add(Kind("post without a mapping", StepClass.Failure), DqoOperation.Post(DqoFault.Mapping));
        AddTwice(Kind("refill without a page", StepClass.Failure), after => DqoOperation.Refill(DqoFault.Page, after));
        AddTwice(Kind("refill without a mapping", StepClass.Failure), after => DqoOperation.Refill(DqoFault.Mapping, after));
    }

    private void AddLifecycle()
    {
        Add(Kind("teardown", StepClass.Failure), DqoOperation.Teardown());
        Add(Kind("teardown, the device refuses", StepClass.Failure), DqoOperation.Teardown(adminFails: true));
        Add(Kind("create", StepClass.Possible), DqoOperation.Create());
        Add(Kind("create without queue memory", StepClass.Failure), DqoOperation.Create(DqoFault.Ring));
        if (_configuration.QueuePageList)
        {
            return;
        }

        AddTwice(Kind("create without a page", StepClass.Failure), after => DqoOperation.Create(DqoFault.Page, after));
        AddTwice(Kind("create without a mapping", StepClass.Failure), after => DqoOperation.Create(DqoFault.Mapping, after));
    }

    /// <summary>Polls of which several things are true: a small budget, a failure, a stack that drops at once.</summary>
    private void AddPollsOfEveryKind()
    {
        int poll = Kind("poll, several of these", StepClass.Failure);
        foreach (bool drops in (ReadOnlySpan<bool>)[false, true])
        {
            Add(poll, DqoOperation.Poll(budget: 1, dropsAtOnce: drops));
            foreach (var fault in (ReadOnlySpan<DqoFault>)(_configuration.QueuePageList ? [DqoFault.Skb, DqoFault.CopyPage] : [DqoFault.Skb, DqoFault.Page, DqoFault.Mapping]))
            {
                AddTwice(poll, after => DqoOperation.Poll(budget: 1, fault, after, drops));
                AddTwice(poll, after => DqoOperation.Poll(fault: fault, after: after, dropsAtOnce: drops));
            }
        }
    }

    private void AddSettlingAndClones()
    {
        if (_hostile)
        {
            AddLongLies();
        }


        int settle = Kind("settle", StepClass.Possible);
        Add(settle, DqoOperation.Settle());
        Add(settle, DqoOperation.Settle(keepsPackets: true));
        int clone = Kind("clone", StepClass.Possible);
        for (int pick = 0; pick < _configuration.StackCapacity; pick++)
        {
            Add(clone, DqoOperation.Cloned(pick));
        }
    }

    private void AddLies()
    {
        int chunk = _configuration.ChunkSize;
        ForEachVisible(
            Kind("receive what cannot be coalesced", StepClass.Possible),
            pick => DqoOperation.Receive(_lentBytes, pick: pick, traits: DqoTraits.Rsc | DqoTraits.Udp));
        int unknown = Kind("lie: unknown id", StepClass.Possible);
        int listed = Kind("lie: id on a list", StepClass.Possible);
        int tooLong = Kind("lie: too long", StepClass.Possible);
        int swallow = Kind("lie: swallowed", StepClass.Possible);
        int stale = Kind("lie: stale", StepClass.Possible);
        foreach (bool ends in (ReadOnlySpan<bool>)[true, false])
        {
            Add(unknown, DqoOperation.Lied(DqoLie.UnknownId, 0, _lentBytes, ends));
            for (int pick = 0; pick < _configuration.BufferStates; pick++)
            {
                Add(listed, DqoOperation.Lied(DqoLie.IdOnList, pick, _lentBytes, ends));
            }

            ForEachVisible(tooLong, pick => DqoOperation.Lied(DqoLie.TooLong, pick, chunk + 1, ends));
            ForEachVisible(swallow, pick => DqoOperation.Lied(DqoLie.Swallow, pick, _lentBytes, ends));
            ForEachVisible(stale, pick => DqoOperation.Lied(DqoLie.Stale, pick, ends ? _lentBytes : chunk, ends));
        }
    }

    /// <summary>An id on a list with a length that alone would be refused: to a mistake that takes such ids it is another way to go wrong.</summary>
    private void AddLongLies()
    {
        int tooLong = Kind("lie: id on a list, too long", StepClass.Possible);
        for (int pick = 0; pick < _configuration.BufferStates; pick++)
        {
            Add(tooLong, DqoOperation.Lied(DqoLie.IdOnList, pick, _configuration.ChunkSize + 1, endOfPacket: true));
            Add(tooLong, DqoOperation.Lied(DqoLie.IdOnList, pick, _configuration.ChunkSize + 1, endOfPacket: false));
        }
    }

    /// <summary>The fault strikes at the first attempt, and at the second where there can be one.</summary>
    private void AddTwice(int kind, Func<int, DqoOperation> operation)
    {
        Add(kind, operation(0));
        if (_configuration.PostedMax > 1)
        {
            Add(kind, operation(1));
        }
    }
}
