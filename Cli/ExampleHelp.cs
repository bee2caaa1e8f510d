using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;
using System.CommandLine.Parsing;

namespace RxVerify.Cli;

/// <summary>The library's help, with an example and the exit codes behind it.</summary>
internal sealed class ExampleHelp(HelpAction usual) : SynchronousCommandLineAction
{
    private static readonly Dictionary<string, string> Examples = new(StringComparer.Ordinal)
    {
        ["rxverify"] = "rxverify verify",
        ["verify"] = "rxverify verify --for 60s --seed 7 --json verify.json",
        ["fuzz"] = "rxverify fuzz dqo --for 10s",
        ["fuzz dqo"] = "rxverify fuzz dqo --seed 7 --operations 2000000 --scope hostile",
        ["fuzz pool"] = "rxverify fuzz pool --for 10s --out stories",
        ["fuzz mana"] = "rxverify fuzz mana --seed 7 --scope fragments",
        ["fuzz port"] = "rxverify fuzz port --defect AsPublished2025",
        ["explore"] = "rxverify explore dqo",
        ["explore dqo"] = "rxverify explore dqo --core \"4 2 4 4 5 3 0\" --symmetry all --json core.json",
        ["explore port"] = "rxverify explore port --queues 1 --filter",
        ["traffic"] = "rxverify traffic samples/mixed-mtu1500.pcap --hold-us 500 --long-share 0.01 --svg lists.svg",
        ["recording"] = "rxverify recording samples/tcp-toggle-under-load.txt.gz --svg pages.svg",
        ["layout"] = "rxverify layout --mtu 1500 --page-size 65536 --alignment 128",
        ["machine"] = "rxverify machine port --format mermaid",
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
        output.WriteLine("Example:");
        output.WriteLine($"  {Examples[NameOf(parseResult.CommandResult)]}");
        output.WriteLine();
        output.WriteLine("Exit codes: 0 every claim held, 1 a claim broke, 2 bad input, 3 not exhaustive or not decidable, 130 stopped by Ctrl-C before anything broke");
        return result;
    }

    private static string NameOf(CommandResult result) => result.Command is RootCommand ? "rxverify"
        : result.Parent is CommandResult { Command: not RootCommand } parent ? $"{NameOf(parent)} {result.Command.Name}"
        : result.Command.Name;
}
