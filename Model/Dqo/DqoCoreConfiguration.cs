using System.Globalization;

namespace RxVerify.Model.Dqo;

/// <summary>The constants of the core of DQO recycling: the part that decides safety, without rings, doorbells and packets.</summary>
/// <param name="States">P: buffer states.</param>
/// <param name="Chunks">S: chunks of a page.</param>
/// <param name="PostedMax">R: most buffers posted at once.</param>
/// <param name="ReferencesMax">K: most references the stack holds.</param>
/// <param name="Probes">T: entries of the used list examined.</param>
/// <param name="BiasLimit">B.</param>
/// <param name="Clones">C: whether the stack may clone references.</param>
public sealed record DqoCoreConfiguration(int States, int Chunks, int PostedMax, int ReferencesMax, int Probes, int BiasLimit, bool Clones)
{
    private const int Constants = 7;
    private const int StatesMax = 8;
    private const int ReferencesLimit = 15;
    private const int BiasMax = 100;

    /// <summary>Reads "P S R K T B C", seven numbers; C is 0 or 1.</summary>
    /// <exception cref="FormatException">The text is not that; the message says what was expected.</exception>
    public static DqoCoreConfiguration Parse(string text)
    {
        int[] numbers = [.. text.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(NumberOf)];
        if (numbers.Length != Constants || numbers[6] > 1)
        {
            throw new FormatException($"'{text}' is no core configuration; expected seven numbers 'P S R K T B C', the last 0 or 1");
        }

        var core = new DqoCoreConfiguration(numbers[0], numbers[1], numbers[2], numbers[3], numbers[4], numbers[5], numbers[6] == 1);
        return core.Fault() is { } fault ? throw new FormatException($"'{text}': {fault}") : core;
    }

    /// <summary>Says in one sentence what is wrong with these constants, or null.</summary>
    public string? Fault()
    {
        int pageReferencesMax = Clones ? ReferencesMax : Math.Min(Chunks, ReferencesMax);
        return States is < 1 or > StatesMax ? $"P is {States}; expected 1 to {StatesMax} buffer states"
            : Chunks is not (1 or 2 or 3 or 4 or 8) ? $"S is {Chunks}; expected 1, 2, 3, 4 or 8 chunks on a page"
            : PostedMax < 1 || PostedMax > States ? $"R is {PostedMax}; expected 1 to P = {States}, since each buffer posted has a state"
            : ReferencesMax is < 1 or > ReferencesLimit ? $"K is {ReferencesMax}; expected 1 to {ReferencesLimit} references"
            : Probes is < 1 or > BiasMax ? $"T is {Probes}; expected 1 to {BiasMax} probes"
            : BiasLimit <= Math.Max(Chunks, pageReferencesMax) || BiasLimit > BiasMax
                ? $"B is {BiasLimit}; expected {Math.Max(Chunks, pageReferencesMax) + 1} to {BiasMax}: more than the references one page can have"
            : null;
    }

    /// <inheritdoc/>
    public override string ToString() => $"{States} {Chunks} {PostedMax} {ReferencesMax} {Probes} {BiasLimit} {(Clones ? 1 : 0)}";

    private static int NumberOf(string word) =>
        int.TryParse(word, NumberStyles.None, CultureInfo.InvariantCulture, out int number)
            ? number
            : throw new FormatException($"'{word}' is no number; expected seven numbers 'P S R K T B C'");
}
