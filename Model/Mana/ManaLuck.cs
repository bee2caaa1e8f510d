using RxVerify.Model.PagePool;
using RxVerify.Model.Vocabulary.Mana;
using RxVerify.Model.Vocabulary.PagePool;

namespace RxVerify.Model.Mana;

/// <summary>
/// What the environment lets fail in one operation: once, after a number of successes of the same kind, whoever they were for. It
/// lives as long as the operation, so it may count.
/// </summary>
internal struct ManaLuck(ManaOperation operation, int pagesBorn)
{
    private readonly ManaFault _fault = operation.Fault;
    private readonly int _step = operation.SuccessesBeforeFault;
    private int _skbsLeft = operation.SuccessesBeforeFault;

    /// <summary>The luck with pages and their mappings, the pool's and the driver's together; and the page ids given.</summary>
    internal PoolLuck Memory = new(MemoryFault(operation.Fault), operation.SuccessesBeforeFault, fromReserve: false, pagesBorn);

    /// <summary>Whether this page or buffer cannot be mapped by the driver.</summary>
    internal bool CannotMap() => Memory.Spoils();

    /// <summary>Whether this step of Create fails.</summary>
    internal readonly bool LacksResource(int step) => _fault is ManaFault.Resource && _step == step;

    /// <summary>Whether no skb can be built now.</summary>
    internal bool LacksSkb()
    {
        if (_fault is not ManaFault.Skb)
        {
            return false;
        }

        // It passes zero once, so it strikes once.
        _skbsLeft--;
        return _skbsLeft == -1;
    }

    private static PoolFault MemoryFault(ManaFault fault) => fault switch
    {
        ManaFault.Page => PoolFault.Page,
        ManaFault.Mapping => PoolFault.Mapping,
        _ => PoolFault.None,
    };
}
