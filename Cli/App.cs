using System.CommandLine;
using System.CommandLine.Help;
using RxVerify.Explorer;
using RxVerify.Properties;
using RxVerify.Properties.Recordings;
using RxVerify.Properties.Traffic;

namespace RxVerify.Cli;

/// <summary>How the tool ends.</summary>
internal static class ExitCode
{
    /// <summary>Every claim held.</summary>
    public const int Held = 0;

    /// <summary>A claim broke, a defect was not found, or something that must happen never did.</summary>
    public const int Broke = 1;

    /// <summary>The command line or a file is not as expected.</summary>
    public const int BadInput = 2;

    /// <summary>An exploration ended before every state was expanded, or a recording left a claim undecided; nothing had broken.</summary>
    public const int NotExhaustive = 3;

    /// <summary>Ctrl-C, when nothing had broken by then: 128 + SIGINT.</summary>
    public const int Stopped = 130;
}

/// <summary>Something the person who typed the command can put right; the message is the one line they see.</summary>
internal sealed class BadInputException(string message, Exception? inner = null) : Exception(message, inner);

/// <summary>The tool as a whole: from the words of a command line to an exit code.</summary>
internal static class App
{
    /// <summary>Long enough to finish the sequence or the shrinking at hand and to print what was learnt.</summary>
    private static readonly TimeSpan TimeToEnd = TimeSpan.FromSeconds(20);

    /// <summary>Runs one command line.</summary>
    /// <param name="args">Its words, without the tool's name.</param>
    /// <param name="screen">Where results and errors go.</param>
    /// <param name="cancellation">Ends the run as Ctrl-C does.</param>
    public static async Task<int> RunAsync(string[] args, Screen screen, CancellationToken cancellation = default)
    {
        var parsed = Root(screen).Parse(args);
        if (parsed.Errors.Count > 0)
        {
            // A verb that was mistyped says more than the verb that is missing because of it.
            string problem = parsed.UnmatchedTokens.Count > 0
                ? $"'{parsed.UnmatchedTokens[0]}' is not known here; expected a verb or an option"
                : parsed.Errors[0].Message.TrimEnd('.');
            return screen.BadInput($"{problem}; see {HelpOf(parsed)}");
        }

        var configuration = new InvocationConfiguration
        {
            Output = screen.Output,
            Error = screen.Error,
            EnableDefaultExceptionHandler = false,
            ProcessTerminationTimeout = TimeToEnd,
        };
        try
        {
            if (parsed.Action is not ExampleHelp)
            {
                OutputOption.Check(parsed);
            }

            return await parsed.InvokeAsync(configuration, cancellation);
        }
        catch (Exception found) when (found is BadInputException or CaptureFormatException or RecordingFormatException or CounterexampleFormatException or CheckpointException)
        {
            return screen.BadInput(found.Message);
        }
        catch (OutOfMemoryException)
        {
            return screen.BadInput("the queue needs more memory than there is; expected fewer states, a smaller stack capacity or smaller pages");
        }
    }

    /// <summary>Every verb with its options.</summary>
    /// <param name="screen">Where results and errors go.</param>
    public static RootCommand Root(Screen screen)
    {
        var root = new RootCommand("Checks how a NIC driver recycles receive memory, and tells the shortest story of each mistake.")
        {
            VerifyCommand.Create(screen),
            FuzzCommand.Create(screen),
            ExploreCommand.Create(screen),
            TrafficCommand.Create(screen),
            RecordingCommand.Create(screen),
            LayoutCommand.Create(screen),
            MachineCommand.Create(screen),
            ReplayCommand.Create(screen),
            DefectsCommand.Create(screen),
        };
        foreach (var option in root.Options)
        {
            if (option is HelpOption { Action: HelpAction usual } help)
            {
                help.Action = new ExampleHelp(usual);
            }
        }

        return root;
    }

    private static string HelpOf(ParseResult parsed)
    {
        string words = "";
        for (var result = parsed.CommandResult; result.Parent is System.CommandLine.Parsing.CommandResult parent; result = parent)
        {
            words = $"{result.Command.Name} {words}";
        }

        return $"rxverify {words}--help";
    }
}
