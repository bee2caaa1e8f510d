using System.Diagnostics;
using RxVerify.Model.Port;
using RxVerify.Model.Vocabulary.Mana;
using RxVerify.Model.Vocabulary.PagePool;
using RxVerify.Model.Vocabulary.Port;

namespace RxVerify.Tests.Port;

/// <summary>The model on long random walks: what is allowed works, what is not is refused, the invariants hold, and everything can end.</summary>
public sealed class PortModelWalkTests
{
    private const int Attempts = 20_000;

    public static TheoryData<int, PortConfiguration> Walks => new()
    {
        { 1, PortModelRun.TwoQueues },
        { 2, new PortConfiguration { Queues = 1, HasFilter = true, Era = PoolEra.Linux515, HeldMax = 2 } },
        { 3, new PortConfiguration { Queues = 4, RingSize = 4, OtherRingSize = 2, HeldMax = 12, HasFilter = true } },
        { 4, new PortConfiguration { Queues = 3, PageSize = 65536, MtuMax = 9000, HeldMax = 6 } },
        { 5, new PortConfiguration { Queues = 2, MtuMax = 4000, OtherRingSize = 8 } },
    };

    [Theory]
    [MemberData(nameof(Walks))]
    public void Allowed_operations_never_fail_and_others_are_refused(int seed, PortConfiguration configuration)
    {
        var dice = new Random(seed);
        var world = new PortModelRun(configuration).Model;
        var done = new HashSet<PortOperationKind>();
        var states = new HashSet<PortState>();
        var steps = new HashSet<PortStep>();
        int refused = 0;
        for (int attempt = 0; attempt < Attempts; attempt++)
        {
            var operation = AnyOperation(dice, world);
            if (world.Allows(operation))
            {
                steps.Add(world.NextStep);
                var step = world.After(operation);
                AssertStep(world, operation, step);
                world = step.Next;
                PortModelInvariants.AssertAll(world);
                done.Add(operation.Kind);
                states.Add(world.State);
            }
            else if (refused < 200)
            {
                refused++;
                Assert.Throws<UnreachableException>(() => world.After(operation));
            }

            if (attempt % 100 == 0)
            {
                AssertItsEnd(world);
            }
        }

        // What such a walk must have seen.
        Assert.Equal(Enum.GetValues<PortOperationKind>(), done.Order());
        Assert.Equal(Enum.GetValues<PortState>().Where(state => state != PortState.Dead && HasState(configuration, state)), states.Order());
        Assert.Equal(Enum.GetValues<PortStep>().Where(step => step != PortStep.ClearPrograms && HasStep(configuration, step)), steps.Order());
        Assert.True(world.LastSerial > 100 && world.ProgramsAsked > 10, $"{world.LastSerial} packets, {world.ProgramsAsked} programs");
    }

    /// <summary>A ring of one or two buffers of 64K has no fragments to be without, so nothing is jumbo there.</summary>
    private static bool HasState(PortConfiguration configuration, PortState state) => state != PortState.UpWithJumbo || configuration.PageSize == 4096;

    private static bool HasStep(PortConfiguration configuration, PortStep step) => configuration.HasFilter || step is not (PortStep.AddFilter or PortStep.RemoveFilter);

    /// <summary>From everywhere: the request ends within its bound, and a port that is removed leaves nothing.</summary>
    private static void AssertItsEnd(PortModel world)
    {
        var (settled, outcome) = world.After(PortOperation.Settle());
        PortModelInvariants.AssertAll(settled);
        Assert.Equal((0, world.Request is not null), (settled.Load, outcome.Ended));
        Assert.InRange(outcome.Value, 0, PortModelRun.StepsMax + PortConfiguration.QueuesLimit);

        var kept = world.After(PortOperation.Settle(keepsHeld: true)).Next;
        PortModelInvariants.AssertAll(kept);
        Assert.Equal([.. world.Packets], [.. kept.Packets.Take(world.Packets.Length)]);
        if (settled.State != PortState.Absent)
        {
            settled = settled.After(PortOperation.Ask(PortRequest.Remove)).Next.After(PortOperation.Settle()).Next;
        }

        Assert.Equal((PortState.Absent, 0, 0, false), (settled.State, settled.UseCount, settled.CoreProgram, settled.HasArray));
        Assert.All(Enumerable.Range(1, settled.ProgramsAsked), program => Assert.Equal(0, settled.ReferencesOf(program)));
    }

