using RxVerify.Model.Vocabulary.Port;
using RxVerify.StateMachines.Port;

namespace RxVerify.Implementation.Port;

/// <content>Which step follows which (docs/port.md, "Requests").</content>
public sealed unsafe partial class PortDriver<TRules, TManaRules, TPoolRules>
{
    private PortStep FirstOfDeallocate =>
        !TRules.KeepsProgramsUntilDestroyed ? PortStep.ClearPrograms : AfterClearPrograms;

    private PortStep AfterClearPrograms => Configuration.HasFilter ? PortStep.RemoveFilter : PortStep.Drain;

    private PortStep AfterDeallocate => Header->Request switch
    {
        PortRequest.Close => PortStep.Finish,
        PortRequest.Remove => PortStep.Unregister,
        _ => PortStep.DetachDevice,
    };

    /// <summary>Allocate is over: the queues are live.</summary>
    private PortStep AfterAllocate => Header->Request == PortRequest.Open ? PortStep.Finish : PortStep.AttachDevice;

    private PortStep First(PortRequest request)
    {
        bool isUp = IsUpState(State);
        return request switch
        {
            PortRequest.Probe => PortStep.AllocatePort,
            PortRequest.Open => HasArray ? PortStep.ConfigureVport : PortStep.InitPort,
            PortRequest.Close => isUp ? PortStep.StopTransmit : PortStep.Finish,
            PortRequest.Suspend or PortRequest.Reset => isUp ? PortStep.StopTransmit : PortStep.DetachDevice,
            PortRequest.Resume => PortStep.InitPort,
            PortRequest.Remove => isUp || (!TRules.GuardsAbsentQueues && WasUp) ? PortStep.StopTransmit : PortStep.Unregister,
            _ => State == PortState.Down ? PortStep.Store : PortStep.Preallocate,
        };
    }

    private void GoTo(PortStep step, int queue = 0)
    {
        GoToStageOf(step);
        Header->Next = step;
        Header->NextQueue = queue;
    }

    /// <summary>A step succeeded: the next one.</summary>
    private void Advance(PortStep done, int queue)
    {
        int more = queue + 1;
        switch (done)
        {
            case PortStep.Fence when more < QueueCount:
            case PortStep.CreateQueue when more < QueueCount:
            case PortStep.DestroyQueue when more < (IsUndoing ? Header->QueuesToUndo : QueueCount):
                GoTo(done, more);
                break;
            case PortStep.ReleaseVport when IsUndoing:
                EndUndo();
                break;
            case PortStep.Restore:
                GoTo(TRules.AttachesAgain ? PortStep.InitPort : PortStep.Finish);
                break;
            default:
                GoTo(After(done));
                break;
        }
    }

    /// <summary>The step after one that was not for one of several queues, or was for the last of them.</summary>
    private PortStep After(PortStep done) => done switch
    {
        PortStep.Preallocate => IsUpState(State) ? PortStep.StopTransmit : PortStep.Store,
        PortStep.StopTransmit => FirstOfDeallocate,
        PortStep.ClearPrograms => AfterClearPrograms,
        PortStep.RemoveFilter => PortStep.Drain,
        PortStep.Drain => PortStep.SteerOff,
        PortStep.SteerOff => PortStep.Fence,
        PortStep.Fence => PortStep.DestroyQueue,
        PortStep.DestroyQueue => PortStep.DestroyTransmit,
        PortStep.DestroyTransmit => PortStep.ReleaseVport,
        PortStep.ReleaseVport => AfterDeallocate,
        PortStep.DetachDevice => AfterDetach(),
        PortStep.ResetDevice => PortStep.InitPort,
        PortStep.Store => State == PortState.Down ? PortStep.Finish : PortStep.InitPort,
        PortStep.AllocatePort => PortStep.InitPort,
        PortStep.InitPort => AfterInitPort(),
        PortStep.ConfigureVport => PortStep.CreateTransmit,
        PortStep.CreateTransmit => PortStep.SetTransmitCount,
        PortStep.SetTransmitCount => PortStep.CreateQueue,
        PortStep.CreateQueue => PortStep.SetReceiveCount,
        PortStep.SetReceiveCount => TRules.SetsProgramsBeforeSteering ? PortStep.SetPrograms : PortStep.SteerOn,
        PortStep.SetPrograms => TRules.SetsProgramsBeforeSteering ? PortStep.SteerOn : AfterAllocate,
        PortStep.SteerOn => Configuration.HasFilter ? PortStep.AddFilter : AfterSteering(),
        PortStep.AddFilter => AfterSteering(),
        PortStep.AttachDevice => Header->Request.IsChange() ? PortStep.FreeList : PortStep.Finish,
        _ => PortStep.Finish,
    };

    private PortStep AfterDetach() => Header->Request switch
    {
        PortRequest.Suspend => PortStep.Finish,
        PortRequest.Reset => PortStep.ResetDevice,
        _ => PortStep.Store,
    };

    private PortStep AfterInitPort() =>
        Header->Request == PortRequest.Probe ? PortStep.Register
        : WasUp || Header->Request == PortRequest.Open ? PortStep.ConfigureVport
        : PortStep.AttachDevice;

    private PortStep AfterSteering() => TRules.SetsProgramsBeforeSteering ? AfterAllocate : PortStep.SetPrograms;

    /// <summary>A step of Attach, of Open or of Probe failed and has undone itself: what was done before it is undone.</summary>
    private void Undo(PortStep failed, int queue, int error)
    {
        Header->Result = Header->Result == 0 ? error : Header->Result;
        if (Header->Request is not (PortRequest.Open or PortRequest.Probe))
        {
            Fire(PortEvent.AttachFailed);
        }

        Header->QueuesToUndo = failed == PortStep.CreateQueue ? queue : QueueCount;
        Fire(TransitionTrigger.Fail);
        switch (failed)
        {
            case PortStep.AddFilter:
                GoTo(PortStep.SteerOff);
                break;
            case PortStep.SteerOn or PortStep.SetReceiveCount:
            case PortStep.CreateQueue when queue > 0:
                GoTo(PortStep.DestroyQueue);
                break;
            case PortStep.CreateQueue or PortStep.SetTransmitCount:
                GoTo(PortStep.DestroyTransmit);
                break;
            case PortStep.CreateTransmit when TRules.ReleasesVportAfterTransmitFails:
                GoTo(PortStep.ReleaseVport);
                break;
            default:
                EndUndo();
                break;
        }
    }

    /// <summary>All is undone; the array of queues goes with it, except of a port that stays down, and of one that was not probed its structure.</summary>
    private void EndUndo()
    {
        Header->QueuesToUndo = 0;
        if (Header->Request != PortRequest.Open)
        {
            FreeArray();
        }

        if (Header->Request == PortRequest.Probe && Has(PortResource.Structure))
        {
            Lose(PortResource.Structure);
        }

        GoTo(Header->Request.IsChange() && Stage != TransitionState.UndoingAgain ? PortStep.Restore : PortStep.Finish);
    }

    /// <summary>The array of queues goes, if it is there (kfree).</summary>
    private void FreeArray()
    {
        if (HasArray)
        {
            Lose(PortResource.Array);
        }
    }
}
