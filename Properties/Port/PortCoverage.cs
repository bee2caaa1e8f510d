using RxVerify.Implementation.Port;
using RxVerify.Model.Vocabulary.Mana;
using RxVerify.Model.Vocabulary.Port;

namespace RxVerify.Properties.Port;

/// <summary>Counts operations of the port by outcome, each request and each step by how it ended, and landmarks.</summary>
public sealed class PortCoverage : Coverage
{
    private static readonly (Row Row, bool IsLandmark, string Name)[] Table =
    [
        (Row.ReceivePass, false, "receive: pass"),
        (Row.ReceiveDrop, false, "receive: drop"),
        (Row.ReceiveTx, false, "receive: sent back"),
        (Row.PollIdle, false, "poll: nothing to consume"),
        (Row.PollHandedUp, false, "poll: packets handed up"),
        (Row.Release, false, "release: on another processor"),
        (Row.ReleaseLocal, false, "release: on the queue's processor"),
        (Row.TxComplete, false, "transmission completes"),
        (Row.TakeVport, false, "the RDMA driver takes the vport"),
        (Row.VportRefused, false, "the RDMA driver is refused the vport"),
        (Row.GiveVport, false, "the RDMA driver gives the vport back"),
        (Row.SettleKeeping, false, "settle: holders keep what they hold"),
        (Row.Settle, false, "settle: everything is let go"),
        (Row.NothingToDo, false, "request: nothing to do"),
        (Row.NotSupported, true, "a program was refused because of the MTU"),
        (Row.VportBusy, true, "a port could not be opened because the RDMA driver had the vport"),
        (Row.TrafficBetweenSteps, true, "a packet was handed up in the middle of a request"),
        (Row.HeldOverChange, true, "a packet was held while its queue was destroyed"),
        (Row.InFlightAfterSteerOff, true, "a packet arrived after steering was switched off, before the fence"),
        (Row.DeviceReset, true, "a device that did not answer was reset"),
        (Row.RolledBack, true, "a change failed, and the port was attached again with the old parameters"),
        (Row.FailedTwice, true, "a change failed, and so did attaching with the old parameters"),
        (Row.BroughtBack, true, "a request brought a port back that had lost its queues"),
        (Row.FailedWhileUndoing, true, "a step failed while a failure was being undone"),
        (Row.Shrunk, true, "the adapter gave fewer queues than there were"),
        (Row.LeftoversFreed, true, "pages allocated before were left over and freed"),
        (Row.DetachedAgain, true, "a port without queues was detached again, and came back up"),
        (Row.RemovedWithoutQueues, true, "a port without queues was removed"),
        (Row.ForeignHandedUp, true, "a packet was handed up on a page allocated before"),
    ];

    private static readonly PortRequest[] Requests = Enum.GetValues<PortRequest>();

    // Steps of no right driver, and of none.
    private static readonly PortStep[] Steps = [.. Enum.GetValues<PortStep>().Where(step => step is not (PortStep.None or PortStep.ClearPrograms))];

    // Closing, suspending and removing end well whatever the device says.
    private static readonly PortRequest[] CannotFail = [PortRequest.Close, PortRequest.Suspend, PortRequest.Remove];

    private readonly long[] _counts = new long[Table.Length];
    private readonly long[] _succeeded = new long[Requests.Length];
    private readonly long[] _failed = new long[Requests.Length];
    private readonly long[] _refused = new long[Requests.Length];
    private readonly long[] _steps = new long[(int)PortStep.Finish + 1];
    private readonly long[] _stepsFailed = new long[(int)PortStep.Finish + 1];
    private PortRequest? _request;
    private PortStep _step;
    private PortState _state;
    private int _prepared;
    private int _queues;
    private bool _isUndoing;
    private bool _wasDetachedAgain;
    private bool _wasSteering;
    private bool _failedOnce;
    private bool _hadLost;

    private enum Row
    {
        ReceivePass, ReceiveDrop, ReceiveTx, PollIdle, PollHandedUp, Release, ReleaseLocal, TxComplete, TakeVport, VportRefused, GiveVport, SettleKeeping, Settle, NothingToDo,
        NotSupported, VportBusy, TrafficBetweenSteps, HeldOverChange, InFlightAfterSteerOff, DeviceReset, RolledBack, FailedTwice, BroughtBack, FailedWhileUndoing, Shrunk,
        LeftoversFreed, DetachedAgain, RemovedWithoutQueues, ForeignHandedUp,
    }

    /// <inheritdoc/>
    public override IReadOnlyList<CoverageRow> Rows =>
    [
        .. Table.Where(row => !row.IsLandmark).Select(row => new CoverageRow(row.Name, _counts[(int)row.Row], false)),
        .. Requests.Select(request => new CoverageRow($"{request}: succeeded", _succeeded[(int)request], false)),
        .. Requests.Except(CannotFail).Select(request => new CoverageRow($"{request}: failed", _failed[(int)request], false)),
        .. Requests.Select(request => new CoverageRow($"{request}: refused", _refused[(int)request], false)),
        .. Steps.Select(step => new CoverageRow($"step {step}", _steps[(int)step], false)),
        .. Steps.Where(step => PortGenerator.FaultsOf(step).Length > 0).Select(step => new CoverageRow($"step {step}: fails", _stepsFailed[(int)step], false)),
        .. Table.Where(row => row.IsLandmark).Select(row => new CoverageRow(row.Name, _counts[(int)row.Row], true)),
    ];

