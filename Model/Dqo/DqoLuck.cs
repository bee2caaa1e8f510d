using RxVerify.Model.Vocabulary.Dqo;

namespace RxVerify.Model.Dqo;

/// <summary>
/// What the environment lets fail in one operation: once, after a number of successes of the same kind (docs/dqo.md, Fault).
/// It lives as long as the operation, so it may count.
/// </summary>
internal struct DqoLuck(DqoOperation operation)
{
    private readonly DqoFault _fault = operation.Fault;
    private int _successesLeft = operation.SuccessesBeforeFault;

    /// <summary>Whether this attempt fails.</summary>
    internal bool Strikes(DqoFault kind)
    {
        if (kind != _fault)
        {
            return false;
        }

        // It passes zero once, so it strikes once.
        _successesLeft--;
        return _successesLeft == -1;
    }
}
