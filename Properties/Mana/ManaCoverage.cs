using System.Numerics;
using RxVerify.Implementation.Mana;
using RxVerify.Model.Vocabulary.Mana;

namespace RxVerify.Properties.Mana;

/// <summary>Counts operations of the MANA queue by outcome, and landmarks.</summary>
/// <param name="scope">Which kinds of queue and device are drawn, and so which rows have to be reached.</param>
public sealed class ManaCoverage(ManaScope scope) : Coverage
{
    private readonly long[] _counts = new long[Table.Length];
    private ManaCounters _before;
    private bool _hadSaved;
    private bool _wasFragmented;
    private bool _waitedFor;
    private long _consumedBefore;

    private enum Row
    {
        ReceivePass, ReceiveDrop, ReceiveTx, ReceiveRedirect, ReceiveRedirectFails, ReceiveAborted, ReceiveUnknown, ReceiveTxFails,
        ReceiveUdp, ReceiveNoHash, ReceiveIpChecksumBad, ReceiveL4ChecksumBad, ReceiveIpUnchecked, ReceiveL4Unchecked,
        PollIdle, PollHandedUp, PollNoPage, PollNoMapping, PollNoSkb, Release, ReleaseLocal, TxComplete, ReturnOne, ReturnMany, Write, Teardown,
        CreatePlain, CreateProgram, CreatePreallocated, CreateFailed, Retry, Fence, SettleKeeping, Settle,
        Coalesced, NoLength, UnknownType, TooLong, SendQueue, ForeignQueue,
        Truncated, Dropped, Transmitted, TxRefused, Redirected, Saved, TookSaved, Wrapped, PoolWaited, TwoPoolsWaited, MixedModes, PageShared, RepostedSame,
    }

