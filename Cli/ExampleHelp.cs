using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;

namespace RxVerify.Cli;

/// <summary>The library's help, with an example and the exit codes behind it.</summary>
internal sealed class ExampleHelp(HelpAction usual) : SynchronousCommandLineAction
{
    private static readonly Dictionary<string, string> Examples = new(StringComparer.Ordinal)
    {
        ["rxverify"] = "rxverify verify",
        ["verify"] = "rxverify verify --for 60s --seed 7 --json verify.json",
        ["fuzz"] = "rxverify fuzz dqo --for 10s",
        ["dqo"] = "rxverify fuzz dqo --seed 7 --operations 2000000 --scope hostile",
        ["traffic"] = "rxverify traffic samples/mixed-mtu1500.pcap --hold-us 500 --long-share 0.01 --svg lists.svg",
        ["replay"] = "rxverify replay counterexamples/*.json",
        ["defects"] = "rxverify defects --json defects.json",
    };

    /// <inheritdoc/>
    public override bool ClearsParseErrors => true;

    /// <inheritdoc/>
    public override int Invoke(ParseResult parseResult)
    {
        int result = usual.Invoke(parseResult);
        var output = parseResult.InvocationConfiguration.Output;
        var command = parseResult.CommandResult.Command;
        output.WriteLine("Example:");
        output.WriteLine($"  {Examples[command is RootCommand ? "rxverify" : command.Name]}");
        output.WriteLine();
        output.WriteLine("Exit codes: 0 every claim held, 1 a claim broke, 2 bad input, 130 stopped by Ctrl-C before anything broke");
        return result;
    }
}
