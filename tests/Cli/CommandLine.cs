using System.Globalization;
using RxVerify.Cli;

namespace RxVerify.Tests.Cli;

/// <summary>What a command line printed and how it ended.</summary>
internal sealed record Ended(int Code, string Output, string Error)
{
    public string[] Lines => Output.Split('\n');
}

/// <summary>Runs command lines in this process, in a folder of its own that is gone afterwards.</summary>
internal sealed class CommandLine : IDisposable
{
    public string Folder { get; } = Directory.CreateTempSubdirectory("rxverify-").FullName;

    public static string Sample => Captures.Sample();

    public string this[string name] => Path.Combine(Folder, name);

    public static async Task<Ended> Run(CancellationToken cancellation, params string[] words)
    {
        await using var output = new StringWriter(CultureInfo.InvariantCulture) { NewLine = "\n" };
        await using var error = new StringWriter(CultureInfo.InvariantCulture) { NewLine = "\n" };
        int code = await App.RunAsync(words, new Screen(output, error), cancellation);
        return new Ended(code, output.ToString(), error.ToString());
    }

    public static Task<Ended> Run(params string[] words) => Run(CancellationToken.None, words);

    /// <summary>Writes a file into the folder.</summary>
    public string Put(string name, string text)
    {
        File.WriteAllText(this[name], text);
        return this[name];
    }

    public string[] Files() => [.. Directory.EnumerateFileSystemEntries(Folder).Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal)];

    public void Dispose() => Directory.Delete(Folder, recursive: true);
}
