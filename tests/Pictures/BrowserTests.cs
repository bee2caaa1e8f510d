using RxVerify.Properties.Pictures;

namespace RxVerify.Tests.Pictures;

/// <summary>The page in a real browser.</summary>
public sealed class BrowserTests
{
    private const string Current = "document.querySelector('.step.current').id";

    [BrowserFact]
    public async Task Keys_step_to_the_breaking_step_and_nothing_is_complained_about()
    {
        using var file = new PageFile(HtmlPicture.Of(PictureSamples.Small()));
        await using var browser = await Chromium.StartAsync(BrowserFactAttribute.Browser!, 1280, 900);
        await browser.OpenAsync(file.Address);

        Assert.Equal("step-0", await browser.EvaluateAsync(Current));
        for (int step = 1; step <= 4; step++)
        {
            await browser.PressAsync("ArrowRight");
            Assert.Equal($"step-{step}", await browser.EvaluateAsync(Current));
            Assert.Equal($"#step-{step}", await browser.EvaluateAsync("location.hash"));
        }

        Assert.Equal("true", await browser.EvaluateAsync("document.querySelector('.step.current').classList.contains('breaking')"));
        Assert.Equal("true", await browser.EvaluateAsync("document.querySelector('.step.current .cell.conflict').checkVisibility()"));
        Assert.Equal("step-3", await browser.EvaluateAsync("document.querySelector('.step.previous').id"));

        // Beyond the end there is nothing, and a number that is no step leads nowhere. The address can be changed by hand.
        await AssertKeys(browser, ("ArrowRight", 4), ("Home", 0), ("End", 4), ("ArrowLeft", 3), ("2", 2), ("9", 2));
        await browser.EvaluateAsync("(location.hash = '#step-1')");
        await browser.WaitAsync(Current, "step-1");
        Assert.Equal("1", await browser.EvaluateAsync("document.getElementById('slider').value"));
        Assert.Empty(browser.Problems);
    }

    [BrowserFact]
    public async Task A_page_is_not_blank_fits_a_telephone_in_light_and_dark_and_prints_every_step()
    {
        using var file = new PageFile(HtmlPicture.Of(PictureSamples.Small()));
        await using var browser = await Chromium.StartAsync(BrowserFactAttribute.Browser!, 1280, 900);
        await browser.OpenAsync(file.Address + "#step-4");

        // Paper, text, links, the red of the conflict and the colours of the holders, and what lies between on their edges.
        Assert.True(Screenshot.Colours(await browser.ScreenshotAsync()) > 20);
        Assert.Equal("step-4", await browser.EvaluateAsync(Current));

        await browser.PreferAsync("prefers-color-scheme", "dark");
        string dark = await browser.EvaluateAsync("getComputedStyle(document.body).backgroundColor");
        await browser.PreferAsync("prefers-color-scheme", "light");
        Assert.False(dark == await browser.EvaluateAsync("getComputedStyle(document.body).backgroundColor"), "light and dark are the same");

        await browser.SetWidthAsync(400);
        Assert.Equal("true", await browser.EvaluateAsync("document.documentElement.scrollWidth <= 400"));

        await browser.SetMediumAsync("print");
        Assert.Equal("5", await browser.EvaluateAsync("[...document.querySelectorAll('.step')].filter(step => step.checkVisibility()).length"));
        Assert.Empty(browser.Problems);
    }

    [BrowserFact]
    public async Task Hostile_text_does_not_run()
    {
        using var file = new PageFile(HtmlPicture.Of(PictureSamples.OfHostileText()));
        await using var browser = await Chromium.StartAsync(BrowserFactAttribute.Browser!, 800, 600);
        await browser.OpenAsync(file.Address);

        Assert.Equal("1", await browser.EvaluateAsync("document.scripts.length"));
        Assert.Equal(PictureSamples.Hostile, await browser.EvaluateAsync("document.querySelector('h1').textContent"));
        Assert.Empty(browser.Problems);
    }

    private static async Task AssertKeys(Chromium browser, params (string Key, int Step)[] presses)
    {
        foreach (var (key, step) in presses)
        {
            await browser.PressAsync(key);
            Assert.Equal($"step-{step}", await browser.EvaluateAsync(Current));
        }
    }

    /// <summary>A page as a file that is gone afterwards.</summary>
    private sealed class PageFile : IDisposable
    {
        private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("rxverify-page-");

        public PageFile(string html) => File.WriteAllText(Path.Combine(_folder.FullName, "page.html"), html);

        public string Address => new Uri(Path.Combine(_folder.FullName, "page.html")).AbsoluteUri;

        public void Dispose() => _folder.Delete(recursive: true);
    }
}
