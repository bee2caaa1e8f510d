using RxVerify.Model.Vocabulary.Dqo;

namespace RxVerify.Properties.Dqo;

/// <summary>Which kinds of configuration and operation a run is about, and so which rows it has to reach.</summary>
[Flags]
public enum DqoScope
{
    /// <summary>An honest device and freely allocated pages.</summary>
    None = 0,

    /// <summary>The device lies.</summary>
    Hostile = 1,

    /// <summary>Pages come from a queue page list.</summary>
    PageList = 2,
}

/// <summary>Counts operations by outcome, and landmarks. A row that stays at zero fails the run.</summary>
public sealed class DqoCoverage : Coverage
{
    private readonly long[] _counts = new long[Table.Length];
    private bool _lateWaits;

    private enum Row
    {
        ReceiveOne, ReceiveMany, ReceiveDamaged, ReceiveLate,
        PollIdle, PollHandedUp, PollNoSkb, PollNoPage, PollNoMapping, PollNoCopyPage, PollBudgetSpent, PollDropsAtOnce,
        PostOne, PostNone, RefillSome, RefillNone,
        ReleaseFragments, ReleaseCopied, Clone,
        Teardown, TeardownRefused, CreateFilled, CreateShort, CreateFailed,
        SettleIdle, SettleWoke, SettleKeeping,
        LieUnknownId, LieIdOnList, LieTooLong, LieSwallow, LieStale,
        ReusedBesideHeld, UsedCameBack, Discarded, Replenished, RingsWrapped, OutOfOrder, TwoSkbs, ThreeSkbs, Copied, Coalesced,
        ErrorInMiddle, DroppedRest, TeardownHeld, TeardownPartial, CreatedAgain, LateMissed, TimerRecovered,
        CopiedOnDemand, PageListTorn, LieRefused,
    }

    private static readonly (Row Row, DqoScope Scope, bool IsLandmark, string Name)[] Table =
    [
        (Row.ReceiveOne, DqoScope.None, false, "receive: one buffer"),
        (Row.ReceiveMany, DqoScope.None, false, "receive: several buffers"),
        (Row.ReceiveDamaged, DqoScope.None, false, "receive: with rx_error"),
        (Row.ReceiveLate, DqoScope.None, false, "receive: late completions"),
        (Row.PollIdle, DqoScope.None, false, "poll: nothing to consume"),
        (Row.PollHandedUp, DqoScope.None, false, "poll: packets handed up"),
        (Row.PollNoSkb, DqoScope.None, false, "poll: no skb"),
        (Row.PollNoPage, DqoScope.None, false, "poll: no page"),
        (Row.PollNoMapping, DqoScope.None, false, "poll: no mapping"),
        (Row.PollNoCopyPage, DqoScope.PageList, false, "poll: no page to copy into"),
        (Row.PollBudgetSpent, DqoScope.None, false, "poll: budget spent"),
        (Row.PollDropsAtOnce, DqoScope.None, false, "poll: stack drops at once"),
        (Row.PostOne, DqoScope.None, false, "post: one buffer"),
        (Row.PostNone, DqoScope.None, false, "post: nothing"),
        (Row.RefillSome, DqoScope.None, false, "refill: some buffers"),
        (Row.RefillNone, DqoScope.None, false, "refill: nothing"),
        (Row.ReleaseFragments, DqoScope.None, false, "release: fragments"),
        (Row.ReleaseCopied, DqoScope.None, false, "release: copied packet"),
        (Row.Clone, DqoScope.None, false, "clone"),
        (Row.Teardown, DqoScope.None, false, "teardown: device stops"),
        (Row.TeardownRefused, DqoScope.None, false, "teardown: device has to be reset"),
        (Row.CreateFilled, DqoScope.None, false, "create: filled"),
        (Row.CreateShort, DqoScope.None, false, "create: filled in part"),
        (Row.CreateFailed, DqoScope.None, false, "create: no memory"),
        (Row.SettleIdle, DqoScope.None, false, "settle: nothing to do"),
        (Row.SettleWoke, DqoScope.None, false, "settle: the driver woke"),
        (Row.SettleKeeping, DqoScope.None, false, "settle: the stack keeps its packets"),
        (Row.LieUnknownId, DqoScope.Hostile, false, "lie: unknown id"),
        (Row.LieIdOnList, DqoScope.Hostile, false, "lie: id on a list"),
        (Row.LieTooLong, DqoScope.Hostile, false, "lie: too long"),
        (Row.LieSwallow, DqoScope.Hostile, false, "lie: swallowed buffer"),
        (Row.LieStale, DqoScope.Hostile, false, "lie: stale buffer"),
        (Row.ReusedBesideHeld, DqoScope.None, true, "a chunk was posted while another chunk of its page was held"),
        (Row.UsedCameBack, DqoScope.None, true, "a page came back from the used list"),
        (Row.Discarded, DqoScope.None, true, "a page was discarded because no buffer state was free"),
        (Row.Replenished, DqoScope.None, true, "the bias ran out and was replenished"),
        (Row.RingsWrapped, DqoScope.None, true, "the completion ring wrapped twice"),
        (Row.OutOfOrder, DqoScope.None, true, "completions came out of posting order"),
        (Row.TwoSkbs, DqoScope.None, true, "a packet needed a second skb"),
        (Row.ThreeSkbs, DqoScope.None, true, "a packet needed a third skb"),
        (Row.Copied, DqoScope.None, true, "a short packet was copied"),
        (Row.Coalesced, DqoScope.None, true, "a coalesced packet was handed up"),
        (Row.ErrorInMiddle, DqoScope.None, true, "an error struck behind the first buffer of a packet"),
        (Row.DroppedRest, DqoScope.None, true, "the rest of a failed packet was left for the next poll"),
        (Row.TeardownHeld, DqoScope.None, true, "the queue was taken down while packets were held"),
        (Row.TeardownPartial, DqoScope.None, true, "the queue was taken down with a packet under assembly"),
        (Row.CreatedAgain, DqoScope.None, true, "the queue was built again while packets of the old one were held"),
        (Row.LateMissed, DqoScope.None, true, "a poll missed completions that landed while it looked"),
        (Row.TimerRecovered, DqoScope.None, true, "the timer woke a starving queue"),
        (Row.CopiedOnDemand, DqoScope.PageList, true, "a packet was copied to spare the page list"),
        (Row.PageListTorn, DqoScope.PageList, true, "a page list was taken down while its pages were held"),
        (Row.LieRefused, DqoScope.Hostile, true, "a completion without a buffer was refused"),
    ];

