using System.Diagnostics;
using RxVerify.Model.Vocabulary.Mana;
using RxVerify.Model.Vocabulary.Port;

namespace RxVerify.Model.Port;

/// <summary>What each step does: docs/port.md, "Steps". A result that is not 0 is the error with which the step failed, having undone itself.</summary>
internal static class PortSteps
{
    /// <summary>The work queue, which comes behind the buffers (docs/mana.md, Create).</summary>
    private const int FirstResourceAfterBuffers = 3;

    /// <summary>Does the next step of the request under way, Finish apart.</summary>
    internal static (PortModel Next, int Error) Do(PortModel world, PortTask task, PortFault fault, int successes)
    {
        switch (task.Step)
        {
            case PortStep.Preallocate:
                return Preallocate(world, task.Asked, fault, successes);
            case PortStep.AllocatePort or PortStep.CreateTransmit or PortStep.SetTransmitCount or PortStep.SetReceiveCount or PortStep.AddFilter:
                return fault == PortFault.Command ? Failed(world, task, PortOutcome.Failed) : (world, 0);
            case PortStep.InitPort:
                return InitPort(world, task, fault);
            case PortStep.ConfigureVport:
                return ConfigureVport(world, task, fault);
            case PortStep.CreateQueue:
                return CreateQueue(world, task, fault, successes);
            case PortStep.SteerOn:
                return fault == PortFault.Command ? Failed(world, task, PortOutcome.Failed) : (Steering(world), 0);
            case PortStep.Register:
                return fault == PortFault.Command ? (world with { HasArray = false }, PortOutcome.Failed) : (Registered(world), 0);
            default:
                return (Done(world, task, fault), 0);
        }
    }

    /// <summary>The steps that always do what they are there for; where the device does not confirm, it is reset (B.7 #15).</summary>
    private static PortModel Done(PortModel world, PortTask task, PortFault fault) => task.Step switch
    {
        PortStep.StopTransmit => world with { WasUp = world.IsUp, IsUp = false },
        PortStep.RemoveFilter or PortStep.DestroyTransmit => world,
        PortStep.Drain => (fault == PortFault.Stuck && !world.Transmissions.IsEmpty ? WithResetDevice(world) : world) with { Transmissions = [] },
        PortStep.SteerOff => Unconfirmed(world, fault) ? WithResetDevice(world) : world with { IsSteering = false },
        PortStep.Fence => Unconfirmed(world, fault)
            ? WithResetDevice(world)
            : PortTraffic.Polled(world, task.Queue) with { InFlight = world.IsSteering ? world.InFlight : world.InFlight & ~(1 << task.Queue) },
        PortStep.DestroyQueue => PortTraffic.WithQueue(Unconfirmed(world, fault) ? WithResetDevice(world) : world, task.Queue, null),
        PortStep.ReleaseVport => world with { UseCount = world.UseCount - 1, HasArray = world.HasArray && KeepsArray(task) },
        PortStep.DetachDevice => world.Moved(PortEvent.Detached) with { IsPresent = false, HasArray = false },
        PortStep.Store => world with { Parameters = task.Asked },
        PortStep.ResetDevice => WithResetDevice(world),
        PortStep.SetPrograms => WithPrograms(world),
        PortStep.AttachDevice => world.Moved(PortEvent.Attached) with { IsUp = world.WasUp, IsPresent = true },
        PortStep.Restore => world with { Parameters = task.Old, Prepared = 0 },
        PortStep.FreeList => world with { Prepared = 0 },
        PortStep.Unregister => Unregistered(world),
        _ => throw new UnreachableException($"{task.Step} is not a step to be done."),
    };

    /// <summary>A step of attaching, opening or probing fails, and the machine hears of it.</summary>
    private static (PortModel Next, int Error) Failed(PortModel world, PortTask task, int error) =>
        (task.Request is PortRequest.Open or PortRequest.Probe ? world : world.Moved(PortEvent.AttachFailed), error);

    /// <summary>Whether the array of queues outlives the end of Deallocate, or of undoing: mana_open leaves it, mana_attach frees it (B.4.9).</summary>
    private static bool KeepsArray(PortTask task) => !task.IsUndoing || task.Request == PortRequest.Open;

