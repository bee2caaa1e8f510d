using RxVerify.Implementation.Memory;
using RxVerify.Model.Vocabulary.Port;
using RxVerify.StateMachines;
using RxVerify.StateMachines.Port;

namespace RxVerify.Implementation.Port;

/// <content>What the machines of the port, of its program and of a request's stages are asked and told. What they refuse is trapped, and moves nothing.</content>
public sealed unsafe partial class PortDriver<TRules, TManaRules, TPoolRules>
{
    /// <summary>Whether what an attempt to build did is being undone.</summary>
    private bool IsUndoing => Stage is TransitionState.Undoing or TransitionState.UndoingAgain;

    /// <summary>What the port's machine asks.</summary>
    private PortFacts Facts()
    {
        var up = _shapes.LayoutOf(Header->Now).IsFragmented ? PortState.UpWithFragments
            : Program != 0 ? PortState.UpWithProgram
            : PortState.UpWithJumbo;
        return new PortFacts(IsPresent, Header->Next != PortStep.None, Program != 0, up);
    }

    private void Fire(PortEvent happened) => Fire(_machine, PortMachine.TriggerOf(happened), (int)happened);

    private void Fire(XdpTrigger trigger) => Fire(_programMachine, trigger, ProgramTriggers + (int)trigger);

    private void Fire(TransitionTrigger trigger) => Fire(_stageMachine, trigger, StageTriggers + (int)trigger);

    private void Fire<TState, TTrigger>(Machine<TState, TTrigger> machine, TTrigger trigger, int index)
        where TState : struct, Enum
        where TTrigger : struct, Enum
    {
        if (machine.Allows(trigger))
        {
            machine.Fire(trigger);
        }
        else
        {
            _memory.Catch(TrapKind.IllegalTransition, -1, index, 0);
        }
    }

    /// <summary>The request goes on to the stage of its next step, where that is another one.</summary>
    private void GoToStageOf(PortStep next)
    {
        switch (next)
        {
            case PortStep.None:
                if (Stage != TransitionState.Idle)
                {
                    Fire(TransitionTrigger.End);
                }

                break;
            case PortStep.Preallocate:
                Fire(TransitionTrigger.Prepare);
                break;
            case PortStep.Store:
                Fire(TransitionTrigger.Store);
                break;
            case PortStep.Restore:
                Fire(TransitionTrigger.RollBack);
                break;
            case PortStep.FreeList or PortStep.Unregister or PortStep.Finish:
                if (Stage != TransitionState.Finishing)
                {
                    Fire(TransitionTrigger.Finish);
                }

                break;
            case PortStep.AllocatePort or PortStep.InitPort or PortStep.ConfigureVport or PortStep.CreateTransmit or PortStep.SetTransmitCount
                or PortStep.CreateQueue or PortStep.SetReceiveCount or PortStep.SetPrograms or PortStep.SteerOn or PortStep.AddFilter
                or PortStep.AttachDevice or PortStep.Register:
                if (Stage is not (TransitionState.BuildingUp or TransitionState.BuildingUpAgain))
                {
                    Fire(TransitionTrigger.BuildUp);
                }

                break;
            default:
                // What takes queues down also undoes them.
                if (Stage != TransitionState.TakingDown && !IsUndoing)
                {
                    Fire(TransitionTrigger.TakeDown);
                }

                break;
        }
    }
}
