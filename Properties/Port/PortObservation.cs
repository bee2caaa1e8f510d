using RxVerify.Explorer;
using RxVerify.Implementation.Port;
using RxVerify.Model.Vocabulary.Port;

namespace RxVerify.Properties.Port;

/// <summary>What there is to see of a port, for stories.</summary>
internal static class PortObservation
{
    /// <summary>Port, core, programs, vport, queues, and what is outside, a line each.</summary>
    public static List<string> Lines(PortWorld world)
    {
        var driver = world.Driver;
        var lines = new List<string> { $"{State(driver)}{(driver.Request is { } request ? $"; {request} is under way, next: {Step(driver)}" : "")}" };
        if (driver.State != PortState.Absent)
        {
            lines.Add($"MTU {driver.Mtu}, {Quantity.Of(driver.RingSize, "buffer")} a queue, {Quantity.Of(driver.QueueCount, "queue")}, {Program(driver.Program)}; the core believes {Program(driver.CoreProgram)} attached");
            lines.Add($"the vport's use count is {driver.UseCount}{(driver.RdmaHasVport ? ", and the RDMA driver has it" : "")}; packets are {(driver.IsSteering ? "" : "not ")}steered to the port");
        }

        lines.AddRange(Enumerable.Range(1, driver.ProgramsAsked).Where(program => driver.ReferencesOf(program) != 0).Select(program => $"program {program} has {Quantity.Of(driver.ReferencesOf(program), "reference")}"));
        if (driver.Prepared > 0)
        {
            lines.Add($"{Quantity.Of(driver.Prepared, "page")} allocated before");
        }

        lines.AddRange(Enumerable.Range(0, world.Configuration.Queues).Select(queue => Queue(driver, queue)).OfType<string>());
        lines.AddRange(Enumerable.Range(0, world.Stack.HeldPackets).Select(place => Packet(world, place)));
        if (world.Transmissions.Length > 0)
        {
            lines.Add($"{Quantity.Of(world.Transmissions.Length, "transmission")} under way");
        }

        return lines;
    }

    private static string State(PortDriver driver)
    {
        string state = driver.State switch
        {
            PortState.Absent => "no port",
            PortState.Down => "down",
            PortState.UpWithFragments => "up, with fragments",
            PortState.UpWithProgram => "up, with a page for each buffer and a program",
            PortState.UpWithJumbo => "up, with an allocation for each buffer",
            PortState.DetachedUp => "without queues, to be up again",
            PortState.DetachedDown => "without queues, to be down again",
            _ => "dead: without queues, and nobody can ask for anything",
        };
        return driver.State is PortState.Absent or PortState.Dead || driver.IsPresent ? state : $"{state}; its net device is detached";
    }

    private static string Step(PortDriver driver) =>
        driver.NextStep is PortStep.Fence or PortStep.DestroyQueue or PortStep.CreateQueue ? $"{driver.NextStep} {driver.NextQueue}" : driver.NextStep.ToString();

    private static string? Queue(PortDriver driver, int number)
    {
        var device = driver.DeviceAt(number);
        if (driver.QueueAt(number) is not { } queue)
        {
            return device is null ? null : $"queue {number} is gone, and the device still knows it: {Quantity.Of(device.Visible, "buffer")} posted";
        }

        string layout = queue.Layout.IsFragmented ? "fragments" : "whole pages";
        return $"queue {number}: {layout}, {Program(driver.ProgramOf(number))}, {Quantity.Of(device?.Visible ?? 0, "buffer")} posted, {Quantity.Of(driver.PendingOf(number), "completion")} waiting{(driver.IsInFlight(number) ? "" : ", nothing in flight")}";
    }

    private static string Packet(PortWorld world, int place)
    {
        int skb = world.Stack.HeldAt(place);
        int program = world.ProgramOf(place);
        return $"packet {world.Stack[skb].Serial} held{(program == 0 ? "" : $", seen by program {program}")}";
    }

    private static string Program(int program) => program == 0 ? "no program" : $"program {program}";
}
