using System.Text.Json;

namespace RxVerify.Tests.Cli;

public sealed class LayoutVerbTests : IDisposable
{
    private readonly CommandLine _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Layout_says_of_each_value_what_it_means()
    {
        var ended = await CommandLine.Run("layout", "--mtu", "1500", "--page-size", "65536");

        Assert.Equal((0, ""), (ended.Code, ended.Error));
        Assert.Contains("several buffers share a page, which the pool maps", ended.Output, StringComparison.Ordinal);
        Assert.Equal("1,514", ValueOf(ended, "data size"));
        Assert.Equal("1,856", ValueOf(ended, "alloc size"));
        Assert.Equal("35", ValueOf(ended, "fragments"));
        Assert.Equal("35", ValueOf(ended, "fragments that fit"));
        Assert.Equal("15", ValueOf(ended, "pool size"));
        Assert.Equal("576", ValueOf(ended, "unused"));
    }

    [Fact]
    public async Task Layout_says_that_only_34_of_35_buffers_fit_where_each_is_aligned_to_128_bytes()
    {
        var ended = await CommandLine.Run("layout", "--mtu", "1500", "--page-size", "65536", "--alignment", "128");

        // 65536 - 34 * 1920 = 256.
        Assert.Equal(("35", "34", "256"), (ValueOf(ended, "fragments"), ValueOf(ended, "fragments that fit"), ValueOf(ended, "unused")));
        Assert.Contains("1,920 bytes each with a cache alignment of 128", ended.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Layout_tells_what_the_published_driver_charged_where_it_charged_too_little()
    {
        var ended = await CommandLine.Run("layout", "--mtu", "9000");

        Assert.Contains("each buffer has an allocation for itself, which the driver maps", ended.Output, StringComparison.Ordinal);
        Assert.Equal(("16,384", "2", "7,040"), (ValueOf(ended, "alloc size"), ValueOf(ended, "order"), ValueOf(ended, "unused")));
        Assert.Contains("9,344 before f73896b4197e, less than are held", ended.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Layout_writes_what_was_asked_and_what_follows_as_JSON()
    {
        string[] words = ["layout", "--mtu", "1500", "--page-size", "16384", "--xdp", "--queue-size", "1024", "--json", _folder["l.json"]];
        var ended = await CommandLine.Run(words);
        string text = await File.ReadAllTextAsync(_folder["l.json"]);
        using var json = JsonDocument.Parse(text);

        Assert.Equal((0, ""), (ended.Code, ended.Error));
        Assert.Equal(
            "mtu 1500, pageSize 16384, hasProgram True, queueSize 1024, cacheAlignment 1, dataSize 1514, allocSize 16384, publishedAllocSize 16384, headroom 256, "
            + "fragments 1, fragmentsThatFit 1, fragmentBytes 16384, poolSize 1025, order 0, allocatedBytes 16384, unusedBytes 0",
            string.Join(", ", json.RootElement.EnumerateObject().Select(one => $"{one.Name} {one.Value}")));
        Assert.Equal(ended, await CommandLine.Run(words));
        Assert.Equal(text, await File.ReadAllTextAsync(_folder["l.json"]));
        Assert.Equal(["l.json"], _folder.Files());
    }

    /// <summary>The second cell of the row with this name; cells are two blanks apart.</summary>
    private static string ValueOf(Ended ended, string name) =>
        ended.Lines.Select(line => line.Split("  ", StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
            .Single(cells => cells.Length > 1 && cells[0] == name)[1];
}
