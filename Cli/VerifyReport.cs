using RxVerify.Properties;
using RxVerify.Properties.Pictures;

namespace RxVerify.Cli;

/// <summary>The folder with what the main job found, to look at: an index, and a page and a still picture for each story.</summary>
internal sealed class VerifyReport
{
    private const string OptionName = "--report";
    private const string IndexName = "index.html";
    private const string StoriesFolder = "stories";

    private readonly string _folder;
    private readonly List<ReportStory> _stories = [];
    private readonly List<ReportPicture> _pictures = [];

    private VerifyReport(string folder) => _folder = folder;

    /// <summary>The option that names where a report goes.</summary>
    public static OutputOption Option() => Values.Folder(OptionName, "Folder for pages to look at: all results, every story, pictures", holds: IndexName);

    /// <summary>Makes sure that a report can be kept, before the work begins. Null when none was asked for.</summary>
    public static VerifyReport? At(string? folder)
    {
        if (folder is null)
        {
            return null;
        }

        if (File.Exists(folder))
        {
            throw new BadInputException($"{OptionName} {folder}: this is a file; expected a folder, or a name that is free");
        }

        try
        {
            Directory.CreateDirectory(Path.Combine(folder, StoriesFolder));
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            throw new BadInputException($"{OptionName} {folder}: cannot be made; expected a place that may be written to", problem);
        }

        var report = new VerifyReport(folder);
        report.FileAt(IndexName);
        return report;
    }

    /// <summary>Draws a story, for the index to point to.</summary>
    /// <param name="story">The story.</param>
    /// <param name="isHunted">Whether it is of a planted mistake that had to be found; otherwise it is a failure.</param>
    public void Add(Counterexample story, bool isHunted)
    {
        var picture = story.Picture();
        FileAt(StoriesFolder, $"{story.FileName}.html").Write(HtmlPicture.Of(picture));
        FileAt(StoriesFolder, $"{story.FileName}.svg").Write(SvgPicture.Of(picture));
        _stories.Add(new ReportStory(story, $"{StoriesFolder}/{Uri.EscapeDataString(story.FileName)}", isHunted));
    }

    /// <summary>A picture for the index itself.</summary>
    /// <param name="section">The heading under which it stands; pictures of one section stand together.</param>
    /// <param name="title">What it shows.</param>
    /// <param name="svg">The picture.</param>
    public void Add(string section, string title, string svg) => _pictures.Add(new ReportPicture(section, title, svg));

    /// <summary>Writes the index, after everything else.</summary>
    public void Write(VerifyFacts facts) => FileAt(IndexName).Write(new ReportIndex(facts, _stories, _pictures).Html());

    private OutputFile FileAt(params ReadOnlySpan<string> parts) => OutputFile.At(Path.Combine([_folder, .. parts]), OptionName)!;
}

/// <summary>A story of a report.</summary>
/// <param name="Story">The story.</param>
/// <param name="Link">Where its page is, from the index, without the extension.</param>
/// <param name="IsHunted">Whether it is of a planted mistake that had to be found.</param>
internal sealed record ReportStory(Counterexample Story, string Link, bool IsHunted);

/// <summary>A picture of a report.</summary>
/// <param name="Section">The heading under which it stands.</param>
/// <param name="Title">What it shows.</param>
/// <param name="Svg">The picture.</param>
internal sealed record ReportPicture(string Section, string Title, string Svg);
