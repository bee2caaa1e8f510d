using System.Runtime.CompilerServices;
using VerifyTests;

namespace VerifyXunit;

/// <summary>Compares a text with the one that was accepted before.</summary>
public static class Verifier
{
    /// <summary>Compares a text with the snapshot of the running test, a .txt file.</summary>
    /// <param name="target">The text. Its line ends become \n.</param>
    /// <param name="settings">Where the snapshot is and what it is called.</param>
    /// <param name="sourceFile">Filled in by the compiler: the snapshot lies beside it.</param>
    /// <returns>To be awaited or returned; nothing is compared before.</returns>
    public static SettingsTask Verify(string? target, VerifySettings? settings = null, [CallerFilePath] string sourceFile = "") =>
        Verify(target, "txt", settings, sourceFile);

    /// <summary>Compares a text with the snapshot of the running test.</summary>
    /// <param name="target">The text. Its line ends become \n.</param>
    /// <param name="extension">The extension of the snapshot, without dot.</param>
    /// <param name="settings">Where the snapshot is and what it is called.</param>
    /// <param name="sourceFile">Filled in by the compiler: the snapshot lies beside it.</param>
    /// <returns>To be awaited or returned; nothing is compared before.</returns>
    public static SettingsTask Verify(
        string? target, string extension, VerifySettings? settings = null, [CallerFilePath] string sourceFile = "")
    {
        ArgumentException.ThrowIfNullOrEmpty(extension);
        ArgumentException.ThrowIfNullOrEmpty(sourceFile);
        return new SettingsTask(settings, chosen => Snapshot.CompareAsync(target, extension.TrimStart('.'), chosen, sourceFile));
    }
}
