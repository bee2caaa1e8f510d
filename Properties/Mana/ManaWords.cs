using RxVerify.Explorer;
using RxVerify.Model.Vocabulary.Mana;

namespace RxVerify.Properties.Mana;

/// <summary>Operations and configurations of the MANA queue as people read them, and as C# that compiles.</summary>
public sealed class ManaWords : IWords<ManaConfiguration, ManaOperation>
{
    private static readonly ManaConfiguration Default = new();

    /// <inheritdoc/>
    public string Of(ManaOperation operation) => operation.Kind switch
    {
        ManaOperationKind.Receive => $"receive {Quantity.OfBytes(operation.Size)}{(operation.Traits == ManaTraits.None ? "" : $" ({operation.Traits})")}{Verdict(operation.Verdict)}",
        ManaOperationKind.Poll => $"poll{Fault(operation)}",
        ManaOperationKind.Release => $"release the {Ordinals.Of(operation.Pick)} packet held{Where(operation)}",
        ManaOperationKind.TxComplete => $"the {Ordinals.Of(operation.Pick)} transmission completes{Where(operation)}",
        ManaOperationKind.Return => operation.Count == 1 ? $"the {Ordinals.Of(operation.Pick)} redirected frame comes back" : $"{operation.Count} redirected frames come back together, from the {Ordinals.Of(operation.Pick)}",
        ManaOperationKind.Write => $"its reader writes to the {Ordinals.Of(operation.Pick)} packet held",
        ManaOperationKind.Teardown => "teardown",
        ManaOperationKind.Create => $"create{(operation.HasProgram ? " with a program" : "")}{(operation.IsPreallocated ? " from pages allocated before" : "")}{Fault(operation)}",
        ManaOperationKind.Retry => $"the delayed work of the {Ordinals.Of(operation.Pick)} waiting pool looks again",
        ManaOperationKind.Fence => "a fence",
        ManaOperationKind.Settle => operation.KeepsHeld ? "settle: failures stop, holders keep what they hold" : "settle: failures stop, holders let go of everything",
        _ => Lie(operation),
    };

    /// <inheritdoc/>
    public string CSharp(ManaOperation operation) =>
        $"ManaOperation.{(operation.Kind == ManaOperationKind.Lie ? nameof(ManaOperation.Lied) : operation.Kind.ToString())}({string.Join(", ", Arguments(operation))})";

    /// <inheritdoc/>
    public string Of(ManaConfiguration configuration) => ConfigurationWords.Of(configuration, Default);

    /// <inheritdoc/>
    public string CSharp(ManaConfiguration configuration) => ConfigurationWords.CSharp(configuration, Default);

    private static string Verdict(ManaVerdict verdict) => verdict switch
    {
        ManaVerdict.Pass => "",
        ManaVerdict.Drop => ", the program says drop",
        ManaVerdict.Tx => ", the program sends it back",
        ManaVerdict.Redirect => ", the program redirects it",
        ManaVerdict.RedirectFails => ", the program redirects it and the target refuses",
        ManaVerdict.Aborted => ", the program aborts",
        ManaVerdict.TxFails => ", the program sends it back and the transmit queue refuses",
        _ => ", the program says what is no verdict",
    };

    private static string Lie(ManaOperation operation) => operation.Lie switch
    {
        ManaLie.Coalesced => $"the device reports {Quantity.OfBytes(operation.Size)} as four coalesced packets",
        ManaLie.NoLength => $"the device fills {Quantity.OfBytes(operation.Size)} and reports none",
        ManaLie.UnknownType => $"the device reports {Quantity.OfBytes(operation.Size)} with a type that does not exist",
        ManaLie.TooLong => $"the device reports {Quantity.OfBytes(operation.Size)}, more than the buffer has",
        ManaLie.SendQueue => "a completion says it is of a send queue",
        _ => "a completion has the number of another queue",
    };

    private static string Fault(ManaOperation operation) => operation.Fault switch
    {
        ManaFault.Page => $", the {Ordinals.Of(operation.SuccessesBeforeFault)} page is not there",
        ManaFault.Mapping => $", the {Ordinals.Of(operation.SuccessesBeforeFault)} mapping fails",
        ManaFault.Skb => $", the {Ordinals.Of(operation.SuccessesBeforeFault)} skb cannot be built",
        ManaFault.Resource => $", {Step(operation.SuccessesBeforeFault)} fails",
        _ => "",
    };

    private static string Step(int step) => step switch
    {
        0 => "memory for the queue",
        1 => "the pool",
        3 => "memory for the work queue",
        4 => "the completion queue",
        5 => "the WQ object",
        _ => "registration with XDP",
    };

    private static string Where(ManaOperation operation) => operation.IsLocal ? ", on the queue's processor" : "";

    private static IEnumerable<string> Arguments(ManaOperation operation)
    {
        switch (operation.Kind)
        {
            case ManaOperationKind.Receive:
                yield return $"size: {operation.Size}";
                yield return $"verdict: ManaVerdict.{operation.Verdict}";
                if (operation.Traits != ManaTraits.None)
                {
                    yield return $"traits: (ManaTraits){(int)operation.Traits}";
                }

                break;
            case ManaOperationKind.Poll:
                yield return $"fault: ManaFault.{operation.Fault}";
                yield return $"after: {operation.SuccessesBeforeFault}";
                break;
            case ManaOperationKind.Release or ManaOperationKind.TxComplete:
                yield return $"{operation.Pick}";
                yield return $"local: {ConfigurationWords.Bool(operation.IsLocal)}";
                break;
            case ManaOperationKind.Return:
                yield return $"frame: {operation.Pick}";
                yield return $"count: {operation.Count}";
                break;
            case ManaOperationKind.Write or ManaOperationKind.Retry:
                yield return $"{operation.Pick}";
                break;
            case ManaOperationKind.Create:
                yield return $"program: {ConfigurationWords.Bool(operation.HasProgram)}";
                yield return $"preallocated: {ConfigurationWords.Bool(operation.IsPreallocated)}";
                yield return $"fault: ManaFault.{operation.Fault}";
                yield return $"after: {operation.SuccessesBeforeFault}";
                break;
            case ManaOperationKind.Settle:
                yield return $"keepsHeld: {ConfigurationWords.Bool(operation.KeepsHeld)}";
                break;
            case ManaOperationKind.Lie:
                yield return $"lie: ManaLie.{operation.Lie}";
                yield return $"size: {operation.Size}";
                break;
        }
    }
}
