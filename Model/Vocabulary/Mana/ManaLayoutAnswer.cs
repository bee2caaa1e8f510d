namespace RxVerify.Model.Vocabulary.Mana;

/// <summary>What a port answers to <see cref="ManaLayoutRequest"/>: a layout, or the error with which it refuses.</summary>
/// <param name="Layout">The layout; all zero when refused.</param>
/// <param name="Error">0, or the negative error number.</param>
/// <param name="MtuMax">With a program, the largest MTU, MANA_XDP_MTU_MAX; without one 0, no limit of this kind.</param>
public readonly record struct ManaLayoutAnswer(ManaLayout Layout, int Error, int MtuMax)
{
    /// <summary>-EOPNOTSUPP: a program does not go with this MTU (B.4.11).</summary>
    public const int NotSupported = -95;

    /// <summary>Whether there is no layout.</summary>
    public bool IsRefused => Error != 0;

    /// <summary>Says in one sentence why there is no layout, or null when there is one.</summary>
    public string? Reason => IsRefused ? $"refused with -EOPNOTSUPP; with a program a page of this size holds an MTU of at most {MtuMax}" : null;
}
