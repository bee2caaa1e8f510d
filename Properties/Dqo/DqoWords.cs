using System.Text;
using RxVerify.Explorer;
using RxVerify.Model.Vocabulary.Dqo;

namespace RxVerify.Properties.Dqo;

/// <summary>Operations and configurations as people read them, and as C# that compiles.</summary>
public static class DqoWords
{
    private static readonly DqoConfiguration Default = new();

    /// <summary>An operation in words.</summary>
    public static string Of(DqoOperation operation) => operation.Kind switch
    {
        DqoOperationKind.Receive or DqoOperationKind.ReceiveLate => Receive(operation),
        DqoOperationKind.Poll => $"poll{Budget(operation)}{Fault(operation)}{(operation.DropsAtOnce ? ", the stack drops packets at once" : "")}",
        DqoOperationKind.Release => $"release the {Ordinals.Of(operation.Pick)} packet held",
        DqoOperationKind.Clone => $"clone the {Ordinals.Of(operation.Pick)} packet held",
        DqoOperationKind.Post => $"post one buffer{Fault(operation)}",
        DqoOperationKind.Refill => $"refill{Fault(operation)}",
        DqoOperationKind.Teardown => operation.AdminFails ? "teardown, the device has to be reset" : "teardown",
        DqoOperationKind.Create => $"create{Fault(operation)}",
        DqoOperationKind.Settle => operation.KeepsPackets ? "settle: failures stop, the stack keeps its packets" : "settle: failures stop, the stack lets go of everything",
        _ => Lie(operation),
    };

    /// <summary>An operation as a C# expression.</summary>
    public static string CSharp(DqoOperation operation)
    {
        var defaults = Arguments(operation);
        string name = operation.Kind switch
        {
            DqoOperationKind.ReceiveLate => nameof(DqoOperation.Receive),
            DqoOperationKind.Clone => nameof(DqoOperation.Cloned),
            DqoOperationKind.Lie => nameof(DqoOperation.Lied),
            _ => operation.Kind.ToString(),
        };
        return $"DqoOperation.{name}({string.Join(", ", defaults)})";
    }

    /// <summary>What a configuration changes of the production values, as "name value" pairs.</summary>
    public static string Of(DqoConfiguration configuration) => ConfigurationWords.Of(configuration, Default);

    /// <summary>A configuration as a C# expression.</summary>
    public static string CSharp(DqoConfiguration configuration) => ConfigurationWords.CSharp(configuration, Default);

    private static string Receive(DqoOperation operation)
    {
        var words = new StringBuilder($"receive {Quantity.OfBytes(operation.Size)}");
        words.Append(operation.Count > 1 ? $" in {Quantity.Of(operation.Count, "buffer")}" : "");
        words.Append(operation.Pick > 0 ? $", from the {Ordinals.Of(operation.Pick)} visible buffer" : "");
        words.Append(operation.DamagedBuffer > 0 ? $", rx_error on buffer {operation.DamagedBuffer} of {operation.Count}" : "");
        words.Append(operation.Traits != DqoTraits.None ? $" ({operation.Traits})" : "");
        words.Append(operation.Kind == DqoOperationKind.ReceiveLate ? ", the last completion lands while the driver looks" : "");
        return words.ToString();
    }

    private static string Lie(DqoOperation operation)
    {
        string what = operation.Lie switch
        {
            DqoLie.UnknownId => $"a completion names the {Ordinals.Of(operation.Pick)} buffer id that does not exist",
            DqoLie.IdOnList => $"a completion names the {Ordinals.Of(operation.Pick)} buffer that is not posted",
            DqoLie.TooLong => $"a completion reports {Quantity.OfBytes(operation.Size)}, more than the chunk has",
            DqoLie.Swallow => $"the device fills the {Ordinals.Of(operation.Pick)} visible buffer, keeps it and names one that does not exist",
            _ => $"the device returns the {Ordinals.Of(operation.Pick)} visible buffer unwritten, as {Quantity.OfBytes(operation.Size)}",
        };
        return $"lie: {what}{(operation.EndOfPacket ? "" : ", packet goes on")}";
    }

    private static string Budget(DqoOperation operation) => operation.Count == 64 ? "" : $" with a budget of {operation.Count}";

    private static string Fault(DqoOperation operation)
    {
        if (operation.Fault == DqoFault.None)
        {
            return "";
        }

        string what = operation.Fault switch
        {
            DqoFault.Page => "page allocation",
            DqoFault.Mapping => "mapping",
            DqoFault.Skb => "skb allocation",
            DqoFault.CopyPage => "allocation of a page to copy into",
            _ => "allocation of queue memory",
        };
        return $", the {Ordinals.Of(operation.SuccessesBeforeFault)} {what} fails";
    }

    private static IEnumerable<string> Arguments(DqoOperation operation)
    {
        switch (operation.Kind)
        {
            case DqoOperationKind.Receive or DqoOperationKind.ReceiveLate:
                yield return $"size: {operation.Size}";
                yield return $"buffers: {operation.Count}";
                yield return $"pick: {operation.Pick}";
                yield return $"damaged: {operation.DamagedBuffer}";
                yield return $"traits: (DqoTraits){(int)operation.Traits}";
                yield return $"late: {ConfigurationWords.Bool(operation.Kind == DqoOperationKind.ReceiveLate)}";
                break;
            case DqoOperationKind.Poll:
                yield return $"budget: {operation.Count}";
                yield return $"fault: DqoFault.{operation.Fault}";
                yield return $"after: {operation.SuccessesBeforeFault}";
                yield return $"dropsAtOnce: {ConfigurationWords.Bool(operation.DropsAtOnce)}";
                break;
            case DqoOperationKind.Release or DqoOperationKind.Clone:
                yield return $"packet: {operation.Pick}";
                break;
            case DqoOperationKind.Post:
                yield return $"fault: DqoFault.{operation.Fault}";
                break;
            case DqoOperationKind.Refill or DqoOperationKind.Create:
                yield return $"fault: DqoFault.{operation.Fault}";
                yield return $"after: {operation.SuccessesBeforeFault}";
                break;
            case DqoOperationKind.Teardown:
                yield return $"adminFails: {ConfigurationWords.Bool(operation.AdminFails)}";
                break;
            case DqoOperationKind.Settle:
                yield return $"keepsPackets: {ConfigurationWords.Bool(operation.KeepsPackets)}";
                break;
            default:
                yield return $"lie: DqoLie.{operation.Lie}";
                yield return $"pick: {operation.Pick}";
                yield return $"size: {operation.Size}";
                yield return $"endOfPacket: {ConfigurationWords.Bool(operation.EndOfPacket)}";
                break;
        }
    }
}
