using RxVerify.Implementation.Mana;
using RxVerify.Model.Vocabulary.Mana;
using RxVerify.Model.Vocabulary.Port;
using RxVerify.StateMachines.Port;

namespace RxVerify.Implementation.Port;

/// <content>What each step does (docs/port.md, "Steps").</content>
public sealed unsafe partial class PortDriver<TRules, TManaRules, TPoolRules>
{
    // Kinds of failure beside those of a queue.
    private const byte CommandFault = 0x41;
    private const byte StuckFault = 0x42;
    private const byte ShrinkFault = 0x43;

    /// <inheritdoc/>
    internal override int Step(PortFault fault, int successes)
    {
        var step = NextStep;
        int queue = NextQueue;
        _faults.Arm(CodeOf(fault, step, successes), successes);
        int error = Do(step, queue);
        _faults.Disarm();

        // D-23: the queue's completion queue is its step 4.
        bool isLate = step == PortStep.CreateQueue && fault == PortFault.Resource && successes >= 4;
        if (step == PortStep.Finish || (step == PortStep.Preallocate && error != 0))
        {
            Header->Result = Header->Result == 0 ? error : Header->Result;
            return Finish();
        }

        if (error == 0 || (isLate && !TRules.ReportsLateFailure))
        {
            Advance(step, queue);
        }
        else
        {
            Undo(step, queue, error);
        }

        return 0;
    }

    /// <summary>The failure as who can be struck by it asks for it; none where it cannot strike.</summary>
    private static byte CodeOf(PortFault fault, PortStep step, int successes) => fault switch
    {
        PortFault.Command => CommandFault,
        PortFault.Stuck => StuckFault,
        PortFault.Shrink => ShrinkFault,
        PortFault.Buffer => ManaQueue<TManaRules, TPoolRules>.NoBufferFault,
        PortFault.Resource when ManaCreation.CanFail(successes) => (byte)ManaFault.Resource,
        PortFault.Page when step == PortStep.Preallocate => (byte)ManaFault.Page,
        PortFault.Mapping when step == PortStep.Preallocate => (byte)ManaFault.Mapping,
        _ => 0,
    };

    /// <summary>One step. Returns 0, or the error with which it failed and undid itself.</summary>
    private int Do(PortStep step, int queue)
    {
        switch (step)
        {
            case PortStep.Preallocate:
                return Preallocate();
            case PortStep.StopTransmit:
                Header->WasUp = IsUp;
                Header->IsUp = false;
                return 0;
            case PortStep.ClearPrograms:
                ClearPrograms();
                return 0;
            case PortStep.RemoveFilter:
                // A command that fails is only logged.
                _ = Header->IsReset || Fails();
                Lose(PortResource.Filter);
                return 0;
            case PortStep.Drain:
                Drain();
                return 0;
            case PortStep.SteerOff:
                SteerOff();
                return 0;
            case PortStep.Fence:
                Fence(queue);
                return 0;
            case PortStep.DestroyQueue:
                DestroyQueue(queue);
                return 0;
            case PortStep.DestroyTransmit:
                Lose(PortResource.TransmitQueues);
                return 0;
            case PortStep.ReleaseVport:
                ReleaseVport();
                return 0;
            case PortStep.DetachDevice:
                DetachDevice();
                return 0;
            case PortStep.ResetDevice:
                ResetDevice();
                return 0;
            default:
                return DoOther(step, queue);
        }
    }

    /// <summary>The steps that make something or store it.</summary>
    private int DoOther(PortStep step, int queue)
    {
        switch (step)
        {
            case PortStep.Store:
                Header->Now = Header->Asked;
                return 0;
            case PortStep.InitPort:
                return InitPort();
            case PortStep.ConfigureVport:
                return ConfigureVport();
            case PortStep.CreateTransmit:
                return Make(PortResource.TransmitQueues);
            case PortStep.SetTransmitCount or PortStep.SetReceiveCount:
                return Fails() ? PortOutcome.Failed : 0;
            case PortStep.CreateQueue:
                Use(PortResource.Array);
                return _queues[queue].Create(PortShapes.IndexOf(Header->Now), Program != 0);
            case PortStep.SetPrograms:
                SetPrograms();
                return 0;
            case PortStep.SteerOn:
                return SteerOn();
            case PortStep.AddFilter:
                return Make(PortResource.Filter);
            case PortStep.AttachDevice:
                Header->IsUp = WasUp;
                Header->IsPresent = true;
                Fire(PortEvent.Attached);
                return 0;
            case PortStep.Restore:
                Header->Now = TRules.RestoresParameters ? Header->Before : Header->Now;
                FreeList();
                return 0;
            case PortStep.FreeList:
                FreeList();
                return 0;
            case PortStep.AllocatePort:
                return Make(PortResource.Structure);
            case PortStep.Register:
                return Register();
            case PortStep.Unregister:
                Unregister();
                return 0;
            default:
                return 0;
        }
    }