    /// <inheritdoc/>
    public override void Restarted()
    {
        base.Restarted();
        _isUndoing = false;
        _wasDetachedAgain = false;
        _failedOnce = false;
        _hadLost = false;
    }

    /// <summary>A step is about to be done.</summary>
    internal void BeginStep(PortWorld world)
    {
        var driver = world.Driver;
        _request = driver.Request;
        _step = driver.NextStep;
        _state = driver.State;
        _prepared = driver.Prepared;
        _queues = driver.QueueCount;
        _wasSteering = driver.IsSteering;
    }

    /// <summary>A step was done and checked.</summary>
    internal void Note(PortOperation operation, PortOutcome outcome, PortWorld world)
    {
        Operations++;
        switch (operation.Kind)
        {
            case PortOperationKind.Receive:
                Count(operation.Verdict switch { ManaVerdict.Drop => Row.ReceiveDrop, ManaVerdict.Tx => Row.ReceiveTx, _ => Row.ReceivePass });
                Count(Row.InFlightAfterSteerOff, !_wasSteering);
                break;
            case PortOperationKind.Poll:
                Count(Row.PollIdle, outcome.Value == 0);
                Count(Row.PollHandedUp, outcome.Delivered > 0);
                Count(Row.TrafficBetweenSteps, outcome.Delivered > 0 && _request is not null);
                Count(Row.ForeignHandedUp, outcome.Delivered > 0 && IsLastForeign(world));
                break;
            case PortOperationKind.Request:
                NoteRequest(operation, outcome);
                break;
            case PortOperationKind.Step:
                NoteSteps(operation, outcome, world);
                break;
            default:
                Count(Plain(operation, outcome));
                break;
        }
    }

    private static Row Plain(PortOperation operation, PortOutcome outcome) => operation.Kind switch
    {
        PortOperationKind.Release => operation.IsLocal ? Row.ReleaseLocal : Row.Release,
        PortOperationKind.TxComplete => Row.TxComplete,
        PortOperationKind.TakeVport => outcome.Value == 0 ? Row.TakeVport : Row.VportRefused,
        PortOperationKind.GiveVport => Row.GiveVport,
        _ => operation.KeepsHeld ? Row.SettleKeeping : Row.Settle,
    };

    private static bool IsLastForeign(PortWorld world) =>
        world.Stack.HeldPackets > 0 && !world.Stack[world.Stack.HeldAt(world.Stack.HeldPackets - 1)].IsForRecycling;

    private void Count(Row row, bool condition = true) => _counts[(int)row] += condition ? 1 : 0;

    private void NoteRequest(PortOperation operation, PortOutcome outcome)
    {
        _isUndoing = false;
        _failedOnce = false;
        Count(Row.NothingToDo, outcome.Ended && outcome.Value == 0);
        Count(Row.NotSupported, outcome.Value == PortOutcome.NotSupported);
        _refused[(int)operation.Request] += outcome.Value < 0 ? 1 : 0;
        _wasDetachedAgain |= outcome.Value == 0 && _state == PortState.DetachedUp && operation.Request is PortRequest.Suspend or PortRequest.Reset;
    }

    private void NoteSteps(PortOperation operation, PortOutcome outcome, PortWorld world)
    {
        var driver = world.Driver;
        _steps[(int)_step]++;
        if (operation.Count == 1 && world.Faults.HasStruck)
        {
            _stepsFailed[(int)_step]++;
            bool isCommandToStop = _step is PortStep.SteerOff or PortStep.Fence or PortStep.DestroyQueue;
            Count(Row.DeviceReset, isCommandToStop || operation.Fault == PortFault.Stuck);
            Count(Row.FailedWhileUndoing, _isUndoing && isCommandToStop);
            Count(Row.Shrunk, operation.Fault == PortFault.Shrink && driver.QueueCount < _queues);
            bool isOfAttach = _step is >= PortStep.InitPort and <= PortStep.AddFilter && operation.Fault != PortFault.Shrink;
            _isUndoing |= isOfAttach && driver.Request is not null;
            _failedOnce |= isOfAttach && _request?.IsChange() == true;
        }

        _isUndoing &= driver.NextStep != PortStep.InitPort;
        Count(Row.HeldOverChange, _step == PortStep.DestroyQueue && world.Stack.HeldPackets > 0);
        Count(Row.LeftoversFreed, _step is PortStep.FreeList or PortStep.Restore && _prepared > 0);
        if (outcome.Ended && _request is { } request)
        {
            NoteEnd(request, outcome, driver);
        }
    }

    private void NoteEnd(PortRequest request, PortOutcome outcome, PortDriver driver)
    {
        bool isUp = driver.State is PortState.UpWithFragments or PortState.UpWithProgram or PortState.UpWithJumbo;
        (outcome.Value < 0 ? _failed : _succeeded)[(int)request]++;
        Count(Row.VportBusy, outcome.Value == PortOutcome.Busy);
        Count(Row.RolledBack, _failedOnce && outcome.Value < 0 && isUp);
        Count(Row.FailedTwice, _failedOnce && outcome.Value < 0 && driver.State == PortState.DetachedUp);
        Count(Row.BroughtBack, outcome.Value == 0 && isUp && _hadLost);
        Count(Row.DetachedAgain, _wasDetachedAgain && isUp);
        Count(Row.RemovedWithoutQueues, request == PortRequest.Remove && _hadLost);
        _wasDetachedAgain &= !isUp;
        _hadLost = driver.State == PortState.DetachedUp && driver.IsPresent;
    }
}
