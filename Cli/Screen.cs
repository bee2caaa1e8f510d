using System.Text;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace RxVerify.Cli;

/// <summary>A column of a table.</summary>
/// <param name="Name">Its heading.</param>
/// <param name="IsNumber">Whether its cells stand to the right.</param>
/// <param name="IsWhole">Whether its cells are never broken into lines.</param>
internal readonly record struct Column(string Name, bool IsNumber = false, bool IsWhole = false);

/// <summary>Where a run's results go: a terminal with progress and colour, or plain lines without a single escape code.</summary>
internal sealed class Screen
{
    private const int PlainWidth = 120;
    private readonly IAnsiConsole _console;

    /// <summary>Plain lines to the writers given.</summary>
    public Screen(TextWriter output, TextWriter error)
        : this(output, error, Console(output, isPlain: true), isTerminal: false)
    {
    }

    private Screen(TextWriter output, TextWriter error, IAnsiConsole console, bool isTerminal)
    {
        Output = output;
        Error = error;
        _console = console;
        IsTerminal = isTerminal;
    }

    /// <summary>Results.</summary>
    public TextWriter Output { get; }

    /// <summary>The one line of an error.</summary>
    public TextWriter Error { get; }

    /// <summary>Whether a person watches: only then durations are printed, so that a file holds the same bytes each time.</summary>
    public bool IsTerminal { get; }

    /// <summary>The screen of this process.</summary>
    public static Screen OfProcess()
    {
        System.Console.OutputEncoding = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false);
        bool isTerminal = !System.Console.IsOutputRedirected;

        // TERM alone makes Spectre write escape codes into a pipe; NO_COLOR (no-color.org) asks for none on a terminal either.
        bool isPlain = !isTerminal || !string.IsNullOrEmpty(Environment.GetEnvironmentVariable("NO_COLOR"));
        return new Screen(System.Console.Out, System.Console.Error, Console(System.Console.Out, isPlain), isTerminal && !isPlain);
    }

    /// <summary>One line, as it is.</summary>
    public void Line(string text = "") => Output.WriteLine(text);

    /// <summary>One line that has to be seen even when the process dies.</summary>
    public void LineAtOnce(string text)
    {
        Output.WriteLine(text);
        Output.Flush();
    }

    /// <summary>One line to be seen at once, also while something is watched: on a terminal it stands above the spinner.</summary>
    public void LineBeside(string text)
    {
        if (IsTerminal)
        {
            _console.WriteLine(text);
            return;
        }

        LineAtOnce(text);
    }

    /// <summary>Names and values in two columns.</summary>
    public void Pairs(params ReadOnlySpan<(string Name, string Value)> pairs)
    {
        int width = 0;
        foreach (var (name, _) in pairs)
        {
            width = Math.Max(width, name.Length);
        }

        foreach (var (name, value) in pairs)
        {
            Line($"{name.PadRight(width)}  {value}");
        }
    }

    /// <summary>A table whose cells are plain text; a cell that begins with "!" is shown in red without it.</summary>
    public void Table(IReadOnlyList<Column> columns, IEnumerable<IReadOnlyList<string>> rows)
    {
        var table = new Table { Border = TableBorder.Simple };
        foreach (var column in columns)
        {
            table.AddColumn(new TableColumn(new Text(column.Name)) { NoWrap = column.IsWhole, Alignment = column.IsNumber ? Justify.Right : Justify.Left });
        }

        foreach (var row in rows)
        {
            table.AddRow(row.Select(Cell));
        }

        if (IsTerminal)
        {
            _console.Write(table);
            return;
        }

        // Spectre pads every line to the width of the table; a file has no use for that.
        using var text = new StringWriter();
        Console(text, isPlain: true).Write(table);
        foreach (string line in text.ToString().Split('\n'))
        {
            if (line.Trim().Length > 0)
            {
                Line(line.TrimEnd());
            }
        }
    }

    /// <summary>Does something that takes a while; on a terminal the text it reports is shown beside a spinner.</summary>
    public T Watch<T>(string what, Func<Action<string>, T> work)
    {
        if (!IsTerminal)
        {
            return work(static _ => { });
        }

        return _console.Status().Start(Markup.Escape(what), context => work(text => context.Status(Markup.Escape(text))));
    }

    /// <summary>The one line of an error, and its exit code.</summary>
    public int BadInput(string message)
    {
        Output.Flush();
        Error.WriteLine($"rxverify: {message.ReplaceLineEndings(" ").Trim()}");
        return ExitCode.BadInput;
    }

    private static IRenderable Cell(string text) =>
        text.StartsWith('!') ? new Text(text[1..], new Style(Color.Red)) : new Text(text);

    private static IAnsiConsole Console(TextWriter output, bool isPlain)
    {
        var console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Out = new AnsiConsoleOutput(output),
            Ansi = isPlain ? AnsiSupport.No : AnsiSupport.Detect,
            ColorSystem = isPlain ? ColorSystemSupport.NoColors : ColorSystemSupport.Detect,
            Interactive = isPlain ? InteractionSupport.No : InteractionSupport.Detect,
        });
        if (isPlain)
        {
            console.Profile.Width = PlainWidth;
        }

        return console;
    }
}
