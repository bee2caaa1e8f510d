using RxVerify.Model.Vocabulary.Port;
using RxVerify.StateMachines.Port;

namespace RxVerify.Implementation.Port;

/// <content>How a request begins and ends (docs/port.md, "Requests"), and the program references that go with it (B.4.10).</content>
public sealed unsafe partial class PortDriver<TRules, TManaRules, TPoolRules>
{
    /// <inheritdoc/>
    internal override int Ask(PortOperation operation, out bool isEnded)
    {
        var request = operation.Request;
        int program = request == PortRequest.SetProgram ? Programs.Ask() : 0;
        int error = RefusalOf(operation);
        isEnded = true;
        if (error != 0)
        {
            if (program != 0)
            {
                Programs.Put(program);
            }

            return error;
        }

        var asked = Asked(operation, program);
        if (request.IsChange() && asked == Header->Now)
        {
            return 0;
        }

        isEnded = false;
        Begin(request, asked);
        return 0;
    }

    /// <inheritdoc/>
    internal override int TakeVport()
    {
        bool isFree = Header->UseCount == 0 && (!TRules.KeepsVport || (Header->Next == PortStep.None && State == PortState.Down));
        if (!isFree)
        {
            return PortOutcome.Busy;
        }

        Header->RdmaHasVport = true;
        Header->UseCount++;
        return 0;
    }

    private void Begin(PortRequest request, PortParameters asked)
    {
        _machine.Fire(request);
        Header->Request = request;
        Header->Asked = asked;
        Header->Before = Header->Now;
        GoTo(First(request));
        if (!IsProgramRequest(request))
        {
            return;
        }

        Fire(request == PortRequest.SetProgram ? XdpTrigger.Set : XdpTrigger.Clear);
        if (!TRules.StoresProgramAfterPreparing)
        {
            Header->Now.Program = asked.Program;
        }

        if (!TRules.PutsOldProgramLast)
        {
            PutOldProgram();
        }
    }

    /// <summary>The error with which a request is refused, or 0.</summary>
    private int RefusalOf(PortOperation operation)
    {
        var request = operation.Request;
        if (!_machine.Allows(request))
        {
            bool isOfNetDevice = request is PortRequest.Open or PortRequest.Close || request.IsChange();
            return State == PortState.Absent || (!IsPresent && isOfNetDevice) ? PortOutcome.NoDevice : PortOutcome.Invalid;
        }

        return request switch
        {
            PortRequest.ChangeMtu => Configuration.MtuOf(operation.Mtu) > MtuMax() ? PortOutcome.Invalid : 0,
            PortRequest.ChangeChannels => operation.Queues < 1 || operation.Queues > Offered ? PortOutcome.Invalid : 0,
            PortRequest.SetProgram => Mtu > _shapes.ProgramMtuMax ? PortOutcome.NotSupported : 0,
            _ => 0,
        };
    }

    /// <summary>The net device's max_mtu (B.4.11, B.7 #11).</summary>
    private int MtuMax() => Program == 0 ? Configuration.MtuMax
        : TRules.LimitsMtuByAdapter ? Math.Min(_shapes.ProgramMtuMax, Configuration.MtuMax)
        : _shapes.ProgramMtuMax;

    /// <summary>The parameters as they are to be.</summary>
    private PortParameters Asked(PortOperation operation, int program)
    {
        var asked = Header->Now;
        switch (operation.Request)
        {
            case PortRequest.SetProgram or PortRequest.ClearProgram:
                asked.Program = program;
                break;
            case PortRequest.ChangeMtu:
                asked.Mtu = operation.Mtu;
                break;
            case PortRequest.ChangeRing:
                asked.IsOtherRing = operation.IsOtherRing;
                break;
            case PortRequest.ChangeChannels:
                asked.Queues = operation.Queues;
                break;
            default:
                break;
        }

        return asked;
    }

    /// <summary>The request has ended; returns its result.</summary>
    private int Finish()
    {
        int result = Header->Result;
        switch (Header->Request)
        {
            case PortRequest.Probe when result != 0:
                Fire(PortEvent.ProbeFailed);
                break;
            case PortRequest.Open:
                Header->IsUp = result == 0;
                Fire(result == 0 ? PortEvent.Opened : PortEvent.OpenFailed);
                break;
            case PortRequest.Close:
                Header->WasUp = false;
                Fire(PortEvent.Closed);
                break;
            case PortRequest.SetProgram or PortRequest.ClearProgram:
                SettleProgram(result);
                break;
            default:
                break;
        }

        if (result != 0 && State == PortState.DetachedUp)
        {
            LeaveDetached();
        }

        Header->Asked = Header->Before = default;
        Header->Result = Header->QueuesToUndo = 0;
        Header->Request = default;
        GoTo(PortStep.None);
        return result;
    }

    /// <summary>B.7 #7: a port without queues that is to be up stays where requests can reach it.</summary>
    private void LeaveDetached()
    {
        if (TRules.StaysPresent)
        {
            Header->IsPresent = true;
        }
        else
        {
            Fire(PortEvent.GaveUp);
        }
    }

    /// <summary>Who wanted another program learns how it went: the core believes it attached, or drops its reference.</summary>
    private void SettleProgram(int result)
    {
        Fire(result == 0 ? XdpTrigger.Succeeded : XdpTrigger.Failed);
        if (result == 0)
        {
            if (TRules.PutsOldProgramLast)
            {
                PutOldProgram();
            }

            Header->CoreProgram = Header->Asked.Program;
        }
        else if (Header->Asked.Program != 0)
        {
            Programs.Put(Header->Asked.Program);
        }
    }

    private void PutOldProgram()
    {
        if (Header->Before.Program != 0)
        {
            Programs.Put(Header->Before.Program);
        }
    }
}
