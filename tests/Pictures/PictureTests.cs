using System.Xml.Linq;
using RxVerify.Model.Vocabulary.Dqo;
using RxVerify.Properties;
using RxVerify.Properties.Pictures;
using RxVerify.Tests.Cli;

namespace RxVerify.Tests.Pictures;

public sealed class PictureTests
{
    public static TheoryData<string> Stored => [.. PictureSamples.Stored];

    [Theory]
    [MemberData(nameof(Stored))]
    public void Every_stored_story_breaks_in_the_last_step_of_its_picture_and_the_picture_names_the_two_in_conflict(string file)
    {
        var picture = PictureSamples.Read(file).Picture();

        Assert.True(picture.BreaksIn(picture.Last));
        Assert.Equal(picture.Story.Length, picture.Last.Number);
        var conflict = Assert.IsType<Conflict>(picture.Finding!.Conflict);
        Assert.NotEqual(conflict.First, conflict.Second);
        Assert.All([conflict.First, conflict.Second], party => Assert.True(party.Who.Length > 0 && party.Does.Length > 0));
    }

    [Theory]
    [MemberData(nameof(Stored))]
    public void Every_stored_story_is_one_well_formed_page_with_the_breaking_step_and_the_conflict_marked(string file)
    {
        var picture = PictureSamples.Read(file).Picture();
        var page = Page(picture);

        Assert.Equal(picture.Steps.Select(step => $"step-{step.Number}").ToList(), Steps(page).Select(step => (string)step.Attribute("id")!).ToList());
        var breaking = Assert.Single(Steps(page), step => HasClass(step, "breaking"));
        Assert.Equal($"step-{picture.Last.Number}", (string?)breaking.Attribute("id"));
        Assert.Single(page.Descendants("div"), element => HasClass(element, "conflict"));

        // The bytes in question are marked where the page that they are on still has a row.
        bool isShown = picture.Finding!.Conflict!.Place is { } place && picture.Last.Scene.Pages.Any(shown => shown.Number == place.Page.Value && shown.Cells.Any(cell => picture.IsInQuestion(shown, cell)));
        Assert.Equal(isShown, page.Descendants("li").Any(element => HasClass(element, "conflict")));
        Assert.True(page.Descendants("li").Where(element => HasClass(element, "conflict")).All(element => element.Ancestors().Contains(breaking)));

        // So are the lists and facts in which the parties show, changed or not.
        var conflict = picture.Finding.Conflict;
        var rows = picture.Last.Scene.Queues.Select(queue => queue.Name).Concat(picture.Last.Scene.Facts.Select(fact => fact.Name)).Where(name => name == conflict.First.Row || name == conflict.Second.Row);
        Assert.Equal(rows.ToList(), page.Descendants("dd").Where(element => HasClass(element, "conflict")).Select(element => ((XElement)element.PreviousNode!).Value).ToList());
        Assert.True(page.Descendants("dd").Where(element => HasClass(element, "conflict")).All(element => element.Ancestors().Contains(breaking)));
    }

    [Fact]
    public void Two_facts_that_contradict_each_other_are_marked_although_the_step_did_not_change_them()
    {
        var picture = PictureSamples.Read(PictureSamples.Stored.Single(file => Path.GetFileName(file).StartsWith("port-KeepsNewProgram-", StringComparison.Ordinal))).Picture();
        var marked = Page(picture).Descendants("dd").Where(element => HasClass(element, "conflict")).Select(element => ((XElement)element.PreviousNode!).Value);

        Assert.Equal(["program of the port", "program that the core believes attached"], marked.ToList());
        Assert.Contains("✗ no program", SvgPicture.Of(picture), StringComparison.Ordinal);
    }