    private static readonly (Row Row, ManaScope Scope, bool IsLandmark, string Name)[] Table =
    [
        (Row.ReceivePass, ManaScope.None, false, "receive: pass"),
        (Row.ReceiveDrop, ManaScope.None, false, "receive: drop"),
        (Row.ReceiveTx, ManaScope.None, false, "receive: sent back"),
        (Row.ReceiveRedirect, ManaScope.None, false, "receive: redirected"),
        (Row.ReceiveRedirectFails, ManaScope.None, false, "receive: redirect refused"),
        (Row.ReceiveAborted, ManaScope.None, false, "receive: aborted"),
        (Row.ReceiveUnknown, ManaScope.None, false, "receive: no verdict"),
        (Row.ReceiveTxFails, ManaScope.None, false, "receive: sending back refused"),
        (Row.ReceiveUdp, ManaScope.None, false, "receive: UDP"),
        (Row.ReceiveNoHash, ManaScope.None, false, "receive: no hash"),
        (Row.ReceiveIpChecksumBad, ManaScope.None, false, "receive: wrong checksum of the IP header"),
        (Row.ReceiveL4ChecksumBad, ManaScope.None, false, "receive: wrong transport checksum"),
        (Row.ReceiveIpUnchecked, ManaScope.None, false, "receive: checksum of the IP header not looked at"),
        (Row.ReceiveL4Unchecked, ManaScope.None, false, "receive: transport checksum not looked at"),
        (Row.PollIdle, ManaScope.None, false, "poll: nothing to consume"),
        (Row.PollHandedUp, ManaScope.None, false, "poll: packets handed up"),
        (Row.PollNoPage, ManaScope.None, false, "poll: no page"),
        (Row.PollNoMapping, ManaScope.None, false, "poll: no mapping"),
        (Row.PollNoSkb, ManaScope.None, false, "poll: no skb"),
        (Row.Release, ManaScope.None, false, "release: on another processor"),
        (Row.ReleaseLocal, ManaScope.None, false, "release: on the queue's processor"),
        (Row.TxComplete, ManaScope.None, false, "transmission completes"),
        (Row.ReturnOne, ManaScope.None, false, "frame comes back"),
        (Row.ReturnMany, ManaScope.None, false, "frames come back together"),
        (Row.Write, ManaScope.None, false, "write"),
        (Row.Teardown, ManaScope.None, false, "teardown"),
        (Row.CreatePlain, ManaScope.None, false, "create: without a program"),
        (Row.CreateProgram, ManaScope.None, false, "create: with a program"),
        (Row.CreatePreallocated, ManaScope.None, false, "create: from pages allocated before"),
        (Row.CreateFailed, ManaScope.None, false, "create: failed"),
        (Row.Retry, ManaScope.None, false, "retry"),
        (Row.Fence, ManaScope.None, false, "fence"),
        (Row.SettleKeeping, ManaScope.None, false, "settle: holders keep what they hold"),
        (Row.Settle, ManaScope.None, false, "settle: everything is let go"),
        (Row.Coalesced, ManaScope.Lies, false, "lie: coalesced packets"),
        (Row.NoLength, ManaScope.Lies, false, "lie: no length"),
        (Row.UnknownType, ManaScope.Lies, false, "lie: unknown type"),
        (Row.TooLong, ManaScope.Lies, false, "lie: too long"),
        (Row.SendQueue, ManaScope.Lies, false, "lie: send queue"),
        (Row.ForeignQueue, ManaScope.Lies, false, "lie: another queue"),
        (Row.Truncated, ManaScope.None, true, "a packet was larger than its buffer"),
        (Row.Dropped, ManaScope.None, true, "the program dropped a packet"),
        (Row.Transmitted, ManaScope.None, true, "a packet was sent back"),
        (Row.TxRefused, ManaScope.None, true, "a packet could not be sent back"),
        (Row.Redirected, ManaScope.None, true, "a packet was redirected"),
        (Row.Saved, ManaScope.None, true, "a dropped page was saved"),
        (Row.TookSaved, ManaScope.None, true, "a refill took the saved page"),
        (Row.Wrapped, ManaScope.None, true, "the completion queue wrapped twice"),
        (Row.PoolWaited, ManaScope.None, true, "the pool of a queue taken down waited for its pages"),
        (Row.TwoPoolsWaited, ManaScope.None, true, "two pools waited"),
        (Row.MixedModes, ManaScope.Fragments, true, "a queue without fragments followed one with, or the other way round, while pages were outside"),
        (Row.PageShared, ManaScope.Fragments, true, "two packets held fragments of one page"),
        (Row.RepostedSame, ManaScope.None, true, "a buffer without a replacement was posted again"),
    ];

    /// <inheritdoc/>
    public override IReadOnlyList<CoverageRow> Rows =>
        [.. Table.Where(row => (row.Scope & ~scope) == ManaScope.None).Select(row => new CoverageRow(row.Name, _counts[(int)row.Row], row.IsLandmark))];

    /// <summary>A step is about to be done.</summary>
    internal void BeginStep(ManaWorld world)
    {
        _before = world.Queue.Counters;
        _hadSaved = world.Queue.SavedFrame >= 0;
        _wasFragmented = world.Queue.IsUp ? world.Queue.Layout.IsFragmented : _wasFragmented;
        _waitedFor = world.WaitingPools > 0;
        _consumedBefore = world.Queue.Consumed;
    }

    /// <summary>A step was done and checked.</summary>
    internal void Note(ManaOperation operation, ManaOutcome outcome, ManaRun run)
    {
        Operations++;
        var world = run.World;
        switch (operation.Kind)
        {
            case ManaOperationKind.Receive:
                NoteReceive(operation);
                break;
            case ManaOperationKind.Lie:
                Count(Row.Coalesced + (int)operation.Lie);
                break;
            case ManaOperationKind.Poll:
                NotePoll(operation, outcome, world);
                break;
            case ManaOperationKind.Create:
                NoteCreate(operation, outcome, world);
                break;
            case ManaOperationKind.Teardown:
                Count(Row.Teardown);
                Count(Row.PoolWaited, world.WaitingPools > 0);
                Count(Row.TwoPoolsWaited, world.WaitingPools > 1);
                break;
            default:
                Count(Plain(operation));
                break;
        }
    }

