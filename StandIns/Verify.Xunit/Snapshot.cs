using System.Reflection;
using System.Text;
using VerifyXunit;

namespace VerifyTests;

/// <summary>Compares a received text with the accepted one.</summary>
internal static class Snapshot
{
    /// <summary>Set to 1, every text that differs is accepted; never where <see cref="BuildServerVariable"/> is set.</summary>
    private const string AcceptVariable = "RXVERIFY_ACCEPT";

    private const string BuildServerVariable = "CI";

    private static readonly UTF8Encoding FileEncoding = new(encoderShouldEmitUTF8Identifier: true);

    private static bool IsBuildServer => !string.IsNullOrEmpty(Environment.GetEnvironmentVariable(BuildServerVariable));

    public static async Task CompareAsync(string? target, string extension, VerifySettings settings, string sourceFile)
    {
        MethodInfo test = UseVerifyAttribute.Current;
        SnapshotFile file = SnapshotFile.Of(settings, test, extension, sourceFile);
        string received = (target ?? "null").ReplaceLineEndings("\n");
        string? verified = File.Exists(file.VerifiedPath) ? await File.ReadAllTextAsync(file.VerifiedPath) : null;

        if (string.Equals(received, verified, StringComparison.Ordinal))
        {
            Forget(file);
            return;
        }

        if (IsBuildServer)
        {
            // Nobody looks for files there, and a build must not change what it builds.
            throw new VerifyException(Describe(file, received, verified, "This is a build server (CI is set): nothing was written."));
        }

        Directory.CreateDirectory(file.Directory);
        if (settings.Accept != AutoVerifyMode.Compare
            || string.Equals(Environment.GetEnvironmentVariable(AcceptVariable), "1", StringComparison.Ordinal))
        {
            await File.WriteAllTextAsync(file.VerifiedPath, received, FileEncoding);
            Forget(file);
            if (settings.Accept == AutoVerifyMode.AcceptAndFail)
            {
                throw new VerifyException(Describe(file, received, verified, "The received text was accepted; run the test again."));
            }

            return;
        }

        await File.WriteAllTextAsync(file.ReceivedPath, received, FileEncoding);
        throw new VerifyException(Describe(
            file, received, verified,
            $"To accept what was received: mv \"{file.ReceivedPath}\" \"{file.VerifiedPath}\", or run the tests with {AcceptVariable}=1."));
    }

    private static void Forget(SnapshotFile file)
    {
        if (!IsBuildServer)
        {
            File.Delete(file.ReceivedPath);
        }
    }

    // The order and the words before the colons are those of the package, whose tools read them.
    private static string Describe(SnapshotFile file, string received, string? verified, string whatNow)
    {
        string kind = verified is null ? "New" : "NotEqual";
        StringBuilder text = new();
        text.Append("Directory: ").Append(file.Directory).Append('\n').Append(kind).Append(":\n");
        text.Append("  - Received: ").Append(file.Received).Append("\n    Verified: ").Append(file.Verified).Append('\n');
        text.Append("\nFileContent:\n\n").Append(kind).Append(":\n\nReceived: ").Append(file.Received).Append('\n').Append(received).Append('\n');
        if (verified is not null)
        {
            text.Append("Verified: ").Append(file.Verified).Append('\n').Append(verified).Append('\n');
            text.Append('\n').Append(FirstDifference(received, verified)).Append('\n');
        }

        return text.Append('\n').Append(whatNow).ToString();
    }

    private static string FirstDifference(string received, string verified)
    {
        if (verified.Contains('\r', StringComparison.Ordinal))
        {
            return "The verified file has carriage returns; snapshots end their lines with \\n (see .gitattributes).";
        }

        string[] left = received.Split('\n');
        string[] right = verified.Split('\n');
        int line = 0;
        while (line < left.Length && line < right.Length && string.Equals(left[line], right[line], StringComparison.Ordinal))
        {
            line++;
        }

        return $"First difference in line {line + 1}: received {Show(left, line)}, verified {Show(right, line)}.";
    }

    private static string Show(string[] lines, int line) => line < lines.Length ? $"\"{lines[line]}\"" : "nothing";
}
