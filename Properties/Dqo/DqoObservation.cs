using RxVerify.Implementation.Dqo;

namespace RxVerify.Properties.Dqo;

/// <summary>What there is to see of a DQO world, for stories.</summary>
internal static class DqoObservation
{
    /// <summary>Buffers, device, readers and completions, a line each.</summary>
    public static List<string> Lines(DqoRun run)
    {
        var world = run.World;
        var lines = new List<string>();
        lines.AddRange(Buffers(run));
        lines.Add($"device sees {Ids(Enumerable.Range(0, world.Device.Visible).Select(place => (int)world.Device.VisibleAt(place).BufferId))}");
        lines.Add($"readers hold {Packets(world)}");
        if (world.Queue.IsUp)
        {
            lines.Add($"completions waiting {world.Pending}{(world.Queue.IsDropping ? ", the rest of a packet is dropped" : "")}{(world.Queue.TimerArmed ? ", timer armed" : "")}");
        }

        return lines;
    }

    private static List<string> Buffers(DqoRun run)
    {
        var world = run.World;
        var lines = new List<string>();
        if (!world.Queue.IsUp)
        {
            return ["the queue is down"];
        }

        var states = world.Queue.States;
        for (int id = 0; id < states.Length; id++)
        {
            ref readonly var state = ref states[id];
            string place = run.Witness.Places[id].ToString().ToLowerInvariant();
            string page = state.HasPage
                ? $" {world.Memory.PageOf(state.Frame)} byte {state.Offset}, last single {state.LastSingle}, outside {world.Memory.HeldOn(state.Frame)}{Bias(world, state)}"
                : "";
            lines.Add($"buffer {id} {place}{page}");
        }

        return lines;
    }

    /// <summary>The bias says something only where it can run out.</summary>
    private static string Bias(DqoWorld world, BufferState state) =>
        world.Configuration.BiasLimit == int.MaxValue ? "" : $", bias {state.Bias}, count {world.Memory.Count(state.Frame)}";

    private static string Packets(DqoWorld world)
    {
        var packets = new List<string>();
        for (int place = 0; place < world.Stack.HeldPackets; place++)
        {
            packets.Add(Packet(world, world.Stack.HeldAt(place)));
        }

        return packets.Count == 0 ? "nothing" : string.Join("; ", packets);
    }

    private static string Packet(DqoWorld world, int head)
    {
        var parts = new List<string>();
        for (int skb = head; skb >= 0; skb = world.Stack.NextPart(head, skb))
        {
            foreach (ref readonly var fragment in world.Stack.FragmentsOf(skb))
            {
                parts.Add($"{world.Memory.PageOf(fragment.Frame)} byte {fragment.Offset}");
            }
        }

        return $"packet {world.Stack[head].Serial} ({(parts.Count == 0 ? "a copy" : string.Join(", ", parts))})";
    }

    private static string Ids(IEnumerable<int> ids) => string.Join(" ", ids) is { Length: > 0 } text ? text : "none";
}
