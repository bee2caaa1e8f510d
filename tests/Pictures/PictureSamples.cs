using RxVerify.Properties;
using RxVerify.Properties.Pictures;
using RxVerify.Tests.Cli;
using RxVerify.Tests.House;

namespace RxVerify.Tests.Pictures;

/// <summary>Pictures to look at in tests.</summary>
internal static class PictureSamples
{
    /// <summary>Text that would run if it were taken for markup, in an element or in an attribute.</summary>
    public const string Hostile = "<script>alert('1')</script> & \"2\" onload='3'";

    /// <summary>Every stored counterexample of every scheme.</summary>
    public static IEnumerable<string> Stored =>
        Directory.GetDirectories(Path.Combine(SourceTree.Root, "tests"), "Corpus", SearchOption.AllDirectories)
            .Where(folder => !folder.Split(Path.DirectorySeparatorChar).Contains("bin"))
            .SelectMany(folder => Directory.GetFiles(folder, "*.json"))
            .Select(path => Path.GetRelativePath(SourceTree.Root, path))
            .Order(StringComparer.Ordinal);

    public static Counterexample Read(string file) => CounterexampleFile.Read(File.ReadAllText(Path.Combine(SourceTree.Root, file)), file);

    /// <summary>A chunk posted while its packet is held, in the fourth step.</summary>
    public static Picture Small() => StoredStories.NeverWaits().Picture();

    /// <summary>A picture in which every text that comes from outside is hostile.</summary>
    public static Picture OfHostileText()
    {
        var page = new ScenePage(1, IsMapped: false, Hostile, [new SceneCell(0, 64, [new SceneMark(Holder.Device, Hostile), new SceneMark(Holder.Reader, Hostile)])]);
        var scene = new Scene([page], [new SceneQueue(Hostile, [Hostile])], [new SceneFact(Hostile, Hostile)]);
        var claim = new Claim(Hostile, 0, Hostile, Hostile);
        var conflict = new Conflict(new Party(Hostile, Hostile), Party.Of(Holder.Reader, Hostile), new Place(new Model.Vocabulary.PageId(1), 0, 64));
        var story = StoredStories.NeverWaits() with { Detail = Hostile };
        return new Picture(
            story, [new PictureStep(0, Hostile, new Scene([], [], [])), new PictureStep(1, Hostile, scene)], new Finding(claim, Hostile, conflict));
    }
}
