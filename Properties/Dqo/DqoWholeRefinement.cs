using RxVerify.Explorer;
using RxVerify.Implementation.Dqo;
using RxVerify.Model.Dqo;
using RxVerify.Model.Vocabulary.Dqo;

namespace RxVerify.Properties.Dqo;

/// <summary>Compares each step with the model's: the model begins where the abstraction of the implementation's state is.</summary>
internal sealed class DqoWholeRefinement(DqoWorld world, DqoWitness witness, DqoWholeAlphabet alphabet)
{
    private DqoModel? _before;
    private string? _allowance;

    /// <summary>The state from which steps are taken is another one.</summary>
    public void Forget() => _before = null;

    /// <summary>A step is about to be taken. Returns what is wrong with the state it is taken from, or null.</summary>
    public Problem? Begin(int operation)
    {
        if (_before is null)
        {
            _before = DqoAbstraction.Of(world, witness.Places);
            _allowance = Allowance();
        }

        return _allowance is not null ? Broken(_allowance)
            : _before.Allows(alphabet[operation]) ? null
            : Broken($"'{DqoWords.Of(alphabet[operation])}' is allowed by the implementation only");
    }

    /// <summary>A step was taken.</summary>
    public Problem? End(DqoOperation operation, DqoOutcome outcome)
    {
        var step = _before!.After(operation);
        string? difference = DqoAgreement.Difference(step, world, witness, outcome) ?? DqoAbstraction.DifferenceInside(step.Next, world);
        return difference is null ? null : Broken(difference);
    }

    private static Problem Broken(string detail) => new(DqoClaims.Agreement.Id, detail);

    /// <summary>What one side allows and the other does not, or null.</summary>
    private string? Allowance()
    {
        for (int index = 0; index < alphabet.Count; index++)
        {
            bool isAllowed = world.Allows(alphabet[index]);
            if (_before!.Allows(alphabet[index]) != isAllowed)
            {
                return $"'{DqoWords.Of(alphabet[index])}' is allowed {(isAllowed ? "by the implementation" : "by the model")} only";
            }
        }

        return null;
    }
}