    /// <summary>What the run is about.</summary>
    public DqoScope Scope { get; init; }

    /// <inheritdoc/>
    public override IReadOnlyList<CoverageRow> Rows =>
        [.. Table.Where(row => (row.Scope & ~Scope) == DqoScope.None).Select(row => new CoverageRow(row.Name, _counts[(int)row.Row], row.IsLandmark))];

    /// <inheritdoc/>
    public override void Restarted()
    {
        base.Restarted();
        _lateWaits = false;
    }

    /// <summary>A step was done and checked.</summary>
    internal void Note(DqoOperation operation, DqoOutcome outcome, DqoRun run)
    {
        Operations++;
        switch (operation.Kind)
        {
            case DqoOperationKind.Receive or DqoOperationKind.ReceiveLate:
                NoteReceive(operation, run);
                break;
            case DqoOperationKind.Poll:
                NotePoll(operation, outcome, run);
                break;
            case DqoOperationKind.Post:
                Count(outcome.Value > 0 ? Row.PostOne : Row.PostNone);
                break;
            case DqoOperationKind.Refill:
                Count(outcome.Value > 0 ? Row.RefillSome : Row.RefillNone);
                break;
            case DqoOperationKind.Release:
                Count(outcome.Value > 0 ? Row.ReleaseFragments : Row.ReleaseCopied);
                break;
            case DqoOperationKind.Clone:
                Count(Row.Clone);
                break;
            case DqoOperationKind.Lie:
                Count(Row.LieUnknownId + (int)operation.Lie);
                break;
            default:
                NoteControl(operation, outcome, run);
                break;
        }

        if (operation.Kind is DqoOperationKind.Poll or DqoOperationKind.Post or DqoOperationKind.Refill && run.Finding is null)
        {
            NoteBuffers(run);
        }
    }

    private void Count(Row row, bool condition = true)
    {
        if (condition)
        {
            _counts[(int)row]++;
        }
    }

    private void NoteReceive(DqoOperation operation, DqoRun run)
    {
        Count(operation.Kind == DqoOperationKind.ReceiveLate ? Row.ReceiveLate : operation.Count == 1 ? Row.ReceiveOne : Row.ReceiveMany);
        Count(Row.ReceiveDamaged, operation.DamagedBuffer > 0);
        Count(Row.OutOfOrder, operation.Pick > 0);
        Count(Row.ErrorInMiddle, operation.DamagedBuffer > 1);
        _lateWaits = run.World.Device.Late > 0;
    }

