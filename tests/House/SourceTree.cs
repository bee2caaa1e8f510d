namespace RxVerify.Tests.House;

/// <summary>The checkout that the tests were built from.</summary>
internal static class SourceTree
{
    private const string Solution = "RxVerify.sln";

    /// <summary>The folder with the solution, found upwards from the tests' own assembly.</summary>
    public static string Root { get; } = FindRoot();

    /// <summary>All C# files of ours below a folder, with paths from the root.</summary>
    public static IEnumerable<string> Sources(string folder = "") =>
        Directory.EnumerateFiles(Path.Combine(Root, folder), "*.cs", SearchOption.AllDirectories)
            .Select(path => Path.GetRelativePath(Root, path))
            .Where(path => !path.Split(Path.DirectorySeparatorChar).Any(part => part is "bin" or "obj" or "artifacts"))
            .Order(StringComparer.Ordinal);

    public static string[] Lines(string path) => File.ReadAllLines(Path.Combine(Root, path));

    private static string FindRoot()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, Solution)))
            {
                return folder.FullName;
            }
        }

        throw new InvalidOperationException($"no {Solution} above {AppContext.BaseDirectory}");
    }
}
