namespace RxVerify.Model.Vocabulary.Mana;

/// <summary>The steps of a queue's creation (docs/mana.md, "Create").</summary>
public static class ManaCreation
{
    /// <summary>Those that make something of the queue's own, and so can be told to fail by number: <see cref="ManaFault.Resource"/>.</summary>
    public static ReadOnlySpan<int> StepsThatFail => [0, 1, 3, 4, 5, 7];

    /// <summary>Whether a step can be told to fail by its number.</summary>
    public static bool CanFail(int step) => StepsThatFail.Contains(step);
}
