using RxVerify.Explorer;
using RxVerify.Model.Vocabulary.PagePool;

namespace RxVerify.Properties.PagePool;

/// <summary>Operations and configurations of the page pool as people read them, and as C# that compiles.</summary>
public sealed class PoolWords : IWords<PoolConfiguration, PoolOperation>
{
    private static readonly PoolConfiguration Default = new();

    /// <inheritdoc/>
    public string Of(PoolOperation operation) => operation.Kind switch
    {
        PoolOperationKind.Page => $"take a page{Fault(operation)}",
        PoolOperationKind.Fragment => $"take a fragment of {Quantity.OfBytes(operation.Size)}{Fault(operation)}",
        PoolOperationKind.Any => $"take a fragment or a page for {Quantity.OfBytes(operation.Size)}{Fault(operation)}",
        PoolOperationKind.Put => $"put {Things(operation)}{Context(operation)}{Sync(operation)}",
        PoolOperationKind.Begin => $"processor {operation.Processor} begins to put {Things(operation)}{Context(operation)}{Sync(operation)}",
        PoolOperationKind.Go => operation.Processor == PoolOperation.Destroyer ? "destruction goes on" : $"processor {operation.Processor} goes on",
        PoolOperationKind.Write => $"write {Quantity.OfBytes(operation.Size)} to the {Ordinals.Of(operation.Pick)} thing held",
        PoolOperationKind.Reference => $"take a page reference on the {Ordinals.Of(operation.Pick)} thing held",
        PoolOperationKind.Share => $"take a pool reference on the {Ordinals.Of(operation.Pick)} thing held",
        PoolOperationKind.Foreign => "hold a page that is no pool's, marked for recycling",
        PoolOperationKind.Move => "move to the other node",
        PoolOperationKind.Register => "register a second user",
        PoolOperationKind.Destroy => operation.IsStepwise ? "begin to destroy the pool" : "destroy the pool",
        PoolOperationKind.Retry => operation.IsStepwise ? "the delayed work begins to look again" : "the delayed work looks again",
        PoolOperationKind.Settle => operation.KeepsHeld ? "settle: what is under way ends" : "settle: what is under way ends, everything is put",
        _ => "create a pool",
    };

    /// <inheritdoc/>
    public string CSharp(PoolOperation operation) => $"PoolOperation.{operation.Kind}({string.Join(", ", Arguments(operation))})";

    /// <inheritdoc/>
    public string Of(PoolConfiguration configuration) => ConfigurationWords.Of(configuration, Default);

    /// <inheritdoc/>
    public string CSharp(PoolConfiguration configuration) => ConfigurationWords.CSharp(configuration, Default);

    private static string Things(PoolOperation operation) => operation.Count == 1
        ? $"the {Ordinals.Of(operation.Pick)} thing held"
        : $"{Quantity.Of(operation.Count, "thing")} together, from the {Ordinals.Of(operation.Pick)} held";

    private static string Context(PoolOperation operation) => operation.Context switch
    {
        PutContext.Local => ", on the pool's processor",
        PutContext.Direct => ", in the pool's context",
        PutContext.DirectInProcess => ", by the driver in process context",
        _ => "",
    };

    private static string Sync(PoolOperation operation) => operation.Size == 0 ? "" : $", syncing {Quantity.OfBytes(operation.Size)}";

    private static string Fault(PoolOperation operation)
    {
        string what = operation.Fault switch
        {
            PoolFault.Page => $", the {Ordinals.Of(operation.SuccessesBeforeFault)} page is not there",
            PoolFault.Mapping => $", the {Ordinals.Of(operation.SuccessesBeforeFault)} mapping fails",
            PoolFault.Index => $", the {Ordinals.Of(operation.SuccessesBeforeFault)} registration fails",
            _ => "",
        };
        return operation.FromReserve ? $"{what}, new pages are of the reserve" : what;
    }

    private static IEnumerable<string> Arguments(PoolOperation operation)
    {
        switch (operation.Kind)
        {
            case PoolOperationKind.Page or PoolOperationKind.Fragment or PoolOperationKind.Any:
                if (operation.Kind != PoolOperationKind.Page)
                {
                    yield return $"size: {operation.Size}";
                }

                yield return $"fault: PoolFault.{operation.Fault}";
                yield return $"after: {operation.SuccessesBeforeFault}";
                yield return $"reserve: {ConfigurationWords.Bool(operation.FromReserve)}";
                break;
            case PoolOperationKind.Put or PoolOperationKind.Begin:
                if (operation.Kind == PoolOperationKind.Begin)
                {
                    yield return $"processor: {operation.Processor}";
                }

                yield return $"pick: {operation.Pick}";
                yield return $"context: PutContext.{operation.Context}";
                yield return $"sync: {operation.Size}";
                yield return $"count: {operation.Count}";
                break;
            case PoolOperationKind.Go:
                yield return operation.Processor == PoolOperation.Destroyer ? "PoolOperation.Destroyer" : $"{operation.Processor}";
                break;
            case PoolOperationKind.Write:
                yield return $"pick: {operation.Pick}";
                yield return $"size: {operation.Size}";
                break;
            case PoolOperationKind.Reference or PoolOperationKind.Share:
                yield return $"pick: {operation.Pick}";
                break;
            case PoolOperationKind.Destroy or PoolOperationKind.Retry:
                yield return $"stepwise: {ConfigurationWords.Bool(operation.IsStepwise)}";
                break;
            case PoolOperationKind.Settle:
                yield return $"keepsHeld: {ConfigurationWords.Bool(operation.KeepsHeld)}";
                break;
        }
    }
}
