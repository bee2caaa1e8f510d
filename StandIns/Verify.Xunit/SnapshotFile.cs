using System.Collections;
using System.Collections.Concurrent;
using System.Globalization;
using System.Reflection;

namespace VerifyTests;

/// <summary>Where the snapshot of a test lies.</summary>
internal sealed record SnapshotFile(string Directory, string Received, string Verified)
{
    private static readonly ConcurrentDictionary<string, MethodInfo> Taken = new(StringComparer.Ordinal);

    public string ReceivedPath => Path.Combine(Directory, Received);

    public string VerifiedPath => Path.Combine(Directory, Verified);

    public static SnapshotFile Of(VerifySettings settings, MethodInfo test, string extension, string sourceFile)
    {
        string beside = SourceDirectory(sourceFile);
        string directory = settings.Directory is null ? beside : Path.Combine(beside, settings.Directory);
        string name = settings.FileName
            ?? $"{settings.TypeName ?? NameOf(test.ReflectedType!)}.{settings.MethodName ?? test.Name}{ParametersOf(settings, test)}";
        name = string.Concat(name.Select(c => IsAllowed(c) ? c : '-'));

        // Two comparisons with one file would each accept what the other one refuses.
        if (!Taken.TryAdd(Path.Combine(directory, name), test))
        {
            throw new InvalidOperationException(
                $"There is already a comparison with the snapshot {name} in this run: "
                + "UseMethodName, UseParameters or UseTextForParameters tell them apart.");
        }

        return new SnapshotFile(directory, $"{name}.received.{extension}", $"{name}.verified.{extension}");
    }

    private static string NameOf(Type type) => type.DeclaringType is { } outer ? $"{NameOf(outer)}.{type.Name}" : type.Name;

    private static string ParametersOf(VerifySettings settings, MethodInfo test)
    {
        if (settings.ParametersText is not null)
        {
            return "_" + settings.ParametersText;
        }

        object?[] values = settings.Parameters ?? [];
        ParameterInfo[] parameters = test.GetParameters();
        if (values.Length > parameters.Length)
        {
            throw new InvalidOperationException($"UseParameters got {values.Length} values, but {test.Name} has {parameters.Length} parameters.");
        }

        return string.Concat(values.Select((value, i) => $"_{parameters[i].Name}={TextOf(value)}"));
    }

    private static string TextOf(object? value) => value switch
    {
        null => "null",
        string text => text,
        IFormattable number => number.ToString(format: null, CultureInfo.InvariantCulture),
        IEnumerable items => $"[{string.Join(',', items.Cast<object?>().Select(TextOf))}]",
        _ => value.ToString() ?? "null",
    };

    // What Windows forbids too: the files are shared by way of the repository.
    private static bool IsAllowed(char c) => c >= ' ' && !"\"<>|:*?\\/".Contains(c, StringComparison.Ordinal);

    private static string SourceDirectory(string sourceFile)
    {
        if (File.Exists(sourceFile))
        {
            return Path.GetDirectoryName(sourceFile)!;
        }

        // A deterministic build writes /_/tests/X.cs: look for tests/X.cs, then X.cs, above the directory that the tests run in.
        string[] parts = sourceFile.Split('/', '\\');
        for (DirectoryInfo? above = new(AppContext.BaseDirectory); above is not null; above = above.Parent)
        {
            for (int skip = 1; skip < parts.Length; skip++)
            {
                string candidate = Path.Combine([above.FullName, .. parts[skip..]]);
                if (File.Exists(candidate))
                {
                    return Path.GetDirectoryName(candidate)!;
                }
            }
        }

        throw new DirectoryNotFoundException($"The source file of the test, {sourceFile}, does not exist here, so its snapshot cannot be found.");
    }
}
