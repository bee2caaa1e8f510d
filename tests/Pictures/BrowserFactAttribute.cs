namespace RxVerify.Tests.Pictures;

/// <summary>A test in a real browser: Chromium, named by RXVERIFY_BROWSER or found on the path. Without one it is reported as skipped, and nothing is installed.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class BrowserFactAttribute : FactAttribute
{
    private static readonly string[] UsualNames = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome", "chromium.exe", "chrome.exe"];

    public BrowserFactAttribute() => Skip = Browser is null ? "needs Chromium: RXVERIFY_BROWSER names one, or it is on the path" : null;

    /// <summary>The browser's file, or null.</summary>
    public static string? Browser { get; } = Find();

    private static string? Find()
    {
        if (Environment.GetEnvironmentVariable("RXVERIFY_BROWSER") is { Length: > 0 } named)
        {
            return named;
        }

        string[] folders = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries);
        return UsualNames.SelectMany(name => folders.Select(folder => Path.Combine(folder, name))).FirstOrDefault(File.Exists);
    }
}
