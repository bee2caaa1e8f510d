using System.Diagnostics;
using System.Net.WebSockets;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace RxVerify.Tests.Pictures;

/// <summary>
/// A headless Chromium with one page, driven by its DevTools protocol over a WebSocket: as much of it as a test of a page needs, so
/// that no package is needed for it.
/// </summary>
internal sealed class Chromium : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(90);

    private readonly DirectoryInfo _profile;
    private readonly Process _process;
    private readonly ClientWebSocket _socket = new();
    private readonly CancellationTokenSource _end = new(Patience);
    private readonly List<string> _problems = [];
    private string _session = "";
    private int _commands;

    private Chromium(Process process, DirectoryInfo profile) => (_process, _profile) = (process, profile);

    /// <summary>What the page complained about: exceptions, console errors, refused loads.</summary>
    public IReadOnlyList<string> Problems => _problems;

    /// <summary>Starts the browser and opens an empty page of this size.</summary>
    public static async Task<Chromium> StartAsync(string browser, int width, int height)
    {
        var profile = Directory.CreateTempSubdirectory("rxverify-browser-");
        string[] words =
        [
            // Without a sandbox of its own, since a container gives it none; the page is ours.
            "--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run", "--disable-quic", "--disable-background-networking",
            "--disable-component-update", "--disable-sync", "--hide-scrollbars", "--remote-debugging-port=0", $"--user-data-dir={profile.FullName}", $"--window-size={width},{height}", "about:blank",
        ];
        var process = Process.Start(new ProcessStartInfo(browser, words) { RedirectStandardError = true, RedirectStandardOutput = true, UseShellExecute = false })!;
        process.BeginErrorReadLine();
        process.BeginOutputReadLine();
        var chromium = new Chromium(process, profile);
        try
        {
            await chromium.ConnectAsync();
            return chromium;
        }
        catch
        {
            await chromium.DisposeAsync();
            throw;
        }
    }

    /// <summary>Opens a page and waits until it is complete.</summary>
    public async Task OpenAsync(string address)
    {
        await CommandAsync("Page.navigate", new JsonObject { ["url"] = address });
        await WaitAsync("document.readyState + ' ' + location.href.startsWith('file:')", "complete true");
    }

    /// <summary>Waits until an expression has a value.</summary>
    public async Task WaitAsync(string expression, string value)
    {
        while (await EvaluateAsync(expression) != value)
        {
            await Task.Delay(50, _end.Token);
        }
    }

    /// <summary>Presses and lets go of a key, named as in KeyboardEvent.key.</summary>
    public async Task PressAsync(string key)
    {
        await CommandAsync("Input.dispatchKeyEvent", new JsonObject { ["type"] = "keyDown", ["key"] = key });
        await CommandAsync("Input.dispatchKeyEvent", new JsonObject { ["type"] = "keyUp", ["key"] = key });
    }

    /// <summary>The value of an expression, as text.</summary>
    public async Task<string> EvaluateAsync(string expression)
    {
        var result = await CommandAsync("Runtime.evaluate", new JsonObject { ["expression"] = $"String({expression})", ["returnByValue"] = true });
        return result["result"]!["value"]!.GetValue<string>();
    }

    /// <summary>What is seen, as PNG.</summary>
    public async Task<byte[]> ScreenshotAsync() =>
        Convert.FromBase64String((await CommandAsync("Page.captureScreenshot", new JsonObject { ["format"] = "png" }))["data"]!.GetValue<string>());

    /// <summary>Sets a feature that style sheets ask for, such as prefers-color-scheme.</summary>
    public Task PreferAsync(string feature, string value) =>
        CommandAsync("Emulation.setEmulatedMedia", new JsonObject { ["features"] = new JsonArray(new JsonObject { ["name"] = feature, ["value"] = value }) });

    /// <summary>Sets the medium that style sheets ask for, such as print.</summary>
    public Task SetMediumAsync(string medium) => CommandAsync("Emulation.setEmulatedMedia", new JsonObject { ["media"] = medium });

    /// <summary>Sets the width of the page in CSS pixels, as a telephone has it.</summary>
    public Task SetWidthAsync(int width) => CommandAsync(
        "Emulation.setDeviceMetricsOverride", new JsonObject { ["width"] = width, ["height"] = 800, ["deviceScaleFactor"] = 1, ["mobile"] = false });

    public async ValueTask DisposeAsync()
    {
        _socket.Dispose();
        if (!_process.HasExited)
        {
            _process.Kill(entireProcessTree: true);
            await _process.WaitForExitAsync();
        }

        _process.Dispose();
        _end.Dispose();
        try
        {
            _profile.Delete(recursive: true);
        }
        catch (IOException)
        {
            // A child that was killed may still be writing there; the folder is a temporary one.
        }
    }

    /// <summary>The browser writes where it listens into its profile.</summary>
    private async Task ConnectAsync()
    {
        string file = Path.Combine(_profile.FullName, "DevToolsActivePort");
        string[] lines;
        while ((lines = File.Exists(file) ? await File.ReadAllLinesAsync(file, _end.Token) : []).Length < 2)
        {
            Assert.False(_process.HasExited, "the browser ended at once");
            await Task.Delay(50, _end.Token);
        }

        await _socket.ConnectAsync(new Uri($"ws://127.0.0.1:{lines[0]}{lines[1]}"), _end.Token);
        var target = await CommandAsync("Target.createTarget", new JsonObject { ["url"] = "about:blank" });
        var attached = await CommandAsync("Target.attachToTarget", new JsonObject { ["targetId"] = target["targetId"]!.GetValue<string>(), ["flatten"] = true });
        _session = attached["sessionId"]!.GetValue<string>();
        foreach (string domain in (string[])["Page", "Runtime", "Log"])
        {
            await CommandAsync($"{domain}.enable", []);
        }
    }

    private async Task<JsonObject> CommandAsync(string method, JsonObject parameters)
    {
        int id = ++_commands;
        var command = new JsonObject { ["id"] = id, ["method"] = method, ["params"] = parameters };
        if (_session.Length > 0)
        {
            command["sessionId"] = _session;
        }

        await _socket.SendAsync(Encoding.UTF8.GetBytes(command.ToJsonString()), WebSocketMessageType.Text, endOfMessage: true, _end.Token);
        while (true)
        {
            var message = await ReceiveAsync();
            Note(message);
            if (message["id"]?.GetValue<int>() == id)
            {
                return message["result"] as JsonObject ?? throw new InvalidOperationException($"{method}: {message.ToJsonString()}");
            }
        }
    }

    private async Task<JsonObject> ReceiveAsync()
    {
        using var text = new MemoryStream();
        byte[] buffer = new byte[1 << 16];
        ValueWebSocketReceiveResult part;
        do
        {
            part = await _socket.ReceiveAsync(buffer.AsMemory(), _end.Token);
            text.Write(buffer, 0, part.Count);
        }
        while (!part.EndOfMessage);
        return JsonSerializer.Deserialize<JsonObject>(text.ToArray())!;
    }

    private void Note(JsonObject message)
    {
        string method = message["method"]?.GetValue<string>() ?? "";
        bool isError = method == "Runtime.exceptionThrown"
            || (method == "Runtime.consoleAPICalled" && message["params"]!["type"]!.GetValue<string>() is "error" or "warning" or "assert")
            || (method == "Log.entryAdded" && message["params"]!["entry"]!["level"]!.GetValue<string>() is "error" or "warning");
        if (isError)
        {
            _problems.Add(message["params"]!.ToJsonString());
        }
    }
}