    /// <summary>B.4.8, for the parameters asked for; whether page or mapping fails, all is given back.</summary>
    private static (PortModel Next, int Error) Preallocate(PortModel world, PortParameters asked, PortFault fault, int successes)
    {
        int wanted = asked.QueueCount * asked.RingSize;
        return fault is PortFault.Page or PortFault.Mapping && successes < wanted
            ? (world, PortOutcome.OutOfMemory)
            : (world.Moved(PortEvent.Preallocated) with { Prepared = wanted }, 0);
    }

    private static (PortModel Next, int Error) InitPort(PortModel world, PortTask task, PortFault fault)
    {
        world = world with { IsReset = false };
        if (fault == PortFault.Command)
        {
            return Failed(world with { HasArray = false }, task, PortOutcome.Failed);
        }

        int offered = fault == PortFault.Shrink ? 1 : world.Configuration.Queues;
        var parameters = world.Parameters with { QueueCount = Math.Min(world.QueueCount, offered) };
        return (world with { HasArray = true, Offered = offered, Parameters = parameters }, 0);
    }

    /// <summary>The vport is taken unless somebody else has it. There is nothing before it to undo, so the array goes at once.</summary>
    private static (PortModel Next, int Error) ConfigureVport(PortModel world, PortTask task, PortFault fault)
    {
        world = world with { IsReset = false };
        if (world.UseCount == 0 && fault != PortFault.Command)
        {
            return (world with { UseCount = world.UseCount + 1 }, 0);
        }

        int error = world.UseCount == 0 ? PortOutcome.Failed : PortOutcome.Busy;
        return Failed(world with { HasArray = world.HasArray && task.Request == PortRequest.Open }, task, error);
    }

    /// <summary>B.4.6: pages of the list as long as it has any, then the pool's. What a queue took that cannot be created is freed.</summary>
    private static (PortModel Next, int Error) CreateQueue(PortModel world, PortTask task, PortFault fault, int successes)
    {
        int slots = world.RingSize;
        bool lacksBuffer = fault == PortFault.Buffer && successes < slots;
        bool lacksResource = fault == PortFault.Resource && ManaCreation.CanFail(successes);
        int filled = lacksBuffer ? successes : slots;
        if (lacksResource && successes < FirstResourceAfterBuffers)
        {
            filled = 0;
        }

        int foreign = Math.Min(filled, world.Prepared);
        world = world with { Prepared = world.Prepared - foreign };
        if (lacksBuffer || lacksResource)
        {
            return Failed(world, task, PortOutcome.OutOfMemory);
        }

        var queue = new PortQueueModel
        {
            HasProgramLayout = world.Program != 0,
            Foreign = [.. Enumerable.Range(0, slots).Select(slot => slot < foreign)],
            CompletionSlots = world.Configuration.Queue(world.Mtu, slots).CompletionSlots,
        };
        return (PortTraffic.WithQueue(world, task.Queue, queue), 0);
    }

    /// <summary>Each queue takes a reference to the port's program.</summary>
    private static PortModel WithPrograms(PortModel world) =>
        world with { Queues = [.. world.Queues.Select(queue => queue is null ? null : queue with { Program = world.Program })] };

    /// <summary>The device steers to all queues.</summary>
    private static PortModel Steering(PortModel world) => world with { IsSteering = true, InFlight = (1 << world.QueueCount) - 1 };

    /// <summary>Whether the device does not confirm a command; one that was reset is not asked.</summary>
    private static bool Unconfirmed(PortModel world, PortFault fault) => fault == PortFault.Command && !world.IsReset;

    /// <summary>The device forgets everything; what it completed before lies in the driver's memory.</summary>
    private static PortModel WithResetDevice(PortModel world) => world with
    {
        IsReset = true,
        IsSteering = false,
        InFlight = 0,
        Queues = [.. world.Queues.Select(queue => queue is null ? null : queue with { IsKnown = false })],
    };

    /// <summary>A port begins, down, as it was configured.</summary>
    private static PortModel Registered(PortModel world)
    {
        var configuration = world.Configuration;
        return world.Moved(PortEvent.Probed) with
        {
            IsPresent = true,
            Parameters = new PortParameters(configuration.Mtu, configuration.RingSize, Math.Min(configuration.Queues, world.Offered), Program: 0),
        };
    }

    /// <summary>Everybody loses what is the port's: the core its program, the RDMA driver the vport.</summary>
    private static PortModel Unregistered(PortModel world) => (world.RdmaHasVport ? PortVport.GivenBack(world) : world).Moved(PortEvent.Removed) with
    {
        WasUp = false,
        IsPresent = false,
        HasArray = false,
        Parameters = default,
        CoreProgram = 0,
    };
}