    [Fact]
    public void A_completion_with_a_length_that_is_a_lie_waits_as_that_and_not_as_damaged()
    {
        var story = PictureSamples.Read(PictureSamples.Stored.Single(file => Path.GetFileName(file).StartsWith("dqo-TrustsLength-", StringComparison.Ordinal)));
        string page = HtmlPicture.Of(story.Picture());

        Assert.Contains("2049 bytes, more than the chunk has", page, StringComparison.Ordinal);
        Assert.DoesNotContain("bytes, damaged", page, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Stored))]
    public void Every_stored_story_is_one_well_formed_still_picture_that_is_the_same_each_time(string file)
    {
        var story = PictureSamples.Read(file);
        string svg = SvgPicture.Of(story.Picture());

        var texts = XDocument.Parse(svg).Descendants().Where(element => element.Name.LocalName == "text").Select(element => element.Value).ToList();
        Assert.Contains(texts, text => text == $"✗ step {story.Length}: breaks here" || (story.Length == 0 && text == "✗ beginning: breaks here"));
        Assert.Equal(svg, SvgPicture.Of(story.Picture()));
        Assert.Equal(HtmlPicture.Of(story.Picture()), HtmlPicture.Of(story.Picture()));
    }

    [Fact]
    public void Each_party_is_said_to_have_the_bytes_since_the_step_that_gave_them_to_it()
    {
        var picture = PictureSamples.Small();
        var conflict = picture.Finding!.Conflict!;

        // Receive, poll: the reader has packet 1. Receive, poll: its chunk is posted again.
        Assert.Equal((Holder.Device, 4), (conflict.First.Holder, picture.Since(conflict.First)!.Number));
        Assert.Equal((Holder.Reader, 2), (conflict.Second.Holder, picture.Since(conflict.Second)!.Number));
        Assert.Equal("page 1 bytes 0 to 2047", conflict.Place!.ToString());
        var cell = picture.Last.Scene.Pages.Single().Cells[0];
        Assert.Equal([Holder.Device, Holder.Reader], cell.Marks.Select(mark => mark.Holder));
    }

    [Fact]
    public void A_story_that_holds_now_marks_no_step_and_says_so()
    {
        var picture = StoredStories.RightRules().Picture();
        var page = Page(picture);

        Assert.Null(picture.Finding);
        Assert.DoesNotContain(page.Descendants(), element => HasClass(element, "breaking") || HasClass(element, "conflict"));
        Assert.Contains("Holds now", page.Element("html")!.Element("body")!.Element("header")!.Value, StringComparison.Ordinal);
        Assert.Contains("Holds now", SvgPicture.Of(picture), StringComparison.Ordinal);
    }

    [Fact]
    public void A_long_story_shows_its_beginning_and_its_last_steps_under_their_own_numbers()
    {
        var idle = Enumerable.Repeat(DqoOperation.Poll(), 300);
        var told = StoredStories.NeverWaits();
        var picture = (told with { Operations = [.. idle, .. told.Operations] }).Picture();

        Assert.Equal(Picture.StepsMax + 1, picture.Steps.Count);
        Assert.Equal((0, 105, 304), (picture.Steps[0].Number, picture.Steps[1].Number, picture.Last.Number));
        Assert.Equal(104, picture.LeftOut);
        Assert.Contains("Steps 1 to 104 are left out", HtmlPicture.Of(picture), StringComparison.Ordinal);
        Assert.Contains("Steps 1 to 281 are left out", SvgPicture.Of(picture), StringComparison.Ordinal);
    }

    [Fact]
    public void Of_many_pages_those_have_a_row_in_which_something_changes()
    {
        var told = StoredStories.NeverWaits();
        var many = told with { Configuration = new DqoConfiguration { BufferSlots = 64, CompletionSlots = 64, BufferStates = 64, StackCapacity = 2 }, Operations = [DqoOperation.Receive(size: 257)] };
        var picture = many.Picture();

        // 63 buffers are posted on a page each; one of them is filled. A doorbell batch of 32 is not full with the last 31.
        Assert.Equal(63, picture.Last.Scene.Pages.Count);
        Assert.Equal([1], picture.Rows());
        Assert.Contains("62 more pages have no row here", HtmlPicture.Of(picture), StringComparison.Ordinal);
    }

    [Fact]
    public void Text_is_shown_and_never_run()
    {
        var picture = PictureSamples.OfHostileText();
        string html = HtmlPicture.Of(picture);
        string svg = SvgPicture.Of(picture);

        // One script, the page's own, at the end; what is hostile is there as text.
        Assert.Single(Page(picture).Descendants("script"));
        Assert.Equal(2, html.Split("<script").Length);
        Assert.DoesNotContain("<script", svg, StringComparison.OrdinalIgnoreCase);
        Assert.Contains(PictureSamples.Hostile, Page(picture).Descendants("h1").Single().Value, StringComparison.Ordinal);
        Assert.All(Page(picture).Descendants().Attributes(), attribute => Assert.False(attribute.Name.LocalName.StartsWith("on", StringComparison.Ordinal)));
        Assert.Equal(PictureSamples.Hostile, XDocument.Parse(svg).Descendants().First(element => element.Name.LocalName == "desc").Value);
    }

    [Fact]
    public void A_page_loads_nothing_and_runs_nothing_but_its_own_script()
    {
        var page = Page(PictureSamples.Small());
        string policy = (string)page.Descendants("meta").Single(meta => (string?)meta.Attribute("http-equiv") == "Content-Security-Policy").Attribute("content")!;

        Assert.StartsWith("default-src 'none'; script-src 'sha256-", policy, StringComparison.Ordinal);
        Assert.DoesNotContain("http", policy, StringComparison.Ordinal);
        Assert.DoesNotContain("unsafe", policy, StringComparison.Ordinal);
        Assert.All(page.Descendants().Attributes().Where(attribute => attribute.Name.LocalName is "src" or "href"), link => Assert.StartsWith("#step-", link.Value, StringComparison.Ordinal));
        Assert.Empty(page.Descendants("link"));
    }

    [Fact]
    public void Every_holder_has_a_letter_of_its_own_a_name_and_a_meaning()
    {
        var all = Enum.GetValues<Holder>();

        Assert.Equal(all.Length, all.Select(Holders.Letter).Distinct(StringComparer.Ordinal).Count());
        Assert.Equal(all.Length, all.Select(Holders.Meaning).Distinct(StringComparer.Ordinal).Count());
        Assert.All(all, holder => Assert.NotEmpty(Holders.Name(holder)));
    }

    [Fact]
    public Task The_structure_of_a_page_is_this() => Verify(Outline(PictureSamples.Small()));

    [Fact]
    public Task A_still_picture_is_this() => Verify(SvgPicture.Of(PictureSamples.Small()), "svg");

    /// <summary>Elements with their classes and their own text, a line each, without style and script.</summary>
    private static string Outline(Picture picture)
    {
        var lines = new List<string>();
        foreach (var element in Page(picture).Descendants().Where(element => element.Name.LocalName is not ("style" or "script" or "pre")))
        {
            string own = string.Join(" ", element.Nodes().OfType<XText>().Select(text => text.Value.Trim()).Where(text => text.Length > 0));
            string name = $"{element.Name.LocalName}{((string?)element.Attribute("class") is { } classes ? "." + classes.Replace(' ', '.') : "")}";
            lines.Add($"{new string(' ', 2 * element.Ancestors().Count())}{name}{(own.Length > 0 ? ": " + own : "")}");
        }

        return string.Join("\n", lines) + "\n";
    }

    /// <summary>The page as a tree: it is written so that XML's rules hold too, and the script, whose rules are others, is cut out.</summary>
    private static XDocument Page(Picture picture)
    {
        string html = HtmlPicture.Of(picture);
        int from = html.IndexOf("<script>", StringComparison.Ordinal) + "<script>".Length;
        return XDocument.Parse(html.Remove(from, html.IndexOf("</script>", StringComparison.Ordinal) - from));
    }

    private static IEnumerable<XElement> Steps(XDocument page) => page.Descendants("section").Where(element => HasClass(element, "step"));

    private static bool HasClass(XElement element, string name) => ((string?)element.Attribute("class"))?.Split(' ').Contains(name) == true;
}
