using RxVerify.Model.Vocabulary.Mana;
using RxVerify.Model.Vocabulary.Port;

namespace RxVerify.Implementation.Port;

/// <content>The table "What is allowed" of docs/port.md.</content>
public abstract partial class PortWorld
{
    /// <summary>Whether an operation makes sense now; the table "What is allowed" of docs/port.md.</summary>
    public bool Allows(PortOperation operation) => operation.Kind switch
    {
        PortOperationKind.Receive => AllowsReceive(operation),
        PortOperationKind.Poll => operation.Pick < Configuration.Queues && Driver.QueueAt(operation.Pick) is not null,
        PortOperationKind.Release => operation.Pick < Stack.HeldPackets,
        PortOperationKind.TxComplete => operation.Pick < Transmissions.Length,
        PortOperationKind.Request => Driver.Request is null && AllowsRequest(operation),
        PortOperationKind.Step => Driver.Request is not null && AllowsStep(operation),
        PortOperationKind.TakeVport => Driver.State != PortState.Absent && !Driver.RdmaHasVport,
        PortOperationKind.GiveVport => Driver.RdmaHasVport,
        PortOperationKind.Settle => true,
        _ => false,
    };

    private static bool AllowsRequest(PortOperation operation) => operation.Request switch
    {
        PortRequest.ChangeMtu => operation.Argument <= (int)PortMtu.TooLarge,
        PortRequest.ChangeRing => operation.Argument <= 1,
        PortRequest.ChangeChannels => operation.Argument <= PortConfiguration.QueuesLimit + 1,
        <= PortRequest.Probe => operation.Argument == 0,
        _ => false,
    };

    private static bool AllowsStep(PortOperation operation) =>
        operation.Count >= 1
        && operation.Fault switch
        {
            PortFault.Page or PortFault.Mapping or PortFault.Buffer or PortFault.Resource => true,
            <= PortFault.Stuck => operation.SuccessesBeforeFault == 0,
            _ => false,
        };

    private bool AllowsReceive(PortOperation operation)
    {
        int queue = operation.Pick;
        return queue < Configuration.Queues
            && operation.Verdict is ManaVerdict.Pass or ManaVerdict.Drop or ManaVerdict.Tx
            && Driver.DeviceAt(queue) is { Visible: > 0 }
            && Driver.IsInFlight(queue)
            && Driver.HasRoom(queue)
            && Load < Configuration.HeldMax;
    }
}
