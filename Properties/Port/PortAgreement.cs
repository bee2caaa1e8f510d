using RxVerify.Explorer;
using RxVerify.Implementation.Port;
using RxVerify.Model.Port;
using RxVerify.Model.Vocabulary.Port;
using static RxVerify.Properties.Agreement;

namespace RxVerify.Properties.Port;

/// <summary>Compares model and implementation of the port after a step: states, steps, parameters, references, queues, buffers and packets.</summary>
internal static class PortAgreement
{
    /// <summary>The first difference, or null.</summary>
    public static string? Difference(PortModelStep step, PortWorld world, PortOutcome outcome)
    {
        if (step.Outcome != outcome)
        {
            return $"the step returned {outcome} in the implementation, {step.Outcome} in the model";
        }

        var model = step.Next;
        var driver = world.Driver;

        // Without a port there is no structure that could hold anything.
        return StateDifference(model, driver)
            ?? (model.State == PortState.Absent ? null : ParameterDifference(model, driver))
            ?? ProgramDifference(model, driver)
            ?? QueuesDifference(model, world)
            ?? PacketDifference(model, world);
    }

    private static string? StateDifference(PortModel model, PortDriver driver)
    {
        if (model.State != driver.State)
        {
            return $"the port is {driver.State} in the implementation, {model.State} in the model";
        }

        if (model.Request != driver.Request || model.NextStep != driver.NextStep || model.NextQueue != driver.NextQueue)
        {
            return $"{driver.Request} is at {driver.NextStep} {driver.NextQueue} in the implementation, {model.Request} at {model.NextStep} {model.NextQueue} in the model";
        }

        return Different("array of queues", driver.HasArray, model.HasArray)
            ?? Different("pages allocated before", driver.Prepared, model.Prepared)
            ?? Different("use count of the vport", driver.UseCount, model.UseCount)
            ?? Different("vport of the RDMA driver", driver.RdmaHasVport, model.RdmaHasVport)
            ?? Different("steering", driver.IsSteering, model.IsSteering);
    }

    private static string? ParameterDifference(PortModel model, PortDriver driver) =>
        Different("port_is_up", driver.IsUp, model.IsUp)
        ?? Different("port_st_save", driver.WasUp, model.WasUp)
        ?? Different("present", driver.IsPresent, model.IsPresent)
        ?? Different("MTU", driver.Mtu, model.Mtu)
        ?? Different("ring size", driver.RingSize, model.RingSize)
        ?? Different("number of queues", driver.QueueCount, model.QueueCount);

    private static string? ProgramDifference(PortModel model, PortDriver driver)
    {
        if ((Different("program", driver.Program, model.Program)
            ?? Different("program of the core", driver.CoreProgram, model.CoreProgram)
            ?? Different("programs asked for", driver.ProgramsAsked, model.ProgramsAsked)) is { } difference)
        {
            return difference;
        }

        // The claims look at the references of older programs.
        int last = model.ProgramsAsked;
        return last == 0 ? null
            : Different($"references of program {last}", driver.ReferencesOf(last), model.ReferencesOf(last))
            ?? (model.Program is 0 ? null : Different($"references of program {model.Program}", driver.ReferencesOf(model.Program), model.ReferencesOf(model.Program)));
    }

    private static string? QueuesDifference(PortModel model, PortWorld world)
    {
        var driver = world.Driver;
        for (int queue = 0; queue < world.Configuration.Queues; queue++)
        {
            var built = driver.QueueAt(queue);
            if (model.Queues[queue] is not { } expected)
            {
                if (built is not null)
                {
                    return $"queue {queue} is built in the implementation only";
                }
            }
            else if (built is null)
            {
                return $"queue {queue} is built in the model only";
            }
            else if (QueueDifference(expected, queue, driver) is { } difference)
            {
                return difference;
            }

            if (model.IsInFlight(queue) != driver.IsInFlight(queue))
            {
                return $"a packet may be in flight to queue {queue} {(model.IsInFlight(queue) ? "in the model" : "in the implementation")} only";
            }
        }

        return null;
    }

    private static string? QueueDifference(PortQueueModel model, int number, PortDriver driver)
    {
        var queue = driver.QueueAt(number)!;
        for (int slot = 0; slot < model.Foreign.Length; slot++)
        {
            ref readonly var buffer = ref queue.SlotAt(slot);
            if (!buffer.HasBuffer || buffer.IsFromPool == model.Foreign[slot])
            {
                return $"slot {slot} of queue {number} has {(buffer.HasBuffer ? buffer.IsFromPool ? "a buffer of the pool" : "a foreign page" : "nothing")} in the implementation, {(model.Foreign[slot] ? "a foreign page" : "a buffer of the pool")} in the model";
            }
        }

        return Different($"program of queue {number}", driver.ProgramOf(number), model.Program)
            ?? Different($"layout of queue {number} with a program", queue.HasProgram, model.HasProgramLayout)
            ?? Different($"next slot of queue {number}", queue.NextSlot, model.NextSlot)
            ?? Different($"saved page of queue {number}", queue.SavedFrame >= 0, model.HasSaved)
            ?? Different($"completions waiting in queue {number}", driver.PendingOf(number), model.Pending)
            ?? Different($"buffers posted in queue {number}", driver.DeviceAt(number)?.Visible ?? 0, model.Visible);
    }

    private static string? PacketDifference(PortModel model, PortWorld world)
    {
        if (world.Stack.HeldPackets != model.Packets.Length || world.Transmissions.Length != model.Transmissions.Length)
        {
            return $"{Quantity.Of(world.Stack.HeldPackets, "packet is", "packets are")} held and {Quantity.Of(world.Transmissions.Length, "transmission")} under way in the implementation, {model.Packets.Length} and {model.Transmissions.Length} in the model";
        }

        for (int place = 0; place < model.Packets.Length; place++)
        {
            int skb = world.Stack.HeldAt(place);
            var expected = model.Packets[place];
            bool isForeign = !world.Stack[skb].IsForRecycling;
            if (world.Stack[skb].Serial != expected.Serial || isForeign != expected.IsForeign || world.ProgramOf(place) != expected.Program)
            {
                return $"packet {world.Stack[skb].Serial}, {(isForeign ? "foreign" : "the pool's")}, was seen by program {world.ProgramOf(place)} in the implementation; {expected} in the model";
            }
        }

        return Different("packets received", world.Driver.PacketsReceived, model.PacketsReceived);
    }
}
