using RxVerify.Explorer;
using RxVerify.Model.Vocabulary.Mana;
using RxVerify.Model.Vocabulary.Port;

namespace RxVerify.Properties.Port;

/// <summary>Operations and configurations of the port as people read them, and as C# that compiles.</summary>
public sealed class PortWords : IWords<PortConfiguration, PortOperation>
{
    private static readonly PortConfiguration Default = new();

    /// <inheritdoc/>
    public string Of(PortOperation operation) => operation.Kind switch
    {
        PortOperationKind.Receive => $"queue {operation.Pick} receives a packet{Verdict(operation.Verdict)}",
        PortOperationKind.Poll => $"poll queue {operation.Pick}",
        PortOperationKind.Release => $"release the {Ordinals.Of(operation.Pick)} packet held{Where(operation)}",
        PortOperationKind.TxComplete => $"the {Ordinals.Of(operation.Pick)} transmission completes{Where(operation)}",
        PortOperationKind.Request => $"asked to {Request(operation)}",
        PortOperationKind.Step => Steps(operation),
        PortOperationKind.TakeVport => "the RDMA driver asks for the vport",
        PortOperationKind.GiveVport => "the RDMA driver gives the vport back",
        _ => operation.KeepsHeld ? "settle: failures stop, holders keep what they hold" : "settle: failures stop, holders let go of everything",
    };

    /// <inheritdoc/>
    public string CSharp(PortOperation operation) => $"PortOperation.{Call(operation)}";

    /// <inheritdoc/>
    public string Of(PortConfiguration configuration) => ConfigurationWords.Of(configuration, Default);

    /// <inheritdoc/>
    public string CSharp(PortConfiguration configuration) => ConfigurationWords.CSharp(configuration, Default);

    private static string Verdict(ManaVerdict verdict) => verdict switch
    {
        ManaVerdict.Drop => ", which a program drops",
        ManaVerdict.Tx => ", which a program sends back",
        _ => "",
    };

    private static string Where(PortOperation operation) => operation.IsLocal ? ", on the queue's processor" : "";

    private static string Request(PortOperation operation) => operation.Request switch
    {
        PortRequest.Open => "open",
        PortRequest.Close => "close",
        PortRequest.SetProgram => "attach a program",
        PortRequest.ClearProgram => "take the program away",
        PortRequest.ChangeMtu => operation.Mtu switch { PortMtu.Standard => "go to the standard MTU", PortMtu.Largest => "go to the largest MTU", _ => "go to an MTU above the adapter's" },
        PortRequest.ChangeRing => operation.IsOtherRing ? "go to the other ring size" : "go to the first ring size",
        PortRequest.ChangeChannels => $"have {Quantity.Of(operation.Queues, "queue")}",
        PortRequest.Suspend => "suspend",
        PortRequest.Resume => "resume",
        PortRequest.Reset => "reset",
        PortRequest.Remove => "be removed",
        _ => "be probed",
    };

    private static string Steps(PortOperation operation)
    {
        string steps = operation.Count == 1 ? "the next step" : $"{operation.Count} steps";
        string last = operation.Count == 1 ? "which" : "the last of which";
        string which = Ordinals.Of(operation.SuccessesBeforeFault);
        return operation.Fault switch
        {
            PortFault.None => steps,
            PortFault.Command => $"{steps}, {last} fails",
            PortFault.Page => $"{steps}, in {last} the {which} page cannot be allocated",
            PortFault.Mapping => $"{steps}, in {last} the {which} page cannot be mapped",
            PortFault.Buffer => $"{steps}, in {last} there is no buffer for the {which} slot",
            PortFault.Resource => $"{steps}, in {last} part {operation.SuccessesBeforeFault} of a queue cannot be made",
            PortFault.Shrink => $"{steps}, in {last} the adapter gives only one queue",
            _ => $"{steps}, in {last} a transmission does not complete in time",
        };
    }

    private static string Call(PortOperation operation) => operation.Kind switch
    {
        PortOperationKind.Receive => $"Receive({operation.Pick}, ManaVerdict.{operation.Verdict})",
        PortOperationKind.Poll => $"Poll({operation.Pick})",
        PortOperationKind.Release => $"Release({operation.Pick}, local: {ConfigurationWords.Bool(operation.IsLocal)})",
        PortOperationKind.TxComplete => $"TxComplete({operation.Pick}, local: {ConfigurationWords.Bool(operation.IsLocal)})",
        PortOperationKind.Request => operation.Request switch
        {
            PortRequest.ChangeMtu => $"AskForMtu(PortMtu.{operation.Mtu})",
            PortRequest.ChangeRing => $"AskForRing(other: {ConfigurationWords.Bool(operation.IsOtherRing)})",
            PortRequest.ChangeChannels => $"AskForQueues({operation.Queues})",
            var plain => $"Ask(PortRequest.{plain})",
        },
        PortOperationKind.Step => $"Step({operation.Count}, PortFault.{operation.Fault}, {operation.SuccessesBeforeFault})",
        PortOperationKind.TakeVport => "TakeVport()",
        PortOperationKind.GiveVport => "GiveVport()",
        _ => $"Settle(keepsHeld: {ConfigurationWords.Bool(operation.KeepsHeld)})",
    };
}
