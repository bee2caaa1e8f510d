using RxVerify.StateMachines;
using RxVerify.Tests.House;

namespace RxVerify.Tests.StateMachines;

/// <summary>docs/machines.md is what the machines say, and nothing else.</summary>
public sealed class MachinesPageTests
{
    private static readonly string File = Path.Combine(SourceTree.Root, "docs", "machines.md");

    [Fact]
    public async Task The_page_shows_every_machine_as_it_is()
    {
        string page = Page();
        bool accepts = Environment.GetEnvironmentVariable("RXVERIFY_ACCEPT") == "1" && string.IsNullOrEmpty(Environment.GetEnvironmentVariable("CI"));
        if (accepts)
        {
            await System.IO.File.WriteAllTextAsync(File, page);
        }

        Assert.Equal(page, await System.IO.File.ReadAllTextAsync(File));
    }

    [Fact]
    public void Every_machine_there_is_has_a_name()
    {
        var machines = typeof(Machines).Assembly.GetExportedTypes().Where(type => type.IsAssignableTo(typeof(IMachine)) && !type.IsAbstract);

        Assert.Equal(
            machines.Select(type => type.Name).Order(StringComparer.Ordinal), Machines.All.Select(one => one.Machine.GetType().Name).Order(StringComparer.Ordinal));
        Assert.All(Machines.All, one => Assert.Same(one, Machines.Named(one.Name)));
        Assert.Null(Machines.Named("nobody"));
    }

    private static string Page() =>
        """
        # State machines

        What may happen in which order, drawn from the machines in `StateMachines/`, which queues and port ask; the buffers' are held against long random runs. Whatever is not drawn is refused with an error that names
        state, trigger and what would be legal, and changes nothing. An arrow from a state to itself is legal and moves nothing; words in brackets are what it needs.
        Superstates are not drawn: what they have is drawn in each of their substates. `rxverify machine NAME` shows a machine as a table, `--format dot` with its superstates.

        Do not edit this page: `RXVERIFY_ACCEPT=1 dotnet test RxVerify.sln -c Release --filter MachinesPage` writes it.

        """
        + string.Concat(Machines.All.Select(one => $"\n## {one.Name}\n{one.Title}.\n\n```mermaid\n{one.Machine.Mermaid()}\n```\n"));
}