    private void NotePoll(DqoOperation operation, DqoOutcome outcome, DqoRun run)
    {
        ref readonly var before = ref run.Witness.CountersBefore;
        ref readonly var counters = ref run.World.Queue.Counters;
        bool consumed = counters.Completed > before.Completed;
        Count(Row.PollIdle, !consumed);
        Count(Row.PollHandedUp, outcome.Delivered > 0);
        Count(Row.PollBudgetSpent, outcome.Value == operation.Count && run.World.Pending > 0);
        Count(Row.PollDropsAtOnce, operation.DropsAtOnce && outcome.Delivered > 0);
        Count(Row.LateMissed, _lateWaits && run.World.Device.Late == 0 && run.World.Pending > 0);
        _lateWaits = false;
        NoteFailures(operation.Fault, before, counters);
        Count(Row.Copied, counters.Copied > before.Copied);
        Count(Row.CopiedOnDemand, counters.CopiedOnDemand > before.CopiedOnDemand);
        Count(Row.DroppedRest, run.World.Queue.IsDropping);
        Count(Row.LieRefused, run.Witness.Readers.BufferlessConsumed > 0);
        Count(Row.RingsWrapped, run.World.Consumed > 2 * run.World.Configuration.CompletionSlots);
        NotePackets(outcome, run);
    }

    private void NoteFailures(DqoFault fault, in DqoCounters before, in DqoCounters counters)
    {
        bool skb = counters.SkbFailures > before.SkbFailures;
        Count(Row.PollNoSkb, skb && fault == DqoFault.Skb);
        Count(Row.PollNoCopyPage, skb && fault == DqoFault.CopyPage);
        Count(Row.PollNoPage, counters.PageFailures > before.PageFailures);
        Count(Row.PollNoMapping, counters.MappingFailures > before.MappingFailures);
    }

    private void NotePackets(DqoOutcome outcome, DqoRun run)
    {
        var stack = run.World.Stack;
        for (int place = Math.Max(0, stack.HeldPackets - outcome.Delivered); place < stack.HeldPackets; place++)
        {
            ref var packet = ref stack[stack.HeldAt(place)];
            Count(Row.TwoSkbs, packet.FragmentsInAll > stack.FragmentsMax);
            Count(Row.ThreeSkbs, packet.FragmentsInAll > 2 * stack.FragmentsMax);
            Count(Row.Coalesced, packet.SegmentSize > 0);
        }
    }

    private void NoteControl(DqoOperation operation, DqoOutcome outcome, DqoRun run)
    {
        bool holds = run.World.Stack.HeldPackets > 0;
        switch (operation.Kind)
        {
            case DqoOperationKind.Teardown:
                Count(operation.AdminFails ? Row.TeardownRefused : Row.Teardown);
                Count(Row.TeardownHeld, holds);
                Count(Row.TeardownPartial, run.Witness.HadPartialPacket);
                Count(Row.PageListTorn, holds && run.World.Configuration.QueuePageList);
                break;
            case DqoOperationKind.Create:
                Count(outcome.Value < 0 ? Row.CreateFailed : outcome.Value < run.World.Configuration.PostedMax ? Row.CreateShort : Row.CreateFilled);
                Count(Row.CreatedAgain, holds && outcome.Value > 0);
                break;
            default:
                Count(operation.KeepsPackets ? Row.SettleKeeping : outcome.Value > 0 ? Row.SettleWoke : Row.SettleIdle);
                Count(Row.TimerRecovered, run.Witness.HadTimerArmed && !run.World.Queue.TimerArmed && outcome.Value > 0);
                break;
        }
    }

    /// <summary>What happened to buffer states and their pages while the queue stayed up.</summary>
    private void NoteBuffers(DqoRun run)
    {
        if (run.Witness.StatesAreUnchanged)
        {
            return;
        }

        var memory = run.World.Memory;
        var places = run.Witness.Places;
        var placesBefore = run.Witness.PlacesBefore;
        var states = run.World.Queue.States;
        var statesBefore = run.Witness.StatesBefore;
        for (int id = 0; id < states.Length; id++)
        {
            ref readonly var before = ref statesBefore[id];
            ref readonly var now = ref states[id];
            if (!before.HasPage)
            {
                continue;
            }

            if (!now.HasPage || now.Address != before.Address)
            {
                Count(Row.Discarded);
                continue;
            }

            Count(Row.Replenished, now.Bias > before.Bias);
            if (places[id] == DqoPlace.Posted)
            {
                Count(Row.UsedCameBack, placesBefore[id] == DqoPlace.Used);
                Count(Row.ReusedBesideHeld, (placesBefore[id] != DqoPlace.Posted || now.Offset != before.Offset) && memory.HeldOn(now.Frame) > 0);
            }
        }
    }
}