    private static Row Plain(ManaOperation operation) => operation.Kind switch
    {
        ManaOperationKind.Release => operation.IsLocal ? Row.ReleaseLocal : Row.Release,
        ManaOperationKind.TxComplete => Row.TxComplete,
        ManaOperationKind.Return => operation.Count > 1 ? Row.ReturnMany : Row.ReturnOne,
        ManaOperationKind.Write => Row.Write,
        ManaOperationKind.Retry => Row.Retry,
        ManaOperationKind.Fence => Row.Fence,
        _ => operation.KeepsHeld ? Row.SettleKeeping : Row.Settle,
    };

    private void Count(Row row, bool condition = true)
    {
        if (condition)
        {
            _counts[(int)row]++;
        }
    }

    private void NoteReceive(ManaOperation operation)
    {
        Count(Row.ReceivePass + (int)operation.Verdict);
        for (int left = (int)operation.Traits; left != 0; left &= left - 1)
        {
            Count(Row.ReceiveUdp + BitOperations.TrailingZeroCount(left));
        }
    }

    private void NotePoll(ManaOperation operation, ManaOutcome outcome, ManaWorld world)
    {
        ref readonly var now = ref world.Queue.Counters;
        long dropped = now.Dropped - _before.Dropped;
        bool struck = dropped > now.XdpDropped - _before.XdpDropped;
        Count(Row.PollIdle, outcome.Value == 0);
        Count(Row.PollHandedUp, outcome.Delivered > 0);
        Count(Row.PollNoPage, operation.Fault == ManaFault.Page && struck);
        Count(Row.PollNoMapping, operation.Fault == ManaFault.Mapping && struck);
        Count(Row.PollNoSkb, operation.Fault == ManaFault.Skb && struck);
        Count(Row.RepostedSame, operation.Fault == ManaFault.Page && struck);
        Count(Row.Truncated, operation.Fault == ManaFault.None && struck);
        Count(Row.Dropped, now.XdpDropped > _before.XdpDropped);
        Count(Row.Transmitted, now.XdpTransmitted > _before.XdpTransmitted);
        Count(Row.TxRefused, now.TxDropped > _before.TxDropped);
        Count(Row.Redirected, now.XdpRedirected > _before.XdpRedirected);
        Count(Row.Saved, !_hadSaved && world.Queue.SavedFrame >= 0);
        Count(Row.TookSaved, _hadSaved && outcome.Value > 0 && world.Queue.SavedFrame < 0);
        Count(Row.Wrapped, _consumedBefore <= 2 * world.Configuration.CompletionSlots && world.Queue.Consumed > 2 * world.Configuration.CompletionSlots);
        Count(Row.PageShared, outcome.Delivered > 0 && world.Queue.Layout.IsFragmented && SharesPage(world));
    }

    private static bool SharesPage(ManaWorld world)
    {
        int packets = world.Stack.HeldPackets;
        if (packets < 2)
        {
            return false;
        }

        var last = world.Stack.FragmentsOf(world.Stack.HeldAt(packets - 1))[0];
        return world.Stack.FragmentsOf(world.Stack.HeldAt(packets - 2))[0].Frame == last.Frame;
    }

    private void NoteCreate(ManaOperation operation, ManaOutcome outcome, ManaWorld world)
    {
        if (outcome.Value < 0)
        {
            Count(Row.CreateFailed);
            return;
        }

        Count(operation.HasProgram ? Row.CreateProgram : Row.CreatePlain);
        Count(Row.CreatePreallocated, operation.IsPreallocated);
        Count(Row.MixedModes, _waitedFor && world.Queue.Layout.IsFragmented != _wasFragmented);
    }
}
