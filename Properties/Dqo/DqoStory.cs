using System.Globalization;
using System.Text;
using RxVerify.Implementation.Dqo;

namespace RxVerify.Properties.Dqo;

/// <summary>Tells a counterexample: claim, harm, configuration, and each step with what it changed.</summary>
public static class DqoStory
{
    /// <summary>The story as text, one block a step. The same counterexample gives the same bytes.</summary>
    public static string Text(DqoCounterexample counterexample)
    {
        var text = new StringBuilder();
        var claim = counterexample.BrokenClaim;
        text.Append(CultureInfo.InvariantCulture, $"{claim.Id}: {claim.Sentence}\n");
        text.Append(CultureInfo.InvariantCulture, $"    Otherwise {claim.Harm}.\n");
        text.Append(CultureInfo.InvariantCulture, $"Broken {Moment(counterexample.Operations.Count)}: {counterexample.Detail}.\n\n");
        text.Append(CultureInfo.InvariantCulture, $"Driver         {counterexample.Defect ?? "right rules"}\n");
        text.Append(CultureInfo.InvariantCulture, $"Configuration  {DqoWords.Of(counterexample.Configuration)}\n");
        text.Append(CultureInfo.InvariantCulture, $"Seed           {counterexample.Seed}; {counterexample.FoundLength} steps found, {counterexample.Operations.Count} left\n\n");
        AppendSteps(text, counterexample);
        if (counterexample.RepeatDifference is { } difference)
        {
            text.Append(CultureInfo.InvariantCulture, $"\nNot deterministic: {difference}\n");
        }

        return text.ToString();
    }

    /// <summary>When a claim broke that did so after this many steps.</summary>
    public static string Moment(int steps) => steps == 0 ? "on creation" : string.Create(CultureInfo.InvariantCulture, $"in step {steps}");

    /// <summary>A test that replays the story against the right rules, as C# that compiles where xunit is referenced.</summary>
    public static string CSharp(DqoCounterexample counterexample)
    {
        var claim = counterexample.BrokenClaim;
        var code = new StringBuilder();
        string name = $"{counterexample.Defect ?? "Found"}_{counterexample.Seed}".Replace('-', '_');
        code.Append("using RxVerify.Model.Vocabulary.Dqo;\nusing RxVerify.Properties;\nusing RxVerify.Properties.Dqo;\nusing Xunit;\n\n");
        code.Append(CultureInfo.InvariantCulture, $"public class {name}_story\n{{\n");
        code.Append(CultureInfo.InvariantCulture, $"    // {claim.Sentence}\n    // Otherwise {claim.Harm}.\n");
        code.Append(CultureInfo.InvariantCulture, $"    // {counterexample.Detail}.\n");
        code.Append("    [Fact]\n    public void The_right_rules_survive_it()\n    {\n");
        code.Append(CultureInfo.InvariantCulture, $"        var configuration = {DqoWords.CSharp(counterexample.Configuration)};\n");
        code.Append("        var operations = new DqoOperation[]\n        {\n");
        foreach (var operation in counterexample.Operations)
        {
            code.Append(CultureInfo.InvariantCulture, $"            {DqoWords.CSharp(operation)}, // {DqoWords.Of(operation)}\n");
        }

        code.Append("        };\n\n        using var run = new DqoRun(DqoDefects.WorldOf(null, configuration), ClaimSet.All, withModel: true);\n");
        code.Append("        Assert.IsType<Verdict.Held>(Runs.Replay<DqoOperation>(run, operations));\n    }\n}\n");
        return code.ToString();
    }

    private static void AppendSteps(StringBuilder text, DqoCounterexample counterexample)
    {
        using var run = counterexample.NewRun();
        var before = Observe(run);
        text.Append(CultureInfo.InvariantCulture, $"   0  created and filled\n");
        foreach (string line in before)
        {
            text.Append(CultureInfo.InvariantCulture, $"        {line}\n");
        }

        for (int step = 0; step < counterexample.Operations.Count; step++)
        {
            var operation = counterexample.Operations[step];
            text.Append(CultureInfo.InvariantCulture, $"{step + 1,4}  {DqoWords.Of(operation)}\n");
            if (!run.Allows(operation))
            {
                text.Append("        not allowed here\n");
                return;
            }

            run.Step(operation);
            var after = Observe(run);
            foreach (string line in after.Except(before, StringComparer.Ordinal))
            {
                text.Append(CultureInfo.InvariantCulture, $"        {line}\n");
            }

            before = after;
        }
    }

    /// <summary>What there is to see, a line each; a line that was there before the step is not repeated.</summary>
    private static List<string> Observe(DqoRun run)
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
