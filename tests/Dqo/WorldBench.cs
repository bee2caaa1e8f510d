using RxVerify.Implementation.Dqo;
using RxVerify.Implementation.Memory;
using RxVerify.Model.Vocabulary.Dqo;

namespace RxVerify.Tests.Dqo;

/// <summary>A queue by the right rules with everything round it. Each operation has to be allowed and must not be trapped.</summary>
internal sealed class WorldBench(DqoConfiguration configuration) : IDisposable
{
    public DqoWorld World { get; } = new DqoWorld<RightRules>(configuration);

    public DqoQueue Queue => World.Queue;

    public PhysicalMemory Memory => World.Memory;

    public NetworkStack Stack => World.Stack;

    /// <summary>Buffers posted and not consumed.</summary>
    public int Posted => (Queue.BufferTail - Queue.BufferHead) & (World.Configuration.BufferSlots - 1);

    public DqoOutcome Apply(DqoOperation operation)
    {
        Assert.True(World.Allows(operation), $"{operation} is not allowed");
        var outcome = World.Apply(operation);
        Assert.Equal(TrapKind.None, Memory.Trap.Kind);
        return outcome;
    }

    /// <summary>One packet in one buffer and a poll, which hands it up.</summary>
    public void HandUp(int size = 300, int pick = 0, DqoFault fault = DqoFault.None)
    {
        Apply(DqoOperation.Receive(size, pick: pick));
        Assert.Equal(1, Apply(DqoOperation.Poll(fault: fault)).Delivered);
    }

    /// <summary>References to a state's page outside the driver (A.4.1).</summary>
    public int Outstanding(int id) => unchecked(Memory.References(Queue.States[id].Frame) - Queue.States[id].Bias);

    /// <summary>The states of a list, first one first.</summary>
    public List<int> List(int head)
    {
        List<int> ids = [];
        for (int id = head; id >= 0; id = Queue.States[id].Next)
        {
            ids.Add(id);
            Assert.True(ids.Count <= Queue.States.Length, "a list has an end");
        }

        return ids;
    }

    public void Dispose() => World.Dispose();
}
