using System.CommandLine;

namespace RxVerify.Cli;

/// <summary>An option that names a file to write, or a folder for several.</summary>
internal sealed class OutputOption(string name) : Option<string?>(name)
{
    // Only Linux tells names apart by the case of their letters.
    private static readonly StringComparer SamePath = OperatingSystem.IsLinux() ? StringComparer.Ordinal : StringComparer.OrdinalIgnoreCase;

    /// <summary>Whether it names a folder; several options may name the same one.</summary>
    public bool IsFolder { get; init; }

    /// <summary>The folder when none is given, or null for none.</summary>
    public string? Usual { get; init; }

    /// <summary>A file whose name in the folder is fixed, or null for none.</summary>
    public string? Holds { get; init; }

    /// <summary>Refuses a command line that names no file, the same file twice, or a file that it reads: nothing is written then.</summary>
    public static void Check(ParseResult parsed)
    {
        var command = parsed.CommandResult.Command;
        var taken = new Dictionary<string, OutputOption?>(SamePath);
        foreach (var read in command.Arguments.Where(argument => argument.Name == Values.File).SelectMany(argument => parsed.GetResult(argument)!.Tokens))
        {
            taken[FullPath(read.Value)] = null;
        }

        foreach (var option in command.Options.OfType<OutputOption>())
        {
            option.Take(taken, parsed);
        }
    }

    private void Take(Dictionary<string, OutputOption?> taken, ParseResult parsed)
    {
        if ((parsed.GetValue(this) ?? Usual) is not { } path)
        {
            return;
        }

        // A result is moved to its place when it is complete, so it cannot go into a pipe.
        if (path is "" or "-" || (!IsFolder && Path.EndsInDirectorySeparator(path)))
        {
            throw new BadInputException($"{Name} is '{path}'; expected a {(IsFolder ? "folder" : "file")} name");
        }

        foreach (string place in Holds is null ? [path] : new[] { path, Path.Combine(path, Holds) })
        {
            if (!taken.TryAdd(FullPath(place), this) && taken[FullPath(place)] is var other && !(IsFolder && other is { IsFolder: true }))
            {
                throw new BadInputException($"{Name} {path}: {(other is null ? "this file is read" : $"{other.Name} is written there")}; expected another name");
            }
        }
    }

    /// <summary>As the system sees it; a word that is no path stays what it is.</summary>
    private static string FullPath(string path) => path.Length == 0 ? path : Path.TrimEndingDirectorySeparator(Path.GetFullPath(path));
}
