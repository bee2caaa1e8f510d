using System.Text.Json;
using System.Text.Json.Serialization;
using RxVerify.Model.Vocabulary.Dqo;

namespace RxVerify.Properties.Dqo;

/// <summary>A stored counterexample that cannot be read: file, line and what was expected.</summary>
public sealed class CounterexampleFormatException(string file, long line, string problem, Exception? inner = null)
    : Exception($"{file}:{line}: {problem}", inner);

/// <summary>Counterexamples as JSON files: a literal trace, because seeds die when a generator changes.</summary>
public static class DqoCounterexampleFile
{
    private static readonly JsonSerializerOptions Options = new()
    {
        WriteIndented = true,

        // What follows from the constants is not stored.
        IgnoreReadOnlyProperties = true,
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        RespectNullableAnnotations = true,
        RespectRequiredConstructorParameters = true,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase) },
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        NewLine = "\n",
    };

    /// <summary>The counterexample as JSON, with a final newline.</summary>
    public static string Write(DqoCounterexample counterexample) =>
        JsonSerializer.Serialize(
            new Stored(
                DqoCounterexample.Scheme, counterexample.Defect, counterexample.Seed, counterexample.Claim, counterexample.Detail,
                counterexample.FoundLength, counterexample.WithModel, counterexample.Configuration,
                [.. counterexample.Operations.Select(StoredOperation.From)]),
            Options) + "\n";

    /// <summary>Reads what <see cref="Write"/> wrote.</summary>
    /// <param name="text">The JSON.</param>
    /// <param name="file">Name for messages.</param>
    /// <exception cref="CounterexampleFormatException">It is not a stored DQO counterexample that this version knows.</exception>
    public static DqoCounterexample Read(string text, string file)
    {
        Stored stored;
        try
        {
            stored = JsonSerializer.Deserialize<Stored>(text, Options) ?? throw new JsonException("expected an object");
        }
        catch (JsonException problem)
        {
            throw new CounterexampleFormatException(file, (problem.LineNumber ?? 0) + 1, FirstSentence(problem.Message), problem);
        }

        var configuration = stored.Configuration;
        string? fault = stored.Scheme != DqoCounterexample.Scheme ? $"scheme is \"{stored.Scheme}\"; expected \"{DqoCounterexample.Scheme}\""
            : stored.Defect is not null && DqoDefects.Named(stored.Defect) is null ? $"there is no defect named \"{stored.Defect}\"; see the verb defects"
            : DqoClaims.All.All(claim => claim.Id != stored.Claim) ? $"there is no claim \"{stored.Claim}\""
            : configuration.Fault();
        if (fault is not null)
        {
            throw new CounterexampleFormatException(file, 1, fault);
        }

        return new DqoCounterexample(
            stored.Defect, stored.Seed, configuration, [.. stored.Operations.Select(operation => operation.ToOperation())],
            stored.Claim, stored.Detail, stored.FoundLength)
        {
            WithModel = stored.WithModel,
        };
    }

    private static string FirstSentence(string message)
    {
        int end = message.IndexOf(" Path:", StringComparison.Ordinal);
        return end < 0 ? message : message[..end];
    }

    private sealed record Stored(
        string Scheme, string? Defect, ulong Seed, string Claim, string Detail, int FoundLength, bool WithModel,
        DqoConfiguration Configuration, IReadOnlyList<StoredOperation> Operations);

    /// <summary>The eight bytes of an operation by name, with its words for the reader.</summary>
    private sealed record StoredOperation(DqoOperationKind Kind, byte Flags, ushort Pick, ushort Size, byte Count, byte Extra, string Words)
    {
        public static StoredOperation From(DqoOperation from) =>
            new(from.Kind, from.Flags, from.Pick, from.Size, from.Count, from.Extra, DqoWords.Of(from));

        public DqoOperation ToOperation() => new(Kind, Flags, Pick, Size, Count, Extra);
    }
}