    private static PortOperation AnyOperation(Random dice, PortModel world)
    {
        int queue = dice.Next(world.QueueCount + 1);
        int pick = dice.Next(4) == 0 ? dice.Next(6) : 0;
        var fault = dice.Next(4) == 0 ? (PortFault)dice.Next(8) : PortFault.None;
        int after = fault is PortFault.Page or PortFault.Mapping or PortFault.Buffer or PortFault.Resource ? dice.Next(9) : 0;
        return dice.Next(32) switch
        {
            <= 5 => PortOperation.Receive(queue, (ManaVerdict)dice.Next(3)),
            <= 8 => PortOperation.Poll(queue),
            <= 10 => PortOperation.Release(pick, local: pick == 0),
            11 => PortOperation.TxComplete(pick, local: pick == 0),
            <= 24 => PortOperation.Step(dice.Next(4) == 0 ? dice.Next(6) : 1, fault, after),
            25 => PortOperation.TakeVport(),
            26 => PortOperation.GiveVport(),
            27 => dice.Next(8) == 0 ? PortOperation.Settle(keepsHeld: dice.Next(2) == 0) : PortOperation.Step(),
            28 => world.State == PortState.Absent ? PortOperation.Ask(PortRequest.Probe) : PortOperation.Ask(PortRequest.Open),
            29 => PortOperation.Ask((PortRequest)dice.Next(14)),
            30 => PortOperation.AskForMtu((PortMtu)dice.Next(4)),
            _ => dice.Next(2) == 0 ? PortOperation.AskForRing(dice.Next(2) == 0) : PortOperation.AskForQueues(dice.Next(7)),
        };
    }

    /// <summary>What the step returns is what it did.</summary>
    private static void AssertStep(PortModel before, PortOperation operation, PortModelStep step)
    {
        var (next, outcome) = step;
        Assert.Equal(outcome, before.After(operation).Outcome);
        Assert.Equal(next.LastSerial - before.LastSerial, outcome.Delivered);
        Assert.Equal(operation.Kind == PortOperationKind.Receive ? 1 : 0, next.PacketsReceived - before.PacketsReceived);
        switch (operation.Kind)
        {
            case PortOperationKind.Receive:
                Assert.Equal((1, before.Queues[operation.Pick]!.Visible - 1), (outcome.Value, next.Queues[operation.Pick]!.Visible));
                break;
            case PortOperationKind.Poll:
                Assert.Equal((before.Queues[operation.Pick]!.Pending, 0), (outcome.Value, next.Queues[operation.Pick]!.Pending));
                break;
            case PortOperationKind.Request:
                Assert.Equal(next.Request is null, outcome.Ended);
                Assert.True(outcome.Value == 0 || (outcome.Ended && next with { ProgramsAsked = before.ProgramsAsked } == before), $"{operation.Request} was refused and changed something");
                break;
            case PortOperationKind.Step:
                Assert.Equal(next.Request is null, outcome.Ended);
                Assert.True(outcome.Ended || outcome.Value == 0);
                break;
            case PortOperationKind.TakeVport:
                Assert.Equal(next.RdmaHasVport ? 0 : PortOutcome.Busy, outcome.Value);
                break;
            case PortOperationKind.Settle:
                Assert.Equal((before.Request is not null, true), (outcome.Ended, next.Request is null));
                break;
            default:
                Assert.Equal(default, outcome);
                break;
        }
    }
}
