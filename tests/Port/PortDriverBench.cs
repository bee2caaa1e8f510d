using RxVerify.Implementation.Mana;
using RxVerify.Implementation.Memory;
using RxVerify.Implementation.PagePool;
using RxVerify.Implementation.Port;
using RxVerify.Model.Vocabulary.Mana;
using RxVerify.Model.Vocabulary.Port;

namespace RxVerify.Tests.Port;

/// <summary>A port with everything round it. Each operation has to be allowed and, unless a trap is waited for, must not be trapped.</summary>
internal sealed class PortDriverBench(PortWorld world) : IDisposable
{
    /// <summary>Two queues of two fragments; the larger MTU needs a page for each buffer.</summary>
    public static readonly PortConfiguration Small = new();

    public PortDriverBench(PortConfiguration? configuration = null)
        : this(new PortWorld<RightPortRules, RightManaRules, RightPoolRules>(configuration ?? Small))
    {
    }

    public PortWorld World { get; } = world;

    public PortDriver Driver => World.Driver;

    public PhysicalMemory Memory => World.Memory;

    /// <summary>What a request can change: MTU, ring size, queues, program, and what the core believes.</summary>
    public (int Mtu, int RingSize, int Queues, int Program, int CoreProgram) Parameters =>
        (Driver.Mtu, Driver.RingSize, Driver.QueueCount, Driver.Program, Driver.CoreProgram);

    /// <summary>State and the three flags.</summary>
    public (PortState State, bool IsUp, bool WasUp, bool IsPresent) Standing => (Driver.State, Driver.IsUp, Driver.WasUp, Driver.IsPresent);

    public PortOutcome Apply(PortOperation operation, TrapKind trap = TrapKind.None)
    {
        Assert.True(World.Allows(operation), $"{operation} is not allowed");
        var outcome = World.Apply(operation);
        Assert.Equal(trap, Memory.Trap.Kind);
        return outcome;
    }

    /// <summary>A request from its beginning to its end; returns the result.</summary>
    public int Do(PortOperation request)
    {
        var outcome = Apply(request);
        return outcome.Ended ? outcome.Value : Apply(PortOperation.Step(255)).Value;
    }

    /// <summary>A request without an argument.</summary>
    public int Do(PortRequest request) => Do(PortOperation.Ask(request));

    /// <summary>The names of a request's steps up to its end, with the number of the queue where a step is for one.</summary>
    public string Steps(PortOperation request)
    {
        Assert.Equal(new PortOutcome(0, 0, false), Apply(request));
        return Steps();
    }

    /// <summary>The names of the steps of the request under way, one after the other up to its end.</summary>
    public string Steps()
    {
        var names = new List<string>();
        while (Driver.Request is not null)
        {
            names.Add(NextStep);
            Apply(PortOperation.Step());
        }

        return string.Join(' ', names);
    }

    /// <summary>The request under way goes on until this step is the next one.</summary>
    public void GoTo(string step)
    {
        while (NextStep != step)
        {
            Assert.True(Driver.Request is not null, $"the request ended before {step}");
            Apply(PortOperation.Step());
        }
    }

    /// <summary>A request of which one step fails; the next step is the first that undoes.</summary>
    public PortOutcome Fail(PortOperation request, string step, PortFault fault = PortFault.Command, int after = 0)
    {
        Assert.Equal(new PortOutcome(0, 0, false), Apply(request));
        GoTo(step);
        return Apply(PortOperation.Step(1, fault, after));
    }

    /// <summary>A packet arrives at each queue and is polled; returns how many were handed up.</summary>
    public int Deliver(ManaVerdict verdict = ManaVerdict.Pass)
    {
        int delivered = 0;
        for (int queue = 0; queue < Driver.QueueCount; queue++)
        {
            Apply(PortOperation.Receive(queue, verdict));
            delivered += Apply(PortOperation.Poll(queue)).Delivered;
        }

        return delivered;
    }

    /// <summary>The port is up and every queue passes a packet, which is let go.</summary>
    public void PassesTraffic()
    {
        Assert.True(Driver.IsUp && Driver.IsPresent && Driver.IsSteering, "the port is not up");
        Assert.Equal(Driver.QueueCount, Deliver());
        Apply(PortOperation.Settle());
    }

    /// <summary>The driver is removed and everything lets go; nothing may be left.</summary>
    public void End()
    {
        Apply(PortOperation.Settle());
        if (Driver.State != PortState.Absent)
        {
            Assert.Equal(0, Do(PortRequest.Remove));
        }

        Apply(PortOperation.Settle());
        NothingIsLeft();
    }

    public void NothingIsLeft()
    {
        Assert.Equal((0, 0, 0, 0, 0), (Memory.LivePages, Memory.Mappings, Driver.WaitingPools, World.Load, World.Stack.LiveSkbs));
        Assert.Equal((PortState.Absent, false, 0, 0, 0), (Driver.State, Driver.HasArray, Driver.UseCount, Driver.Prepared, Driver.Program));
        Assert.All(Enum.GetValues<PortResource>(), resource => Assert.False(Driver.Has(resource)));
        Assert.All(Enumerable.Range(1, Driver.ProgramsAsked), program => Assert.Equal(0, Driver.ReferencesOf(program)));
        Assert.All(Enumerable.Range(0, World.Configuration.Queues), queue => Assert.Null(Driver.DeviceAt(queue)));
    }

    public void Dispose() => World.Dispose();

    /// <summary>The name of the next step.</summary>
    public string NextStep =>
        Driver.NextStep is PortStep.Fence or PortStep.DestroyQueue or PortStep.CreateQueue ? $"{Driver.NextStep}{Driver.NextQueue}" : $"{Driver.NextStep}";
}
