using RxVerify.Explorer;
using RxVerify.Implementation.Memory;
using RxVerify.Implementation.Port;
using RxVerify.Model.Vocabulary.Port;
using RxVerify.Properties.Pictures;

namespace RxVerify.Properties.Port;

/// <summary>What there is to see of a port, for pictures: its state and who believes what, its queues, and who has which pages.</summary>
internal static class PortScene
{
    // Facts and lists that claims are about.
    internal const string NetDevice = "net device";

    internal const string State = "port";

    internal const string PortProgram = "program of the port";

    internal const string CoreProgram = "program that the core believes attached";

    internal const string Mtu = "MTU";

    internal const string Vport = "users of the vport";

    internal const string List = "pages allocated before";

    internal const string References = "references of programs";

    internal const string Steering = "packets are steered to the port";

    /// <summary>The list of a queue.</summary>
    internal static string QueueName(int queue) => $"queue {queue}";

    /// <summary>The scene of a world as it stands.</summary>
    public static Scene Of(PortWorld world)
    {
        var scene = new SceneBuilder();
        var memory = new SceneMemory(scene, world.Memory);
        memory.AddPages();
        AddFacts(scene, world);
        for (int queue = 0; queue < world.Configuration.Queues; queue++)
        {
            AddQueue(scene, memory, world.Driver, queue);
        }

        AddHolders(scene, memory, world);
        return scene.Build();
    }

    private static void AddFacts(SceneBuilder scene, PortWorld world)
    {
        var driver = world.Driver;
        scene.Fact(State, driver.State.ToString());
        scene.Fact(NetDevice, driver.IsPresent ? "attached" : "detached");
        scene.Fact("request under way", driver.Request?.ToString() ?? "none");
        scene.Fact("next step", driver.NextStep is PortStep.Fence or PortStep.DestroyQueue or PortStep.CreateQueue ? $"{driver.NextStep} {driver.NextQueue}" : driver.NextStep.ToString());
        scene.Fact(PortProgram, Program(driver.Program));
        scene.Fact(CoreProgram, Program(driver.CoreProgram));
        scene.Fact(Mtu, driver.Mtu);
        scene.Fact("buffers a queue", driver.RingSize);
        scene.Fact("queues", driver.QueueCount);
        scene.Fact(Vport, driver.UseCount);
        scene.Fact(Steering, driver.IsSteering);
        scene.Fact(List, driver.Prepared);
        scene.Fact("pages", world.Memory.LivePages);
        scene.Fact("mappings", world.Memory.Mappings);
        scene.Queue(References, Enumerable.Range(1, driver.ProgramsAsked).Where(program => driver.ReferencesOf(program) != 0).Select(program => $"program {program}: {driver.ReferencesOf(program)}"));
    }

    private static void AddQueue(SceneBuilder scene, SceneMemory memory, PortDriver driver, int number)
    {
        var device = driver.DeviceAt(number);
        var posted = new HashSet<ulong>();
        for (int place = 0; place < (device?.Visible ?? 0); place++)
        {
            ulong address = device!.VisibleAt(place).Address;
            posted.Add(address);
            memory.MarkGranules(Iommu.FrameOf(address), Iommu.OffsetOf(address), (int)device.VisibleAt(place).Length, Holder.Device, $"posted to queue {number}");
        }

        var entries = new List<string>();
        if (driver.QueueAt(number) is { } queue)
        {
            entries.Add($"{(queue.Layout.IsFragmented ? "fragments" : "whole pages")}, {Program(driver.ProgramOf(number))}, {Quantity.Of(driver.PendingOf(number), "completion")} waiting");
            for (int slot = 0; slot < driver.RingSize; slot++)
            {
                ref readonly var buffer = ref queue.SlotAt(slot);
                if (!buffer.HasBuffer)
                {
                    continue;
                }

                entries.Add($"slot {slot}: {memory.Entry(buffer.Frame, buffer.Offset)}{(buffer.IsFromPool ? "" : ", allocated before")}");
                if (!posted.Contains(buffer.Address))
                {
                    memory.MarkGranules(buffer.Frame, buffer.Offset, queue.Layout.AllocSize, Holder.Driver, $"slot {slot} of queue {number}");
                }
            }
        }
        else if (device is not null)
        {
            entries.Add($"gone, and the device still has {Quantity.Of(device.Visible, "buffer")} of it");
        }

        scene.Queue(QueueName(number), entries);
    }

    private static void AddHolders(SceneBuilder scene, SceneMemory memory, PortWorld world)
    {
        var packets = new List<string>();
        for (int place = 0; place < world.Stack.HeldPackets; place++)
        {
            int skb = world.Stack.HeldAt(place);
            var bytes = world.Stack.FragmentsOf(skb)[0];
            string name = $"packet {world.Stack[skb].Serial}";
            memory.MarkGranules(bytes.Frame, bytes.Offset, bytes.Length, Holder.Reader, name);
            packets.Add($"{name}: {memory.Entry(bytes.Frame, bytes.Offset)}, seen by {Program(world.ProgramOf(place))}");
        }

        var sent = new List<string>();
        foreach (ref readonly var one in world.Transmissions)
        {
            memory.MarkGranules(one.Frame, one.Offset, one.Length, Holder.Transmitter, $"packet {one.Packet}");
            sent.Add($"packet {one.Packet}: {memory.Entry(one.Frame, one.Offset)}");
        }

        scene.Queue("packets that readers hold", packets);
        scene.Queue("packets sent back", sent);
    }

    private static string Program(int program) => program == 0 ? "no program" : $"program {program}";
}
