using RxVerify.Implementation.Dqo;
using RxVerify.Model.Vocabulary.Dqo;

namespace RxVerify.Properties.Dqo;

/// <summary>What a complete exploration of the whole driver has to see happen, as far as its configuration lets it.</summary>
internal sealed class DqoWholeLandmarks
{
    private readonly DqoWorld _world;
    private readonly DqoWitness _witness;
    private readonly int[] _bitOf = new int[Enum.GetValues<Landmark>().Length];
    private readonly List<string> _names = [];

    /// <summary>The landmarks of a world.</summary>
    /// <param name="world">The world.</param>
    /// <param name="witness">Its witness.</param>
    /// <param name="hostile">Whether the device lies.</param>
    /// <param name="namesSlots">Whether states at different slots of a ring are different, so that each ring wraps equally often in every walk.</param>
    public DqoWholeLandmarks(DqoWorld world, DqoWitness witness, bool hostile, bool namesSlots)
    {
        (_world, _witness) = (world, witness);
        Array.Fill(_bitOf, -1);
        var configuration = world.Configuration;
        int buffersMax = DqoWholeAlphabet.BuffersMax(configuration);
        bool hasList = configuration.QueuePageList;

        // Where a copy is made of every packet, no page ever leaves its place; and a list always has pages for one doorbell batch.
        bool lends = !hasList || configuration.CopyThreshold < configuration.BufferStates;
        bool starves = !hasList || configuration.DoorbellBatch > 1;
        Add(Landmark.BufferRingWrapped, "the buffer ring wrapped", namesSlots);
        Add(Landmark.GenerationFlipped, "the completion ring wrapped and the generation flipped", namesSlots);
        Add(Landmark.Unrung, "a buffer was left behind the doorbell", configuration.DoorbellBatch > 1);
        Add(Landmark.Replenished, "the bias ran out and was replenished", lends);
        Add(Landmark.Discarded, "a page was discarded because no buffer state was free", !hasList);
        Add(Landmark.UsedCameBack, "a page came back from the used list", lends);
        Add(Landmark.ReusedBesideHeld, "a chunk was posted while another chunk of its page was held", lends && configuration.ChunksPerPage > 1);
        Add(Landmark.Copied, "a short packet was copied", configuration.Copybreak > 0);
        Add(Landmark.CopiedOnDemand, "a packet was copied into a page of its own because the list ran short", hasList);
        Add(Landmark.NoPageToCopy, "a packet was given up because there was no page to copy it into", hasList);
        Add(Landmark.Chained, "an extra skb was chained", buffersMax > configuration.FragmentsMax);
        Add(Landmark.ChainedTwice, "a third skb was chained", buffersMax > 2 * configuration.FragmentsMax);
        Add(Landmark.LateMissed, "a poll missed a completion that landed while it looked");
        Add(Landmark.BudgetSpent, "a poll ended at its budget with completions left");
        Add(Landmark.RestDropped, "the rest of a failed packet was left to be dropped", hostile || buffersMax > 1);
        Add(Landmark.TimerArmed, "the starvation timer was armed", starves);
        Add(Landmark.TimerHelped, "the timer woke a starving queue and was no longer needed", starves);
        Add(Landmark.TornPartial, "the queue was taken down with a packet under assembly", hostile || buffersMax > 1);
        Add(Landmark.TornHeld, "the queue was taken down while packets were held");
        Add(Landmark.CreatedAgain, "the queue was built again while packets of the old one were held");
        Add(Landmark.BufferlessRefused, "a completion without a buffer was refused", hostile);
        Add(Landmark.DiscardedWhenCoalesced, "a packet that cannot be coalesced was freed", hostile);
    }

    private enum Landmark
    {
        BufferRingWrapped, GenerationFlipped, Unrung, Replenished, Discarded, UsedCameBack, ReusedBesideHeld, Copied, CopiedOnDemand, NoPageToCopy,
        Chained, ChainedTwice, LateMissed, BudgetSpent, RestDropped, TimerArmed, TimerHelped, TornPartial, TornHeld, CreatedAgain, BufferlessRefused, DiscardedWhenCoalesced,
    }

    /// <summary>Their names.</summary>
    public IReadOnlyList<string> Names => _names;

    /// <summary>What a step is compared with.</summary>
    public Before Present => new()
    {
        Counters = _world.Queue.Counters,
        BufferTail = _world.Queue.BufferTail,
        OldGeneration = _world.Queue.OldGeneration,
        Late = _world.Device.Late,
        TimerArmed = _world.Queue.TimerArmed,
        HasPartial = _world.Queue.PartialSkb >= 0,
    };

