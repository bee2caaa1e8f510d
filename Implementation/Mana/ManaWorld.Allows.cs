using RxVerify.Model.Vocabulary.Mana;
using RxVerify.Model.Vocabulary.PagePool;

namespace RxVerify.Implementation.Mana;

/// <content>The table "What is allowed" of docs/mana.md.</content>
public abstract partial class ManaWorld
{
    private bool HasRoom => Queue.IsUp && Pending < Configuration.CompletionSlots && Load < Configuration.HeldMax;

    /// <summary>Whether an operation makes sense now; the table "What is allowed" of docs/mana.md.</summary>
    public bool Allows(ManaOperation operation) => operation.Kind switch
    {
        ManaOperationKind.Receive => HasRoom && Device.Visible >= 1 && operation.Size >= 1,
        ManaOperationKind.Lie => HasRoom && AllowsLie(operation),
        ManaOperationKind.Fence => HasRoom,
        ManaOperationKind.Poll => Queue.IsUp && AllowsPolling(operation.Fault),
        ManaOperationKind.Release or ManaOperationKind.Write => operation.Pick < Stack.HeldPackets,
        ManaOperationKind.TxComplete => operation.Pick < Transmissions.Length,
        ManaOperationKind.Return => operation.Count is >= 1 and <= PoolConfiguration.BulkMax && operation.Pick + operation.Count <= Frames.Length,
        ManaOperationKind.Teardown => Queue.IsUp,
        ManaOperationKind.Create => AllowsCreate(operation),
        ManaOperationKind.Retry => operation.Pick < WaitingPools,
        ManaOperationKind.Settle => true,
        _ => false,
    };

    private bool AllowsLie(ManaOperation operation)
    {
        int dataSize = Queue.Layout.DataSize;
        return operation.Lie switch
        {
            ManaLie.TooLong => operation.Size > dataSize && Device.Visible >= 1,
            ManaLie.SendQueue or ManaLie.ForeignQueue => operation.Size >= 1 && operation.Size <= dataSize,
            <= ManaLie.ForeignQueue => operation.Size >= 1 && operation.Size <= dataSize && Device.Visible >= 1,
            _ => false,
        };
    }

    private bool AllowsPolling(ManaFault fault) => fault switch
    {
        ManaFault.None or ManaFault.Page or ManaFault.Skb => true,
        ManaFault.Mapping => !Queue.Layout.IsFragmented,
        _ => false,
    };

    private bool AllowsCreate(ManaOperation operation) =>
        !Queue.IsUp
        && WaitingPools < ManaConfiguration.PoolsMax
        && (!operation.HasProgram || TakesProgram)
        && operation.Fault switch
        {
            ManaFault.None or ManaFault.Page or ManaFault.Mapping => true,
            ManaFault.Resource => ManaCreation.CanFail(operation.SuccessesBeforeFault),
            _ => false,
        };
}
