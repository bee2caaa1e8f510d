using System.CommandLine;
using RxVerify.StateMachines;

namespace RxVerify.Cli;

/// <summary>The verb machine: what may happen in which order, as a table or a picture.</summary>
internal static class MachineCommand
{
    private static readonly string[] Formats = ["table", "mermaid", "dot"];

    public static Command Create(Screen screen)
    {
        var name = new Argument<string?>("NAME") { Description = "Which machine; without it all are listed", Arity = ArgumentArity.ZeroOrOne };
        var format = new Option<string?>("--format") { Description = $"{string.Join(", ", Formats)} ({Formats[0]})", HelpName = "FORMAT" };
        var command = new Command("machine", "Shows what may happen in which order to buffers, queues and the port.") { name, format };
        command.SetAction((parsed, _) => Task.FromResult(Run(screen, parsed.GetValue(name), parsed.GetValue(format))));
        return command;
    }

    private static int Run(Screen screen, string? name, string? format)
    {
        string wanted = format ?? Formats[0];
        if (!Formats.Contains(wanted, StringComparer.Ordinal))
        {
            throw new BadInputException($"--format is '{wanted}'; expected {string.Join(", ", Formats)}");
        }

        if (name is null)
        {
            screen.Table([new("name", IsWhole: true), new("what it decides")], Machines.All.Select(one => (IReadOnlyList<string>)[one.Name, one.Title]));
            return ExitCode.Held;
        }

        var machine = Machines.Named(name)?.Machine
            ?? throw new BadInputException($"machine is '{name}'; expected {string.Join(", ", Machines.All.Select(one => one.Name))}");
        screen.Line(wanted switch { "mermaid" => machine.Mermaid(), "dot" => machine.Dot(), _ => machine.Table() });
        return ExitCode.Held;
    }
}