    /// <summary>The landmarks passed by a step, one bit each.</summary>
    public ulong Passed(in Before before, DqoOperation operation, DqoOutcome outcome)
    {
        ulong bits = 0;
        switch (operation.Kind)
        {
            case DqoOperationKind.Poll:
                PassedByPoll(ref bits, before, operation, outcome);
                PassedByFilling(ref bits, before);
                break;
            case DqoOperationKind.Post or DqoOperationKind.Refill or DqoOperationKind.Settle:
                PassedByFilling(ref bits, before);
                break;
            case DqoOperationKind.Teardown:
                Set(ref bits, Landmark.TornPartial, before.HasPartial);
                Set(ref bits, Landmark.TornHeld, _world.Stack.HeldPackets > 0);
                break;
            case DqoOperationKind.Create:
                Set(ref bits, Landmark.CreatedAgain, outcome.Value > 0 && _world.Stack.HeldPackets > 0);
                break;
            default:
                break;
        }

        return bits;
    }

    private void Add(Landmark landmark, string name, bool condition = true)
    {
        if (condition)
        {
            _bitOf[(int)landmark] = _names.Count;
            _names.Add(name);
        }
    }

    private void Set(ref ulong bits, Landmark landmark, bool condition)
    {
        if (condition && _bitOf[(int)landmark] >= 0)
        {
            bits |= 1ul << _bitOf[(int)landmark];
        }
    }

    private void PassedByPoll(ref ulong bits, in Before before, DqoOperation operation, DqoOutcome outcome)
    {
        var queue = _world.Queue;
        var stack = _world.Stack;
        Set(ref bits, Landmark.GenerationFlipped, queue.OldGeneration != before.OldGeneration);
        Set(ref bits, Landmark.Copied, queue.Counters.Copied > before.Counters.Copied);
        Set(ref bits, Landmark.CopiedOnDemand, queue.Counters.CopiedOnDemand > before.Counters.CopiedOnDemand);
        Set(ref bits, Landmark.NoPageToCopy, operation.Fault == DqoFault.CopyPage && queue.Counters.SkbFailures > before.Counters.SkbFailures);
        Set(ref bits, Landmark.LateMissed, before.Late > 0 && _world.Device.Late == 0 && _world.Pending > 0);
        Set(ref bits, Landmark.BudgetSpent, outcome.Value >= operation.Count && _world.Pending > 0);
        Set(ref bits, Landmark.RestDropped, queue.IsDropping);
        Set(ref bits, Landmark.TimerHelped, before.TimerArmed && !queue.TimerArmed);
        Set(ref bits, Landmark.BufferlessRefused, _witness.Readers.BufferlessConsumed > 0);
        Set(ref bits, Landmark.DiscardedWhenCoalesced,
            queue.Counters.DescriptorErrors - before.Counters.DescriptorErrors > _witness.Readers.DamagedConsumed);
        for (int place = stack.HeldPackets - 1; place >= 0 && place >= stack.HeldPackets - outcome.Delivered; place--)
        {
            int fragments = stack[stack.HeldAt(place)].FragmentsInAll;
            Set(ref bits, Landmark.Chained, fragments > stack.FragmentsMax);
            Set(ref bits, Landmark.ChainedTwice, fragments > 2 * stack.FragmentsMax);
        }
    }

    private void PassedByFilling(ref ulong bits, in Before before)
    {
        var queue = _world.Queue;
        Set(ref bits, Landmark.BufferRingWrapped, queue.BufferTail < before.BufferTail);
        Set(ref bits, Landmark.Unrung, queue.BufferTail != _world.Device.Fetched);
        Set(ref bits, Landmark.TimerArmed, !before.TimerArmed && queue.TimerArmed);
        var states = queue.States;
        for (int id = 0; id < states.Length && !_witness.StatesAreUnchanged; id++)
        {
            PassedByState(ref bits, in _witness.StatesBefore[id], in states[id], _witness.PlacesBefore[id], _witness.Places[id]);
        }
    }

    private void PassedByState(ref ulong bits, in BufferState before, in BufferState now, DqoPlace placeBefore, DqoPlace place)
    {
        if (!before.HasPage)
        {
            return;
        }

        bool isSamePage = now.HasPage && now.Address == before.Address;
        Set(ref bits, Landmark.Discarded, !isSamePage);
        Set(ref bits, Landmark.Replenished, isSamePage && now.Bias > before.Bias);
        if (isSamePage && place == DqoPlace.Posted)
        {
            Set(ref bits, Landmark.UsedCameBack, placeBefore == DqoPlace.Used);
            Set(ref bits, Landmark.ReusedBesideHeld, now.Offset != before.Offset && _world.Memory.HeldOn(now.Frame) > 0);
        }
    }

    /// <summary>What is not told by the state after a step.</summary>
    internal struct Before
    {
        public DqoCounters Counters;
        public int BufferTail;
        public int OldGeneration;
        public int Late;
        public bool TimerArmed;
        public bool HasPartial;
    }
}
