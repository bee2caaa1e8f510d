using RxVerify.Model.Port;
using RxVerify.Model.Vocabulary.Port;

namespace RxVerify.Tests.Port;

/// <summary>What holds in every world of a port.</summary>
internal static class PortModelInvariants
{
    public static void AssertAll(PortModel world)
    {
        Assert.InRange(world.Load, 0, world.Configuration.HeldMax);
        Assert.InRange(world.UseCount, world.RdmaHasVport ? 1 : 0, 1);
        Assert.InRange(world.Prepared, 0, PortConfiguration.QueuesLimit * world.Configuration.RingSizeMax);
        AssertQueues(world);
        AssertPrograms(world);
        AssertHeld(world);
        if (world.Request is null)
        {
            AssertAtRest(world);
        }
    }

    /// <summary>No request is under way: the state says what there is.</summary>
    private static void AssertAtRest(PortModel world)
    {
        Assert.Equal((PortStep.None, 0), (world.NextStep, world.NextQueue));
        bool isUp = PortTable.IsUp(world.State);
        Assert.Equal(isUp, world.IsUp);
        Assert.Equal(isUp, world.IsSteering);
        Assert.Equal(isUp ? world.QueueCount : 0, world.Queues.Count(queue => queue is not null));
        Assert.Equal(isUp || world.RdmaHasVport ? 1 : 0, world.UseCount);
        Assert.Equal(0, world.Prepared);
        Assert.Equal(world.CoreProgram, world.Program);
        Assert.True(isUp || world.Transmissions.IsEmpty);
        if (world.State is PortState.DetachedUp)
        {
            Assert.Equal((true, false), (world.WasUp, world.HasArray));
        }
        else
        {
            Assert.Equal(isUp || world.State == PortState.Down, world.IsPresent);
            Assert.True(isUp || !world.WasUp);
            Assert.True(world.HasArray == isUp || world.State == PortState.Down);
        }

        // No port is given up by the right rules (B.6).
        Assert.NotEqual(PortState.Dead, world.State);
        Assert.Equal(world.State == PortState.Absent, (world.Mtu, world.RingSize, world.QueueCount) == (0, 0, 0));
    }

    private static void AssertQueues(PortModel world)
    {
        Assert.Equal(PortConfiguration.QueuesLimit, world.Queues.Length);
        for (int number = 0; number < world.Queues.Length; number++)
        {
            var queue = world.Queues[number];
            if (queue is null)
            {
                Assert.False(world.IsInFlight(number), $"a packet is in flight to queue {number}, which is not there");
                continue;
            }

            Assert.True(world.HasArray, "a queue is built in an array that is freed");
            Assert.InRange(number, 0, world.QueueCount - 1);
            Assert.Equal(world.RingSize, queue.Foreign.Length);
            Assert.InRange(queue.NextSlot, 0, queue.Foreign.Length - 1);
            Assert.Equal(queue.IsKnown ? queue.Foreign.Length : queue.Pending, queue.Pending + queue.Visible);
            Assert.True(queue.Program == 0 || (queue.Program == world.Program && queue.HasProgramLayout), $"queue {number} runs program {queue.Program} in a layout that is not for it");

            // B.7 #14: nothing is received that bypasses the program.
            Assert.True(!world.IsSteering || queue.Program == world.Program, $"queue {number} receives without the port's program");
            Assert.True(!world.IsSteering || queue.IsKnown);
        }
    }

    /// <summary>B.4.10: each program has the references of those who point to it, and one that nobody can point to has none.</summary>
    private static void AssertPrograms(PortModel world)
    {
        int built = world.Queues.Count(queue => queue?.Program > 0);
        int all = 0;
        for (int program = 1; program <= world.ProgramsAsked; program++)
        {
            int references = world.ReferencesOf(program);
            Assert.True(references == 0 || program == world.Program || program == world.CoreProgram || program == world.ProgramsAsked, $"program {program} is held by nobody who knows it");
            all += references;
        }

        // Of a change under way, the program that is not the port's is the request's.
        bool changesProgram = world.Request is PortRequest.SetProgram or PortRequest.ClearProgram;
        int asked = world.Request == PortRequest.SetProgram ? world.ProgramsAsked : 0;
        int owners = changesProgram ? Math.Sign(asked) + Math.Sign(world.CoreProgram) : Math.Sign(world.Program);
        Assert.Equal(owners + built, all);

        // What the core believes attached is never freed.
        Assert.True(world.CoreProgram == 0 || world.ReferencesOf(world.CoreProgram) > 0);
    }

    private static void AssertHeld(PortModel world)
    {
        var serials = world.Packets.Select(packet => packet.Serial).ToList();
        Assert.Equal(serials.Order().Distinct(), serials);
        Assert.All(serials, serial => Assert.InRange(serial, 1, world.LastSerial));
        Assert.All(world.Transmissions, packet => Assert.True(packet is { Serial: 0, Program: > 0 }));
        Assert.InRange(world.LastSerial, 0, world.PacketsReceived);
    }
}
