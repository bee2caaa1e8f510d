using RxVerify.Model.Vocabulary;
using RxVerify.Properties.Pictures;
using RxVerify.Tests.Cli;

namespace RxVerify.Tests.Pictures;

public sealed class SceneTests
{
    [Fact]
    public void A_page_is_cut_where_somebodys_bytes_begin_or_end_and_bytes_of_two_holders_show_both()
    {
        var scene = new SceneBuilder();
        var page = scene.Page(new PageId(7), 4096);
        page.Mark(0, 2048, Holder.Device, "buffer 0");
        page.Mark(1024, 2048, Holder.Reader, "packet 1");

        var cells = scene.Build().Pages.Single().Cells;

        Assert.Equal(["0+1024 N", "1024+1024 NR", "2048+1024 R", "3072+1024 F"], cells.Select(Told).ToList());
    }

    [Fact]
    public void Bytes_that_nobody_has_are_free_on_a_page_with_an_owner_lost_on_one_without_and_freed_on_one_that_is_gone()
    {
        var scene = new SceneBuilder();
        scene.Page(new PageId(1), 64).IsOwned = true;
        scene.Page(new PageId(2), 64);
        scene.Page(new PageId(3), 64).IsFreed = true;

        Assert.Equal([Holder.Free, Holder.Nobody, Holder.Freed], scene.Build().Pages.Select(page => page.Cells.Single().Marks.Single().Holder));
    }

    [Fact]
    public void A_buffer_that_ends_beyond_its_page_is_shown_to_do_so()
    {
        var scene = new SceneBuilder();
        scene.Page(new PageId(1), 4096).Mark(4096, 2048, Holder.Device, "buffer 0");

        Assert.Equal(["0+4096 F", "4096+2048 N"], scene.Build().Pages.Single().Cells.Select(Told).ToList());
    }

    [Fact]
    public void Pages_stand_in_the_order_of_their_birth_whenever_they_were_named()
    {
        var scene = new SceneBuilder();
        scene.Page(new PageId(3), 64);
        scene.Page(new PageId(1), 64);

        Assert.Equal([1, 3], scene.Build().Pages.Select(page => page.Number));
    }

    [Fact]
    public void What_a_step_changed_is_told_from_what_it_left_alone()
    {
        var before = new Scene([Page(1, Holder.Device), Page(2, Holder.Reader)], [new("used", ["a", "b"]), new("free", [])], [new("pages", "2"), new("queue", "up")]);
        var after = new Scene([Page(1, Holder.Arrived), Page(2, Holder.Reader)], [new("used", ["b", "a"]), new("free", [])], [new("pages", "3"), new("queue", "up")]);
        var change = new SceneChange(before);

        Assert.Equal([true, false], after.Pages.Select(page => change.Of(page, page.Cells[0])));
        Assert.Equal([true, false], after.Queues.Select(change.Of));
        Assert.Equal([true, false], after.Facts.Select(change.Of));
        Assert.False(new SceneChange(null).Of(after.Facts[0]));
    }

    [Fact]
    public void A_page_cut_otherwise_has_not_changed_where_the_same_holder_still_has_it()
    {
        var whole = new ScenePage(1, null, "", [new SceneCell(0, 64, [new(Holder.Pool, "")])]);
        var cut = new ScenePage(1, null, "", [new SceneCell(0, 16, [new(Holder.User, "")]), new SceneCell(16, 48, [new(Holder.Pool, "")])]);

        Assert.Equal([true, false], cut.Cells.Select(cell => new SceneChange(new Scene([whole], [], [])).Of(cut, cell)));
    }

    [Fact]
    public void A_scheme_without_pages_is_drawn_from_lists_and_facts_alone()
    {
        Scene up = new([], [new("queues", ["0", "1"])], [new("port", "up"), new("MTU", "1500")]);
        Scene down = new([], [new("queues", [])], [new("port", "down"), new("MTU", "1500")]);
        var picture = new Picture(StoredStories.NeverWaits(), [new(0, "created", up), new(1, "detach", down)], null);

        Assert.Contains("down (was up)", HtmlPicture.Of(picture), StringComparison.Ordinal);
        string svg = SvgPicture.Of(picture);
        Assert.Contains(">port</text>", svg, StringComparison.Ordinal);
        Assert.DoesNotContain(">MTU</text>", svg, StringComparison.Ordinal);
    }

    private static ScenePage Page(int number, Holder holder) => new(number, null, "", [new SceneCell(0, 64, [new(holder, "")])]);

    private static string Told(SceneCell cell) => $"{cell.Offset}+{cell.Length} {string.Concat(cell.Marks.Select(mark => Holders.Letter(mark.Holder)))}";
}
