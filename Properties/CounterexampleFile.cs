using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace RxVerify.Properties;

/// <summary>A stored counterexample that cannot be read: file, line and what was expected.</summary>
public sealed class CounterexampleFormatException(string file, long line, string problem, Exception? inner = null)
    : Exception($"{file}:{line}: {problem}", inner);

/// <summary>Counterexamples as JSON files: a literal trace, because seeds die when a generator changes.</summary>
public static class CounterexampleFile
{
    /// <summary>Reads what <see cref="Counterexample.Json"/> wrote, of whichever scheme.</summary>
    /// <param name="text">The JSON.</param>
    /// <param name="file">Name for messages.</param>
    /// <exception cref="CounterexampleFormatException">It is not a stored counterexample that this version knows.</exception>
    public static Counterexample Read(string text, string file)
    {
        string named = SchemeOf(text, file) ?? Schemes.All[0].Name;
        var scheme = Schemes.Named(named)
            ?? throw new CounterexampleFormatException(file, 1, $"scheme is \"{named}\"; expected {string.Join(" or ", Schemes.All.Select(scheme => $"\"{scheme.Name}\""))}");
        return scheme.Read(text, file);
    }

    /// <summary>The counterexample as JSON, with a final newline.</summary>
    internal static string Write<TConfiguration, TOperation>(Counterexample<TConfiguration, TOperation> counterexample)
        where TConfiguration : class
        where TOperation : struct, IEquatable<TOperation>
    {
        var stored = new Stored<TConfiguration, TOperation>(
            counterexample.Of.Name, counterexample.Defect, counterexample.Seed, counterexample.Claim, counterexample.Detail,
            counterexample.FoundLength, counterexample.WithModel, counterexample.Configuration, counterexample.Operations, counterexample.Proof);
        return JsonSerializer.Serialize(stored, OptionsFor(counterexample.Scheme)) + "\n";
    }

    /// <summary>Reads a counterexample of one scheme.</summary>
    internal static Counterexample<TConfiguration, TOperation> Read<TConfiguration, TOperation>(Scheme<TConfiguration, TOperation> scheme, string text, string file)
        where TConfiguration : class
        where TOperation : struct, IEquatable<TOperation>
    {
        Stored<TConfiguration, TOperation> stored;
        try
        {
            stored = JsonSerializer.Deserialize<Stored<TConfiguration, TOperation>>(text, OptionsFor(scheme)) ?? throw new JsonException("expected an object");
        }
        catch (JsonException problem)
        {
            throw Unreadable(file, problem);
        }

        string? fault = stored.Scheme != scheme.Name ? $"scheme is \"{stored.Scheme}\"; expected \"{scheme.Name}\""
            : stored.Defect is not null && Defect.Named(scheme.Defects, stored.Defect) is null ? $"there is no defect named \"{stored.Defect}\"; see the verb defects"
            : scheme.Claims.All(claim => claim.Id != stored.Claim) ? $"there is no claim \"{stored.Claim}\""
            : stored.Proof is { } proof && proof.Depth != stored.Operations.Count - 1
                ? $"proof is to depth {proof.Depth}; expected {stored.Operations.Count - 1}, one less than there are operations"
            : scheme.FaultOf(stored.Configuration);
        if (fault is not null)
        {
            throw new CounterexampleFormatException(file, 1, fault);
        }

        return new(scheme, stored.Defect, stored.Seed, stored.Configuration, stored.Operations, stored.Claim, stored.Detail, stored.FoundLength)
        {
            WithModel = stored.WithModel,
            Proof = stored.Proof,
        };
    }

    /// <summary>The scheme that a file names, or null when it names none: then what is wrong with it shows when it is read.</summary>
    private static string? SchemeOf(string text, string file)
    {
        try
        {
            using var document = JsonDocument.Parse(text);
            if (document.RootElement.ValueKind != JsonValueKind.Object)
            {
                throw new CounterexampleFormatException(file, 1, "expected an object, a stored counterexample");
            }

            return document.RootElement.TryGetProperty("scheme", out var named) && named.ValueKind == JsonValueKind.String ? named.GetString() : null;
        }
        catch (JsonException problem)
        {
            throw Unreadable(file, problem);
        }
    }

    private static CounterexampleFormatException Unreadable(string file, JsonException problem) =>
        new(file, (problem.LineNumber ?? 0) + 1, FirstSentence(problem.Message), problem);

    private static string FirstSentence(string message)
    {
        int end = message.IndexOf(" Path:", StringComparison.Ordinal);
        return end < 0 ? message : message[..end];
    }

    private static JsonSerializerOptions OptionsFor<TConfiguration, TOperation>(Scheme<TConfiguration, TOperation> scheme)
        where TConfiguration : class
        where TOperation : struct, IEquatable<TOperation> => new()
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
            TypeInfoResolver = new DefaultJsonTypeInfoResolver { Modifiers = { info => AddWords(info, scheme) } },
        };

    /// <summary>Each operation is stored with its words, for the reader; reading passes over them.</summary>
    private static void AddWords<TConfiguration, TOperation>(JsonTypeInfo info, Scheme<TConfiguration, TOperation> scheme)
        where TConfiguration : class
        where TOperation : struct, IEquatable<TOperation>
    {
        if (info.Type == typeof(TOperation))
        {
            var words = info.CreateJsonPropertyInfo(typeof(string), "words");
            words.Get = operation => scheme.Words.Of((TOperation)operation);
            words.Set = static (_, _) => { };
            info.Properties.Add(words);
        }
    }

    private sealed record Stored<TConfiguration, TOperation>(
        string Scheme, string? Defect, ulong Seed, string Claim, string Detail, int FoundLength, bool WithModel,
        TConfiguration Configuration, IReadOnlyList<TOperation> Operations,
        [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] ProvenShortest? Proof = null);
}
