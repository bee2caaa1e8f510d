using RxVerify.StateMachines;

namespace RxVerify.Tests.Cli;

public sealed class MachineVerbTests
{
    public static TheoryData<string> Names => [.. Machines.All.Select(one => one.Name)];

    [Fact]
    public async Task Machine_lists_the_machines_there_are()
    {
        var ended = await CommandLine.Run("machine");

        Assert.Equal((0, ""), (ended.Code, ended.Error));
        Assert.All(Machines.All, one => Assert.Contains(ended.Lines, line => line.Contains($" {one.Name} ", StringComparison.Ordinal) && line.Contains(one.Title, StringComparison.Ordinal)));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Machine_shows_each_as_a_table_and_in_two_languages_for_pictures(string name)
    {
        var machine = Machines.Named(name)!.Machine;

        Assert.Equal((0, machine.Table() + "\n", ""), Parts(await CommandLine.Run("machine", name)));
        Assert.Equal((0, machine.Table() + "\n", ""), Parts(await CommandLine.Run("machine", name, "--format", "table")));
        Assert.Equal((0, machine.Mermaid() + "\n", ""), Parts(await CommandLine.Run("machine", name, "--format", "mermaid")));
        Assert.Equal((0, machine.Dot() + "\n", ""), Parts(await CommandLine.Run("machine", name, "--format", "dot")));
    }

    [Fact]
    public async Task The_table_of_the_port_says_what_a_request_needs()
    {
        var ended = await CommandLine.Run("machine", "port");

        Assert.StartsWith("state ", ended.Output, StringComparison.Ordinal);
        Assert.Contains(ended.Lines, line => line.StartsWith("Down ", StringComparison.Ordinal)
            && line.Contains(" ChangeMtu ", StringComparison.Ordinal)
            && line.EndsWith(" the net device is present and no request is under way", StringComparison.Ordinal));
    }

    private static (int Code, string Output, string Error) Parts(Ended ended) => (ended.Code, ended.Output, ended.Error);
}