    /// <summary>B.4.8, for the parameters asked for.</summary>
    private int Preallocate()
    {
        bool isDone = _prepared.Allocate<TManaRules>(Header->Asked.Queues * RingSizeOf(Header->Asked), _shapes.LayoutOf(Header->Asked));
        Fire(isDone ? PortEvent.Preallocated : PortEvent.PreallocationFailed);
        if (isDone)
        {
            return 0;
        }

        // Nothing was touched yet: the request ends here.
        Fire(TransitionTrigger.Fail);
        return PortOutcome.OutOfMemory;
    }

    /// <summary>B.4.9: the net device goes. What was remembered by a first detach is not to be forgotten by a second (B.6).</summary>
    private void DetachDevice()
    {
        if (!TRules.RemembersFirstDetach && !IsUpState(State))
        {
            Header->WasUp = IsUp;
        }

        Header->IsPresent = false;
        FreeArray();
        Fire(PortEvent.Detached);
    }

    /// <summary>The array, and as many queues as the adapter has to give (mana_init_port).</summary>
    private int InitPort()
    {
        Use(PortResource.Structure);
        if (Fails())
        {
            return PortOutcome.Failed;
        }

        Gain(PortResource.Array);
        Header->Offered = _faults.Strikes(ShrinkFault) ? 1 : Configuration.Queues;
        Header->Now.Queues = Math.Min(QueueCount, Offered);
        return 0;
    }

    /// <summary>mana_cfg_vport.</summary>
    private int ConfigureVport()
    {
        if (UseCount != 0)
        {
            return PortOutcome.Busy;
        }

        int error = Make(PortResource.Vport);
        if (error == 0)
        {
            Header->UseCount++;
            Header->IsReset = false;
        }

        return error;
    }

    private void ReleaseVport()
    {
        // A trap says that the port has no vport, and then it is not the port's use that is counted.
        Header->UseCount -= Has(PortResource.Vport) ? 1 : 0;
        Lose(PortResource.Vport);
    }

    private int SteerOn()
    {
        if (Fails())
        {
            return PortOutcome.Failed;
        }

        Header->IsSteering = true;
        Header->InFlight |= (1 << QueueCount) - 1;
        return 0;
    }

    private int Register()
    {
        if (Fails())
        {
            return PortOutcome.Failed;
        }

        Header->IsUp = Header->WasUp = false;
        Header->IsPresent = true;
        Header->Now = new PortParameters { Queues = Math.Min(Configuration.Queues, Offered) };
        Fire(PortEvent.Probed);
        return 0;
    }

    private void Unregister()
    {
        // The core knows only the program that it believes attached.
        if (CoreProgram != 0)
        {
            Fire(XdpTrigger.Clear);
            Fire(XdpTrigger.Succeeded);
            if (Program != 0)
            {
                Programs.Put(Program);
            }
        }

        Header->Now.Program = Header->CoreProgram = 0;
        Header->UseCount = 0;
        Header->RdmaHasVport = Header->IsPresent = false;
        FreeArray();
        Lose(PortResource.Structure);
        Fire(PortEvent.Removed);
    }

    private void FreeList()
    {
        if (TRules.FreesLeftovers)
        {
            _prepared.Free();
        }
    }

    /// <summary>Something of the port's own is made. Returns 0 or the error.</summary>
    private int Make(PortResource resource)
    {
        if (Fails())
        {
            return PortOutcome.Failed;
        }

        Gain(resource);
        return 0;
    }

    /// <summary>Whether the command or call that the step consists of fails.</summary>
    private bool Fails() => _faults.Strikes(CommandFault);
}
