using System.Diagnostics;
using RxVerify.Model.Vocabulary.Port;

namespace RxVerify.Model.Port;

/// <summary>The order of steps: docs/port.md, the table of "Requests" and what follows it.</summary>
internal static class PortPlan
{
    /// <summary>The step with which a request begins.</summary>
    internal static PortStep First(PortModel world, PortRequest request)
    {
        bool isUp = PortTable.IsUp(world.State);
        return request switch
        {
            PortRequest.Probe => PortStep.AllocatePort,
            // A port that was closed while it had no queues has no array to open into.
            PortRequest.Open => world.HasArray ? PortStep.ConfigureVport : PortStep.InitPort,
            PortRequest.Close => isUp ? PortStep.StopTransmit : PortStep.Finish,
            PortRequest.Suspend or PortRequest.Reset => isUp ? PortStep.StopTransmit : PortStep.DetachDevice,
            PortRequest.Resume => PortStep.InitPort,
            PortRequest.Remove => isUp ? PortStep.StopTransmit : PortStep.Unregister,
            _ => world.State == PortState.Down ? PortStep.Store : PortStep.Preallocate,
        };
    }

    /// <summary>The request after a step that was done, or that failed with an error.</summary>
    internal static PortTask After(PortModel world, PortTask task, int error)
    {
        if (error != 0)
        {
            task = task with { IsUndoing = true, Error = task.Error == 0 ? error : task.Error };
        }

        var (step, queue) = error != 0 ? FirstUndoing(task) : Next(world, task);
        return task with
        {
            Step = step,
            Queue = queue,
            IsUndoing = task.IsUndoing && step != PortStep.Restore,
            HasRestored = task.HasRestored || step == PortStep.Restore,
        };
    }

    /// <summary>What follows a step that was done.</summary>
    private static (PortStep Step, int Queue) Next(PortModel world, PortTask task)
    {
        switch (task.Step)
        {
            case PortStep.Fence:
                return task.Queue + 1 < world.QueueCount ? (PortStep.Fence, task.Queue + 1) : (PortStep.DestroyQueue, 0);
            case PortStep.CreateQueue:
                return task.Queue + 1 < world.QueueCount ? (PortStep.CreateQueue, task.Queue + 1) : (PortStep.SetReceiveCount, 0);
            case PortStep.DestroyQueue:
                // Those that were never built are not there to be destroyed.
                bool hasMore = task.Queue + 1 < world.QueueCount && world.Queues[task.Queue + 1] is not null;
                return hasMore ? (PortStep.DestroyQueue, task.Queue + 1) : (PortStep.DestroyTransmit, 0);
            default:
                return (NextWithoutQueue(world, task), 0);
        }
    }

    private static PortStep NextWithoutQueue(PortModel world, PortTask task) => task.Step switch
    {
        PortStep.Preallocate => PortTable.IsUp(world.State) ? PortStep.StopTransmit : PortStep.Store,
        PortStep.StopTransmit => world.Configuration.HasFilter ? PortStep.RemoveFilter : PortStep.Drain,
        PortStep.RemoveFilter => PortStep.Drain,
        PortStep.Drain => PortStep.SteerOff,
        PortStep.SteerOff => PortStep.Fence,
        PortStep.DestroyTransmit => PortStep.ReleaseVport,
        PortStep.ReleaseVport => task.IsUndoing ? Undone(task) : Deallocated(task.Request),
        PortStep.DetachDevice => Detached(task.Request),
        PortStep.ResetDevice => PortStep.InitPort,
        PortStep.Store => world.State == PortState.Down ? PortStep.Finish : PortStep.InitPort,
        PortStep.AllocatePort => PortStep.InitPort,
        PortStep.InitPort => Initialized(world, task.Request),
        PortStep.ConfigureVport => PortStep.CreateTransmit,
        PortStep.CreateTransmit => PortStep.SetTransmitCount,
        PortStep.SetTransmitCount => PortStep.CreateQueue,
        PortStep.SetReceiveCount => PortStep.SetPrograms,
        PortStep.SetPrograms => PortStep.SteerOn,
        PortStep.SteerOn => world.Configuration.HasFilter ? PortStep.AddFilter : Allocated(task.Request),
        PortStep.AddFilter => Allocated(task.Request),
        PortStep.AttachDevice => task.Request.IsChange() ? PortStep.FreeList : PortStep.Finish,
        PortStep.Restore => PortStep.InitPort,
        PortStep.FreeList or PortStep.Register or PortStep.Unregister => PortStep.Finish,
        _ => throw new UnreachableException($"{task.Step} has no next step."),
    };

    private static PortStep Initialized(PortModel world, PortRequest request) => request switch
    {
        PortRequest.Probe => PortStep.Register,
        PortRequest.Open => PortStep.ConfigureVport,
        _ => world.State == PortState.DetachedDown ? PortStep.AttachDevice : PortStep.ConfigureVport,
    };

    private static PortStep Allocated(PortRequest request) => request == PortRequest.Open ? PortStep.Finish : PortStep.AttachDevice;

    private static PortStep Deallocated(PortRequest request) => request switch
    {
        PortRequest.Close => PortStep.Finish,
        PortRequest.Remove => PortStep.Unregister,
        _ => PortStep.DetachDevice,
    };

    private static PortStep Detached(PortRequest request) => request switch
    {
        PortRequest.Suspend => PortStep.Finish,
        PortRequest.Reset => PortStep.ResetDevice,
        _ => PortStep.Store,
    };

    /// <summary>The first step of Deallocate that undoes something that was done before the step that failed.</summary>
    private static (PortStep Step, int Queue) FirstUndoing(PortTask task) => task.Step switch
    {
        PortStep.AddFilter => (PortStep.SteerOff, 0),
        PortStep.SteerOn or PortStep.SetReceiveCount => (PortStep.DestroyQueue, 0),
        PortStep.CreateQueue => (task.Queue > 0 ? PortStep.DestroyQueue : PortStep.DestroyTransmit, 0),
        PortStep.SetTransmitCount => (PortStep.DestroyTransmit, 0),
        PortStep.CreateTransmit => (PortStep.ReleaseVport, 0),
        _ => (Undone(task), 0),
    };

    /// <summary>What follows when nothing is left of an attempt: a change makes one more with the old parameters.</summary>
    private static PortStep Undone(PortTask task) =>
        task.Request.IsChange() && !task.HasRestored ? PortStep.Restore : PortStep.Finish;
}
