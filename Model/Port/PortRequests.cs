using RxVerify.Model.Mana;
using RxVerify.Model.Vocabulary.Port;

namespace RxVerify.Model.Port;

/// <summary>Requests begin, go on and end (docs/port.md, "Requests").</summary>
internal static class PortRequests
{
    /// <summary>Something is asked for: it is refused, or done with at once, or its steps follow.</summary>
    internal static PortModelStep Begin(PortModel world, PortOperation operation)
    {
        var request = operation.Request;
        if (request == PortRequest.SetProgram)
        {
            world = world with { ProgramsAsked = world.ProgramsAsked + 1 };
        }

        var asked = Asked(world, operation);
        int error = PortTable.Refusal(world.State, world.IsPresent, request);
        error = error != 0 ? error : RefusalOf(world, request, asked);
        bool hasNothingToDo = request.IsChange() && asked == world.Parameters;
        if (error != 0 || hasNothingToDo)
        {
            return new PortModelStep(world, new PortOutcome(error, Delivered: 0, Ended: true));
        }

        var task = new PortTask { Request = request, Asked = asked, Old = world.Parameters, Step = PortPlan.First(world, request) };
        return PortModelStep.Quiet(world with { Task = task });
    }

    /// <summary>The next steps, the last of which may fail.</summary>
    internal static PortModelStep Go(PortModel world, PortOperation operation)
    {
        var step = PortModelStep.Quiet(world);
        for (int count = 1; count <= operation.Count && !step.Outcome.Ended; count++)
        {
            var fault = count == operation.Count ? operation.Fault : PortFault.None;
            step = Once(step.Next, fault, operation.SuccessesBeforeFault);
        }

        return step with { Outcome = step.Outcome with { Delivered = step.Next.LastSerial - world.LastSerial } };
    }

    /// <summary>The next step of the request under way.</summary>
    internal static PortModelStep Once(PortModel world, PortFault fault, int successes)
    {
        var task = world.Task!;
        if (task.Step == PortStep.Finish)
        {
            return Ended(Finished(world, task), task.Error);
        }

        var (next, error) = PortSteps.Do(world, task, fault, successes);
        if (error != 0 && task.Step == PortStep.Preallocate)
        {
            return Ended(next.Moved(PortEvent.PreallocationFailed), error);
        }

        return PortModelStep.Quiet(next with { Task = PortPlan.After(next, task, error) });
    }

    /// <summary>What the port has when the request succeeds. Others than the five changes leave it as it is.</summary>
    private static PortParameters Asked(PortModel world, PortOperation operation)
    {
        var now = world.Parameters;
        return operation.Request switch
        {
            PortRequest.SetProgram => now with { Program = world.ProgramsAsked },
            PortRequest.ClearProgram => now with { Program = 0 },
            PortRequest.ChangeMtu => now with { Mtu = world.Configuration.MtuOf(operation.Mtu) },
            PortRequest.ChangeRing => now with { RingSize = operation.IsOtherRing ? world.Configuration.OtherRingSize : world.Configuration.RingSize },
            PortRequest.ChangeChannels => now with { QueueCount = operation.Queues },
            _ => now,
        };
    }

    /// <summary>The error with which just this is refused in a state that takes the request (docs/port.md, "Requests", 4).</summary>
    private static int RefusalOf(PortModel world, PortRequest request, PortParameters asked)
    {
        int programMtuMax = ManaLayouts.ProgramMtuMax(world.Configuration.PageSize);
        int mtuMax = world.Program == 0 ? world.Configuration.MtuMax : Math.Min(world.Configuration.MtuMax, programMtuMax);
        return request switch
        {
            PortRequest.ChangeMtu when asked.Mtu > mtuMax => PortOutcome.Invalid,
            PortRequest.ChangeChannels when asked.QueueCount == 0 || asked.QueueCount > world.Offered => PortOutcome.Invalid,
            PortRequest.SetProgram when world.Mtu > programMtuMax => PortOutcome.NotSupported,
            _ => 0,
        };
    }

    /// <summary>The step Finish, which has the request's result.</summary>
    private static PortModel Finished(PortModel world, PortTask task)
    {
        bool failed = task.Error != 0;
        switch (task.Request)
        {
            case PortRequest.Probe:
                return failed ? world.Moved(PortEvent.ProbeFailed) : world;
            case PortRequest.Open:
                return failed ? world.Moved(PortEvent.OpenFailed) : world.Moved(PortEvent.Opened) with { IsUp = true };
            case PortRequest.Close:
                return world.Moved(PortEvent.Closed) with { WasUp = false };
        }

        if (failed && world.State == PortState.DetachedUp)
        {
            // Else nobody could ask for anything that mends it (B.6).
            world = world with { IsPresent = true };
        }

        return PortTable.ChangesProgram(task.Request) && !failed ? world with { CoreProgram = world.Program } : world;
    }

    /// <summary>The request is over, and with it what it held: the program that is not the port's.</summary>
    private static PortModelStep Ended(PortModel world, int result) =>
        new(world with { Task = null }, new PortOutcome(result, Delivered: 0, Ended: true));
}
