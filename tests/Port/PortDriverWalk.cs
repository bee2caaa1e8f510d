using RxVerify.Implementation.Memory;
using RxVerify.Implementation.Port;
using RxVerify.Model.Vocabulary.Mana;
using RxVerify.Model.Vocabulary.Port;
using RxVerify.Properties;
using RxVerify.StateMachines.Port;

namespace RxVerify.Tests.Port;

/// <summary>Operations by chance, and what must hold after each by the port's own memory.</summary>
internal static class PortDriverWalk
{
    /// <summary>An operation that may be allowed or not; a port that is not up is mostly on its way to be.</summary>
    public static PortOperation Next(ref Dice dice, PortWorld world)
    {
        int queue = dice.Below(world.Configuration.Queues);
        var verdict = (ManaVerdict)dice.Below(3);
        bool local = dice.Below(2) == 0;
        return dice.Below(24) switch
        {
            < 4 => PortOperation.Receive(queue, verdict),
            < 6 => PortOperation.Poll(queue),
            6 => PortOperation.Release(dice.Below(4), local),
            7 => PortOperation.TxComplete(dice.Below(2), local),
            8 => dice.Below(8) == 0 ? PortOperation.Settle(local) : PortOperation.Release(),
            9 => local ? PortOperation.TakeVport() : PortOperation.GiveVport(),
            < 14 => Request(ref dice, world.Driver.State),
            < 20 => PortOperation.Step(dice.Below(4) == 0 ? dice.Between(2, 30) : 1),
            _ => PortOperation.Step(1, (PortFault)dice.Between(0, 7), dice.Below(2) == 0 ? 0 : dice.Below(8)),
        };
    }

    /// <summary>What must hold after every operation of the right rules.</summary>
    public static void Check(PortWorld world, PortOperation operation)
    {
        Assert.Equal((operation, TrapKind.None), (operation, world.Memory.Trap.Kind));
        var driver = world.Driver;
        Assert.True(world.Load <= world.Configuration.HeldMax, $"{operation}: the load is {world.Load}");
        Assert.InRange(driver.UseCount, 0, 1);
        Assert.Equal((operation, driver.Request is null), (operation, driver.Stage == TransitionState.Idle));
        if (driver.Request is not null)
        {
            return;
        }

        // B.4.10: the port's own reference, and one for each queue that runs it.
        for (int program = 1; program <= driver.ProgramsAsked; program++)
        {
            int expected = driver.Program != program ? 0 : 1 + (driver.IsUp ? driver.QueueCount : 0);
            Assert.Equal((operation, program, expected), (operation, program, driver.ReferencesOf(program)));
        }

        bool isUp = driver.State is PortState.UpWithFragments or PortState.UpWithProgram or PortState.UpWithJumbo;
        Assert.Equal((operation, 0, driver.Program), (operation, driver.Prepared, driver.CoreProgram));
        Assert.Equal((operation, isUp, isUp), (operation, driver.IsUp, driver.IsSteering));
        Assert.NotEqual(PortState.Dead, driver.State);
        Assert.Equal((operation, driver.CoreProgram == 0 ? XdpState.None : XdpState.Attached), (operation, driver.ProgramState));
        for (int queue = 0; queue < world.Configuration.Queues; queue++)
        {
            bool isThere = isUp && queue < driver.QueueCount;
            Assert.Equal((operation, isThere, isThere), (operation, driver.QueueAt(queue) is not null, driver.DeviceAt(queue) is not null));
            Assert.Equal((operation, isThere), (operation, driver.IsInFlight(queue)));
        }
    }

    private static PortOperation Request(ref Dice dice, PortState state)
    {
        int asked = dice.Below(16);
        return state switch
        {
            PortState.Absent when asked < 12 => PortOperation.Ask(PortRequest.Probe),
            PortState.Down when asked < 8 => PortOperation.Ask(PortRequest.Open),
            PortState.DetachedUp or PortState.DetachedDown or PortState.Dead when asked < 6 => PortOperation.Ask(PortRequest.Resume),
            _ => asked switch
            {
                0 => PortOperation.Ask(PortRequest.Close),
                < 5 => PortOperation.Ask(PortRequest.SetProgram),
                < 7 => PortOperation.Ask(PortRequest.ClearProgram),
                < 10 => PortOperation.AskForMtu((PortMtu)dice.Below(3)),
                10 => PortOperation.AskForRing(dice.Below(2) == 0),
                11 => PortOperation.AskForQueues(dice.Below(6)),
                12 => PortOperation.Ask(PortRequest.Suspend),
                13 => PortOperation.Ask(PortRequest.Reset),
                14 => PortOperation.Ask(PortRequest.Remove),
                _ => PortOperation.Ask((PortRequest)dice.Below(12)),
            },
        };
    }
}
